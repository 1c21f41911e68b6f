"""What is compared: each pattern with what was observed, its source, and the model's side of it."""

from __future__ import annotations

import math
from typing import Final

from validation import model_side as model
from validation.measures import (
    growth_in_four_weeks,
    heavy_shares,
    middle,
    misfires,
    per_day,
    persistence,
    size_k,
    variance_to_mean,
    wandering,
)
from validation.observed import SERIES, WEEKS_OF_2017, observed, smm_periods
from validation.pattern import Known, Pattern
from validation.spans import APART, BEFORE_BUILD_UP, EARLY, GOOD, HELD, LAST_DAYS, YEARS

BASE: Final = "base"
FULL: Final = "full world"
# The front is 2.7 times as long as the line that the mission watched (A01).
_LONGER: Final = 2.7
SCATTER: Final = "How counts scatter from day to day"
FILE: Final = "smm_daily.csv"
_PARTIES: Final = ("Baku", "Stepanakert")


def _exactly(value: float, note: str = "") -> Known:
    return Known(value, value, note)


def _both(identity: str) -> dict[str, str]:
    return {BASE: identity, FULL: identity}


def patterns() -> list[Pattern]:
    """Return every pattern, in the order of the table."""
    return [*_level(), *_scatter(), *_places(), *_course(), *_weapons(), *_escalation(), *_seen()]


def _level() -> list[Pattern]:
    low, high = _LONGER * 16, _LONGER * 33
    known = Known(low, high, "16 to 33 on 420 km, times 2.7 for the longer front")
    return [
        Pattern(
            "Level",
            "Recorded violations a day in a good ceasefire",
            "number",
            known,
            ("L02", "L04"),
            model.level_in(GOOD),
            {BASE: "A01", FULL: "A170"},
        )
    ]


def _scatter() -> list[Pattern]:
    calendar, rows = smm_periods(), []
    for title, kind, statistic in (
        ("Variance to mean of daily counts", "number", variance_to_mean),
        ("Negative binomial size k of daily counts", "number", size_k),
    ):
        for span in YEARS:
            counts = span.of(calendar).single_days().total
            known = _exactly(statistic(counts), f"{len(counts)} days")
            measure = model.of_counts(span, statistic)
            name = f"{title}, {span.name}"
            rows.append(
                Pattern(
                    SCATTER,
                    name,
                    kind,
                    known,
                    ("L06", FILE),
                    measure,
                    {},
                )
            )
    follows = persistence(BEFORE_BUILD_UP.of(calendar))
    pairs = f"{follows.pairs} pairs of days"
    slope, spread = _exactly(follows.slope, pairs), _exactly(follows.residual_sd, pairs)
    name, spread_name = "Lag-1 autoregression of log daily counts", "its residual sd"
    return [
        *rows,
        Pattern(
            SCATTER,
            name,
            "slope",
            slope,
            ("L07", FILE),
            model.slope,
            {FULL: "A06"},
        ),
        Pattern(
            SCATTER,
            f"{name}: {spread_name}",
            "number",
            spread,
            ("L07", FILE),
            model.residual_sd,
            {FULL: "A07"},
        ),
    ]


def _places() -> list[Pattern]:
    calm = BEFORE_BUILD_UP.of(smm_periods())
    return [
        Pattern(
            "Where on the line",
            "Share of the hottest areas",
            "share",
            _exactly(0.76, "four areas, 2020"),
            ("L01",),
            model.hot_share,
            _both("A25"),
        ),
        Pattern(
            "Where on the line",
            "Wandering of the hot areas: sd of one half's share by day",
            "number",
            _exactly(wandering(calm), "Donetsk's share"),
            ("L01", FILE),
            model.of_reports(BEFORE_BUILD_UP, wandering),
            {},
        ),
    ]


def _course() -> list[Pattern]:
    weekly = [observed(SERIES, week)[0] for week in WEEKS_OF_2017]
    growth = growth_in_four_weeks(list(WEEKS_OF_2017.values()), weekly)
    as_in_ledger = 2 ** (4 / 4.2)
    later = APART.of_reports(smm_periods())
    events = "events recorded by ACLED, Donbas"
    before, after = (observed(events, f"{word} 2020-07-27")[0] for word in ("before", "after"))
    at_first = per_day(EARLY.of(smm_periods())) / observed(SERIES, "2020-01-01/2020-07-26")[0]
    return [
        Pattern(
            "Growth and drop",
            "Growth in four weeks, first 16 weeks",
            "factor",
            Known(growth, as_in_ledger, "2017: doubling in 4.2 to 4.5 weeks"),
            ("L12", "observed.csv"),
            model.growth,
            {FULL: "A08"},
        ),
        Pattern(
            "Growth and drop",
            "Growth from the first two months to the following year",
            "factor",
            _exactly(later, "2020 to 2021"),
            ("L05", FILE),
            model.of_reports(HELD, APART.of_reports),
            {},
        ),
        Pattern(
            "Growth and drop",
            "Violence left in the three months after a recommitment",
            "share",
            _exactly(after / before, "ACLED, July 2020"),
            ("L10", "observed.csv"),
            model.left_after_three_months,
            _both("A10"),
        ),
        Pattern(
            "Growth and drop",
            "Violence left in the first days after a recommitment",
            "share",
            _exactly(at_first, "days 3 to 17, against 623 a day"),
            ("L02", FILE),
            model.left_at_first,
            {},
        ),
    ]


def _weapons() -> list[Pattern]:
    calendar = smm_periods()
    calm = heavy_shares(BEFORE_BUILD_UP.of(calendar).single_days())
    last = [heavy_shares(day.of(calendar))[0] for day in LAST_DAYS]
    january = per_day(YEARS[-1].of(calendar))
    rise = per_day(LAST_DAYS[-1].of(calendar)) / january
    as_weapons = {FULL: "A148"}
    return [
        Pattern(
            "Heavy weapons and attacks",
            "Heavy share in a calm ceasefire",
            "share",
            Known(0.19, 0.28, f"two weeks of May 2020; median day in the file {middle(calm):.2f}"),
            ("L08", FILE),
            model.heavy_when_calm,
            _both("A17"),
        ),
        Pattern(
            "Heavy weapons and attacks",
            "Calm days that look like an attack: heavy share of 2/3 or more",
            "share",
            _exactly(misfires(calm), f"{len(calm)} days"),
            ("L09", FILE),
            model.of_reports(BEFORE_BUILD_UP, model.calm_misfires),
            {},
        ),
        Pattern(
            "Heavy weapons and attacks",
            "Heavy share on the third day before an attack",
            "share",
            _exactly(last[0], "16 February 2022"),
            ("L09", FILE),
            model.heavy_before_attack(3),
            as_weapons,
        ),
        Pattern(
            "Heavy weapons and attacks",
            "Heavy share on the last day before an attack",
            "share",
            _exactly(last[-1], "18 February 2022"),
            ("L09", FILE),
            model.heavy_before_attack(1),
            as_weapons,
        ),
        Pattern(
            "Heavy weapons and attacks",
            "Rise of the count on the last day before an attack, over the usual",
            "factor",
            _exactly(rise, "over January 2022"),
            ("L09", FILE),
            model.rise_before_attack,
            {FULL: "A147"},
        ),
    ]


def _escalation() -> list[Pattern]:
    return [
        Pattern(
            "Escalation and failure",
            "Expanded attacks per million incidents",
            "number",
            Known(1.0, 200.0, "one attack in about 25,000 incidents"),
            ("L39",),
            model.expansions,
            _both("A26, A35"),
        ),
        Pattern(
            "Escalation and failure",
            "Days until a ceasefire fails, of those that fail (median)",
            "days",
            Known(65, 193, "typical of failed ceasefires"),
            ("L28",),
            model.days_to_failure,
            {},
        ),
    ]


def _seen() -> list[Pattern]:
    ratios = _ratios_of_compilers()
    return [
        Pattern(
            "What monitors see",
            "Share of incidents by night",
            "share",
            Known(math.nan, math.nan, "no source gives a figure"),
            ("L18",),
            model.night_share,
            {},
        ),
        Pattern(
            "What monitors see",
            "Ratio of two compilers' counts, if one saw all",
            "factor",
            Known(min(ratios), max(ratios), "Karabakh 2018 and 2019, Kashmir 2018"),
            ("L14", "observed.csv"),
            model.unseen,
            {},
        ),
    ]


def _ratios_of_compilers() -> list[float]:
    by_year = [
        [observed(f"violations, Nagorno-Karabakh, by {who}", when)[0] for who in _PARTIES]
        for when in ("2018", "2019-01/2019-04")
    ]
    by_year.append(observed("violations on the Line of Control, Kashmir", "2018"))
    return [max(counts) / min(counts) for counts in by_year]
