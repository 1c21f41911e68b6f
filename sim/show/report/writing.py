"""Writing the report: the page of whatever a results folder holds, as one file of HTML."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.results.batch import DISCLAIMER
from sim.results.folder import write_file
from sim.show.report.contents import page_of
from sim.show.report.files import check_report_file
from sim.show.report.page import printable
from sim.study.resuming import read

if TYPE_CHECKING:
    from os import PathLike

    from sim.show.pictures import Found


def report(
    found: Found | str | PathLike[str], path: str | PathLike[str], *, replace: bool = False
) -> Path:
    """Write a report of what was found, or of what is in a folder, and return its file.

    One page of HTML with all that belongs to it: nothing is loaded from anywhere. The same results
    give the same bytes. Raises `FileExistsError` where a file is there already, unless it is a
    report that is to be replaced.
    """
    file = Path(path)
    check_report_file(file, replace=replace)
    content = html(read(found) if isinstance(found, str) or hasattr(found, "__fspath__") else found)
    check_report_file(file, replace=replace)
    write_file(file, content.encode())
    return file


def html(found: Found) -> str:
    """Return the report of what was found."""
    environment = Environment(
        loader=PackageLoader("sim.show.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    return environment.get_template("page.html.jinja").render(
        page=page_of(found), disclaimer=DISCLAIMER, version=version("ceasefire-sim")
    )


def breakable(text: str, is_path: bool) -> str:  # noqa: FBT001 - a fact about a column
    """Return a path that may be broken behind its dots; any other text as it is.

    >>> breakable("a.<b>", True)
    Markup('a.<wbr>&lt;b&gt;')
    """
    return Markup(".<wbr>").join(printable(text).split(".")) if is_path else text


def _clean(value: Any) -> Any:  # noqa: ANN401 - whatever a template shows
    """Return a text without what does not print; what is not text, or is HTML of ours, as it is."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return printable(value) if is_text else value
