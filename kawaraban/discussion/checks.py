"""What a draft must pass before it is kept, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.decisions.models import KEEPS_OUT, Decision, Kind
from kawaraban.decisions.reads import has_come_back, restriction_of
from kawaraban.discussion import policy, trust, vocabulary
from kawaraban.discussion.models import NEVER_SHOWN, Comment, Thread
from kawaraban.discussion.quoting import Quotation
from kawaraban.discussion.typesetting import digest
from kawaraban.errors import Refused
from kawaraban.screening.checks import screen
from kawaraban.screening.samples import Finding, Sample
from kawaraban.screening.scorer import Answer
from kawaraban.theme.templatetags.times import printed

FLOOD_SPAN = timedelta(minutes=5)
QUOTATIONS_ALLOWED = 40
_LINK = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """Words on their way into a thread.

    `text` is tidied, `quotations` are those found in it, `reply_to` is the number of the comment that the writer says
    they answer, `edits` the comment that the words would replace, and `answer` what a scorer elsewhere says of them.
    """

    thread: Thread
    author: User
    text: str
    edits: Comment | None = None
    quotations: Sequence[Quotation] = ()
    reply_to: int | None = None
    answer: Answer | None = None


def may_take_part(member: User, undone: str, *, writes: bool = False) -> None:
    """Refuse a member what a decision keeps them from. Asked by every action whose effect others see.

    A mute keeps them from writing, a suspension and a ban from taking part at all. Reading, taking back what they said
    or voted, appealing, and everything about their own account stays theirs, so it is not asked there. Cost: 1 query.

    Args:
        undone: what did not happen and what was kept, in full sentences.
        writes: others would read words or links of theirs.

    Raises:
        Refused: a decision in force keeps them from it.
    """
    let_take_part(restriction_of(member), undone, writes=writes)


def let_take_part(decision: Decision | None, undone: str, *, writes: bool = False) -> None:
    """As `may_take_part`, where the decision is known. Cost: none."""
    if decision is None or not (writes or decision.kind in KEEPS_OUT):
        return
    until = printed(decision.until) if decision.until else ""
    if decision.kind == Kind.MUTE and until:
        kept = _("You may not write here until {until}: {ground}.")
    elif decision.kind == Kind.MUTE:
        kept = _("You may not write here: {ground}.")
    elif until:
        kept = _("You may not take part here until {until}: {ground}.")
    else:
        kept = _("You may not take part here: {ground}.")
    raise Refused(
        "restricted",
        _("{kept} {undone} The decision, and how to appeal against it, is among your notifications.").format(
            kept=kept.format(until=until, ground=decision.ground), undone=undone
        ),
    )


def thread_is_open(draft: Draft) -> None:
    """A closed thread takes no more words, not even better ones."""
    if not draft.thread.is_open:
        raise Refused(
            "thread-closed",
            _("This discussion is closed, so nothing was posted. Your text is kept below; you can still copy it."),
        )


def author_may_speak(draft: Draft) -> None:
    """An account that has been switched off reads, and no more; nor does a member write whom a decision keeps from it.

    Cost: 1 query.
    """
    if not draft.author.is_active:
        raise Refused("account-inactive", _("This account may not post. Your text is kept below."))
    may_take_part(draft.author, _("Nothing was posted. Your text is kept below."), writes=True)


def has_been_a_member_long_enough(draft: Draft) -> None:
    """A thread under attack can be kept to those who were here before."""
    days = draft.thread.member_days
    if not days or draft.edits or policy.may_close(draft.author):
        return
    if timezone.now() - draft.author.date_joined < timedelta(days=days):
        raise Refused(
            "too-new",
            ngettext(
                "This discussion is for those who have been members for {days} day. Nothing was posted. Your "
                "text is kept below.",
                "This discussion is for those who have been members for {days} days. Nothing was posted. Your "
                "text is kept below.",
                days,
            ).format(days=days),
        )


def is_not_too_soon(draft: Draft) -> None:
    """In slow mode everybody waits a while between two comments. Cost: 1 query, where the thread is slow."""
    wait = draft.thread.slow_seconds
    if not wait or draft.edits or policy.may_close(draft.author):
        return
    since = timezone.now() - timedelta(seconds=wait)
    last = (
        Comment.objects.filter(thread=draft.thread, author=draft.author, created_at__gt=since)
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    if last is not None:
        left = (last - since).total_seconds()
        minutes, seconds = round(left / 60), max(1, round(left))
        if left >= 90:
            span = _("{minutes} minutes").format(minutes=minutes)
        else:
            span = _("{seconds} seconds").format(seconds=seconds)
        raise Refused(
            "slow-mode",
            _(
                "This discussion is slowed down, so that everybody is heard. Nothing was posted. Your text is "
                "kept below; post it in {span}."
            ).format(span=span),
        )


def answers_somebody_here(draft: Draft) -> None:
    """A reply goes to a comment of this thread. Cost: 1 query, for replies."""
    if not draft.reply_to:
        return
    there = Comment.objects.filter(thread=draft.thread, number=draft.reply_to).exclude(NEVER_SHOWN)
    if not there.exists():
        raise Refused(
            "no-such-comment",
            _(
                "There is no comment #{reply_to} in this discussion, so nothing was posted. Your text is kept "
                "below; post it as a comment of its own."
            ).format(reply_to=draft.reply_to),
        )


def quotes_a_few(draft: Draft) -> None:
    """A comment made of quotations alone says nothing, and each costs the page something."""
    if len(draft.quotations) > QUOTATIONS_ALLOWED:
        raise Refused(
            "too-many-quotes",
            _(
                "A comment holds up to {most} quotations; this one has {count:,}. Nothing was "
                "posted. Your text is kept below; take some out, or answer in two comments."
            ).format(most=QUOTATIONS_ALLOWED, count=len(draft.quotations)),
        )


def says_something(draft: Draft) -> None:
    """An empty comment is a slip of the finger."""
    if not draft.text.strip():
        raise Refused("empty", _("There is nothing to post yet: the text is empty."))


def is_not_too_long(draft: Draft) -> None:
    """Nothing is cut off in silence; the writer decides what goes."""
    over = len(draft.text) - markup.MAX_LENGTH
    if over > 0:
        raise Refused(
            "too-long",
            _(
                "A comment holds up to {most:,} characters; this one has {over:,} more. Nothing was "
                "posted. Your text is kept below: shorten it, or post it in two parts."
            ).format(most=markup.MAX_LENGTH, over=over),
        )


def has_few_links(draft: Draft) -> None:
    """A list of links is an advertisement more often than an argument. Cost: 2 queries, for more links than a few."""
    links = len(_LINK.findall(draft.text))
    if links <= trust.rows()[0].links:
        return
    allowed = trust.standing_of(draft.author).links
    if links > allowed:
        raise Refused(
            "too-many-links",
            _(
                "A comment of yours holds up to {allowed} links. Nothing was posted. Your text is kept below; "
                "take some out."
            ).format(allowed=allowed),
        )


def not_the_same_again(draft: Draft) -> None:
    """The same words by the same member, twice in one thread, are a mistake or a nuisance. Cost: 1 query."""
    there = (Comment.State.VISIBLE, Comment.State.HELD)
    same = Comment.objects.filter(thread=draft.thread, author=draft.author, state__in=there, source=draft.text)
    if draft.edits:
        same = same.exclude(pk=draft.edits.pk)
    twin = same.only("number").first()
    if twin is not None:
        raise Refused(
            "said-already",
            _("You have said exactly this here already, in #{number}. Nothing was posted.").format(number=twin.number),
        )


def not_a_flood(draft: Draft) -> None:
    """Many comments in five minutes leave no room for anybody else. Cost: 1 query, 2 more for who writes a lot."""
    if draft.edits:
        return
    since = timezone.now() - FLOOD_SPAN
    count = Comment.objects.filter(author=draft.author, created_at__gt=since).count()
    if count < trust.rows()[0].comments_in_5_minutes:
        return
    allowed = trust.standing_of(draft.author).comments_in_5_minutes
    if count >= allowed:
        raise Refused(
            "too-fast",
            _(
                "You have posted {allowed} comments within 5 minutes. Nothing was posted. Your text is kept "
                "below; post it in a few minutes."
            ).format(allowed=allowed),
        )


CHECKS: tuple[Callable[[Draft], None], ...] = (
    # May it be said here, by this member?
    thread_is_open,
    author_may_speak,
    has_been_a_member_long_enough,
    is_not_too_soon,
    # Is it a comment?
    says_something,
    is_not_too_long,
    has_few_links,
    answers_somebody_here,
    quotes_a_few,
    # Has it been said?
    not_the_same_again,
    not_a_flood,
)


# What the writer can mend by saying it otherwise.
REPHRASED = ("words", "links", "repetition", "shouting", "quoted only", "language", "score", "scorer")


def review(draft: Draft) -> list[Finding]:
    """Refuse a draft with the first reason found, or say what lets it wait for a moderator. Cost: at most 9 queries.

    Raises:
        Refused: with the code and sentence of the check that failed.
    """
    for check in CHECKS:
        check(draft)
    found = findings(draft)
    for each in found:
        if each.outcome == "refuse" or not each.may_post:
            raise Refused("not-here", each.sentence)
    return found


def findings(draft: Draft) -> list[Finding]:
    """What the site's own rules and its score have against a draft, in order; of staff nothing. Cost: 5 queries."""
    if policy.may_remove(draft.author):
        return []
    if has_come_back(draft.author):
        back = _("Another account with your mailbox may not take part here, so a moderator reads first what you write.")
        return [
            Finding("evasion", "hold", None, back, _("made after another account of the same mailbox was kept out"))
        ]
    since = draft.thread.hold_new_from
    if since is not None and draft.author.date_joined >= since:
        raid = _("New accounts are read before they are published here at present. A moderator will look at it.")
        return [Finding("raid", "hold", None, raid, _("the account was made during the raid"))]
    return screen(_sample(draft), draft.answer)


def foreseen(thread: Thread, author: User, body: str, unquoted: Sequence[str]) -> list[Finding]:
    """What would stand against words that somebody only previews. Cost: that of `vocabulary.find`, and 5 queries."""
    text = markup.tidy(body)[: markup.MAX_LENGTH]
    found = [each for each in vocabulary.find(thread, text) if digest(each.words) not in unquoted]
    return findings(Draft(thread, author, text, quotations=[each for each in found if each.source is not None]))


def could_be_rephrased(holds: Sequence[Finding]) -> None:
    """Ask the writer before words wait that could be said otherwise; where all is read first there is nothing to ask.

    Raises:
        Refused: with what the rules or the score have against the words.
    """
    said = [each.sentence for each in holds if each.check in REPHRASED]
    if said:
        raise Refused(
            "would-wait",
            _("{said} Nothing was posted yet. Your text is kept below; change it, or press Post once more.").format(
                said=said[0]
            ),
        )


def _sample(draft: Draft) -> Sample:
    """The draft as screening takes it: the writer's own words, and what they wrote before. Cost: 2 queries."""
    now = timezone.now()
    own = Comment.objects.filter(author=draft.author)
    if draft.edits:
        own = own.exclude(pk=draft.edits.pk)
    recent = [(each.source, each.created_at or now) for each in own.order_by("-id").only("source", "created_at")[:10]]
    text = draft.text
    blocks = [each for each in draft.quotations if each.is_block]
    for each in sorted(blocks, key=lambda each: -each.start):
        text = text[: each.start] + text[each.end :]
    return Sample(
        text=text.strip(),
        quoted=sum(each.end - each.start for each in draft.quotations),
        author_days=(now - draft.author.date_joined).total_seconds() / 86_400,
        author_shown=own.filter(born__gt=0).count(),
        recent=tuple(words for words, _ in recent),
        recent_times=tuple((now - at).total_seconds() for _, at in recent),
        place=draft.thread.screens,
    )
