"""May this person decide, and may they see a decision?"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from django.utils.translation import gettext_noop

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, User
from kawaraban.accounts.policy import may_moderate
from kawaraban.decisions.models import Decision
from kawaraban.languages import in_site_language

Viewer = User | AnonymousUser

# The parts in which somebody acts, as they are translated: the names of the roles, and what stands for none.
PARTS = (
    gettext_noop("Moderator"),
    gettext_noop("Reporter"),
    gettext_noop("Editor"),
    gettext_noop("Publisher"),
    gettext_noop("Administrator"),
    gettext_noop("Newsroom"),
)


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


@in_site_language
def role_of(person: User) -> str:
    """The part in which somebody of the newsroom acts, in the site's language. Cost: 1 query, once per person."""
    return person.title or translation.gettext(next(iter(sorted(person.roles)), "Newsroom"))
