"""Somebody outside says that something here is illegal; they get a receipt, and hear what was decided."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions import record
from kawaraban.decisions.models import Decision
from kawaraban.discussion.actions.comments import locked
from kawaraban.discussion.models import Comment
from kawaraban.errors import Refused
from kawaraban.moderation import announce, policy, reads
from kawaraban.moderation.models import Notice

GROUND_LENGTH, WORDS_LENGTH, NAME_LENGTH, ANSWER_LENGTH = 200, 5000, 120, 1000
# Who tells of these may stay unnamed (DSA Article 16(2)(c)); of a threat to life nobody should think twice.
UNNAMED = (Notice.Category.LIFE, Notice.Category.CHILD)
MAILED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told us, as the form holds it.

    Args:
        ground: the law or the rule that it breaks, in their words.
        words: why.
    """

    url: str
    category: str
    ground: str
    words: str
    name: str = ""
    email: str = ""
    in_good_faith: bool = False


@transaction.atomic
def give_notice(told: Told) -> Notice:
    """The notice, in the moderators' queue, under a key that only its notifier knows. Cost: 8 queries.

    Raises:
        Refused: the site takes none, the address is not one of ours, or something is missing or too long.
    """
    if not reads.site_settings().notices_on:
        raise Refused(
            "notices-off", _("This site takes no notices here. Nothing was sent; its contact is on this page.")
        )
    path = reads.own_path(told.url)
    if path is None or len(path) > 500:
        raise Refused(
            "notice-elsewhere",
            _(
                "That is not the address of a page on this site. Nothing was sent; copy it from your browser. "
                "Your words are kept below."
            ),
        )
    ground, words = markup.tidy(told.ground).strip(), markup.tidy(told.words).strip()
    name, email = " ".join(markup.tidy(told.name).split()), told.email.strip()
    if told.category not in Notice.Category.values or not ground or not words or not told.in_good_faith:
        raise Refused(
            "notice-incomplete",
            _(
                "Choose what it is, name the law or rule, say why, and confirm that you believe it to be right. "
                "Nothing was sent. Your words are kept below."
            ),
        )
    if len(ground) > GROUND_LENGTH or len(words) > WORDS_LENGTH or len(name) > NAME_LENGTH:
        raise Refused(
            "notice-too-long",
            _(
                "The law holds up to {ground_length} characters, the explanation {length:,}, a name {name_length}. "
                "Nothing was sent. Your words are kept below; shorten them."
            ).format(ground_length=GROUND_LENGTH, length=WORDS_LENGTH, name_length=NAME_LENGTH),
        )
    if told.category not in UNNAMED and not (name and email):
        raise Refused(
            "notice-no-name",
            _("The law asks for your name and e-mail address here. Nothing was sent. Your words are kept below."),
        )
    if email and not _is_email(email):
        raise Refused(
            "notice-bad-email",
            _("The e-mail address is not whole. Nothing was sent. Your words are kept below; mend the address."),
        )
    notice = Notice.objects.create(
        key=secrets.token_urlsafe(24),
        url=path,
        comment=reads.comment_at(path),
        category=told.category,
        ground=ground,
        words=words,
        name=name,
        email=email,
        in_good_faith=True,
        is_threat_to_life=told.category == Notice.Category.LIFE,
        mail="received" if email else "",
    )
    decisions.append(
        "noticed",
        {
            "notice": notice.pk,
            "subject": f"comment:{notice.comment_id}" if notice.comment_id else "",
            "category": notice.category,
            "words": record.digest(words),
        },
    )
    return notice


@transaction.atomic
def settle_notices(
    comment: Comment, upheld: bool, decision: Decision | None = None, *, by: User | None = None, answer: str = ""
) -> int:
    """How many open notices of a comment are settled by what was decided; each notifier hears of it. Cost: 5 queries.

    Call it in the transaction of the decision, with the comment locked. Arguments as of `settle_reports`.

    Args:
        answer: for the notifiers, where there is more to say than what was decided.
    """
    waiting = Notice.objects.select_for_update(of=("self",)).filter(comment=comment, outcome=Notice.Outcome.OPEN)
    found = list(waiting.order_by("pk"))
    by = by or (decision.decided_by if decision else None)
    for notice in found:
        _settle(notice, upheld, decision, by, answer)
    return len(found)


@transaction.atomic
def settle_notice(moderator: User, notice_id: int, upheld: bool, answer: str) -> Notice:
    """The notice, settled by itself: it is about no comment, or not about one that can be decided. Cost: 6 queries.

    Args:
        upheld: something was done about it, such as mending a story.
        answer: what was done or why nothing, for the notifier, up to 1,000 characters.

    Raises:
        Notice.DoesNotExist: there is no such notice.
        Refused: they do not moderate, somebody has settled it, or there is no answer.
    """
    if not policy.may_settle(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    answer = markup.tidy(answer).strip()
    if not answer or len(answer) > ANSWER_LENGTH:
        raise Refused(
            "notice-no-answer",
            _("Answer in words, up to {length:,} characters: whoever told us reads it. Nothing was changed.").format(
                length=ANSWER_LENGTH
            ),
        )
    notice = _locked(notice_id)
    if notice.outcome != Notice.Outcome.OPEN:
        raise Refused("notice-settled", _("Somebody has settled this notice meanwhile. Nothing was changed."))
    _settle(notice, upheld, None, moderator, answer)
    return notice


@transaction.atomic
def pass_on_notice(moderator: User, notice_id: int) -> Notice:
    """The notice of a threat to life, marked as told to the authorities (DSA Article 18). Cost: 5 queries.

    Raises:
        Notice.DoesNotExist: there is no such notice.
        Refused: they do not moderate.
    """
    if not policy.may_settle(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    notice = _locked(notice_id)
    if notice.passed_on_at is None:
        notice.passed_on_at = timezone.now()
        notice.save(update_fields=["passed_on_at"])
        decisions.append("passed_on", {"notice": notice.pk, "by": moderator.pk})
    return notice


@transaction.atomic
def take_due_mail() -> list[tuple[int, str]]:
    """What is to be mailed about which notices, and no longer waits for it. Cost: 2 queries."""
    due = Notice.objects.select_for_update(skip_locked=True, of=("self",)).exclude(mail="").order_by("pk")
    taken = list(due.values_list("pk", "mail")[:MAILED_AT_ONCE])
    Notice.objects.filter(pk__in=[pk for pk, _ in taken]).update(mail="")
    return taken


def mail_notice(notice_id: int, what: str) -> bool:
    """Mail a notifier what they are to be told, a key of `announce.TEXTS`; False if it is not true any more.

    Cost: 3 queries.

    Raises:
        OSError, smtplib.SMTPException: the mail server did not take it.
    """
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).select_related("comment").filter(pk=notice_id).first()
        if notice is None or not _is_to_be_mailed(notice, what):
            return False
        # Before the mail goes out: whoever takes the decision back meanwhile must know that it did.
        former, notice.told = notice.told, what
        notice.save(update_fields=["told"])
    try:
        announce.mail_notice(notice, what)
    except Exception:
        Notice.objects.filter(pk=notice_id, told=what).update(told=former)
        raise
    return True


def _is_to_be_mailed(notice: Notice, what: str) -> bool:
    """Not what was taken back, or decided anew, between the clock and the mail."""
    is_open = notice.outcome == Notice.Outcome.OPEN
    return bool(notice.email) and (what == "received" or is_open == (what == "reopened"))


def _locked(notice_id: int) -> Notice:
    """A notice, locked after the comment it is about, as by whoever decides about that."""
    comment = Notice.objects.select_related("comment").get(pk=notice_id).comment
    if comment:
        locked(comment.thread_id, comment.number)
    return Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)


def _settle(notice: Notice, upheld: bool, decision: Decision | None, by: User | None, answer: str) -> None:
    notice.outcome = Notice.Outcome.UPHELD if upheld else Notice.Outcome.DISMISSED
    notice.decision, notice.settled_by, notice.settled_at, notice.answer = decision, by, timezone.now(), answer
    notice.mail = "settled" if notice.email else ""
    notice.save()
    decisions.append(
        "notice_settled",
        {
            "notice": notice.pk,
            "upheld": upheld,
            "decision": decision.pk if decision else None,
            "by": by.pk if by else None,
        },
    )


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
