"""Decisions for tests, made through the room's actions."""

from __future__ import annotations

from kawaraban.decisions.actions import Ground

# A reason that passes every check.
RUDE = Ground("It calls another reader a name.", rule=1)
