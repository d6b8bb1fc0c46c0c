"""Kawaraban: a news site and its readers' discussion in one install."""
