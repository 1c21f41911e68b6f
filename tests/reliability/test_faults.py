"""A call of the file system that fails: every file is as it was before, or as it is to be.

Of the calls some are hit, by chance; with SIM_EXHAUSTIVE=1 in the environment all of them.
"""

import json
import random

import pytest
from reliability.attack import EXHAUSTIVE, copied, tree

ERRORS = ("EIO", "ENOSPC", "EINTR", "EDQUOT")


def _hits(number, most, kind, how):
    """Return which of so many calls fail: others for each error, the same each time."""
    if EXHAUSTIVE:
        return range(number)
    return random.Random(f"{kind} {how}").sample(range(number), most)


def _is_old_or_new(name, sha, old, new, folder):
    """Return whether a file is as before or as it is to be, or a step between that is whole."""
    if sha in (old.get(name), new.get(name)) or name.startswith(".pieces"):
        return True
    if name == "manifest.json":
        return not json.loads((folder / name).read_bytes())["complete"]
    return name == "tally.json"


def _spoilt(victim, kind, start, new, folder, at, how):
    """Return what an error leads to, if it is not what is promised."""
    old = tree(copied(start, folder)) if start.exists() else {}
    hurt = victim.play(kind, folder, at=at, how=how)
    found = tree(folder) if folder.exists() else {}
    torn = [name for name, sha in found.items() if not _is_old_or_new(name, sha, old, new, folder)]
    halves = [name for name in found if name.endswith(".tmp")]
    is_told = hurt.ended == 1 and "Error: [Errno" in hurt.said
    resumed = victim.play(kind, folder)
    is_well = is_told or (hurt.ended == 0 and found == new)
    is_mended = resumed.ended == 0 and tree(folder) == new
    if is_well and is_mended and not torn and not halves:
        return []
    return [(at, how, hurt.said, torn, halves, resumed._replace(calls=()))]


@pytest.mark.parametrize("how", ERRORS)
@pytest.mark.parametrize("kind", ["rows", "shared", "sums"])
def test_a_call_that_fails_tears_nothing(victim, alone, whole, kind, how, tmp_path):
    """From nothing: the error is told, no half file stays, and going on gives the same tree."""
    number = len(alone[kind][1].calls)
    hits = _hits(number, 3, kind, how)
    spoilt = [
        one
        for at in hits
        for one in _spoilt(
            victim, kind, tmp_path / "nothing", whole[kind], tmp_path / str(at), at, how
        )
    ]

    assert spoilt == []


@pytest.mark.parametrize("how", ERRORS)
@pytest.mark.parametrize("kind", ["rows", "cases"])
def test_a_call_that_fails_while_a_batch_is_extended(victim, shorter, whole, kind, how, tmp_path):
    """Each file is that of the shorter batch, or that of the longer one."""
    number = len(victim.play(kind, copied(shorter / kind, tmp_path / "longer")).calls)
    hits = _hits(number, 2, kind, how)
    spoilt = [
        one
        for at in hits
        for one in _spoilt(victim, kind, shorter / kind, whole[kind], tmp_path / str(at), at, how)
    ]

    assert spoilt == []


def _calls_of(calls, name):
    """Return what was done to write a file: from the call that made its temporary one."""
    end = next(
        at for at, call in enumerate(calls) if call[0] == "replace" and call[2].endswith(name)
    )
    begin = next(at for at, call in enumerate(calls) if call == ("open", calls[end][1], "new"))
    return calls[begin : end + 3]


@pytest.mark.parametrize(
    "name", ["/manifest.json", "/outcomes/part-0000000000100.parquet", "/summary.csv"]
)
def test_a_file_is_durable_before_it_has_its_name(alone, name):
    """Written beside its place, synced, renamed, and the folder synced, in this order."""
    folder, done = alone["rows"]
    calls = [call for call in _calls_of(done.calls, name) if call[0] != "chmod"]
    half, place = calls[0][1], f"{folder}{name}"
    beside = place.rpartition("/")[0]

    assert half.startswith(f"{beside}/.")
    assert half.endswith(".tmp")
    assert calls == [
        ("open", half, "new"),
        ("write", half),
        ("fsync", half),
        ("replace", half, place),
        ("open", beside),
        ("fsync", beside),
    ]


@pytest.mark.parametrize("kind", ["rows", "sums", "shared", "cases"])
def test_every_file_gets_its_name_by_a_rename(alone, kind):
    """Nothing is created under the name by which it is read, but the lock."""
    _, done = alone[kind]
    made = {call[1] for call in done.calls if call[-1] == "new"}

    assert all(name.endswith((".tmp", ".lock")) for name in made)


def test_the_manifest_comes_first_and_last(alone):
    """Whoever is interrupted in between can go on, and sees that something is missing."""
    _, done = alone["rows"]
    named = [call[2] for call in done.calls if call[0] == "replace"]

    assert [named[0].rpartition("/")[2], named[-1].rpartition("/")[2]] == ["manifest.json"] * 2


def test_what_was_half_written_is_never_read(victim, whole, tmp_path):
    """A temporary file that looks like a part is removed, not believed."""
    folder = tmp_path / "rows"
    victim.play("rows", folder, at=60)
    part = next(folder.glob("outcomes/part-*.parquet"))
    half = part.with_name(".half.tmp")
    half.write_bytes(part.read_bytes())
    read = victim.play("rows", folder).read

    assert read == ()
    assert tree(folder) == whole["rows"]
