"""The document: prose that people write, and blocks between marks that are written here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from docs.blocks import with_blocks as filled
from validation.measures import Estimate, over_runs, persistence, size_k, variance_to_mean
from validation.pattern import COMES_OUT, DOES_NOT, MET, MISSED, NO_FIGURE, TOO_WIDE, Pattern
from validation.patterns import FILE, patterns
from validation.spans import BEFORE_BUILD_UP, YEARS
from validation.worlds import LONG_YEARS, RECOMMITMENT_DAY, SEED, Effort, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from validation.measures import Periods


class Row(NamedTuple):
    """A pattern and what each world gives, by the world's name."""

    pattern: Pattern
    found: dict[str, Estimate]

    def verdict(self, world: str) -> str:
        """Return what is to be said of a world."""
        return self.pattern.verdict(world, self.found[world])


def compared(worlds: Sequence[World]) -> list[Row]:
    """Return every pattern with what the worlds give."""
    return [
        Row(pattern, {world.name: pattern.measure(world) for world in worlds})
        for pattern in patterns()
    ]


def with_blocks(
    text: str, rows: list[Row], worlds: Sequence[World], effort: Effort, figure: str
) -> str:
    """Return the document with its blocks filled; `figure` is the picture's name."""
    blocks = {
        "how": _how(worlds, effort),
        "patterns": _table(rows),
        "reckoning": _reckoning(rows),
        "inputs": _inputs(rows),
        "even counts": _even_counts(worlds),
        "figure": f"![Each pattern: what both worlds give, over what was observed]({figure})",
    }
    return filled(text, blocks)


def figure_of(kind: str, value: float) -> str:
    """Return a figure as people read it.

    >>> figure_of("share", 0.1779), figure_of("factor", 15.6), figure_of("days", 1321.4)
    ('18 %', '16', '1,321')
    """
    if math.isinf(value):
        return "infinite"
    if kind == "share":
        return f"{100 * value:.0f} %" if value == 0 or value >= 0.01 else f"{100 * value:.1f} %"  # noqa: PLR2004 - one per cent
    if kind == "days":
        return f"{value:,.0f}"
    digits = 2 if abs(value) < 10 else 0  # noqa: PLR2004 - three digits
    return f"{value:,.{digits}f}"


def span_of(kind: str, low: float, high: float) -> str:
    """Return a range as people read it.

    >>> span_of("share", 0.19, 0.28), span_of("factor", 2.0, 2.0)
    ('19 to 28 %', '2.00')
    """
    if figure_of(kind, low) == figure_of(kind, high):
        return figure_of(kind, low)
    first = figure_of(kind, low).removesuffix(" %")
    return f"{first} to {figure_of(kind, high)}"


def known_of(pattern: Pattern) -> str:
    """Return what was observed as people read it."""
    known = pattern.known
    return "none" if math.isnan(known.low) else span_of(pattern.kind, known.low, known.high)


def _found_of(pattern: Pattern, found: Estimate) -> str:
    if math.isnan(found.value):
        return "none"
    kind = pattern.kind
    return f"{figure_of(kind, found.value)} ({span_of(kind, found.low, found.high)})"


def _table(rows: list[Row]) -> str:
    worlds = list(rows[0].found)
    header = ["pattern", "observed", "source"]
    for world in worlds:
        header += [f"{world} (95 %)", f"{world}: verdict"]
    lines = [_line(header), _line(["---"] * len(header))]
    for row in rows:
        pattern = row.pattern
        cells = [pattern.name, f"{known_of(pattern)}; {pattern.known.note}"]
        cells.append(", ".join(f"`{one}`" if "." in one else one for one in pattern.sources))
        for world in worlds:
            verdict = row.verdict(world)
            cells += [
                _found_of(pattern, row.found[world]),
                f"**{verdict}**" if verdict in (MISSED, DOES_NOT) else verdict,
            ]
        lines.append(_line(cells))
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _reckoning(rows: list[Row]) -> str:
    """Return for each world how many patterns it meets, and which it misses."""
    lines = []
    for world in rows[0].found:
        by_verdict = {
            verdict: [row.pattern.name for row in rows if row.verdict(world) == verdict]
            for verdict in (MET, MISSED, TOO_WIDE, COMES_OUT, DOES_NOT, NO_FIGURE)
        }
        counts = {verdict: len(names) for verdict, names in by_verdict.items()}
        inputs = counts[COMES_OUT] + counts[DOES_NOT]
        lines.append(
            f"- **{world}**: {counts[MET] + counts[MISSED]} real tests, {counts[MET]} met and "
            f"{counts[MISSED]} missed; {inputs} inputs, {counts[DOES_NOT]} of which do not come "
            f"out; {counts[TOO_WIDE]} too wide to tell; {counts[NO_FIGURE]} without an observed "
            "figure."
        )
        lines += [f"  - missed: {name}" for name in by_verdict[MISSED]]
        lines += [f"  - put in, does not come out: {name}" for name in by_verdict[DOES_NOT]]
    return "\n".join(lines)


def _inputs(rows: list[Row]) -> str:
    """Return which values were set to what was observed, in which world."""
    lines = [_line(["pattern", *rows[0].found]), _line(["---"] * (1 + len(rows[0].found)))]
    lines += [
        _line([row.pattern.name, *(row.pattern.inputs.get(world, "") for world in row.found)])
        for row in rows
        if row.pattern.inputs
    ]
    return "\n".join(lines)


def _even_counts(worlds: Sequence[World]) -> str:
    """Return what the spread of counts over incidents does to the scatter."""
    statistics: dict[str, Callable[[Periods], float]] = {
        "variance to mean, 2021": lambda one: variance_to_mean(
            YEARS[1].of(one).single_days().total
        ),
        "size k, 2021": lambda one: size_k(YEARS[1].of(one).single_days().total),
        "residual sd of the autoregression": lambda one: (
            persistence(BEFORE_BUILD_UP.of(one)).residual_sd
        ),
    }
    columns = [
        (f"{world.name}, {how}", reports)
        for world in worlds
        for how, reports in (("long tail", world.reports), ("five each", world.even_reports))
    ]
    lines = [_line(["", *(name for name, _ in columns)]), _line(["---"] * (1 + len(columns)))]
    for name, statistic in statistics.items():
        found = [over_runs([statistic(one) for one in reports]) for _, reports in columns]
        lines.append(
            _line(
                [
                    name,
                    *(
                        f"{figure_of('number', one.value)} ({span_of('number', one.low, one.high)})"
                        for one in found
                    ),
                ]
            )
        )
    return "\n".join(lines)


def _how(worlds: Sequence[World], effort: Effort) -> str:
    played = (
        f"`make patterns`, seed {SEED}: {effort.runs} runs of each world over the 574 days from "
        f"27 July 2020 to 20 February 2022, {effort.runs} more with a recommitment on day "
        f"{RECOMMITMENT_DAY}, and {effort.long_runs:,} of {LONG_YEARS} years until they fail."
    )
    lines = [played, ""]
    for world in worlds:
        failed = (world.outcomes["outcome"] == "collapsed").sum()
        lines.append(
            f"- {world.name}: {len(world.undisturbed)} of {len(world.runs)} runs had no attack in "
            f"the 574 days and are held against `{FILE}`; {len(world.struck)} runs with an attack "
            f"give what comes before one; {len(world.recommitted)} runs give the recommitment; "
            f"{failed} of {len(world.outcomes):,} ceasefires failed within {LONG_YEARS} years."
        )
    return "\n".join(lines)
