"""What other rooms put into the head of a page. The rooms above register it; none is known here."""

from __future__ import annotations

from collections.abc import Callable

from django.template import Context

# From the variables of a page to the HTML that belongs into its head, already escaped.
Head = Callable[[Context], str]

_heads: list[Head] = []


def register(head: Head) -> None:
    """Let a room add to the head of every page. To be called once, when the application starts."""
    _heads.append(head)


def heads_of(page: Context) -> list[str]:
    """What each room adds to the head of this page, in the order in which they registered. Cost: theirs."""
    return [head(page) for head in _heads]
