"""The words of the model and the numbers that stand for them inside the rules.

A tuple's index is the number: `FAMILIES[WEIBULL] == "weibull"`. Words are what users read in files
and tables; numbers are what the rules get.
"""

from typing import Final

# Families of delays and of spells; uniform and triangular ones are for delays only.
FAMILIES: Final = (
    "constant",
    "exponential",
    "weibull",
    "lognormal",
    "loglogistic",
    "uniform",
    "triangular",
)
CONSTANT: Final = 0
EXPONENTIAL: Final = 1
WEIBULL: Final = 2
LOGNORMAL: Final = 3
LOGLOGISTIC: Final = 4
UNIFORM: Final = 5
TRIANGULAR: Final = 6

# Where a violation comes from.
INCIDENT: Final = 0
ATTACK: Final = 1
RESUMED: Final = 2
FALSE_ALARM: Final = 3

# What lifts a spell to a higher level.
RISES: Final = ("incident", "attack", "expansion", "provocation", "resumption")
BY_INCIDENT: Final = 0
BY_ATTACK: Final = 1
BY_EXPANSION: Final = 2
BY_PROVOCATION: Final = 3
BY_RESUMPTION: Final = 4

# From when a crisis's clock counts.
CLOCKS: Final = ("violation", "detection", "attribution")
FROM_VIOLATION: Final = 0
FROM_DETECTION: Final = 1
FROM_ATTRIBUTION: Final = 2

# Whether, and why, an attributed violation opens a crisis.
OPENS_NOT: Final = 0
OPENS_BY_LEVEL: Final = 1
OPENS_BY_COUNT: Final = 2

OPENED_BY: Final = ("incident", "false_alarm")
OPENED_BY_INCIDENT: Final = 0
OPENED_BY_FALSE_ALARM: Final = 1

# How a vote stands.
UNDECIDED: Final = 0
YES: Final = 1
NO: Final = 2

# How a vote is counted: heads, or shares of the weight. Unanimity is a quorum of all heads.
BY_MEMBERS: Final = 0
BY_WEIGHT: Final = 1

# Where a step stands in a crisis.
NOT_CALLED: Final = 0
DECIDING: Final = 1
DEPLOYING: Final = 2
ARMED: Final = 3
IN_FORCE: Final = 4
REFUSED: Final = 5
OVER: Final = 6

# What becomes of a promise at its deadline.
NO_PROMISE: Final = 0
KEPT: Final = 1
BROKEN: Final = 2

# What a step ends as in a crisis.
STATUSES: Final = ("not_called", "refused", "stood_down", "on_time", "late", "open")
STATUS_NOT_CALLED: Final = 0
STATUS_REFUSED: Final = 1
STATUS_STOOD_DOWN: Final = 2
STATUS_ON_TIME: Final = 3
STATUS_LATE: Final = 4
STATUS_OPEN: Final = 5

# How a run ends; a runaway one is cut off at its most violations, and counted as such.
OUTCOMES: Final = ("held", "collapsed", "runaway")
HELD: Final = 0
COLLAPSED: Final = 1
RUNAWAY: Final = 2

# How incidents come about.
PROCESSES: Final = ("poisson", "hawkes", "replay")
POISSON: Final = 0
HAWKES: Final = 1
REPLAY: Final = 2
