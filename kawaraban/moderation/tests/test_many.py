"""Many at once: told before, each with its own decision, undone with one press; raids and rings."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from kawaraban.accounts.actions import trace
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import Decision, Entry
from kawaraban.decisions.reads import first_break
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Comment, Thread, Vote
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.moderation import actions
from kawaraban.moderation.models import Appeal, Batch, Report, Ring
from kawaraban.moderation.tasks import look_for_rings
from kawaraban.moderation.testing import make_notice, make_report

BULK = "/desk/moderation/bulk/"
FRONT = "/desk/moderation/"


@pytest.fixture
def desk(site, moderator, signed_in):
    """The browser of a moderator."""
    return signed_in(moderator)


@pytest.fixture
def comments(site, author):
    """Three comments of one member that were reported."""
    thread = make_thread()
    found = [make_comment(thread, author, f"Number {n}, said plainly.") for n in range(3)]
    for comment in found:
        make_report(comment)
    return found


def ticks(desk):
    """What a queue's form sends with all boxes ticked."""
    return [line.tick for line in desk.get(f"{FRONT}queue/reported/").context["listing"].lines]


def states(thread):
    return list(Comment.objects.filter(thread=thread).order_by("number").values_list("state", flat=True))


def confirm(desk, page, **fields):
    """Press the button of a preview."""
    plan, context = page.context["plan"], page.context
    form = {"deed": context["deed"], "case": [f"{key}:{state}" for key, state in plan.states.items()], "confirm": "1"}
    if context["thread"]:
        form["thread"] = context["thread"].pk
    return desk.post(BULK, {**form, **fields})


# --- Bulk -------------------------------------------------------------------------------------------------------------


def test_a_preview_says_what_would_be_done_and_does_nothing(desk, author, moderator, comments):
    marked = ticks(desk)
    discussion.delete_comment(author, comments[0].thread_id, comments[0].number)
    own = make_comment(comments[0].thread, moderator)
    page = desk.post(BULK, {"case": [*marked, f"{own.pk}:", "99999999:"], "deed": "remove"})
    plan = page.context["plan"]
    assert [each.pk for each in plan.comments] == [comments[1].pk, comments[2].pk]
    assert (plan.members, plan.threads) == (1, 1)
    assert dict(plan.skipped) == {"its author has deleted it": 1, "it is your own": 1, "it is not there any more": 1}
    text = page.content.decode()
    assert "Remove 2 comments" in text
    assert "of 1 member in “A bridge is promised”" in text
    assert not Decision.objects.exists()


def test_each_of_many_gets_a_decision_of_its_own(desk, comments):
    page = desk.post(BULK, {"case": ticks(desk), "deed": "remove"})
    assert confirm(desk, page, rule="1", back=f"{FRONT}queue/reported/").url == f"{FRONT}queue/reported/"
    assert states(comments[0].thread) == ["removed"] * 3
    assert Decision.objects.filter(kind="remove", rule__number=1).count() == 3
    batch = Batch.objects.get()
    assert (batch.kind, batch.decisions.count()) == ("remove", 3)
    assert Entry.objects.filter(kind="batch").count() == 1
    assert first_break() is None


def test_without_a_rule_nothing_is_removed_and_the_preview_comes_back(desk, comments):
    page = desk.post(BULK, {"case": ticks(desk), "deed": "remove"})
    answer = confirm(desk, page)
    assert (answer.status_code, answer.context["refusal"].code) == (409, "no-rule")
    assert states(comments[0].thread) == ["visible"] * 3
    assert not Batch.objects.exists()


def test_what_a_colleague_has_decided_since_the_preview_is_left_alone(desk, editor, comments):
    page = desk.post(BULK, {"case": ticks(desk), "deed": "approve"})
    state = page.context["plan"].states[comments[1].pk]
    ground = actions.Deed("fold", Ground("Long.", 1))
    actions.decide_case(editor, comments[1].pk, ground, state=state)
    confirm(desk, page)
    assert Comment.objects.get(pk=comments[1].pk).is_folded
    assert set(Batch.objects.get().before["comments"]) == {str(comments[0].pk), str(comments[2].pk)}


def test_a_press_without_ticks_or_deed_does_nothing(desk, comments):
    for form in ({}, {"deed": "remove"}, {"case": ticks(desk)}, {"case": ticks(desk), "deed": "ban", "confirm": "1"}):
        assert desk.post(BULK, {**form, "back": "//elsewhere.example/"}).url == FRONT
    assert not Batch.objects.exists()


@pytest.mark.parametrize("deed", ["approve", "remove", "hold", "fold"])
def test_a_batch_is_undone_with_one_press(desk, comments, deed):
    confirm(desk, desk.post(BULK, {"case": ticks(desk), "deed": deed}), rule="1")
    assert "Undo: " in desk.get(f"{FRONT}queue/reported/").content.decode()
    desk.post(f"{FRONT}batch/{Batch.objects.get().pk}/undo/")
    assert states(comments[0].thread) == ["visible"] * 3
    assert not Decision.objects.in_force().exists()
    assert set(Report.objects.values_list("outcome", flat=True)) == {"open"}
    assert first_break() is None


def test_what_waited_before_a_batch_waits_again_after_its_undo(desk, author):
    thread = make_thread()
    thread.screens = "before"
    thread.save()
    comment = make_comment(thread, author)
    confirm(desk, desk.post(BULK, {"case": f"{comment.pk}:", "deed": "approve"}))
    assert states(thread) == ["visible"]
    desk.post(f"{FRONT}batch/{Batch.objects.get().pk}/undo/")
    assert states(thread) == ["held"]


def test_an_undo_leaves_alone_what_was_decided_since(desk, editor, comments):
    confirm(desk, desk.post(BULK, {"case": ticks(desk), "deed": "fold"}), rule="1")
    discussion.remove_comment(editor, comments[0].thread_id, 1, Ground("No.", 1))
    page = desk.post(f"{FRONT}batch/{Batch.objects.get().pk}/undo/", follow=True)
    assert states(comments[0].thread) == ["removed", "visible", "visible"]
    assert "2 comments are as they were before. 1 was decided about or appealed against since" in page.content.decode()


def test_a_batch_is_undone_once_and_within_a_day(desk, moderator, comments):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        confirm(desk, desk.post(BULK, {"case": ticks(desk), "deed": "remove"}), rule="1")
        batch = Batch.objects.get()
        clock.shift(timedelta(hours=24, seconds=1))
        with pytest.raises(Refused, match="for a day"):
            actions.undo(moderator, batch.pk)
        assert states(comments[0].thread) == ["removed"] * 3
        clock.shift(timedelta(hours=-1))
        actions.undo(moderator, batch.pk)
        with pytest.raises(Refused, match="undone before"):
            actions.undo(moderator, batch.pk)


def test_more_than_500_are_not_decided_at_once(moderator, author, monkeypatch):
    monkeypatch.setattr(actions.bulk, "MOST_AT_ONCE", 2)
    thread = make_thread(3, author)
    with pytest.raises(Refused) as refused:
        actions.decide_many(moderator, {each.pk: "" for each in thread.comments.all()}, actions.Deed("approve"))
    assert refused.value.code == "too-many-at-once"


# --- Raids ------------------------------------------------------------------------------------------------------------


def raid(thread):
    return f"{FRONT}thread/{thread.pk}/"


@pytest.mark.parametrize(
    ("form", "field", "value"),
    [
        ({"deed": "stop_new", "days": "7"}, "member_days", 7),
        ({"deed": "slow", "minutes": "5"}, "slow_seconds", 300),
        ({"deed": "hold_all"}, "screens", "before"),
    ],
)
def test_a_measure_is_one_press_and_is_undone_with_one(desk, form, field, value):
    thread = make_thread()
    before = getattr(thread, field)
    desk.post(raid(thread), form)
    assert getattr(Thread.objects.get(), field) == value
    assert Entry.objects.get(kind="raid").facts["subject"] == f"thread:{thread.pk}"
    assert desk.post(raid(thread), form).status_code == 409
    assert "Undo: " in desk.get(raid(thread)).content.decode()
    desk.post(f"{FRONT}batch/{Batch.objects.get().pk}/undo/")
    assert getattr(Thread.objects.get(), field) == before
    assert Batch.objects.get().undone_at is not None


def test_comments_of_accounts_made_during_the_raid_wait(desk, author):
    thread = make_thread()
    since = timezone.localtime(timezone.now() - timedelta(hours=2))
    desk.post(raid(thread), {"deed": "hold_new", "made_since": since.strftime("%Y-%m-%dT%H:%M")})
    assert make_comment(thread, make_member(days=0), "Down with the bridge!").state == "held"
    assert make_comment(thread, author, "I rather like it.").state == "visible"


def test_a_time_that_nobody_understands_changes_nothing(desk):
    thread = make_thread()
    for text in ("", "yesterday", "2026-13-45T99:99", "9999-12-31T23:59"):
        answer = desk.post(raid(thread), {"deed": "hold_new", "made_since": text})
        assert (answer.status_code, answer.context["refusal"].code) == (409, "since-unclear")
    assert Thread.objects.get().hold_new_from is None


def test_an_undo_does_not_overrule_who_has_set_it_anew(desk, moderator):
    thread = make_thread()
    desk.post(raid(thread), {"deed": "slow", "minutes": "5"})
    discussion.set_rules(moderator, thread.pk, slow_seconds=60, member_days=0, is_questions=False)
    desk.post(f"{FRONT}batch/{Batch.objects.get().pk}/undo/")
    assert Thread.objects.get().slow_seconds == 60


def test_what_new_accounts_wrote_since_eight_is_removed_after_a_preview_and_comes_back(desk, author):
    thread = make_thread()
    with time_machine.travel(timezone.now() - timedelta(hours=5)):
        early = make_comment(thread, make_member(days=0), "Before the raid.")
    raiders = [make_comment(thread, make_member(days=0), f"Down with it {n}!") for n in range(3)]
    make_comment(thread, author, "I have been here for long.")
    now = timezone.localtime()
    times = {
        "made_since": (now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "written_since": (now - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"),
    }
    page = desk.post(raid(thread), {"deed": "remove_new", **times})
    assert [each.pk for each in page.context["plan"].comments] == [each.pk for each in raiders]
    assert states(thread) == ["visible"] * 5
    confirm(desk, page, rule="1", back=raid(thread))
    assert states(thread) == ["visible", "removed", "removed", "removed", "visible"]
    assert early.number == 1
    batch = Batch.objects.get()
    assert (batch.kind, batch.thread) == ("remove_new", thread)
    desk.post(f"{FRONT}batch/{batch.pk}/undo/")
    assert states(thread) == ["visible"] * 5


def test_the_page_of_a_raid_counts_who_writes(desk, author):
    thread = make_thread()
    for number in range(3):
        make_comment(thread, make_member(days=1), f"Down with it {number}!")
    make_comment(thread, author)
    row = desk.get(raid(thread)).context["figures"][0]
    assert (row.comments, row.members, row.by_new, row.new_members) == (4, 4, 3, 3)


# --- Rings ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def ring(author, reader):
    """A comment with a vote of a regular, and twelve of new accounts out of one network."""
    comment = make_comment(make_thread(), author)
    discussion.cast_vote(reader, comment.thread_id, comment.number, -1)
    for _ in range(12):
        voter = make_member(days=4)
        trace(voter, "9.9.9.9")
        discussion.cast_vote(voter, comment.thread_id, comment.number, 1)
    return comment


def votes_of(comment):
    comment.refresh_from_db()
    return comment.up, comment.down


def test_votes_of_a_ring_are_set_aside_as_one_case_with_the_evidence(desk, ring):
    assert votes_of(ring) == (12, 1)
    look_for_rings.call()
    assert votes_of(ring) == (0, 1)
    case = Ring.objects.get()
    assert (case.evidence["votes"], case.evidence["voters"], case.evidence["networks"]) == (12, 12, 1)
    decision = Decision.objects.get()
    assert (decision.kind, decision.is_automated, decision.member) == ("set_aside", True, None)
    text = desk.get(f"{FRONT}queue/rings/").content.decode()
    assert "12 votes of 12 accounts" in text
    assert not any(handle in text for handle in Vote.objects.values_list("voter__handle", flat=True))
    assert first_break() is None


def test_looking_again_finds_no_second_case_and_a_growing_ring_stays_one(ring):
    look_for_rings.call()
    assert look_for_rings.call() == 0
    voter = make_member(days=4)
    trace(voter, "9.9.9.9")
    discussion.cast_vote(voter, ring.thread_id, ring.number, 1)
    assert look_for_rings.call() == 1
    assert (Ring.objects.get().evidence["votes"], Decision.objects.count()) == (13, 1)
    assert votes_of(ring) == (0, 1)


def test_votes_that_somebody_lets_count_do_so_for_good(desk, ring):
    look_for_rings.call()
    case = Ring.objects.get()
    desk.post(f"{FRONT}case/ring:{case.pk}/", {"deed": "dismiss"})
    assert votes_of(ring) == (12, 1)
    assert look_for_rings.call() == 0
    case.refresh_from_db()
    assert (case.outcome, case.decision.is_reversed) == ("dismissed", True)


def test_a_ring_is_decided_once(desk, editor, signed_in, ring):
    look_for_rings.call()
    case = Ring.objects.get()
    desk.post(f"{FRONT}case/ring:{case.pk}/", {"deed": "uphold"})
    page = signed_in(editor).post(f"{FRONT}case/ring:{case.pk}/", {"deed": "dismiss"}, follow=True)
    assert "This was decided meanwhile" in page.content.decode()
    assert votes_of(ring) == (0, 1)
    assert Decision.objects.get().lifted_at is None


# --- Answers ----------------------------------------------------------------------------------------------------------


def test_appeals_and_notices_are_answered_from_their_queues(desk, editor, author, comments):
    discussion.remove_comment(editor, comments[0].thread_id, 1, Ground("Rude.", 1))
    actions.appeal(author, Decision.objects.get().pk, "It was a joke.")
    notice = make_notice()
    assert "It was a joke." in desk.get(f"{FRONT}queue/appeals/").content.decode()
    assert notice.words in desk.get(f"{FRONT}queue/notices/").content.decode()
    appeal = Appeal.objects.get()
    desk.post(f"{FRONT}appeal/{appeal.pk}/", {"outcome": "reversed"})
    assert states(comments[0].thread)[0] == "removed"
    desk.post(f"{FRONT}appeal/{appeal.pk}/", {"outcome": "reversed", "answer": "So it was."})
    assert states(comments[0].thread)[0] == "visible"
    desk.post(f"{FRONT}notice/{notice.pk}/", {"outcome": "dismissed", "answer": "It is true."})
    notice.refresh_from_db()
    assert notice.outcome == "dismissed"
    assert desk.post(f"{FRONT}notice/99999/", {"outcome": "dismissed", "answer": "No."}).status_code == 404


def test_an_appeal_is_not_offered_to_who_decided_first(desk, moderator, author, comments):
    discussion.remove_comment(moderator, comments[0].thread_id, 1, Ground("Rude.", 1))
    actions.appeal(author, Decision.objects.get().pk, "It was a joke.")
    text = desk.get(f"{FRONT}queue/appeals/").content.decode()
    assert "You decided this yourself; a colleague answers it." in text
    assert "Take the decision back" not in text


def test_members_who_should_be_warned_are_suggested_and_warned_by_a_press(desk, editor, author, comments):
    for comment in comments:
        discussion.remove_comment(editor, comment.thread_id, comment.number, Ground("Rude.", 1))
    address = f"{FRONT}members/"
    assert author.handle in desk.get(address).content.decode()
    desk.post(address, {"member": author.pk, "for": "posts", "rule": "1", "facts": "Three were removed."})
    assert Decision.objects.get(kind="warn").member == author
    assert "Nobody meets the criteria now." in desk.get(address).content.decode()


# --- Answers that are not taken ---------------------------------------------------------------------------------------


def test_an_answer_that_is_not_taken_comes_back_with_its_words(desk, editor, author, comments):
    discussion.remove_comment(editor, comments[0].thread_id, 1, Ground("Rude.", 1))
    made = actions.appeal(author, Decision.objects.get().pk, "It was a joke.")
    answer = desk.post(f"{FRONT}appeal/{made.pk}/", {"answer": "So it was."})
    assert (answer.status_code, answer.context["refusal"].code) == (409, "no-outcome")
    assert ">So it was.</textarea>" in answer.content.decode()
    notice = make_notice()
    answer = desk.post(f"{FRONT}notice/{notice.pk}/", {"answer": "Much to say. " * 100, "outcome": "upheld"})
    assert (answer.status_code, answer.context["refusal"].code) == (409, "notice-no-answer")
    assert "Much to say. Much to say." in answer.content.decode()


def test_a_press_that_says_nothing_decides_nothing(desk, ring):
    look_for_rings.call()
    notice, case = make_notice(), Ring.objects.get()
    for address, form in (
        (f"{FRONT}notice/{notice.pk}/", {"answer": "Well."}),
        (f"{FRONT}notice/{notice.pk}/", {"answer": "Well.", "outcome": "open"}),
        (f"{FRONT}case/ring:{case.pk}/", {}),
        (f"{FRONT}case/ring:{case.pk}/", {"deed": "count"}),
    ):
        answer = desk.post(address, form)
        assert (answer.status_code, answer.context["refusal"].code) == (409, "no-decision")
    assert votes_of(ring) == (0, 1)
    assert (Ring.objects.get().outcome, type(notice).objects.get().outcome) == ("open", "open")


def test_a_warning_that_is_not_taken_comes_back_with_its_words(desk, editor, author, comments):
    for comment in comments:
        discussion.remove_comment(editor, comment.thread_id, comment.number, Ground("Rude.", 1))
    answer = desk.post(f"{FRONT}members/", {"member": author.pk, "for": "posts", "facts": "Three were removed."})
    assert (answer.status_code, answer.context["refusal"].code) == (409, "no-rule")
    assert ">Three were removed.</textarea>" in answer.content.decode()
