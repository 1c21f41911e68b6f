"""The compiled engine: the same rules in the same order, without the interpreter."""
