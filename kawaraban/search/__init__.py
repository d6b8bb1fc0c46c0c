"""Readers find stories and comments by their words, by section, time and author."""
