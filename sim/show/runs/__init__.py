"""Figures of a batch of runs."""
