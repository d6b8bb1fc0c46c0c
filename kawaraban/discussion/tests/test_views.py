"""The discussion over HTTP: methods, fragments, permalinks, and threads that are switched off."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kawaraban.discussion import actions
from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import make_comment, make_thread, put_away
from kawaraban.discussion.tests.unchanged import everything

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def comment(author):
    """A comment of the author's, posted just now."""
    return make_comment(make_thread(), author)


def address(name, comment):
    numbers = [comment.thread_id] if name in ("thread", "mine", "post") else [comment.thread_id, comment.number]
    return reverse(f"discussion:{name}", args=[comment.author.slug] if name == "member" else numbers)


# --- Methods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["post", "vote"])
@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options", "trace"])
def test_what_only_writes_answers_to_post_alone(name, method, reader, signed_in, comment):
    """S-023."""
    before = everything()
    answer = getattr(signed_in(reader), method)(address(name, comment))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert everything() == before


@pytest.mark.parametrize("name", ["thread", "mine", "comment", "member"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_what_only_reads_answers_to_get_and_head_alone(name, method, author, signed_in, comment):
    answer = getattr(signed_in(author), method)(address(name, comment))
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("name", ["edit", "delete", "remove", "restore"])
@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_a_question_is_asked_by_get_and_answered_by_post(name, method, moderator, signed_in, comment):
    assert getattr(signed_in(moderator), method)(address(name, comment)).status_code == 405


@pytest.mark.parametrize("name", ["thread", "mine", "comment", "member", "edit", "delete"])
def test_head_answers_like_get_without_a_body_and_without_effect(name, author, signed_in, comment):
    browser, before = signed_in(author), everything()
    got, headed = browser.get(address(name, comment)), browser.head(address(name, comment))
    assert (headed.status_code, headed["Content-Type"]) == (got.status_code, got["Content-Type"])
    assert headed.content == b""
    assert everything() == before


def test_a_method_in_a_header_or_field_does_not_count(author, signed_in, comment):
    """S-021: no override turns a look into a deed."""
    before = everything()
    browser, where = signed_in(author), address("delete", comment)
    browser.get(where, {"_method": "POST"}, headers={"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"})
    assert everything() == before


# --- Fragments --------------------------------------------------------------------------------------------------------


def is_one_comment(answer):
    body = answer.content.decode()
    return body.strip().startswith("<li") and body.count('<li class="comment"') == 1 and "<html" not in body


def test_a_script_gets_the_comment_and_nothing_around_it(author, moderator, signed_in, comment):
    browser, staff = signed_in(author), signed_in(moderator)
    form = {"body": "Another.", "key": "key-1"}
    posted = browser.post(address("post", comment), form, headers=FRAGMENT)
    assert posted.status_code == 201
    for answer in (
        posted,
        browser.post(address("post", comment), form, headers=FRAGMENT),
        browser.post(address("edit", comment), {"body": "Mended."}, headers=FRAGMENT),
        staff.post(address("vote", comment), {"value": "1"}, headers=FRAGMENT),
        staff.post(address("remove", comment), {"rule": "1"}, headers=FRAGMENT),
        staff.post(address("restore", comment), headers=FRAGMENT),
        browser.post(address("delete", comment), headers=FRAGMENT),
    ):
        assert answer.status_code in (200, 201)
        assert is_one_comment(answer)
        assert b"csrf" not in answer.content
        assert "data-own" not in answer.content.decode()


def test_a_script_gets_the_form_alone_when_it_asks_for_one(author, signed_in, comment):
    for name in ("edit", "delete"):
        body = signed_in(author).get(address(name, comment), headers=FRAGMENT).content.decode()
        assert body.count("<form") == 1
        assert "<html" not in body


@pytest.mark.parametrize(
    ("name", "form", "status", "begins"),
    [
        ("post", {"body": ""}, 409, "<p"),
        ("post", {"body": "The ferry was never late."}, 409, "<form"),
        ("vote", {"value": "1"}, 409, "<p"),
        ("vote", {"value": "7"}, 400, "<p"),
        ("edit", {"body": "x" * 5001}, 409, "<form"),
    ],
)
def test_a_script_hears_why_it_was_refused(name, form, status, begins, author, signed_in, comment):
    answer = signed_in(author).post(address(name, comment), form, headers=FRAGMENT)
    body = answer.content.decode()
    assert answer.status_code == status
    assert body.strip().startswith(begins)
    assert '<p class="error" role="alert">' in body
    assert "<html" not in body


def test_a_refused_reply_by_script_keeps_its_words(author, signed_in, comment):
    answer = signed_in(author).post(address("post", comment), {"body": "x" * 5001}, headers=FRAGMENT)
    assert "x" * 5001 + "</textarea>" in answer.content.decode()


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_a_permalink_leads_to_the_comment_in_its_place(stranger, comment):
    answer = stranger.get(address("comment", comment))
    assert (answer.status_code, answer["Location"]) == (302, f"{comment.thread.url}#comment-{comment.number}")
    put_away(comment, "removed")
    assert stranger.get(address("comment", comment)).status_code == 302


@pytest.mark.parametrize("path", ["/t/0/", "/t/999999999/", "/t/99999999999999999999/", "/t/-1/", "/t/1.0/", "/t/x/"])
def test_a_thread_that_does_not_exist_is_not_found(path, stranger, site):
    assert stranger.get(path).status_code == 404


def test_a_discussion_that_is_switched_off_is_nowhere(author, moderator, signed_in, stranger, comment):
    actions.describe_thread(comment.thread_id, title="x", url="/x/", state=Thread.State.OFF)
    before = everything()
    for browser in (stranger, signed_in(author), signed_in(moderator)):
        for name in ("thread", "mine", "comment"):
            assert browser.get(address(name, comment)).status_code == 404
    for name in ("post", "vote", "edit", "delete", "remove"):
        form = {"body": "Into the void.", "value": "1", "key": "key-1"}
        assert signed_in(moderator).post(address(name, comment), form).status_code == 404
    assert everything() == before


def test_a_closed_thread_says_so_and_offers_no_form(reader, signed_in, comment):
    actions.describe_thread(comment.thread_id, title="x", url="/x/", state=Thread.State.CLOSED)
    page = signed_in(reader).get(address("thread", comment)).content.decode()
    assert "Comments are closed" in page
    assert "<textarea" not in page
    assert 'class="vote"' not in page
    assert comment.source in page


def test_what_is_personal_is_never_stored(author, signed_in, stranger, comment):
    """S-055."""
    for browser in (stranger, signed_in(author)):
        for name in ("thread", "mine"):
            kept = browser.get(address(name, comment))["Cache-Control"]
            assert "no-store" in kept
            assert "private" in kept


def test_what_is_mine_is_mine_alone(author, reader, signed_in, stranger, comment):
    actions.cast_vote(reader, comment.thread_id, comment.number, 1)
    own = signed_in(author).get(address("mine", comment)).content.decode()
    others = signed_in(reader).get(address("mine", comment)).content.decode()
    nobodys = stranger.get(address("mine", comment)).content.decode()
    assert author.handle in own
    assert "/edit/" in own
    assert re.search(r'id="my-votes"[^>]*>{}<', own)
    assert author.handle not in others
    assert "/edit/" not in others
    assert re.search(r'id="my-votes"[^>]*>{"1": 1}<', others)
    assert "csrf" not in nobodys
    assert "votes" not in nobodys
