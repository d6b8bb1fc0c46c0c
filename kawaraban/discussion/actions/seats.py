"""A member's own place in a thread."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.discussion.models import Seat, Thread
from kawaraban.errors import Refused


def keep_draft(member: User, thread: Thread, text: str) -> Seat:
    """The member's seat with the answer they have begun; an empty text clears it. Cost: 2 queries.

    Raises:
        Refused: the text is far longer than a comment may be.
    """
    if len(text) > 4 * markup.MAX_LENGTH:
        raise Refused(
            "draft-too-long", _("This draft is too long to be kept here. It stays in the box while the page is open.")
        )
    text = markup.tidy(text)
    seat, _made = Seat.objects.update_or_create(
        thread=thread, member=member, defaults={"draft": text, "draft_at": timezone.now() if text else None}
    )
    return seat


def mark_seen(member: User, thread: Thread, number: int) -> None:
    """Remember that a member has been shown everything up to a number; it never goes back. Cost: 1 or 2 queries."""
    number = min(number, thread.last_number)
    if not Seat.objects.filter(thread=thread, member=member, seen_number__lt=number).update(seen_number=number):
        Seat.objects.bulk_create([Seat(thread=thread, member=member, seen_number=number)], ignore_conflicts=True)


def follow_thread(member: User, thread: Thread, wanted: bool) -> Seat:
    """The member's seat, hearing of new comments or no longer. Cost: 2 queries."""
    seat, _made = Seat.objects.update_or_create(thread=thread, member=member, defaults={"follows": wanted})
    return seat
