"""What is true of every request: broken text reaches no database, and cookies say only what they must."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, override_settings

from kawaraban.newsroom.testing import make_story

PATHS = ("/{}/", "/city/{}/", "/member/{}/", "/media/{}", "/desk/{}/")
QUERIES = ("/search/?q={}", "/?x={}", "/?{}=1", "/member/none/?page={}", "/desk/?n={}")


def answers(browser: Client, places: tuple[str, ...], text: str) -> dict[str, int]:
    """The status for each place in an address that may hold a text."""
    return {place: browser.get(place.format(text)).status_code for place in places}


@pytest.mark.parametrize("text", ["%00", "a%00b", "caf%C3%A9%00"])
def test_an_address_with_a_nul_is_refused(site, stranger, text):
    assert answers(stranger, PATHS + QUERIES, text) == dict.fromkeys(PATHS + QUERIES, 400)


# A lone continuation byte, two cut sequences, an overlong slash, a lone surrogate, and another encoding's mark.
BROKEN = ["%80", "%c3", "%c3%28", "%c0%af", "%ed%a0%80", "%ff%fe"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_question_that_is_no_text_is_refused(site, stranger, text):
    assert answers(stranger, QUERIES, text) == dict.fromkeys(QUERIES, 400)


@pytest.mark.parametrize("text", BROKEN)
def test_a_path_that_is_no_text_is_that_of_no_page(site, stranger, editor, signed_in, text):
    """Django's test client mends such a path before we see it; that the server does not is tested in test_cli."""
    assert set(answers(signed_in(editor), PATHS, text).values()) <= {400, 404}


@pytest.mark.parametrize("text", ["caf%C3%A9", "%E6%A9%8B", "%F0%9F%8C%89", "%2500", "a+b", "%C2%A0", "%E2%80%AE"])
def test_an_address_that_is_text_is_not_refused(site, stranger, text):
    assert stranger.get(f"/search/?q={text}").status_code == 200
    assert stranger.get(f"/{text}/").status_code == 404


def test_a_refused_address_is_not_repeated(site, stranger):
    response = stranger.get("/search/?q=cormorant%00")
    assert response.status_code == 400
    assert b"cormorant" not in response.content
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("field", ["body", "key", "value", "more"])
@pytest.mark.parametrize("address", ["comments/", "1/vote/", "1/edit/"])
def test_a_form_with_a_nul_breaks_nothing(site, reader, signed_in, address, field):
    story = make_story()
    browser = signed_in(reader)
    browser.post(f"/t/{story.thread_id}/comments/", {"body": "Said.", "key": "first"})
    fields = {"body": "Said again.", "key": "second", "value": "1", field: "a\0b"}
    assert browser.post(f"/t/{story.thread_id}/{address}", fields).status_code < 500


@pytest.mark.parametrize("field", ["login", "password", "next"])
def test_a_sign_in_with_a_nul_breaks_nothing(site, stranger, field):
    fields = {"login": "reader@readers.example", "password": "seven-wet-umbrellas", "next": "/", field: "a\0b"}
    assert stranger.post("/account/login/", fields).status_code < 500


@pytest.mark.parametrize("cookie", ["a\\000bcdefghijk", "x" * 5_000, "'; --", "\\377\\376aaaaaaaa"])
def test_a_session_cookie_that_nobody_gave_out_is_a_strangers(site, cookie):
    response = Client().get("/account/", headers={"cookie": f'{settings.SESSION_COOKIE_NAME}="{cookie}"'})
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


def test_who_reads_gets_no_cookie(site, stranger):
    story = make_story()
    for address in ("/", "/city/", story.url, f"/t/{story.thread_id}/mine/", "/search/?q=bridge", "/rules/", "/none/"):
        response = stranger.get(address, headers={"cookie": ""})
        assert response.cookies == {}, address


def test_signing_in_leaves_a_sign_that_names_nobody(site, reader):
    browser = Client()
    address = reader.email
    response = browser.post("/account/login/", {"login": address, "password": "seven-wet-umbrellas"})
    assert response.status_code == 302
    sign = response.cookies["signed_in"]
    assert (sign.value, sign["httponly"], sign["samesite"]) == ("1", "", "Lax")
    session = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert sign["max-age"] == session["max-age"]
    gone = browser.post("/account/logout/")
    assert gone.cookies["signed_in"]["max-age"] == 0


@override_settings(SESSION_COOKIE_SECURE=True)
def test_the_sign_travels_as_safely_as_the_session(site, reader):
    response = Client().post("/account/login/", {"login": reader.email, "password": "seven-wet-umbrellas"})
    assert response.cookies["signed_in"]["secure"]


def test_the_desk_has_the_wider_policy_and_the_site_has_not(site, editor, signed_in):
    browser = signed_in(editor)
    desk, page = browser.get("/desk/"), browser.get("/")
    assert "'unsafe-inline'" in desk["Content-Security-Policy"]
    assert desk["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "connect-src 'self'"):
        assert directive in desk["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/desk", "/deskew/", "/x/desk/"])
def test_an_address_that_only_looks_like_the_desk_has_the_sites_policy(site, stranger, address):
    assert "unsafe" not in stranger.get(address)["Content-Security-Policy"]
