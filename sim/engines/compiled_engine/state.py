"""Where a run stands: records of the line, its sectors, clocks, ladders and steps."""

from sim.model.records import Record


class Now(Record):
    """Where a run stands, and what was counted in it."""

    seed: int
    run: int
    hours: float
    goes_on: bool
    outcome: int
    lacks: int
    traces: bool
    noted: int
    incidents: int
    attacks: int
    false_alarms: int
    resumptions: int
    crises: int
    open_crises: int
    highest_level: int
    first_incident_hours: float
    first_crisis_hours: float
    fighting_sectors: int
    fighting_since_hours: float
    fighting_hours: float
    until_hours: float
    """Until when sectors have nothing to do with each other (`between_crises`)."""
    worthwhile_from_hours: float
    """From when on it may be worth while again to look for such a time."""
    may_be_attributed: int
    """How many more violations may be attributed until then."""
    promises_kept: int
    promises_broken: int
    trend: float
    """The factor on the background rate of incidents."""
    heavy_ratio: float
    restraint: float
    restraint_hours: float
    """The hour at which restraint was as it is said to be."""
    midnight_hours: float
    days: int
    day_logarithm: float
    recommitted: int
    """How many recommitments are over."""
    build_up_began_hours: float
    sensors_are_out: bool
    sensor_turns: int
    kept: float
    """Promises kept, as far as they are remembered."""
    broken: float
    promises_hours: float
    """The hour at which so much was remembered."""
    on_incidents: float
    """Credibility's factor on the rate of incidents."""
    on_attack: float
    on_expand: float
    waiting: int
    """How many events wait in the heap."""
    heard_used: int
    heard_free: int
    crisis_rows: int
    """How many rows of crises are written, over all runs."""
    this_runs_crisis_rows: int
    """Where the rows of this run's crises begin."""
    room_waiting: int
    room_heard: int
    room_notes: int
    is_split: bool
    """Whether the run pauses, after the event, wherever the level of fighting changes."""
    pauses: bool
    first_seed: int
    """The seed with which the run began; a branch has another one from where it began."""
    splits: int
    """How many times what is being played has been split."""
    forks: int
    """How many times it has branched off."""
    lowest_level: int
    """A branch ends when the hardest fighting falls below the level at which it began."""


class Sector(Record):
    """A sector's numbers, and the fighting there."""

    share: float
    incident_mean_hours: float
    incident_timing: int
    block: int
    """So many incidents are drawn at once: a power of two."""
    key: int
    ladder: int
    level: int
    incidents: int
    origin: int
    count: int
    spell_began_hours: float
    level_since_hours: float
    drawn: int
    """The number of the first incident that was drawn last."""
    place_in_attack: float
    is_attacked: bool
    first_recorded: int
    recorded: int
    trend: float
    """The trend under which the next incident of a rate that incidents excite was set."""
    excitation: float
    resumptions: int


class Clock(Record):
    """A clock; the first three say which. The rest is for one with a hazard."""

    kind: int
    place: int
    rank: int
    timing: int
    runs: bool
    multiplier: float
    started_hours: float
    set_hours: float
    left: float


class Waiting(Record):
    """An event that happens once, at an hour that does not change.

    The mark of a detection or attribution is the onset of the violation, that of an answer the
    number of the crisis in which it was asked for.
    """

    hours: float
    rank: int
    mark: float


class Heard(Record):
    """A violation that was attributed, in the list of the ladder that it concerns."""

    attributed_hours: float
    onset_hours: float
    sector: int
    ordinal: int
    next: int


class Ladder(Record):
    """A ladder's sectors, its list of violations, and its crisis."""

    first_sector: int
    sectors: int
    heard_first: int
    heard_last: int
    heard: int
    last_heard_hours: float
    """Between crises: when the last of the next incidents is heard of."""
    fought_until_hours: float
    last_close_hours: float
    is_open: bool
    crisis: int
    opened_hours: float
    clock_hours: float
    highest_level: int
    opening_sector: int
    opening_ordinal: int
    is_wrong: bool
    """Whether nothing that the aggressor did opened the crisis."""
    detection_hours: float
    attribution_hours: float
    opened_by_alarm: bool
    opening_is_debunked: bool


class Fought(Record):
    """Since when, and until when, a sector has fought at the level that a step needs."""

    fights: bool
    since_hours: float
    until_hours: float


class Climb(Record):
    """Where a step stands in a ladder's crisis; hours that have not come are infinite."""

    state: int
    call_from_hours: float
    due_hours: float
    is_promised: bool
    called_hours: float
    decided_hours: float
    deployed_hours: float
    ready_hours: float
    over_hours: float
    in_force_hours: float
    effect_share: float
    last_decider: int
    seed: int
    """The seed that was in use when the step was called: all its voters answer with that luck."""


class Vote(Record):
    """A decider's vote so far."""

    stands: int
    yes: int
    no: int
    yes_share: float
    no_share: float
    vetoers_yes: int
    vetoers_no: int


class BackersAnswer(Record):
    """When an actor whom others need answers in a crisis, and whether it says yes."""

    hours: float
    is_yes: bool


class StepCounts(Record):
    """How a step ended in the crises of a run, and when it was in force."""

    not_called: int
    refused: int
    stood_down: int
    on_time: int
    late: int
    open: int
    wrongful: int
    first_hours: float
    delays: int
    delay_hours: float


class Condition(Record):
    """Something that holds throughout a run, or does not."""

    probability: float
    key: int
    holds: bool


class Commitment(Record):
    """An actor who may not be there, or may go and come back."""

    available: float
    review_hours: float
    withdraw: float
    rejoin: float
    key: int
    is_there: bool
    reviews: int


class Fork(Record):
    """What a sector had behind it when a run branched off, and the seed until then."""

    seed: int
    incidents: int
    attacks: int
    resumptions: int
    origin: int
    count: int
    level: int


class Tree(Record):
    """How a run is split, and how far that is."""

    grows: bool
    """Whether runs are split at all."""
    event_level: int
    """The level that is the event; the one above the highest if a collapse is."""
    words: int
    """So many words hold the whole state of a run."""
    words_of_branch: int
    """So many of them a branch begins with; the others it draws anew."""
    depth: int
    """How many states are kept, from which branches go out."""
    level: int
    """The level of the hardest fighting on the line, since the last pause."""
    noted: int
    """How many events there had been by then."""


class NoteRow(Record):
    """An event as it is noted for a trace; see `sim.engines.story`."""

    hours: float
    event: int
    place: int
    first: float
    second: float
