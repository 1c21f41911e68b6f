"""Runs hour by hour: their timelines."""
