"""May this person work with what agencies send? Asked here and nowhere else."""

from __future__ import annotations

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, User
from kawaraban.accounts.policy import Viewer

DESK = (EDITOR, ADMINISTRATOR)


def may_use_wire(viewer: Viewer) -> bool:
    """True for editors and administrators. Cost: 1 query, once per object."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return False
    return viewer.is_superuser or bool(viewer.roles & {*DESK})
