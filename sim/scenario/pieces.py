"""The small pieces that scenario tables are made of: names, numbers with their range, delays.

Every piece is frozen and checked once, when the file is loaded. The JSON schema that editors use
and the words of the error messages are both made from these definitions.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, NoReturn, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Value = TypeVar("Value")


class Piece(BaseModel):
    """A table of a scenario: its keys are fixed and its values do not change."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_default=True,
        use_attribute_docstrings=True,
    )


class FrozenTable(dict[str, Value]):
    """A table keyed by names from the file, which nobody changes once it is loaded."""

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        message = "a scenario is frozen; make a changed one with Scenario.with_((path, value))"
        raise TypeError(message)

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[dict[str, Value]]]:
        """Let copies and other processes build the table anew."""
        return FrozenTable, (dict(self),)

    def __repr__(self) -> str:
        return dict.__repr__(self)


Name: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=40)
]
MemberName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f.\"']+$", max_length=60)
]
Named: TypeAlias = Annotated[dict[Name, Value], AfterValidator(FrozenTable)]

Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Amount: TypeAlias = Annotated[float, Field(ge=0)]
Factor: TypeAlias = Annotated[float, Field(ge=0, le=1000)]
Positive: TypeAlias = Annotated[float, Field(gt=0)]
Count: TypeAlias = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Constant(Piece):
    """Always the same."""

    family: Literal["constant"]
    hours: Amount
    """How long it always takes."""


class Exponential(Piece):
    """Without memory: what is left does not depend on what has passed."""

    family: Literal["exponential"]
    mean_hours: Positive
    """The mean."""


class Weibull(Piece):
    """A hazard that rises (shape above 1) or falls (below 1) with age."""

    family: Literal["weibull"]
    scale_hours: Positive
    """The time that 63 % do not outlast."""
    shape: Positive
    """The exponent of the integrated hazard."""


class LogNormal(Piece):
    """Its logarithm is normal."""

    family: Literal["lognormal"]
    median_hours: Positive
    """The time that half do not outlast."""
    log_sd: Positive
    """The standard deviation of the natural logarithm."""


class LogLogistic(Piece):
    """Its logarithm is logistic: like the log-normal, with heavier tails."""

    family: Literal["loglogistic"]
    median_hours: Positive
    """The time that half do not outlast."""
    shape: Positive
    """The larger, the narrower."""


class Uniform(Piece):
    """Anything between two bounds alike."""

    family: Literal["uniform"]
    low_hours: Amount
    """The shortest."""
    high_hours: Amount
    """The longest."""


class Triangular(Piece):
    """Between two bounds, most often near the mode."""

    family: Literal["triangular"]
    low_hours: Amount
    """The shortest."""
    mode_hours: Amount
    """The most frequent."""
    high_hours: Amount
    """The longest."""


Spell: TypeAlias = Annotated[
    Constant | Exponential | Weibull | LogNormal | LogLogistic, Field(discriminator="family")
]
Delay: TypeAlias = Annotated[
    Constant | Exponential | Weibull | LogNormal | LogLogistic | Uniform | Triangular,
    Field(discriminator="family"),
]
NO_DELAY = Constant(family="constant", hours=0.0)
