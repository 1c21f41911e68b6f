"""What the attacks share: who is attacked, and what comes of a batch that is left alone."""

from pathlib import Path

import pytest
from reliability.attack import BRIEF, KINDS, RUNS, Victim, copied, tree

import sim
from sim.scenario.layers import Layer
from sim.scenario.loading import checked


@pytest.fixture(scope="session")
def victim():
    """The program that is attacked."""
    program = Victim()
    yield program
    program.end()


@pytest.fixture(scope="session")
def alone(victim, tmp_path_factory):
    """Of each kind a batch that is left alone: its folder, and what was called for it."""
    folder = tmp_path_factory.mktemp("alone")
    return {kind: (folder / kind, victim.play(kind, folder / kind)) for kind in KINDS}


@pytest.fixture(scope="session")
def whole(alone):
    """Of each kind the tree that there must be in the end."""
    return {kind: tree(folder) for kind, (folder, _) in alone.items()}


@pytest.fixture(scope="session")
def shorter(victim, tmp_path_factory):
    """Of each kind the folder of a batch that is going to be extended."""
    folder = tmp_path_factory.mktemp("shorter")
    for kind in KINDS:
        victim.play(kind, folder / kind, runs=RUNS - 100)
    return folder


@pytest.fixture(scope="session")
def brief():
    """A world whose runs take microseconds."""
    return checked(Layer(BRIEF, {}))


@pytest.fixture(scope="session")
def _finished(small_plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished") / "results"
    sim.run(small_plan, 30, out=folder, crises=True, progress=False)
    return folder


@pytest.fixture
def finished(_finished, tmp_path) -> Path:
    """A results folder that is complete, to be damaged."""
    return copied(_finished, tmp_path / "results")
