"""Whom a member follows and mutes: their own affair, and never both."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.accounts import actions, reads
from kawaraban.accounts.models import Notification, Relation, User, Way
from kawaraban.accounts.testing import make_member, make_notification
from kawaraban.errors import Refused

PEOPLE = "/account/people/"


def buttons(page):
    """The deeds that a page offers, with the member's slug."""
    return re.findall(r'action="/member/([\w-]+)/(\w+)/"', page.content.decode())


# --- Follow and mute --------------------------------------------------------------------------------------------------


def test_who_follows_is_told_and_who_stops_is_not(reader, author):
    actions.follow_member(reader, author)
    actions.follow_member(reader, author)
    assert list(reads.followers_of(author)) == [reader]
    event = {"kind": "followed_member", "address": "/t/1/2/", "title": "A new comment", "actor": author}
    assert actions.notify(reads.followers_of(author), subject="comment:2", **event) == 1
    actions.unfollow_member(reader, author)
    assert actions.notify(reads.followers_of(author), subject="comment:3", **event) == 0
    assert list(reads.followers_of(reader)) == []


def test_who_mutes_is_told_nothing_of_what_the_other_does(reader, author):
    """And what was still unread of theirs is read, and mailed to nobody."""
    before = make_notification(reader, actor=author)
    mine, others = make_notification(author, actor=reader), make_notification(reader, actor=make_member())
    actions.mute_member(reader, author)
    unread = set(Notification.objects.filter(read_at=None))
    assert unread == {mine, others}
    assert before not in Notification.objects.awaiting(Way.DAILY)
    event = {"kind": "answered", "address": "/t/1/2/", "title": "Answered", "subject": "comment:99"}
    assert actions.notify([reader], actor=author, **event) == 0
    assert actions.notify([author], actor=reader, **event) == 1
    actions.unmute_member(reader, author)
    assert actions.notify([reader], actor=author, **event) == 1


def test_one_follows_or_mutes_and_never_both(reader, author):
    actions.follow_member(reader, author)
    actions.mute_member(reader, author)
    assert (reads.relation(reader, author), reads.muted_by(reader)) == ("mutes", {author.pk})
    actions.unfollow_member(reader, author)
    assert reads.relation(reader, author) == "mutes"
    assert list(reads.followers_of(author)) == []
    actions.follow_member(reader, author)
    assert (reads.relation(reader, author), reads.muted_by(reader)) == ("follows", frozenset())
    actions.unmute_member(reader, author)
    assert reads.relation(reader, author) == "follows"
    assert Relation.objects.count() == 1


def test_what_the_viewer_mutes_costs_one_query_and_nothing_for_strangers(reader, author, django_assert_num_queries):
    others = [make_member() for _ in range(5)]
    for other in others:
        actions.mute_member(reader, other)
    actions.follow_member(reader, author)
    with django_assert_num_queries(1):
        assert reads.muted_by(reader) == {other.pk for other in others}
    with django_assert_num_queries(0):
        assert reads.muted_by(AnonymousUser()) == frozenset()
        assert reads.relation(AnonymousUser(), author) is None


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", [actions.follow_member, actions.mute_member])
def test_nobody_follows_or_mutes_themselves(deed, reader):
    with pytest.raises(Refused, match="yourself") as refusal:
        deed(reader, User.objects.get(pk=reader.pk))
    assert refusal.value.code == "oneself"


@pytest.mark.parametrize("deed", [actions.follow_member, actions.mute_member])
def test_an_account_that_is_switched_off_can_only_be_let_go(deed, reader, author):
    deed(reader, author)
    author.is_active = False
    author.save()
    with pytest.raises(Refused) as refusal:
        deed(reader, author)
    assert refusal.value.code == "no-such-member"
    assert reads.people(reader) == reads.People()
    actions.unfollow_member(reader, author)
    actions.unmute_member(reader, author)
    assert not Relation.objects.exists()


def test_there_is_a_limit_which_counts_each_kind_for_itself(reader, author, monkeypatch):
    monkeypatch.setattr(actions, "MOST_RELATIONS", 2)
    followed, muted, third = [make_member() for _ in range(2)], make_member(), make_member()
    for other in followed:
        actions.follow_member(reader, other)
    actions.mute_member(reader, muted)
    with pytest.raises(Refused) as refusal:
        actions.follow_member(reader, third)
    assert refusal.value.code == "too-many-people"
    assert "500" in refusal.value.message
    actions.follow_member(reader, followed[0])
    actions.mute_member(reader, third)
    with pytest.raises(Refused):
        actions.follow_member(reader, muted)
    assert len(reads.muted_by(reader)) == 2


def test_the_limit_is_the_one_that_is_told():
    assert actions.MOST_RELATIONS == 500


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_buttons_work_without_a_script_and_return_to_where_one_was(reader, author, signed_in):
    browser = signed_in(reader)
    page = browser.get(PEOPLE, {"member": author.slug})
    assert buttons(page) == [(author.slug, "follow"), (author.slug, "mute")]
    back = {"Referer": f"http://testserver{PEOPLE}?member={author.slug}"}
    answer = browser.post(f"/member/{author.slug}/follow/", headers=back)
    assert (answer.status_code, answer["Location"]) == (302, f"{PEOPLE}?member={author.slug}")
    page = browser.get(answer["Location"])
    assert "You follow" in page.content.decode()
    assert set(buttons(page)) == {(author.slug, "unfollow"), (author.slug, "mute")}
    assert browser.post(f"/member/{author.slug}/mute/")["Location"] == author.get_absolute_url()
    assert set(buttons(browser.get(PEOPLE))) == {(author.slug, "unmute")}
    browser.post(f"/member/{author.slug}/unmute/")
    assert buttons(browser.get(PEOPLE)) == []


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example//evil.example/", "http://testserver//evil.example/", "http://testserver/\\evil.example",
     "http://testserver/member/mikan/follow/", "javascript:alert(1)"],
)  # fmt: skip
def test_the_way_back_stays_here(referer, reader, author, signed_in):
    """S-073; and an answer to a form is no page to return to."""
    answer = signed_in(reader).post(f"/member/{author.slug}/follow/", headers={"Referer": referer})
    assert answer["Location"] == author.get_absolute_url()


def test_a_refusal_is_told_on_the_page(reader, signed_in):
    answer = signed_in(reader).post(f"/member/{reader.slug}/follow/")
    assert answer.status_code == 409
    assert "You cannot follow or mute yourself. Nothing was changed." in answer.content.decode()


def test_nobody_else_learns_whom_a_member_mutes(reader, author, moderator, signed_in):
    """Neither who is muted nor the staff."""
    actions.mute_member(reader, author)
    for viewer in (author, moderator):
        browser = signed_in(viewer)
        for address in (PEOPLE, f"{PEOPLE}?member={reader.slug}", "/account/", "/account/notifications/",
                        f"/account/mine/?member={reader.slug}", reader.get_absolute_url()):  # fmt: skip
            page = browser.get(address).content.decode()
            assert "You have muted <" not in page
            assert "unmute" not in page


def test_the_overlay_of_a_members_page_holds_the_buttons(reader, author, signed_in, stranger):
    browser, address = signed_in(reader), f"/account/mine/?member={author.slug}"
    answer = browser.get(address)
    assert "no-store" in answer["Cache-Control"]
    assert '<template data-into="relation">' in answer.content.decode()
    assert set(buttons(answer)) == {(author.slug, "follow"), (author.slug, "mute")}
    for nothing in (f"/account/mine/?member={reader.slug}", "/account/mine/?member=nobody", "/account/mine/"):
        assert buttons(browser.get(nothing)) == []
    assert buttons(stranger.get(address)) == []


def test_what_everybody_gets_holds_a_link_and_nothing_personal(author, stranger):
    """Included in a page that everybody gets, there is no token and no state in it."""
    from django.template.loader import render_to_string

    part = render_to_string("accounts/_relation.html", {"member": author})
    assert f'href="{PEOPLE}?member={author.slug}"' in part
    assert "<form" not in part
    answer = stranger.get(PEOPLE, {"member": author.slug})
    assert answer["Location"] == f"/account/login/?next={PEOPLE}%3Fmember%3D{author.slug}"


def test_the_page_of_people_costs_the_same_for_any_number(reader, signed_in):
    browser, costs = signed_in(reader), {}
    browser.get(PEOPLE)
    for size in (2, 40):
        while Relation.objects.count() < size:
            actions.follow_member(reader, make_member())
            actions.mute_member(reader, make_member())
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(PEOPLE)
        costs[size] = len(queries)
        assert len(buttons(page)) == size
    assert costs[2] == costs[40] <= 8


@pytest.mark.parametrize("deed", ["follow", "unfollow", "mute", "unmute"])
def test_deeds_are_for_members_and_by_form(deed, author, reader, stranger, signed_in):
    address = f"/member/{author.slug}/{deed}/"
    assert stranger.post(address)["Location"].startswith("/account/login/")
    assert signed_in(reader).get(address).status_code == 405
    assert signed_in(reader).post(f"/member/nobody/{deed}/").status_code == 404
    assert not Relation.objects.exists()
