"""Small valid worlds that Hypothesis makes up, in which each further mechanism is on or off."""

from functools import cache
from typing import Any

from hypothesis import strategies as st
from made_up_worlds import PROBABILITIES, ROUND_HOURS, delays, drawn, made_up_worlds
from worlds import Table


@st.composite
def disturbed_worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Make up a world in which each further mechanism is on or off."""
    tables = draw(made_up_worlds())
    names, days = list(tables["levels"]), tables["run"]["horizon_days"]
    tables["run"]["most_violations"] = 2000  # excitation can run away
    process = draw(st.sampled_from(["poisson", "poisson", "hawkes", "hawkes", "replay"]))
    tables["violations"] |= {
        "process": process,
        "defender_share": draw(st.sampled_from([0.0, 0.0, 0.3, 1.0])),
        **draw(arrivals(process, list(tables["line"]["sectors"]), names, days)),
    }
    if process != "replay" and draw(st.booleans()):
        tables["attack"]["precursor"] = draw(precursors())
    some = {
        "doctrine": doctrines(names),
        "monitoring": disturbances(),
        "credibility": credibilities(),
        "guarantee": guarantees(days, list(tables["steps"])),
    }
    for name, made_up in some.items():
        if draw(st.booleans()):
            tables[name] = draw(made_up)
    _add_circumstances(draw, tables, days)
    return tables


@st.composite
def arrivals(
    draw: st.DrawFn, process: str, sectors: list[str], names: list[str], days: float
) -> Table:
    """Make up what modifies the rate of incidents, or a record of them."""
    if process == "replay":
        hours = sorted(draw(st.lists(ROUND_HOURS | st.floats(0.0, 24.0 * days), max_size=20)))
        count = len(hours)
        made: Table = {"hours": hours}
        made["sectors"] = draw(
            st.lists(st.sampled_from(sectors), min_size=count, max_size=count)
        )  # fmt: skip
        if draw(st.booleans()):
            made["levels"] = draw(
                st.lists(st.sampled_from(names), min_size=count, max_size=count)
            )  # fmt: skip
        if draw(st.booleans()):
            sides = st.sampled_from(["aggressor", "defender"])
            made["by"] = draw(st.lists(sides, min_size=count, max_size=count))
        return {"recorded": made}
    some: Table = {
        "erosion": st.sampled_from([{"doubling_days": 2.0, "cap": 3.0}, {"doubling_days": 5.0}]),
        "day_to_day": st.just({"phi": 0.64, "sd": 0.76}),
        "night_to_day": st.sampled_from([1.0, 2.0, 4.0]),
        "recommitments": st.lists(
            st.fixed_dictionaries({"day": st.sampled_from([0.0, 1.0, 2.25, 4.0]),
                                   "factor": st.sampled_from([0.0, 0.2, 1.0, 2.0])}),
            max_size=3,
        ),
    }  # fmt: skip
    made = {name: draw(values) for name, values in some.items() if draw(st.booleans())}
    if process == "hawkes":
        ratio, decay = st.sampled_from([0.0, 0.4, 0.8]), st.sampled_from([3.0, 24.0, 200.0])
        made["excitation"] = {"branching_ratio": draw(ratio), "decay_hours": draw(decay)}
    return made


def precursors() -> st.SearchStrategy[Table]:
    """Make up the build-up ahead of an attack."""
    return st.fixed_dictionaries(
        {
            "days": st.sampled_from([0.0, 0.25, 1.0, 3.0]),
            "rate": st.sampled_from([0.0, 1.0, 3.0]),
            "heavy_share": st.sampled_from([0.0, 0.5, 1.0]),
        }
    )


@st.composite
def doctrines(draw: st.DrawFn, names: list[str]) -> Table:
    """Make up how the aggressor breaks fighting off and comes back."""
    made: Table = {
        "share": draw(st.sampled_from([0.5, 1.0])),
        "break_off_hours": draw(st.sampled_from([1.0, 6.0, 24.0])),
    }
    if draw(st.booleans()):
        made["level"] = draw(st.sampled_from(names))
    if draw(st.booleans()):
        made["resume_after_hours"] = draw(st.sampled_from([0.0, 1.0, 12.0]))
        made["resume_probability"] = draw(st.sampled_from([0.5, 0.9]))
    return made


def disturbances() -> st.SearchStrategy[Table]:
    """Make up what disturbs the monitors."""
    return st.fixed_dictionaries(
        {},
        optional={
            "false_alarms_per_day": st.sampled_from([0.5, 3.0]),
            "debunked_after": delays(),
            "misattribution": st.sampled_from([0.3, 1.0]),
            "outages": st.fixed_dictionaries(
                {
                    "share": st.sampled_from([0.0, 0.3, 0.9]),
                    "mean_hours": st.sampled_from([1.0, 12.0]),
                },
                optional={"detection": st.sampled_from([0.0, 0.5, 1.0])},
            ),
        },
    )


def credibilities() -> st.SearchStrategy[Table]:
    """Make up what promises do."""
    exponents = st.sampled_from([0.0, 1.2, 5.0])
    return st.fixed_dictionaries(
        {
            "kept": st.sampled_from([1.0, 4.0]),
            "broken": st.sampled_from([1.0, 4.0]),
            "incidents": exponents,
            "attack": exponents,
            "expand": exponents,
        },
        optional={"forget_days": st.sampled_from([1.0, 30.0])},
    )


def guarantees(days: float, steps: list[str]) -> st.SearchStrategy[Table]:
    """Make up a guarantee that expires during the run, or as it ends."""
    covered = {"steps": st.lists(st.sampled_from(steps), unique=True, min_size=1)} if steps else {}
    return st.fixed_dictionaries(
        {"expires_years": st.sampled_from([days / 365.0, days / 730.0])}, optional=covered
    )


def _add_circumstances(draw: st.DrawFn, tables: Table, days: float) -> None:
    """Make up what votes and steps depend on."""
    tables["conditions"] = {"deal": {"probability": draw(PROBABILITIES)}}
    if draw(st.booleans()):
        tables["actors"]["actor"]["commitment"] = {
            "available": draw(PROBABILITIES),
            "review_years": draw(st.sampled_from([days / 365.0, days / 1825.0])),
            "withdraw": draw(PROBABILITIES),
            "rejoin": draw(PROBABILITIES),
        }
    for group in tables["groups"].values():
        group["correlation"] = draw(st.sampled_from([0.0, 0.0, 0.4, 1.0]))
        if draw(st.booleans()):
            group["backer"] = "actor"
            for member in list(group["members"].values())[:2]:
                member["needs_backer"] = True
    if draw(st.booleans()):
        council = tables["groups"]["all"]
        council["rule"] = "veto"
        council["members"]["member_0"]["vetoes"] = True
        if draw(st.booleans()):
            council["quorum"] = draw(st.integers(1, len(council["members"])))
    for step in tables["steps"].values():
        if draw(st.booleans()):
            step["lasts_hours"] = draw(st.sampled_from([1.0, 6.0, 24.0]))
        step["requires"] = draw(st.sampled_from([[], [], ["deal"]]))


@cache
def some_worlds(count: int) -> list[Table]:
    """Return made-up worlds over all mechanisms, always the same ones."""
    return drawn(disturbed_worlds(), count)
