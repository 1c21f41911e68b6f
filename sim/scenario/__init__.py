"""Reading a scenario file, and saying where in it a mistake stands."""
