"""Scenarios at many points: what varies, designs, sweeps and study files."""
