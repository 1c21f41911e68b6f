"""The tables of a scenario file, one class each; their docstrings are the keys' documentation."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sim.scenario.pieces import (
    NO_DELAY,
    Amount,
    Count,
    Delay,
    Factor,
    FrozenTable,
    MemberName,
    Name,
    Named,
    Piece,
    Positive,
    Share,
    Spell,
)


class Run(Piece):
    """How long each run is watched, how many runs, and their luck."""

    horizon_days: Annotated[float, Field(gt=0, le=73_000)] = 365.0
    """How long a run is watched, unless the ceasefire collapses earlier."""
    replications: Annotated[int, Field(ge=1, le=2**40)] = 10_000
    """How many runs."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """The seed: with the run's number, all of its luck."""
    most_violations: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1_000_000
    """After so many incidents and attacks a run is cut off, and its outcome is `runaway`."""


class Line(Piece):
    """The line of contact."""

    sectors: Annotated[
        dict[Name, Share], Field(min_length=1, max_length=1000), AfterValidator(FrozenTable)
    ] = Field(default={"line": 1.0})
    """Sectors of the line and their shares of the incidents, which add up to 1."""


class Violations(Piece):
    """Incidents: shots, shelling, assaults, as they really happen."""

    process: Literal["poisson"] = "poisson"
    """How incidents arrive: independently of each other."""
    incidents_per_day: Annotated[float, Field(ge=0, le=1e12)]
    """Incidents on the whole line while no step is in force."""
    level_shares: Named[Share] = Field(default={})
    """Shares of the levels among incidents, which add up to 1; left out: all at the lowest."""


class Attack(Piece):
    """The decision to attack: rare, and not a consequence of incidents."""

    per_year: Annotated[float, Field(ge=0, le=1e12)] = 0.0
    """The hazard of a decision to attack, for a year of 365 days."""
    sectors: Count = 1
    """How many sectors an attack takes, drawn by their shares."""


class Seen(Piece):
    """Whether and when something becomes known."""

    probability: Share = 1.0
    """How often it becomes known at all."""
    delay: Delay = NO_DELAY
    """How long that takes."""


class Level(Piece):
    """A level of fighting."""

    spell: Spell
    """How long fighting stays at this level if nothing else happens."""
    expand_per_day: Amount = 0.0
    """The hazard of rising to the next level; the last level has none."""
    collapse_per_day: Amount = 0.0
    """The hazard of the ceasefire's collapse over a sector that fights at this level."""
    detection: Seen = Seen()
    """Whether and when the violation is detected, counted from its onset."""
    attribution: Seen = Seen()
    """Whether and when a detected violation is attributed, counted from its detection."""


class Crisis(Piece):
    """When violations become a crisis, and when it is over."""

    scope: Literal["line", "sector"] = "line"
    """One ladder of steps for the whole line, or one for each sector."""
    threshold_incidents: Count | None = None
    """Attributed violations within the window that open a crisis; 1 if no threshold is given."""
    window_hours: Positive = 24.0
    """The window, over the times of attribution; its full length counts."""
    threshold_level: Name | None = None
    """One attributed violation at this level or above opens a crisis."""
    quiet_hours: Amount = 24.0
    """A crisis closes after so long without fighting."""
    quiet_level: Name | None = None
    """Fighting below this level does not keep a crisis open; default: the lowest level."""
    clock: Literal["violation", "detection", "attribution"] = "violation"
    """From when the steps' hours count: the onset of the violation that opened the crisis (of the
    earliest one counted, where a count opened it), its detection, or the opening itself."""


class Needs(Piece):
    """What a step needs, besides an open crisis."""

    level: Name | None = None
    """Fighting at this level or above; left out, an open crisis is enough."""
    within_hours: Amount = 0.0
    """It may have ended up to so long ago; 0: it must go on now."""
    sectors: Count = 1
    """In at least so many sectors of the scope."""
    sustained_hours: Amount = 0.0
    """And each of them has gone on for so long (pauses up to `within_hours` do not interrupt)."""


class Effect(Piece):
    """What a step does while it is in force: factors on what happens in its scope."""

    stop: Factor = 1.0
    """Factor on the hazard that fighting stops."""
    expand: Factor = 1.0
    """Factor on the hazard that fighting expands."""
    collapse: Factor = 1.0
    """Factor on the hazard that the ceasefire collapses."""
    incidents: Factor = 1.0
    """Factor on the rate of incidents."""


class Step(Piece):
    """A step of the plan."""

    needs: Needs = Needs()
    """What must be the case for it to be called, and to come into force."""
    decide_from_hours: Amount = 0.0
    """Its deciders start once the crisis's clock shows this much."""
    not_before_hours: Amount = 0.0
    """It is never in force before the clock shows this much."""
    deadline_hours: Amount | None = None
    """In force by then, that hour included, it is on time; left out: whenever it comes."""
    deciders: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    """Actors and groups, all of which must say yes; none: it is decided at once."""
    deploy: Delay = NO_DELAY
    """From the decision to effect."""
    effect: Effect = Effect()
    """What it does while it is in force."""
    provoke_probability: Share = 0.0
    """How often its coming into force raises the hardest fighting in its scope by one level."""


class Actor(Piece):
    """Somebody who decides alone."""

    decision: Delay = NO_DELAY
    """How long the decision takes."""
    yes_probability: Share = 1.0
    """How often it is a yes."""


class Member(Piece):
    """A member of a group."""

    weight: Annotated[float, Field(ge=0, le=10**12)] = 1.0
    """What it has pledged, in any unit that all members share."""
    yes_probability: Share = 1.0
    """How often it says yes."""
    decision_median_hours: Positive | None = None
    """Median of its log-normal decision delay; left out: at once."""
    decision_log_sd: Positive | None = None
    """Standard deviation of the logarithm of that delay; left out: exactly the median."""
    parliament_median_hours: Positive | None = None
    """Median of its parliament's log-normal delay, on top of the decision's; left out: none."""
    parliament_log_sd: Positive | None = None
    """Standard deviation of the logarithm of that delay; left out: exactly the median."""


class Group(Piece):
    """Somebody who decides by vote."""

    rule: Literal["quorum", "unanimity"]
    """How the vote is counted."""
    quorum: Count | None = None
    """So many members must say yes."""
    quorum_weight: Annotated[float, Field(gt=0, le=1)] | None = None
    """Members with this share of the weight must say yes."""
    members_file: str | None = None
    """A CSV file of members below the scenario's folder, one row each."""
    members: Annotated[
        dict[MemberName, Member], Field(max_length=1000), AfterValidator(FrozenTable)
    ] = Field(default={})
    """The members by name, instead of a file or to change what it says."""
