"""Small valid worlds that Hypothesis makes up, full of ties: most hours are of a few round ones.

What holds in every world is tried on these. They are short, and their rates are moderate, so that
a run takes a few milliseconds.
"""

from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from worlds import Table, constant, exponential, loglogistic, lognormal, weibull

ROUND_HOURS = st.sampled_from([0.0, 1.0, 6.0, 12.0, 18.0, 24.0, 48.0, 72.0])
HOURS = ROUND_HOURS | st.floats(0.0, 100.0)
SHORT_HOURS = st.sampled_from([0.0, 1.0, 6.0])
LONG_ENOUGH = st.floats(0.1, 100.0)
PROBABILITIES = st.sampled_from([1.0, 0.0, 0.5, 0.9, 1.0])
_OF_ONE_GO = 10
FACTORS = st.sampled_from([0.0, 0.5, 1.0, 2.0]) | st.floats(0.0, 3.0)


def spells() -> st.SearchStrategy[Table]:
    """Make up how long spells last."""
    shapes = st.floats(0.3, 4.0)
    return st.one_of(
        ROUND_HOURS.map(constant),
        LONG_ENOUGH.map(exponential),
        st.builds(weibull, LONG_ENOUGH, shapes),
        st.builds(lognormal, LONG_ENOUGH, st.floats(0.1, 1.5)),
        st.builds(loglogistic, LONG_ENOUGH, shapes),
    )


@st.composite
def bounded(draw: st.DrawFn) -> Table:
    """Make up a uniform or a triangular delay."""
    low, mode, high = sorted(draw(st.tuples(HOURS, HOURS, HOURS)))
    if draw(st.booleans()):
        return {"family": "uniform", "low_hours": low, "high_hours": high}
    return {"family": "triangular", "low_hours": low, "mode_hours": mode, "high_hours": high}


def delays() -> st.SearchStrategy[Table]:
    """Make up how long something takes."""
    return SHORT_HOURS.map(constant) | ROUND_HOURS.map(constant) | spells() | bounded()


def soon() -> st.SearchStrategy[Table]:
    """Make up how long something takes that takes hours rather than days."""
    return SHORT_HOURS.map(constant) | st.floats(0.1, 10.0).map(exponential)


def shares(names: list[str]) -> st.SearchStrategy[Table]:
    """Make up shares that add up to 1, the first of them above 0."""
    parts = st.tuples(st.integers(1, 4), *[st.integers(0, 4) for _ in names[1:]])
    return parts.map(
        lambda found: {n: part / sum(found) for n, part in zip(names, found, strict=True)}
    )


def seen() -> st.SearchStrategy[Table]:
    """Make up how something becomes known, mostly surely and soon."""
    surely = st.sampled_from([1.0, 1.0, 0.8, 0.3])
    return st.fixed_dictionaries({"probability": surely, "delay": soon() | delays()})


@st.composite
def levels(draw: st.DrawFn, names: list[str]) -> Table:
    """Make up the levels of fighting."""
    made: Table = {
        name: {
            "spell": draw(spells()),
            "expand_per_day": draw(st.sampled_from([0.0, 0.5, 3.0])),
            "collapse_per_day": draw(st.sampled_from([0.0, 0.0, 0.0, 0.03])),
            "detection": draw(seen()),
            "attribution": draw(seen()),
        }
        for name in names
    }
    made[names[-1]]["expand_per_day"] = 0.0
    return made


@st.composite
def crises(draw: st.DrawFn, names: list[str]) -> Table:
    """Make up when crises open and close."""
    made: Table = {
        "scope": draw(st.sampled_from(["line", "sector"])),
        "window_hours": draw(st.sampled_from([6.0, 24.0]) | st.floats(0.1, 48.0)),
        "quiet_hours": draw(st.sampled_from([24.0, 0.0, 6.0, 72.0]) | HOURS),
        "clock": draw(st.sampled_from(["violation", "detection", "attribution"])),
    }
    if draw(st.booleans()):
        made["threshold_incidents"] = draw(st.sampled_from([1, 2, 4]))
    for key in ("threshold_level", "quiet_level"):
        if draw(st.booleans()):
            made[key] = draw(st.sampled_from(names))
    return made


@st.composite
def needs(draw: st.DrawFn, names: list[str], in_scope: int) -> Table:
    """Make up what a step needs."""
    if draw(st.booleans()):
        return {}
    return {
        "level": draw(st.sampled_from(names)),
        "within_hours": draw(ROUND_HOURS),
        "sectors": draw(st.integers(1, in_scope)),
        "sustained_hours": draw(st.sampled_from([0.0, 0.0, 6.0, 24.0])),
    }


@st.composite
def steps(draw: st.DrawFn, names: list[str], in_scope: int) -> Table:
    """Make up a step of a plan."""
    made: Table = {
        "needs": draw(needs(names, in_scope)),
        "decide_from_hours": draw(st.sampled_from([0.0, 0.0, 6.0, 24.0])),
        "not_before_hours": draw(st.sampled_from([0.0, 12.0, 24.0, 72.0])),
        "deciders": draw(
            st.lists(st.sampled_from(["actor", "heads", "weights", "all"]), unique=True)
        ),
        "deploy": draw(soon() | delays()),
        "effect": {
            key: draw(FACTORS) for key in ("stop", "expand", "collapse", "incidents")
        },
        "provoke_probability": draw(st.sampled_from([0.0, 1.0, 0.5])),
    }  # fmt: skip
    if draw(st.booleans()):
        made["deadline_hours"] = draw(st.sampled_from([24.0, 72.0, 12.0, 0.0]))
    return made


@st.composite
def members(draw: st.DrawFn) -> Table:
    """Make up one to four members of a group; the first one has some weight."""
    return {
        f"member_{index}": {
            "weight": draw(st.sampled_from([1.0, 2.0, 5.0] if index == 0 else [0.0, 1.0, 3.0])),
            "yes_probability": draw(PROBABILITIES),
            "decision_median_hours": draw(st.sampled_from([1.0, 6.0, 12.0])),
            **draw(
                st.sampled_from([{}, {"decision_log_sd": 0.8}, {"parliament_median_hours": 6.0}])
            ),
        }
        for index in range(draw(st.integers(1, 4)))
    }


@st.composite
def groups(draw: st.DrawFn) -> Table:
    """Make up three groups that vote by different rules."""
    heads = draw(members())
    return {
        "heads": {"rule": "quorum", "quorum": draw(st.integers(1, len(heads))), "members": heads},
        "weights": {
            "rule": "quorum",
            "quorum_weight": draw(st.sampled_from([0.1, 0.5, 0.6, 1.0])),
            "members": draw(members()),
        },
        "all": {"rule": "unanimity", "members": draw(members())},
    }


@st.composite
def made_up_worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Make up the tables of a valid scenario."""
    sectors = ["north", "south", "east"][: draw(st.integers(1, 3))]
    names = ["harassing", "shelling", "assault", "expanded"][-draw(st.integers(1, 4)) :]
    crisis = draw(crises(names))
    in_scope = len(sectors) if crisis["scope"] == "line" else 1
    by_sector = draw(shares(sectors))
    return {
        "run": {"horizon_days": draw(st.sampled_from([10.0, 3.0, 20.0]))},
        "line": {"sectors": by_sector},
        "violations": {
            "incidents_per_day": draw(st.sampled_from([1.0, 0.0, 0.5, 3.0, 8.0])),
            "level_shares": draw(shares(names)),
        },
        "attack": {
            "per_year": draw(st.sampled_from([0.0, 50.0, 200.0])),
            "sectors": draw(st.integers(1, sum(share > 0 for share in by_sector.values()))),
        },
        "levels": draw(levels(names)),
        "crisis": crisis,
        "steps": {
            f"step_{index}": draw(steps(names, in_scope))
            for index in range(draw(st.sampled_from([1, 2, 3, 0])))
        },
        "actors": {
            "actor": {"decision": draw(soon() | delays()), "yes_probability": draw(PROBABILITIES)}
        },
        "groups": draw(groups()),
    }


@cache
def some_plain_worlds(count: int) -> list[Table]:
    """Return made-up worlds over the mechanisms that are always there, the same ones every time."""
    return drawn(made_up_worlds(), count)


def drawn(worlds: st.SearchStrategy[dict[str, Any]], count: int) -> list[Table]:
    """Draw worlds a few at a time, since those of one go resemble each other."""
    made: list[Table] = []
    for start in range(0, count, _OF_ONE_GO):
        made += _of_one_go(worlds, start)
    return made[:count]


def _of_one_go(worlds: st.SearchStrategy[dict[str, Any]], number: int) -> list[Table]:
    made: list[Table] = []

    @seed(number)
    @given(worlds)
    @settings(
        max_examples=_OF_ONE_GO,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def make(tables: Table) -> None:
        made.append(tables)

    make()
    return made[:_OF_ONE_GO]
