"""From rows to what people use: tables on disk, estimates with intervals, the summary."""
