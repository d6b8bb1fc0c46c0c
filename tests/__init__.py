"""Journeys across rooms, golden pages, the architecture and the docs."""
