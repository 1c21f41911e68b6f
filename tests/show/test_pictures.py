"""All pictures of what was found: what is drawn, with captions, as files and within a page."""

import re
from itertools import chain
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

import sim
from sim.results.manifest import DISCLAIMER
from sim.scenario.sources import grades_in_words
from sim.show.pictures import pictures, save_all

QUIET = "crisis.quiet_hours"
STUDY = """
format = 1
title = "Tense or not"
scenarios = {{ plan = "plan.toml", tense = "tense.toml" }}
replications = 4
seed = 3
outcomes = ["crises"]
{vary}
"""


def study(folder, small_world, vary=""):
    """Return a played study of two plans."""
    text = small_world.read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    (folder / "tense.toml").write_text(text.replace("per_day = 3", "per_day = 6"))
    (folder / "study.toml").write_text(STUDY.format(vary=vary), encoding="utf-8")
    return sim.play_study(folder / "study.toml", folder / "out", workers=1, progress=False)


@pytest.fixture(scope="module")
def found(small_plan, small_results, small_world, tmp_path_factory):
    """One of each kind that can be pictured."""
    quiet = {"quiet": small_plan, "never": small_plan.with_(("attack.per_year", 0.0))}
    how = {"workers": 1, "progress": False}
    one = {QUIET: [6, 24]}
    two = one | {"attack.per_year": [1, 2]}
    ranges = {QUIET: (12, 13), "violations.incidents_per_day": (0, 20)}
    asked = {"outcomes": ["crises"], "replications": 5, **how}
    return {
        "results": small_results,
        "comparison": sim.compare(quiet, 20, 1, **how),
        "line": sim.sweep(small_plan, one, **asked),
        "plane": sim.sweep(small_plan, two, **asked),
        "sensitivity": sim.sensitivity(
            small_plan, ranges, "crises", samples=8, replications=20, **how
        ),
        "study": study(tmp_path_factory.mktemp("study"), small_world),
        "points": study(
            tmp_path_factory.mktemp("points"), small_world, f"vary = {{ {QUIET} = [6, 24] }}"
        ),
    }


NAMES = {
    "results": ["outcomes", "timing", "delays", "fighting", "timeline"],
    "comparison": ["differences", "incidence", "moves"],
    "line": ["crises"],
    "plane": ["crises"],
    "sensitivity": ["tornado", "indices", "effects"],
    "study": ["differences"],
    "points": ["crises"],
}


@pytest.mark.parametrize("kind", NAMES)
def test_there_are_pictures_of_whatever_was_found(found, kind):
    """Each named after what it shows."""
    assert [one.name for one in pictures(found[kind])] == NAMES[kind]


@pytest.mark.parametrize("kind", NAMES)
def test_a_caption_can_be_read_without_the_picture(found, kind):
    """What it is, its seed and its id, what it rests on, and that it is no forecast."""
    for one in pictures(found[kind]):
        assert one.caption.startswith(one.title())
        assert re.search(r"\bseed \d+\b", one.caption)
        assert re.search(r"\bid [0-9a-f]{16}\b", one.caption)
        assert DISCLAIMER.capitalize() in one.caption
        assert "values that the runs depend on" in one.caption
        assert one.caption.endswith(".")
        assert "\n" not in one.caption


def test_the_caption_counts_the_scenarios_own_values(found, small_plan):
    """How many are reported, from the literature, and assumed."""
    one = next(pictures(found["results"]))

    assert grades_in_words(small_plan) in one.caption
    assert "A small world: 30 runs, seed 7" in one.caption


def test_what_is_read_back_has_the_same_pictures(small_results, tmp_path):
    """From a folder, as from what was just played."""
    folder = small_results.save(tmp_path / "results")
    read = [(one.name, one.svg()) for one in pictures(sim.read(folder))]

    assert read == [(one.name, one.svg()) for one in pictures(small_results)]


def test_what_nothing_is_known_of_has_no_pictures(small_plan):
    """A scenario is not a result."""
    with pytest.raises(TypeError, match=r"is a Scenario, must be what sim\.read returns"):
        pictures(small_plan)


def test_the_captions_stand_beside_the_pictures(found, tmp_path):
    """Each under the name of its files, and the same for the same results."""
    files = save_all(found["comparison"], tmp_path / "one")
    save_all(found["comparison"], tmp_path / "again")
    text = (tmp_path / "one" / "captions.txt").read_text(encoding="utf-8")

    assert text == (tmp_path / "again" / "captions.txt").read_text(encoding="utf-8")
    assert [block.split("\n")[0] for block in text.split("\n\n")] == NAMES["comparison"]
    assert {file.parent for file in files} == {tmp_path / "one"}
    assert all(one.caption in text for one in pictures(found["comparison"]))


def test_a_picture_is_saved_in_the_formats_that_are_asked_for(found, tmp_path):
    """With its provenance inside."""
    one = next(pictures(found["line"]))
    drawing, picture = one.save(tmp_path / "new", (".pdf", ".png"))

    assert [drawing.name, picture.name] == ["crises.pdf", "crises.png"]
    assert one.provenance.items() <= Image.open(picture).text.items()


def elements(svg):
    """Return all elements of a drawing."""
    return list(ET.fromstring(svg).iter())  # noqa: S314 - it is ours


def referred_to(svg):
    """Return the ids that a drawing refers to."""
    return set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))


def test_drawings_in_one_page_do_not_share_ids(found):
    """Each refers to what is in itself, and has no id twice."""
    drawings = [one.svg() for kind in found for one in pictures(found[kind])]
    ids = [[one.get("id") for one in elements(svg) if one.get("id")] for svg in drawings]
    everywhere = list(chain.from_iterable(ids))

    assert len(everywhere) == len(set(everywhere))
    assert all(referred_to(svg) <= set(own) for svg, own in zip(drawings, ids, strict=True))


def test_a_drawing_for_a_page_is_an_element_and_the_same_every_time(found):
    """No declaration, no document type, no style for the rest of the page."""
    one, again = next(pictures(found["results"])), next(pictures(found["results"]))
    svg = one.svg()
    name = elements(svg)[0].get("id")
    styles = [part.text for part in elements(svg) if part.tag.endswith("}style")]

    assert svg == one.svg() == again.svg()
    assert svg.startswith("<svg ")
    assert svg.endswith("</svg>")
    assert "<!" not in svg
    assert all(style.startswith(f"#{name} ") for style in styles)
    assert elements(svg)[0].get("aria-label") == one.title()


def test_a_title_in_a_drawing_cannot_become_markup(small_plan):
    """What a user wrote is text, wherever it stands."""
    wild = small_plan.with_(("title", '"><script>alert(1)</script>'))
    results = sim.run(wild, 3, 1, workers=1, progress=False)
    svgs = [one.svg() for one in pictures(results)]
    labels = {"plain": small_plan, '"><script>': wild}
    svgs += [one.svg() for one in pictures(sim.compare(labels, 3, 1, workers=1, progress=False))]

    assert not any("<script" in svg for svg in svgs)
    assert all(elements(svg) for svg in svgs)
