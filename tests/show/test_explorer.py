import asyncio
import json
import threading
from contextlib import suppress

import pytest

import sim
from sim.show.explorer.controls import controls
from sim.show.explorer.numbers import Pair, difference_text, estimate_text, number_rows
from sim.show.explorer.paper import View
from sim.show.explorer.pictures import pictures
from sim.show.explorer.session import Session
from sim.show.explorer.wishes import WrongWishError, scenarios_of, wish_of
from sim.study.exploring.asked_plans import bases_of
from sim.study.exploring.known_runs import Kept, Players
from sim.study.playing.batches import available_workers

FORCE = "steps.force.not_before_hours"


@pytest.fixture(scope="module")
def by_path(small_plan):
    """The controls of the small world by their paths."""
    return {one.path: one for one in controls(small_plan)}


@pytest.fixture(scope="module")
def three_step():
    """The controls of the reported plan by their paths."""
    plan = sim.load("scenarios/three_step.toml")
    return {one.path: one for one in controls(plan)}


def _wish(number=1, typed=None, **more):
    wish = {
        "kind": "wish",
        "number": number,
        "plans": [{"base": 0, "typed": {}}, {"base": 0, "typed": typed or {}}],
        "runs": "60",
        "seed": "7",
        "pixels": 400,
        "ratio": 1,
        "what": "collapsed",
    }
    return {**wish, **more}


class _Page:
    """A page that keeps all that it is told."""

    def __init__(self, given):
        self.answers = []
        self.players = Players(2)
        self._told = asyncio.Event()
        self.session = Session(bases_of(given), 0, self._hear, self.players, Kept())

    def _hear(self, told, buffers):
        self.answers.append((told, buffers))
        self._told.set()

    async def until(self, *kinds, number):
        """Wait for an answer to the wish of a number."""
        while not any(
            told["kind"] in kinds and told["number"] == number for told, _ in self.answers
        ):
            self._told.clear()
            await self._told.wait()

    def close(self):
        """Leave."""
        self.session.close()
        self.players.close()


def _talk(given, *messages):
    """Return all that a session answers to messages, each once the one before is answered."""

    async def talk():
        page = _Page(given)
        for message in messages:
            page.session.hear(json.loads(json.dumps(message)))
            await page.until("done", "wrong", number=message["number"])
        page.close()
        return page.answers

    return asyncio.run(talk())


def _of_kind(answers, kind):
    return [told for told, _ in answers if told["kind"] == kind]


OF_A_NEED = [
    f"steps.warning.needs.{name}" for name in ("within_hours", "sectors", "sustained_hours")
]


def test_every_number_that_the_runs_depend_on_has_a_control(small_plan, by_path):
    """All but luck, the horizon, what adds up to 1, what each member does, and what can be but 0.

    The horizon, like the luck, is the same for both plans.
    """
    from sim.scenario.layers import leaves
    from sim.scenario.problems import dotted

    luck = ("run.seed", "run.replications", "run.most_violations", "run.horizon_days")
    left_out = ("format", *luck, *OF_A_NEED, "levels.expanded.expand_per_day")
    numbers = {
        dotted(path)
        for path, value in leaves(small_plan.as_tables())
        if isinstance(value, (int, float)) and path[0] != "sources"
    }
    apart = {
        one
        for one in numbers
        if one in left_out or ".members." in one or one.startswith(("line.", "violations.level_"))
    }

    assert numbers - apart <= by_path.keys()
    assert not apart & by_path.keys()


def test_a_control_says_what_its_value_rests_on(three_step):
    """The unit, the grade, the range and the words are the scenario's own."""
    found = three_step["steps.military.deploy.median_hours"]

    assert (found.group, found.label, found.unit) == ("step military", "deploy median", "hours")
    assert (found.grade, found.source) == ("literature", "L35")
    assert found.meaning.startswith("The time that half do not outlast.")
    assert three_step["steps.military.not_before_hours"].grade == "reported"


def test_a_slider_goes_as_far_as_the_evidence_does(three_step):
    """And is logarithmic where that is more than a factor of ten."""
    incidents, quorum = (
        three_step["violations.incidents_per_day"],
        three_step["groups.willing.quorum"],
    )
    attacks = three_step["attack.per_year"]

    assert (incidents.low, incidents.high, incidents.plausible) == (3.0, 20.0, "3 to 20")
    assert not incidents.is_logarithmic
    assert attacks.is_logarithmic
    assert (quorum.low, quorum.high, quorum.step) == (2, 15, 1.0)


def test_every_slider_has_room_for_its_value(by_path, three_step):
    """From low to high, and at both ends the scenario can be."""
    for one in [*by_path.values(), *three_step.values()]:
        if not one.options:
            assert one.low <= one.value <= one.high
            assert one.low < one.high
            assert one.step > 0


def test_every_end_of_a_slider_is_allowed(small_plan, by_path):
    """A slider by itself cannot lead to an error, except where values depend on each other."""
    together = {f"steps.force.deploy.{name}_hours" for name in ("low", "mode", "high")}
    for one in by_path.values():
        if not one.options and one.path not in together:
            for end in (one.low, one.high):
                small_plan.with_((one.path, type(one.value)(end)))


def test_words_are_chosen_from_those_that_are_allowed(by_path):
    """The clock's are the schema's, those of levels the scenario's."""
    assert by_path["crisis.clock"].options == ("violation", "detection", "attribution")
    assert by_path["crisis.quiet_level"].options == ("shelling", "assault", "expanded")


def test_no_word_is_offered_that_the_plan_cannot_be(small_plan, by_path):
    """Incidents that excite each other need to be told how much."""
    assert "violations.process" not in by_path
    for one in by_path.values():
        for word in one.options:
            small_plan.with_((one.path, word))


def test_a_word_is_offered_where_the_plan_can_be_it():
    """A plan that says how much incidents excite each other may do with it or without."""
    found = {one.path: one.options for one in controls(sim.load("scenarios/full_world.toml"))}

    assert found["violations.process"] == ("poisson", "hawkes")


def test_a_session_shows_numbers_then_pictures_then_that_it_is_done(small_world):
    """Of few runs first, and in the end of all."""
    answers = _talk(small_world, _wish())
    numbers = _of_kind(answers, "numbers")

    assert [told["kind"] for told, _ in answers][:3] == ["heard", "numbers", "picture"]
    assert numbers[0]["runs"] < numbers[-1]["runs"] == 60
    assert answers[-1][0]["kind"] == "done"
    for told, buffers in answers:
        if told["kind"] == "picture":
            assert buffers[0].startswith(b"\x89PNG")


class _Restless(_Page):
    """A page that moves a slider as soon as it has its first picture."""

    def _hear(self, told, buffers):
        super()._hear(told, buffers)
        if told["kind"] == "picture" and len(_of_kind(self.answers, "picture")) == 1:
            self.session.hear(_wish(number=2, typed={FORCE: "30"}))


def test_what_is_half_drawn_is_left_for_what_is_newer(small_world):
    """A wish shows its first picture, and nothing more once it is not the newest."""

    async def talk():
        page = _Restless(small_world)
        page.session.hear(_wish(number=1))
        await page.until("done", number=2)
        page.close()
        return page.answers

    shown = [told for told in _of_kind(asyncio.run(talk()), "picture") if told["number"] == 1]

    assert [told["name"] for told in shown] == ["outcomes"]


def test_the_numbers_are_those_of_a_comparison(small_world, small_plan):
    """The same runs, estimates, intervals and differences, to the digit."""
    told = _of_kind(_talk(small_world, _wish(typed={FORCE: "30"})), "numbers")[-1]
    other = small_plan.with_((FORCE, 30))
    found = sim.compare({"plan A": small_plan, "plan B": other}, 60, 7, progress=False)
    table = found.differences().set_index("quantity")

    assert told["answer"] == found.answer()
    for row in told["rows"]:
        unit = table.loc[row["name"], "unit"]
        estimates = [one.tally.estimate(row["name"]) for one in found.results]
        assert row["plans"] == [estimate_text(one, unit) for one in estimates]
        (contrast,) = found.contrasts.values()
        difference = contrast.pairs.difference(row["name"]).difference
        assert row["difference"] == difference_text(difference, unit)


def test_what_is_wrong_is_told_with_its_plan_and_path(small_world):
    """Nothing is shown, and the next wish is served."""
    answers = _talk(small_world, _wish(1, {FORCE: "soon"}), _wish(2))
    (wrong,) = _of_kind(answers, "wrong")

    assert wrong["number"] == 1
    assert wrong["problems"] == [
        {"plan": 1, "path": FORCE, "says": 'is "soon", must be a number, 0 or more'}
    ]
    assert {one["number"] for one in _of_kind(answers, "numbers")} == {2}


def test_of_many_wishes_at_once_only_the_last_is_served(small_world):
    """All of them are heard, so that the page may send the next one."""

    async def talk():
        page = _Page(small_world)
        for number in range(1, 30):
            page.session.hear(_wish(number, {FORCE: str(number)}))
        await page.until("done", number=29)
        page.close()
        return page.answers

    answers = asyncio.run(talk())

    assert len(_of_kind(answers, "heard")) == 29
    assert {one["number"] for one in _of_kind(answers, "numbers")} == {29}


def test_a_newer_wish_breaks_off_what_would_take_long(small_world):
    """A hundred thousand runs are not waited for."""

    async def talk():
        page = _Page(small_world)
        page.session.hear(_wish(1, runs="100000"))
        await page.until("picture", number=1)
        page.session.hear(_wish(2, runs="20"))
        await page.until("done", number=2)
        page.close()
        return page.answers

    answers = asyncio.run(talk())

    assert _of_kind(answers, "done") == [{"kind": "done", "number": 2}]
    assert _of_kind(answers, "numbers")[-1]["number"] == 2


def test_a_run_is_told_when_it_is_asked_for(small_world):
    """Under the plan that was chosen."""
    timeline = {"run": "3", "plan": 1}
    told = _of_kind(_talk(small_world, _wish(timeline=timeline)), "picture")

    assert [one["title"] for one in told if one["name"] == "run"][-1] == "Run 3 under plan B"


def test_a_plan_without_steps_is_shown_too(small_world, tmp_path):
    """Where one plan has no such step, the table says so."""
    text = small_world.read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (tmp_path / "b.toml").write_text(text.split("[steps.warning]")[0], encoding="utf-8")
    plans = [{"base": 0, "typed": {}}, {"base": 1, "typed": {}}]
    told = _of_kind(_talk(tmp_path / "a.toml", _wish(plans=plans)), "numbers")[-1]
    rows = {one["name"]: one for one in told["rows"]}

    assert rows["force.on_time"]["plans"][1] == "no such step"
    assert rows["force.on_time"]["difference"] == ""


def _two_horizons(small_world, tmp_path):
    """Return the file of a plan of 20 days, with one of 30 days beside it."""
    text = small_world.read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    longer = text.replace("horizon_days = 20", "horizon_days = 30")
    (tmp_path / "b.toml").write_text(longer, encoding="utf-8")
    return tmp_path / "a.toml"


OTHERS = [{"base": 0, "typed": {}}, {"base": 1, "typed": {}}]


@pytest.mark.parametrize(
    ("horizon", "days", "note"),
    [
        ("", 20, "Plan B's file has 30 days"),
        ("10", 10, "Plan B's file has 30 days"),
        ("30", 30, ""),
    ],
)
def test_both_plans_are_watched_for_the_same_time(horizon, days, note, small_world, tmp_path):
    """For as long as was typed, or else as plan A's file says; and `sim.compare` takes them."""
    file = _two_horizons(small_world, tmp_path)
    wish = wish_of(_wish(plans=OTHERS, horizon=horizon), bases_of(file))
    first, other = scenarios_of(wish)

    assert first.run.horizon_days == other.run.horizon_days == days
    assert wish.horizon_note == note
    sim.compare([first, other], 5, 1, progress=False)


def test_plans_of_two_horizons_can_be_taken_along(small_world, tmp_path):
    """What is copied plays, and says which horizon both have."""
    wish = wish_of(_wish(plans=OTHERS), bases_of(_two_horizons(small_world, tmp_path)))
    defined = {}
    exec(wish.screen.as_python(), defined)  # noqa: S102 - it is our own

    days = [one.scenario.run.horizon_days for one in defined["comparison"].results]
    assert days == [20, 20]


def test_a_horizon_that_cannot_be_is_told_with_its_path(small_world):
    """Where the page has a place for it."""
    (wrong,) = _of_kind(_talk(small_world, _wish(horizon="soon")), "wrong")

    assert {one["path"] for one in wrong["problems"]} == {"run.horizon_days"}
    assert all("must be a number" in one["says"] for one in wrong["problems"])


@pytest.mark.parametrize(
    ("name", "text"), [("runs", "0"), ("runs", "many"), ("runs", "100001"), ("seed", "-1")]
)
def test_runs_and_seed_are_checked(name, text, small_world):
    """They are told with their names, where the page has a place for them."""
    with pytest.raises(WrongWishError, match="must be a whole number") as caught:
        wish_of(_wish(**{name: text}), bases_of(small_world))

    assert [one.problem.path for one in caught.value.wrong] == [name]


def test_text_of_a_scenario_is_shown_as_it_stands(small_plan):
    """Neither as mathematics in a picture, nor over several lines."""
    plan = small_plan.with_(("title", "a $\\frac{1$ title"))
    results = sim.run(plan, 20, 1, workers=1, progress=False)
    pair = Pair.of(results, results, ("plan A", "plan B"))
    drawn = [one for one in pictures(pair, View(330, 1)) if one is not None]

    assert [one.name for one in drawn] == ["outcomes", "differences", "by_when", "delays"]
    assert all(one.size[0] == 330 for one in drawn)
    assert number_rows(pair)


def test_the_same_runs_give_the_same_bytes(small_results):
    """As every picture of the project."""
    pair = Pair.of(small_results, small_results, ("plan A", "plan B"))
    once, again = ([one.png for one in pictures(pair, View(400, 2)) if one] for _ in "12")

    assert once == again


def test_a_widget_is_made_without_anything_being_played(small_plan):
    """It is shown by a notebook, or by nobody."""
    found = sim.explore(small_plan)

    with pytest.raises(ValueError, match="shows nothing yet"):
        _ = found.plans


def _say(widget, message):
    """Do what a notebook does when a page sends something."""
    widget._handle_custom_msg(message, [])  # noqa: SLF001


def _at_work():
    return [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]


async def _until_shown(widget):
    """Wait until something is on the screen, while more is played for it."""
    while True:
        with suppress(ValueError):
            return widget.plans
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("leaves", ["closes it", "leaves its page"])
def test_nothing_is_played_for_a_widget_that_nobody_sees(leaves, small_world):
    """Neither after it is closed, nor once no cell shows it."""

    async def left():
        found = sim.explore(small_world)
        _say(found, _wish(runs="100000", view="cell"))
        await _until_shown(found)
        if leaves == "closes it":
            found.close()
        else:
            _say(found, {"kind": "bye", "view": "cell"})
        await asyncio.wait(_at_work())
        return found.plans[0].run.replications

    assert 0 < asyncio.run(left()) < 100_000


def test_widgets_share_their_threads(small_world):
    """However many explorers are made, a machine has so many processors."""

    async def played():
        found = sim.explore(small_world)
        _say(found, _wish(view="cell"))
        await asyncio.gather(*_at_work())

    for _ in range(3):
        asyncio.run(played())
    threads = [one for one in threading.enumerate() if one.name.startswith("explorer")]

    assert 0 < len(threads) <= available_workers()


def test_two_cells_that_show_a_widget_do_not_disturb_each_other(small_world, monkeypatch):
    """Each is answered by its name, and each wish to its end."""
    told = []

    async def shown():
        found = sim.explore(small_world)
        monkeypatch.setattr(found, "send", lambda one, _buffers: told.append(one))
        for view, hours in (("first", "30"), ("second", "40")):
            _say(found, {"kind": "hello", "view": view})
            _say(found, _wish(typed={FORCE: hours}, view=view))
        await asyncio.gather(*_at_work())
        return found.plans

    _, other = asyncio.run(shown())
    done = [one["view"] for one in told if one["kind"] == "done"]
    titles = {one["view"]: one["titles"][1] for one in told if one["kind"] == "numbers"}

    assert sorted(done) == ["first", "second"]
    assert (titles["first"][-4:], titles["second"][-4:]) == ("= 30", "= 40")
    assert other.steps["force"].not_before_hours == 40


def test_a_widget_gives_back_what_is_on_the_screen(small_world, small_plan, tmp_path):
    """Both plans, what they give, and each of them as a file."""

    async def shown():
        found = sim.explore(small_world)
        _say(found, _wish(typed={FORCE: "30"}, view="cell"))
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))
        return found

    explorer = asyncio.run(shown())
    file = explorer.save(tmp_path / "mine.toml")
    changed = small_plan.with_((FORCE, 30))
    whole = sim.compare({"A": small_plan, "B": changed}, 60, 7, progress=False)

    assert explorer.comparison.answer() == whole.answer()
    assert explorer.plans[1] == sim.load(file)
    assert (explorer.plans[1].run.seed, explorer.plans[1].run.replications) == (7, 60)
    with pytest.raises(FileExistsError):
        explorer.save(file)


def test_without_the_extra_it_says_what_to_install(small_plan, monkeypatch):
    """And not that some module is missing."""
    import sys

    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "sim.show.explorer.widget", raising=False)

    with pytest.raises(ImportError, match=r'pip install "ceasefire-sim\[explore\]"'):
        sim.explore(small_plan)
