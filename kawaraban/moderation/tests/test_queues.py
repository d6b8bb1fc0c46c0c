"""What waits for a moderator stands in its queue, in order, and costs the same at any length."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.accounts.models import User
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.moderation import actions, reads
from kawaraban.moderation.testing import make_report
from kawaraban.newsroom.testing import make_section, make_story

QUEUE = "/desk/moderation/queue/"


@pytest.fixture
def desk(site, moderator, signed_in):
    """The browser of a moderator."""
    return signed_in(moderator)


@pytest.fixture
def regulars(author, reader):
    """Two members who are not new."""
    User.objects.filter(pk__in=[author.pk, reader.pk]).update(date_joined=timezone.now() - timedelta(days=400))
    for each in (author, reader):
        each.refresh_from_db()
    return author, reader


def test_only_those_who_moderate_see_the_queues(site, reader, editor, moderator, signed_in, stranger):
    for member, status in ((moderator, 200), (editor, 200), (reader, 302)):
        assert signed_in(member).get(f"{QUEUE}reported/").status_code == status
    assert stranger.get(f"{QUEUE}reported/").status_code == 302
    # Somebody whom an administrator lets in at the desk, and who moderates nothing.
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    browser = signed_in(reader)
    assert browser.get("/desk/").status_code == 200
    for address in (f"{QUEUE}reported/", f"{QUEUE}rings/", "/desk/moderation/counts/", "/desk/moderation/members/"):
        assert browser.get(address).url == "/desk/"


def test_a_comment_stands_in_the_queue_of_what_brought_it_there(desk, moderator, regulars):
    author, reader = regulars
    thread = make_thread()
    reported = make_comment(thread, author, "You are a lump of coal.")
    make_report(reported, reader)
    set_aside = make_comment(thread, author, "The mayor has a cousin.")
    discussion.hold_comment(moderator, thread.pk, set_aside.number, RUDE)
    discussion.screen_thread(moderator, thread.pk, screens="before", hold_new_from=timezone.now() - timedelta(days=999))
    by_rule = make_comment(thread, author, "Everything waits here now.")
    new = make_comment(make_thread(), make_member(days=1), "Hello, I am new.")
    for name, comment in (("reported", reported), ("held", set_aside), ("rule", by_rule), ("new", new)):
        lines = desk.get(f"{QUEUE}{name}/").context["listing"].lines
        assert [line.comment for line in lines] == [comment], name
    counts = desk.get("/desk/moderation/counts/").json()
    assert {name: each["count"] for name, each in counts.items() if each["count"]} == {
        "reported": 1,
        "held": 1,
        "rule": 1,
        "new": 1,
    }


def test_what_was_reported_and_then_held_is_in_one_queue_only(desk, moderator, regulars):
    author, reader = regulars
    comment = make_comment(make_thread(), author)
    make_report(comment, reader)
    discussion.hold_comment(moderator, comment.thread_id, comment.number, RUDE)
    counts = desk.get("/desk/moderation/counts/").json()
    assert {name for name, each in counts.items() if each["count"]} == {"reported"}


def test_what_weighs_most_comes_first_and_then_what_waits_longest(desk, moderator, regulars):
    author, reader = regulars
    thread = make_thread()
    first, second, third = (make_comment(thread, author, f"Number {n}, said plainly.") for n in range(3))
    for comment in (first, second, third):
        make_report(comment, reader)
    make_report(third, moderator)
    third.reports.filter(reporter=moderator).update(weight=2)
    third.reports.filter(reporter=reader).update(weight=1)
    lines = desk.get(f"{QUEUE}reported/").context["listing"].lines
    assert [line.comment for line in lines] == [third, first, second]
    assert (lines[0].reports, lines[0].weight) == (2, 3)


def test_a_queue_is_filtered_by_section_rule_age_and_language(desk, regulars):
    author, reader = regulars
    city, sport = make_story(make_section("City")), make_story(make_section("Sport"))
    english = make_comment(city.thread, author, "The ferry is late and there is nobody to say what it was for.")
    japanese = make_comment(sport.thread, author, "この橋はいつできるのですか。市長は何も言いません。")
    make_report(english, reader, rule=1)
    make_report(japanese, reader, rule=2)
    old = timezone.now() - timedelta(days=2)
    japanese.reports.update(made_at=old)
    for query, comment in (
        (f"section={city.get_parent().pk}", english),
        (f"section={sport.get_parent().pk}", japanese),
        ("rule=1", english),
        ("rule=2", japanese),
        ("age=day", japanese),
        ("language=en", english),
        ("language=ja", japanese),
    ):
        lines = desk.get(f"{QUEUE}reported/?{query}").context["listing"].lines
        assert [line.comment for line in lines] == [comment], query
    page = desk.get(f"{QUEUE}reported/?language=xx&age=never&rule=0&section=99999999999")
    assert len(page.context["listing"].lines) == 2


def test_a_queue_costs_the_same_at_2_cases_and_at_60(desk, regulars):
    reader = regulars[1]
    thread = make_thread()

    def report(numbers):
        for number in numbers:
            by = make_member() if number % 15 == 0 else by_last[-1]
            by_last.append(by)
            make_report(make_comment(thread, make_member(), f"Case {number}."), by)

    def cost(address):
        with CaptureQueriesContext(connection) as found:
            assert desk.get(address).status_code == 200
        return len(found)

    by_last = [reader]

    report(range(2))
    desk.get(f"{QUEUE}reported/")
    few = {query: cost(f"{QUEUE}reported/{query}") for query in ("", "?language=en", "?rule=1")}
    report(range(2, 60))
    assert {query: cost(f"{QUEUE}reported/{query}") for query in few} == few


def test_a_page_of_a_queue_leads_to_the_next(desk, regulars):
    author, reader = regulars
    thread = make_thread(55, author)
    for comment in thread.comments.all():
        make_report(comment, reader if comment.number % 15 else (reader := make_member()))
    page = desk.get(f"{QUEUE}reported/?rule=1")
    assert (page.context["listing"].found, page.context["listing"].pages) == (55, 2)
    assert "?rule=1&amp;p=2" in page.content.decode()
    assert len(desk.get(f"{QUEUE}reported/?rule=1&p=2").context["listing"].lines) == 5
    assert desk.get(f"{QUEUE}reported/?p=999").context["listing"].page == 2


def test_the_menu_says_how_many_cases_wait(desk, regulars):
    author, reader = regulars
    make_report(make_comment(make_thread(), author), reader)
    assert "Moderation (1)" in desk.get("/desk/").content.decode()


def test_an_unknown_queue_is_no_page(desk):
    assert desk.get(f"{QUEUE}unheard-of/").status_code == 404
    assert desk.get("/desk/moderation/case/comment:99999999999999999999/").status_code == 404


def test_first_comments_leave_their_queue_once_somebody_has_read_them(desk, moderator):
    newcomer, thread = make_member(days=1), make_thread()
    comments = [make_comment(thread, newcomer, f"My word number {n}.") for n in range(4)]
    shown = [line.comment for line in desk.get(f"{QUEUE}new/").context["listing"].lines]
    assert shown == comments[:3]
    actions.decide_case(moderator, comments[0].pk, actions.Deed("approve"), state=reads.state_of(comments[0]))
    assert [line.comment for line in desk.get(f"{QUEUE}new/").context["listing"].lines] == comments[1:3]
