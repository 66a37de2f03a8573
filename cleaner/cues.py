"""Cue packs: the words by which a language asks for money, sells, invites and warns. Loaded and checked here.

The schema is described in `cleaner/data/cues/README.md`; a caller's own pack has the same one. matcher.py does the
matching.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from .kinds import BOILERPLATE, Kind

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SCHEMA = 1
TOPICS = tuple(k for k in BOILERPLATE if k not in (Kind.RELATED, Kind.READER_COMMENT))
"""The kinds with word lists of their own: teasers and what readers write may hold any word."""
SENSES = (
    "we", "self", "command", "report", "past", "link", "time", "role", "praise", "price", "chat", "page", "cause",
    "media", "event",
)  # fmt: skip
"""Who speaks and how: what `cleaner/data/cues/README.md` says of each."""
LISTS = (*map(str, TOPICS), *SENSES)
Strength = Literal["strong", "medium", "weak"]
Where = Literal["anywhere", "start", "end", "whole"]
_VOCABULARY = ("stopwords", "address", "abbreviations", "names")
_FIELDS = {"schema", "lang", "name", *_VOCABULARY, "words", "cue", "pattern", "never"}


class CueError(ValueError):
    """A cue pack that cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class Cue:
    """Phrases or patterns that speak for a kind. kind None: they protect a text from removal."""

    kind: Kind | None
    strength: Strength
    where: Where
    phrases: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()


@dataclass(frozen=True)
class CuePack:
    """The cues of one language, or of one caller.

    name: what reasons call it. lang: the language it applies to, None for every text. digest: of what it says.
    """

    name: str
    lang: str | None
    cues: tuple[Cue, ...]
    digest: str
    stopwords: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def load(cls, path: str | Path) -> CuePack:
        """Read a pack from a TOML file. Raises CueError naming file and entry, OSError when it cannot be read."""
        path = Path(path)
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except UnicodeDecodeError as e:
            raise CueError(f"{path}: not UTF-8: {e.reason} at byte {e.start}") from None
        except tomllib.TOMLDecodeError as e:
            raise CueError(f"{path}: {e}") from None
        return cls.from_dict(data, source=str(path))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, source: str = "cue pack") -> CuePack:
        """A pack from what its TOML file holds. Raises CueError, its message begins with `source`."""
        return _Reader(source).pack(data)


class _Reader:
    """Checks a pack's entries; every complaint says where."""

    def __init__(self, source: str) -> None:
        self.source = source

    def fail(self, where: str, what: str) -> CueError:
        return CueError(f"{self.source}: {where + ': ' if where else ''}{what}")

    def pack(self, data: Mapping[str, Any]) -> CuePack:
        for field in data:
            if field not in _FIELDS:
                raise self.fail("", f"unknown field {field!r}; known: {', '.join(sorted(_FIELDS))}")
        if data.get("schema") != SCHEMA:
            raise self.fail("schema", f"must be {SCHEMA}, not {data.get('schema')!r}")
        cues = [self.cue(e, f"cue {i}", {"phrases"}) for i, e in enumerate(self.tables(data, "cue"), 1)]
        cues += [self.cue(e, f"pattern {i}", {"regex"}) for i, e in enumerate(self.tables(data, "pattern"), 1)]
        cues += [self.never(e, f"never {i}") for i, e in enumerate(self.tables(data, "never"), 1)]
        lang = data.get("lang")
        if lang is not None and not isinstance(lang, str):
            raise self.fail("lang", "must be a string")
        canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
        return CuePack(
            name=str(data.get("name") or Path(self.source).stem),
            lang=lang,
            cues=tuple(cues),
            digest=hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16],
            stopwords=self.strings(data, "stopwords", ""),
            address=self.strings(data, "address", ""),
            abbreviations=self.strings(data, "abbreviations", ""),
            names=self.strings(data, "names", ""),
            words=tuple(self.words(data, lang)),
        )

    def words(self, data: Mapping[str, Any], lang: str | None) -> Iterator[tuple[str, tuple[str, ...]]]:
        lists = data.get("words", {})
        if not isinstance(lists, Mapping):
            raise self.fail("words", "must be a table, written [words]")
        if lists and lang is None:
            raise self.fail("words", 'only the pack of a language has words; use [[cue]] with where = "whole"')
        for name in lists:
            if name not in LISTS:
                raise self.fail("words", f"{name!r} is not one of {', '.join(LISTS)}")
            yield name, self.strings(lists, name, "words")

    def tables(self, data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        entries = data.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(e, Mapping) for e in entries):
            raise self.fail(key, f"must be tables, written [[{key}]]")
        return entries

    def cue(self, entry: Mapping[str, Any], where: str, content: set[str]) -> Cue:
        self.known(entry, where, {"kind", "strength", "where"} | content)
        try:
            kind = Kind(entry.get("kind", ""))
        except ValueError:
            raise self.fail(where, f"unknown kind {entry.get('kind')!r}") from None
        if kind is Kind.BODY:
            raise self.fail(where, "a cue cannot speak for body; use [[never]]")
        if not entry.get(*content):
            raise self.fail(where, f"has no {next(iter(content))}")
        return self.build(entry, where, kind)

    def never(self, entry: Mapping[str, Any], where: str) -> Cue:
        self.known(entry, where, {"phrases", "regex"})
        if not (entry.get("phrases") or entry.get("regex")):
            raise self.fail(where, "needs phrases or regex")
        return self.build(entry, where, None)

    def known(self, entry: Mapping[str, Any], where: str, fields: set[str]) -> None:
        for field in entry:
            if field not in fields:
                raise self.fail(where, f"unknown field {field!r}; known: {', '.join(sorted(fields))}")

    def build(self, entry: Mapping[str, Any], where: str, kind: Kind | None) -> Cue:
        strength = self.one_of(entry, "strength", get_args(Strength), "medium", where)
        place = self.one_of(entry, "where", get_args(Where), "anywhere", where)
        phrases = self.strings(entry, "phrases", where)
        for phrase in phrases:
            self.check_phrase(phrase, where)
        regex = self.strings(entry, "regex", where)
        for pattern in regex:
            self.check_regex(pattern, where)
        return Cue(kind, cast(Strength, strength), cast(Where, place), phrases, regex)

    def one_of(self, entry: Mapping[str, Any], key: str, known: tuple[str, ...], default: str, where: str) -> str:
        value = entry.get(key, default)
        if value not in known:
            raise self.fail(where, f"{key} must be one of {', '.join(known)}, not {value!r}")
        return str(value)

    def strings(self, entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        values = entry.get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
            raise self.fail(where, f"{key} must be a list of strings, none of them empty")
        return tuple(values)

    def check_phrase(self, phrase: str, where: str) -> None:
        parts = phrase.replace("{n}", "0").split("{*}")
        if not all(any(c.isalnum() for c in part) for part in parts):
            raise self.fail(where, f"phrase {phrase!r} needs a word on each side of every {{*}}")
        if "{" in "".join(parts):
            raise self.fail(where, f"phrase {phrase!r} has a slot that is neither {{n}} nor {{*}}")

    def check_regex(self, pattern: str, where: str) -> None:
        import re2

        options = re2.Options()
        options.log_errors = False
        try:
            re2.compile(pattern, options)
        except re2.error as e:
            reason = e.args[0].decode("utf-8", "replace") if isinstance(e.args[0], bytes) else e
            raise self.fail(where, f"regex {pattern!r}: {reason}") from None


@cache
def builtin() -> tuple[CuePack, ...]:
    """The packs that come with the library, by language code.

    Read from `data/cues.json`, which `training/build_cues.py` writes from the TOML files: parsing those takes longer
    than cleaning an article.
    """
    data = json.loads((Path(__file__).parent / "data" / "cues.json").read_text("utf-8"))
    return tuple(_trusted(p) for p in data["packs"])


def _trusted(data: dict[str, Any]) -> CuePack:
    """A pack as the build wrote it, already checked."""
    cues = tuple(
        Cue(Kind(c["kind"]) if c["kind"] else None, c["strength"], c["where"], tuple(c["phrases"]), tuple(c["regex"]))
        for c in data.pop("cues")
    )
    data["words"] = [(name, tuple(words)) for name, words in data["words"]]
    lists = {k: tuple(v) for k, v in data.items() if isinstance(v, list)}
    return CuePack(**{**data, **lists, "cues": cues})
