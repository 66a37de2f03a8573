"""What a site repeats: learned from its pages, kept in a file, used as evidence."""

from .profile import Profile, ProfileError

__all__ = ["Profile", "ProfileError"]
