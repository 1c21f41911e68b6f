"""Where the time goes: the parts of a delay, which of them is the longest, and who decides last."""

import io
from functools import cache

import pandas as pd
import pytest
from worlds import constant, seen, world

import sim
from sim.results.delays import PARTS
from sim.results.spans import RUNS_PER_BLOCK

COLUMNS = """
    step part hours low high method n longest_share longest_low longest_high
    last_decider last_share last_low last_high
"""


@cache
def planned(replications=20, **step):
    """Return results of a world without luck in its delays: 2 h, 5 h, then the plan's."""
    deciders = dict(step.pop("deciders", (("actor", 6.0),)))
    plan = world(
        run={"horizon_days": 100.0},
        violations={"incidents_per_day": 0.05},
        levels={
            "fighting": {
                "spell": constant(100.0),
                "detection": seen(hours=2.0),
                "attribution": seen(hours=5.0),
            }
        },
        crisis={"quiet_hours": 24.0},
        steps={"response": {"deciders": list(deciders), "deploy": constant(11.0), **step}},
        actors={name: {"decision": constant(hours)} for name, hours in deciders.items()},
    )
    return sim.run(plan, replications, 1, workers=1, progress=False)


def cells(results, column):
    """Return a column of the delays, by part."""
    return dict(zip(PARTS, results.delays()[column], strict=True))


def test_the_columns_are_those_of_the_format(small_results):
    """Names and order, since scripts depend on them."""
    assert list(small_results.delays().columns) == COLUMNS.split()


def test_there_is_a_row_for_each_step_and_part(small_results):
    """In the order of the plan, and of what comes first."""
    found = small_results.delays()

    assert list(zip(found["step"], found["part"], strict=True)) == [
        (step, part) for step in ("warning", "force") for part in PARTS
    ]


def test_constant_delays_are_found_as_they_were_put_in():
    """2 h until detected, 5 h until attributed, 6 h to decide, 11 h to deploy, no waiting."""
    assert list(cells(planned(), "hours").values()) == [2.0, 5.0, 0.0, 6.0, 11.0]


def test_hours_that_the_plan_makes_everybody_wait_are_its_own():
    """In force not before hour 40 of the clock, though all is there at hour 24."""
    assert cells(planned(not_before_hours=40.0), "hours")["waiting for the plan"] == 16.0


def test_what_is_always_the_same_has_no_interval():
    """Values without any spread do not tell how far off they are."""
    found = planned().delays()

    assert found["low"].isna().all()
    assert found["high"].isna().all()
    assert set(found["method"]) == {"none"}


def test_the_longest_part_is_the_longest_in_every_crisis():
    """Eleven hours of deployment, in all of them."""
    assert list(cells(planned(), "longest_share").values()) == [0.0, 0.0, 0.0, 0.0, 1.0]


def test_of_two_parts_of_the_same_length_the_first_is_the_longest():
    """A decision of 11 h, a deployment of 11 h: whoever was first has the bottleneck."""
    tied = cells(planned(deciders=(("actor", 11.0),)), "longest_share")

    assert (tied["decision"], tied["deployment"]) == (1.0, 0.0)


def test_shares_of_the_longest_part_add_up_to_one(small_results):
    """Where something took time, exactly one part took longest."""
    found = small_results.delays().groupby("step")["longest_share"].sum()

    assert found.to_numpy() == pytest.approx(1.0, abs=1e-12)


def test_what_takes_no_time_has_no_longest_part():
    """All is seen, decided and there at once: no part is to blame."""
    at_once = world(levels={"fighting": {"spell": constant(10.0)}}, steps={"response": {}})
    found = sim.run(at_once, 20, 1, workers=1, progress=False).delays()

    assert found["n"].min() > 0
    assert (found["longest_share"] == 0.0).all()


def test_the_last_decider_is_the_slower_one():
    """Of 6 h and 9 h the latter is waited for, in every crisis; it stands with the decision."""
    results = planned(deciders=(("quick", 6.0), ("slow", 9.0)))
    found = results.delays().set_index("part")

    assert found["last_decider"].dropna().to_dict() == {"decision": "slow"}
    assert found["last_share"].dropna().to_dict() == {"decision": 1.0}


def test_without_deciders_nobody_is_last():
    """It is decided at once."""
    found = planned(deciders=()).delays()

    assert found["last_decider"].isna().all()
    assert found["last_share"].isna().all()


def test_means_and_shares_are_those_of_the_crises(small_results):
    """Computed again from the table of crises, one crisis after the other."""
    found = small_results.delays().set_index(["step", "part"])
    crises = small_results.crises
    for step in ("warning", "force"):
        mine = crises.dropna(subset=f"{step}_in_force_hours")
        parts = pd.DataFrame({part: mine[one.format(step=step)] for part, one in PARTS.items()})
        last = mine[f"{step}_last_decider"].value_counts(normalize=True)

        assert found.loc[step]["n"].unique().tolist() == [len(mine)]
        assert found.loc[step]["hours"].to_numpy() == pytest.approx(parts.mean().to_numpy())
        assert found.loc[step]["longest_share"].to_numpy() == pytest.approx(
            [(parts.idxmax(axis=1) == part).mean() for part in PARTS]
        )
        assert found.loc[(step, "decision"), "last_share"] == pytest.approx(last.max())


def test_the_parts_of_a_step_add_up_to_its_delay(small_results):
    """To the mean of the summary, over the same crises."""
    summed = small_results.delays().groupby("step")["hours"].sum()
    summary = small_results.summary().set_index("quantity")["estimate"]

    for step in ("warning", "force"):
        assert summed[step] == pytest.approx(summary[f"{step}.delay_hours"])


def test_a_step_that_never_came_into_force_has_rows_without_numbers(small_plan):
    """Asked of nobody who ever says yes."""
    never = small_plan.with_(("actors.capital.yes_probability", 0))
    found = sim.run(never, workers=1, progress=False).delays()

    assert found["n"].tolist() == [0] * 10
    assert found.drop(columns=["step", "part", "n", "method"]).isna().all(axis=None)


def test_they_rest_on_the_same_crises_however_many_are_kept(tmp_path):
    """Those of the first 100,000 runs, so that `--crises` changes no number."""
    brief = world(
        run={"horizon_days": 1.0},
        violations={"incidents_per_day": 2.0},
        levels={"fighting": {"spell": constant(1.0), "detection": seen(hours=0.5)}},
        crisis={"threshold_incidents": 2},
        steps={"warning": {}},
    )
    runs = RUNS_PER_BLOCK + 20_000
    all_kept, some = (
        sim.run(brief, runs, 1, crises=crises, scratch=tmp_path, progress=False)
        for crises in (True, False)
    )

    assert len(all_kept.crises) > len(some.crises)
    assert all_kept.delays().equals(some.delays())


def test_the_file_is_the_table(small_results, tmp_path):
    """delays.csv, read back."""
    folder = small_results.save(tmp_path / "out")
    text = (folder / "delays.csv").read_text(encoding="utf-8")

    assert text == small_results.delays().to_csv(index=False)
    assert pd.read_csv(io.StringIO(text)).shape == (10, 14)


def test_a_plan_without_steps_has_no_delays():
    """But the columns are there."""
    found = sim.run(world(), 2, 1, workers=1, progress=False).delays()

    assert found.empty
    assert list(found.columns) == COLUMNS.split()
