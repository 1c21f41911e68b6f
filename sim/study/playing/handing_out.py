"""Playing a batch: what is missing is handed out, and what comes back is gathered and kept."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sim.model.words import COLLAPSED, RUNAWAY
from sim.results.gathering import Gathered, Gathering, Keeping
from sim.results.opening import take_up
from sim.results.progress import shown
from sim.scenario.counts import counted
from sim.scenario.parameters import parameters
from sim.study.playing.chunks import Crew, played
from sim.study.playing.tasks import FIRST_RUNS, empty_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from sim.results.batch import Batch
    from sim.results.place import Place
    from sim.results.progress import Watched
    from sim.results.spans import Span
    from sim.results.tally import Tally
    from sim.study.playing.tasks import Done


class RunawayError(RuntimeError):
    """All runs run away: there is nothing to learn from playing on."""


class RunsFailedError(RuntimeError):
    """All runs fail: there is nothing to learn from playing on."""


class Playing:
    """A batch that is being played."""

    def __init__(self, batch: Batch, crew: Crew, place: Place | None) -> None:
        """Begin with nothing."""
        self.batch = batch
        self._crew = crew
        self._place = place
        self._empty = empty_tables(parameters(batch.case(0)), is_sweep=batch.is_sweep)
        keeping = Keeping(batch.rows, batch.crises, self.tally)
        self.gathering = Gathering(batch.layout, self._empty, place, keeping)
        self._gone_wrong = [0, 0]
        self.runaways = 0

    def tally(self, outcomes: pa.Table) -> Tally:
        """Return what a summary needs of a block."""
        from sim.results.tally import Tally  # noqa: PLC0415 - takes time, and few need it

        return Tally.of(self.batch.scenario, outcomes)

    def tally_so_far(self, name: str, replications: int) -> Tally:
        """Return what the estimate of a quantity needs of the first runs, which are all there."""
        from sim.results.tally import Tally  # noqa: PLC0415 - as above

        def made(outcomes: pa.Table) -> Tally:
            return Tally.of(self.batch.scenario, outcomes, only=name)

        return self.gathering.tally_so_far(name, replications, made)

    def go_on(self) -> list[str]:
        """Take up what is in the folder, and return what was wrong with any of it."""
        if self._place is None:
            return []
        return take_up(self.gathering, self._place, self._empty)

    def play(self, spans: Sequence[Span], watched: Watched) -> None:
        """Play some runs that are missing; an interrupted batch keeps what there is of it."""
        with closing(played(self.batch, spans, self._crew)) as chunks:
            try:
                for done in chunks:
                    self._see(done)
                    self.gathering.add(done.held)
                    watched.done(done.span.runs, done.endings[COLLAPSED], sum(done.endings))
            except (RunawayError, RunsFailedError):
                raise
            except BaseException:
                self.gathering.write_pieces()
                raise

    def play_all(self) -> Gathered:
        """Play all that is missing, and return the whole."""
        spans = self.gathering.missing()
        with shown(sum(span.runs for span in spans)) as watched:
            self.play(spans, watched)
        return self.gathering.finish(self.batch.replications)

    def _see(self, done: Done) -> None:
        """Give up where the first hundred runs have all gone wrong in the same way."""
        self.runaways += done.endings[RUNAWAY]
        failed = sum(one.case == 0 and one.run < FIRST_RUNS for one in done.held.failures)
        for kind, more in enumerate((done.first_endings[RUNAWAY], failed)):
            self._gone_wrong[kind] += more
        runs = self.batch.layout.runs
        if self._gone_wrong[0] == FIRST_RUNS < runs:
            raise RunawayError(_hopeless(self.batch))
        if self._gone_wrong[1] == min(FIRST_RUNS, runs):
            first = done.held.failures[0]
            message = f"all of the first runs fail, with {first.kind}: {first.message}"
            raise RunsFailedError(message)


def _hopeless(batch: Batch) -> str:
    return (
        f"all of the first {FIRST_RUNS} runs have run away, each cut off after "
        f"{batch.scenario.run.most_violations:,} violations and alarms (run.most_violations): "
        "lower what makes them so many, raise that, or ask for at most "
        f"{FIRST_RUNS} runs to see their rows"
    )


def failures_in_words(gathered: Gathered, runs: int) -> str:
    """Return the failures grouped by what went wrong, and which runs each group is of."""
    groups: dict[tuple[str, str], list[int]] = {}
    for one in gathered.failures:
        groups.setdefault((one.kind, one.message), []).append(one.run)
    told = [
        f"{len(found):,} with {kind}: {message} (runs {_few(found)})"
        for (kind, message), found in groups.items()
    ]
    failed = f"{len(gathered.failures):,} of {counted(runs, 'run')}"
    return f"{failed} failed and had to be left out: {'; '.join(told)}"


def _few(runs: list[int]) -> str:
    most = 5
    return ", ".join(map(str, runs[:most])) + (", ..." if len(runs) > most else "")
