"""May this person decide, and may they see a decision?"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, User
from kawaraban.accounts.policy import may_moderate
from kawaraban.decisions.models import Decision

Viewer = User | AnonymousUser


def may_decide(viewer: Viewer) -> bool:
    """True for moderators, editors and administrators. Cost: 1 query, once per viewer."""
    return may_moderate(viewer)


def may_write_rules(viewer: Viewer) -> bool:
    """True for editors and administrators. Cost: 1 query, once per viewer."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return False
    return viewer.is_superuser or bool(viewer.roles & {EDITOR, ADMINISTRATOR})


def may_be_restricted(member: User) -> bool:
    """True for readers: staff are for an administrator, at the desk's accounts. Cost: 1 query, once per member."""
    return not may_moderate(member)


def may_see(viewer: Viewer, decision: Decision) -> bool:
    """True for the member whom it concerns and for those who decide."""
    return viewer.is_authenticated and (decision.member_id == viewer.pk or may_decide(viewer))


def role_of(person: User) -> str:
    """The part in which somebody of the newsroom acts, as readers see it. Cost: 1 query, once per person."""
    return person.title or next(iter(sorted(person.roles)), "Newsroom")
