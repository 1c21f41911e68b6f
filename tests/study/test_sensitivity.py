"""Sensitivity: what decides an outcome is found, and what does not is called noise.

False alarms: an index is held to its true value within three and an eighth half-widths of its 95 %
interval, 6.1 standard errors, which a normal one misses once in 1e9 times. All seeds are fixed.
"""

import numpy as np
import pytest
from reliability.attack import tree
from worlds import constant, exponential, world

import sim
from sim.results.manifest import ChangedError, kind_of
from sim.scenario.ranges import default_ranges
from sim.study.values.sensitivity import open_sensitivity, resume_sensitivity, sensitivity

YES, WINDOW = "actors.one.yes_probability", "crisis.window_hours"
DELAY, SPELL = "actors.one.decision.mean_hours", "levels.fighting.spell.mean_hours"
RANGES = {YES: (0.0, 1.0), WINDOW: (6.0, 72.0), DELAY: (0.5, 1.0), SPELL: (1.0, 2.0)}
FAR = 3.125
QUIETLY = {"progress": False, "workers": 1}


def deciding(**tables):
    """Return a world with one crisis in each run, and one decider who is asked once."""
    return world(
        **{
            "run": {"horizon_days": 20.0, "seed": 3},
            "violations": {
                "process": "replay",
                "recorded": {"hours": [1.0]},
                "incidents_per_day": 0.0,
            },
            "levels": {"fighting": {"spell": exponential(1.5)}},
            "crisis": {"quiet_hours": 400.0},
            "steps": {"warning": {"deciders": ["one"], "deadline_hours": 6.0}},
            "actors": {"one": {"yes_probability": 0.5, "decision": exponential(0.7)}},
        }
        | tables
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What decides whether a step comes into force, where only its decider's chance does."""
    folder = tmp_path_factory.mktemp("sensitivity") / "out"
    return sensitivity(
        deciding(), RANGES, "warning.in_force", replications=40, out=folder, **QUIETLY
    )


def test_what_decides_is_ranked_first(found):
    """By both methods."""
    for table in (found.indices.table, found.effects.table):
        assert table.sort_values("rank")["path"].iloc[0] == YES


def test_what_decides_alone_has_all_of_the_variance(found):
    """Its indices are 1, and its mean effect is 1: from never to always."""
    row = found.indices.table.iloc[0]
    effect = found.effects.table.iloc[0]

    for name in ("S1", "ST"):
        half = (row[f"{name}_high"] - row[f"{name}_low"]) / 2
        assert abs(row[name] - 1) <= FAR * half
    assert effect["mu_star"] == pytest.approx(1, abs=0.2)


def test_the_answer_names_what_decides_and_calls_the_rest_noise(found):
    """In a sentence."""
    decides, _, rest = found.words.partition(". ")

    assert decides.startswith(f"what decides warning.in_force is {YES} (")
    assert "% of the variance by itself" in decides
    assert rest == f"{WINDOW}, {DELAY} and {SPELL} cannot be told from noise"
    assert found.enough


def test_the_tornado_is_one_value_at_a_time_on_the_same_luck(found):
    """From never to always; what does nothing changes no run."""
    rows = found.tornado.set_index("path")
    base = 40 * sim.run(found.scenario, 40, progress=False).tally.estimate("warning.in_force").value

    assert rows.loc[YES, "low_difference"] == pytest.approx(-base / 40)
    assert rows.loc[YES, "high_difference"] == pytest.approx(1 - base / 40)
    assert rows.loc[WINDOW, ["low_difference", "high_difference"]].tolist() == [0, 0]
    assert (rows["low_low"] <= rows["low_difference"]).all()


def test_where_there_is_only_chance_nothing_is_explained(found):
    """Whether a spell is long is luck: nothing that varies has to do with it."""
    ranges = {WINDOW: (6.0, 72.0), DELAY: (0.5, 1.0)}
    none = sensitivity(
        found.scenario, ranges, "warning.in_force", samples=8, replications=20, **QUIETLY
    )

    assert (none.indices, none.effects) == (None, None)
    assert none.words.startswith("nothing can be said about what decides warning.in_force, since")
    assert not none.enough


def test_noise_is_not_taken_for_an_effect():
    """Two values that shift luck, but not the chance of a yes, are not named; the third is."""
    # Each incident is a lottery of its own, so what shifts incidents shifts the luck.
    plan = deciding(
        run={"horizon_days": 10.0, "seed": 3},
        violations={"incidents_per_day": 2.0},
        attack={"per_year": 0.0},
        levels={"fighting": {"spell": constant(1.0), "collapse_per_day": 0.3}},
    )
    ranges = {"levels.fighting.collapse_per_day": (0.0, 2.0), WINDOW: (6.0, 72.0), DELAY: (0.1, 5)}
    found = sensitivity(plan, ranges, "collapsed", replications=50, **QUIETLY)

    assert found.words.startswith("what decides collapsed is levels.fighting.collapse_per_day (")
    assert found.words.endswith(f"{WINDOW} and {DELAY} cannot be told from noise")
    assert found.indices.luck.noise_share > 0


def test_a_ratio_is_taken_apart_run_by_run(small_plan):
    """The mean of the contributions is the ratio, and their scatter that of its interval."""
    name = "promises_kept"
    found = sensitivity(
        small_plan, {"crisis.quiet_hours": (6, 24)}, name, "sobol", 4, 100, **QUIETLY
    )
    values = found.rows.contributions(1, name)
    (measured,) = found.rows.measured(1, [name])

    assert values.mean() == pytest.approx(measured.moments.ratio)
    assert values.var(ddof=1) / len(values) == pytest.approx(measured.moments.variance())
    assert "a ratio of sums over the runs of a point" in found.about_the_outcome()


def test_many_runs_are_put_together_in_a_hundred(small_plan):
    """Every hundredth run is in the same replication; the mean stays that of all."""
    found = sensitivity(
        small_plan, {"crisis.quiet_hours": (6, 24)}, "crises", "morris", 4, 300, **QUIETLY
    )
    values = found.rows.contributions(0, "crises")
    rows = next(found.rows.tables(0)).column("crises").to_numpy()

    assert values == pytest.approx(rows.reshape(3, 100).mean(axis=0))


def test_an_outcome_that_some_runs_never_have_is_complained_of(small_plan, tmp_path):
    """Where no run has it, its mean does not exist: that is said, and the folder is whole."""
    quiet = small_plan.with_(("violations.incidents_per_day", 0.0), ("attack.per_year", 0.0))
    ranges, out = {"actors.capital.yes_probability": (0.0, 1.0)}, tmp_path / "out"
    sensitivity(quiet, ranges, "promises_kept", "sobol", 4, 10, out=out, **QUIETLY)
    found = open_sensitivity(out)

    assert "are not known in all replications at 12 of 12 points" in found.words
    assert found.tornado["low_difference"].isna().all()


def test_ranges_are_those_of_the_evidence_where_none_are_given():
    """It is said, and every one of them is in the plan."""
    plan = sim.load("scenarios/no_response.toml", [("run.horizon_days", 5)])
    found = sensitivity(plan, method="morris", samples=4, replications=8, **QUIETLY)

    assert [one.path for one in found.ranges] == [one.path for one in default_ranges(plan)]
    assert "ranges of the evidence" in found.provenance()


def test_without_evidence_ranges_must_be_given(small_plan):
    """The message says so."""
    with pytest.raises(ValueError, match="the evidence has none for this scenario, must be given"):
        sensitivity(small_plan, **QUIETLY)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"method": "guess"}, 'method: is "guess", must be one of both, sobol, morris'),
        ({"outcome": "colapsed"}, 'did you mean "collapsed"'),
        ({"samples": 6}, "must be a power of two"),
        ({"replications": 4}, "replications: is 4, must be at least 8"),
    ],
)
def test_what_cannot_be_is_refused(small_plan, given, said):
    """Before anything is played."""
    with pytest.raises(ValueError, match=said):
        sensitivity(small_plan, {"crisis.quiet_hours": (6, 24)}, **given, **QUIETLY)


def test_what_is_in_a_folder_is_opened_again(found):
    """The same tables and words."""
    again = open_sensitivity(found.folder)

    assert again.indices.table.equals(found.indices.table)
    assert again.effects.table.equals(found.effects.table)
    assert again.tornado.equals(found.tornado)
    assert (again.words, kind_of(found.folder)) == (found.words, "sensitivity")


def test_it_goes_on_with_more_runs_of_each_point(tmp_path):
    """The same bytes as so many at once."""
    how = {"outcome": "warning.in_force", "samples": 4, **QUIETLY}
    sensitivity(deciding(), RANGES, replications=10, out=tmp_path / "longer", **how)
    resume_sensitivity(tmp_path / "longer", 20, progress=False)
    sensitivity(deciding(), RANGES, replications=20, out=tmp_path / "whole", **how)

    assert tree(tmp_path / "longer") == tree(tmp_path / "whole")


def test_another_analysis_does_not_go_on_with_this_one(found):
    """The difference is said."""
    with pytest.raises(ChangedError, match=r"about\.samples: is 64 there, 32 now"):
        sensitivity(
            deciding(),
            RANGES,
            "warning.in_force",
            samples=32,
            replications=40,
            out=found.folder,
            resume=True,
            **QUIETLY,
        )


def test_it_shows_itself_in_a_notebook(found):
    """The answer and both tables."""
    html = found._repr_html_()

    assert "what decides warning.in_force" in html
    assert html.count("<table") == 2
    assert np.isfinite(found.indices.table["ST"]).all()
