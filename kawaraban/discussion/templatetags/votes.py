"""The viewer's own votes, for templates."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def on(votes: dict[int, int] | str, number: int) -> int:
    """The viewer's vote on the comment with this number: +1, -1, or 0 for none. A neutral page has no votes."""
    return votes.get(number, 0) if isinstance(votes, dict) else 0
