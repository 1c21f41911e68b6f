"""A figure is laid out once, and written without being drawn in vain."""

from io import BytesIO

import pytest

from sim.show.drawing import content_of
from sim.show.pictures import pictures
from sim.show.style import FORMATS, house_style

DPI = 90
# What a file says of the time at which it was made.
UNDATED = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


@pytest.fixture
def laid_out(small_results):
    """The figure of a picture."""
    return next(pictures(small_results)).axes.get_figure(root=True)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_figure_that_is_laid_out_is_written_as_matplotlib_would(laid_out, suffix):
    """Byte for byte."""
    saved = BytesIO()
    with house_style():
        found = content_of(laid_out, suffix, DPI, UNDATED[suffix])
        laid_out.savefig(saved, format=suffix[1:], dpi=DPI, metadata=UNDATED[suffix])

    assert found == saved.getvalue()


@pytest.mark.parametrize("suffix", FORMATS)
def test_who_writes_a_figure_leaves_it_as_it_is(laid_out, suffix):
    """Its canvas and its resolution, on which later pictures of it depend."""
    before = laid_out.canvas, laid_out.dpi
    content_of(laid_out, suffix, DPI, UNDATED[suffix])

    assert (laid_out.canvas, laid_out.dpi) == before
