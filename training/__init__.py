"""How the model file is made. Not part of the installed library."""
