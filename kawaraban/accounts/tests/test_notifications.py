"""What a member is told of: once, of what they want, and of nothing that was taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.accounts import actions, reads
from kawaraban.accounts.models import Kind, Notification, Topic, User, Way
from kawaraban.accounts.reads import NOTIFICATIONS_PAGE_SIZE
from kawaraban.accounts.testing import make_member, make_notification
from kawaraban.accounts.tests.inert import ATTACKS, dangers

CENTRE = "/account/notifications/"
HEADLINE = "Your comment was answered in “River bridge to be rebuilt”"


def page_of(browser, address=CENTRE):
    answer = browser.get(address)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    return answer.content.decode()


def titles_on(page):
    return re.findall(r'<button class="link-button listed__open"[^>]*>(.*?)</button>', page)


def tell(*recipients, **changes):
    """How many members hear of an answer."""
    event = {"kind": "answered", "subject": "comment:2", "address": "/t/5/2/", "title": HEADLINE, "actor": None}
    return actions.notify(recipients, **{**event, **changes})


# --- Who is told ------------------------------------------------------------------------------------------------------


def test_a_member_is_told_and_the_actor_never_is(reader, author, signed_in):
    assert tell(reader, author, actor=author) == 1
    page = page_of(signed_in(reader))
    assert titles_on(page) == [HEADLINE]
    assert "mikan" in page
    assert "1 unread" in page
    assert "None yet" in page_of(signed_in(author))


def test_the_same_event_is_told_once_however_often_it_is_announced(reader, author):
    assert [tell(reader, author) for _ in range(3)] == [2, 0, 0]
    assert tell(reader, reader, subject="comment:3") == 1
    assert tell(reader, kind="quoted") == 1
    assert tell() == 0


def test_an_account_that_is_switched_off_is_told_nothing(reader, author):
    actions.follow_member(reader, author)
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert tell(reader) == 0
    assert tell(*reads.followers_of(author), kind="followed_member") == 0


def test_a_member_is_told_nothing_of_what_they_never_want_to_hear(reader, author):
    actions.prefer(reader, {Topic.ANSWERS: Way.NEVER})
    assert {kind: tell(reader, author, kind=kind) for kind in Topic.ANSWERS.kinds} == dict.fromkeys(
        Topic.ANSWERS.kinds, 1
    )
    assert tell(reader, kind="followed_story") == 1
    assert not Notification.objects.filter(recipient=reader, kind__in=Topic.ANSWERS.kinds).exists()


def test_every_kind_belongs_to_one_topic():
    assert sorted(kind for topic in Topic for kind in topic.kinds) == sorted(Kind)


def test_how_it_is_mailed_is_what_the_member_wants_at_that_moment(reader, author):
    actions.prefer(author, {Topic.ANSWERS: Way.NOW, Topic.STORIES: Way.DAILY})
    tell(reader, author)
    tell(reader, author, kind="followed_story")
    tell(reader, author, kind="followed_member")
    by_mail = {(row.recipient_id, row.kind): row.mail for row in Notification.objects.all()}
    assert by_mail == {
        (reader.pk, "answered"): "daily",
        (author.pk, "answered"): "now",
        (reader.pk, "followed_story"): "",
        (author.pk, "followed_story"): "daily",
        (reader.pk, "followed_member"): "",
        (author.pk, "followed_member"): "",
    }


@pytest.mark.parametrize("size", [1, 2, 400])
def test_to_tell_many_costs_as_much_as_to_tell_one(size, author, django_assert_num_queries):
    """And a queryset of followers is not even fetched."""
    members = [User(email=f"{n}@many.example", handle=f"Many {n}", slug=f"many-{n}") for n in range(size)]
    for number, member in enumerate(members):
        member.skeleton = f"many {number}"
    members = User.objects.bulk_create(members)
    with django_assert_num_queries(1):
        assert tell(*members, actor=author) == size
    with django_assert_num_queries(1):
        assert actions.notify(
            User.objects.filter(handle__startswith="Many"),
            kind="followed_story", subject="story:1", address="/city/bridge/", title=HEADLINE, actor=author,
        ) == size  # fmt: skip
    with django_assert_num_queries(1):
        assert actions.withdraw("comment:2") == size


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gossip"},
        {"subject": "comment:" + "1" * 60},
        {"address": "https://evil.example/"},
        {"address": "//evil.example/"},
        {"address": "/\\evil.example/"},
        {"address": "t/5/2/"},
        {"address": "javascript:alert(1)"},
        {"address": "/" + "a" * 300},
    ],
    ids=str,
)
def test_what_no_caller_may_ask_for_is_told_to_nobody(wrong, reader):
    with pytest.raises(ValueError, match=r"\S"):
        tell(reader, **wrong)
    assert not Notification.objects.exists()


def test_a_title_is_one_line_and_shown_as_text(reader, signed_in):
    """S-110, S-001: a headline with a line break would otherwise become a header of the mail."""
    for number, attack in enumerate([*ATTACKS, "Two\r\nBcc: all@readers.example", "a\x00\u2028b" + "c" * 400]):
        tell(reader, subject=f"comment:{number}", title=attack)
    kept = list(Notification.objects.values_list("title", flat=True))
    assert "Two Bcc: all@readers.example" in kept
    assert f"a b{'c' * 296}…" in kept
    for number in range(1, 1 + len(kept) // NOTIFICATIONS_PAGE_SIZE + 1):
        assert dangers(page_of(signed_in(reader), f"{CENTRE}?page={number}").encode()) == []


def test_a_handle_is_looked_up_when_it_is_shown(reader, author, signed_in):
    """S-112: a name that somebody gives up stands nowhere else."""
    tell(reader, actor=author)
    author.handle = "yuzu"
    author.save()
    assert "yuzu" in (page := page_of(signed_in(reader)))
    assert "mikan" not in page.replace("member/mikan", "")
    assert not [value for row in Notification.objects.values_list() for value in row if "mikan" in str(value)]
    User.objects.filter(pk=author.pk).delete()
    assert titles_on(page_of(signed_in(reader))) == [HEADLINE]


# --- What is taken back -----------------------------------------------------------------------------------------------


def test_what_was_withdrawn_is_gone_until_it_is_restored(reader, author, signed_in):
    """S-034: neither the list nor the count betrays that something was removed."""
    tell(reader, author)
    tell(reader, kind="quoted")
    tell(reader, subject="comment:3")
    assert actions.withdraw("comment:2") == 3
    browser = signed_in(reader)
    page = page_of(browser)
    assert len(titles_on(page)) == 1
    assert "1 unread" in page
    assert "(1<" in page_of(browser, "/account/mine/")
    hidden = Notification.objects.filter(subject="comment:2", recipient=reader).first()
    assert browser.post(f"{CENTRE}{hidden.pk}/open/").status_code == 404
    assert tell(reader) == 0
    assert actions.withdraw("comment:2") == 0
    assert actions.restore("comment:2") == 3
    assert len(titles_on(page_of(browser))) == 3
    assert actions.restore("comment:2") == 0


# --- The centre -------------------------------------------------------------------------------------------------------


def test_to_open_one_reads_it_and_leads_there(reader, signed_in):
    tell(reader, address="/city/bridge/#comment-2")
    browser = signed_in(reader)
    way = re.search(r'formaction="([^"]+)"', page_of(browser))[1]
    answer = browser.post(way)
    assert (answer.status_code, answer["Location"]) == (302, "/city/bridge/#comment-2")
    page = page_of(browser)
    assert "All read" in page
    assert "<b>New</b>" not in page
    read_at = Notification.objects.get().read_at
    browser.post(way)
    assert Notification.objects.get().read_at == read_at


def test_nobody_opens_the_notifications_of_another(reader, author, signed_in, stranger):
    """S-031."""
    tell(reader)
    key = Notification.objects.get().pk
    assert signed_in(author).post(f"{CENTRE}{key}/open/").status_code == 404
    assert stranger.post(f"{CENTRE}{key}/open/")["Location"].startswith("/account/login/")
    signed_in(author).post(f"{CENTRE}read/", {"newest": str(key)})
    assert Notification.objects.get().read_at is None


def test_all_are_read_up_to_the_newest_that_was_seen(reader, signed_in):
    tell(reader)
    browser = signed_in(reader)
    newest = re.search(r'name="newest" value="(\d+)"', page_of(browser))[1]
    tell(reader, subject="comment:3")
    answer = browser.post(f"{CENTRE}read/", {"newest": newest})
    assert (answer.status_code, answer["Location"]) == (302, CENTRE)
    assert "1 unread" in page_of(browser)


@pytest.mark.parametrize("newest", ["", "x", "-1", "1e9", "²", "9" * 30, "1;2"])
def test_what_is_no_number_reads_nothing(newest, reader, signed_in):
    tell(reader)
    assert signed_in(reader).post(f"{CENTRE}read/", {"newest": newest}).status_code == 302
    assert Notification.objects.get().read_at is None


def test_the_newest_stand_first_on_pages_that_cost_the_same(reader, author, signed_in):
    browser, costs = signed_in(reader), {}
    page_of(browser)
    for size in (2, 400):
        while Notification.objects.count() < size:
            make_notification(reader, title=f"Number {Notification.objects.count() + 1}.", actor=author)
        with CaptureQueriesContext(connection) as queries:
            page = page_of(browser)
        costs[size] = len(queries)
        assert titles_on(page)[:2] == [f"Number {size}.", f"Number {size - 1}."]
    assert costs[2] == costs[400] <= 9
    assert len(titles_on(page)) == NOTIFICATIONS_PAGE_SIZE
    assert f"Page 1 of {400 // NOTIFICATIONS_PAGE_SIZE}" in page


def test_the_masthead_counts_what_is_unread_with_one_query(reader, signed_in, stranger):
    browser, costs = signed_in(reader), {}
    for size in (0, 1, 30):
        while Notification.objects.count() < size:
            make_notification(reader)
        with CaptureQueriesContext(connection) as queries:
            links = page_of(browser, "/account/mine/")
        costs[size] = len(queries)
        assert (f"({size}<" in links) == (size > 0)
    assert set(costs.values()) == {3}
    assert "Notifications" not in page_of(stranger, "/account/mine/")


def test_notifications_are_for_members(stranger):
    for address in (CENTRE, f"{CENTRE}settings/"):
        assert stranger.get(address)["Location"] == f"/account/login/?next={address}"


def test_what_is_half_a_year_old_is_forgotten(reader):
    make_notification(reader)
    with time_machine.travel(timezone.now() + timedelta(days=179)):
        make_notification(reader)
        assert actions.forget_notifications() == 0
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        assert actions.forget_notifications() == 1


# --- How a member hears of things -------------------------------------------------------------------------------------


def test_a_member_chooses_how_they_hear_of_each_topic(reader, signed_in):
    browser, address = signed_in(reader), f"{CENTRE}settings/"
    assert re.findall(r'<option value="(\w+)" selected>', page_of(browser, address)) == ["now", "daily", "here", "here"]
    answer = browser.post(address, {"decisions": "here", "answers": "now", "stories": "daily", "members": "never"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = page_of(browser, address)
    assert re.findall(r'<option value="(\w+)" selected>', page) == ["here", "now", "daily", "never"]
    assert "Saved." in page
    assert reader.email in page


def test_a_choice_that_there_is_not_changes_nothing(reader, signed_in):
    others = {"stories": "now", "members": "now"}
    for form in (
        {},
        {"decisions": "now", "answers": "hourly", **others},
        # What was decided about somebody they are told in any case.
        {"decisions": "never", "answers": "now", **others},
    ):
        assert signed_in(reader).post(f"{CENTRE}settings/", form).status_code == 400
    assert reads.preferences(reader) == {topic: topic.default for topic in Topic}


def test_who_has_not_confirmed_an_address_is_told_that_no_mail_comes(signed_in, db):
    member = make_member("Setsuko", verified=False)
    assert "no mail is sent" in page_of(signed_in(member), f"{CENTRE}settings/")
