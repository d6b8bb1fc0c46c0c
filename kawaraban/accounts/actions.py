"""Everything that changes an account, what a member is told of, and what they decide about others."""

from __future__ import annotations

import hmac
import logging
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawaraban.accounts import announce, handles, reads
from kawaraban.accounts.models import (
    BY_MAIL,
    READER,
    ROLES,
    TRACES_KEPT_DAYS,
    Kind,
    NetworkKey,
    Notification,
    Preference,
    Relation,
    Topic,
    Trace,
    User,
    Way,
)
from kawaraban.errors import Refused
from kawaraban.origin import block_of

logger = logging.getLogger(__name__)

HANDLE_TAKEN = gettext_lazy(
    "Another member's handle is this one or looks like it. Nothing was created; choose another."
)
MOST_RELATIONS = 500  # of each kind, of one member
MAIL_WITHIN = timedelta(days=7)  # what is older is no news; it stays on the member's page
MAIL_CLAIM = timedelta(seconds=60)  # how long a worker may take to send a mail before another tries
MAIL_AGAIN = timedelta(hours=3)  # when a mail server was away for longer than a task is patient
KEPT_FOR = timedelta(days=180)
TRACED_EVERY = timedelta(hours=1)
MOST_TRACED = 20_000  # traces that a process keeps in mind
MOST_AT_ONCE = 500  # notifications queued in one transaction

# What this process remembers: when it last kept a trace, by member and network, and the key of these thirty days.
_traced: dict[tuple[int, str], datetime] = {}
_network_keys: dict[int, bytes] = {}


class StillMailing(Exception):  # noqa: N818 - nothing failed: somebody else is at it, and the task is tried again
    """Another worker is sending these, or died while it was."""


def free_handle(text: str, besides: User | None = None) -> str:
    """The tidied handle, if it is well formed and no other member's handle looks like it. Cost: 1 query.

    Raises:
        Refused: `bad-handle` or `handle-taken`.
    """
    try:
        handle = handles.check(text)
    except handles.HandleError as error:
        raise Refused("bad-handle", str(error)) from error
    others = User.objects.filter(skeleton=handles.skeleton(handle))
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise Refused("handle-taken", str(HANDLE_TAKEN))
    return handle


def create_member(
    email: str, handle: str, password: str, *, role: str = READER, title: str = "", verified: bool = False
) -> User:
    """A new member in the group of their role. Cost: about 8 queries.

    Raises:
        Refused: `bad-handle`, `handle-taken` or `account-exists`.
    """
    handle = free_handle(handle)
    try:
        with transaction.atomic():
            return User.objects.create_user(email, handle, password, role=role, title=title, verified=verified)
    except IntegrityError as error:
        raise Refused(
            "account-exists", _("An account with this e-mail address or handle exists already. Nothing was created.")
        ) from error


@transaction.atomic
def settle_staff(user: User) -> None:
    """Make the rest of an account agree with what was set at the desk: role, staff or not, address. Cost: 6 queries."""
    if not user.groups.exists():
        join_role(user, READER)
    user.is_staff = user.is_superuser or user.groups.exclude(name=READER).exists()
    user.save(update_fields=["is_staff"])
    address, _made = EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True})
    address.set_as_primary()


def join_role(user: User, role: str) -> None:
    """Put the member into the group of a role. Cost: 3 queries."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is not a role; the roles are {', '.join(ROLES)}.")
    group, _made = Group.objects.get_or_create(name=role)
    user.groups.add(group)


# --- Notifications ----------------------------------------------------------------------------------------------------


def notify(recipients: Iterable[User], *, kind: str, subject: str, address: str, title: str, actor: User | None) -> int:
    """Tell members that something happened, each once; how many were told now. Cost: 1 query for any number of them.

    Left out are the actor, those who mute the actor or want to hear nothing of the topic, accounts that are switched
    off, and who was told before: a retry or an edit tells nobody twice. Call it in the transaction in which it
    happened. Mail follows when the clock next looks, so that what is withdrawn at once is never sent.

    Args:
        recipients: members; a queryset is not fetched.
        kind: one of `models.Kind`.
        subject: what it is about, such as `comment:123`; `withdraw` goes by it.
        address: the path of the page to open.
        title: a phrase of ours with the headline, such as `Your comment was answered in “…”`. No reader's words, and
            no handle: the actor's is shown beside it.

    Raises:
        ValueError: `kind` is unknown, `subject` too long, or `address` is no path on this site.
    """
    told = Kind(kind)
    if len(subject) > 60 or len(address) > 300:
        raise ValueError(f"{subject!r} or {address!r} is too long for a notification.")
    if not address.startswith("/") or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        raise ValueError(f"{address!r} is no path on this site.")
    topic = next(topic for topic in Topic if told in topic.kinds)
    decided = Preference.objects.filter(member=models.OuterRef("pk"), topic=topic).values("way")
    members = (
        User.objects.filter(pk__in=_keys(recipients), is_active=True)
        .annotate(way=Coalesce(models.Subquery(decided), models.Value(topic.default.value)))
        .exclude(way=Way.NEVER)
        # In one order everywhere: two that tell the same people at once could otherwise wait for each other.
        .order_by("pk")
    )
    if actor is not None:
        muting = Relation.objects.filter(member=models.OuterRef("pk"), other=actor, kind=Relation.Kind.MUTES)
        members = members.exclude(pk=actor.pk).exclude(models.Exists(muting))
    return _insert_for(
        members,
        recipient_id=models.F("pk"),
        kind=_text(told.value),
        subject=_text(subject),
        actor_id=Cast(models.Value(actor.pk if actor else None), models.BigIntegerField()),
        title=_text(_one_line(title, 300)),
        address=_text(address),
        created_at=models.Value(timezone.now(), models.DateTimeField()),
        mail=models.Case(
            models.When(way__in=BY_MAIL, then=models.F("way")), default=_text(""), output_field=models.CharField()
        ),
    )


def withdraw(*subjects: str) -> int:
    """Hide every notification about what was removed, held or deleted, and leave out its mail. Cost: 1 query."""
    shown = Notification.objects.filter(subject__in=subjects, withdrawn_at=None)
    return shown.update(withdrawn_at=timezone.now())


def restore(*subjects: str) -> int:
    """Show the notifications about what is to be seen again; mail that never went out is due again. Cost: 1 query."""
    hidden = Notification.objects.filter(subject__in=subjects).exclude(withdrawn_at=None)
    return hidden.update(withdrawn_at=None, queued_at=None)


def open_notification(member: User, key: int) -> str:
    """The address that a notification of the member's leads to; it is read from now on. Cost: 2 queries.

    Raises:
        Notification.DoesNotExist: there is none, or it is not theirs.
    """
    mine = Notification.objects.shown_to(member).filter(pk=key)
    address: str = mine.values_list("address", flat=True).get()
    mine.filter(read_at=None).update(read_at=timezone.now())
    return address


def read_all(member: User, newest: int) -> int:
    """Mark what the member has seen as read: up to the newest on their page, not what came since. Cost: 1 query."""
    seen = Notification.objects.shown_to(member).filter(pk__lte=newest, read_at=None)
    return seen.update(read_at=timezone.now())


@transaction.atomic
def prefer(member: User, ways: Mapping[Topic, Way]) -> None:
    """Keep how a member wants to hear of topics; mail that is waiting follows suit. Cost: 1 query, 1 for each topic."""
    rows = [Preference(member=member, topic=topic, way=way) for topic, way in ways.items()]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["member", "topic"], update_fields=["way"]
    )
    for topic, way in ways.items():
        waiting = Notification.objects.filter(recipient=member, kind__in=topic.kinds, mailed_at=None).exclude(mail="")
        waiting.exclude(mail=way).update(mail=way if way in BY_MAIL else "", queued_at=None)


def unsubscribe(member: User, scope: str) -> None:
    """End the mail of one topic, or the digest; what happens is still told on the site. Cost: 6 queries at most.

    Args:
        scope: one of `announce.SCOPES`.
    """
    ways = reads.preferences(member)
    ended = (Way.DAILY,) if scope == announce.DIGEST else BY_MAIL
    prefer(member, {topic: Way.HERE for topic in announce.topics_of(scope) if ways[topic] in ended})


def forget_notifications() -> int:
    """Delete what is older than half a year; how many that were. Cost: 1 query."""
    return Notification.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


# --- Mail -------------------------------------------------------------------------------------------------------------


def take_due(way: Way) -> list[tuple[int, str]]:
    """Members and scopes with mail to send now, each for a task of its own: 500 notifications at most. Cost: 2 queries.

    Call it in the transaction that queues the tasks: what is taken is not taken again, unless its task gave up.
    """
    now = timezone.now()
    untried = models.Q(queued_at=None) | models.Q(queued_at__lt=now - MAIL_AGAIN)
    due = Notification.objects.awaiting(way).filter(untried, created_at__gt=now - MAIL_WITHIN).order_by("id")
    rows = list(due.values_list("pk", "recipient_id", "kind")[:MOST_AT_ONCE])
    Notification.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(queued_at=now)
    if way == Way.DAILY:
        return sorted({(recipient, announce.DIGEST) for _, recipient, _ in rows})
    topics = {kind: topic for topic in Topic for kind in topic.kinds}
    return sorted({(recipient, topics[Kind(kind)].value) for _, recipient, kind in rows})


def mail_member(member_id: int, scope: str) -> int:
    """Send a member what waits for them in one mail; how many notifications it holds. Cost: 5 queries.

    Each is mailed once, also when the task runs twice: it is claimed before the mail goes out and marked as mailed
    after. Marked before, a worker that is killed would lose the mail; only marked after, two workers would both send
    it. So a kill between the two costs one mail that comes twice, and none is lost. No transaction is open while the
    mail server is spoken to.

    Raises:
        StillMailing: another worker has claimed them within the last minute.
        OSError, announce.NotSent: nothing was sent; try again later.
    """
    address = reads.mail_address(member_id)
    if address is None:
        return _tell_here_only(member_id)
    claimed = _claim(member_id, scope)
    if not claimed:
        return 0
    ours = Notification.objects.filter(pk__in=[notification.pk for notification in claimed])
    try:
        announce.mail(address, scope, claimed)
    except announce.AddressRefused as refusal:
        logger.warning("Member %d gets no mail: %s", member_id, refusal)
        return _tell_here_only(member_id)
    except Exception:
        ours.update(claimed_at=None)
        raise
    ours.update(mailed_at=timezone.now())
    return len(claimed)


def _tell_here_only(member_id: int) -> int:
    """Mail nothing of what waits for a member: once there is an address that works, it would be late news."""
    Notification.objects.filter(recipient_id=member_id, mailed_at=None).exclude(mail="").update(mail="")
    return 0


@transaction.atomic
def _claim(member_id: int, scope: str) -> list[Notification]:
    """What is to be mailed to a member, oldest first, reserved for this worker."""
    now = timezone.now()
    kinds = [kind for topic in announce.topics_of(scope) for kind in topic.kinds]
    waiting = (
        Notification.objects.awaiting(announce.way_of(scope))
        .filter(recipient_id=member_id, kind__in=kinds, created_at__gt=now - MAIL_WITHIN)
        .select_related("actor")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    found = list(waiting)
    if any(row.claimed_at is not None and row.claimed_at > now - MAIL_CLAIM for row in found):
        raise StillMailing(f"Mail to member {member_id} about {scope} is being sent.")
    Notification.objects.filter(pk__in=[row.pk for row in found]).update(claimed_at=now)
    return found


# --- Other members ----------------------------------------------------------------------------------------------------


def follow_member(member: User, other: User) -> None:
    """Tell `member` of what `other` posts from now on; they are no longer muted. Cost: 5 queries.

    Raises:
        Refused: `oneself`, `no-such-member` or `too-many-people`.
    """
    _relate(member, other, Relation.Kind.FOLLOWS)


def mute_member(member: User, other: User) -> None:
    """Fold what `other` says, for `member` alone, and tell of it no more; they are no longer followed. Cost: 6 queries.

    Raises:
        Refused: `oneself`, `no-such-member` or `too-many-people`.
    """
    with transaction.atomic():
        _relate(member, other, Relation.Kind.MUTES)
        caused = Notification.objects.filter(recipient=member, actor=other, read_at=None)
        caused.update(read_at=timezone.now())


def unfollow_member(member: User, other: User) -> None:
    """Tell `member` no more of what `other` posts. Cost: 1 query."""
    Relation.objects.filter(member=member, other=other, kind=Relation.Kind.FOLLOWS).delete()


def unmute_member(member: User, other: User) -> None:
    """Show `member` again what `other` says. Cost: 1 query."""
    Relation.objects.filter(member=member, other=other, kind=Relation.Kind.MUTES).delete()


@transaction.atomic
def _relate(member: User, other: User, kind: Relation.Kind) -> None:
    if member == other:
        raise Refused("oneself", _("You cannot follow or mute yourself. Nothing was changed."))
    if not other.is_active:
        raise Refused("no-such-member", _("There is no such member any more. Nothing was changed."))
    # The member's own row is held, so that two clicks at once are counted one after the other.
    User.objects.select_for_update().only("pk").get(pk=member.pk)
    if Relation.objects.filter(member=member, kind=kind).exclude(other=other).count() >= MOST_RELATIONS:
        raise Refused(
            "too-many-people",
            _(
                "You can follow up to 500 members and mute up to 500. Nothing was changed. Let somebody go on "
                "your page of members first."
            ),
        )
    Relation.objects.update_or_create(member=member, other=other, defaults={"kind": kind, "since": timezone.now()})


# --- Networks ---------------------------------------------------------------------------------------------------------


def trace(member: User, address: str) -> None:
    """Keep that a member wrote or voted from a network block, under a pseudonym.

    Cost: none within the hour after this process has kept it, else 1, 2 if no other process has; 1 for the key.

    Args:
        address: an address of the internet, of which nothing is kept; anything else leaves no trace.
    """
    block = block_of(address, 24, 56)
    if not block:
        return
    now = timezone.now()
    digest = hmac.digest(_network_key(), block.encode(), "sha256").hex()[:32]
    before = _traced.get((member.pk, digest))
    if before is not None and before > now - TRACED_EVERY:
        return
    rows = Trace.objects.filter(member=member, network=digest)
    if not rows.filter(seen_at__gt=now - TRACED_EVERY).exists():
        Trace.objects.bulk_create(
            [Trace(member=member, network=digest, seen_at=now)],
            update_conflicts=True,
            unique_fields=["member", "network"],
            update_fields=["seen_at"],
        )
    if len(_traced) >= MOST_TRACED:
        _traced.clear()
    _traced[member.pk, digest] = now


@transaction.atomic
def forget_networks() -> int:
    """Delete traces of more than 30 days, and keys whose time is over; how many traces that were. Cost: 2 queries."""
    NetworkKey.objects.exclude(period=_period()).delete()
    return Trace.objects.filter(seen_at__lt=timezone.now() - timedelta(days=TRACES_KEPT_DAYS)).delete()[0]


def begin_anew() -> None:
    """Remember nothing of networks, as a process that begins: for tests, whose databases go back in time."""
    _traced.clear()
    _network_keys.clear()


def _network_key() -> bytes:
    """The key of these thirty days; whoever needs it first makes it. Cost: 1 query, once in a process."""
    period = _period()
    if period not in _network_keys:
        row, _made = NetworkKey.objects.get_or_create(period=period, defaults={"key": secrets.token_bytes(32)})
        # A key whose time is over is deleted everywhere: with it an address could be tried out.
        _network_keys.clear()
        _network_keys[period] = bytes(row.key)
    return _network_keys[period]


def _period() -> int:
    return int(timezone.now().timestamp()) // (TRACES_KEPT_DAYS * 24 * 60 * 60)


# --- What these share -------------------------------------------------------------------------------------------------


def _keys(recipients: Iterable[User]) -> Any:
    return recipients.values("pk") if isinstance(recipients, models.QuerySet) else [member.pk for member in recipients]


def _text(value: str) -> models.Value:
    return models.Value(value, models.TextField())


def _one_line(text: str, length: int) -> str:
    """The text without line breaks and other controls: it becomes a subject line (S-110)."""
    line = " ".join("".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text).split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _insert_for(members: models.QuerySet[User], **columns: Any) -> int:
    """One notification for each of these members, unless it is there; how many are new.

    The database selects and inserts in one statement. `bulk_create` would fetch the members first, and on SQLite ask
    once for every hundred of them.
    """
    quote = connection.ops.quote_name
    fields = {field.attname: str(field.column) for field in Notification._meta.concrete_fields}
    names = ", ".join(quote(fields[name]) for name in columns)
    try:
        select, values = members.values_list(*columns.values()).query.sql_with_params()
    except EmptyResultSet:  # nobody was named
        return 0
    with connection.cursor() as cursor:
        cursor.execute(  # names of our own columns; every value is a parameter
            f"INSERT INTO {quote(Notification._meta.db_table)} ({names}) {select} ON CONFLICT DO NOTHING",
            values,
        )
        return int(cursor.rowcount)
