"""Where Django tells us something."""

from __future__ import annotations

from typing import Any

from kawaraban.decisions import actions


def begin_with_rules(**_: Any) -> None:
    """Publish the first house rules on a site that has none."""
    actions.publish_first_rules()
