"""The statistics of the patterns have known answers, and the document names every pattern."""

import math
from datetime import date

import numpy as np
import pytest

import sim
from sim.engines.compiled_engine import notes
from sim.engines.story import EVENTS
from sim.scenario.parameters import parameters
from validation import measures, observed, recording, worlds
from validation.document import compared, known_of, with_blocks
from validation.figure import draw
from validation.pattern import (
    COMES_OUT,
    DOES_NOT,
    MET,
    MISSED,
    NO_FIGURE,
    TOO_WIDE,
    Known,
    Pattern,
)
from validation.patterns import patterns

DOCUMENT = observed.ROOT / "docs" / "validation.md"


def series(counts, **columns):
    """Return a made-up series of single days."""
    days = np.arange(len(counts))
    made = measures.Periods(
        last_day=days,
        days=np.ones(len(counts), np.int64),
        total=np.array(counts, float),
        heavy=np.full(len(counts), math.nan),
        half=np.full(len(counts), math.nan),
    )
    return made._replace(**columns)


@pytest.fixture(scope="module")
def played():
    """Both worlds, a few runs of each."""
    return worlds.worlds(worlds.Effort(runs=6, long_runs=20), lambda _: None)


def test_equal_counts_do_not_scatter():
    """Without variance the ratio is 0, and a negative binomial would be infinitely large."""
    counts = np.full(10, 7.0)

    assert (measures.variance_to_mean(counts), measures.size_k(counts)) == (0.0, math.inf)


def test_scatter_of_four_counts():
    """Mean 5 and variance 20: four times the mean, and k = 25 / 15."""
    counts = np.array([0.0, 5.0, 5.0, 10.0])
    counts = 5 + (counts - 5) * math.sqrt(20 / counts.var(ddof=1))

    assert measures.variance_to_mean(counts) == pytest.approx(4)
    assert measures.size_k(counts) == pytest.approx(25 / 15)


def test_a_single_count_says_nothing_about_scatter():
    """There is no variance of one day."""
    assert math.isnan(measures.variance_to_mean(np.array([3.0])))
    assert math.isnan(measures.size_k(np.array([3.0])))


def test_an_exact_autoregression_is_found():
    """Each log count is half of the day's before and three more; nothing is left over."""
    logs = [7.0]
    for _ in range(6):
        logs.append(0.5 * logs[-1] + 3)

    found = measures.persistence(series(np.exp(logs)))

    assert found.slope == pytest.approx(0.5)
    assert found.residual_sd == pytest.approx(0, abs=1e-9)
    assert found.pairs == 6


def test_days_apart_and_days_with_few_counts_make_no_pair():
    """Of six days, one has too few counts and one does not follow the day before."""
    made = series([30, 40, 20, 50, 60, 70])
    made = made._replace(last_day=np.array([0, 1, 2, 3, 4, 6]))

    assert measures.persistence(made).pairs == 2


def test_longer_periods_count_by_their_days():
    """Thirty in one day and thirty in three are fifteen a day; the unknown does not count."""
    made = series([30, 30, math.nan])._replace(days=np.array([1, 3, 1]))

    assert measures.per_day(made) == 15


def test_a_share_that_alternates_wanders():
    """Half the days all in one half, half the days none: a standard deviation of a half or so."""
    made = series([100, 100, 100, 100], half=np.array([100.0, 0, 100, 0]))

    assert measures.wandering(made) == pytest.approx(math.sqrt(1 / 3))


def test_heavy_shares_leave_out_what_is_unknown():
    """A day without counts has no share, and one whose weapons are not known neither."""
    made = series([10, 0, 10], heavy=np.array([8.0, 0, math.nan]))

    assert measures.heavy_shares(made).tolist() == [0.8]
    assert measures.misfires(measures.heavy_shares(made)) == 1


def test_the_interval_over_runs_holds_95_per_cent():
    """Of a thousand runs, 25 lie on either side; those without a figure are left out."""
    found = measures.over_runs([*range(1, 1001), math.nan])

    assert found == measures.Estimate(500, 25, 975)


def test_the_interval_of_one_rare_event_is_the_exact_one():
    """One event: 0.0253 to 5.572 expected ones (tables of the Poisson distribution)."""
    found = measures.of_rare_events(1, 25_000)

    assert found.value == 4e-5
    assert (found.low * 25_000, found.high * 25_000) == pytest.approx((0.02532, 5.5716), rel=1e-4)


def test_no_event_leaves_an_upper_bound():
    """Three in as many chances, by the rule of three, a little more on two sides."""
    found = measures.of_rare_events(0, 100)

    assert (found.low, found.high) == (0, pytest.approx(0.0369, rel=1e-2))


def test_a_median_has_an_interval_of_its_own_values():
    """Of a hundred, the 40th and the 61st (tables of the binomial distribution)."""
    found = measures.of_median(np.arange(1.0, 101))

    assert found == measures.Estimate(50.5, 40, 61)


def test_the_file_gives_the_ledgers_figures():
    """L05, L06 and L07 are computed from the same file, by other code."""
    calendar = observed.smm_periods()
    year = calendar.within(observed.day_of(date(2021, 1, 1)), observed.day_of(date(2021, 12, 31)))
    counts = year.single_days().total
    follows = measures.persistence(calendar)

    assert len(counts) == 17
    assert round(counts.mean()) == 237
    assert round(measures.variance_to_mean(counts)) == 202
    assert round(measures.size_k(counts), 1) == 1.2
    assert (round(follows.slope, 2), round(follows.residual_sd, 2), follows.pairs) == (
        0.63,
        0.76,
        22,
    )


def test_a_run_is_recorded_as_its_trace_tells():
    """Incidents, detections below the last level, false alarms and attacks are the trace's."""
    plan = worlds.unanswered(sim.load(observed.ROOT / "scenarios" / "full_world.toml"))
    numbers = parameters(plan.with_(("attack.per_year", 5.0)))
    told = [(EVENTS[note.event], note.first) for note in notes(numbers, 3, 0)]
    everywhere = np.ones(len(numbers.sectors), np.bool_)
    place = recording.Place(hot=everywhere, half=~everywhere)

    run = next(recording.recorded_runs(numbers, 3, 1, place, 5.0))

    detected = sum(kind == "detected" and level < 4 for kind, level in told)
    alarms = sum(kind == "false_alarm" for kind, _ in told)
    assert run.incidents == sum(kind == "incident" for kind, _ in told)
    assert run.attacks == sum(kind == "attack" for kind, _ in told) > 0
    assert (run.detections, len(run.hours)) == (detected, detected + alarms)
    assert run.hot.all()
    assert not run.half.any()


def test_counts_per_incident_have_the_mean_they_should(played):
    """Five on average. False alarm rate below one in a million: five standard errors."""
    counts = np.concatenate([run.counts for world in played for run in world.runs])

    assert counts.min() >= 1
    assert abs(counts.mean() - 5) < 5 * counts.std() / math.sqrt(len(counts))


def test_a_report_has_the_calendars_days_and_gaps():
    """What is unknown there is unknown here; two days together are their sum."""
    run = recording.Recorded(
        hours=np.array([1.0, 25.0, 30.0, 50.0]),
        counts=np.array([1.0, 2.0, 4.0, 8.0]),
        heavy=np.array([True, False, True, True]),
        half=np.array([True, True, False, False]),
        hot=np.ones(4, np.bool_),
        incidents=4,
        detections=4,
        by_night=0,
        attacks=0,
        expansions=0,
        build_up_hours=math.inf,
        struck_hours=math.inf,
        end_hours=96.0,
    )
    calendar = measures.Periods(
        last_day=np.array([0, 2, 3]),
        days=np.array([1, 2, 1]),
        total=np.array([9.0, 9.0, 9.0]),
        heavy=np.array([9.0, 9.0, math.nan]),
        half=np.array([math.nan, 9.0, 9.0]),
    )

    found = recording.as_reported(run, calendar)

    assert found.total.tolist() == [1, 14, 0]
    np.testing.assert_array_equal(found.heavy, [1, 12, math.nan])
    np.testing.assert_array_equal(found.half, [math.nan, 2, 0])


@pytest.mark.parametrize(
    ("kind", "known", "found", "inputs", "verdict"),
    [
        ("number", (2, 3), (5, 3, 9), {}, MET),
        ("number", (2, 3), (5, 4, 9), {}, MISSED),
        ("number", (2, 3), (5, 3, 9), {"base": "A01"}, COMES_OUT),
        ("number", (2, 3), (5, 4, 9), {"base": "A01"}, DOES_NOT),
        ("number", (2, 3), (5, 0.1, 9), {}, TOO_WIDE),
        ("share", (0.5, 0.5), (0.5, 0.1, 0.9), {}, TOO_WIDE),
        ("share", (0.5, 0.5), (0.5, 0.0, 0.6), {}, MET),
        ("number", (math.nan, math.nan), (5, 3, 9), {}, NO_FIGURE),
    ],
)
def test_the_verdict_follows_from_the_figures(kind, known, found, inputs, verdict):
    """An input is no test, and an interval that holds everything is none either."""
    pattern = Pattern("", "", kind, Known(*known), (), lambda _: None, inputs)

    assert pattern.verdict("base", measures.Estimate(*found)) == verdict


def test_every_source_is_in_the_ledger():
    """A pattern names rows of the literature, and inputs rows of the assumptions."""
    named = {one for pattern in patterns() for one in pattern.sources if "." not in one}
    named |= {
        one for pattern in patterns() for ids in pattern.inputs.values() for one in ids.split(", ")
    }

    assert named <= observed.ledger_ids()


def test_the_document_names_every_pattern():
    """Each has its row in the table, once."""
    text = DOCUMENT.read_text(encoding="utf-8")

    for pattern in patterns():
        assert text.count(f"\n| {pattern.name} | {known_of(pattern)}") == 1


def test_the_documents_blocks_are_filled():
    """`make patterns` has written every one of them, and the picture."""
    text = DOCUMENT.read_text(encoding="utf-8")

    assert text.count("<!-- generated: ") == text.count("<!-- end -->") == 6
    assert "-->\n<!-- end -->" not in text
    assert DOCUMENT.with_suffix(".png").exists()


def test_a_few_runs_fill_the_document(played, tmp_path):
    """The whole way, from worlds to the table and the picture."""
    rows = compared(played)
    text = DOCUMENT.read_text(encoding="utf-8")
    filled = with_blocks(text, rows, played, worlds.QUICK, "validation.png")

    assert draw(rows, tmp_path / "validation.png").exists()
    assert all(f"| {row.pattern.name} |" in filled for row in rows)
