"""What the pages about notifications and other members need, in a known number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from kawaraban.accounts.models import Notification, Preference, Relation, Topic, User, Way
from kawaraban.accounts.policy import Viewer

NOTIFICATIONS_PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class People:
    """Whom a member follows and whom they mute, by handle."""

    followed: list[User] = field(default_factory=list)
    muted: list[User] = field(default_factory=list)


def notifications(member: User, page: str | int) -> Page[Notification]:
    """A page of the member's notifications, newest first, with those who caused them. Cost: 2 queries."""
    found = Notification.objects.shown_to(member).select_related("actor").order_by("-id")
    return Paginator(found, NOTIFICATIONS_PAGE_SIZE).get_page(page)


def preferences(member: User) -> dict[Topic, Way]:
    """How the member hears of each topic, decided or by default. Cost: 1 query."""
    decided = dict(Preference.objects.filter(member=member).values_list("topic", "way"))
    return {topic: Way(decided.get(topic, topic.default)) for topic in Topic}


def mail_address(member_id: int) -> EmailAddress | None:
    """The confirmed address of a member whose account is in use, with the member; None if there is none. Cost: 1."""
    addresses = EmailAddress.objects.filter(user_id=member_id, user__is_active=True, verified=True, primary=True)
    found: EmailAddress | None = addresses.select_related("user").first()
    return found


def people(member: User) -> People:
    """Whom the member follows and mutes, without accounts that are switched off. Cost: 1 query."""
    found = People()
    relations = Relation.objects.filter(member=member, other__is_active=True).select_related("other")
    for relation in relations.order_by("other__handle"):
        (found.muted if relation.kind == Relation.Kind.MUTES else found.followed).append(relation.other)
    return found


def relation(viewer: Viewer, other: User) -> str | None:
    """`follows`, `mutes` or nothing; None for who is not signed in, and towards oneself. Cost: 1 query."""
    if not isinstance(viewer, User) or viewer == other:
        return None
    found = Relation.objects.filter(member=viewer, other=other).values_list("kind", flat=True).first()
    return found or ""


def muted_by(viewer: Viewer) -> frozenset[int]:
    """The keys of the members whom the viewer mutes. Cost: 1 query, none for who is not signed in."""
    if not isinstance(viewer, User):
        return frozenset()
    muted = Relation.objects.filter(member=viewer, kind=Relation.Kind.MUTES)
    return frozenset(muted.values_list("other_id", flat=True))


def followers_of(member: User) -> QuerySet[User]:
    """The members who follow this one, to be handed to `actions.notify` as they are. Cost: none until asked."""
    return User.objects.filter(relations__other=member, relations__kind=Relation.Kind.FOLLOWS)
