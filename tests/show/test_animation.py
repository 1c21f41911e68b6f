"""A run as a moving picture: more and more of its timeline is seen, and then it stays."""

import numpy as np
import pytest
from PIL import Image

import sim
from sim.results.manifest import DISCLAIMER
from sim.show.timelines.animation import animate


@pytest.fixture(scope="module")
def told(small_plan):
    """A run, event by event."""
    return sim.trace(small_plan, 3, engine="compiled")


@pytest.fixture(scope="module")
def film(told, small_plan, tmp_path_factory):
    """Its moving picture."""
    return animate(told, small_plan, 3, tmp_path_factory.mktemp("film") / "run.gif")


def frames_of(film):
    """Return all frames, in grey, of shape (frames, height, width)."""
    with Image.open(film) as image:
        shown = []
        for index in range(image.n_frames):
            image.seek(index)
            shown.append(np.asarray(image.convert("L"), dtype=int))
    return np.array(shown)


def test_what_is_seen_once_stays(film):
    """From left to right: a column differs from the last frame only before its time."""
    frames = frames_of(film)
    # The rows of the sectors, within the axes.
    rows, columns = slice(110, 250), slice(160, 750)
    differ = (abs(frames[:, rows, columns] - frames[-1, rows, columns]) > 60).any(axis=1)
    firsts = [row.argmax() if row.any() else len(row) for row in differ]

    assert firsts[0] < 60
    assert firsts[-1] == len(differ[0])
    assert firsts == sorted(firsts)


def test_the_last_frame_stays_for_five_seconds(film):
    """So that somebody can read it."""
    with Image.open(film) as image:
        image.seek(image.n_frames - 1)

        assert image.info["duration"] == 5000


def test_it_is_small_and_says_what_it_is(film, small_plan):
    """The disclaimer is in the file too."""
    with Image.open(film) as image:
        told = image.info["comment"].decode()

    assert film.stat().st_size < 2_000_000
    assert small_plan.title in told
    assert DISCLAIMER in told


def test_the_same_run_gives_the_same_bytes(film, told, small_plan, tmp_path):
    """As every figure does."""
    assert animate(told, small_plan, 3, tmp_path / "again.gif").read_bytes() == film.read_bytes()


def test_a_part_can_be_asked_for(film, told, small_plan, tmp_path):
    """As of a timeline."""
    part = animate(told, small_plan, 3, tmp_path / "part.gif", from_hours=0, until_hours=48)

    assert not np.array_equal(frames_of(part)[-1], frames_of(film)[-1])


def test_nothing_but_a_gif_is_written(told, small_plan, tmp_path):
    """Other endings are refused, and nothing is there afterwards."""
    with pytest.raises(ValueError, match=r"ends in \.mp4, must be \.gif"):
        animate(told, small_plan, 3, tmp_path / "run.mp4")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_it_and_tells_nothing_else(command, small_world, tmp_path):
    """Beside a still picture, if that is asked for too."""
    files = ("--figure", "run.png", "--animation", "run.gif")
    done = command("trace", small_world, "--run", 2, *files)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "written:  run.png\nwritten:  run.gif\n"
    with Image.open(tmp_path / "run.gif") as image:
        assert image.n_frames > 100


def test_the_command_refuses_other_endings_before_anything_is_played(command, small_world):
    """With the ending that it must have."""
    done = command("trace", small_world, "--animation", "run.mp4")

    assert done.returncode == 2
    assert done.stderr == "sim: --animation run.mp4: ends in .mp4, must be .gif\n"
