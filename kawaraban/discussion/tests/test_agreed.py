"""The box of what readers agree on: chosen by hand from what every group approves, and shown while that is so."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kawaraban.discussion import actions, reads
from kawaraban.discussion.models import Agreed, Tally, Thread
from kawaraban.discussion.testing import fold_comment, hold_comment, make_divided_thread
from kawaraban.discussion.tests.unchanged import refused


@pytest.fixture
def thread(db):
    """A thread with two groups, both of which approve the first four comments."""
    thread, _ = make_divided_thread()
    actions.fit_thread(thread.pk)
    return Thread.objects.get(pk=thread.pk)


def box(browser, thread):
    """The numbers of the comments that stand in the box, as a page shows them."""
    soup = BeautifulSoup(browser.get(f"/t/{thread.pk}/").content, "html.parser")
    return [link.get_text() for link in soup.select("#agreed li a")]


def test_an_editor_chooses_and_readers_see_it_in_that_order(thread, editor, signed_in, stranger):
    browser, address = signed_in(editor), f"/t/{thread.pk}/opinions/box/"
    page = BeautifulSoup(browser.get(address).content, "html.parser")
    offered = [box["value"] for box in page.select("input[name=number]")]
    assert set(offered) >= {"1", "2", "3", "4"}
    answer = browser.post(address, {"number": ["3", "1"]})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{thread.url}#agreed")
    assert box(stranger, thread) == ["#3", "#1"]
    page = BeautifulSoup(browser.get(address).content, "html.parser")
    assert {box["value"] for box in page.select("input[checked]")} == {"1", "3"}
    browser.post(address, {})
    assert box(stranger, thread) == []


def test_it_holds_three_and_the_rest_is_refused(thread, editor, signed_in):
    actions.choose_agreed(editor, thread.pk, [1])
    answer = signed_in(editor).post(f"/t/{thread.pk}/opinions/box/", {"number": ["1", "2", "3", "4"]})
    assert answer.status_code == 409
    soup = BeautifulSoup(answer.content, "html.parser")
    assert "holds up to 3 comments" in soup.select_one("[role=alert]").get_text()
    assert len(soup.select("input[checked]")) == 4  # what was chosen is there
    assert list(Agreed.objects.values_list("comment__number", flat=True)) == [1]


def test_what_a_group_does_not_approve_cannot_be_chosen(thread, editor):
    Tally.objects.filter(comment__number=2).update(votes=[[9, 9], [2, 9]])
    for number in (2, 99):
        with refused("not-agreed"):
            actions.choose_agreed(editor, thread.pk, [1, number])
    assert not Agreed.objects.exists()


def test_only_the_newsroom_chooses(thread, reader, signed_in, stranger):
    with refused("not-editor"):
        actions.choose_agreed(reader, thread.pk, [1])
    assert signed_in(reader).get(f"/t/{thread.pk}/opinions/box/").status_code == 404
    assert signed_in(reader).post(f"/t/{thread.pk}/opinions/box/", {"number": "1"}).status_code == 404
    assert stranger.get(f"/t/{thread.pk}/opinions/box/").status_code == 302


def test_a_comment_leaves_the_box_when_it_is_common_ground_no_more(thread, editor, moderator):
    actions.choose_agreed(editor, thread.pk, [1, 2, 3])
    Tally.objects.filter(comment__number=1).update(votes=[[9, 9], [2, 9]])
    assert [voted.number for voted in reads.agreed_on(thread)] == [2, 3]
    hold_comment(moderator, thread.pk, 2)
    assert [voted.number for voted in reads.agreed_on(thread)] == [3]
    fold_comment(moderator, thread.pk, 3)
    assert reads.agreed_on(thread) == []
    Tally.objects.filter(comment__number=1).update(votes=[[9, 9], [9, 9]])
    assert [voted.number for voted in reads.agreed_on(thread)] == [1]
    Thread.objects.filter(pk=thread.pk).update(group_letters="")
    assert reads.agreed_on(Thread.objects.get(pk=thread.pk)) == []


def test_the_same_number_twice_stands_there_once(thread, editor):
    actions.choose_agreed(editor, thread.pk, [2, 2])
    assert [voted.number for voted in reads.agreed_on(thread)] == [2]


def test_editors_are_led_there_where_there_are_groups(thread, editor, reader, signed_in):
    link = f"/t/{thread.pk}/opinions/box/"
    assert link in signed_in(editor).get(f"/t/{thread.pk}/mine/").content.decode()
    assert link not in signed_in(reader).get(f"/t/{thread.pk}/mine/").content.decode()
    Thread.objects.filter(pk=thread.pk).update(group_letters="")
    assert link not in signed_in(editor).get(f"/t/{thread.pk}/mine/").content.decode()
