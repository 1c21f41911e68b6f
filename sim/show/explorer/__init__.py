"""The explorer: two plans side by side, with a slider for each value, in a notebook or a browser.

`session.py` is the conversation with whoever looks on, `controls.py` what can be moved,
`pictures.py` (`shares.py`, `by_time.py`) and `numbers.py` what is shown. `explorer.js` is the other
end of it, the same in a notebook (`widget.py`) and on the page that `sim explore` serves
(`server.py`).
"""
