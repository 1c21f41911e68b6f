"""Studies: each a short module over runs."""
