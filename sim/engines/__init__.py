"""The engines: they hold clocks and waiting, and ask the rules of the model what happens."""
