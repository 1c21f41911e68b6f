"""The tables of the world that a plan is tried in, one class each.

Their docstrings are the keys' documentation. Those of the plan are in `sim.scenario.tables`.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field

from sim.scenario.pieces import (
    NO_DELAY,
    Amount,
    Count,
    Delay,
    Factor,
    FrozenTable,
    Name,
    Named,
    Piece,
    Positive,
    Share,
    Spell,
)

MOST_RECORDED: Final = 20_000

# What a column of a record says of each incident; "" is what it does not say.
RecordedNames: TypeAlias = Annotated[
    tuple[Annotated[str, Field(max_length=40)], ...],
    Field(strict=False, max_length=MOST_RECORDED),
]


class Run(Piece):
    """How long each run is watched, how many runs, and their luck."""

    horizon_days: Annotated[float, Field(gt=0, le=73_000)] = 365.0
    """How long a run is watched, unless the ceasefire collapses earlier."""
    replications: Annotated[int, Field(ge=1, le=2**40)] = 10_000
    """How many runs."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """The seed: with the run's number, all of its luck."""
    most_violations: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1_000_000
    """After so many incidents, attacks, resumptions and false alarms a run is cut off, and its
    outcome is `runaway`."""


class Line(Piece):
    """The line of contact."""

    sectors: Annotated[
        dict[Name, Share], Field(min_length=1, max_length=1000), AfterValidator(FrozenTable)
    ] = Field(default={"line": 1.0})
    """Sectors of the line and their shares of the incidents, which add up to 1."""


class Excitation(Piece):
    """Incidents that set off others, each in its own sector."""

    branching_ratio: Annotated[float, Field(ge=0, lt=1)]
    """How many further incidents each one sets off, on average. The mean rate in the long run is
    that of the others, divided by 1 minus this."""
    decay_hours: Annotated[float, Field(ge=0.01)]
    """Mean time from an incident to those it sets off; the excitation decays exponentially."""


class Erosion(Piece):
    """Restraint that erodes in the course of the ceasefire."""

    doubling_days: Annotated[float, Field(ge=0.01)]
    """The rate of incidents doubles in so many days."""
    cap: Annotated[float, Field(ge=1)] | None = None
    """The most that erosion makes of the rate, as a factor; left out: there is no bound."""


class DayToDay(Piece):
    """Days that differ: a factor on the rate, of mean 1, whose logarithm is an AR(1) of days."""

    phi: Annotated[float, Field(gt=-1, lt=1)]
    """The correlation of the factor's logarithm from one day to the next. The factor is on the rate
    of incidents, the same on the whole line, and of mean 1."""
    sd: Annotated[float, Field(ge=0, le=10)]
    """The standard deviation of what each day adds to that logarithm; 0: no such factor."""


class Recommitment(Piece):
    """A day on which the parties recommit themselves to the ceasefire."""

    day: Amount
    """When the parties recommit themselves, from the start of the ceasefire; 0.5 is noon of its
    first day."""
    factor: Factor
    """Factor on the rate as restraint has come to be, and on the excitation that is there; erosion
    goes on from it."""


class Recorded(Piece):
    """Incidents of a record, in columns of equal length: what violations.file said."""

    hours: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1_752_000)], ...],
        Field(strict=False, max_length=MOST_RECORDED),
    ]
    """When each incident of a `replay` occurred, from the start of the ceasefire."""
    sectors: RecordedNames = ()
    """The sector of each; may be left out if the line has just one."""
    levels: RecordedNames = ()
    """The level of each, "" where it is not known; left out or not known, it is drawn."""
    by: Annotated[
        tuple[Literal["aggressor", "defender", ""], ...],
        Field(strict=False, max_length=MOST_RECORDED),
    ] = ()
    """Whose each is, "" where it is not known; left out or not known, it is drawn."""


class Violations(Piece):
    """Incidents: shots, shelling, assaults, as they really happen."""

    process: Literal["poisson", "hawkes", "replay"] = "poisson"
    """How incidents arrive: independently of each other (`poisson`), setting off others
    (`hawkes`), or as they stand in a record, whatever is done (`replay`)."""
    incidents_per_day: Annotated[float, Field(ge=0, le=1e12)]
    """Incidents on the whole line while no step is in force and nothing else modifies the rate;
    with `hawkes` those that no other one set off. In a `replay` it says nothing and may
    be left out."""
    level_shares: Named[Share] = Field(default={})
    """Shares of the levels among incidents, which add up to 1; left out: all at the lowest."""
    defender_share: Share = 0.0
    """How often an incident is the defender's own."""
    excitation: Excitation | None = None
    """Incidents that set off others, for `hawkes`; left out: none do."""
    erosion: Erosion | None = None
    """Restraint that erodes; left out: it does not."""
    day_to_day: DayToDay | None = None
    """Days that differ; left out: they are alike."""
    night_to_day: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """The rate from 18:00 to 06:00 over that from 06:00 to 18:00; the mean over a day stays the
    same. The ceasefire begins at a midnight."""
    recommitments: Annotated[tuple[Recommitment, ...], Field(strict=False, max_length=1000)] = ()
    """When the parties recommit themselves, and what that makes of the rate."""
    file: str | None = None
    """A CSV file of the incidents of a `replay`, beside the scenario or below its folder."""
    starts: str | None = None
    """The date of hour 0 in that file, as 2026-02-03; left out: that of its earliest row."""
    recorded: Recorded | None = None
    """The incidents of a `replay`, instead of a file."""


class Precursor(Piece):
    """What is seen ahead of an attack: incidents build up from the decision to the attack."""

    days: Amount
    """How long incidents build up from the decision to the attack; 0: it comes at once."""
    rate: Factor = 1.0
    """Factor on the rate of incidents that is reached, linearly, by the time of the attack."""
    heavy_share: Share | None = None
    """Share of incidents above the lowest level that is reached likewise; left out: no change."""


class Attack(Piece):
    """The decision to attack: rare, and not a consequence of incidents."""

    per_year: Annotated[float, Field(ge=0, le=1e12)] = 0.0
    """The hazard of a decision to attack, for a year of 365 days."""
    sectors: Count = 1
    """How many sectors an attack takes, drawn by their shares."""
    precursor: Precursor | None = None
    """The build-up ahead of an attack; left out: there is none."""


class Doctrine(Piece):
    """How the aggressor breaks fighting off, ahead of an answer, and takes it up again."""

    share: Share = 1.0
    """How often its fighting follows the doctrine of breaking off ahead of an answer."""
    level: Name | None = None
    """The doctrine counts from when fighting first reaches this level; default: the lowest."""
    break_off_hours: Annotated[float, Field(ge=0.01)]
    """So long after that it breaks the fighting off, if it has not ended before."""
    resume_after_hours: Amount | None = None
    """So long after that it takes it up again, at the level it had; left out: never."""
    resume_probability: Share = 1.0
    """How often it takes it up again; each time the doctrine counts anew."""


class Outages(Piece):
    """Times in which the monitors see less."""

    share: Annotated[float, Field(ge=0, lt=1)]
    """Share of the time that is in outages."""
    mean_hours: Annotated[float, Field(ge=0.01)]
    """Mean length of an outage; the lengths are exponential, and so are the times between."""
    detection: Share = 0.0
    """Factor on the probability that a violation which begins in an outage is detected."""


class Monitoring(Piece):
    """What disturbs the monitors."""

    false_alarms_per_day: Annotated[float, Field(ge=0, le=10_000)] = 0.0
    """Attributed violations on the whole line that never happened."""
    debunked_after: Delay | None = None
    """From a false alarm to when it is known for one; left out: it never is."""
    misattribution: Share = 0.0
    """How often a detected incident of the defender's is charged to the aggressor."""
    outages: Outages | None = None
    """Times in which they see less; left out: there are none."""


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
