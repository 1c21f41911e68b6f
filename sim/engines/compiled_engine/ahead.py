"""What is known of a sector between crises: a record."""

from sim.model.records import Record


class Ahead(Record):
    """What is known of a sector between crises (`looking_ahead`, `between_crises`)."""

    known: int
    """Up to which incident it is known when they come."""
    multiplier: float
    """The multiplier of their rate under which that is so."""
    matters_hours: float
    """When one of them does more than count, or they are no longer known."""
    stops_hours: float
    """When the last spell stops, or has stopped."""
    is_new: bool
    """Whether its clocks are not set yet."""
    attributed: int
    """How many of the incidents that were drawn last will be attributed."""
    passed: int
    """How many of these have occurred."""
    pieces: int
    """In how many pieces of time there is fighting."""
