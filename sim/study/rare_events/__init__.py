"""Chances too small for plain runs."""
