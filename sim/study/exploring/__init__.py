"""What the explorer plays, and what it is asked for."""
