"""What is laid on the rich world so that every mechanism of the model is on."""

from typing import Any

Table = dict[str, Any]


def with_every_mechanism(tables: Table, process: str) -> Table:
    """Return the tables of the rich world, which this changes, with every mechanism on."""
    days = tables["run"]["horizon_days"]
    tables["violations"] |= {"defender_share": 0.2, **_arrivals(days, process)}
    precursor = {"days": 3.0, "rate": 2.0, "heavy_share": 0.8}
    tables["attack"] = {"per_year": 12.0, "sectors": 2, "precursor": precursor}
    tables["doctrine"] = {
        "share": 0.5,
        "level": "shelling",
        "break_off_hours": 5.0,
        "resume_after_hours": 3.0,
        "resume_probability": 0.7,
    }
    tables["monitoring"] = {
        "false_alarms_per_day": 1.0,
        "debunked_after": {"family": "exponential", "mean_hours": 12.0},
        "misattribution": 0.3,
        "outages": {"share": 0.3, "mean_hours": 12.0, "detection": 0.2},
    }
    tables["credibility"] = {
        "kept": 4.0,
        "broken": 4.0,
        "forget_days": 20.0,
        "incidents": 1.2,
        "attack": 1.2,
        "expand": 0.5,
    }
    return tables | _full_plan(tables, days)


def _arrivals(days: float, process: str) -> Table:
    """Return how incidents arrive in the full world."""
    if process == "replay":
        hours = [1.0 + 2.9 * number for number in range(int(days * 8.0))]
        names = ("north", "centre", "south", "north")
        sectors = [names[number % 4] for number in range(len(hours))]
        return {"process": process, "recorded": {"hours": hours, "sectors": sectors}}
    modified: Table = {
        "process": process,
        "erosion": {"doubling_days": 10.0, "cap": 3.0},
        "day_to_day": {"phi": 0.64, "sd": 0.76},
        "night_to_day": 2.0,
        "recommitments": [{"day": 12.5, "factor": 0.3}],
    }
    if process == "hawkes":
        modified["excitation"] = {"branching_ratio": 0.4, "decay_hours": 50.0}
    return modified


def _full_plan(tables: Table, days: float) -> Table:
    """Return the plan of the full world, which depends on all that a plan can depend on."""
    steps, groups, actors = tables["steps"], tables["groups"], tables["actors"]
    steps["warning"]["lasts_hours"] = 30.0
    steps["coalition"]["requires"] = ["deal"]
    steps["council"] = {
        "needs": {"level": "assault", "within_hours": 24.0},
        "deciders": ["council"],
        "effect": {"stop": 1.5},
        "deadline_hours": 48.0,
        "lasts_hours": 12.0,
    }
    actors["usa"]["commitment"] = {
        "available": 0.8,
        "review_years": 0.02,
        "withdraw": 0.3,
        "rejoin": 0.4,
    }
    groups["willing"] |= {"correlation": 0.4, "backer": "usa"}
    for name in ("member_2", "member_3"):
        groups["willing"]["members"][name]["needs_backer"] = True
    groups["council"] = {
        "rule": "veto",
        "quorum": 2,
        "members": {
            "a": {"vetoes": True, "decision_median_hours": 5.0},
            "b": {"yes_probability": 0.6},
            "c": {
                "vetoes": True,
                "yes_probability": 0.8,
                "decision_median_hours": 2.0,
                "decision_log_sd": 1.0,
            },
        },
    }
    return {
        "conditions": {"deal": {"probability": 0.7}},
        "guarantee": {"expires_years": 0.7 * days / 365.0, "steps": ["military"]},
    }
