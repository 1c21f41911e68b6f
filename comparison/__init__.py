"""All plans side by side, on the same luck.

`python -m comparison` plays every plan in several worlds with the same seed, so that run k of each
has the same keys, and writes the tables, the sentences and the picture of `docs/plans.md`. Begin
with `plans.py`, the list of plans, worlds and changes; `playing.py` plays them, `measures.py` says
what is looked at, `tables.py`, `details.py` and `sentences.py` write it down.
"""
