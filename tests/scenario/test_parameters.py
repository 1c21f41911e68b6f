"""A scenario's numbers: each is one number, however the file wrote it."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from scenario.made_up import FORTY, scenarios

from sim.model.hours import on_tick
from sim.model.words import BY_MEMBERS, BY_WEIGHT, FAMILIES
from sim.scenario.loading import load
from sim.scenario.parameters import NO_THRESHOLD, parameters

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DELAYS = {
    "constant": ({"hours": 0.1}, (on_tick(0.1), 0, 0)),
    "exponential": ({"mean_hours": 3}, (3, 0, 0)),
    "weibull": ({"shape": 2, "scale_hours": 3}, (3, 2, 0)),
    "lognormal": ({"log_sd": 2, "median_hours": 3}, (3, 2, 0)),
    "loglogistic": ({"shape": 2, "median_hours": 3}, (3, 2, 0)),
    "uniform": ({"high_hours": 3, "low_hours": 1}, (1, 3, 0)),
    "triangular": ({"high_hours": 3, "mode_hours": 2, "low_hours": 1}, (1, 2, 3)),
}
MEMBERS = "{ a = { weight = 3 }, b = { weight = 1, yes_probability = 0 } }"
VOTES = {
    "a number of members": ('rule = "quorum"\nquorum = 1', (BY_MEMBERS, 1.0)),
    "a share of the weight": ('rule = "quorum"\nquorum_weight = 0.6', (BY_WEIGHT, 0.6)),
    "all": ('rule = "unanimity"', (BY_MEMBERS, 2.0)),
}


@pytest.fixture(scope="module")
def three_step():
    """The numbers of the three-step plan."""
    return parameters(load(SCENARIOS / "three_step.toml"))


def leaves_of(numbers):
    """Yield all plain values in nested tuples."""
    for one in numbers:
        if isinstance(one, tuple):
            yield from leaves_of(one)
        else:
            yield one


def step_keys(numbers):
    """Return the keys of all draws of the plan's steps, each as often as it is used."""
    holders = [*numbers.steps, *(voter for step in numbers.steps for voter in step.voters)]
    return [key for holder in holders for key in holder.keys]


@given(plan=scenarios())
@FORTY
def test_every_value_is_plain(plan):
    """Words, whole numbers, truths, and floats that are numbers or infinity; nothing else."""
    values = list(leaves_of(parameters(plan)))

    assert {type(value) for value in values} <= {str, int, float, bool}
    assert not any(value != value for value in values)  # noqa: PLR0124 - only nan is not itself


@given(plan=scenarios())
@FORTY
def test_shares_of_sectors_add_up_to_one(plan):
    """They are normalised, so that the file may round them."""
    total = math.fsum(sector.share for sector in parameters(plan).sectors)

    assert total == pytest.approx(1, rel=1e-12)


@given(plan=scenarios())
@FORTY
def test_shares_of_levels_rise_to_exactly_one(plan):
    """Every draw finds a level, and none above the highest that has a share."""
    levels = parameters(plan).levels
    rising = [level.share_up_to for level in levels]
    shares = plan.violations.level_shares or {levels[1].name: 1.0}
    highest = max(index for index, level in enumerate(levels) if shares.get(level.name))

    assert rising == sorted(rising)
    assert [share for share in rising[highest:] if share != 1] == []


@given(plan=scenarios())
@FORTY
def test_no_two_draws_have_a_key_in_common(plan):
    """Sectors differ, and so do steps and voters for each sector."""
    numbers = parameters(plan)
    sectors = [sector.key for sector in numbers.sectors]

    assert len(set(sectors)) == len(sectors)
    assert len(set(step_keys(numbers))) == len(step_keys(numbers))


def test_keys_of_a_name_are_the_same_in_another_scenario(three_step):
    """Two plans share their luck: the warning of one has the draws of the other's."""
    alone = parameters(load(SCENARIOS / "ukraine_only.toml"))

    assert alone.sectors == three_step.sectors
    assert alone.steps[0] == three_step.steps[0]


def test_keys_do_not_depend_on_the_order(three_step):
    """A sector has its draws wherever it stands in the file."""
    plan = load(SCENARIOS / "three_step.toml")
    shuffled = dict(sorted(plan.line.sectors.items(), reverse=True))
    tables = plan.as_tables()
    tables["line"]["sectors"] = shuffled
    numbers = parameters(type(plan).model_validate(tables))

    assert {sector.name: sector.key for sector in numbers.sectors} == {
        sector.name: sector.key for sector in three_step.sectors
    }


def test_keys_fit_into_32_bits(three_step):
    """The generator's counter has no room for more."""
    keys = [*step_keys(three_step), *(sector.key for sector in three_step.sectors)]

    assert all(0 <= key < 2**32 for key in keys)


def test_known_keys_never_change(three_step):
    """Published runs rest on them: the first four bytes of a SHA-256, the low one first.

    `printf north | sha256sum` begins with dc365e79; the others are those of north/warning and of
    north/warning/ukraine/ukraine.
    """
    warning = three_step.steps[0]
    keys = (three_step.sectors[0].key, warning.keys[0], warning.voters[0].keys[0])

    assert keys == (0x795E36DC, 0x4D157C08, 0xF0096F32)


@pytest.mark.parametrize("family", DELAYS)
def test_a_delay_is_its_family_and_its_numbers(numbers_of, family):
    """A scale or a median comes first, bounds rise, and the order in the file does not matter."""
    numbers, said = DELAYS[family]
    text = ", ".join(f"{key} = {value}" for key, value in numbers.items())
    delay = (
        numbers_of(f'[levels.fire.detection]\ndelay = {{ {text}, family = "{family}" }}')
        .levels[1]
        .detection_delay
    )

    assert delay == (FAMILIES.index(family), *said)


def test_a_file_that_says_little_switches_the_rest_off(numbers_of):
    """No attacks, no expansion, no collapse, everything seen at once, no steps."""
    numbers = numbers_of("")
    level = numbers.levels[1]

    assert numbers.attack_mean_hours == level.expand_mean_hours == level.collapse_mean_hours
    assert numbers.attack_mean_hours == math.inf
    assert (level.detection_probability, level.attribution_probability) == (1, 1)
    assert (level.detection_delay, numbers.steps) == ((0, 0, 0, 0), ())


def test_a_rate_is_a_mean_wait(numbers_of):
    """Two attacks in a year of 365 days are one in 4,380 hours, half a day's expansion 48."""
    level = '[levels.war]\nspell = { family = "constant", hours = 1 }\n'
    numbers = numbers_of(
        f"{level}collapse_per_day = 2\n[levels.fire]\nexpand_per_day = 0.5\n[attack]\nper_year = 2"
    )

    assert numbers.attack_mean_hours == 4380
    assert numbers.levels[1].expand_mean_hours == 48
    assert numbers.levels[2].collapse_mean_hours == 12


def test_every_draw_finds_a_level_though_tenths_do_not_add_up(loaded):
    """Ten times 0.1 is not 1 in a computer; the highest level with a share takes what is left."""
    names = [f"level{index}" for index in range(11)]
    spell = "spell = { family = 'constant', hours = 1 }\n"
    levels = "".join(f"[levels.{name}]\n{spell}" for name in names)
    shares = ", ".join(f"{name} = 0.1" for name in names[:10])
    numbers = parameters(
        loaded(f"[violations]\nincidents_per_day = 1\nlevel_shares = {{ {shares} }}\n{levels}")
    )

    assert [level.share_up_to for level in numbers.levels[-3:]] == [pytest.approx(0.9), 1, 1]


def test_names_whose_hashes_agree_have_keys_of_their_own(numbers_of):
    """These two begin with the same four bytes of SHA-256; the first one keeps its key."""
    both = numbers_of("[line]\nsectors = { sector74637 = 0.5, sector155976 = 0.5 }").sectors
    alone = numbers_of("[line]\nsectors = { sector74637 = 1 }").sectors

    assert both[0].key == alone[0].key != both[1].key


def test_without_sectors_there_is_one(numbers_of):
    """It has all the incidents."""
    [sector] = numbers_of("").sectors

    assert (sector.name, sector.share, sector.incident_mean_hours) == ("line", 1, 24)


def test_without_shares_of_levels_all_incidents_are_at_the_lowest(numbers_of):
    """Whatever levels there are above it."""
    numbers = numbers_of('[levels.war]\nspell = { family = "constant", hours = 1 }')

    assert [level.share_up_to for level in numbers.levels] == [0, 1, 1]


def test_the_first_level_is_quiet(three_step):
    """Index 0 is no fighting, so that levels count from 1."""
    names = [level.name for level in three_step.levels]

    assert names == ["quiet", "harassing", "shelling", "assault", "expanded"]


@pytest.mark.parametrize(
    ("crisis", "said"),
    [
        ("", (1, 2)),
        ("threshold_incidents = 3", (3, 2)),
        ('threshold_level = "fire"', (NO_THRESHOLD, 1)),
        ('threshold_incidents = 3\nthreshold_level = "fire"', (3, 1)),
    ],
    ids=["neither", "incidents", "level", "both"],
)
def test_either_threshold_is_enough(numbers_of, crisis, said):
    """One that is not given is never reached; if neither is, one incident is enough."""
    numbers = numbers_of(f"[crisis]\n{crisis}")

    assert (numbers.threshold_incidents, numbers.threshold_level) == said


def test_any_fighting_keeps_a_crisis_open_unless_said_otherwise(numbers_of, three_step):
    """The lowest level is the default."""
    assert (numbers_of("").quiet_level, three_step.quiet_level) == (1, 3)


def test_a_step_without_deadline_is_never_late(three_step):
    """Its deadline is infinite."""
    deadlines = {step.name: step.deadline_hours for step in three_step.steps}

    assert deadlines == {"warning": 24, "coalition": 72, "military": math.inf}


def test_a_step_that_needs_no_level_needs_an_open_crisis(three_step):
    """Its level is 0; the others are those of the file."""
    assert [step.need_level for step in three_step.steps] == [0, 3, 4]


def test_hours_are_whole_ticks(numbers_of):
    """A third of an hour is rounded, as every delay is."""
    hours = numbers_of("[steps.w]\nnot_before_hours = 0.1").steps[0].not_before_hours

    assert hours == on_tick(0.1) != 0.1


def test_hours_beyond_all_bounds_are_never(numbers_of):
    """A deadline in a billion years is none."""
    assert numbers_of("[steps.w]\ndeadline_hours = 1e300").steps[0].deadline_hours == math.inf


@pytest.mark.parametrize("rule", VOTES)
def test_a_rule_is_a_way_of_counting_and_a_quorum(numbers_of, rule):
    """Unanimity is a quorum of all."""
    text, said = VOTES[rule]
    step = f'[steps.w]\ndeciders = ["g"]\n[groups.g]\n{text}\nmembers = {MEMBERS}'
    [decider] = numbers_of(step).steps[0].deciders

    assert (decider.counted_by, decider.quorum) == said


def test_members_weigh_by_their_share(numbers_of):
    """Units do not matter for a quorum; what each has pledged is kept beside its share."""
    step = f'[steps.w]\ndeciders = ["g"]\n[groups.g]\nrule = "unanimity"\nmembers = {MEMBERS}'
    numbers = numbers_of(step).steps[0]

    assert [voter.share for voter in numbers.voters] == [0.75, 0.25]
    assert (numbers.voters[0].weight, numbers.deciders[0].members) == (3, 2)


def test_an_actor_is_a_vote_of_one(numbers_of):
    """It has no weight, since nothing of it is pledged to a group."""
    step = numbers_of('[actors.usa]\n[steps.w]\ndeciders = ["usa"]').steps[0]

    [decider] = step.deciders
    assert decider[:-1] == ("usa", BY_MEMBERS, 1.0, 1, False, 0, 0.0)
    assert [(voter.name, voter.share) for voter in step.voters] == [("usa", 0.0)]


@pytest.mark.parametrize(
    ("said", "decision"),
    [
        ("", (0, 0, 0, 0)),
        ("decision_median_hours = 24", (0, 24, 0, 0)),
        ("decision_median_hours = 24, decision_log_sd = 0.7", (3, 24, 0.7, 0)),
    ],
    ids=["nothing", "no spread", "both"],
)
def test_a_member_decides_by_its_median_and_spread(numbers_of, said, decision):
    """Without a median at once, without a spread always in the same time."""
    step = '[steps.w]\ndeciders = ["g"]\n[groups.g]\nrule = "unanimity"\n'
    [voter] = numbers_of(f"{step}members = {{ a = {{ {said} }} }}").steps[0].voters

    assert voter.decision == decision


def test_voters_know_their_decider(three_step):
    """The military step asks 26 members of the coalition, and the USA."""
    step = three_step.steps[2]

    assert [decider.name for decider in step.deciders] == ["willing", "usa"]
    assert [voter.decider for voter in step.voters] == [0] * 26 + [1]


@pytest.mark.parametrize(
    ("scope", "scopes"),
    [
        ("line", [("line", (0, 1, 2, 3))]),
        ("sector", [("north", (0,)), ("centre", (1,)), ("south", (2,)), ("other", (3,))]),
    ],
)
def test_a_ladder_is_for_the_line_or_for_each_sector(scope, scopes):
    """A scope has a name, and the indices of its sectors."""
    plan = load(SCENARIOS / "three_step.toml", [("crisis.scope", scope)])

    assert list(parameters(plan).scopes) == scopes
