"""Who decides on a step: every voter takes its time, and the rules say how the vote stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.rows import NO_WORD
from sim.model.chance import ANSWER, ANSWER_DELAY, PARLIAMENT_DELAY
from sim.model.clocks import delay_hours
from sim.model.hours import ANSWERS, rank
from sim.model.steps import is_under_way
from sim.model.violations import happens
from sim.model.votes import share_of_weight, vote_stands
from sim.model.words import BY_MEMBERS, DECIDING, NO, UNDECIDED, YES

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.step import StepInCrisis
    from sim.scenario.numbers import DeciderNumbers, VoterNumbers


class Vote:
    """One decider's vote so far: an actor's is a vote of one."""

    def __init__(self, numbers: DeciderNumbers) -> None:
        """Start without answers."""
        self.numbers = numbers
        self.stands = UNDECIDED
        self.yes = self.no = 0
        self.yes_share = self.no_share = 0.0

    def count(self, says_yes: bool, share: float) -> None:  # noqa: FBT001 - an answer
        """Count an answer; a vote that has fallen stays as it fell."""
        if says_yes:
            self.yes, self.yes_share = self.yes + 1, self.yes_share + share
        else:
            self.no, self.no_share = self.no + 1, self.no_share + share
        if self.stands == UNDECIDED:
            numbers = self.numbers
            self.stands = vote_stands(
                numbers.counted_by,
                numbers.quorum,
                numbers.members,
                self.yes,
                self.no,
                self.yes_share,
                self.no_share,
            )


class Decision:
    """The decision on one step: a yes when all its deciders said yes, a no when one said no."""

    def __init__(self, step: StepInCrisis) -> None:
        """Start before anybody was asked."""
        self.step = step
        self.votes = [Vote(decider) for decider in step.numbers.deciders]
        self.said_yes = [False] * len(step.numbers.voters)
        self.last_decider = NO_WORD

    def begin(self) -> None:
        """Ask everybody; a step without deciders is decided at once."""
        for index, voter in enumerate(self.step.numbers.voters):
            self.step.line.env.process(self.answers(index, voter))
        self._count()

    def answers(self, index: int, voter: VoterNumbers) -> Process:
        """One voter makes up its mind, then its parliament, and it says yes or no."""
        step, env = self.step, self.step.line.env
        decision = delay_hours(*voter.decision, step.crisis.chance(ANSWER_DELAY, voter.keys))
        chance = step.crisis.chance(PARLIAMENT_DELAY, voter.keys)
        hours = env.now + decision + delay_hours(*voter.parliament, chance)
        alarm = env.at(hours, rank(ANSWERS, step.ladder.scope, (step.index << 32) | index))
        if alarm is not None:
            yield alarm
            if step.crisis.is_open and is_under_way(step.state):
                says_yes = happens(step.crisis.chance(ANSWER, voter.keys), voter.yes_probability)
                self._hear(index, voter, says_yes)

    def _hear(self, index: int, voter: VoterNumbers, says_yes: bool) -> None:  # noqa: FBT001
        vote = self.votes[voter.decider]
        before = vote.stands
        vote.count(says_yes, voter.share)
        self.said_yes[index] = says_yes
        if vote.numbers.is_group:
            self.step.note("member_yes" if says_yes else "member_no", index)
        if vote.stands != before:
            self.last_decider = voter.decider
            name = "decider_yes" if vote.stands == YES else "decider_no"
            self.step.note(name, voter.decider, self.step.clock_shows())
            self._count()

    def _count(self) -> None:
        """See whether the step is decided by now."""
        yes = sum(vote.stands == YES for vote in self.votes)
        no = sum(vote.stands == NO for vote in self.votes)
        stands = vote_stands(BY_MEMBERS, len(self.votes), len(self.votes), yes, no, 0.0, 0.0)
        if self.step.state == DECIDING and stands == YES:
            self.step.decided()
        elif self.step.state == DECIDING and stands == NO:
            self.step.refused()

    def share_behind(self) -> float:
        """Return the share of all the groups' pledged weight that has said yes by now."""
        yes_weight = total_weight = 0.0
        for voter, says_yes in zip(self.step.numbers.voters, self.said_yes, strict=True):
            total_weight += voter.weight
            yes_weight += voter.weight if says_yes else 0.0
        return share_of_weight(yes_weight, total_weight)
