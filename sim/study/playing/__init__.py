"""Playing a batch of runs: handed out in chunks, gathered in their order, kept in a folder."""
