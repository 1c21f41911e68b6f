# ruff: noqa: INP001 - a script beside the document that it writes
"""The tables of docs/model.md that the model itself can fill: draws, kinds of events, words.

`python docs/model_tables.py` writes them anew between their marks.
"""

from pathlib import Path
from typing import Final

from sim.model import chance, hours, words

DOCUMENT: Final = Path(__file__).with_name("model.md")

# What happens at each kind of hour, and what stands for its place and its ordinal in the rank.
_KINDS: Final = {
    "TREND_TURNS": ("a piece of the trend ends and the next one begins", "0", "0"),
    "COMMITMENT_IS_REVIEWED": ("an actor's commitment is reviewed", "commitment", "0"),
    "GUARANTEE_EXPIRES": ("the guarantee expires", "0", "0"),
    "SENSORS_TURN": ("the sensors go out, or work again", "0", "0"),
    "STOPS": ("a spell of fighting stops", "sector", "0"),
    "BREAKS_OFF": ("a spell is broken off by doctrine", "sector", "0"),
    "EXPANDS": ("a spell expands to the next level", "sector", "0"),
    "COLLAPSES": ("the ceasefire collapses", "sector", "0"),
    "ATTACKS": ("a decision to attack falls; the attack comes", "0", "0; 1 after a build-up"),
    "RESUMES": ("fighting that broke off is taken up again", "sector", "the broken-off violation"),
    "INCIDENT_OCCURS": ("an incident occurs", "sector", "0"),
    "DETECTED": ("a violation is detected", "sector", "violation"),
    "ATTRIBUTED": ("a violation is attributed", "sector", "violation"),
    "FALSE_ALARM_COMES": ("a false alarm comes", "0", "0"),
    "ANSWERS": ("a voter answers", "ladder", "step * 2^32 + voter"),
    "REVIEW": ("a ladder looks at its steps", "ladder", "0"),
    "DEADLINE": ("promises fall due", "ladder", "0"),
    "DEBUNKED": ("a false alarm is debunked", "sector", "violation"),
    "QUIET": ("a crisis closes", "ladder", "0"),
    "HORIZON": ("the run ends", "0", "0"),
}
_LISTS: Final = {
    "FAMILIES": "family of a delay or spell",
    "PROCESSES": "how incidents come about",
    "RISES": "what lifts a spell",
    "CLOCKS": "from when a crisis's clock counts",
    "OPENED_BY": "what opened a crisis",
    "STATUSES": "what a step ended as in a crisis",
    "OUTCOMES": "how a run ended",
}
_ORIGINS: Final = ("INCIDENT", "ATTACK", "RESUMED", "FALSE_ALARM")
_STATES: Final = (
    "NOT_CALLED",
    "DECIDING",
    "DEPLOYING",
    "ARMED",
    "IN_FORCE",
    "REFUSED",
    "OVER",
)


def kinds() -> dict[str, int]:
    """Return the kinds of simultaneous events and their numbers, in their order."""
    found = {
        name: value
        for name, value in vars(hours).items()
        if name.isupper() and type(value) is int and not name.startswith("_")
    }
    return dict(sorted(found.items(), key=lambda item: item[1]))


def draws() -> dict[str, int]:
    """Return the names of the purposes of draws and their numbers."""
    names = {
        value: name
        for name, value in vars(chance).items()
        if name.isupper() and type(value) is int and not name.startswith("_")
    }
    return {names[number]: number for number in chance.PURPOSES}


def tables() -> dict[str, str]:
    """Return each generated table in Markdown, by its mark."""
    return {"draws": _draws(), "kinds": _kinds(), "words": _words()}


def written_anew(text: str) -> str:
    """Return a text with the generated tables between their marks."""
    for mark, table in tables().items():
        begin, end = f"<!-- {mark}: begin -->\n", f"<!-- {mark}: end -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}{table}{end}{rest.split(end)[1]}"
    return text


def _table(head: str, rows: list[tuple[object, ...]]) -> str:
    columns = [cell.strip() for cell in head.split("|")]
    lines = [columns, ["---"] * len(columns), *([str(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _draws() -> str:
    rows: list[tuple[object, ...]] = []
    for name, number in draws().items():
        meaning, entity, ordinal = _parts(chance.PURPOSES[number])
        rows.append((f"`{name}`", number, meaning, entity, ordinal))
    return _table("draw | purpose | what it decides | entity | ordinal", rows)


def _parts(said: str) -> tuple[str, str, str]:
    """Return a purpose's meaning, entity and ordinal.

    >>> _parts("whether it is seen (sector; violation)")
    ('whether it is seen', 'sector', 'violation')
    """
    meaning, key = said.removesuffix(")").rsplit(" (", 1)
    entity, ordinal = key.split("; ")
    return meaning, entity, ordinal


def _kinds() -> str:
    rows: list[tuple[object, ...]] = [
        (number, f"`{name}`", *_KINDS[name]) for name, number in kinds().items()
    ]
    return _table("number | kind | what happens | place | ordinal", rows)


def _words() -> str:
    rows: list[tuple[object, ...]] = []
    for name, meaning in _LISTS.items():
        listed = ", ".join(f"{number} `{word}`" for number, word in enumerate(vars(words)[name]))
        rows.append((meaning, listed))
    for meaning, names in (("origin of a violation", _ORIGINS), ("state of a step", _STATES)):
        listed = ", ".join(f"{vars(words)[name]} `{name}`" for name in names)
        rows.append((meaning, listed))
    return _table("what | numbers and words", rows)


if __name__ == "__main__":
    DOCUMENT.write_text(written_anew(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
