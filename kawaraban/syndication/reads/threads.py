"""What has been said in a thread, as far as everybody reads it without a further click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext as _

from kawaraban.discussion.models import Comment, Quote, Thread
from kawaraban.discussion.policy import may_read
from kawaraban.syndication.bodies import whole_addresses
from kawaraban.syndication.reads.stories import LISTED, Site


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as a feed tells it. `answers` is what it answers or quotes, each as guid and address.

    `at` is when it was written, None where an import did not say.
    """

    guid: str
    title: str
    url: str
    name: str
    member_url: str
    html: str
    at: datetime | None
    changed_at: datetime
    answers: tuple[tuple[str, str], ...]


def thread_with(thread_id: int) -> Thread:
    """The thread with this key. Cost: 1 query.

    Raises:
        Http404: there is none, or its discussion is switched off, as it is while its story is not published.
    """
    found = Thread.objects.filter(pk=thread_id).first()
    if found is None or not may_read(found):
        raise Http404
    return found


def comments(thread: Thread, site: Site) -> list[Said]:
    """The newest comments of a thread, the newest first; removed, deleted, held and folded ones never.

    What readers open with a click, a feed could only show without one. A comment that answers no other one answers the
    thread's subject. Cost: 2 queries at any length.
    """
    shown = Comment.objects.filter(thread=thread, state=Comment.State.VISIBLE, is_folded=False)
    found = list(shown.select_related("author").order_by("-number")[:LISTED])
    subject = (_guid(thread, 0, site), site.at(thread.url))
    answers: dict[int, dict[int, None]] = {}
    edges = Quote.objects.filter(
        comment__in=[comment.pk for comment in found],
        source__thread=thread,
        source__state=Comment.State.VISIBLE,
        source__is_folded=False,
        parent=None,
    ).order_by("position")
    for pk, number in edges.values_list("comment_id", F("source__number")):
        answers.setdefault(pk, {})[number] = None
    return [
        Said(
            guid=_guid(thread, comment.number, site),
            title=_("#{number} by {author}").format(number=comment.number, author=comment.author_name),
            url=site.at(comment.get_absolute_url()),
            name=comment.author_name,
            member_url=site.at(comment.author.get_absolute_url()) if comment.author else "",
            html=whole_addresses(comment.html, site.address),
            at=comment.created_at,
            changed_at=comment.edited_at or comment.created_at or thread.created_at,
            answers=tuple(
                (_guid(thread, number, site), site.at(f"{thread.get_absolute_url()}{number}/"))
                for number in answers.get(comment.pk, ())
            )
            or (subject,),
        )
        for comment in found
    ]


def _guid(thread: Thread, number: int, site: Site) -> str:
    """The name of a comment for ever; of the thread itself for number 0. Cost: none."""
    return site.tag(thread.created_at, f"thread/{thread.pk}" + (f"/{number}" if number else ""))
