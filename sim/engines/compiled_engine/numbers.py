"""The numbers of a scenario, as `sim.scenario.numbers` says them, in records."""

from sim.model.records import Record


class Timing(Record):
    """A family and its numbers, in the order of `sim.model.clocks`."""

    family: int
    first: float
    second: float
    third: float


class TrendNumbers(Record):
    """What modifies the rate of incidents on the whole line in the course of time."""

    doubling_hours: float
    cap: float
    persistence: float
    innovation_sd: float
    night_to_day: float


class PrecursorNumbers(Record):
    """The build-up between a decision to attack and the attack."""

    hours: float
    rate: float
    heavy_share: float


class DoctrineNumbers(Record):
    """How the aggressor breaks fighting off and takes it up again."""

    share: float
    level: int
    break_off_hours: float
    resume_after_hours: float
    resume_probability: float


class MonitoringNumbers(Record):
    """What disturbs the monitors."""

    false_alarm_mean_hours: float
    debunked_after: Timing
    misattribution: float
    outage_share: float
    outage_mean_hours: float
    working_mean_hours: float
    outage_detection: float


class CredibilityNumbers(Record):
    """What kept and broken promises do."""

    is_counted: bool
    kept: float
    broken: float
    half_life_hours: float
    incidents: float
    attack: float
    expand: float


class Recommitment(Record):
    """An hour, and the factor on the rate of incidents at that hour."""

    hours: float
    factor: float


class Recorded(Record):
    """An incident that a replay takes from a record."""

    hours: float
    level: int
    by_defender: int


class Plan(Record):
    """The numbers of the scenario that stand alone."""

    horizon_hours: float
    most_violations: int
    process: int
    branching_ratio: float
    decay_hours: float
    defender_share: float
    is_one_sided: bool
    """Whether no incident can be the defender's."""
    trend: TrendNumbers
    by_day: bool
    """Whether the trend turns at midnight."""
    by_night: bool
    recommitments: int
    precursor: PrecursorNumbers
    doctrine: DoctrineNumbers
    monitoring: MonitoringNumbers
    credibility: CredibilityNumbers
    conditions: int
    commitments: int
    backers: int
    expires_hours: float
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
    first_level_that_matters: int
    """The lowest on which anything depends, threshold level included."""
    goes_by_sector: bool
    """Whether it is worth while to play each sector by itself while no crisis is open."""
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
    lasts_hours: float
    expires_hours: float
    first_required: int
    required: int
    first_backer: int
    backers: int
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
    vetoers: int
    correlation: float


class VoterNumbers(Record):
    """An actor, or a member of a group; the decider is an index into the step's deciders."""

    decider: int
    weight: float
    share: float
    yes_probability: float
    decision: Timing
    parliament: Timing
    vetoes: bool
    backer: int
    commitment: int


class BackerNumbers(Record):
    """An actor without whom some members of a group do not say yes."""

    yes_probability: float
    decision: Timing
    commitment: int
