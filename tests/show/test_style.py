"""The style of the house comes and goes, and leaves a notebook's own settings alone."""

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

from sim.show.style import house_style


@pytest.fixture(autouse=True)
def _not_interactive():
    """Begin without showing figures at once, as a notebook does, and end so."""
    plt.ioff()
    yield
    plt.ioff()


@house_style()
def draw(*, fails=False):
    """Draw as the first figure of a notebook does, which finds its backend and turns this on."""
    plt.ion()
    if fails:
        message = "no such row"
        raise ValueError(message)


def test_a_notebook_that_shows_figures_at_once_goes_on_doing_so():
    """Each figure is seen, and not the first alone."""
    draw()

    assert mpl.is_interactive()


def test_a_figure_that_fails_does_not_hide_the_next():
    """What the backend has set stays when the drawing breaks off."""
    with pytest.raises(ValueError, match="no such row"):
        draw(fails=True)

    assert mpl.is_interactive()


def test_the_users_own_style_is_back_afterwards():
    """Whatever the house draws with."""
    with mpl.rc_context({"font.size": 7}):
        draw()

        assert mpl.rcParams["font.size"] == 7
