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


class SectorNumbers(NamedTuple):
    """A sector of the line; the key is for its draws."""

    name: str
    share: float
    incident_mean_hours: float
    """Mean wait for the next incident while no step is in force."""
    key: int


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
    keys: tuple[int, ...]
    """For its draws, by the sector whose violation opened the crisis."""


class DeciderNumbers(NamedTuple):
    """An actor or a group as one of a step's deciders, and how its vote is counted."""

    name: str
    counted_by: int
    quorum: float
    members: int
    is_group: bool


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
    deciders: tuple[DeciderNumbers, ...]
    voters: tuple[VoterNumbers, ...]
    keys: tuple[int, ...]
    """For its own draws, by the sector whose violation opened the crisis."""


class ScopeNumbers(NamedTuple):
    """A place where crises open: the line, or one sector."""

    name: str
    sectors: tuple[int, ...]


class Parameters(NamedTuple):
    """Everything that decides what a run does, besides its seed and number."""

    horizon_hours: float
    most_violations: int
    """After so many incidents and attacks a run is cut off as a runaway."""
    attack_mean_hours: float
    attack_sectors: int
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
