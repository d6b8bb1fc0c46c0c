"""It is kept from which network blocks members wrote, under pseudonyms that cannot be undone; of addresses nothing."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import override_settings

from kawaraban.accounts import actions, reads
from kawaraban.accounts.models import NetworkKey, Trace, User
from kawaraban.accounts.testing import make_member
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.origin import address_of, block_of

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(minutes=59)


def vote(browser, comment, value="1", **sent):
    return browser.post(f"/t/{comment.thread_id}/{comment.number}/vote/", {"value": value}, **sent)


# --- Where a request comes from -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("", 0, "192.0.2.7"),
        ("198.51.100.1", 0, "192.0.2.7"),
        ("198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", 1, "198.51.100.1"),
        ("203.0.113.9, 198.51.100.1", 2, "203.0.113.9"),
        ("198.51.100.1", 2, "192.0.2.7"),
        ("203.0.113.9, ", 1, "192.0.2.7"),
    ],
)
def test_only_what_our_own_proxies_saw_is_believed(forwarded, proxies, expected):
    assert address_of("192.0.2.7", forwarded, proxies) == expected


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.99", "192.0.2.0/24"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("unknown", ""),
        ("", ""),
        ("192.0.2.7; DROP", ""),
    ],
)
def test_a_block_is_what_one_household_or_office_has(address, block):
    assert block_of(address, 24, 56) == block


# --- Traces -----------------------------------------------------------------------------------------------------------


def test_voting_and_writing_leave_one_trace_of_a_network(reader, author, signed_in):
    thread = make_thread()
    browser = signed_in(reader)
    first, second = make_comment(thread, author), make_comment(thread, author, "And it was cheap.")
    with time_machine.travel(NOON, tick=False):
        assert vote(browser, first, REMOTE_ADDR="192.0.2.7").status_code == 302
    with time_machine.travel(LATER, tick=False):
        vote(browser, second, REMOTE_ADDR="192.0.2.200")
        browser.post(f"/t/{thread.pk}/comments/", {"body": "So it was.", "key": "k1"}, REMOTE_ADDR="192.0.2.8")
        assert Trace.objects.values_list("member", "seen_at").get() == (reader.pk, NOON)
        vote(browser, second, value="-1", REMOTE_ADDR="198.51.100.4")
    with time_machine.travel(NOON + dt.timedelta(hours=2), tick=False):
        vote(browser, second, REMOTE_ADDR="192.0.2.7")
    times = Trace.objects.order_by("seen_at").values_list("seen_at", flat=True)
    assert list(times) == [LATER, NOON + dt.timedelta(hours=2)]


def test_reading_following_drafting_and_what_is_refused_leave_none(reader, signed_in, stranger):
    thread = make_thread()
    own = make_comment(thread, reader)
    browser = signed_in(reader)
    assert vote(browser, own).status_code == 409
    assert vote(stranger, own).status_code in (302, 403)
    browser.get(f"/t/{thread.pk}/")
    browser.post(f"/t/{thread.pk}/seen/", {"number": "1"})
    browser.post(f"/t/{thread.pk}/draft/", {"body": "I think"})
    browser.post(f"/t/{thread.pk}/follow/", {"value": "1"})
    assert not Trace.objects.exists()


@override_settings(PROXIES=1)
def test_behind_a_proxy_it_is_the_readers_network_and_not_the_proxys(reader, author, signed_in):
    comment = make_comment(make_thread(), author)
    vote(signed_in(reader), comment, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.7"})
    actions.trace(author, "192.0.2.1")
    assert Trace.objects.values("network").distinct().count() == 1


def test_no_column_of_any_table_holds_an_address(reader, author, signed_in):
    """V-09."""
    comment = make_comment(make_thread(), author)
    vote(signed_in(reader), comment, REMOTE_ADDR="203.0.113.77")
    assert Trace.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            rows = cursor.execute(f'SELECT * FROM "{table}"') or cursor  # noqa: S608 - our own tables
            found = [row for row in rows.fetchall() if "203.0.113" in repr(row)]
            assert found == [], table


def test_the_key_is_new_every_thirty_days_and_the_old_one_is_gone(reader, author):
    with time_machine.travel(NOON, tick=False):
        actions.trace(reader, "192.0.2.7")
    before = bytes(NetworkKey.objects.get().key)
    with time_machine.travel(NOON + dt.timedelta(days=29), tick=False):
        actions.forget_networks()
        assert Trace.objects.count() == 1
    with time_machine.travel(NOON + dt.timedelta(days=31), tick=False):
        actions.trace(author, "192.0.2.7")
        assert actions.forget_networks() == 1
        assert bytes(NetworkKey.objects.get().key) != before
        assert reads.look_alikes(reader) == []


# --- Look-alikes ------------------------------------------------------------------------------------------------------


def rename_mail(member, email):
    User.objects.filter(pk=member.pk).update(email=email)
    member.refresh_from_db()


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("mikan@readers.example", "mikan+news@readers.example", True),
        ("mikan+a@readers.example", "mikan+b@readers.example", True),
        ("mikan+a@readers.example", "mikan@readers.example", True),
        ("mikan@readers.example", "mi.kan@readers.example", False),
        ("mikan@readers.example", "mikan@readers.example.org", False),
        ("mikan@readers.example", "mikanx@readers.example", False),
        ("m.i.kan@gmail.com", "mikan+x@googlemail.com", True),
        ("mikan@googlemail.com", "mi.kan@gmail.com", True),
        ("mikan@gmail.com", "mikan@readers.example", False),
        ("mi_kan@readers.example", "mixkan@readers.example", False),
        (".*@readers.example", "mikan@readers.example", False),
        ("+a@readers.example", "+b@readers.example", False),
    ],
)
def test_addresses_of_one_mailbox_are_alike(reader, one, other, alike):
    """S-116."""
    second = make_member()
    rename_mail(reader, one)
    rename_mail(second, other)
    assert [found.member for found in reads.look_alikes(reader) if found.same_mailbox] == [second] * alike


def test_members_of_one_network_are_alike_unless_it_is_crowded(reader, author, django_assert_num_queries):
    make_member()
    for member in (reader, author):
        actions.trace(member, "192.0.2.7")
        actions.trace(member, "198.51.100.7")
    with django_assert_num_queries(3):
        found = reads.look_alikes(reader)
    assert [(each.member, each.same_mailbox, each.networks) for each in found] == [(author, False, 2)]
    assert found[0].last_seen == Trace.objects.filter(member=author).latest("seen_at").seen_at
    for _ in range(reads.CROWDED_NETWORK - 1):
        actions.trace(make_member(), "192.0.2.9")
    assert [(each.member, each.networks) for each in reads.look_alikes(reader)] == [(author, 1)]


def test_who_is_switched_off_is_found_and_nothing_is_done_to_anybody(reader, author):
    author.is_active = False
    author.save()
    for member in (author, reader):
        actions.trace(member, "192.0.2.7")
    assert [each.member for each in reads.look_alikes(reader)] == [author]
    reader.refresh_from_db()
    assert reader.is_active
