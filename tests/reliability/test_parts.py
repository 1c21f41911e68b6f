"""A file that is torn, has a flipped bit or is another one is seen, named, and made again."""

import json
import random
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from reliability.attack import copied, tree

import sim
from sim.results.folder import DamagedError
from sim.results.manifest import batch_of, read_manifest
from sim.results.pieces import checked_rows, write_rows
from sim.results.place import sums_in
from sim.results.saving import opened
from sim.results.spans import Span
from sim.study.playing.batches import RecomputedWarning
from sim.study.resuming import resume

FIRST, SECOND = "part-0000000000000.parquet", "part-0000000000100.parquet"


def flipped(content, bit):
    """Return bytes of which one bit is the other."""
    wrong = bytearray(content)
    wrong[bit // 8] ^= 1 << bit % 8
    return bytes(wrong)


class Checked:
    """A part in the folder of a batch, and the check that it has to stand."""

    def __init__(self, folder, at):
        """Read it; copies that are damaged are written to another folder."""
        batch = batch_of(folder, read_manifest(folder))
        self.path = folder / "outcomes" / FIRST
        self.content = self.path.read_bytes()
        self._schema = pq.read_schema(self.path).remove_metadata()
        self._batch_id = batch.batch_id
        self._at = at / FIRST

    def is_seen(self, content):
        """Return whether it is seen that a part holds this."""
        self._at.write_bytes(content)
        try:
            checked_rows(self._at, self._batch_id, self._schema)
        except DamagedError as error:
            return str(self._at) in str(error)
        return False


@pytest.fixture
def part(finished, tmp_path):
    """The one part of a finished batch."""
    return Checked(finished, tmp_path)


def test_a_part_as_it_was_written_is_believed(part):
    """The check does not refuse everything."""
    assert not part.is_seen(part.content)


def test_a_torn_part_is_seen(part):
    """At 64 places, the very end among them, and with something behind it."""
    size = len(part.content)
    ends = [round(one * (size - 1) / 63) for one in range(64)]

    assert [end for end in ends if not part.is_seen(part.content[:end])] == []
    assert part.is_seen(part.content + b"\0")


def test_a_flipped_bit_is_seen(part):
    """Each of 1,000, anywhere in the file."""
    bits = random.Random(1).sample(range(8 * len(part.content)), 1000)

    assert [bit for bit in bits if not part.is_seen(flipped(part.content, bit))] == []


def _torn(path, _other):
    path.write_bytes(path.read_bytes()[:-100])


def _flipped(path, _other):
    path.write_bytes(flipped(path.read_bytes(), 4000))


def _empty(path, _other):
    path.write_bytes(b"")


def _lost(path, _other):
    path.unlink()


def _foreign(path, other):
    shutil.copy(other / path.parent.name / path.name, path)


def _swapped(path, _other):
    beside = path.with_name(SECOND if path.name == FIRST else FIRST)
    content = path.read_bytes()
    path.write_bytes(beside.read_bytes())
    beside.write_bytes(content)


def _folder(path, _other):
    path.unlink()
    path.mkdir()


def _link(path, _other):
    folder = next(one for one in path.parents if (one / "manifest.json").exists())
    elsewhere = folder.with_name("elsewhere")
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _dangling_link(path, _other):
    path.unlink()
    path.symlink_to(path.parents[2] / "nothing")


def _stray(path, other):
    """A part of a batch that is not this one, beyond the last."""
    shutil.copy(other / path.parent.name / path.name, path.with_name("part-9000000000000.parquet"))


@pytest.fixture(scope="session")
def of_another_seed(victim, tmp_path_factory):
    """The folder of a batch whose luck is another."""
    folder = tmp_path_factory.mktemp("another") / "rows"
    victim.play("other seed", folder)
    return folder


# Of these nothing is said: what is not there was not written, and a link to the very rows has them.
SILENT = (_lost, _dangling_link, _link)


@pytest.mark.parametrize(
    "damage",
    [
        _torn, _flipped, _empty, _lost, _foreign, _swapped, _folder, _link, _dangling_link, _stray,
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", [f"outcomes/{FIRST}", f"crises/{SECOND}"])
def test_a_damaged_part_is_named_and_played_again(
    victim, alone, whole, of_another_seed, damage, name, tmp_path
):
    """Whatever was done to it, the tree is the right one in the end, and nothing else changed."""
    folder = copied(alone["rows"][0], tmp_path / "rows")
    damage(folder / name, of_another_seed)
    resumed = victim.play("rows", folder)
    if damage is _stray and name.startswith("crises"):
        name = "the rows"  # without outcomes nobody reads it: it only goes

    assert resumed.ended == 0, resumed.said
    if damage is not _stray:  # whether a file too many is there is not asked of a whole folder
        assert tree(folder) == whole["rows"]
    if damage not in (*SILENT, _stray):
        assert any(name in one and "played again" in one for one in resumed.warned)


@pytest.mark.parametrize("damage", [_torn, _flipped, _empty, _lost, _folder, _link])
@pytest.mark.parametrize("name", ["tally.json", "summary.csv", f"first_crises/{FIRST}"])
def test_damage_where_rows_are_not_kept(victim, alone, whole, damage, name, tmp_path):
    """The tally is made again, and so is what follows from it."""
    folder = copied(alone["sums"][0], tmp_path / "sums")
    damage(folder / name, folder)
    resumed = victim.play("sums", folder)
    is_whole = tree(folder) == whole["sums"]
    is_refused = resumed.ended == 1 and name in resumed.said

    assert is_whole or (damage is _folder and is_refused)
    if name == "tally.json" and damage not in SILENT:
        assert any(name in one for one in resumed.warned)


@pytest.mark.parametrize("damage", [_torn, _flipped, _empty, _folder, _link])
@pytest.mark.parametrize("table", ["outcomes", "crises"])
def test_a_damaged_piece_is_named_and_played_again(victim, whole, damage, table, tmp_path):
    """A batch was killed while a block was played, and then a piece of it was damaged."""
    folder = tmp_path / "shared"
    victim.play("shared", folder, at=120)
    name = min(path.name for path in (folder / ".pieces" / "outcomes").glob("*.parquet"))
    piece = folder / ".pieces" / table / name
    damage(piece, folder)
    resumed = victim.play("shared", folder)

    assert tree(folder) == whole["shared"]
    assert any(f"{table}/{piece.name}" in one for one in resumed.warned)


def test_pieces_that_overlap_count_once(victim, whole, tmp_path):
    """Runs that were played twice, by workers that did not know of each other, are there once."""
    folder, twice = tmp_path / "shared", tmp_path / "twice"
    for where, at in ((folder, 120), (twice, 150)):
        victim.play("shared", where, at=at)
    for table in ("outcomes", "crises"):
        for piece in (folder / ".pieces" / table).glob("*.parquet"):
            whole_piece = pq.read_table(piece)
            span = json.loads(whole_piece.schema.metadata[b"spans"])[0]
            batch_id = whole_piece.schema.metadata[b"batch_id"].decode()
            run = whole_piece["run"]
            for start, stop in _overlapping(*span[1:]):
                few = whole_piece.filter([start <= one < stop for one in run.to_pylist()])
                name = piece.with_name(f"0-{start}-0-{stop}.parquet")
                write_rows(name, few, batch_id, [Span(0, start, stop)])
    resumed = victim.play("shared", folder)

    assert resumed.ended == 0, resumed.said
    assert tree(folder) == whole["shared"]


def _overlapping(start, stop):
    third = (stop - start) // 3
    return [(start, stop - third), (start + third, stop)]


@pytest.mark.parametrize("kind", ["rows", "shared"])
def test_a_piece_of_another_batch_is_not_taken(victim, whole, of_another_seed, kind, tmp_path):
    """It is named and goes."""
    folder = tmp_path / kind
    victim.play(kind, folder, at=20)
    for table in ("outcomes", "crises"):
        pieces = folder / ".pieces" / table
        pieces.mkdir(parents=True, exist_ok=True)
        shutil.copy(of_another_seed / table / FIRST, pieces / "0-0-0-100.parquet")
    resumed = victim.play(kind, folder)

    assert tree(folder) == whole[kind]
    assert any("is of another batch" in one for one in resumed.warned)


def test_every_flipped_byte_of_a_finished_folder_is_seen(finished):
    """Of each file that its manifest lists, a few bytes anywhere: it is not opened, but named."""
    chances = random.Random(2)
    unseen = []
    for path in (one for one in sorted(finished.rglob("*")) if one.is_file()):
        content, name = path.read_bytes(), path.relative_to(finished).as_posix()
        if name in (".lock", "manifest.json"):
            continue
        for bit in (chances.randrange(8 * len(content)) for _ in range(5)):
            path.write_bytes(flipped(content, bit))
            try:
                opened(finished)
                unseen.append((name, bit))
            except DamagedError as error:
                unseen += [] if name in str(error) else [(name, bit)]
        path.write_bytes(content)

    assert unseen == []
    assert opened(finished).replications == 30


def test_a_flipped_bit_of_the_manifest_is_seen(finished):
    """At 300 places: it is refused, or what was flipped was only how the text is laid out."""
    path = finished / "manifest.json"
    content = path.read_bytes()
    told = json.loads(content)
    unseen = []
    for bit in random.Random(3).sample(range(8 * len(content)), 300):
        path.write_bytes(flipped(content, bit))
        try:
            read_manifest(finished)
        except (DamagedError, sim.ScenarioError):
            continue
        if json.loads(path.read_bytes()) != told:
            unseen.append(bit)

    assert unseen == []


def test_a_flipped_bit_of_the_sums_is_seen(alone):
    """Each of 300, anywhere in the file."""
    folder, _ = alone["sums"]
    path, told = folder / "tally.json", read_manifest(folder)
    content = path.read_bytes()
    wrong = path.with_name(".wrong")
    unseen = []
    for bit in random.Random(4).sample(range(8 * len(content)), 300):
        wrong.write_bytes(flipped(content, bit))
        try:
            sums_in(wrong, told["batch_id"])
            unseen.append(bit)
        except DamagedError as error:
            unseen += [] if str(wrong) in str(error) else [bit]
    wrong.unlink()

    assert unseen == []


def test_a_part_too_many_is_not_in_the_results(finished):
    """Beside the parts lies one that nobody listed."""
    part = finished / "outcomes" / FIRST
    shutil.copy(part, part.with_name("part-0000000100000.parquet"))
    shutil.copy(part, part.with_name("part-0.parquet"))

    assert opened(finished).outcomes["run"].tolist() == list(range(30))


def test_what_is_damaged_is_computed_again_by_whoever_asks(finished):
    """With a warning that names it."""
    before = tree(finished)
    _flipped(finished / "outcomes" / FIRST, finished)
    with pytest.warns(RecomputedWarning, match=re.escape(FIRST)):
        resume(finished, progress=False)

    assert tree(finished) == before


def test_an_unfinished_folder_is_not_opened(victim, tmp_path):
    """The error says what goes on with it."""
    victim.play("rows", tmp_path / "rows", at=60)

    with pytest.raises(DamagedError, match=r"is not complete, sim resume .*rows goes on with it"):
        opened(Path(tmp_path / "rows"))
