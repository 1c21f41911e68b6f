"""The tables of the plan: steps, who decides about them, and what they rest on.

One class each; their docstrings are the keys' documentation. Those of the world that a plan is
tried in are in `sim.scenario.world`.
"""

from typing import Annotated, Literal, TypeAlias

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
    Piece,
    Positive,
    Share,
)

Exponent: TypeAlias = Annotated[float, Field(ge=0, le=100)]


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
    lasts_hours: Positive | None = None
    """It is in force for so long, and not again in that crisis; left out: until the crisis is
    over."""
    requires: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    """Conditions without which it is not called and does not come into force."""


class Condition(Piece):
    """Something that holds throughout a run or does not, and that steps can require."""

    probability: Share
    """How often it holds."""


class Guarantee(Piece):
    """The guarantee that steps rest on, which expires."""

    expires_years: Positive
    """So many years of 365 days into the ceasefire; steps that are in force then stay in force."""
    steps: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)] | None = None
    """The steps that need it, from then on neither called nor put into force; left out: all."""


class Credibility(Piece):
    """What kept and broken promises make of the threat of an answer.

    A promise is a step's deadline that falls due with the need met. Credibility is the share of
    kept ones among all, the prior's included; each factor is exp(-exponent * (credibility -
    that of the prior)).
    """

    kept: Annotated[float, Field(gt=0, le=1e6)]
    """Kept promises of the prior: before the ceasefire began, so to speak."""
    broken: Annotated[float, Field(gt=0, le=1e6)]
    """Broken promises of the prior."""
    forget_days: Positive | None = None
    """Half-life of promises, those of the prior excepted; left out: nothing is forgotten."""
    incidents: Exponent = 0.0
    """Exponent of the factor on the rate of incidents; 0: no effect."""
    attack: Exponent = 0.0
    """Exponent of the factor on the hazard of a decision to attack; 0: no effect."""
    expand: Exponent = 0.0
    """Exponent of the factor on the hazard that fighting expands; 0: no effect."""


class Commitment(Piece):
    """Whether an actor is there at all; one that is not there says no."""

    available: Share = 1.0
    """How often it is there at the start."""
    review_years: Annotated[float, Field(ge=0.001)] | None = None
    """Years of 365 days from one review of the commitment to the next; left out: none."""
    withdraw: Share = 0.0
    """How often it withdraws at a review."""
    rejoin: Share = 0.0
    """How often it comes back at a review."""


class Actor(Piece):
    """Somebody who decides alone."""

    decision: Delay = NO_DELAY
    """How long the decision takes."""
    yes_probability: Share = 1.0
    """How often it is a yes."""
    commitment: Commitment | None = None
    """Whether it is there at all; left out: it always is."""


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
    needs_backer: bool = False
    """Whether it waits for the group's backer, and says no if the backer does."""
    vetoes: bool = False
    """Whether its no is the group's no, with the rule veto."""


class Group(Piece):
    """Somebody who decides by vote."""

    rule: Literal["quorum", "unanimity", "veto"]
    """How the vote is counted: so many must say yes (`quorum`), all must (`unanimity`), or all
    that have a veto (`veto`), and a quorum besides if one is given."""
    quorum: Count | None = None
    """So many members must say yes."""
    quorum_weight: Annotated[float, Field(gt=0, le=1)] | None = None
    """Members with this share of the weight must say yes."""
    correlation: Share = 0.0
    """What the members' answers have in common: the correlation of the normal scores behind
    them. 0: each decides for itself."""
    backer: Name | None = None
    """The actor without whom the members that need a backer do not say yes."""
    members_file: str | None = None
    """A CSV file of members below the scenario's folder, one row each."""
    members: Annotated[
        dict[MemberName, Member], Field(max_length=1000), AfterValidator(FrozenTable)
    ] = Field(default={})
    """The members by name, instead of a file or to change what it says."""
