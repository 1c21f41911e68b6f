"""Everything on the way to an answer that takes long shows its progress, or nothing does."""

import itertools

import pytest
import tqdm.std

import sim
from sim.study.points.sweep import sweep

QUIET = "crisis.quiet_hours"
RUNS = 12


@pytest.fixture
def _slow_work(monkeypatch):
    """Let five seconds pass whenever a bar looks at the clock."""
    monkeypatch.setattr(tqdm.std, "time", itertools.count(0.0, 5.0).__next__)


def _swept(plan, progress, **how):
    return sweep(plan, {QUIET: [12, 24, 48]}, replications=RUNS, progress=progress, **how)


@pytest.mark.usefixtures("_slow_work")
def test_a_sweep_shows_every_stage(small_plan, tmp_path, capsys):
    """Its points are checked, its runs played, its table made, its files given fingerprints."""
    _swept(small_plan, progress=True, out=tmp_path / "swept")
    said = capsys.readouterr().err

    assert all(
        one in said
        for one in ("checking the points:", "run", "estimating:", "taking fingerprints:")
    )


@pytest.mark.usefixtures("_slow_work")
def test_what_is_computed_later_is_shown_as_was_asked_for(small_plan, capsys):
    """A bar for the differences of who asked for one, and none for who asked for none."""
    loud, still = (_swept(small_plan, progress) for progress in (True, False))
    capsys.readouterr()
    still.differences()
    silence = capsys.readouterr().err
    loud.differences()

    assert (silence, "comparing the points:" in capsys.readouterr().err) == ("", True)


@pytest.mark.usefixtures("_slow_work")
def test_a_comparison_shows_that_it_pairs_the_runs(small_plan, capsys):
    """When the answer is asked for."""
    other = small_plan.with_((QUIET, 12))
    found = sim.compare([small_plan, other], RUNS, 1, progress=True)
    capsys.readouterr()
    found.answer()

    assert "pairing the runs:" in capsys.readouterr().err


@pytest.mark.usefixtures("_slow_work")
def test_a_sensitivity_analysis_shows_every_stage(small_plan, capsys):
    """The points are checked, and read again; the ends of ranges are compared."""
    found = sim.sensitivity(
        small_plan, {QUIET: (12.0, 48.0)}, samples=4, replications=10, progress=True
    )
    assert found.words
    assert len(found.tornado) == 1
    said = capsys.readouterr().err

    assert all(
        f"{one}:" in said
        for one in ("checking the points", "reading the points", "comparing the ends of ranges")
    )


@pytest.mark.usefixtures("_slow_work")
def test_reading_a_folder_shows_that_it_is_checked(small_plan, tmp_path, capsys):
    """Each of its files, and so does going on with it."""
    sim.run(small_plan, RUNS, out=tmp_path / "played", progress=False)
    sim.read(tmp_path / "played", progress=True)
    read = capsys.readouterr().err
    sim.resume(tmp_path / "played", progress=True)

    assert "checking the files:" in read
    assert "checking the files:" in capsys.readouterr().err


@pytest.mark.usefixtures("_slow_work")
def test_who_asks_for_none_gets_none_at_any_stage(small_plan, tmp_path, capsys):
    """Not a byte from playing, saving, reading, comparing and looking for boxes."""
    swept = _swept(small_plan, progress=False, out=tmp_path / "swept")
    again = sim.read(tmp_path / "swept", progress=False)
    again.differences()
    sim.discover(swept, progress=False)
    results = sim.run(small_plan, RUNS, progress=False)
    results.save(tmp_path / "saved")
    sim.resume(tmp_path / "saved", progress=False).summary()
    sim.compare([small_plan, small_plan.with_((QUIET, 12))], RUNS, 1, progress=False).answer()

    assert capsys.readouterr() == ("", "")
