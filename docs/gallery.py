# ruff: noqa: INP001 - a script beside the page about figures
"""Every figure there is, on one page to look through: `python docs/gallery.py build/gallery`.

Plays small batches, which takes a minute or two. Each figure stands with the line of Python that
draws it and with its caption; a box at the top shows all of them in grey.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, select_autoescape
from markupsafe import Markup

import sim
from sim.results.manifest import DISCLAIMER
from sim.scenario.sources import grades_in_words
from sim.show.comparisons.compared import multiples_picture
from sim.show.picture import Picture
from sim.show.plans.ladder import ladder_picture
from sim.show.timelines.divergence import parting_picture

ROOT: Final = Path(__file__).parents[1]
RUNS: Final = 300
SEED: Final = 1
RUN: Final = 17
PLANS: Final = ("no_response", "three_step", "coalition_alone", "us_guarantee")
LADDERS: Final = ("three_step", "security_council_fallback", "us_guarantee_50_years", "no_response")
DEPLOY: Final = "steps.coalition.deploy.median_hours"
QUORUM: Final = "groups.willing.quorum"
STUDY: Final = """
format = 1
title = "How long the coalition takes to deploy, in two worlds"
scenarios = {{ plain = "scenarios/three_step.toml", full = "scenarios/full_world.toml" }}
replications = {runs}
seed = {seed}
outcomes = ["coalition.in_force", "held"]
{vary}
"""
PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Every figure</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
#grey:checked ~ main { filter: grayscale(1) }
figure { margin: 2rem 0 4rem }
figcaption { color: #444; font-size: 0.9rem }
code { background: #f4f4f4; padding: 0.2rem 0.4rem }
svg, img { width: 100%; height: auto; border: 1px solid #ddd }
</style>
</head>
<body>
<h1>Every figure</h1>
<p>{{ disclaimer }}. Small batches, to look at the figures and not at the numbers.</p>
<input type="checkbox" id="grey"><label for="grey"> in grey</label>
<main>
{% for heading, shown in sections.items() %}
<h2>{{ heading }}</h2>
{% for one in shown %}
<figure>
<p><code>{{ one.code }}</code></p>
{{ one.drawn }}
<figcaption>{{ one.caption }}</figcaption>
</figure>
{% endfor %}
{% endfor %}
</main>
</body>
</html>
"""


class Shown(NamedTuple):
    """A figure on the page."""

    code: str
    """The line of Python that draws it."""
    drawn: Markup
    caption: str


def plan_named(name: str) -> sim.Scenario:
    """Return a plan of the project."""
    return sim.load(ROOT / "scenarios" / f"{name}.toml")


def shown(code: str, picture: Picture) -> Shown:
    """Return a picture as it stands on the page."""
    return Shown(code, Markup(picture.svg()), picture.caption)  # noqa: S704 - a drawing of ours


def all_of(pictures: Iterable[Picture], code: str) -> list[Shown]:
    """Return pictures, each with a line of code in which `{}` is its name."""
    return [shown(code.format(one.name), one) for one in pictures]


def of_plans() -> Iterator[Shown]:
    """Yield the ladders of several plans."""
    for name in LADDERS:
        code = f'sim.figures.ladder(sim.load("scenarios/{name}.toml"))'
        yield shown(code, ladder_picture(plan_named(name)))


def of_runs() -> Iterator[Shown]:
    """Yield the figures of a batch of runs."""
    results = sim.run(plan_named("three_step"), RUNS, SEED, progress=False)
    for one in sim.figures.pictures(results):
        arguments = "sim.trace(plan, run), plan" if one.name == "timeline" else "results"
        yield shown(f"sim.figures.{one.name}({arguments})", one)


def of_one_run(folder: Path) -> Iterator[Shown]:
    """Yield one run as a moving picture, which is a file beside the page."""
    plan = plan_named("three_step")
    film = sim.figures.animate(sim.trace(plan, RUN), plan, RUN, folder / "run.gif")
    image = Markup('<img src="{}" alt="One run, hour by hour">').format(film.name)
    caption = f"Run {RUN}, hour by hour. {DISCLAIMER.capitalize()}. {grades_in_words(plan)}."
    yield Shown('sim.figures.animate(sim.trace(plan, run), plan, run, "run.gif")', image, caption)


def of_comparisons() -> Iterator[Shown]:
    """Yield the figures of plans on the same luck."""
    found = sim.compare([plan_named(name) for name in PLANS], RUNS, SEED, progress=False)
    for one in sim.figures.pictures(found):
        name = "small_multiples" if one.name == "plans" else one.name
        yield shown(f"sim.figures.{name}(comparison)", one)
    for what in ("timing", "fighting"):
        code = f'sim.figures.small_multiples(comparison, what="{what}")'
        yield shown(code, multiples_picture(found, what))
    code = f"sim.figures.parting(comparison.explain({RUN})[0])"
    yield shown(code, parting_picture(found.explain(RUN)[0]))


def of_sweeps() -> Iterator[Shown]:
    """Yield the figures of a sweep over one value and over two."""
    plan = plan_named("three_step")
    outcomes = ["coalition.in_force"]
    code = "list(sim.figures.pictures(sweep))  # {}"
    for vary in ({DEPLOY: [3, 12, 24, 48, 96]}, {DEPLOY: [3, 12, 48], QUORUM: [3, 8, 12]}):
        sweep = sim.sweep(
            plan, vary, outcomes=outcomes, replications=RUNS, seed=SEED, progress=False
        )
        yield from all_of(sim.figures.pictures(sweep), code)


def of_sensitivities() -> Iterator[Shown]:
    """Yield the figures of a sensitivity analysis."""
    ranges = {
        DEPLOY: (3, 96),
        "violations.incidents_per_day": (5, 20),
        "attack.per_year": (0.05, 1),
    }
    found = sim.sensitivity(
        plan_named("three_step"), ranges, "incidents", samples=16, replications=50, progress=False
    )
    yield from all_of(sim.figures.pictures(found), "list(sim.figures.pictures(sensitivity))  # {}")


def of_studies(folder: Path) -> Iterator[Shown]:
    """Yield the figures of a study without points, over one value, and over two."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    one = f'"{DEPLOY}" = [3, 24, 96]'
    two = f'{one}\n"{QUORUM}" = [3, 12]'
    for name, vary in (("plans", ""), ("line", f"[vary]\n{one}"), ("plane", f"[vary]\n{two}")):
        file = folder / f"{name}.toml"
        text = STUDY.format(runs=RUNS // 3, seed=SEED, vary=vary)
        file.write_text(text, encoding="utf-8")
        found = sim.play_study(file, folder / name, progress=False)
        yield from all_of(sim.figures.pictures(found), "list(sim.figures.pictures(study))  # {}")


def write_page(folder: Path) -> Path:
    """Write the page and what belongs to it into a folder, and return the page."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        sections = {
            "A plan, before anything is played": list(of_plans()),
            "Many runs of a plan": list(of_runs()),
            "One run": list(of_one_run(folder)),
            "Several plans on the same luck": list(of_comparisons()),
            "A sweep": list(of_sweeps()),
            "A sensitivity analysis": list(of_sensitivities()),
            "A study": list(of_studies(Path(scratch))),
        }
    template = Environment(autoescape=select_autoescape(default_for_string=True)).from_string(PAGE)
    page = folder / "index.html"
    text = template.render(sections=sections, disclaimer=DISCLAIMER.capitalize())
    page.write_text(text, encoding="utf-8")
    return page


if __name__ == "__main__":
    page = write_page(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "gallery"))
    sys.stdout.write(f"written:  {page}\n")
