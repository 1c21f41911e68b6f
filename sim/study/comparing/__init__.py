"""Plans on the same luck: what one changes against another, and where a run parts ways."""
