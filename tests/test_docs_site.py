"""`make docs` builds pages without a warning, in which all that is public can be looked up."""

import inspect
import json
import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer
from filelock import FileLock

import sim
from sim.cli import app
from sim.scenario.reference import key_table
from sim.show import figures

ROOT = Path(__file__).parents[1]


class _Page(HTMLParser):
    """The places of a page that can be linked to, where it leads, what it loads, and its text."""

    def __init__(self, text):
        super().__init__()
        self.places, self.links, self.loaded, self.words = {""}, [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.places.add(said.get("id"))
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        elif tag in ("link", "script", "img", "iframe"):
            self.loaded += [said[name] for name in ("href", "src") if name in said]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        """The text as it is read, blanks as single spaces."""
        return " ".join("".join(self.words).split())


@cache
def _page(path):
    return _Page(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The exit code of a build and what it said, and the folder of its pages.

    It takes a while, so processes that share the tests share what the first of them has built.
    """
    own = tmp_path_factory.getbasetemp()
    folder = own.parent / "site" if "PYTEST_XDIST_WORKER" in os.environ else own / "site"
    said = folder / "said.json"
    with FileLock(f"{folder}.lock"):
        if not said.exists():
            said.write_text(json.dumps(_build(folder)), encoding="utf-8")
    return json.loads(said.read_text(encoding="utf-8")), folder / "pages"


def _build(folder):
    line = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"]
    line += ["-b", "html", "-d", str(folder / "read"), str(ROOT / "docs"), str(folder / "pages")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.fixture
def pages(built):
    """The folder of the pages."""
    return built[1]


def test_the_site_is_built_without_a_warning(built):
    """A page that nobody can reach, or a link that leads nowhere, is one."""
    said, _ = built

    assert said == [0, ""]


def test_no_link_goes_nowhere(pages):
    """Neither to a page or file nor to a place on it; links to other hosts are not followed."""
    wrong = [
        f"{path.relative_to(pages)}: {link}"
        for path in pages.rglob("*.html")
        for link in _page(path).links
        if not _leads_somewhere(link, path)
    ]

    assert wrong == []


def _leads_somewhere(link, path):
    parts = urlsplit(link)
    if parts.scheme:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.suffix != ".html":
        return target.exists()
    return target.exists() and unquote(parts.fragment) in _page(target).places


def test_a_page_needs_no_network(pages):
    """What it loads lies beside it."""
    loaded = {one for path in pages.rglob("*.html") for one in _page(path).loaded}

    assert loaded
    assert {one for one in loaded if urlsplit(one).netloc} == set()


def test_every_public_name_of_python_can_be_looked_up(pages):
    """What `sim` and `sim.figures` name, with its documentation."""
    names = {f"sim.{name}" for name in sim.__all__ if name != "figures"}
    names |= {f"sim.figures.{name}" for name in figures.__all__}

    assert names - _page(pages / "reference" / "python.html").places == set()


def test_whatever_a_function_returns_can_be_looked_up(pages):
    """Every class of the project that stands as the result of a public function."""
    found = [getattr(sim, name) for name in sim.__all__]
    functions = [one for one in found if inspect.isfunction(one)]
    said = {str(inspect.signature(one).return_annotation) for one in functions}
    classes = {re.sub(r"<class '|'>", "", one).rsplit(".", 1)[-1] for one in said}
    documented = {
        place.rsplit(".", 1)[-1]
        for place in _page(pages / "reference" / "python.html").places
        if place
    }

    assert classes - {"Any", "DataFrame", "Path"} <= documented


def test_every_command_can_be_looked_up_with_its_options(pages):
    """In a section of its own, each option as it is typed."""
    sections = re.split(r"(?:^| )sim ([a-z]+)¶", _page(pages / "reference" / "commands.html").text)
    said = dict(zip(sections[1::2], sections[2::2], strict=True))
    missing = [
        f"{name} {option}"
        for name, command in typer.main.get_command(app).commands.items()
        for option in ("Usage", *(one for given in command.params for one in given.opts))
        if option.startswith(("Usage", "--")) and option not in said.get(name, "")
    ]

    assert missing == []


def test_every_key_of_a_scenario_can_be_looked_up(pages):
    """With what it means."""
    text = _page(pages / "reference" / "scenarios.html").text
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]*?) \|", key_table(), re.MULTILINE)
    missing = [key for key, meaning in rows if f"{key} {_plain(meaning)}" not in text]

    assert rows
    assert missing == []


def _plain(markdown):
    return " ".join(markdown.replace("`", "").split())
