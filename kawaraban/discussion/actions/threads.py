"""What changes a thread as a whole: its subject, its passages, its closing and its rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.caching.actions import remove
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.models import Decision, Kind
from kawaraban.discussion import announce, policy
from kawaraban.discussion.actions import quotes
from kawaraban.discussion.models import Closing, Passage, Screens, Thread
from kawaraban.errors import Refused
from kawaraban.languages import in_site_language

WORDS_LENGTH = 300


def open_thread(title: str, url: str) -> Thread:
    """A new, empty, open thread for a subject. Cost: 1 query."""
    return Thread.objects.create(title=title, url=url)


@transaction.atomic
def describe_thread(
    thread_id: int,
    *,
    title: str,
    url: str,
    state: str,
    question: str = "",
    closed_at: datetime | None = None,
    screens: str | None = None,
    finds_groups: bool | None = None,
) -> Thread:
    """Take over the subject's title, address and question, and the newsroom's wishes for its discussion.

    Cost: 3 to 6 queries.

    A wish that has not changed leaves the thread as it is: publishing a correction does not open a discussion that
    somebody closed with a reason.

    Args:
        question: what the subject asks those who write, up to 200 characters; empty when it asks nothing.
        closed_at: since when a thread is closed that was not; None when nobody knows.
        screens: when moderators read, one of `Screens`; None leaves it as it is.
        finds_groups: whether opinion groups are looked for; None leaves it as it is.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    thread.title, thread.url, thread.question = title, url, question
    if state != thread.wish:
        former, thread.wish = thread.wish, state
        if state == Thread.State.CLOSED and not _closing(thread):
            reason = Closing.Reason.NEWSROOM if closed_at else Closing.Reason.IMPORT
            Closing.objects.create(
                thread=thread,
                reason=reason,
                closed_at=closed_at,
                decision=_decide(thread, reason, "", None, None, by_subject=True) if closed_at else None,
            )
        elif state == Thread.State.OPEN and former == Thread.State.CLOSED:
            _lift(thread)
        _settle(thread)
    thread.save(update_fields=["title", "url", "question", "wish"])
    if screens is not None and screens != thread.screens_wish:
        wish_screening(Thread.objects.filter(pk=thread_id), screens)
        thread.refresh_from_db(fields=["screens", "screens_wish"])
    if finds_groups is not None and wish_groups(Thread.objects.filter(pk=thread_id), finds_groups):
        thread.refresh_from_db(fields=["finds_groups", "group_letters", "has_new_votes"])
    return thread


def wish_screening(threads: QuerySet[Thread], screens: str) -> int:
    """Let moderators read these threads when their subjects wish it; how many had another wish. Cost: 1 query.

    Where a moderator holds everything for a while, in a raid, that goes on; the wish holds once it is taken back.

    Args:
        screens: one of `Screens`.
    """
    as_wished = Case(When(screens=F("screens_wish"), then=Value(Screens(screens).value)), default=F("screens"))
    return threads.exclude(screens_wish=screens).update(screens=as_wished, screens_wish=screens)


def wish_groups(threads: QuerySet[Thread], wanted: bool) -> int:
    """Let opinion groups be looked for in these threads, or not; how many had another wish. Cost: 1 query.

    Where they are wanted no more, no page shows them from now on, and the clock deletes what was kept of them.
    """
    return threads.exclude(finds_groups=wanted).update(finds_groups=wanted, group_letters="", has_new_votes=True)


@transaction.atomic
def keep_passages(thread_id: int, texts: Sequence[str]) -> bool:
    """Keep the paragraphs of a newly published version; True if they differ from the version before.

    `texts[0]` is the head of the subject, the rest its paragraphs in order. Equal texts make no new version.
    Comments that quote an earlier version say so from now on. Cost: 5 queries, 4 more with such comments.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    former = list(thread.passages.filter(version=thread.version).values_list("text", flat=True))
    if thread.version and former == list(texts):
        return False
    thread.version += 1
    thread.save(update_fields=["version"])
    Passage.objects.bulk_create(
        Passage(thread=thread, version=thread.version, position=position, text=text)
        for position, text in enumerate(texts)
    )
    quotes.typeset_answers_to_subject(thread)
    return True


@transaction.atomic
def withhold_versions(thread_id: int, versions: Collection[int]) -> int:
    """Let nobody read the words of these versions that no other version has; how many passages changed.

    Call it with all that are to be withheld: what was withheld before and is not among them can be read again.
    Comments that quote such words show that they are gone. Cost: 5 queries, 5 more with such comments.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    passages = list(thread.passages.all())
    shown = {passage.text for passage in passages if passage.version not in versions}
    changed = [passage for passage in passages if passage.is_withheld != (passage.text not in shown)]
    for passage in changed:
        passage.is_withheld = not passage.is_withheld
    Passage.objects.bulk_update(changed, ["is_withheld"], batch_size=500)
    if changed:
        remove(thread.cache_tag)
    quotes.typeset_answers_to_passages(thread, changed)
    return len(changed)


# --- Closing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def close_thread(
    editor: User | None,
    thread_id: int,
    *,
    reason: str,
    words: str = "",
    until: datetime | None = None,
    successor: Thread | None = None,
) -> Closing:
    """The decision that closes a thread, or changes the decision in force. Cost: 7 queries.

    Args:
        editor: who decides; None for the clock, which leaves a closing in force as it is.
        until: when it opens again; None closes for good.
        successor: the thread in which the discussion goes on.

    Raises:
        Thread.DoesNotExist: there is no such thread.
        Refused: they may not close discussions, or the decision makes no sense.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    if editor is not None and not policy.may_close(editor):
        raise Refused("not-closer", _("Only the newsroom closes discussions. Nothing was changed."))
    words = markup.tidy(words).strip()
    if reason not in Closing.Reason.values:
        raise Refused("no-reason", _("Choose a reason from the list, so that readers know it. Nothing was changed."))
    if len(words) > WORDS_LENGTH:
        raise Refused(
            "reason-too-long",
            _("The reason holds up to {most} characters. Nothing was changed; shorten it.").format(most=WORDS_LENGTH),
        )
    if until is not None and until <= timezone.now():
        raise Refused(
            "until-past", _("The time to open again has passed already. Nothing was changed; choose a later one.")
        )
    if successor is not None and successor.pk == thread.pk:
        raise Refused(
            "own-successor", _("A discussion cannot go on in itself. Nothing was changed; choose another story.")
        )
    former = _closing(thread)
    if editor is None and former:
        return former  # the clock overrules nobody
    _lift(thread, editor)
    decision = _decide(thread, reason, words, until, editor)
    closing = Closing.objects.create(
        thread=thread,
        reason=reason,
        words=words,
        decision=decision,
        closed_by=editor,
        role=decision.role,
        closed_at=timezone.now(),
        until=until,
        successor=successor,
    )
    _settle(thread, is_news=former is not None)
    return closing


@transaction.atomic
def reopen_thread(editor: User | None, thread_id: int) -> Thread:
    """The thread, open again; one that is open stays so. Cost: 4 queries.

    What the subject wished stays known, so that publishing it once more does not close the thread again.

    Raises:
        Thread.DoesNotExist: there is no such thread.
        Refused: they may not open discussions.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    if editor is not None and not policy.may_close(editor):
        raise Refused("not-closer", _("Only the newsroom closes discussions. Nothing was changed."))
    _lift(thread, editor)
    _settle(thread)
    return thread


def open_what_is_due() -> int:
    """How many discussions were opened whose closing has run out. Cost: 1 query, 5 for each."""
    due = Closing.objects.filter(lifted_at=None, until__lte=timezone.now()).values_list("thread_id", flat=True)
    return sum(_open_if_due(thread_id) for thread_id in list(due))


@transaction.atomic
def _open_if_due(thread_id: int) -> bool:
    # Asked again under the lock: somebody may have put the end off meanwhile.
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    closing = _closing(thread)
    if closing is None or closing.until is None or closing.until > timezone.now():
        return False
    _lift(thread)
    _settle(thread)
    return True


@transaction.atomic
def set_rules(editor: User, thread_id: int, *, slow_seconds: int, member_days: int, is_questions: bool) -> Thread:
    """The thread with the rules for writing in it; the same rules again change nothing. Cost: 2 queries.

    Args:
        slow_seconds: that a member waits between two comments, 0 to a day.
        member_days: for how long somebody must have been a member, 0 to a year.
        is_questions: readers ask, and the newsroom's answers stand out.

    Raises:
        Thread.DoesNotExist: there is no such thread.
        Refused: they may not, or a number is out of range.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    if not policy.may_close(editor):
        raise Refused("not-closer", _("Only the newsroom closes discussions. Nothing was changed."))
    if not (0 <= slow_seconds <= 24 * 60 * 60 and 0 <= member_days <= 366):
        raise Refused("rules-range", _("A wait is at most a day, a membership at most 366 days. Nothing was changed."))
    if (slow_seconds, member_days, is_questions) != (thread.slow_seconds, thread.member_days, thread.is_questions):
        thread.slow_seconds, thread.member_days, thread.is_questions = slow_seconds, member_days, is_questions
        _announce(thread, "slow_seconds", "member_days", "is_questions")
    return thread


@transaction.atomic
def screen_thread(moderator: User, thread_id: int, *, screens: str, hold_new_from: datetime | None) -> Thread:
    """The thread, all of whose comments are read before they are published, or as its subject wishes. Cost: 2 queries.

    Args:
        screens: `before` publication; `off` and `after` leave it to what the subject wishes.
        hold_new_from: comments of accounts made since then wait for a moderator; None for no such time.

    Raises:
        Thread.DoesNotExist: there is no such thread.
        Refused: they may not, or `screens` is none of these.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    if not policy.may_close(moderator):
        raise Refused("not-closer", _("Only the newsroom closes discussions. Nothing was changed."))
    if screens not in Screens.values:
        raise Refused("no-screening", _("Comments are read before or after they are published. Nothing was changed."))
    thread.screens = screens if screens == Screens.BEFORE else thread.screens_wish
    thread.hold_new_from = hold_new_from
    thread.save(update_fields=["screens", "hold_new_from"])
    return thread


def _closing(thread: Thread) -> Closing | None:
    return Closing.objects.filter(thread=thread, lifted_at=None).first()


@in_site_language
def _decide(
    thread: Thread, reason: str, words: str, until: datetime | None, editor: User | None, *, by_subject: bool = False
) -> Decision:
    about = decisions.About(f"thread:{thread.pk}", address=thread.get_absolute_url(), title=thread.title)
    ground = decisions.Ground(f"{Closing.Reason(reason).label} {words}".strip())
    role = _("Newsroom") if by_subject else ""
    origin = Decision.Origin.RULE if editor is None and not by_subject else Decision.Origin.OWN
    return decisions.decide(Kind.CLOSE, about, ground, by=editor, role=role, until=until, origin=origin)


def _lift(thread: Thread, editor: User | None = None) -> None:
    for closing in Closing.objects.filter(thread=thread, lifted_at=None):
        if closing.decision_id:
            decisions.lift(closing.decision_id, by=editor)
        closing.lifted_at = timezone.now()
        closing.save(update_fields=["lifted_at"])


def _settle(thread: Thread, is_news: bool = False) -> None:
    """Let the state follow from the wish and the closing, and tell open pages when it changes.

    Args:
        is_news: they are told in any case: the closing has changed.
    """
    if thread.wish == Thread.State.OFF:
        state = Thread.State.OFF
    else:
        state = Thread.State.CLOSED if _closing(thread) else Thread.State.OPEN
    if state != thread.state:
        was_readable, thread.state = policy.may_read(thread), state
        _announce(thread, "state")
        if policy.may_read(thread) != was_readable:
            announce.readability_changed(thread)
    elif is_news:
        _announce(thread)


def _announce(thread: Thread, *fields: str) -> None:
    """Keep what has changed in a thread, and tell open pages."""
    thread.activity += 1
    thread.save(update_fields=[*fields, "activity"])
    announce.thread_changed(thread)
