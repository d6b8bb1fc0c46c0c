"""A whole site under load, from which something is taken away: what was acknowledged must be there afterwards."""
