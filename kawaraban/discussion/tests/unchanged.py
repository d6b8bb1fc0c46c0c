"""Proof that something was refused, and that nothing else happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kawaraban.discussion.models import (
    Agreed,
    Closing,
    Comment,
    Passage,
    Pick,
    Quote,
    Source,
    SourceRequest,
    Thread,
    Vote,
    Worth,
)
from kawaraban.errors import Refused


def everything() -> dict[str, list[Any]]:
    """Every column of every row of the discussion, except how often it has changed."""
    tables = (Thread, Closing, Passage, Comment, Quote, SourceRequest, Source, Worth, Pick, Vote, Agreed)
    return {
        table.__name__: [
            {name: value for name, value in row.items() if name not in ("activity", "changed")}
            for row in table.objects.order_by("pk").values()
        ]
        for table in tables
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
