"""A case shows what is needed to decide it, is decided once, and one's own last decision can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.models import Decision, Entry
from kawaraban.decisions.reads import first_break, restriction_of
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.moderation import actions, reads
from kawaraban.moderation.models import Claim, Report
from kawaraban.moderation.testing import make_notice, make_report
from kawaraban.newsroom.testing import make_story


@pytest.fixture
def desk(site, moderator, signed_in):
    """The browser of a moderator."""
    return signed_in(moderator)


@pytest.fixture
def comment(site, author):
    """A comment under a story that a reader has reported."""
    found = make_comment(make_story().thread, author, "You are a lump of coal.")
    make_report(found)
    return found


def case(comment, query=""):
    return f"/desk/moderation/case/comment:{comment.pk}/{query}"


def decide(browser, comment, deed, query="", **fields):
    """What a browser sends from the case's form."""
    state = browser.get(case(comment, query)).context["case"].state
    return browser.post(case(comment, query), {"state": state, "deed": deed, **fields})


def shown(comment):
    return Comment.objects.get(pk=comment.pk).state


# --- What it shows ----------------------------------------------------------------------------------------------------


def test_a_case_shows_the_comment_with_its_story_its_reports_and_its_member(desk, author, comment):
    twin = make_comment(make_thread(), author, comment.source)
    decide(desk, twin, "remove", rule="1")
    answer = discussion.post_comment(make_member(), comment.thread_id, "That was rude.", "k", reply_to=comment.number)
    make_notice(comment, words="That is me he means.")
    Report.objects.update(words="Calls me a lump.")
    found = desk.get(case(comment)).context["case"]
    text = desk.get(case(comment)).content.decode()
    assert found.story.thread_id == comment.thread_id
    assert [each.number for each in found.exchange] == [comment.number, answer.number]
    assert [(each.rule.number, each.count, each.words) for each in found.reports] == [(1, 1, ("Calls me a lump.",))]
    assert [(each.comment, each.share) for each in found.alike] == [(twin, 1)]
    assert (found.record.shown, found.record.removed) == (2, 1)
    assert found.likely_rule == 1
    for words in (
        "You are a lump of coal.",
        "That was rude.",
        "Calls me a lump.",
        "That is me he means.",
        "The bridge",
    ):
        assert words in text


def test_a_case_never_says_who_reported(desk, comment):
    text = desk.get(case(comment)).content.decode()
    assert Report.objects.get().reporter.handle not in text


def test_hostile_words_are_shown_as_they_are_and_do_nothing(desk, author):
    comment = make_comment(make_thread(), author, '<script src="//x"></script> "><img src=x onerror=alert(1)>')
    text = desk.get(case(comment)).content.decode()
    assert "&lt;script" in text
    assert "<img src=x" not in text


def test_a_case_costs_the_same_at_2_and_at_30_answers(desk, author, django_assert_max_num_queries):
    thread = make_thread()
    comment = make_comment(thread, author)
    for number in range(2):
        discussion.post_comment(make_member(), thread.pk, f"Answer {number}.", "k", reply_to=comment.number)
    desk.get(case(comment))
    with django_assert_max_num_queries(80) as few:
        desk.get(case(comment))
    for number in range(28):
        discussion.post_comment(make_member(), thread.pk, f"Answer {number}, more.", "k", reply_to=comment.number)
    with django_assert_max_num_queries(len(few)):
        desk.get(case(comment))


# --- Deciding ---------------------------------------------------------------------------------------------------------


def test_approving_lets_a_comment_stand_and_answers_its_reports(desk, moderator, comment):
    assert decide(desk, comment, "approve").status_code == 302
    assert shown(comment) == "visible"
    assert comment.approval.approved_by == moderator
    assert Report.objects.get().outcome == "dismissed"
    assert Entry.objects.filter(kind="approved").count() == 1
    assert first_break() is None


def test_approving_publishes_what_waited(desk, author):
    thread = make_thread()
    thread.screens = "before"
    thread.save()
    comment = make_comment(thread, author)
    assert shown(comment) == "held"
    decide(desk, comment, "approve")
    assert shown(comment) == "visible"
    assert Decision.objects.get().lifted_at is not None
    assert not Decision.objects.get().is_reversed


@pytest.mark.parametrize(
    ("deed", "state", "outcome"),
    [("remove", "removed", "upheld"), ("hold", "held", "open"), ("fold", "visible", "upheld")],
)
def test_one_press_is_one_decision_that_says_what_made_us_look(desk, comment, deed, state, outcome):
    decide(desk, comment, deed, rule="1")
    decision = Decision.objects.get()
    assert (decision.kind, decision.origin, decision.rule.number) == (deed, "report", 1)
    assert shown(comment) == state
    assert Report.objects.get().outcome == outcome


def test_personal_data_is_taken_out(desk, author):
    comment = make_comment(make_thread(), author, "Her number is 555 0100, call her.")
    decide(desk, comment, "edit_out", rule="1", text="Her number is [personal data taken out], call her.")
    comment.refresh_from_db()
    assert comment.source == "Her number is [personal data taken out], call her."
    assert "555 0100" in desk.get(case(comment)).content.decode()


def test_approving_what_was_cut_or_folded_leaves_it_so_until_that_is_taken_back(desk, author):
    comment = make_comment(make_thread(), author, "Her number is 555 0100, call her.")
    decide(desk, comment, "edit_out", rule="1", text="Her number is [personal data taken out], call her.")
    make_report(comment)
    decide(desk, comment, "approve")
    comment.refresh_from_db()
    assert (comment.source, Report.objects.get().outcome) == (
        "Her number is [personal data taken out], call her.",
        "dismissed",
    )
    desk.post("/desk/moderation/undo/")
    comment.refresh_from_db()
    assert "[personal data taken out]" in comment.source
    assert (Report.objects.get().outcome, Decision.objects.get().lifted_at) == ("open", None)
    decide(desk, comment, "restore")
    comment.refresh_from_db()
    assert comment.source == "Her number is 555 0100, call her."
    assert Decision.objects.get().is_reversed


@pytest.mark.parametrize("deed", ["warn", "mute", "suspend", "ban"])
def test_a_member_is_restricted_from_a_case_which_goes_on_waiting(desk, author, comment, deed):
    decide(desk, comment, deed, rule="1", days="3")
    decision = Decision.objects.get(kind=deed)
    assert (decision.member, decision.subject) == (author, f"member:{author.pk}")
    assert (decision.until is not None) == (deed in ("mute", "suspend"))
    assert (restriction_of(author) is None) == (deed == "warn")
    assert Report.objects.get().outcome == "open"


def test_a_decision_that_lacks_something_comes_back_with_what_was_filled_in(desk, comment):
    answer = decide(desk, comment, "remove", facts="It is rude.")
    assert answer.status_code == 409
    assert answer.context["refusal"].code == "no-rule"
    assert "It is rude." in answer.content.decode()
    assert decide(desk, comment, "mute", rule="1", days="").context["refusal"].code == "no-days"
    assert decide(desk, comment, "explode", rule="1").context["refusal"].code == "no-such-deed"
    assert not Decision.objects.exists()


def test_nobody_decides_about_their_own_words(desk, moderator):
    comment = make_comment(make_thread(), moderator)
    make_report(comment)
    assert decide(desk, comment, "approve").context["refusal"].code == "own-case"
    assert Report.objects.get().outcome == "open"


def test_a_decision_leads_to_the_next_case_of_the_queue(desk, author):
    thread = make_thread()
    first, second = (make_comment(thread, author, f"Number {n}, said plainly.") for n in range(2))
    for each in (first, second):
        make_report(each)
    page = desk.get(case(first, "?queue=reported"))
    assert (page.context["before"], page.context["after"]) == (None, second.pk)
    assert decide(desk, first, "approve", "?queue=reported").url == case(second, "?queue=reported")
    assert decide(desk, second, "approve", "?queue=reported").url == "/desk/moderation/queue/reported/"


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_who_comes_second_is_told_who_has_decided_what(desk, editor, signed_in, comment):
    """S-052."""
    state = desk.get(case(comment)).context["case"].state
    decide(signed_in(editor), comment, "remove", rule="1")
    answer = desk.post(case(comment), {"state": state, "deed": "approve"})
    assert answer.status_code == 409
    assert "Editor has decided meanwhile: removed. Your decision was not made" in answer.content.decode()
    assert shown(comment) == "removed"
    assert Decision.objects.count() == 1


def test_who_comes_second_to_an_approval_is_told_so(desk, editor, signed_in, comment):
    state = desk.get(case(comment)).context["case"].state
    decide(signed_in(editor), comment, "approve")
    answer = desk.post(case(comment), {"state": state, "deed": "remove", "rule": "1"})
    assert (answer.status_code, "Editor has approved this comment meanwhile." in answer.content.decode()) == (409, True)
    assert shown(comment) == "visible"


def test_words_that_were_edited_meanwhile_are_read_again_first(desk, author, comment):
    state = desk.get(case(comment)).context["case"].state
    discussion.edit_comment(author, comment.thread_id, comment.number, "You are a dear.")
    answer = desk.post(case(comment), {"state": state, "deed": "remove", "rule": "1"})
    assert answer.context["refusal"].code == "decided-already"
    assert "You are a dear." in answer.content.decode()


def test_an_open_case_is_shown_as_taken_for_five_minutes_and_can_be_taken_over(
    desk, moderator, editor, signed_in, comment
):
    other = signed_in(editor)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        desk.get(case(comment))
        assert f"{moderator.handle} has this case open" in other.get(case(comment)).content.decode()
        assert f"taken by {moderator.handle}" in other.get("/desk/moderation/queue/reported/").content.decode()
        other.post(f"{case(comment)}claim/", {"back": case(comment)})
        assert Claim.objects.get().moderator == editor
        assert f"{editor.handle} has this case open" in desk.get(case(comment)).content.decode()
        clock.shift(timedelta(minutes=5, seconds=1))
        assert "has this case open" not in desk.get(case(comment)).content.decode()
        assert Claim.objects.get().moderator == moderator
    decide(desk, comment, "approve")
    assert not Claim.objects.exists()


# --- Undo -------------------------------------------------------------------------------------------------------------


def test_a_removal_is_taken_back_with_its_reports(desk, comment):
    decide(desk, comment, "remove", rule="1")
    assert "Undo: removed #1" in desk.get("/desk/moderation/queue/reported/").content.decode()
    back = {"back": case(comment, "?queue=reported")}
    assert desk.post("/desk/moderation/undo/", back).url == case(comment, "?queue=reported")
    assert shown(comment) == "visible"
    assert Report.objects.get().outcome == "open"
    assert Decision.objects.get().is_reversed
    assert first_break() is None


@pytest.mark.parametrize("deed", ["approve", "remove"])
def test_what_waited_waits_again_after_an_undo_and_is_not_published(desk, author, deed):
    thread = make_thread()
    thread.screens = "before"
    thread.save()
    comment = make_comment(thread, author)
    held = Decision.objects.get()
    decide(desk, comment, deed, rule="1")
    desk.post("/desk/moderation/undo/")
    comment.refresh_from_db()
    assert (comment.state, comment.decision.facts, comment.decision.origin) == ("held", held.facts, "rule")
    assert reads.counts()["rule"].count == 1


def test_a_restriction_of_a_member_is_taken_back(desk, author, comment):
    decide(desk, comment, "ban", rule="1")
    desk.post("/desk/moderation/undo/")
    assert restriction_of(author) is None


def test_after_ten_minutes_there_is_nothing_to_undo(desk, moderator, comment):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        decide(desk, comment, "remove", rule="1")
        clock.shift(timedelta(minutes=10, seconds=1))
        assert reads.undoable(moderator) is None
        desk.post("/desk/moderation/undo/")
    assert shown(comment) == "removed"


def test_what_a_colleague_has_decided_since_is_not_undone(desk, editor, signed_in, comment):
    decide(desk, comment, "fold", rule="1")
    decide(signed_in(editor), comment, "remove", rule="1")
    desk.post("/desk/moderation/undo/")
    assert shown(comment) == "removed"
    assert Decision.objects.get(kind="remove").lifted_at is None


# --- Looks ------------------------------------------------------------------------------------------------------------


def test_other_accounts_are_shown_for_a_reason_that_is_recorded(desk, moderator, author, comment):
    """V-09."""
    address = f"/desk/moderation/member/{author.pk}/networks/"
    assert desk.post(address, {"back": case(comment)}).status_code == 302
    assert desk.post(address, {"reason": "curiosity"}).status_code == 302
    assert desk.get(address).status_code == 405
    assert not Entry.objects.filter(kind="look").exists()
    assert desk.post(address, {"reason": "evasion"}).status_code == 200
    facts = Entry.objects.get(kind="look").facts
    assert facts == {"member": author.pk, "by": moderator.pk, "reason": "evasion"}


def test_a_reader_can_do_none_of_it(reader, signed_in, comment, author):
    browser = signed_in(reader)
    for address in (
        case(comment),
        f"{case(comment)}claim/",
        "/desk/moderation/undo/",
        "/desk/moderation/bulk/",
        f"/desk/moderation/member/{author.pk}/networks/",
        f"/desk/moderation/thread/{comment.thread_id}/",
    ):
        assert browser.post(address, {"deed": "remove", "rule": "1"}).status_code == 302
    assert not Decision.objects.exists()
    with pytest.raises(Exception, match="Only moderators"):
        actions.claim_case(reader, "comment:1")
