"""What the tests of figures share: none leaves its figures behind."""

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

mpl.use("agg")


@pytest.fixture(autouse=True)
def _closed():
    """Close what a test has drawn, since pyplot keeps every figure."""
    yield
    plt.close("all")
