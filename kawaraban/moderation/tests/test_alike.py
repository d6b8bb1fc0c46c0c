# ruff: noqa: RUF001 - full width is what is tested
"""A case shows what was decided about the same words before, or nearly the same; deleted words are forgotten."""

from __future__ import annotations

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.models import Kind
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.moderation import actions, reads
from kawaraban.moderation.reads.alike import alike_to
from kawaraban.screening.models import Band

SPAM = "Earn 500 coins a day from home, call 0800 123456 and ask for Kiyo."


def removed(moderator, text):
    comment = make_comment(make_thread(), make_member(), text)
    return discussion.remove_comment(moderator, comment.thread_id, comment.number, RUDE)


def found(text):
    """What a new comment with these words is shown beside."""
    comment = make_comment(make_thread(), make_member(), text)
    return [(each.comment.pk, each.words) for each in alike_to(comment)]


def test_nearly_the_same_words_are_found_the_most_alike_first(moderator):
    near = removed(moderator, SPAM.replace("at home", "").replace("coins", "yen"))
    same = removed(moderator, SPAM.replace("500", "９００"))
    removed(moderator, "I rather like the ferry as it is, and the bridge can wait.")
    (first, words), (second, nearly) = found(SPAM.upper())
    assert (first, words, second) == (same.pk, "the same words", near.pk)
    assert nearly.endswith("% the same")


def test_what_was_approved_and_what_was_held_by_itself_is_found_as_well(moderator, author):
    thread = make_thread()
    thread.screens = "before"
    thread.save()
    held = make_comment(thread, author, SPAM)
    approved = make_comment(make_thread(), author, f"{SPAM} Really.")
    actions.decide_case(moderator, approved.pk, actions.Deed("approve"), state=reads.state_of(approved))
    assert [key for key, _ in found(SPAM)] == [held.pk, approved.pk]


def test_what_nobody_has_decided_about_is_not_found(author):
    make_comment(make_thread(), author, SPAM)
    assert found(SPAM) == []


def test_words_that_were_edited_since_are_not_found_by_what_they_were(moderator, author):
    comment = make_comment(make_thread(), author, SPAM)
    actions.decide_case(moderator, comment.pk, actions.Deed("approve"), state=reads.state_of(comment))
    discussion.edit_comment(author, comment.thread_id, comment.number, "I have thought better of it.")
    assert found(SPAM) == []


def test_words_with_something_taken_out_are_found_by_what_they_were(moderator, author):
    comment = make_comment(make_thread(), author, SPAM)
    cut = SPAM.replace("Kiyo", "[personal data taken out]")
    discussion.edit_out(moderator, comment.thread_id, comment.number, cut, RUDE)
    assert found(SPAM) == [(comment.pk, "the same words")]


def test_who_deletes_their_words_is_forgotten(moderator, author):
    comment = make_comment(make_thread(), author, SPAM)
    actions.decide_case(moderator, comment.pk, actions.Deed("approve"), state=reads.state_of(comment))
    assert Band.objects.filter(key=comment.pk).exists()
    discussion.delete_comment(author, comment.thread_id, comment.number)
    assert not Band.objects.exists()


def test_it_is_one_query_however_often_it_was_said(moderator, django_assert_num_queries):
    for number in range(12):
        removed(moderator, f"{SPAM} {number}")
    comment = make_comment(make_thread(), make_member(), SPAM)
    with django_assert_num_queries(1):
        assert len(alike_to(comment)) == 10


def test_the_case_says_what_was_decided_there(site, moderator, signed_in):
    twin = removed(moderator, SPAM)
    assert twin.decision.kind == Kind.REMOVE
    comment = make_comment(make_thread(), make_member(), f"{SPAM} Now.")
    page = signed_in(moderator).get(f"/desk/moderation/case/comment:{comment.pk}/").content.decode()
    assert "The same words before" in page
    assert "% the same: removed, rule 1, Speak to the argument" in page
