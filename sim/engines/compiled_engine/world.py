"""Everything that the compiled engine holds: the scenario's numbers and where a run stands.

It is one named tuple of arrays of records. What belongs to a step in a ladder, to a voter in a
ladder and so on stands in one flat array, ladder by ladder; indices are said at each field.
"""

from collections.abc import MutableSequence as Many
from typing import Final, NamedTuple

from sim.engines.compiled_engine.numbers import (
    DeciderNumbers,
    LevelNumbers,
    Plan,
    StepNumbers,
    Timing,
    VoterNumbers,
)
from sim.model.records import Record

# What a run may lack in memory: it is then given more, and played again from its beginning, which
# changes nothing, since chance is a function.
LACKS: Final = ("nothing", "waiting", "heard", "notes", "crises")
WAITING: Final = LACKS.index("waiting")
HEARD: Final = LACKS.index("heard")
NOTES: Final = LACKS.index("notes")
CRISES: Final = LACKS.index("crises")

# So many clocks are looked at together.
GROUP: Final = 32

# At most so many incidents of a sector are drawn at once, in loops over so many at a time.
LANES: Final = 32 >> (1 + 1)
BLOCK: Final = 32 + 32

# What has a timing at each level, and a mark of each incident; a sector's wait has one timing.
MARKS: Final = ("wait", "stop", "expansion", "collapse", "detection", "attribution")
TO_WAIT: Final = MARKS.index("wait")
TO_STOP: Final = MARKS.index("stop")
TO_EXPAND: Final = MARKS.index("expansion")
TO_COLLAPSE: Final = MARKS.index("collapse")
TO_DETECT: Final = MARKS.index("detection")
TO_ATTRIBUTE: Final = MARKS.index("attribution")
KINDS_OF_MARKS: Final = len(MARKS)
MIXED: Final = -1


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
    crises: int
    highest_level: int
    first_incident_hours: float
    first_crisis_hours: float
    fighting_sectors: int
    fighting_since_hours: float
    fighting_hours: float
    promises_kept: int
    promises_broken: int
    waiting: int
    """How many events wait in the heap."""
    unseen: int
    """How many detections, behind the heap, are not counted yet."""
    looked: int
    """How many of them were there at the last look, all of which that were due are over."""
    looked_hours: float
    heard_used: int
    heard_free: int
    crisis_rows: int
    """How many rows of crises are written, over all runs."""
    this_runs_crisis_rows: int
    """Where the rows of this run's crises begin."""
    room_waiting: int
    room_heard: int
    room_notes: int


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
    place_in_attack: float
    is_attacked: bool


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
    fought_until_hours: float
    last_close_hours: float
    is_open: bool
    crisis: int
    opened_hours: float
    clock_hours: float
    highest_level: int
    opening_sector: int
    opening_ordinal: int


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
    in_force_hours: float
    effect_share: float
    last_decider: int


class Vote(Record):
    """A decider's vote so far."""

    stands: int
    yes: int
    no: int
    yes_share: float
    no_share: float


class StepCounts(Record):
    """How a step ended in the crises of a run, and when it was in force."""

    not_called: int
    refused: int
    stood_down: int
    on_time: int
    late: int
    open: int
    first_hours: float
    delays: int
    delay_hours: float


class NoteRow(Record):
    """An event as it is noted for a trace; see `sim.engines.story`."""

    hours: float
    event: int
    place: int
    first: float
    second: float


class World(NamedTuple):
    """The arrays of records. Shapes are in the order of the fields of `Plan`."""

    plan: Many[Plan]
    """Shape (1,)."""
    now: Many[Now]
    """Shape (1,)."""
    levels: Many[LevelNumbers]
    level_hours: Many[float]
    """Shape (levels,), sector-hours at each level in this run."""
    families: Many[int]
    """Shape (kinds of marks,): the family of a kind's timings at all levels, or `MIXED`."""
    timings: Many[Timing]
    """Shape (levels * kinds of marks + sectors + 1,): the sectors' waits, and the attacks'."""
    sectors: Many[Sector]
    incident_levels: Many[int]
    """Shape (sectors * block,)."""
    thresholds: Many[float]
    """Shape (sectors * kinds of marks * block,)."""
    reached_hours: Many[float]
    """The same shape: after how many hours a threshold is reached if nothing changes."""
    asked_places: Many[int]
    """Shape (block,), like the next eight: what is being drawn at once."""
    asked_ordinals: Many[int]
    asked_timings: Many[int]
    drawn: Many[float]
    first: Many[float]
    second: Many[float]
    left: Many[float]
    scores: Many[float]
    hours: Many[float]
    clocks: Many[Clock]
    """Shape (clocks,), in the order of their ranks."""
    rings: Many[int]
    """Shape (groups * group + groups,): when each clock rings, and the first in each group."""
    first_clock: Many[int]
    """Shape (kinds,), the first clock of each kind."""
    waiting: Many[Waiting]
    """A heap by (hours, rank), the first `now.waiting`; detections to be counted, from the end."""
    heard: Many[Heard]
    """Linked lists, one a ladder, and a list of those that are free."""
    ladders: Many[Ladder]
    steps: Many[StepNumbers]
    step_keys: Many[int]
    """Shape (steps * sectors,)."""
    deciders: Many[DeciderNumbers]
    """Those of the first step, then those of the second, and so on; voters likewise."""
    voters: Many[VoterNumbers]
    voter_keys: Many[int]
    """Shape (voters * sectors,)."""
    fought: Many[Fought]
    """Shape (steps * sectors,)."""
    climbs: Many[Climb]
    """Shape (ladders * steps,)."""
    votes: Many[Vote]
    """Shape (ladders * deciders,)."""
    said_yes: Many[bool]
    """Shape (ladders * voters,)."""
    step_counts: Many[StepCounts]
    notes: Many[NoteRow]
    outcome_counts: Many[int]
    """Shape (columns * room,): the counts and words of a run, column by column."""
    outcome_hours: Many[float]
    crisis_counts: Many[int]
    crisis_hours: Many[float]
    room: Many[int]
    """Shape (2,): for how many rows of outcomes and of crises there is room."""
    stop: Many[bool]
    """Shape (1,): whether somebody wants the runs to be broken off."""
