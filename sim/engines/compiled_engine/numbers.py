"""The numbers of a scenario, as `sim.scenario.numbers` says them, in records."""

from sim.model.records import Record


class Timing(Record):
    """A family and its numbers, in the order of `sim.model.clocks`."""

    family: int
    first: float
    second: float
    third: float


class Plan(Record):
    """The numbers of the scenario that stand alone."""

    horizon_hours: float
    most_violations: int
    attack_mean_hours: float
    attack_timing: int
    attack_sectors: int
    threshold_incidents: int
    threshold_level: int
    window_hours: float
    quiet_hours: float
    quiet_level: int
    clock: int
    last_level: int
    sectors: int
    ladders: int
    steps: int
    deciders: int
    voters: int
    lowest_watched_level: int
    """The lowest on which a need or the quiet depends."""
    clocks: int
    group: int
    """How many clocks are looked at together, and below how many such groups there are."""
    groups: int
    rings: int


class LevelNumbers(Record):
    """A level of fighting; index 0 is quiet."""

    share_up_to: float
    detection_probability: float
    attribution_probability: float


class StepNumbers(Record):
    """A step of the plan."""

    need_level: int
    within_hours: float
    need_sectors: int
    sustained_hours: float
    decide_from_hours: float
    not_before_hours: float
    deadline_hours: float
    deploy: Timing
    stop: float
    expand: float
    collapse: float
    incidents: float
    provoke_probability: float
    first_decider: int
    deciders: int
    first_voter: int
    voters: int


class DeciderNumbers(Record):
    """How a decider's vote is counted."""

    counted_by: int
    quorum: float
    members: int
    is_group: bool


class VoterNumbers(Record):
    """An actor, or a member of a group; the decider is an index into the step's deciders."""

    decider: int
    weight: float
    share: float
    yes_probability: float
    decision: Timing
    parliament: Timing
