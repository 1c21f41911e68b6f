"""A folder that somebody made to do harm: an error by its name, or the rows are played again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from reliability.attack import copied, tree

import sim
from sim.results.folder import DamagedError, write_file
from sim.results.frames import part_bytes
from sim.results.manifest import as_json, read_manifest, seal_of
from sim.results.pieces import checked_rows
from sim.results.saving import opened
from sim.study.playing.batches import RecomputedWarning
from sim.study.resuming import resume

LISTENING = """
import pickle, sys
import sim, sim.study.resuming, sim.results.saving, sim.results.summary, sim.results.tally
from pathlib import Path

# Once before, so that what is loaded when it is first used is there.
sim.study.resuming.resume(Path(sys.argv[1]), 40, workers=1, progress=False).summary()
heard = []
names = {"pickle.find_class", "marshal.loads", "exec", "compile", "os.system", "subprocess.Popen"}

def listen(event, told):
    if event in names:
        heard.append((event, str(told)[:200]))

sys.addaudithook(listen)
for folder in sys.argv[2:]:
    try:
        found = sim.study.resuming.resume(Path(folder), workers=1, progress=False)
        len(found.outcomes)
        found.summary()
    except Exception as error:
        print(type(error).__name__)
sys.stdout.flush()
print(heard)
"""


def test_nothing_of_a_folder_is_executed(finished, tmp_path):
    """Opened, gone on with, and damaged in several ways: no pickle, no exec, no compile."""
    folders = [copied(finished, tmp_path / str(number)) for number in range(4)]
    (folders[1] / "outcomes" / "part-0000000000000.parquet").write_bytes(PICKLE)
    _rewrite(folders[2], complete=False)
    (folders[3] / "manifest.json").write_bytes(PICKLE)
    line = [sys.executable, "-W", "ignore", "-c", LISTENING, *map(str, [finished, *folders])]
    said = subprocess.run(line, capture_output=True, text=True, check=True, timeout=120)

    assert said.stdout.split() == ["DamagedError", "[]"]


PICKLE = b"cos\nsystem\n(S'touch /tmp/never'\ntR."


def _rewrite(folder, **changes):
    """Let a manifest tell something else, with a seal that fits."""
    path = folder / "manifest.json"
    told = {**json.loads(path.read_bytes()), **changes}
    path.write_bytes(as_json({**told, "seal": seal_of(told)}))


TEXTS = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "a list": b"[]",
    "a number": b"1e999",
    "nested": b"[" * 100_000,
    "nested tables": b'{"a":' * 100_000,
    "a long number": b'{"seed": ' + b"9" * 10_000 + b"}",
    "not a number": b'{"seed": NaN}',
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ask", [opened, resume])
def test_a_manifest_that_is_none_is_named(finished, ask, text):
    """Whatever is in it."""
    path = finished / "manifest.json"
    path.write_bytes(TEXTS[text])
    before = tree(finished)
    with pytest.raises(DamagedError, match=r"manifest\.json: cannot be read"):
        ask(finished)

    assert tree(finished) == before


VALUES = {
    "seed": [-1, 10**30, 1e999, "7", None, [], 8],
    "replications": [0, -5, 10**30, 1e999, "many", None, 31],
    "complete": ["yes", 1, None],
    "files": [None, [], "x", {"../../x": "0"}, {"/etc/passwd": "0"}, {"a": 1}, {}],
    "scenario": [None, [], "x", {}, {"extends": "/etc/passwd"}, {"run": []}],
    "cases": [None, 3, [[["run.seed", 2]]], [["x"]], [[]] * 2],
    "until": [3, [], {}],
    "run_id": [None, 3, "0" * 16],
    "batch_id": [None, []],
    "about": [3, "x"],
    "seal": [None, 3, "0" * 64],
}


@pytest.mark.parametrize("ask", [opened, resume])
@pytest.mark.parametrize("key", VALUES)
def test_a_manifest_that_tells_nonsense_is_named(finished, ask, key):
    """Wrong types, huge numbers, files elsewhere: an error by its name, and nothing changes."""
    said = (finished / "manifest.json").read_bytes()
    before = tree(finished)
    for value in VALUES[key]:
        _rewrite(finished, **{key: value})
        if key == "seal":
            told = {**json.loads(said), "seal": value}
            (finished / "manifest.json").write_bytes(as_json(told))
        with pytest.raises((DamagedError, sim.ScenarioError, ValueError), match=r"\w"):
            ask(finished)
        (finished / "manifest.json").write_bytes(said)

    assert tree(finished) == before


@pytest.mark.parametrize("key", [*VALUES, "code", "crises", "rows", "note", "title", "versions"])
def test_a_manifest_that_lacks_something_is_not_opened(finished, key):
    """Each key is needed, or was under the seal."""
    path = finished / "manifest.json"
    told = json.loads(path.read_bytes())
    if key == "cases":  # a run alone has none
        told["cases"] = [[]]
    else:
        del told[key]
    path.write_bytes(as_json(told))
    with pytest.raises(DamagedError):
        opened(finished)


METADATA = {
    "spans": ["", "[]", "[[0,0]]", "[[0,0,-5]]", "[[0,0,1e99]]", "{}", "[" * 10_000, "[[0,5,35]]"],
    "batch_id": ["", "x" * 10**6],
    "failures": ["{}", "[[1]]", "[[0,1,2,3,4]]", "[" * 10_000],
}


@pytest.mark.parametrize("key", METADATA)
def test_a_part_that_tells_nonsense_of_itself_is_played_again(finished, key):
    """It is named in a warning, and the tree is as it was."""
    part = finished / "outcomes" / "part-0000000000000.parquet"
    table, before = pq.read_table(part), tree(finished)
    told = {name.decode(): value.decode() for name, value in table.schema.metadata.items()}
    for value in METADATA[key]:
        write_file(part, part_bytes(table, {**told, key: value}))
        with pytest.warns(RecomputedWarning, match=part.name):
            resume(finished, progress=False)

        assert tree(finished) == before


def test_a_folder_that_is_a_link_is_refused(finished, tmp_path):
    """Otherwise parts would be written, and removed, elsewhere."""
    for name in ("outcomes", "crises", ".pieces"):
        folder = copied(finished, tmp_path / f"of{name}")
        elsewhere = tmp_path / f"elsewhere{name}"
        if (folder / name).exists():
            (folder / name).rename(elsewhere)
        else:
            elsewhere.mkdir()
        (elsewhere / ".mine.tmp").write_text("mine")
        (folder / name).symlink_to(elsewhere)
        (folder / "summary.csv").unlink()
        before = tree(elsewhere)
        with pytest.raises(DamagedError, match="is a link, must be a folder"):
            resume(folder, progress=False)

        assert tree(elsewhere) == before


@pytest.mark.parametrize("name", ["manifest.json", "summary.csv", "scenario.toml"])
def test_a_file_that_is_a_link_is_not_written_through(finished, tmp_path, name):
    """What it points to stays as it is; the link gives way to a file."""
    elsewhere = tmp_path / "elsewhere"
    (finished / name).rename(elsewhere)
    (finished / name).symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    resume(finished, 40, progress=False)

    assert elsewhere.read_bytes() == before
    assert not (finished / name).is_symlink()


def test_a_lock_that_is_a_link_is_refused(finished, tmp_path):
    """Nothing is made where it points to."""
    (finished / ".lock").unlink()
    (finished / ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r"\.lock"):
        resume(finished, 40, progress=False)

    assert not (tmp_path / "elsewhere").exists()


def test_a_pipe_in_place_of_a_part_is_not_waited_for(finished, tmp_path):
    """It is seen that it is no file."""
    part = finished / "outcomes" / "part-0000000000000.parquet"
    schema = pq.read_schema(part).remove_metadata()
    batch_id, before = read_manifest(finished)["batch_id"], tree(finished)
    os.mkfifo(tmp_path / "pipe")
    part.unlink()
    os.mkfifo(part)
    with pytest.raises(DamagedError, match="is no file"):
        checked_rows(tmp_path / "pipe", batch_id, schema)
    with pytest.warns(RecomputedWarning, match="is no file"):
        resume(finished, progress=False)

    assert tree(finished) == before


def test_names_that_are_no_parts_are_left_alone(finished):
    """Somebody's own files among the parts."""
    mine = [finished / "outcomes" / name for name in ("part-x.parquet", "part-0.parquet", "a.txt")]
    for path in mine:
        path.write_text("mine")
    (finished / "summary.csv").unlink()
    resume(finished, progress=False)

    assert [path.read_text() for path in mine] == ["mine"] * 3
    assert opened(finished).outcomes["run"].tolist() == list(range(30))


def test_nothing_is_written_out_of_the_folder(finished):
    """While one that is damaged all over is gone on with."""
    beside = {path.name for path in finished.parent.iterdir()}
    for path in [*finished.glob("outcomes/*"), *finished.glob("crises/*"), *finished.glob("*.csv")]:
        path.write_bytes(b"x")
    with pytest.warns(RecomputedWarning):
        resume(finished, progress=False)

    assert {path.name for path in Path(finished).parent.iterdir()} == beside
