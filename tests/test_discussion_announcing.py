"""Who is told of what: members once and for the nearest reason, open pages after the commit and nothing hidden."""

from __future__ import annotations

import json
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban import bus, live
from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import Notification
from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions, announce
from kawaraban.discussion.models import Comment, Seat, Thread
from kawaraban.discussion.testing import hold_comment, make_comment, make_thread, remove_comment
from kawaraban.live import subjects
from kawaraban.newsroom.testing import make_story

CANARY = "zqxcanaryzqx"


def told(member):
    """Of what a member is told now, in the order in which it happened."""
    return list(Notification.objects.shown_to(member).order_by("id").values_list("kind", flat=True))


def post(member, thread, text, **more):
    return actions.post_comment(member, thread.pk, text, key=f"key-{text[:40]}", **more)


@pytest.fixture
def thread(author):
    """A thread with one comment by the author."""
    return make_thread(comments=1, author=author)


# --- Members ----------------------------------------------------------------------------------------------------------


def test_who_is_answered_is_told_with_the_way_there(thread, author, reader):
    answer = post(reader, thread, "Not so.", reply_to=1)
    assert told(author) == ["answered"]
    assert told(reader) == []
    notice = Notification.objects.get()
    assert notice.title == "Your comment was answered in “A bridge is promised”"
    assert (notice.address, notice.actor) == (answer.get_absolute_url(), reader)


def test_who_is_quoted_is_told_of_the_quotation_and_of_nothing_else(thread, author, reader):
    accounts.follow_member(author, reader)
    actions.follow_thread(author, thread, wanted=True)
    post(reader, thread, "> Comment 1, at some length.\n\nNot so.", reply_to=1)
    assert told(author) == ["quoted"]


def test_a_story_that_is_taken_back_takes_its_notifications_with_it(site, author, reader):
    story = make_story()
    thread = Thread.objects.get(pk=story.thread_id)
    make_comment(thread, author, "The ferry was never late.")
    post(reader, thread, "Not so.", reply_to=1)
    story.unpublish()
    assert told(author) == []
    story.save_revision().publish()
    assert told(author) == ["answered"]


def test_each_is_told_once_for_the_nearest_reason(thread, author, reader):
    follower, both, neither = make_member(), make_member(), make_member()
    for member in (author, follower, both):
        actions.follow_thread(member, thread, wanted=True)
    for member in (author, both, neither):
        accounts.follow_member(member, reader)
    post(reader, thread, "Not so.", reply_to=1)
    assert [told(member) for member in (author, follower, both, neither)] == [
        ["answered"],
        ["followed_story"],
        ["followed_story"],
        ["followed_member"],
    ]


def test_several_who_are_answered_in_one_comment_are_all_told(thread, author, reader, moderator):
    make_comment(thread, moderator, "It was late once, in 1982.")
    post(reader, thread, "> Comment 1, at some length.\n\nNo.\n\n> It was late once, in 1982.\n\nAnd no.")
    assert (told(author), told(moderator)) == (["quoted"], ["quoted"])


def test_nobody_is_told_of_themselves(thread, author):
    actions.follow_thread(author, thread, wanted=True)
    post(author, thread, "> Comment 1, at some length.\n\nI was wrong.", reply_to=1)
    assert Notification.objects.count() == 0


def test_who_stops_following_hears_no_more(thread, reader, author, signed_in):
    browser = signed_in(reader)
    for value in ("1", "1", "0"):
        assert browser.post(f"/t/{thread.pk}/follow/", {"value": value}).status_code == 302
    post(author, thread, "More.")
    assert told(reader) == []
    assert Seat.objects.get().follows is False


def test_what_a_muted_member_does_is_not_told(thread, author, reader):
    accounts.mute_member(author, reader)
    actions.follow_thread(author, thread, wanted=True)
    post(reader, thread, "Not so.", reply_to=1)
    actions.request_source(reader, thread.pk, 1)
    assert told(author) == []


def test_a_quotation_that_an_edit_adds_is_told_once_and_one_that_is_taken_back_stays_told(
    thread, author, reader, moderator
):
    make_comment(thread, moderator, "It was late once, in 1982.")
    post(reader, thread, "Not so.")
    for text in ("> Comment 1, at some length.\n\nNot so.", "Not so.", "> Comment 1, at some length.\n\nNot so."):
        actions.edit_comment(reader, thread.pk, 3, text)
        assert (told(author), told(moderator)) == (["quoted"], [])
    actions.edit_comment(reader, thread.pk, 3, "> It was late once, in 1982.\n\nTwice.")
    assert (told(author), told(moderator)) == (["quoted"], ["quoted"])


def test_who_is_answered_and_then_quoted_by_an_edit_is_told_once(thread, author, reader):
    post(reader, thread, "Not so.", reply_to=1)
    actions.edit_comment(reader, thread.pk, 2, "> Comment 1, at some length.\n\nNot so.")
    assert told(author) == ["answered"]


@pytest.mark.parametrize("state", ["removed", "deleted"])
def test_what_is_out_of_sight_is_told_no_more_and_what_is_restored_is(state, thread, author, reader, moderator):
    answer = post(reader, thread, "Not so.", reply_to=1)
    if state == "deleted":
        actions.delete_comment(reader, thread.pk, answer.number)
        assert told(author) == []
        return
    remove_comment(moderator, thread.pk, answer.number)
    assert told(author) == []
    actions.restore_comment(moderator, thread.pk, answer.number)
    assert told(author) == ["answered"]


def test_a_retry_tells_nobody_twice(thread, author, reader):
    for _ in range(3):
        post(reader, thread, "Not so.", reply_to=1)
    assert told(author) == ["answered"]


def test_a_request_and_its_source_are_told_to_whom_they_concern(thread, author, reader, moderator):
    actions.request_source(reader, thread.pk, 1)
    assert told(author) == ["source_requested"]
    actions.give_source(moderator, thread.pk, 1, "https://a.example/")
    actions.give_source(moderator, thread.pk, 1, "https://a.example/")
    assert told(author) == ["source_requested", "source_given"]
    assert told(reader) == ["source_given"]
    assert told(moderator) == []
    assert "a.example" not in str(list(Notification.objects.values()))  # S-012


def test_a_pick_is_told_once(thread, author, editor):
    for reason in ("First-hand knowledge", "Better said: first-hand knowledge", "", "After all"):
        actions.pick_comment(editor, thread.pk, 1, reason)
    assert told(author) == ["picked"]


def test_an_imported_voice_is_told_nothing(reader):
    thread = make_thread()
    actions.record_comment(thread, actions.Record("An older voice.", signed="Yrral"))
    post(reader, thread, "Not so.", reply_to=1)
    actions.request_source(reader, thread.pk, 1)
    actions.give_source(reader, thread.pk, 1, "https://a.example/")
    assert Notification.objects.count() == 0


def test_no_words_of_a_reader_are_in_what_is_told(thread, author, reader):
    """S-012."""
    post(reader, thread, f"See https://evil.example/{CANARY}", reply_to=1)
    assert CANARY not in str(list(Notification.objects.values()))


def test_four_hundred_followers_cost_as_many_queries_as_two(reader):
    counts = {}
    for size in (1, 2, 400):
        thread, writer = make_thread(), make_member()
        members = [make_member() for _ in range(2)] if size < 400 else Notification.objects.none()
        if size == 400:
            model = type(reader)
            members = model.objects.bulk_create(
                model(email=f"f{n}@readers.example", handle=f"Follower {n}", slug=f"f-{n}", skeleton=f"f-{n}")
                for n in range(size)
            )
        Seat.objects.bulk_create(Seat(thread=thread, member=member, follows=True) for member in members[:size])
        with CaptureQueriesContext(connection) as queries:
            post(writer, thread, "To all.")
        counts[size] = len(queries)
        assert Notification.objects.filter(actor=writer).count() == size
    assert counts[2] == counts[400]


# --- Open pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def heard():
    """What open pages are sent: kind, thread, event."""
    events = []
    end = bus.subscribe(subjects.CHANNEL, lambda message: events.append(subjects.received(message)))
    yield events
    end()


def happens(heard, capture, deed):
    """The events of a deed, by name and what they hold; nothing is sent before the commit."""
    heard.clear()
    with capture(execute=True):
        deed()
        assert heard == []
    return [(event.name, json.loads(event.data), event.id) for _, _, event in heard]


def test_a_new_comment_is_announced_and_not_sent(thread, reader, heard, django_capture_on_commit_callbacks):
    (event,) = happens(heard, django_capture_on_commit_callbacks, lambda: post(reader, thread, f"{CANARY}."))
    thread.refresh_from_db()
    assert event == ("new", [[2, thread.activity, [], []]], thread.activity)
    assert (heard[0][0], heard[0][1]) == ("thread", thread.pk)


def test_votes_are_sent_as_they_stand_without_who_cast_them(thread, reader, heard, django_capture_on_commit_callbacks):
    found = happens(heard, django_capture_on_commit_callbacks, lambda: actions.cast_vote(reader, thread.pk, 1, -1))
    assert found == [("scores", [[1, 0, 1]], None)]
    again = happens(heard, django_capture_on_commit_callbacks, lambda: actions.cast_vote(reader, thread.pk, 1, -1))
    assert again == []


def test_what_changes_is_sent_as_it_stands_in_the_page(
    thread, author, reader, editor, moderator, stranger, heard, django_capture_on_commit_callbacks
):
    make_comment(thread, reader, "Another.")
    deeds = (
        lambda: actions.edit_comment(author, thread.pk, 1, f"*Better* {CANARY}."),
        lambda: actions.mark_worth(reader, thread.pk, 1, wanted=True),
        lambda: actions.request_source(reader, thread.pk, 1),
        lambda: actions.give_source(reader, thread.pk, 1, "https://a.example/?a=1&b=2"),
        lambda: actions.pick_comment(editor, thread.pk, 1, "First-hand knowledge"),
        lambda: remove_comment(moderator, thread.pk, 1),
        lambda: actions.restore_comment(moderator, thread.pk, 1),
        lambda: actions.delete_comment(author, thread.pk, 1),
    )
    for deed in deeds:
        sent = happens(heard, django_capture_on_commit_callbacks, deed)
        assert [name for name, _, _ in sent] == ["comment"]
        ((_, [[number, changed, quoted, answered, html]], place),) = sent
        thread.refresh_from_db()
        assert (number, changed, place, quoted, answered) == (1, thread.activity, thread.activity, [], [])
        since = stranger.get(f"/t/{thread.pk}/since/0/").content.decode()
        page = stranger.get(f"/t/{thread.pk}/").content.decode()
        assert html.strip() in since
        assert html.strip() in page
        assert (CANARY in html) == Comment.objects.get(thread=thread, number=1).is_visible


def test_a_quotation_of_removed_words_is_sent_without_them(
    thread, author, reader, moderator, heard, django_capture_on_commit_callbacks
):
    """S-108: who has the page open sees the words go from every quotation at once."""
    make_comment(thread, author, f"The {CANARY} was never late, whatever they say.")
    post(reader, thread, f"> The {CANARY} was never late, whatever they say.\n\nIt was.")
    sent = happens(heard, django_capture_on_commit_callbacks, lambda: remove_comment(moderator, thread.pk, 2))
    assert {rows[0][0] for name, rows, _ in sent if name == "comment"} == {2, 3}
    assert CANARY not in str(sent)


def test_opening_and_closing_are_sent_in_the_words_of_the_page(
    thread, moderator, stranger, heard, django_capture_on_commit_callbacks
):
    deeds = (
        lambda: actions.close_thread(moderator, thread.pk, reason="heat"),
        lambda: actions.close_thread(moderator, thread.pk, reason="topic", words="See you there."),
        lambda: actions.reopen_thread(moderator, thread.pk),
    )
    for deed, state, said in zip(deeds, ("closed", "closed", "open"), ("Too much", "See you there.", ""), strict=True):
        ((name, [[_, activity, now, html]], place),) = happens(heard, django_capture_on_commit_callbacks, deed)
        thread.refresh_from_db()
        assert (name, activity, now, place) == ("thread", thread.activity, state, thread.activity)
        assert said in html
        assert html.strip() in stranger.get(f"/t/{thread.pk}/").content.decode()


def test_rules_for_writing_are_sent_when_they_change_and_not_otherwise(
    thread, moderator, stranger, heard, django_capture_on_commit_callbacks
):
    rules = (
        {"slow_seconds": 300, "member_days": 0, "is_questions": False},
        {"slow_seconds": 300, "member_days": 3, "is_questions": True},
        {"slow_seconds": 0, "member_days": 0, "is_questions": False},
    )
    for each in rules:
        deed = partial(actions.set_rules, moderator, thread.pk, **each)
        ((name, [[_, activity, state, html]], place),) = happens(heard, django_capture_on_commit_callbacks, deed)
        thread.refresh_from_db()
        assert (name, activity, state, place) == ("thread", thread.activity, "open", thread.activity)
        assert ("5 minutes" in html, "3 days" in html) == (bool(each["slow_seconds"]), bool(each["member_days"]))
        assert html.strip() in stranger.get(f"/t/{thread.pk}/").content.decode()
        assert happens(heard, django_capture_on_commit_callbacks, deed) == []


def test_of_who_answers_whom_only_numbers_are_sent_however_many_answer(
    thread, author, reader, moderator, heard, django_capture_on_commit_callbacks
):
    """However many answers the sources have: one more that quotes them all sends their numbers to open pages."""
    said = {number: " ".join(f"pier{number}x{word}" for word in range(6)) for number in range(2, 41)}
    for words in said.values():
        actions.record_comment(thread, actions.Record(words, author=author))
    quotations = "\n\n".join(f"> {words}\n\nNo." for words in said.values())
    ((name, [row], _),) = happens(heard, django_capture_on_commit_callbacks, lambda: post(reader, thread, quotations))
    assert (name, row[0], sorted(row[2]), row[3]) == ("new", 41, list(said), [])
    assert len(heard[0][2].data) < 300
    removed = happens(heard, django_capture_on_commit_callbacks, lambda: remove_comment(moderator, thread.pk, 41))
    assert removed[0][1][0][2:4] == [[], []]
    restored = happens(
        heard, django_capture_on_commit_callbacks, lambda: actions.restore_comment(moderator, thread.pk, 41)
    )
    assert sorted(restored[0][1][0][2]) == list(said)


def test_an_edit_sends_whom_the_comment_answers_now(thread, author, reader, heard, django_capture_on_commit_callbacks):
    make_comment(thread, author, "It was late once, in 1982.")
    post(reader, thread, "> It was late once, in 1982.\n\nTwice.", reply_to=1)
    thread.refresh_from_db()
    away = thread.activity

    def edit():
        actions.edit_comment(reader, thread.pk, 3, "> Comment 1, at some length.\n\nTwice.")

    ((_, [row], _),) = happens(heard, django_capture_on_commit_callbacks, edit)
    assert row[2:4] == [[1], []]
    assert missed(thread, away)[0][1][0][2:4] == [[1], []]


def test_what_is_rolled_back_is_never_sent(thread, reader, author, heard, django_capture_on_commit_callbacks):
    def fails(deed):
        with transaction.atomic():
            deed()
            transaction.set_rollback(True)

    for deed in (
        lambda: post(reader, thread, "Not kept."),
        lambda: actions.cast_vote(reader, thread.pk, 1, 1),
        lambda: actions.edit_comment(author, thread.pk, 1, "Not kept."),
        lambda: actions.close_thread(None, thread.pk, reason="age"),
    ):
        assert happens(heard, django_capture_on_commit_callbacks, lambda deed=deed: fails(deed)) == []
    assert Notification.objects.count() == 0


# --- Who was away -----------------------------------------------------------------------------------------------------


def missed(thread, activity):
    return [(event.name, json.loads(event.data), event.id) for event in announce.missed(thread.pk, activity, "")]


def test_who_comes_back_is_told_what_changed_what_is_new_and_how_the_votes_stand(thread, author, reader, moderator):
    make_comment(thread, author, "Two.")
    make_comment(thread, author, "Three.")
    thread.refresh_from_db()
    away = thread.activity
    actions.edit_comment(author, thread.pk, 2, "Two, mended.")
    post(reader, thread, "Four.")
    actions.edit_comment(reader, thread.pk, 4, "Four, mended.")
    actions.cast_vote(reader, thread.pk, 3, 1)
    actions.close_thread(moderator, thread.pk, reason="heat")
    thread.refresh_from_db()
    found = missed(thread, away)
    assert [(name, rows[0][0]) for name, rows, _ in found] == [("comment", 2), ("new", 4), ("thread", 0), ("scores", 1)]
    assert "mended" in found[0][1][0][-1]
    assert found[1][1][0][2:] == [[], []]
    assert found[2][1][0][2] == "closed"
    assert "Too much of it had to be removed." in found[2][1][0][3]
    assert found[-1] == ("scores", [[1, 0, 0], [2, 0, 0], [3, 1, 0], [4, 0, 0]], None)
    assert [place for _, _, place in found][-2:] == [None, None]
    assert [name for name, _, _ in missed(thread, thread.activity)] == ["scores"]
    assert [name for name, _, _ in missed(thread, thread.activity + 100)] == ["scores"]


def test_of_more_than_a_hundred_changes_only_that_there_were_so_many(author):
    thread = make_thread(comments=announce.REPLAYED, author=author)
    thread.refresh_from_db()
    assert {name for name, _, _ in missed(thread, 0)} == {"new", "thread", "scores"}
    make_comment(thread, make_member(), "One more.")
    assert [name for name, _, _ in missed(thread, 0)] == ["stale", "thread", "scores"]


@pytest.mark.parametrize("state", ["held", "removed", "deleted"])
def test_nothing_hidden_is_sent_to_who_comes_back(state, thread, author, reader, moderator):
    """S-108, also from the very beginning."""
    hidden = post(author, thread, f"Before {CANARY} after.")
    actions.cast_vote(reader, thread.pk, hidden.number, 1)
    thread.refresh_from_db()
    away = thread.activity
    if state == "removed":
        remove_comment(moderator, thread.pk, hidden.number)
    elif state == "deleted":
        actions.delete_comment(author, thread.pk, hidden.number)
    else:
        hold_comment(moderator, thread.pk, hidden.number)
    thread.refresh_from_db()
    for since in (0, away):
        found = missed(thread, since)
        assert CANARY not in str(found)
        assert reader.handle not in str(found)
        assert found[-1] == ("scores", [[1, 0, 0]], None)


def test_nobody_hears_of_a_discussion_that_is_switched_off(site):
    story = make_story()
    assert announce.may_hear(story.thread_id)
    story.unpublish()
    assert not announce.may_hear(story.thread_id)
    assert not announce.may_hear(999_999_999)
    found = live.subjects.find(f"/t/{story.thread_id}/live/")
    assert (found[0].kind, found[1]) == ("thread", story.thread_id)


def test_coming_back_costs_three_queries_for_each_change_and_no_more(author):
    thread = make_thread(comments=20, author=author)
    thread.refresh_from_db()
    away = thread.activity
    counts = []
    for number in (1, 2, 3):
        Comment.objects.filter(thread=thread, number=number).update(changed=away + number, edited_at=timezone.now())
        Thread.objects.filter(pk=thread.pk).update(activity=away + number)
        with CaptureQueriesContext(connection) as queries:
            missed(thread, away)
        counts.append(len(queries))
    assert counts[1] - counts[0] == counts[2] - counts[1] == 3


def test_what_fails_after_the_commit_does_not_undo_what_was_acknowledged(thread, reader):
    """Django logs such a failure by the name of what was called, and fails itself on what has none: a `partial`."""
    post(reader, thread, "Said, and then the database was gone.")
    hooks = [(hook, robust) for _, hook, robust in connection.run_on_commit]
    assert hooks
    assert [hook for hook, robust in hooks if not robust or not hasattr(hook, "__qualname__")] == []
