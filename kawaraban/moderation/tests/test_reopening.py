"""An undo lets reports and notices wait again, and whoever was told the untrue hears so; nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from kawaraban.accounts.models import Notification
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import Entry
from kawaraban.decisions.reads import first_break
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.jobs.testing import run_jobs
from kawaraban.moderation import actions, reads
from kawaraban.moderation.models import Notice, Report
from kawaraban.moderation.tasks import queue_notice_mail
from kawaraban.moderation.testing import make_notice, make_report

UNDO = "/desk/moderation/undo/"


@pytest.fixture
def desk(site, moderator, signed_in):
    """The browser of a moderator."""
    return signed_in(moderator)


@pytest.fixture
def comment(db, author):
    """A comment that two have reported and one has given notice of."""
    found = make_comment(make_thread(), author, "You are a lump of coal.")
    make_report(found)
    make_report(found, rule=2)
    make_notice(found)
    return found


def decide(moderator, comment, name="remove"):
    comment.refresh_from_db()
    deed = actions.Deed(name, Ground("It calls another reader a name.", rule=1))
    return actions.decide_case(moderator, comment.pk, deed, state=reads.state_of(comment))


def waiting():
    counts = reads.counts()
    return counts["reported"].count, counts["notices"].count


def post():
    """Let the clock and the workers send what is due; the texts of the mails to notifiers since the last time."""
    mail.outbox.clear()
    queue_notice_mail.call()
    run_jobs()
    return [each.body for each in mail.outbox if each.subject.startswith("Your notice")]


@pytest.mark.parametrize("deed", ["approve", "remove", "fold"])
def test_an_undo_lets_reports_and_notices_wait_again(desk, moderator, comment, deed):
    assert waiting() == (1, 1)
    before = list(Report.objects.order_by("pk").values("weight", "rule", "made_at"))
    decide(moderator, comment, deed)
    assert waiting() == (0, 0)
    desk.post(UNDO)
    assert waiting() == (1, 1)
    assert set(Report.objects.values_list("outcome", "settled_by", "settled_at", "decision")) == {
        ("open", None, None, None)
    }
    notice = Notice.objects.get()
    assert (notice.outcome, notice.settled_by, notice.settled_at, notice.decision) == ("open", None, None, None)
    assert list(Report.objects.order_by("pk").values("weight", "rule", "made_at")) == before
    facts = Entry.objects.get(kind="reopened").facts
    assert facts["notices"] == [notice.pk]
    assert facts["reports"] == list(Report.objects.order_by("pk").values_list("pk", flat=True))
    assert first_break() is None


def test_a_batch_lets_them_wait_again_as_well(moderator, comment):
    comment.refresh_from_db()
    batch = actions.decide_many(moderator, {comment.pk: ""}, actions.Deed("approve"))
    assert waiting() == (0, 0)
    actions.undo(moderator, batch.pk)
    assert waiting() == (1, 1)


def test_what_was_answered_before_stays_answered(moderator, comment):
    decide(moderator, comment, "approve")
    make_report(comment)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        decide(moderator, comment, "remove")
        actions.undo_last(moderator)
    assert sorted(Report.objects.values_list("outcome", flat=True)) == ["dismissed", "dismissed", "open"]
    assert Notice.objects.get().outcome == "dismissed"


def test_a_notice_with_an_answer_of_its_own_keeps_it(moderator, comment):
    decide(moderator, comment, "approve")
    own = make_notice(comment)
    actions.settle_notice(moderator, own.pk, False, "We have looked at it twice.")
    actions.undo_last(moderator)
    own.refresh_from_db()
    assert (own.outcome, own.answer) == ("dismissed", "We have looked at it twice.")


# --- Who hears --------------------------------------------------------------------------------------------------------


def test_a_notifier_who_was_not_mailed_yet_hears_nothing_of_what_was_taken_back(moderator, comment):
    assert "has received your notice" in post()[0]
    decide(moderator, comment)
    actions.undo_last(moderator)
    assert post() == []
    decide(moderator, comment, "approve")
    (body,) = post()
    assert "It stays as it is." in body


def test_a_notifier_who_was_mailed_hears_that_it_was_taken_back_and_then_the_new_decision(moderator, comment, stranger):
    post()
    decide(moderator, comment)
    assert "It was restricted." in post()[0]
    actions.undo_last(moderator)
    (body,) = post()
    assert "taken that back as a mistake" in body
    assert Notice.objects.get().get_absolute_url() in body
    assert "lump of coal" not in body
    assert post() == []
    assert "A person will read it and decide." in stranger.get(Notice.objects.get().get_absolute_url()).content.decode()
    decide(moderator, comment, "approve")
    assert "It stays as it is." in post()[0]


def test_a_receipt_that_a_quick_decision_has_displaced_is_still_mailed(moderator, comment):
    decide(moderator, comment)
    actions.undo_last(moderator)
    (body,) = post()
    assert "has received your notice" in body


def test_a_mail_that_waits_for_a_worker_is_not_sent_once_its_decision_is_taken_back(moderator, comment):
    post()
    decide(moderator, comment)
    queue_notice_mail.call()
    actions.undo_last(moderator)
    mail.outbox.clear()
    run_jobs()
    assert [each for each in mail.outbox if "has decided" in each.body] == []
    assert post() == []


def test_a_mail_that_failed_was_told_to_nobody(moderator, comment, settings):
    post()
    decide(moderator, comment)
    notice = Notice.objects.get()
    settings.EMAIL_BACKEND = "no.such.backend"
    with pytest.raises(ImportError):
        actions.mail_notice(notice.pk, "settled")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Notice.objects.update(mail="")
    actions.undo_last(moderator)
    assert post() == []


def heard(reporter):
    """What a reporter can read of their report, the oldest first."""
    shown = Notification.objects.shown_to(reporter).filter(kind="report_settled")
    return [each.title.partition("”: ")[2] for each in shown.order_by("pk")]


def test_reporters_who_have_not_looked_hear_only_what_holds(moderator, comment):
    first, second = (report.reporter for report in Report.objects.order_by("pk"))
    decide(moderator, comment)
    Notification.objects.filter(recipient=first, kind="report_settled").update(read_at=timezone.now())
    actions.undo_last(moderator)
    assert heard(first) == ["the decision was taken back, and a moderator looks again"]
    assert heard(second) == []
    decide(moderator, comment, "approve")
    assert heard(first)[1:] == ["the comment stays"]
    assert heard(second) == ["the comment stays"]


# --- Appeals ----------------------------------------------------------------------------------------------------------


def test_what_somebody_has_appealed_against_is_not_undone(moderator, comment):
    decide(moderator, comment, "approve")
    report = Report.objects.first()
    actions.appeal_report(report.reporter, report.pk, "It calls me a name.")
    with pytest.raises(Refused) as refusal:
        actions.undo_last(moderator)
    assert refusal.value.code == "undo-appealed"
    assert waiting() == (0, 0)
    assert reads.counts()["appeals"].count == 1


def test_a_batch_leaves_alone_what_somebody_has_appealed_against(moderator, comment, author):
    other = make_comment(comment.thread, author, "Another lump.")
    make_report(other)
    batch = actions.decide_many(moderator, {comment.pk: "", other.pk: ""}, actions.Deed("approve"))
    actions.appeal_notice(Notice.objects.get().key, "It is about me.")
    assert actions.undo(moderator, batch.pk) == (
        "1 comment is as it was before. 1 was decided about or appealed against since, and stays so."
    )
    assert waiting() == (1, 0)
