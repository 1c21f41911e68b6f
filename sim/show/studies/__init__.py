"""Figures of sweeps, studies and sensitivity analyses."""
