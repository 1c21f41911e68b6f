"""The model: keyed chance, portable arithmetic, and the rules as small pure functions of numbers.

Nothing here knows about files, engines or time passing: a rule gets numbers and returns a number.
"""
