"""Whether the model's worlds look like the ceasefires that were observed.

`python -m validation` plays the worlds, lets monitors record them as the mission recorded its line,
takes the same statistics of both sides, and writes the table and the picture of
`docs/validation.md`. Begin with `patterns.py`, the list of what is compared; `measures.py` holds
the statistics, `observed.py` what was observed, `recording.py` what a run looks like to monitors,
and `worlds.py` the worlds that are played.
"""
