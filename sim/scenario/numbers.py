"""The numbers that an engine gets: nested named tuples of plain Python numbers."""

from typing import NamedTuple


class Timing(NamedTuple):
    """A family and its numbers, in the order of `sim.model.clocks`."""

    family: int
    first: float
    second: float
    third: float


class LevelNumbers(NamedTuple):
    """A level of fighting; index 0 of the levels is quiet."""

    name: str
    share_up_to: float
    """Share of the incidents that are at this level or below."""
    spell: Timing
    expand_mean_hours: float
    collapse_mean_hours: float
    detection_probability: float
    detection_delay: Timing
    attribution_probability: float
    attribution_delay: Timing


class RecordedNumbers(NamedTuple):
    """An incident that a replay takes from a record."""

    hours: float
    level: int
    """0: not recorded, drawn like any other incident's."""
    by_defender: int
    """1: by the defender; 0: by the aggressor; -1: not recorded, drawn."""


class SectorNumbers(NamedTuple):
    """A sector of the line; the key is for its draws."""

    name: str
    share: float
    incident_mean_hours: float
    """Mean wait for the next incident while nothing modifies the rate; infinite in a replay."""
    key: int
    recorded: tuple[RecordedNumbers, ...]
    """The incidents of a replay here, by hour."""


class BackerNumbers(NamedTuple):
    """An actor without whom some members of a group do not say yes."""

    name: str
    yes_probability: float
    decision: Timing
    commitment: int
    """An index into the commitments; -1: it is always there."""
    keys: tuple[int, ...]
    """For its draws, by the sector whose violation opened the crisis: those of the actor's vote."""


class VoterNumbers(NamedTuple):
    """An actor, or a member of a group; the decider is an index into the step's deciders."""

    name: str
    decider: int
    weight: float
    """What it has pledged; 0 for an actor."""
    share: float
    """Its share of its group's weight; 0 for an actor."""
    yes_probability: float
    decision: Timing
    parliament: Timing
    vetoes: bool
    """Whether its no alone is the decider's no."""
    backer: int
    """An index into the step's backers; -1: it needs none."""
    commitment: int
    """An index into the commitments; -1: it is always there."""
    keys: tuple[int, ...]
    """For its draws, by the sector whose violation opened the crisis."""


class DeciderNumbers(NamedTuple):
    """An actor or a group as one of a step's deciders, and how its vote is counted."""

    name: str
    counted_by: int
    quorum: float
    members: int
    is_group: bool
    vetoers: int
    """How many of its members have a veto; all of them must say yes."""
    correlation: float
    """Of its members' answers: the share of the variance that they have in common."""
    keys: tuple[int, ...]
    """For what they have in common, by the sector whose violation opened the crisis."""


class StepNumbers(NamedTuple):
    """A step of the plan."""

    name: str
    need_level: int
    """0: an open crisis is enough."""
    within_hours: float
    need_sectors: int
    sustained_hours: float
    decide_from_hours: float
    not_before_hours: float
    deadline_hours: float
    """Infinite when there is none."""
    deploy: Timing
    stop: float
    expand: float
    collapse: float
    incidents: float
    provoke_probability: float
    lasts_hours: float
    """Infinite when it stays in force until the crisis closes."""
    expires_hours: float
    """From this hour of the ceasefire on it is not available; infinite: always."""
    requires: tuple[int, ...]
    """Indices of the conditions that must hold."""
    backers: tuple[BackerNumbers, ...]
    deciders: tuple[DeciderNumbers, ...]
    voters: tuple[VoterNumbers, ...]
    keys: tuple[int, ...]
    """For its own draws, by the sector whose violation opened the crisis."""


class ScopeNumbers(NamedTuple):
    """A place where crises open: the line, or one sector."""

    name: str
    sectors: tuple[int, ...]


class TrendNumbers(NamedTuple):
    """What modifies the rate of incidents on the whole line in the course of time."""

    doubling_hours: float
    """Erosion of restraint: the rate doubles in this time; infinite: no erosion."""
    cap: float
    """The most that erosion makes of the rate; infinite: no bound."""
    persistence: float
    """Of the day-to-day factor's logarithm: its correlation from one day to the next."""
    innovation_sd: float
    """Standard deviation of what each day adds to that logarithm; 0: no such factor."""
    night_to_day: float
    """The rate by night over the rate by day; 1: no difference."""
    recommitments: tuple[tuple[float, float], ...]
    """Hours, in rising order, and the factor on the rate at each."""


class DoctrineNumbers(NamedTuple):
    """How the aggressor breaks fighting off and takes it up again."""

    share: float
    """Of the aggressor's spells; 0: none."""
    level: int
    """It begins to count when fighting reaches this level."""
    break_off_hours: float
    resume_after_hours: float
    resume_probability: float


class MonitoringNumbers(NamedTuple):
    """What disturbs the monitors."""

    false_alarm_mean_hours: float
    debunked_after: Timing
    misattribution: float
    outage_share: float
    """Share of the time that is in outages; 0: there are none."""
    outage_mean_hours: float
    working_mean_hours: float
    """Mean time from the end of an outage to the next one."""
    outage_detection: float
    """Factor on the probability of detection in an outage."""


class ConditionNumbers(NamedTuple):
    """Something that holds throughout a run, or does not."""

    name: str
    probability: float
    key: int


class CommitmentNumbers(NamedTuple):
    """An actor who may not be there, or may go and come back."""

    name: str
    available: float
    review_hours: float
    """Infinite: never reviewed."""
    withdraw: float
    rejoin: float
    key: int


class CredibilityNumbers(NamedTuple):
    """What kept and broken promises do; without it all exponents are 0 and nothing changes."""

    is_counted: bool
    kept: float
    broken: float
    half_life_hours: float
    """Infinite: nothing is forgotten."""
    incidents: float
    attack: float
    expand: float


class PrecursorNumbers(NamedTuple):
    """The build-up between a decision to attack and the attack."""

    hours: float
    """0: the attack comes at once."""
    rate: float
    """The factor on the rate of incidents that is reached at the end of the build-up."""
    heavy_share: float
    """The share of incidents above the lowest level that is reached; -1: it does not change."""


class Parameters(NamedTuple):
    """Everything that decides what a run does, besides its seed and number."""

    horizon_hours: float
    most_violations: int
    """After so many incidents, attacks, resumptions and false alarms a run is a runaway."""
    process: int
    """An index into `sim.model.words.PROCESSES`."""
    branching_ratio: float
    """Self-excitation: the incidents that each one sets off, on average; 0: none."""
    decay_hours: float
    """Mean time that they come after it."""
    defender_share: float
    trend: TrendNumbers
    attack_mean_hours: float
    attack_sectors: int
    precursor: PrecursorNumbers
    doctrine: DoctrineNumbers
    monitoring: MonitoringNumbers
    conditions: tuple[ConditionNumbers, ...]
    commitments: tuple[CommitmentNumbers, ...]
    credibility: CredibilityNumbers
    sectors: tuple[SectorNumbers, ...]
    levels: tuple[LevelNumbers, ...]
    scopes: tuple[ScopeNumbers, ...]
    threshold_incidents: int
    threshold_level: int
    window_hours: float
    quiet_hours: float
    quiet_level: int
    clock: int
    steps: tuple[StepNumbers, ...]
