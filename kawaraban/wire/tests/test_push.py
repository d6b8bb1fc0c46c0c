"""Agencies post what they have, signed; whatever is not signed, not of now, or was sent before is refused."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from kawaraban.formats import ninjs
from kawaraban.wire import actions
from kawaraban.wire.actions.pushing import sign
from kawaraban.wire.models import Feed, PushKey, UsedSignature, WireItem
from kawaraban.wire.testing import an_item, kept, make_feed

pytestmark = pytest.mark.django_db

BODY = ninjs.write(an_item())


def post(feed: Feed, key: str, body: bytes = BODY, at: float = 0, signature: str = "", **headers: str):
    timestamp = str(int(time.time() + at))
    signed = signature or f"sha256={sign(key, timestamp, body)}"
    said = {"X-Kawaraban-Timestamp": timestamp, "X-Kawaraban-Signature": signed} | headers
    return Client(enforce_csrf_checks=True).post(
        reverse("wire_push", args=[feed.pk]), body, content_type="application/json", headers=said
    )


@pytest.fixture
def feed() -> Feed:
    return make_feed()


@pytest.fixture
def key(feed) -> str:
    return actions.make_key(feed.pk)


def test_a_signed_post_is_taken_in(feed, key):
    answer = post(feed, key)
    assert (answer.status_code, answer.headers["Cache-Control"].split(",")[0]) == (200, "max-age=0")
    assert kept().headline == "Ferry runs aground off Uraminato"
    assert PushKey.objects.get().used_at


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Kawaraban-Signature": "sha256=" + "0" * 64},
        {"X-Kawaraban-Signature": "é"},
        {"X-Kawaraban-Signature": ""},
        {"X-Kawaraban-Timestamp": ""},
        {"X-Kawaraban-Timestamp": "-1"},
        {"X-Kawaraban-Timestamp": "9" * 30},
        {"X-Kawaraban-Timestamp": "\uff11\uff17"},
    ],
)
def test_a_post_without_a_good_signature_is_refused_with_a_sentence(feed, key, headers):
    answer = post(feed, key, **headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "push-unsigned"
    assert answer.json()["message"].startswith("The signature is missing or wrong. Nothing was taken in.")
    assert WireItem.objects.count() == 0


def test_a_body_that_was_written_anew_has_another_signature(feed, key):
    timestamp = str(int(time.time()))
    signed = sign(key, timestamp, BODY)
    answer = post(feed, key, BODY.replace(b":", b": ", 1), signature=signed)
    assert answer.status_code == 401


@pytest.mark.parametrize(("at", "status"), [(-310, 401), (310, 401), (-290, 200), (290, 200)])
def test_a_signature_holds_for_five_minutes(feed, key, at, status):
    assert post(feed, key, at=at).status_code == status


def test_the_same_request_is_not_taken_in_twice(feed, key):
    timestamp = str(int(time.time()))
    signed = {"X-Kawaraban-Timestamp": timestamp, "X-Kawaraban-Signature": sign(key, timestamp, BODY).upper()}
    assert post(feed, key, **signed).status_code == 200
    answer = post(feed, key, **signed)
    assert (answer.status_code, answer.json()["code"]) == (401, "push-again")
    assert UsedSignature.objects.count() == 1


def test_late_requests_are_told_apart_from_forged_ones(feed, key):
    assert post(feed, key, at=-4000).json()["code"] == "push-late"


def test_two_keys_hold_while_an_agency_changes_over(feed, key):
    second = actions.make_key(feed.pk)
    assert post(feed, key).status_code == post(feed, second, ninjs.write(an_item(version=2))).status_code == 200
    actions.remove_key(feed.pk, PushKey.objects.order_by("pk").first().pk)
    assert post(feed, key, ninjs.write(an_item(version=3))).status_code == 401
    assert post(feed, second, ninjs.write(an_item(version=4))).status_code == 200


def test_a_key_opens_one_feed_only(feed, key):
    assert post(make_feed("Other"), key).status_code == 401
    assert post(make_feed("Asked", way="http", address="https://a.example/"), key).status_code == 401


def test_a_feed_that_is_not_there_answers_like_a_wrong_key(feed, key):
    assert post(Feed(pk=feed.pk + 99), key).json() == post(feed, "wrong").json()


def test_what_is_too_large_is_not_taken_in(feed, key):
    answer = post(feed, key, b" " * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert post(feed, key, BODY + b" " * (2 * 1024 * 1024)).status_code == 200


def test_what_cannot_be_read_is_said_and_shown(feed, key):
    answer = post(feed, key, BODY[:200])
    assert (answer.status_code, answer.json()["code"]) == (422, "not-readable")
    feed.refresh_from_db()
    assert (feed.failures, feed.health[:27]) == (1, "broken: It could not be rea")
    assert WireItem.objects.count() == 0
    post(feed, key)
    feed.refresh_from_db()
    assert feed.health == "in order"


def test_a_key_is_shown_once_and_not_kept(feed, editor, signed_in):
    browser = signed_in(editor)
    address = reverse("wire_keys", args=[feed.pk])
    page = browser.post(address).content.decode()
    key = re.search(r"<code>([\w-]{43})</code>", page)[1]
    assert post(feed, key).status_code == 200
    assert key not in browser.get(address).content.decode()
    row = PushKey.objects.values().get()
    assert key not in repr(row)
    browser.post(address, {"remove": str(row["id"])})
    assert PushKey.objects.count() == 0
