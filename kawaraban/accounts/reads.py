"""What the pages about notifications and other members need, in a known number of queries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, QuerySet
from wagtail.models import Site

from kawaraban.accounts.models import Notification, Preference, Relation, Topic, Trace, User, Way
from kawaraban.accounts.policy import Viewer

NOTIFICATIONS_PAGE_SIZE = 25
MOST_LOOK_ALIKES = 20
CROWDED_NETWORK = 10  # members; a block that more have used is a carrier's or an office's, and says nothing of one
DOTLESS_MAIL = ("gmail.com", "googlemail.com")  # one provider, which overlooks dots before the @


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


def site_name() -> str:
    """The site's name, as mail that no page asked for calls it. Cost: 1 query."""
    name = Site.objects.values_list("site_name", flat=True).filter(is_default_site=True).first()
    return str(name or "Kawaraban")


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


def has_followers(member: User) -> bool:
    """True if somebody follows this member. Cost: 1 query."""
    return Relation.objects.filter(other=member, kind=Relation.Kind.FOLLOWS).exists()


# --- Perhaps the same person ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An account that may belong to the same person as another, and what says so: a hint for a human, and no proof.

    `networks` counts the blocks that both have come from within 30 days and few others have; `last_seen` is when the
    other was there last.
    """

    member: User
    same_mailbox: bool = False
    networks: int = 0
    last_seen: datetime | None = None


def look_alikes(member: User) -> list[LookAlike]:
    """Accounts that may be the member's other ones: the same mailbox first, then most networks. Cost: 3 queries.

    For the desk, after a reason was given, and never acted on by itself: families and offices share networks too.
    Accounts that are switched off are among them, since that is whom one looks for.
    """
    others = User.objects.exclude(pk=member.pk)
    mailbox = {other.pk for other in others.filter(email__iregex=mailbox_pattern(member.email))[:MOST_LOOK_ALIKES]}
    few = (
        Trace.objects.filter(network__in=Trace.objects.filter(member=member).values("network"))
        .values("network")
        .annotate(members=Count("member"))
        .filter(members__gt=1, members__lte=CROWDED_NETWORK)
    )
    shared = (
        Trace.objects.filter(network__in=few.values("network"))
        .exclude(member=member)
        .values("member")
        .annotate(networks=Count("network"), last_seen=Max("seen_at"))
        .order_by("-networks", "-last_seen", "member")
    )
    seen = {row["member"]: (row["networks"], row["last_seen"]) for row in shared[:MOST_LOOK_ALIKES]}
    found = [
        LookAlike(other, other.pk in mailbox, *seen.get(other.pk, (0, None)))
        for other in others.filter(pk__in=mailbox | set(seen))
    ]
    return sorted(found, key=lambda each: (not each.same_mailbox, -each.networks, each.member.pk))


def mailbox_pattern(email: str) -> str:
    """A pattern of all addresses whose mail arrives in the same box: whatever follows a +, and Gmail's dots.

    For a search without regard to case.
    """
    local, _, domain = email.lower().rpartition("@")
    local = local.partition("+")[0] or local
    name, place = re.escape(local), re.escape(domain)
    if domain in DOTLESS_MAIL:
        name = r"\.*".join(re.escape(sign) for sign in local.replace(".", ""))
        place = "(" + "|".join(map(re.escape, DOTLESS_MAIL)) + ")"
    return rf"^{name}(\+[^@]*)?@{place}$"
