"""The numbers of what a scenario may have besides: each mechanism, and what it is when left out."""

import math

import pytest

from sim.model.hours import on_tick
from sim.model.words import BY_MEMBERS, BY_WEIGHT, HAWKES, POISSON, REPLAY
from sim.scenario.conversions import NEVER_OVER

GROUP = (
    "[actors.un]\n[actors.usa]\nyes_probability = 0.5\n"
    "commitment = { available = 0.9, review_years = 4, withdraw = 0.2, rejoin = 0.1 }\n"
    '[groups.g]\nrule = "veto"\ncorrelation = 0.3\nbacker = "usa"\n'
    "members = { a = { vetoes = true, needs_backer = true }, b = {} }\n"
)


def test_what_is_left_out_is_off(numbers_of):
    """Every mechanism has numbers that change nothing."""
    numbers = numbers_of("[actors.usa]\n[steps.w]\ndeciders = ['usa']")
    [step] = numbers.steps

    assert (numbers.process, numbers.branching_ratio, numbers.decay_hours) == (POISSON, 0, 1)
    assert numbers.trend == (math.inf, math.inf, 0, 0, 1, ())
    assert numbers.precursor == (0, 1, -1)
    assert numbers.doctrine == (0, 1, math.inf, math.inf, 0)
    assert numbers.monitoring == (math.inf, NEVER_OVER, 0, 0, math.inf, math.inf, 1)
    assert numbers.credibility == (False, 1, 1, math.inf, 0, 0, 0)
    assert (numbers.conditions, numbers.commitments, numbers.defender_share) == ((), (), 0)
    assert (step.lasts_hours, step.expires_hours) == (math.inf, math.inf)
    assert (step.requires, step.backers) == ((), ())
    assert step.voters[0][-4:-1] == (False, -1, -1)


def test_modifiers_of_the_rate_are_in_hours(numbers_of):
    """Days become hours; recommitments come in their order, and those of one hour are one."""
    days = ((5, 0.5), (0.5, 0.25), (5, 0.5), (1e300, 0))
    said = ", ".join(f"{{ day = {day}, factor = {factor} }}" for day, factor in days)
    trend = numbers_of(
        "[violations]\nerosion = { doubling_days = 30, cap = 5 }\nnight_to_day = 2\n"
        f"day_to_day = {{ phi = 0.64, sd = 0.76 }}\nrecommitments = [{said}]"
    ).trend

    assert trend == (720, 5, 0.64, 0.76, 2, ((12, 0.25), (120, 0.25)))


def test_excitation_is_a_ratio_and_a_decay(numbers_of):
    """Of the process hawkes."""
    excitation = "excitation = { branching_ratio = 0.45, decay_hours = 200 }"
    numbers = numbers_of(f'[violations]\nprocess = "hawkes"\n{excitation}\ndefender_share = 0.1')
    of_hawkes = (numbers.process, numbers.branching_ratio, numbers.decay_hours)

    assert of_hawkes == (HAWKES, 0.45, 200)
    assert numbers.defender_share == 0.1


def test_a_record_is_by_sector_and_hour(numbers_of):
    """Each level has its number, and what is not known is told from what is."""
    numbers = numbers_of(
        '[line]\nsectors = { a = 0.5, b = 0.5 }\n[violations]\nprocess = "replay"\n'
        'recorded = { hours = [3, 1, 0.1], sectors = ["a", "a", "b"], '
        'levels = ["fire", "", ""], by = ["", "defender", "aggressor"] }'
    )

    assert numbers.process == REPLAY
    assert [sector.incident_mean_hours for sector in numbers.sectors] == [math.inf, math.inf]
    assert numbers.sectors[0].recorded == ((1, 0, 1), (3, 1, -1))
    assert numbers.sectors[1].recorded == ((on_tick(0.1), 0, 0),)


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("days = 2", (48, 1, -1)),
        ("days = 2, rate = 3, heavy_share = 0", (48, 3, 0)),
    ],
    ids=["little", "all"],
)
def test_a_build_up_is_in_hours(numbers_of, said, numbers):
    """No share of heavy incidents is not a share of none."""
    assert numbers_of(f"[attack]\nprecursor = {{ {said} }}").precursor == numbers


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("", (1, 1, 20, math.inf, 0)),
        ("resume_after_hours = 48", (1, 1, 20, 48, 1)),
        (
            'share = 0.5\nlevel = "war"\nresume_after_hours = 0\nresume_probability = 0.25',
            (0.5, 2, 20, 0, 0.25),
        ),
    ],
    ids=["never again", "again", "all"],
)
def test_a_doctrine_is_its_hours_and_chances(numbers_of, said, numbers):
    """Who never comes back comes back with no probability."""
    war = '[levels.war]\nspell = { family = "constant", hours = 1 }\n'

    assert numbers_of(f"{war}[doctrine]\nbreak_off_hours = 20\n{said}").doctrine == numbers


def test_monitoring_is_means_and_chances(numbers_of):
    """Outages take their share of the time."""
    numbers = numbers_of(
        "[monitoring]\nfalse_alarms_per_day = 0.5\nmisattribution = 0.1\n"
        'debunked_after = { family = "exponential", mean_hours = 9 }\n'
        "outages = { share = 0.25, mean_hours = 12, detection = 0.5 }"
    ).monitoring

    assert numbers == (48, (1, 9, 0, 0), 0.1, 0.25, 12, 36, 0.5)


def test_outages_that_take_no_time_are_none(numbers_of):
    """Nothing is divided by their share."""
    outages = "[monitoring]\noutages = { share = 0, mean_hours = 12 }"

    assert numbers_of(outages).monitoring[3:] == (0, math.inf, math.inf, 1)


def test_credibility_is_a_prior_a_half_life_and_exponents(numbers_of):
    """Days become hours."""
    said = "kept = 4\nbroken = 1\nforget_days = 10\nincidents = 1\nattack = 2\nexpand = 3"

    assert numbers_of(f"[credibility]\n{said}").credibility == (True, 4, 1, 240, 1, 2, 3)


def test_what_a_step_rests_on_is_an_index_or_an_hour(numbers_of):
    """A guarantee is for the steps that it names, or for all."""
    text = (
        "[conditions.a]\nprobability = 1\n[conditions.b]\nprobability = 0.5\n"
        '[steps.w]\nrequires = ["b"]\nlasts_hours = 72\n[steps.x]\n'
        "[guarantee]\nexpires_years = 2\n"
    )
    of_all = numbers_of(text)
    of_one = numbers_of(f'{text}steps = ["x"]')

    assert [condition[:2] for condition in of_all.conditions] == [("a", 1), ("b", 0.5)]
    assert (of_all.steps[0].requires, of_all.steps[0].lasts_hours) == ((1,), 72)
    assert [step.expires_hours for step in of_all.steps] == [17520, 17520]
    assert [step.expires_hours for step in of_one.steps] == [math.inf, 17520]


def test_a_backer_and_a_veto_are_numbers_of_the_step(numbers_of):
    """Without a quorum a veto is all that counts."""
    [step] = numbers_of(f'{GROUP}[steps.w]\ndeciders = ["g"]').steps
    [decider], [backer] = step.deciders, step.backers

    assert decider[:-1] == ("g", BY_MEMBERS, 0, 2, True, 1, 0.3)
    assert [voter[-4:-1] for voter in step.voters] == [(True, 0, -1), (False, -1, -1)]
    assert backer[:-1] == ("usa", 0.5, (0, 0, 0, 0), 0)


def test_a_commitment_is_that_of_an_actor(numbers_of):
    """Its index is among those who may not be there; the others have none."""
    numbers = numbers_of(f'{GROUP}[steps.w]\ndeciders = ["un", "usa", "g"]')

    assert [one[:-1] for one in numbers.commitments] == [("usa", 0.9, 35040, 0.2, 0.1)]
    assert [voter.commitment for voter in numbers.steps[0].voters] == [-1, 0, -1, -1]


def test_a_backer_draws_what_it_draws_as_a_decider(numbers_of):
    """Whether it decides too or not, its luck is that of the actor in this step."""
    alone, both = (
        numbers_of(f"{GROUP}[steps.w]\ndeciders = {deciders}").steps[0]
        for deciders in ('["g"]', '["g", "usa"]')
    )

    assert alone.backers[0].keys == both.backers[0].keys == both.voters[2].keys


def test_a_backer_whom_no_decider_needs_is_none_of_the_step(numbers_of):
    """Only the groups that a step asks bring theirs."""
    assert numbers_of(f'{GROUP}[steps.w]\ndeciders = ["un"]').steps[0].backers == ()


def test_a_veto_goes_with_a_quorum(numbers_of):
    """Both must be met."""
    group = GROUP.replace('rule = "veto"', 'rule = "veto"\nquorum_weight = 0.6')
    [decider] = numbers_of(f'{group}[steps.w]\ndeciders = ["g"]').steps[0].deciders

    assert (decider.counted_by, decider.quorum, decider.vetoers) == (BY_WEIGHT, 0.6, 1)


def test_new_mechanisms_leave_the_luck_of_the_others_alone(numbers_of):
    """A plan with a backer, and one without, draw the same for the members and the step."""
    plain = GROUP.replace('backer = "usa"\n', "").replace(", needs_backer = true", "")
    one, other = (
        numbers_of(f'{group}[steps.w]\ndeciders = ["g"]').steps[0] for group in (GROUP, plain)
    )

    assert one.keys == other.keys
    assert [voter.keys for voter in one.voters] == [voter.keys for voter in other.voters]
