"""Everything that the compiled engine holds: the scenario's numbers and where a run stands.

It is one named tuple of arrays of records. What belongs to a step in a ladder, to a voter in a
ladder and so on stands in one flat array, ladder by ladder; indices are said at each field.
"""

from collections.abc import MutableSequence as Many
from typing import Final, NamedTuple

from sim.engines.compiled_engine.ahead import Ahead
from sim.engines.compiled_engine.numbers import (
    BackerNumbers,
    DeciderNumbers,
    LevelNumbers,
    Plan,
    Recommitment,
    Recorded,
    StepNumbers,
    Timing,
    VoterNumbers,
)
from sim.engines.compiled_engine.state import (
    BackersAnswer,
    Climb,
    Clock,
    Commitment,
    Condition,
    Fork,
    Fought,
    Heard,
    Ladder,
    NoteRow,
    Now,
    Sector,
    StepCounts,
    Tree,
    Vote,
    Waiting,
)

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

# Of some incidents two delays are drawn at once, and a loop may draw more than it was asked for.
AT_ONCE: Final = BLOCK + BLOCK + LANES

# An incident begins a piece of fighting at most; one goes on from before, and one marks the end.
PIECES: Final = BLOCK + 1 + 1

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
    comes: Many[int]
    """Shape (levels * kinds of marks,): 1 where a mark of that kind can come, or 0."""
    sectors: Many[Sector]
    ahead: Many[Ahead]
    """Shape (sectors,)."""
    recorded: Many[Recorded]
    """Sector by sector, by hour."""
    recommitments: Many[Recommitment]
    conditions: Many[Condition]
    commitments: Many[Commitment]
    incident_levels: Many[int]
    """Shape (sectors * block,)."""
    thresholds: Many[float]
    """Shape (sectors * kinds of marks * block,)."""
    reached_hours: Many[float]
    """The same shape: after how many hours a threshold is reached if nothing changes.

    For an attribution these are the hours since the onset, the detection's with them.
    """
    ordinals: Many[int]
    """Shape (block,): those of a sector's incidents as the violations that they are."""
    asked_places: Many[int]
    """Shape (drawn at once,), like the next eight: what is being drawn."""
    asked_ordinals: Many[int]
    asked_timings: Many[int]
    drawn: Many[float]
    first: Many[float]
    second: Many[float]
    left: Many[float]
    scores: Many[float]
    hours: Many[float]
    attributed: Many[int]
    """Shape (sectors * block,): which of the incidents that were drawn will be attributed."""
    matters_hours: Many[float]
    """The same shape: after how long an incident does more than count, if ever."""
    arrivals: Many[float]
    """The same shape: between crises, when a sector's next incidents occur."""
    piece_starts: Many[float]
    """Shape (sectors * pieces,), like the next: pieces of time in which a sector fights."""
    piece_stops: Many[float]
    next_starts: Many[float]
    """Shape (sectors,), like the next: which piece of each comes next."""
    next_pieces: Many[int]
    clocks: Many[Clock]
    """Shape (clocks,), in the order of their ranks."""
    rings: Many[int]
    """Shape (groups * group + groups,): when each clock rings, and the first in each group."""
    first_clock: Many[int]
    """Shape (kinds,), the first clock of each kind."""
    waiting: Many[Waiting]
    """A heap by (hours, rank), the first `now.waiting`."""
    heard: Many[Heard]
    """Linked lists, one a ladder, and a list of those that are free."""
    ladders: Many[Ladder]
    steps: Many[StepNumbers]
    step_keys: Many[int]
    """Shape (steps * sectors,)."""
    required: Many[int]
    """Conditions, step by step."""
    backers: Many[BackerNumbers]
    """Step by step."""
    backer_keys: Many[int]
    """Shape (backers * sectors,)."""
    decider_keys: Many[int]
    """Shape (deciders * sectors,)."""
    deciders: Many[DeciderNumbers]
    """Those of the first step, then those of the second, and so on; voters likewise."""
    voters: Many[VoterNumbers]
    voter_keys: Many[int]
    """Shape (voters * sectors,)."""
    answer_hours: Many[float]
    """Shape (voters,): how long each takes that is being asked now."""
    fought: Many[Fought]
    """Shape (steps * sectors,)."""
    climbs: Many[Climb]
    """Shape (ladders * steps,)."""
    votes: Many[Vote]
    """Shape (ladders * deciders,)."""
    backed: Many[BackersAnswer]
    """Shape (ladders * backers,)."""
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
    tree: Many[Tree]
    """Shape (1,). What follows is for runs that are split, and else of length 1."""
    forks: Many[Fork]
    """Shape (levels * sectors,)."""
    state: Many[int]
    """All arrays that change during a run and are needed later, as one piece of memory."""
    kept: Many[int]
    """Shape (levels * words of the state,): states from which branches go out."""
    branches_left: Many[int]
    """Shape (levels,): how many branches have still to go out from each state that is kept."""
    level_before: Many[int]
    """Shape (levels,): from which level each of these states was reached."""
    copies: Many[int]
    """Shape (levels,): as how many copies a run goes on while fighting is at a level."""
    hits: Many[int]
    """Shape (runs * levels,), like the next three: events, by the level of fighting before."""
    passed: Many[int]
    """How often a level was reached from below, split as at the level below it."""
    begun: Many[int]
    """How many branches began that end with that level; the run itself stands at level 0."""
    played: Many[int]
    """How many events happened while the hardest fighting was at a level."""
