"""Valid scenarios of every shape, as Hypothesis makes them up."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from sim.scenario.layers import Layer
from sim.scenario.loading import checked
from sim.scenario.scenario import Scenario

Table = dict[str, Any]

# The same scenarios each time, however slow the machine is.
FORTY = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
NAMES = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_-]{0,5}\Z")
# Whatever a name of a member, a title or a source may hold, and TOML has to escape.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MEMBER_NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=".\"'"),
    min_size=1,
    max_size=12,
)
SHARES = st.floats(0, 1)
AMOUNTS = st.floats(0, 1e308) | st.integers(0, 10**6)
POSITIVE = st.floats(5e-324, 1e308) | st.integers(1, 10**6)
FACTORS = st.floats(0, 10)


def table(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Table]:
    """Make up a table in which each of these keys may be left out."""
    return st.fixed_dictionaries({}, optional=keys)


def family(name: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Table]:
    """Make up a delay of a family, which needs all its keys."""
    return st.fixed_dictionaries({"family": st.just(name), **keys})


SPELLS = st.one_of(
    family("constant", hours=AMOUNTS),
    family("exponential", mean_hours=POSITIVE),
    family("weibull", scale_hours=POSITIVE, shape=POSITIVE),
    family("lognormal", median_hours=POSITIVE, log_sd=POSITIVE),
    family("loglogistic", median_hours=POSITIVE, shape=POSITIVE),
)


def bounded(name: str, *keys: str) -> st.SearchStrategy[Table]:
    """Make up a delay with bounds that rise."""
    bounds = st.lists(AMOUNTS, min_size=len(keys), max_size=len(keys)).map(sorted)
    return bounds.map(lambda rising: {"family": name, **dict(zip(keys, rising, strict=True))})


DELAYS = st.one_of(
    SPELLS,
    bounded("uniform", "low_hours", "high_hours"),
    bounded("triangular", "low_hours", "mode_hours", "high_hours"),
)
SEEN = table(probability=SHARES, delay=DELAYS)


def _without_spread_alone(member):
    """Leave out a spread whose median is left out: it would be refused."""
    alone = {
        f"{delay}_log_sd"
        for delay in ("decision", "parliament")
        if f"{delay}_median_hours" not in member
    }
    return {key: value for key, value in member.items() if key not in alone}


MEMBERS = st.dictionaries(
    MEMBER_NAMES,
    st.fixed_dictionaries(
        {"weight": st.floats(1e-300, 1e12)},
        optional={
            "yes_probability": SHARES,
            "decision_median_hours": POSITIVE,
            "decision_log_sd": POSITIVE,
            "parliament_median_hours": POSITIVE,
            "parliament_log_sd": POSITIVE,
        },
    ).map(_without_spread_alone),
    min_size=1,
    max_size=4,
)


@st.composite
def shares_of(draw: st.DrawFn, names: list[str]) -> dict[str, float]:
    """Make up shares for some of the names, that add up to 1."""
    some = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    weights = [draw(st.integers(0, 5)) for _ in some]
    weights[0] += 1
    return {name: weight / sum(weights) for name, weight in zip(some, weights, strict=True)}


@st.composite
def groups(draw: st.DrawFn, actors: list[str]) -> Table:
    """Make up a group with a rule that its members can meet, and maybe one of the actors behind."""
    members = draw(MEMBERS)
    heads = {"quorum": draw(st.integers(1, len(members)))}
    weight = {"quorum_weight": draw(st.floats(1e-6, 1))}
    rule = draw(
        st.sampled_from(
            [
                {"rule": "unanimity"},
                {"rule": "quorum", **heads},
                {"rule": "quorum", **weight},
                {"rule": "veto"},
                {"rule": "veto", **heads},
                {"rule": "veto", **weight},
            ]
        )
    )
    some = st.sampled_from(sorted(members))
    if rule["rule"] == "veto":
        members[draw(some)]["vetoes"] = True
    backed = {}
    if actors and draw(st.booleans()):
        members[draw(some)]["needs_backer"] = True
        backed = {"backer": draw(st.sampled_from(actors))}
    return {**rule, **backed, **draw(table(correlation=SHARES)), "members": members}


RECOMMITMENTS = st.lists(
    st.fixed_dictionaries({"day": st.floats(0, 1000), "factor": FACTORS}), max_size=3
)
RATES = table(
    erosion=st.fixed_dictionaries(
        {"doubling_days": st.floats(0.01, 1e6)}, optional={"cap": st.floats(1, 9)}
    ),
    day_to_day=st.fixed_dictionaries({"phi": st.floats(-0.99, 0.99), "sd": st.floats(0, 2)}),
    night_to_day=st.floats(0.01, 100),
    recommitments=RECOMMITMENTS,
)
EXCITATIONS = st.fixed_dictionaries(
    {"branching_ratio": st.floats(0, 0.99), "decay_hours": st.floats(0.01, 1e6)}
)
PRECURSORS = st.fixed_dictionaries(
    {"days": st.floats(0, 100)}, optional={"rate": FACTORS, "heavy_share": SHARES}
)
MONITORING = table(
    false_alarms_per_day=st.floats(0, 10),
    debunked_after=DELAYS,
    misattribution=SHARES,
    outages=st.fixed_dictionaries(
        {"share": st.floats(0, 0.99), "mean_hours": st.floats(0.01, 1000)},
        optional={"detection": SHARES},
    ),
)
COMMITMENTS = table(available=SHARES) | st.fixed_dictionaries(
    {"review_years": st.floats(0.001, 100)},
    optional={"available": SHARES, "withdraw": SHARES, "rejoin": SHARES},
)
CREDIBILITY = st.fixed_dictionaries(
    {"kept": st.floats(1e-3, 100), "broken": st.floats(1e-3, 100)},
    optional={"forget_days": POSITIVE, "incidents": FACTORS, "attack": FACTORS, "expand": FACTORS},
)


@st.composite
def records(draw: st.DrawFn, sectors: list[str], levels: list[str]) -> Table:
    """Make up the incidents of a replay."""
    hours = draw(st.lists(st.floats(0, 10_000), max_size=6))
    some = {"min_size": len(hours), "max_size": len(hours)}
    columns = draw(
        table(
            levels=st.lists(st.sampled_from([*levels, ""]), **some),
            by=st.lists(st.sampled_from(["aggressor", "defender", ""]), **some),
        )
    )
    return {"hours": hours, "sectors": draw(st.lists(st.sampled_from(sectors), **some)), **columns}


@st.composite
def processes(draw: st.DrawFn, sectors: list[str], levels: list[str]) -> Table:
    """Make up how incidents come about, and what modifies their rate."""
    process = draw(st.sampled_from(["poisson", "hawkes", "replay"]))
    if process == "replay":
        return {"process": process, "recorded": draw(records(sectors, levels))}
    excitation = {"excitation": draw(EXCITATIONS)} if process == "hawkes" else {}
    return {"process": process, **excitation, **draw(RATES)}


@st.composite
def doctrines(draw: st.DrawFn, levels: list[str]) -> Table:
    """Make up a doctrine of breaking off."""
    resumes = st.fixed_dictionaries(
        {"resume_after_hours": AMOUNTS}, optional={"resume_probability": SHARES}
    )
    return {
        "break_off_hours": draw(st.floats(0.01, 1e308)),
        **draw(table(share=SHARES, level=st.sampled_from(levels))),
        **draw(st.just({}) | resumes),
    }


@st.composite
def steps(
    draw: st.DrawFn,
    levels: list[str],
    deciders: list[str],
    conditions: list[str],
    most_sectors: int,
) -> Table:
    """Make up a step that names levels, deciders and conditions of its scenario."""
    need = {
        "level": draw(st.sampled_from(levels)),
        "sectors": draw(st.integers(1, most_sectors)),
        **draw(table(within_hours=AMOUNTS, sustained_hours=AMOUNTS)),
    }
    said = draw(
        table(
            needs=st.sampled_from([{}, need]),
            decide_from_hours=AMOUNTS,
            not_before_hours=AMOUNTS,
            deadline_hours=AMOUNTS,
            deploy=DELAYS,
            effect=table(stop=FACTORS, expand=FACTORS, collapse=FACTORS, incidents=FACTORS),
            provoke_probability=SHARES,
            lasts_hours=POSITIVE,
        )
    )
    return {**said, "deciders": draw(some_of(deciders)), "requires": draw(some_of(conditions))}


def some_of(names: list[str]) -> st.SearchStrategy[list[str]]:
    """Make up a list of some of the names, each at most once."""
    return st.lists(st.sampled_from(names), unique=True) if names else st.just([])


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Make up the tables of a whole scenario."""
    levels = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    sectors = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    deciders = draw(st.lists(NAMES, max_size=4, unique=True))
    actors, voting = deciders[::2], deciders[1::2]
    conditions = draw(st.lists(NAMES, max_size=2, unique=True))
    shares = draw(shares_of(sectors))
    scope = draw(st.sampled_from(["line", "sector"]))
    level = table(detection=SEEN, attribution=SEEN, collapse_per_day=AMOUNTS)
    actor = table(decision=DELAYS, yes_probability=SHARES, commitment=COMMITMENTS)
    made = {name: {"spell": draw(SPELLS), **draw(level)} for name in levels}
    for name in levels[:-1]:
        made[name] |= draw(table(expand_per_day=AMOUNTS))
    step = steps(levels, deciders, conditions, 1 if scope == "sector" else len(shares))
    plan = draw(st.dictionaries(NAMES, step, max_size=3))
    guarantee = {"steps": st.sampled_from(sorted(plan)).map(lambda name: [name])} if plan else {}
    years = {"expires_years": st.floats(1e-3, 100)}
    return {
        **draw(
            table(
                doctrine=doctrines(levels),
                monitoring=MONITORING,
                guarantee=st.fixed_dictionaries(years, optional=guarantee),
                credibility=CREDIBILITY,
            )
        ),
        "title": draw(TEXTS),
        "run": draw(table(seed=st.integers(0, 2**63 - 1), horizon_days=st.floats(1e-300, 365))),
        "line": {"sectors": shares},
        "violations": {
            "incidents_per_day": draw(st.floats(0, 20)),
            **draw(table(level_shares=shares_of(levels), defender_share=SHARES)),
            **draw(processes(list(shares), levels)),
        },
        "attack": draw(table(per_year=st.floats(0, 100), sectors=st.just(1), precursor=PRECURSORS)),
        "levels": made,
        "crisis": {
            "scope": scope,
            **draw(
                table(
                    threshold_incidents=st.integers(1, 2**31 - 1),
                    window_hours=POSITIVE,
                    threshold_level=st.sampled_from(levels),
                    quiet_hours=AMOUNTS,
                    quiet_level=st.sampled_from(levels),
                    clock=st.sampled_from(["violation", "detection", "attribution"]),
                )
            ),
        },
        "steps": plan,
        "actors": {name: draw(actor) for name in actors},
        "groups": {name: draw(groups(actors)) for name in voting},
        "conditions": {name: {"probability": draw(SHARES)} for name in conditions},
        "sources": draw(st.just({}) | TEXTS.map(lambda text: {f"levels.{levels[0]}": text})),
    }


def scenarios() -> st.SearchStrategy[Scenario]:
    """Make up a scenario, loaded."""
    return tables().map(lambda made: checked(Layer(made, {})))
