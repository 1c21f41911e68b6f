# ruff: noqa: INP001 - Sphinx finds this file by its name and place
"""How `make docs` builds the pages: Markdown as it stands, and references made from the code."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs import web_links, web_reference

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project: Final = "ceasefire-sim"
author: Final = "The ceasefire-sim authors"
copyright: Final = "2026, the ceasefire-sim authors"  # noqa: A001 - Sphinx's name for it
version: Final = version_of("ceasefire-sim")

extensions: Final = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton"]
exclude_patterns: Final = ["**/.*"]

# The pages are also read where the code lies: headings can be linked to there as here.
myst_heading_anchors: Final = 4
highlight_language: Final = "text"
smartquotes: Final = False

# Docstrings are prose: what stands in single backticks there is code.
default_role: Final = "code"
autodoc_member_order: Final = "bysource"
autodoc_typehints_format: Final = "short"
autodoc_class_signature: Final = "separated"
python_use_unqualified_type_names: Final = True
python_maximum_signature_line_length: Final = 88
add_module_names: Final = False
toc_object_entries_show_parents: Final = "hide"

html_theme: Final = "furo"
html_title: Final = "ceasefire-sim"
html_static_path: Final = ["web.css"]
html_css_files: Final = ["web.css"]
html_copy_source: Final = False
html_show_sphinx: Final = False
html_theme_options: Final = {
    "announcement": "Illustrative: conditional on assumptions, not a forecast",
}


def setup(app: "Sphinx") -> None:
    """Let every page pass through what fills it, and what mends its links."""
    app.connect("source-read", _read)
    app.connect("autodoc-process-docstring", web_reference.as_prose)


def _read(app: "Sphinx", page: str, source: list[str]) -> None:
    """Fill a page, and turn its links into those of the site; say what else it is made from."""
    text, file = web_links.text_of(page, source[0])
    app.env.note_dependency(str(file))
    whole = web_links.with_one_title(web_reference.filled(text))
    source[0] = web_links.on_the_site(whole, file, page)
