"""What the words of a report mean, for whoever meets them here for the first time."""

from typing import Final

from sim.show.report.page import Folded, Prose, Section, section

_WORDS: Final = {
    "Run": "One possible history of the ceasefire, played by the simulator from its first hour to "
    "the last; thousands of them differ by chance alone.",
    "Incident": "A violation of the ceasefire: shots, shells or an assault in one sector of the "
    "line.",
    "Level": "How serious the fighting in a sector is, from the lowest to the expanded attack.",
    "Crisis": "From the moment that the violations are grave or many enough for the plan to count "
    "them, until it has been quiet for long enough. It has a clock.",
    "Step": "An answer in the plan, such as a warning or a deployment: what it needs, who must "
    "agree, and by which hour of the clock it is due.",
    "Called": "The step's need has arisen in a crisis, and whoever decides is asked.",
    "On time, late": "In force by the hour that the plan sets, that hour included, or after it.",
    "Refused": "Somebody whose yes is needed has said no.",
    "Stood down": "The crisis was over before the step was in force.",
    "In force": "The step has its effect, which is an assumption of the scenario.",
    "Held": "The ceasefire lasted for all the days that are watched.",
    "Collapsed": "The ceasefire ended before: the fighting did not stop any more.",
    "Sector-hours": "Hours of fighting, added up over the sectors: two sectors that fight for an "
    "hour have two.",
    "95 % interval": "How far chance alone may have carried the number, since only so many runs "
    "were played. It says nothing of whether the assumptions are right.",
    "Point": "One choice of the values that vary in a sweep or a study.",
    "The same luck": "Run number 17 meets the same chance events under each plan, so that two "
    "plans differ by what they do, and not by luck.",
    "Seed": "The number that all the luck is drawn from; the same seed gives the same runs.",
    "Run id": "Digits made from all that determines the numbers: who gets the same has the same.",
}


def glossary() -> Section:
    """Return the words and their meanings, folded away."""
    words = tuple(Prose(meaning, word) for word, meaning in _WORDS.items())
    return section("words", "Words", [Folded("What the words on this page mean", words)])
