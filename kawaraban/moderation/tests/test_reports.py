"""Members report; many reports hold; whoever reported hears what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kawaraban.accounts.models import Kind, Notification
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
from kawaraban.moderation.models import ModerationSettings, Report
from kawaraban.moderation.testing import make_regular, make_report


@pytest.fixture
def comment(db, author):
    """The author's comment in an open thread."""
    return make_comment(make_thread(), author)


def test_three_regular_members_hold_a_comment_until_somebody_has_read_it(comment):
    for _ in range(2):
        make_report(comment)
    comment.refresh_from_db()
    assert comment.is_visible
    make_report(comment, rule=4)
    comment.refresh_from_db()
    assert comment.state == Comment.State.HELD
    decision = comment.decision
    assert (decision.kind, decision.is_automated, decision.origin) == (Decided.HOLD, True, Decision.Origin.REPORT)
    assert decision.rule.number == 1


def test_reports_never_remove_whatever_their_number(comment):
    for _ in range(6):
        reporter = make_regular()
        comment.refresh_from_db()
        if comment.is_visible:
            make_report(comment, reporter)
    assert not Decision.objects.exclude(kind=Decided.HOLD).exists()


def test_a_raid_of_new_accounts_holds_nothing_and_is_read_all_the_same(comment):
    for _ in range(12):
        make_report(comment, make_member(days=0))
    comment.refresh_from_db()
    assert comment.is_visible
    assert Report.objects.filter(outcome=Report.Outcome.OPEN).count() == 12


def test_whoever_has_answered_a_comment_does_not_help_to_hold_it(comment):
    for _ in range(3):
        quarreller = make_regular()
        discussion.post_comment(
            quarreller, comment.thread_id, f"No. {quarreller.handle}", key=f"k{quarreller.pk}", reply_to=1
        )
        make_report(comment, quarreller)
    comment.refresh_from_db()
    assert comment.is_visible


def test_what_a_moderator_let_stand_is_not_held_again_by_reports(comment, moderator):
    make_report(comment)
    actions.settle_reports(comment, upheld=False, by=moderator)
    for _ in range(4):
        make_report(comment)
    comment.refresh_from_db()
    assert comment.is_visible


def test_a_site_may_set_at_how_many_reports_or_never(comment):
    ModerationSettings.objects.create(reports_hold_at=0)
    for _ in range(4):
        make_report(comment)
    comment.refresh_from_db()
    assert comment.is_visible


def test_nobody_reports_their_own_comment_or_one_twice(comment, author, reader):
    with pytest.raises(Refused) as refusal:
        make_report(comment, author)
    assert refusal.value.code == "report-own"
    make_report(comment, reader)
    with pytest.raises(Refused) as refusal:
        make_report(comment, reader)
    assert refusal.value.code == "reported-already"
    assert Report.objects.count() == 1


def test_a_report_names_a_rule_of_the_house(comment, reader):
    for rule in (None, 99):
        with pytest.raises(Refused) as refusal:
            actions.report_comment(reader, comment.thread_id, comment.number, rule=rule)
        assert refusal.value.code == "report-no-rule"


def test_what_is_added_to_a_report_is_short(comment, reader):
    with pytest.raises(Refused) as refusal:
        actions.report_comment(reader, comment.thread_id, comment.number, rule=1, words="x" * 501)
    assert refusal.value.code == "report-too-long"


def test_a_member_reports_twenty_comments_within_a_day(author, reader):
    thread = make_thread(21, author)
    for number in range(1, 21):
        actions.report_comment(reader, thread.pk, number, rule=1)
    with pytest.raises(Refused) as refusal:
        actions.report_comment(reader, thread.pk, 21, rule=1)
    assert refusal.value.code == "reports-often"
    Report.objects.update(made_at=timezone.now() - timedelta(days=1, seconds=1))
    actions.report_comment(reader, thread.pk, 21, rule=1)


def test_what_is_not_shown_is_not_reported(comment, reader, moderator):
    discussion.remove_comment(moderator, comment.thread_id, comment.number, RUDE)
    with pytest.raises(Refused) as refusal:
        make_report(comment, reader)
    assert refusal.value.code == "not-shown"


@pytest.mark.parametrize(("upheld", "said"), [(True, "a moderator agreed"), (False, "the comment stays")])
def test_every_reporter_hears_what_became_of_it(comment, moderator, upheld, said):
    reporters = {make_report(comment).reporter, make_report(comment).reporter}
    if upheld:
        discussion.remove_comment(moderator, comment.thread_id, comment.number, RUDE)
    else:
        assert actions.settle_reports(comment, False, by=moderator) == 2
    told = Notification.objects.filter(kind=Kind.REPORT_SETTLED)
    assert {each.recipient for each in told} == reporters
    assert all(said in each.title for each in told)
    settled = Report.objects.get(reporter=next(iter(reporters)))
    assert (settled.outcome == Report.Outcome.UPHELD, settled.settled_by) == (upheld, moderator)


def test_reports_are_settled_once(comment, moderator):
    make_report(comment)
    assert actions.settle_reports(comment, False, by=moderator) == 1
    assert actions.settle_reports(comment, True, by=moderator) == 0
    assert Entry.objects.filter(kind="reports_settled").count() == 1


# --- Misuse -----------------------------------------------------------------------------------------------------------


def test_three_dismissed_of_the_last_five_reports_ask_for_a_warning(author, moderator):
    thread, reporter = make_thread(5, author), make_regular()
    for number in range(1, 6):
        found = Comment.objects.get(thread=thread, number=number)
        make_report(found, reporter)
        actions.settle_reports(found, upheld=number <= 2, by=moderator)
        if number == 4:
            assert reads.reporters_due() == []
    assert [(due.member, due.count, due.of) for due in reads.reporters_due()] == [(reporter, 3, 5)]


def test_after_the_warning_reports_weigh_nothing_for_a_month(author, moderator):
    thread, reporter = make_thread(3, author), make_regular()
    for found in Comment.objects.filter(thread=thread):
        make_report(found, reporter)
        actions.settle_reports(found, upheld=False, by=moderator)
    assert reads.weight_of(reporter) == 1
    warning = actions.warn_of_reports(moderator, reporter, "Three of your reports named no rule that was broken.")
    assert reads.weight_of(reporter) == 0
    assert reads.reporters_due() == []
    Decision.objects.filter(pk=warning.pk).update(decided_at=timezone.now() - timedelta(days=30, seconds=1))
    assert reads.weight_of(reporter) == 1


def test_only_moderators_warn_and_never_a_colleague(reader, moderator, editor):
    with pytest.raises(Refused) as refusal:
        actions.warn_of_reports(reader, make_member(), "Enough.")
    assert refusal.value.code == "not-moderator"
    with pytest.raises(Refused) as refusal:
        actions.warn_of_reports(moderator, editor, "Enough.")
    assert refusal.value.code == "is-staff"


def test_three_removals_within_ninety_days_ask_for_a_warning_once(author, moderator):
    thread = make_thread(4, author)
    for number in (1, 2):
        discussion.remove_comment(moderator, thread.pk, number, RUDE)
    assert reads.posters_due() == []
    discussion.remove_comment(moderator, thread.pk, 3, RUDE)
    assert [(due.member, due.count) for due in reads.posters_due()] == [(author, 3)]
    decisions.restrict_member(moderator, author, Decided.WARN, RUDE)
    assert reads.posters_due() == []


def test_a_removal_that_was_taken_back_asks_for_nothing(author, moderator):
    thread = make_thread(3, author)
    for number in (1, 2, 3):
        discussion.remove_comment(moderator, thread.pk, number, RUDE)
    discussion.restore_comment(moderator, thread.pk, 3, why="We read it wrongly.", is_reversed=True)
    assert reads.posters_due() == []


@pytest.mark.parametrize(("kind", "made"), [(Decided.MUTE, 1), (Decided.SUSPEND, 0), (Decided.BAN, 0)])
def test_who_is_kept_from_taking_part_reports_nothing_but_what_may_be_illegal(
    kind, made, comment, moderator, signed_in
):
    member = make_regular()
    decisions.restrict_member(moderator, member, kind, RUDE, until=timezone.now() + timedelta(days=1))
    address, browser = f"/t/{comment.thread_id}/{comment.number}/report/", signed_in(member)
    assert browser.get(address).status_code == 200
    answer = browser.post(address, {"rule": "1", "words": "Look at this."})
    assert Report.objects.count() == made
    if not made:
        page = " ".join(answer.content.decode().split())
        assert (answer.status_code, "Look at this." in page) == (409, True)
        assert "You may not take part here" in page
        assert "What may be illegal you can still give notice of" in page
    assert browser.post(address, {"rule": "law"}).headers["Location"].startswith("/notice/?url=")


def test_a_hold_in_the_thread_answers_nobody_yet(comment, moderator):
    report = make_report(comment)
    discussion.hold_comment(moderator, comment.thread_id, comment.number, RUDE)
    report.refresh_from_db()
    assert report.outcome == Report.Outcome.OPEN
