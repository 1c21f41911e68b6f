"""Counts in words: a number and its noun, in the number that it needs."""


def counted(count: float, one: str, several: str = "") -> str:
    """Return a count and its noun; what several are called, where that is not one with an s.

    >>> counted(1, "run"), counted(10_000, "run"), counted(2, "crisis", "crises")
    ('1 run', '10,000 runs', '2 crises')
    """
    return f"{count:,.12g} {one if count == 1 else several or f'{one}s'}"
