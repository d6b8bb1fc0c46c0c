"""Proof that something was refused, and that nothing else happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kawaraban.discussion.models import Comment, Passage, Thread, Vote
from kawaraban.errors import Refused


def everything() -> dict[str, list[Any]]:
    """Every column of every row of the discussion."""
    return {
        model.__name__: list(model.objects.order_by("pk").values_list()) for model in (Thread, Passage, Comment, Vote)
    }


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The block is refused with this code and a whole sentence, and leaves no trace."""
    before = everything()
    with pytest.raises(Refused) as refusal:
        yield refusal
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")
    assert everything() == before
