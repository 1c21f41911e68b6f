"""Plans as pictures: the ladder, and when each step can be there at best."""
