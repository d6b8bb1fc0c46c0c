"""What a moderator does to a comment rests on a decision, is seen in its place, and can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kawaraban.accounts.models import Notification
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import Ground, restrict_member
from kawaraban.decisions.models import Decision, Kind
from kawaraban.decisions.reads import first_break
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions
from kawaraban.discussion.models import Closing, Comment, Thread
from kawaraban.discussion.testing import (
    fold_comment,
    hold_comment,
    make_comment,
    make_thread,
    make_waiting,
    remove_comment,
)
from kawaraban.discussion.tests.unchanged import everything, refused
from kawaraban.discussion.typesetting import CUT
from kawaraban.screening import actions as screening

SAID = "Ask Mr Kubo, he lives at 7 Mast Lane, second floor."
OUT = SAID.replace("7 Mast Lane, second floor", CUT)
DEEDS = {"remove": remove_comment, "hold": hold_comment, "fold": fold_comment}


@pytest.fixture
def comment(author):
    """A comment of the author's with an address in it."""
    return make_comment(make_thread(), author, SAID)


def where(comment):
    return comment.thread_id, comment.number


def now_of(comment):
    return Comment.objects.select_related("decision").get(pk=comment.pk)


def page_of(browser, comment):
    return " ".join(browser.get(f"/t/{comment.thread_id}/").content.decode().split())


def in_force():
    return sorted(Decision.objects.in_force().values_list("kind", flat=True))


# --- In its place -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deed", "stands", "is_read"),
    [
        ("remove", "Removed: rule 1, Speak to the argument. Answers stay.", False),
        ("hold", "Waiting for a moderator. Answers stay.", False),
        ("fold", "Folded: rule 1, Speak to the argument", True),
    ],
)
def test_readers_see_the_rule_in_place_of_the_words(deed, stands, is_read, comment, moderator, stranger):
    DEEDS[deed](moderator, *where(comment))
    page = page_of(stranger, comment)
    assert stands in page
    assert (SAID in page) == is_read
    assert now_of(comment).decision.subject == f"comment:{comment.pk}"
    actions.restore_comment(moderator, *where(comment))
    page = page_of(stranger, comment)
    assert stands not in page
    assert SAID in page
    assert (now_of(comment).decision, in_force()) == (None, [])


def test_personal_data_are_taken_out_and_everybody_sees_that(comment, moderator, stranger):
    actions.edit_out(moderator, *where(comment), OUT, RUDE)
    page = page_of(stranger, comment)
    assert OUT in page
    assert "· personal data taken out" in page
    assert "Mast Lane" not in page
    assert now_of(comment).edited_at is None
    actions.restore_comment(moderator, *where(comment))
    assert SAID in page_of(stranger, comment)
    assert now_of(comment).withheld == ""


@pytest.mark.parametrize(
    "text",
    [SAID, "", CUT + " and my own words.", OUT + " And so on.", OUT.replace("Ask", "Do not ask"), f"{CUT}{SAID}x"],
)
def test_a_moderator_takes_words_out_and_puts_none_in(text, comment, moderator):
    before = everything()
    with refused("not-cut"):
        actions.edit_out(moderator, *where(comment), text, RUDE)
    assert everything() == before


@pytest.mark.parametrize("deed", [actions.remove_comment, actions.hold_comment, actions.fold_comment])
def test_who_may_not_or_says_no_reason_changes_nothing(deed, comment, reader, author, moderator):
    before = everything()
    for member in (reader, author):
        with refused("not-moderator"):
            deed(member, *where(comment), RUDE)
    with refused("no-facts" if deed is actions.hold_comment else "no-rule"):
        deed(moderator, *where(comment), Ground(""))
    assert everything() == before
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "change", [{"state": "removed"}, {"state": "held"}, {"is_folded": True}, {"withheld": "It was here."}]
)
def test_the_database_itself_keeps_a_restriction_without_a_decision_out(change, comment):
    """L-04."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**change)


def test_the_database_itself_keeps_a_closing_without_a_decision_out(comment, moderator):
    """L-04; only of a closing that was imported nobody knows who decided."""
    closing = actions.close_thread(moderator, comment.thread_id, reason="heat")
    assert closing.decision.kind == Kind.CLOSE
    with pytest.raises(IntegrityError), transaction.atomic():
        Closing.objects.update(decision=None)
    Closing.objects.update(decision=None, reason="import")


# --- One after the other ----------------------------------------------------------------------------------------------


def test_a_decision_takes_the_place_of_the_one_before(comment, author, moderator):
    for deed, kind in ((hold_comment, "hold"), (remove_comment, "remove"), (remove_comment, "remove")):
        deed(moderator, *where(comment))
        assert in_force() == [kind]
    fold_comment(moderator, *where(comment))
    assert (in_force(), now_of(comment).state) == (["fold"], "visible")
    assert Decision.objects.count() == 3
    # Of each decision once, and of none that another took the place of.
    assert sorted(Notification.objects.filter(recipient=author).values_list("kind", flat=True)) == ["decided"] * 3
    assert first_break() is None


def test_what_was_taken_out_stays_out_below_another_decision(comment, moderator):
    actions.edit_out(moderator, *where(comment), OUT, RUDE)
    remove_comment(moderator, *where(comment))
    assert in_force() == ["edit_out", "remove"]
    actions.restore_comment(moderator, *where(comment))
    found = now_of(comment)
    assert (found.source, found.decision.kind, in_force()) == (OUT, "edit_out", ["edit_out"])
    actions.restore_comment(moderator, *where(comment))
    assert (now_of(comment).source, in_force()) == (SAID, [])


@pytest.mark.parametrize("deed", ["fold", "cut"])
def test_words_that_were_decided_about_are_not_edited_and_can_be_deleted(deed, comment, author, moderator):
    if deed == "fold":
        fold_comment(moderator, *where(comment))
    else:
        actions.edit_out(moderator, *where(comment), OUT, RUDE)
    with refused("edit-closed"):
        actions.edit_comment(author, *where(comment), "Better words.")
    actions.delete_comment(author, *where(comment))
    found = now_of(comment)
    assert (found.source, found.withheld, found.is_folded, found.decision) == ("", "", False, None)


# --- Before anybody has seen it ---------------------------------------------------------------------------------------


def test_a_thread_that_is_read_first_holds_what_is_posted_and_not_what_staff_say(author, moderator, stranger):
    thread = make_thread()
    waiting = make_waiting(thread, author, SAID)
    found = now_of(waiting)
    assert (found.state, found.was_shown, found.is_public) == ("held", False, False)
    assert (found.decision.is_automated, found.decision.origin, found.decision.kind) == (True, "rule", "hold")
    assert make_waiting(thread, moderator, "A word of the newsroom.").is_visible
    thread.refresh_from_db()
    assert (thread.comment_count, thread.last_number) == (1, 2)
    assert SAID not in page_of(stranger, waiting)


def test_in_a_raid_accounts_made_since_then_wait_and_others_do_not(author):
    thread = make_thread()
    since = timezone.now() - timedelta(hours=2)
    Thread.objects.filter(pk=thread.pk).update(hold_new_from=since)
    assert make_comment(thread, author).is_visible
    late = make_member(days=0)
    late.date_joined = since + timedelta(minutes=1)
    late.save()
    assert make_comment(thread, late).state == "held"


def test_the_same_words_are_not_posted_again_while_they_wait(author):
    thread = make_thread()
    make_waiting(thread, author, SAID)
    with refused("said-already"):
        actions.post_comment(author, thread.pk, SAID, "another-form")


def test_a_retry_of_what_waits_posts_no_second(author):
    thread = make_thread()
    Thread.objects.filter(pk=thread.pk).update(screens="before")
    first = actions.post_comment(author, thread.pk, SAID, "key-1")
    assert actions.post_comment(author, thread.pk, SAID, "key-1") == first
    assert Comment.objects.count() == 1


def test_an_edit_that_a_rule_holds_is_out_of_sight_until_a_moderator_has_read_it(author, moderator, stranger):
    comment = make_comment(make_thread(), author, "Harmless.")
    screening.add_pattern(None, "sea cucumber")
    actions.edit_comment(author, *where(comment), "You sea cucumber.")
    found = now_of(comment)
    assert (found.state, found.was_shown, in_force()) == ("held", True, ["hold"])
    page = page_of(stranger, comment)
    assert "Waiting for a moderator." in page
    assert "cucumber" not in page
    assert "Harmless" not in page
    actions.restore_comment(moderator, *where(comment))
    assert "You sea cucumber." in page_of(stranger, comment)


# --- Members who may not write ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.MUTE, Kind.SUSPEND, Kind.BAN])
def test_who_is_kept_from_writing_posts_and_edits_nothing_until_it_ends(kind, comment, author, moderator):
    until = timezone.now() + timedelta(days=2)
    made = restrict_member(moderator, author, kind, RUDE, until=until)
    with refused("restricted") as refusal:
        make_comment(comment.thread, author, "One more.")
    assert "rule 1, Speak to the argument" in refusal.value.message
    with refused("restricted"):
        actions.edit_comment(author, *where(comment), "Better words.")
    Decision.objects.filter(pk=made.pk).update(until=timezone.now(), lifted_at=timezone.now())
    assert make_comment(comment.thread, author, "One more.").is_visible


def test_who_was_warned_may_write(comment, author, moderator):
    restrict_member(moderator, author, Kind.WARN, RUDE)
    assert make_comment(comment.thread, author, "One more.").is_visible


# --- Over HTTP --------------------------------------------------------------------------------------------------------


def test_moderators_choose_what_and_why_where_they_read(comment, moderator, signed_in):
    browser, base = signed_in(moderator), f"/t/{comment.thread_id}/{comment.number}/"
    form = browser.get(f"{base}remove/").content.decode()
    assert "3. Leave people their privacy" in form
    answer = browser.post(f"{base}remove/", {"deed": "fold", "facts": "It names a house."})
    assert answer.status_code == 409
    assert 'value="It names a house."' in answer.content.decode()
    assert (
        browser.post(f"{base}remove/", {"deed": "fold", "rule": "3", "facts": "It names a house."}).status_code == 302
    )
    found = now_of(comment)
    assert (found.is_folded, found.decision.rule.number, found.decision.facts) == (True, 3, "It names a house.")
    assert SAID in browser.get(f"{base}cut/").content.decode()
    assert browser.post(f"{base}cut/", {"body": OUT, "rule": "3"}).status_code == 302
    assert (now_of(comment).source, now_of(comment).withheld) == (OUT, SAID)


@pytest.mark.parametrize("deed", ["remove", "cut"])
def test_readers_have_no_form_to_decide_with(deed, comment, reader, signed_in):
    """S-036."""
    browser, address = signed_in(reader), f"/t/{comment.thread_id}/{comment.number}/{deed}/"
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"rule": "1", "facts": "x", "body": OUT}).status_code == 403
    assert now_of(comment).is_visible
