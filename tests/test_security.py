"""What nobody may see, what is alike for everyone, and what every answer carries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from kawaraban.accounts.tests.inert import ATTACKS, dangers, read, skeleton
from kawaraban.discussion import actions
from kawaraban.discussion.testing import hold_comment, make_comment, remove_comment
from kawaraban.newsroom.testing import make_story
from kawaraban.urls import handler404, handler500  # noqa: F401 - this module is a URLconf too, with two faults added
from kawaraban.urls import urlpatterns as all_of_the_site

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def fault(request):
    raise RuntimeError("This is a fault of ours.")


urlpatterns = [
    path("fault/", fault),
    path("desk/fault/", fault),
    path("bare/", lambda request: HttpResponse("<p>x</p>")),
    *all_of_the_site,
]


@pytest.fixture
def story(site):
    """A published story with an open discussion."""
    return make_story()


@pytest.fixture
def comment(story, author):
    """The author's comment under the story."""
    return make_comment(story.thread, author, "The ferry was never late.")


@pytest.fixture
def browsers(author, reader, moderator, editor, signed_in):
    """A stranger, members and staff, each in a browser of their own."""
    people = {"author": author, "reader": reader, "moderator": moderator, "editor": editor}
    return {"stranger": Client(), **{who: signed_in(member) for who, member in people.items()}}


# --- What nobody may read ---------------------------------------------------------------------------------------------

CANARY = "zqxcanaryzqx"


def put_out_of_sight(state, comment, author, moderator):
    numbers = (comment.thread_id, comment.number)
    if state == "removed":
        remove_comment(moderator, *numbers)
    elif state == "deleted":
        actions.delete_comment(author, *numbers)
    elif state == "edited":
        actions.edit_comment(author, *numbers, "Better words.")
    elif state == "held":
        hold_comment(moderator, *numbers)


@pytest.mark.parametrize("state", ["visible", "removed", "held", "deleted", "edited"])
def test_words_out_of_sight_are_nowhere(state, story, author, moderator, browsers):
    """S-034: on no page, for nobody, not even in the answer to what is refused."""
    made = make_comment(story.thread, author, f"Before {CANARY} after.")
    put_out_of_sight(state, made, author, moderator)
    thread, one = f"/t/{story.thread_id}/", f"/t/{story.thread_id}/{made.number}/"
    pages = {"stranger": ["/", "/city/", story.url, thread, one, author.get_absolute_url(), "/search/?q=bridge"]}
    own = [thread, f"{thread}mine/", *(f"{one}{deed}/" for deed in ("edit", "delete", "remove", "restore"))]
    pages |= {"author": own, "reader": own, "moderator": own}
    seen = {
        (who, page)
        for who in pages
        for page in pages[who]
        if CANARY in browsers[who].get(page, follow=True).content.decode()
    }
    shown = {("stranger", page) for page in (story.url, thread, one, author.get_absolute_url())}
    shown |= {("author", thread), ("reader", thread), ("moderator", thread), ("author", f"{one}edit/")}
    assert seen == (shown if state == "visible" else set())
    assert "0 found" in browsers["stranger"].get("/search/", {"q": CANARY}).content.decode()


@pytest.mark.parametrize("state", ["removed", "held", "deleted"])
def test_words_out_of_sight_are_in_no_answer(state, story, author, moderator, browsers):
    """S-034."""
    made = make_comment(story.thread, author, f"Before {CANARY} after.")
    put_out_of_sight(state, made, author, moderator)
    for who in ("author", "reader", "moderator"):
        for deed in ("edit", "vote", "delete", "remove"):
            for headers in ({}, {"X-Fragment": "1"}):
                address = f"/t/{story.thread_id}/{made.number}/{deed}/"
                answer = browsers[who].post(address, {"body": "", "value": "1"}, headers=headers, follow=True)
                assert CANARY not in answer.content.decode()
    form = {"body": f"Before {CANARY} after.", "key": made.key}
    answer = browsers["author"].post(f"/t/{story.thread_id}/comments/", form, headers={"X-Fragment": "1"})
    assert CANARY not in answer.content.decode()


# --- Alike for everyone -----------------------------------------------------------------------------------------------


def test_a_page_for_everyone_is_the_same_for_everyone(story, comment, reader, author, browsers):
    """S-055, S-022, V-01: no name, no vote, no token, no cookie of whoever asked first."""
    actions.cast_vote(reader, comment.thread_id, comment.number, 1)
    with time_machine.travel(NOON, tick=False):
        for page in ("/", "/city/", story.url, author.get_absolute_url(), "/search/?q=bridge", "/rules/"):
            answers = {who: browser.get(page) for who, browser in browsers.items()}
            assert len({answer.content for answer in answers.values()}) == 1, page
            assert {answer.status_code for answer in answers.values()} == {200}
            assert [answer.cookies for answer in answers.values() if answer.cookies] == []
            body = answers["reader"].content.decode()
            for canary in ("csrf", "nonce", reader.handle, reader.email, "Sign out", "sessionid"):
                assert canary not in body, (page, canary)


def test_what_a_script_is_sent_stands_so_in_the_page_for_everyone(story, browsers):
    """The author, everyone who watches and everyone who comes later receive the same bytes."""
    thread = f"/t/{story.thread_id}/"
    own, other, staff = map(browsers.get, ("author", "reader", "moderator"))
    with time_machine.travel(NOON, tick=False):
        for browser, deed, form in (
            (own, "comments/", {"body": "*Once* said.\n\n> quoted", "key": "key-1"}),
            (other, "1/vote/", {"value": "-1"}),
            (own, "1/edit/", {"body": "Better said: https://a.example/"}),
            (staff, "1/remove/", {"rule": "1"}),
            (staff, "1/restore/", {}),
            (own, "1/delete/", {}),
        ):
            answer = browser.post(thread + deed, form, headers={"X-Fragment": "1"})
            assert answer.status_code in (200, 201)
            assert answer.content.count(b'<li class="comment"') == 1
            assert answer.content.strip() in browsers["stranger"].get(story.url).content, deed


def test_a_stranger_reads_ten_pages_and_gets_no_cookie(story, comment, stranger):
    """V-01."""
    thread = f"/t/{comment.thread_id}/"
    for page in (
        "/", "/city/", story.url, thread, f"{thread}mine/", f"{thread}1/", f"{thread}write/", "/member/mikan/",
        "/search/?q=ferry", "/rules/", "/account/mine/", "/nothing/here/", "/site.css", f"{thread}1/vote/", "/desk/",
    ):  # fmt: skip
        stranger.get(page)
        assert dict(stranger.cookies) == {}, page


# --- Words are words --------------------------------------------------------------------------------------------------


def test_an_attack_in_a_search_or_an_address_is_words(story, stranger):
    """S-001, S-015, S-019."""
    harmless = skeleton(stranger.get("/search/", {"q": "nothing like it"}).content)
    for attack in ATTACKS:
        answer = stranger.get("/search/", {"q": attack, "page": attack})
        assert (answer.status_code, dangers(answer.content)) == (200, []), attack
        assert skeleton(answer.content) == harmless, attack
        assert " ".join(attack.split()) in read(answer.content).text
        for page in (f"/{attack}", f"/city/{attack}/", f"/t/1/?sort={attack}", f"/member/{attack}/"):
            assert dangers(stranger.get(page).content) == []


def test_no_page_loads_or_runs_what_is_not_ours(story, comment, browsers):
    """S-017, V-02: what the content policy would block is not there to begin with."""
    thread = f"/t/{comment.thread_id}/"
    pages = (
        "/",
        "/city/",
        story.url,
        thread,
        f"{thread}1/edit/",
        "/search/",
        "/rules/",
        "/account/",
        "/nothing/",
        "/member/mikan/",
    )
    for who in ("stranger", "author"):
        for page in pages:
            assert dangers(browsers[who].get(page, follow=True).content) == [], page


# --- What every answer carries ----------------------------------------------------------------------------------------


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy_of(answer):
    parts = (part.split() for part in answer.get("Content-Security-Policy", "none").split(";"))
    return {name: sources for name, *sources in parts}


def lacks(answer):
    """What the answer should carry and does not."""
    policy = policy_of(answer)
    wanted = {name: ["'none'"] for name in ("default-src", "object-src", "base-uri", "frame-ancestors")}
    wanted |= {name: ["'self'"] for name in ("script-src", "style-src", "form-action")}
    missing = [name for name, sources in wanted.items() if policy.get(name) != sources]
    missing += [name for name, value in {**HEADERS, "X-Frame-Options": "DENY"}.items() if answer.get(name) != value]
    missing += ["Permissions-Policy"] if "camera=()" not in answer.get("Permissions-Policy", "") else []
    return missing + [source for sources in policy.values() for source in sources if "unsafe" in source]


ANSWERS = {
    "/": 200, "/city/": 200, "/search/?q=x": 200, "/rules/": 200, "/site.css": 200, "/account/login/": 200,
    "/account/mine/": 200, "/bare/": 200, "/account/": 302, "/city": 301, "/nothing/": 404,
    "/t/999999/": 404, "/media/nothing.png": 404, "/static/nothing.css": 404, "/fault/": 500, "/search/?q=%00": 400,
}  # fmt: skip


@pytest.mark.urls(__name__)
def test_every_answer_is_protected(site, story):
    """S-017, S-026, S-103."""
    browser = Client(raise_request_exception=False)
    answers = {page: browser.get(page) for page in ANSWERS}
    assert {page: answer.status_code for page, answer in answers.items()} == ANSWERS
    assert {page: lacks(answer) for page, answer in answers.items() if lacks(answer)} == {}


@pytest.mark.urls(__name__)
def test_refusals_are_protected_too(comment, signed_in, author):
    browser, strict = signed_in(author), Client(enforce_csrf_checks=True)
    thread = f"/t/{comment.thread_id}/"
    answers = {
        405: browser.get(f"{thread}comments/"),
        400: browser.post(f"{thread}1/vote/", {"value": "7"}),
        409: browser.post(f"{thread}1/vote/", {"value": "1"}),
        403: strict.post("/account/login/"),
        "host": browser.get("/", headers={"host": "evil.example"}),
    }
    assert [answer.status_code for answer in answers.values()] == [405, 400, 409, 403, 400]
    assert {name: lacks(answer) for name, answer in answers.items() if lacks(answer)} == {}


def test_a_preview_is_a_page_of_the_site_that_the_desk_frames(story, editor, signed_in):
    answer = signed_in(editor).get(f"/desk/pages/{story.pk}/view_draft/")
    assert story.title in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.urls(__name__)
def test_the_desk_is_framed_by_nobody_but_itself(site, editor, signed_in):
    browser = signed_in(editor)
    browser.raise_request_exception = False
    for page, status in (("/desk/", 200), ("/desk/pages/", 200), ("/desk/nothing/", 404), ("/desk/fault/", 500)):
        answer = browser.get(page)
        assert answer.status_code == status
        policy = policy_of(answer)
        assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == ["'none'"]
        assert policy["frame-ancestors"] == ["'self'"]
        assert "'unsafe-eval'" not in answer["Content-Security-Policy"]
        assert {name: answer.get(name) for name in HEADERS} == HEADERS
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
