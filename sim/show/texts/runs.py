"""What the commands print: the summary as a table, a run as a story."""

import math
import os
import sys
from collections.abc import Iterator

import pandas as pd
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from sim.results.delays import PARTS
from sim.results.results import Results
from sim.results.summary import IN_TIME
from sim.scenario.counts import counted
from sim.scenario.sources import grades_in_words

_WIDTH_WHEN_PIPED = 110


class _Console(Console):
    """A console that lets the work go on when whoever reads it has read enough."""

    def on_broken_pipe(self) -> None:
        """Say no more."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def console() -> Console:
    """Return a console as wide as the terminal, or wide enough for every table in a pipe."""
    found = _Console(highlight=False)
    return found if found.is_terminal else _Console(highlight=False, width=_WIDTH_WHEN_PIPED)


def summary_tables(results: Results) -> Iterator[RenderableType]:
    """Yield what `sim run` prints: title, a table for each question, and what it rests on."""
    yield Text(results.scenario.title, style="bold")
    runs = f"{counted(results.replications, 'run')}, seed {results.seed}, run id {results.run_id}"
    yield Text(f"{runs}; 95 % intervals in brackets")
    for question, rows in results.summary().groupby("question", sort=False):
        yield _table(str(question), rows)
        if question == IN_TIME and results.scenario.steps:
            yield _delays_table(results.delays())
    yield Text("Illustrative: conditional on assumptions, not a forecast.", style="italic")
    yield Text(grades_in_words(results.scenario), style="italic")


def _table(question: str, rows: pd.DataFrame) -> Table:
    table = _titled(question)
    table.add_column("", min_width=46)
    table.add_column("estimate", justify="right", min_width=9)
    table.add_column("interval", justify="right", min_width=18)
    table.add_column("", min_width=18)
    for row in rows.itertuples():
        value, low, high = (float(str(one)) for one in (row.estimate, row.low, row.high))
        share = str(row.unit).startswith("share")
        unit = str(row.unit) if not share else f"of {row.n:,} {str(row.unit).split()[-1]}"
        interval = f"[{_number(low, share=share)}, {_number(high, share=share)}]"
        shown = Text(_number(value, share=share) + (" %" if share else ""))
        table.add_row(Text(str(row.meaning)), shown, Text(interval), Text(unit))
    return table


def _titled(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1))


def _delays_table(delays: pd.DataFrame) -> Table:
    """Return a line for each step: the mean hours of its parts, and which of them is the longest.

    The intervals are in delays.csv, that of the whole delay in the table above.
    """
    table = _titled("Where does the time go? Mean hours, where the step comes into force")
    table.add_column("")
    for part in PARTS:
        table.add_column(part.split()[0], justify="right")
    table.add_column("most often longest")
    table.add_column("most often last")
    table.add_column("crises", justify="right")
    for step, rows in delays.groupby("step", sort=False):
        hours = [_number(float(one), share=False) for one in rows["hours"]]
        crises = f"{rows['n'].iloc[0]:,}"
        table.add_row(Text(str(step)), *hours, *map(Text, bottleneck(rows)), crises)
    return table


def bottleneck(rows: pd.DataFrame) -> tuple[str, str]:
    """Return a step's part that most often took longest, and who most often said the last yes."""
    if not rows["n"].any():
        return "never in force", ""
    shares = rows["longest_share"].to_numpy(dtype=float)
    part = str(rows["part"].iloc[shares.argmax()]).split()[0]
    longest = f"{part}, {100 * shares.max():.0f} %" if shares.any() else "takes no time"
    deciders, last = rows["last_decider"].dropna(), rows["last_share"].dropna()
    if deciders.empty:
        return longest, "nobody decides"
    return longest, f"{deciders.iloc[0]}, {100 * last.iloc[0]:.0f} %"


def _number(value: float, *, share: bool) -> str:
    """Return three significant digits, a share in percent.

    >>> _number(0.07, share=True), _number(1434.29, share=False), _number(math.nan, share=True)
    ('7.0', '1,434', 'none')
    """
    if math.isnan(value):
        return "none"
    if share:
        return f"{100 * value:.1f}"
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"  # noqa: PLR2004


def story(trace: pd.DataFrame) -> Iterator[str]:
    """Yield a run as lines: the hour, the day and the time of day, and what happened where."""
    wide = max(14, *trace["where"].map(len))
    yield f"{'hour':>10}  {'day, time':<12}  {'event':<19}  {'where':<{wide}}  detail"
    for row in trace.itertuples():
        hours = float(str(row.time_hours))
        minutes = round(hours * 60)
        day, time = minutes // 1440 + 1, f"{minutes % 1440 // 60:02d}:{minutes % 60:02d}"
        yield f"{hours:10.2f}  {day:5d}, {time}  {row.event:<19}  {row.where:<{wide}}  {row.detail}"
