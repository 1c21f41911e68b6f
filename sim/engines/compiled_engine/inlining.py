"""Rules without calls: of a loop over a rule that calls nothing, vector instructions are made."""

import typing
from collections.abc import Callable
from functools import cache
from types import FunctionType

from sim.model.compiled import Rule

P = typing.ParamSpec("P")
R = typing.TypeVar("R")


@cache
def inlined(rule: Callable[P, R]) -> Callable[P, R]:
    """Return a rule whose code, with that of all the rules it calls, goes where it is called."""
    if not isinstance(rule, Rule):
        return rule
    function = rule.py_func
    names = dict(function.__globals__)
    for name in function.__code__.co_names:
        if isinstance(names.get(name), Rule):
            names[name] = inlined(names[name])
    copy = FunctionType(function.__code__, names, function.__name__)
    copy.__annotations__ = function.__annotations__
    options = rule.targetoptions | {"forceinline": True}
    return typing.cast("Callable[P, R]", Rule(copy, targetoptions=options))
