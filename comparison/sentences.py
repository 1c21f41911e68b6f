"""Sentences with numbers in them, made from what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from comparison.details import ANSWERS, first_runs
from comparison.plans import ALONE, COUNCIL, FULL, LEVERS, MAIN, OBSERVE, PLANS, Plan
from comparison.tables import (
    Verdict,
    fighting_difference,
    holds_difference,
    verdicts,
)
from comparison.writing import number, percent
from sim.results.estimates import share_of_runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comparison.playing import Found
    from sim.results.estimates import Estimate
    from sim.results.paired import Paired

_WORDS: Final = (
    (0.1, "seldom"),
    (0.45, "in a minority of cases"),
    (0.55, "about as often as not"),
    (0.9, "more often than not"),
)


def sentences(found: Found) -> dict[str, str]:
    """Return paragraphs by the name of their block."""
    return {
        "answer": answer(found),
        "same luck": same_luck(found),
        "what they change": what_they_change(found),
        "what decides": what_decides(found),
        "what answers do": what_answers_do(found),
        "what is robust": what_is_robust(found),
    }


def how_often(share: float) -> str:
    """Return a share in words.

    >>> how_often(0.05), how_often(0.3), how_often(0.7)
    ('seldom', 'in a minority of cases', 'more often than not')
    """
    return next((words for below, words in _WORDS if share < below), "nearly always")


def percents(found: Estimate) -> str:
    """Return a share with its interval, in a sentence."""
    return f"{percent(found.value)} % ({percent(found.low)} to {percent(found.high)})"


def points(paired: Paired) -> str:
    """Return a difference of shares in points with its interval, in a sentence."""
    value, low, high = (100 * one for one in paired.difference[:3])
    return f"{value:+.1f} points ({low:+.1f} to {high:+.1f})"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    >>> listed(["a", "b", "c"]), listed([])
    ('a, b and c', 'none')
    """
    if not words:
        return "none"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def answer(found: Found) -> str:
    """Return whether the three-step plan would work in time, and what decides it."""
    main = found.of(MAIN)
    warning, third = main.steps["warning"], main.steps["military"]
    on_time, in_time = warning.on_time_share(), main.helped_in_time.share()
    return (
        "**Would the three-step plan work in time?** "
        f"Under these assumptions its warning is in time {how_often(on_time.value)}, help from "
        f"outside {how_often(in_time.value)}, and its third step comes at all "
        f"{how_often(third.reached().value)}. "
        f"Of the warnings {percents(on_time)} are in force within 24 hours of the violation. "
        f"Of the crises with an expanded attack {percents(in_time)} have help from outside within "
        "72 hours of the violation that opened them, which is the coalition's, and "
        f"{percents(main.helped.share())} at any "
        f"hour. The third step, with the USA, is in force after {percents(third.reached())} of "
        f"its calls, {number(third.delays.mean().value)} hours after the violation on average. "
        f"{_if_attacked(found)} {_what_it_is(found)}"
    )


def _if_attacked(found: Found) -> str:
    """Return how the main plan fares where somebody attacks."""
    main, alone, observe = found.of(MAIN), found.of(ALONE), found.of(OBSERVE)
    ours, own, none = (
        percents(share_of_runs(one.held[observe.attacked])) for one in (main, alone, observe)
    )
    return (
        f"Where somebody attacks, the ceasefire lives through the year in {ours} of the runs, "
        f"with Ukraine alone in {own}, and in {none} if nobody responds."
    )


def _what_it_is(found: Found) -> str:
    """Return what decides it."""
    main = found.of(MAIN)
    warning, third = main.steps["warning"], main.steps["military"]
    votes, hours = (by_size(found, is_of_votes=kind)[0] for kind in (True, False))
    refused = percent(float(third.refused.sum() / third.called.sum()))
    return (
        "**What decides it**: for the warning how fast a violation is attributed, which takes "
        f"{number(warning.parts['attribution'].mean().value)} of its "
        f"{number(warning.delays.mean().value)} hours; for all that comes after it who says yes, "
        f"more than any hour in the plan. The third step is refused after {refused} % of calls. "
        "Of the changes tried one at a time, the one to a vote that matters most "
        f"({votes[0]}) changes how often the ceasefire holds by {points(votes[1])}, the one to a "
        f"delay that matters most ({hours[0]}) by {points(hours[1])}; but whoever comes sooner "
        "comes with fewer in this model, as is said [below](#what-decides-it)."
    )


def by_size(found: Found, *, is_of_votes: bool | None = None) -> list[tuple[str, Paired]]:
    """Return what was changed about the three-step plan, the greatest difference first."""
    main = found.levers[LEVERS[0].name]
    made = [
        (lever.name, holds_difference(found.levers[lever.name], main))
        for lever in LEVERS[1:]
        if is_of_votes in (None, lever.is_of_votes)
    ]
    return sorted(made, key=lambda one: -abs(one[1].difference.value))


def same_luck(found: Found) -> str:
    """Return what the shared luck was worth."""
    observe = found.of(OBSERVE)
    others = [found.of(plan) for plan in PLANS if plan != OBSERVE]
    holds = [holds_difference(one, observe).narrower for one in others]
    fighting = [fighting_difference(one, observe).narrower for one in others]
    middle = float(np.median(holds))
    return (
        f"In the plain world that makes the intervals of differences to observing only "
        f"{min(holds):.1f} to {max(holds):.1f} times narrower for how often the ceasefire holds, "
        f"and {min(fighting):.1f} to {max(fighting):.1f} times for expanded fighting. "
        f"A typical {middle:.1f} times is worth {middle**2:.0f} times the runs."
    )


def what_they_change(found: Found) -> str:
    """Return what the plans buy in the plain world."""
    observe, alone = found.of(OBSERVE), found.of(ALONE)
    rows = [(plan, holds_difference(found.of(plan), observe)) for plan in PLANS if plan != OBSERVE]
    rows.sort(key=lambda row: -row[1].difference.value)
    best, own = rows[0], holds_difference(alone, observe)
    same = (
        "the same runs as"
        if bool((found.of(COUNCIL).held == alone.held).all())
        else "other runs than"
    )
    lost = sum(int((observe.held & ~found.of(plan).held).sum()) for plan, _ in rows)
    return (
        f"In the plain world the greatest gain is that of *{best[0].name}*, "
        f"{points(best[1])}; Ukraine alone brings {points(own)}, which every plan but observing "
        "only contains. "
        f"The Security Council with the aggressor's veto saves {same} Ukraine alone. "
        f"Runs that hold without a plan and are lost with one: {lost:,} of all plans together."
    )


def what_decides(found: Found) -> str:
    """Return which changes help, which do not, and where the hours go."""
    changes = by_size(found)
    gains = [f"{name} ({points(paired)})" for name, paired in changes if paired.sign() > 0]
    losses = [f"{name} ({points(paired)})" for name, paired in changes if paired.sign() < 0]
    neither = [name for name, paired in changes if paired.sign() == 0]
    third = found.of(MAIN).steps["military"]
    ended = third.in_force + third.refused + third.stood_down
    undone = float((third.called - ended).sum() / third.called.sum())
    return (
        f"What helps the ceasefire to hold: {listed(gains)}. What harms: {listed(losses)}. "
        f"Not told apart: {listed(neither)}. "
        f"Of the calls of the third step {percent(undone)} % are still undecided or under way when "
        "the run ends, nearly always because the ceasefire has collapsed meanwhile."
    )


def what_answers_do(found: Found) -> str:
    """Return what is left of the three-step plan's gain under each answer."""
    main, observe = found.of(MAIN), found.of(OBSERVE)
    said = []
    for world in ANSWERS:
        ours, theirs = found.of(MAIN, world), found.of(OBSERVE, world)
        before = holds_difference(first_runs(main, ours.runs), first_runs(observe, ours.runs))
        said.append(
            f"under {world.name} {points(holds_difference(ours, theirs))}, where the same runs "
            f"without it give {points(before)}"
        )
    return f"What the three-step plan gains over observing only: {'; '.join(said)}."


def what_is_robust(found: Found) -> str:
    """Return which plans add to Ukraine alone whatever the world, and how they stand to P1."""
    added, against = verdicts(found, ALONE), verdicts(found, MAIN, turned=True)
    full = holds_difference(found.of(MAIN, FULL), found.of(OBSERVE, FULL))
    lines = (
        (
            f"- **Robustly more than Ukraine alone**: {_named(added, robust=True, better=True)}. "
            f"More in some worlds only: {_named(added, robust=False, better=True)}. "
            f"Robustly less: {_named(added, robust=True, better=False)}. "
            f"Never told apart from it: {_open(added)}."
        ),
        (
            f"- **The three-step plan is robustly better than** "
            f"{_named(against, robust=True, better=True)}. Better in some worlds only than "
            f"{_named(against, robust=False, better=True)}. Worse in any world than "
            f"{listed([_short(one.plan) for one in against if one.worse])}."
        ),
        f"- In the full world its gain over observing only is {points(full)}.",
    )
    return "\n".join(lines)


def _named(found: list[Verdict], *, robust: bool, better: bool) -> str:
    """Return the plans with a verdict of this kind, as a list in a sentence."""
    chosen = [
        one for one in found if one.is_robust() == robust and (one.better if better else one.worse)
    ]
    return listed([_short(one.plan) for one in chosen])


def _open(found: list[Verdict]) -> str:
    return listed([_short(one.plan) for one in found if not (one.better or one.worse)])


def _short(plan: Plan) -> str:
    return f"*{plan.name}*"
