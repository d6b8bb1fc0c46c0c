"""Appeals: asked once, within six months; answered by another person; reversed, everything is as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from kawaraban.accounts.models import MODERATOR, Kind, Notification
from kawaraban.accounts.testing import make_member
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.models import Decision, Entry
from kawaraban.decisions.models import Kind as Decided
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.moderation import actions, reads
from kawaraban.moderation.models import Appeal, ModerationSettings, Report
from kawaraban.moderation.testing import make_notice, make_report

REVERSED, UPHELD = Appeal.Outcome.REVERSED, Appeal.Outcome.UPHELD


@pytest.fixture
def second(db):
    """Another moderator than the first."""
    return make_member("Second Reader", role=MODERATOR, title="Moderator")


@pytest.fixture
def comment(db, author):
    """The author's comment in an open thread."""
    return make_comment(make_thread(), author, "The ferry was never late, and *everybody* knows it.")


@pytest.fixture
def removed(comment, moderator):
    """The decision that removed it."""
    return discussion.remove_comment(moderator, comment.thread_id, comment.number, RUDE).decision


def test_a_removed_member_appeals_and_another_moderator_puts_everything_back(
    comment, author, reader, moderator, second, signed_in
):
    quoting = discussion.post_comment(reader, comment.thread_id, "> The ferry was never late\n\nIt was.", key="quoting")
    discussion.cast_vote(reader, comment.thread_id, comment.number, 1)
    thread = comment.thread
    comment.refresh_from_db()
    before = (comment.source, comment.html, comment.up, comment.number, comment.state)
    quoting.refresh_from_db()
    quoted = quoting.html
    decision = discussion.remove_comment(moderator, thread.pk, comment.number, RUDE).decision
    quoting.refresh_from_db()
    assert quoting.html != quoted

    page = signed_in(author).get(decision.get_absolute_url())
    address = f"/decision/{decision.pk}/appeal/"
    assert address in page.content.decode()
    assert signed_in(author).post(address, {"words": "It says nothing about anybody."}).status_code == 302
    (waiting,) = reads.open_appeals()
    actions.settle_appeal(second, waiting.pk, REVERSED, "You are right: it names nobody.")

    comment.refresh_from_db()
    quoting.refresh_from_db()
    thread.refresh_from_db()
    assert (comment.source, comment.html, comment.up, comment.number, comment.state) == before
    assert quoting.html == quoted
    assert thread.comment_count == 2
    decision.refresh_from_db()
    assert (decision.is_reversed, decision.lifted_by) == (True, second)
    assert "You are right: it names nobody." in signed_in(author).get(address).content.decode()
    assert Notification.objects.filter(recipient=author, kind=Kind.APPEAL_SETTLED).count() == 1


def test_whoever_decided_first_does_not_answer(removed, author, moderator, second):
    made = actions.appeal(author, removed.pk, "It was a joke.")
    with pytest.raises(Refused) as refusal:
        actions.settle_appeal(moderator, made.pk, UPHELD, "No.")
    assert refusal.value.code == "same-moderator"
    made.refresh_from_db()
    assert made.outcome == Appeal.Outcome.OPEN


def test_the_database_keeps_the_first_person_from_answering_as_well(removed, author, moderator):
    made = actions.appeal(author, removed.pk, "It was a joke.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=made.pk).update(settled_by=moderator)


def test_a_site_with_one_moderator_is_told_so_and_may_allow_it_openly(removed, author, moderator, signed_in):
    made = actions.appeal(author, removed.pk, "It was a joke.")
    with pytest.raises(Refused) as refusal:
        actions.settle_appeal(moderator, made.pk, UPHELD, "It was none.")
    assert refusal.value.code == "single-moderator"
    ModerationSettings.objects.create(single_moderator_allowed=True)
    assert actions.settle_appeal(moderator, made.pk, UPHELD, "It was none.").is_same_person
    page = signed_in(author).get(f"/decision/{removed.pk}/appeal/").content.decode()
    assert "the person who decided first" in page
    assert reads.months(1)[0].by_same_person == 1


def test_the_permission_of_a_small_site_ends_with_the_second_moderator(removed, author, moderator, second):
    ModerationSettings.objects.create(single_moderator_allowed=True)
    made = actions.appeal(author, removed.pk, "It was a joke.")
    with pytest.raises(Refused) as refusal:
        actions.settle_appeal(moderator, made.pk, UPHELD, "It was none.")
    assert refusal.value.code == "same-moderator"


def test_an_appeal_is_made_once(removed, author):
    actions.appeal(author, removed.pk, "It was a joke.")
    with pytest.raises(Refused) as refusal:
        actions.appeal(author, removed.pk, "It really was.")
    assert refusal.value.code == "appealed-already"


def test_an_appeal_is_answered_once(removed, author, second, editor):
    made = actions.appeal(author, removed.pk, "It was a joke.")
    actions.settle_appeal(second, made.pk, UPHELD, "It was none.")
    with pytest.raises(Refused) as refusal:
        actions.settle_appeal(editor, made.pk, REVERSED, "It was one.")
    assert refusal.value.code == "appeal-settled"
    assert Entry.objects.filter(kind="appeal_settled").count() == 1


@pytest.mark.parametrize(("days", "may"), [(182, True), (184, False)])
def test_an_appeal_is_open_for_six_months(removed, author, days, may):
    Decision.objects.filter(pk=removed.pk).update(decided_at=timezone.now() - timedelta(days=days))
    if may:
        assert actions.appeal(author, removed.pk, "It was a joke.")
        return
    with pytest.raises(Refused) as refusal:
        actions.appeal(author, removed.pk, "It was a joke.")
    assert refusal.value.code == "appeal-over"


def test_only_whom_it_concerns_appeals(removed, reader, signed_in):
    with pytest.raises(Decision.DoesNotExist):
        actions.appeal(reader, removed.pk, "I liked it.")
    assert signed_in(reader).get(f"/decision/{removed.pk}/appeal/").status_code == 404


@pytest.mark.parametrize(("words", "code"), [("  ", "appeal-empty"), ("x" * 2001, "appeal-too-long")])
def test_an_appeal_that_cannot_be_read_is_handed_back(removed, author, signed_in, words, code):
    answer = signed_in(author).post(f"/decision/{removed.pk}/appeal/", {"words": words})
    assert answer.status_code == 409
    assert words in answer.content.decode()
    with pytest.raises(Refused) as refusal:
        actions.appeal(author, removed.pk, words)
    assert refusal.value.code == code


def test_an_answer_has_words_and_an_outcome_and_comes_from_a_moderator(removed, author, reader, second):
    made = actions.appeal(author, removed.pk, "It was a joke.")
    for who, outcome, answer, code in (
        (reader, UPHELD, "No.", "not-moderator"),
        (second, "perhaps", "No.", "no-outcome"),
        (second, UPHELD, " ", "no-answer"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.settle_appeal(who, made.pk, outcome, answer)
        assert refusal.value.code == code


def test_a_mute_that_was_wrong_is_lifted(author, moderator, second):
    until = timezone.now() + timedelta(days=7)
    muted = decisions.restrict_member(moderator, author, Decided.MUTE, RUDE, until=until)
    made = actions.appeal(author, muted.pk, "I was away.")
    actions.settle_appeal(second, made.pk, REVERSED, "You were.")
    muted.refresh_from_db()
    assert (muted.is_in_force, muted.is_reversed) == (False, True)


def test_an_upheld_appeal_leaves_everything_and_tells_the_member(removed, comment, author, second):
    made = actions.appeal(author, removed.pk, "It was a joke.")
    actions.settle_appeal(second, made.pk, UPHELD, "It was none.")
    comment.refresh_from_db()
    assert comment.state == Comment.State.REMOVED
    told = Notification.objects.get(recipient=author, kind=Kind.APPEAL_SETTLED)
    assert told.address == f"/decision/{removed.pk}/appeal/"


def test_a_decision_that_was_taken_back_needs_no_appeal(removed, comment, author, moderator, signed_in):
    discussion.restore_comment(moderator, comment.thread_id, comment.number)
    page = signed_in(author).get(f"/decision/{removed.pk}/appeal/").content.decode()
    assert "It holds no more" in page
    assert "<textarea" not in page
    assert "/appeal/" not in signed_in(author).get(removed.get_absolute_url()).content.decode()
    with pytest.raises(Refused) as refusal:
        actions.appeal(author, removed.pk, "It was a joke.")
    assert refusal.value.code == "appeal-over"


def test_words_that_their_author_has_deleted_stay_away(removed, comment, author, moderator, second):
    made = actions.appeal(author, removed.pk, "It was a joke.")
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.DELETED, source="", html="", decision=None)
    actions.settle_appeal(second, made.pk, REVERSED, "You are right.")
    comment.refresh_from_db()
    removed.refresh_from_db()
    assert (comment.state, removed.is_reversed) == (Comment.State.DELETED, True)


# --- Of those who report, and of those outside ------------------------------------------------------------------------


def test_a_reporter_appeals_and_the_comment_is_removed_for_what_they_named(
    comment, reader, moderator, second, signed_in
):
    report = make_report(comment, reader, rule=4)
    actions.settle_reports(comment, upheld=False, by=moderator)
    page = signed_in(reader).get(f"/t/{comment.thread_id}/{comment.number}/report/")
    assert "Ask for another look" in page.content.decode()
    sent = {"deed": "appeal", "words": "Read it again."}
    assert signed_in(reader).post(f"/t/{comment.thread_id}/{comment.number}/report/", sent).status_code == 302
    (made,) = reads.open_appeals()
    with pytest.raises(Refused) as refusal:
        actions.settle_appeal(moderator, made.pk, REVERSED, "Again.")
    assert refusal.value.code == "same-moderator"
    actions.settle_appeal(second, made.pk, REVERSED, "You are right.")
    comment.refresh_from_db()
    report.refresh_from_db()
    assert (comment.state, comment.decision.rule.number) == (Comment.State.REMOVED, 4)
    assert comment.decision.origin == Decision.Origin.APPEAL
    assert (report.outcome, report.decision) == (Report.Outcome.UPHELD, comment.decision)


def test_a_report_that_nobody_has_dismissed_is_not_appealed(comment, reader):
    report = make_report(comment, reader)
    with pytest.raises(Refused) as refusal:
        actions.appeal_report(reader, report.pk, "Hurry.")
    assert refusal.value.code == "appeal-over"


def test_whoever_gave_notice_appeals_from_the_receipt_and_is_mailed(
    comment, moderator, second, stranger, django_capture_on_commit_callbacks
):
    notice = make_notice(comment)
    actions.settle_notices(comment, upheld=False, by=moderator, answer="We find nothing illegal in it.")
    assert stranger.post(notice.get_absolute_url(), {"words": "There is."}).status_code == 302
    (made,) = reads.open_appeals()
    actions.settle_appeal(second, made.pk, REVERSED, "There is indeed.")
    comment.refresh_from_db()
    notice.refresh_from_db()
    assert (comment.state, comment.decision.law) == (Comment.State.REMOVED, "Defamation")
    assert notice.outcome == "upheld"
    for notice_id, what in actions.take_due_mail():
        actions.mail_notice(notice_id, what)
    assert [each.to for each in mail.outbox] == [["kiyo@outside.example"]]
    assert "looked again" in mail.outbox[0].body
