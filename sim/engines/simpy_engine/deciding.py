"""Who decides on a step: every voter takes its time, and the rules say how the vote stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.rows import NO_WORD
from sim.model.chance import ANSWER, ANSWER_DELAY, COMMON_FACTOR, PARLIAMENT_DELAY
from sim.model.clocks import delay_hours
from sim.model.hours import ANSWERS, rank
from sim.model.steps import is_under_way
from sim.model.violations import happens
from sim.model.votes import says_yes, share_of_weight, vote_stands, vote_with_vetoes
from sim.model.words import BY_MEMBERS, DECIDING, NO, UNDECIDED, YES

if TYPE_CHECKING:
    from sim.engines.simpy_engine.environment import Process
    from sim.engines.simpy_engine.step import StepInCrisis
    from sim.scenario.numbers import BackerNumbers, DeciderNumbers, VoterNumbers


class Vote:
    """One decider's vote so far: an actor's is a vote of one."""

    def __init__(self, numbers: DeciderNumbers) -> None:
        """Start without answers."""
        self.numbers = numbers
        self.stands = UNDECIDED
        self.yes = self.no = 0
        self.yes_share = self.no_share = 0.0
        self.vetoers_yes = self.vetoers_no = 0

    def count(self, answer: bool, voter: VoterNumbers) -> None:  # noqa: FBT001 - an answer
        """Count an answer; a vote that has fallen stays as it fell."""
        if answer:
            self.yes, self.yes_share = self.yes + 1, self.yes_share + voter.share
            self.vetoers_yes += voter.vetoes
        else:
            self.no, self.no_share = self.no + 1, self.no_share + voter.share
            self.vetoers_no += voter.vetoes
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
            if numbers.vetoers > 0:
                self.stands = vote_with_vetoes(
                    self.stands, numbers.vetoers, self.vetoers_yes, self.vetoers_no
                )


class Backer:
    """An actor without whom some members do not say yes: its answer, as if it decided itself."""

    def __init__(self, step: StepInCrisis, numbers: BackerNumbers) -> None:
        """Start before it was asked."""
        self.step = step
        self.numbers = numbers
        self.answers_at_hours = 0.0
        self.says_yes = False

    def is_asked(self) -> None:
        """Find when it will answer, and what; nobody hears of it but those who need it."""
        crisis, line, numbers = self.step.crisis, self.step.line, self.numbers
        delay = delay_hours(*numbers.decision, crisis.chance(ANSWER_DELAY, numbers.keys))
        self.answers_at_hours = line.env.now + delay
        says = happens(crisis.chance(ANSWER, numbers.keys), numbers.yes_probability)
        is_there = line.circumstances.will_be_there(numbers.commitment, self.answers_at_hours)
        self.says_yes = says and is_there


class Decision:
    """The decision on one step: a yes when all its deciders said yes, a no when one said no."""

    def __init__(self, step: StepInCrisis) -> None:
        """Start before anybody was asked."""
        self.step = step
        self.votes = [Vote(decider) for decider in step.numbers.deciders]
        self.said_yes = [False] * len(step.numbers.voters)
        self.backers = [Backer(step, numbers) for numbers in step.numbers.backers]
        self.last_decider = NO_WORD

    def begin(self) -> None:
        """Ask everybody; a step without deciders is decided at once."""
        for backer in self.backers:
            backer.is_asked()
        for index, voter in enumerate(self.step.numbers.voters):
            self.step.line.env.process(self.answers(index, voter))
        self._count()

    def answers(self, index: int, voter: VoterNumbers) -> Process:
        """One voter makes up its mind, then its parliament, and it says yes or no."""
        step, env = self.step, self.step.line.env
        decision = delay_hours(*voter.decision, step.crisis.chance(ANSWER_DELAY, voter.keys))
        chance = step.crisis.chance(PARLIAMENT_DELAY, voter.keys)
        hours = env.now + decision + delay_hours(*voter.parliament, chance)
        if voter.backer >= 0:
            hours = max(hours, self.backers[voter.backer].answers_at_hours)
        alarm = env.at(hours, rank(ANSWERS, step.ladder.scope, (step.index << 32) | index))
        if alarm is not None:
            yield alarm
            if step.crisis.is_open and is_under_way(step.state):
                self._hear(index, voter)

    def _would_say_yes(self, voter: VoterNumbers) -> bool:
        """Return what a voter would say if it needed nobody's backing."""
        decider, crisis = self.step.numbers.deciders[voter.decider], self.step.crisis
        return self.step.line.circumstances.is_there(voter.commitment) and says_yes(
            crisis.chance(ANSWER, voter.keys),
            crisis.chance(COMMON_FACTOR, decider.keys),
            decider.correlation,
            voter.yes_probability,
        )

    def _hear(self, index: int, voter: VoterNumbers) -> None:
        vote = self.votes[voter.decider]
        before, would = vote.stands, self._would_say_yes(voter)
        is_backed = voter.backer < 0 or self.backers[voter.backer].says_yes
        answer = would and is_backed
        vote.count(answer, voter)
        self.said_yes[index] = answer
        if vote.numbers.is_group:
            self.step.note("member_yes" if answer else "member_no", index, would and not is_backed)
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
        for voter, answer in zip(self.step.numbers.voters, self.said_yes, strict=True):
            total_weight += voter.weight
            yes_weight += voter.weight if answer else 0.0
        return share_of_weight(yes_weight, total_weight)
