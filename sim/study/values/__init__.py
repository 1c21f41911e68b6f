"""Which uncertain values decide: sensitivity analyses, and conditions under which a plan fails."""
