"""The results folder and what is in it."""

import csv
import json
import re
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

import sim
from sim.results.batch import Batch
from sim.results.folder import DamagedError, free_folder, write_file
from sim.results.frames import read_part
from sim.results.spans import RUNS_PER_BLOCK


@pytest.fixture(scope="module")
def saved(small_results, tmp_path_factory):
    """A results folder of the small world, with crises."""
    return small_results.save(tmp_path_factory.mktemp("results") / "out", crises=True)


def test_a_results_folder_holds_what_the_format_says(saved):
    """Manifest, scenario, summary and the parts of both tables."""
    found = {path.relative_to(saved).as_posix() for path in saved.rglob("*") if path.is_file()}

    assert found == {
        "manifest.json",
        "scenario.toml",
        "sources.csv",
        "summary.json",
        "summary.csv",
        "quantiles.csv",
        "delays.csv",
        ".lock",
        "outcomes/part-0000000000000.parquet",
        "crises/part-0000000000000.parquet",
    }


FIXED_OUTCOMES = """
    run outcome end_hours incidents false_alarms attacks crises highest_level
    first_incident_hours first_crisis_hours fighting_hours hours_shelling hours_assault
    hours_expanded promises_kept promises_broken credibility_end
"""
STEP_OUTCOMES = "called on_time late refused stood_down wrongful first_hours delay_hours"
FIXED_CRISES = """
    run crisis scope opened_hours clock_hours closed_hours opened_by highest_level wrongly_opened
    detection_hours attribution_hours
"""
STEP_CRISES = "status in_force_hours waiting_hours decision_hours deploy_hours last_decider"


def _columns(fixed, of_step):
    steps = [f"{step}_{kind}" for step in ("warning", "force") for kind in of_step.split()]
    return fixed.split() + steps


def test_the_outcomes_columns_are_those_of_the_format(small_results):
    """Names and order, since scripts depend on them."""
    assert list(small_results.outcomes.columns) == _columns(FIXED_OUTCOMES, STEP_OUTCOMES)


def test_the_crises_columns_are_those_of_the_format(small_results):
    """Names and order, since scripts depend on them."""
    assert list(small_results.crises.columns) == _columns(FIXED_CRISES, STEP_CRISES)


def test_rows_come_in_the_order_of_runs(small_results):
    """Row k is run k."""
    assert small_results.outcomes["run"].tolist() == list(range(30))


def test_saved_rows_are_the_rows(saved, small_results):
    """What is read back is what was computed."""
    part = read_part(str(saved / "outcomes/part-0000000000000.parquet"))

    assert part.equals(small_results.outcome_parts.table())


def test_a_flipped_bit_in_a_part_is_noticed(saved, tmp_path):
    """Reading a damaged page is an error, not other numbers."""
    content = bytearray((saved / "outcomes/part-0000000000000.parquet").read_bytes())
    content[len(content) // 4] ^= 1
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(content)

    with pytest.raises(DamagedError, match=r"damaged.parquet: cannot be read"):
        read_part(str(damaged))


def test_tables_are_written_in_parts_of_a_fixed_number_of_runs():
    """The size of a part depends on nothing else, so that neither do its bytes."""
    assert RUNS_PER_BLOCK == 100_000


def test_a_saved_scenario_runs_again_by_itself_to_the_same_run_id(saved, small_results):
    """The folder is enough to get its results again."""
    again = sim.run(sim.load(saved / "scenario.toml"), workers=1, progress=False)

    assert again.run_id == small_results.run_id


def test_a_saved_scenario_gives_the_same_rows(saved, small_results):
    """And they are the same rows."""
    again = sim.run(sim.load(saved / "scenario.toml"), workers=1, progress=False)

    assert again.outcome_parts.table().equals(small_results.outcome_parts.table())


def test_the_same_results_give_the_same_bytes(saved, small_results, tmp_path):
    """Nothing of the time, the machine or the folder gets into a file."""
    other = small_results.save(tmp_path / "other", crises=True)
    contents = [
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (saved, other)
    ]

    assert contents[0] == contents[1]


def test_results_are_never_overwritten(saved, small_results):
    """A folder that holds something is refused."""
    with pytest.raises(FileExistsError, match="must be a new or empty folder"):
        small_results.save(saved)


def test_a_taken_name_gets_a_number(tmp_path):
    """The next folder is beside the last one."""
    for name in ("plan", "plan-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()

    assert free_folder(tmp_path, "plan").name == "plan-3"


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    """Half a file is never seen under its name, and no temporary file stays."""
    path = tmp_path / "summary.json"
    write_file(path, b"old")
    with pytest.raises(TypeError):
        write_file(path, "not bytes")

    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [
        ("summary.json", b"old")
    ]


def test_the_manifest_says_what_determines_the_result(saved, small_results):
    """Seed, replications, the scenario as resolved, versions, and the run id."""
    manifest = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    found = {key: manifest[key] for key in ("seed", "replications", "run_id")}

    assert found == {"seed": 7, "replications": 30, "run_id": small_results.run_id}


def test_the_sources_file_has_a_row_a_value(saved, small_results):
    """What each value rests on travels with the results."""
    with (saved / "sources.csv").open(encoding="utf-8", newline="") as file:
        read = {row["path"]: row["source"] for row in csv.DictReader(file)}

    assert read["steps.warning.deadline_hours"] == "F05"
    assert list(read) == small_results.sources()["path"].tolist()


@pytest.mark.parametrize("name", ["manifest.json", "summary.json"])
def test_the_files_say_what_the_values_rest_on(saved, small_results, name):
    """How many of them are reported, from the literature, or assumed; none is left out."""
    counts = json.loads((saved / name).read_text(encoding="utf-8"))["values_by_grade"]

    assert list(counts) == ["reported", "literature", "assumption"]
    assert sum(counts.values()) == small_results.sources()["counts"].sum()


def test_the_provenance_says_what_the_values_rest_on(small_results):
    """It stands below every figure."""
    assert "values that the runs depend on: 1 reported" in small_results.provenance()


def test_the_manifest_says_that_it_is_no_forecast(saved):
    """Whoever finds the folder learns what its numbers are."""
    assert "not a forecast" in json.loads((saved / "manifest.json").read_text())["note"]


@pytest.mark.parametrize(
    "change",
    [
        ("run.seed", 8),
        ("run.replications", 29),
        ("run.horizon_days", 21),
        ("steps.force.deadline_hours", 37),
        ("groups.allies.members.third.yes_probability", 0.6),
    ],
)
def test_the_run_id_changes_with_whatever_determines_the_rows(small_plan, small_results, change):
    """Another seed, another number of runs, another value: another id."""
    changed = small_plan.with_(change)
    run = changed.run
    other = Batch(changed, run.seed, run.replications)

    assert other.run_id != small_results.run_id


@pytest.mark.parametrize("change", [("title", "Another"), ("sources", {})])
def test_the_run_id_does_not_change_with_words(small_plan, small_results, change):
    """A title decides nothing."""
    other = Batch(small_plan.with_(change), 7, 30)

    assert other.run_id == small_results.run_id


def test_parts_say_what_they_are(saved, small_results):
    """A part that strayed from its folder can be told: its batch, and which runs it is of."""
    metadata = pq.read_schema(saved / "outcomes/part-0000000000000.parquet").metadata

    assert metadata[b"batch_id"].decode() == small_results.batch.batch_id
    assert json.loads(metadata[b"spans"]) == [[0, 0, 30]]


def test_the_summary_file_is_the_summary(saved, small_results):
    """The CSV holds the same numbers, to the last digit."""
    with (saved / "summary.csv").open(encoding="utf-8", newline="") as file:
        read = [float(row["estimate"] or "nan") for row in csv.DictReader(file)]

    assert np.array_equal(read, small_results.summary()["estimate"], equal_nan=True)


def test_the_summary_json_is_valid_json_without_nan(saved):
    """What has no value is null, which every reader understands."""
    text = (saved / "summary.json").read_text(encoding="utf-8")

    assert re.search(r"\bNaN\b", text) is None


def test_every_estimate_lies_in_its_interval(small_results):
    """Low, estimate, high, in this order, wherever there are events."""
    known = small_results.summary().dropna(subset=["estimate", "low", "high"])

    assert ((known["low"] <= known["estimate"]) & (known["estimate"] <= known["high"])).all()


def test_the_summary_answers_three_questions_in_order(small_results):
    """As people ask: does it hold, does the plan answer in time, what does it cost."""
    assert list(small_results.summary()["question"].unique()) == [
        "Does the ceasefire hold?",
        "Does the plan answer in time?",
        "What does it cost in fighting?",
    ]


def test_the_endings_of_a_call_add_up_with_those_still_open(small_results):
    """What is not on time, late, refused or stood down was open when its run ended."""
    outcomes, crises = small_results.outcomes, small_results.crises
    ended = sum(
        outcomes[f"force_{kind}"].sum() for kind in ("on_time", "late", "refused", "stood_down")
    )
    still_open = (crises["force_status"] == "open").sum()

    assert outcomes["force_called"].sum() == ended + still_open


def test_results_show_themselves_in_a_notebook(small_results):
    """A table with the provenance, and no raw markup of the title."""
    titled = small_results.scenario.with_(("title", "<script>alert(1)</script>"))
    batch = replace(small_results.batch, scenario=titled)
    html = replace(small_results, batch=batch)._repr_html_()

    assert "<table" in html
    assert "not a forecast" in html
    assert "<script>" not in html
