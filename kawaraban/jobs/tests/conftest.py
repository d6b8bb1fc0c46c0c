"""What the tests of this room share."""

from __future__ import annotations

import pytest

from kawaraban.jobs.tests.sample_tasks import DONE


@pytest.fixture(autouse=True)
def done() -> list:
    """What the sample tasks have done in this test."""
    DONE.clear()
    return DONE
