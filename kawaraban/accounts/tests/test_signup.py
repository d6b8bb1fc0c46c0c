"""Somebody becomes a member: a handle of their own, the rules agreed to, an address that has been confirmed."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from kawaraban.accounts.models import READER, User
from kawaraban.accounts.testing import PASSWORD, make_member
from kawaraban.accounts.tests.inert import ATTACKS, dangers, skeleton

ASKED = {"handle": "Setsuko B.", "email": "setsuko@readers.example", "password1": "seven-wet-umbrellas", "rules": "on"}


@pytest.fixture(autouse=True)
def _tables(db):
    """Every page asks the database for the masthead."""


def sign_up(browser, **changes):
    form = {name: value for name, value in {**ASKED, **changes}.items() if value is not None}
    return browser.post("/account/signup/", form)


def link_in(message):
    return re.search(r"https?://[^/\s]+(/\S+)", message.body)[1]


def is_signed_in(browser):
    return b"Sign out" in browser.get("/account/mine/").content


# --- The way in -------------------------------------------------------------------------------------------------------


def test_a_new_member_follows_the_mailed_link_and_is_in(stranger):
    answer = sign_up(stranger)
    assert (answer.status_code, answer["Location"]) == (302, "/account/confirm-email/")
    assert not is_signed_in(stranger)
    assert [message.to for message in mail.outbox] == [[ASKED["email"]]]
    page = stranger.get(link_in(mail.outbox[0])).content.decode()
    assert "Setsuko B." in page
    assert not is_signed_in(stranger)
    confirmed = stranger.post(link_in(mail.outbox[0]))
    assert (confirmed.status_code, confirmed["Location"]) == (302, "/")
    assert is_signed_in(stranger)
    member = User.objects.get()
    assert (member.handle, member.slug, member.email) == ("Setsuko B.", "setsuko-b", ASKED["email"])
    assert member.roles == {READER}
    assert not member.is_staff
    assert not member.is_superuser
    assert member.rules_agreed_at
    assert EmailAddress.objects.get().verified


def test_the_link_in_another_browser_confirms_and_signs_nobody_in(stranger):
    sign_up(stranger)
    other = Client()
    other.post(link_in(mail.outbox[0]))
    assert EmailAddress.objects.get().verified
    assert not is_signed_in(other)


def test_looking_at_the_link_confirms_nothing(stranger):
    """S-023: mail programs open links to look for malice."""
    sign_up(stranger)
    for _ in range(2):
        Client().get(link_in(mail.outbox[0]))
        Client().head(link_in(mail.outbox[0]))
    assert not EmailAddress.objects.get().verified


def test_a_link_that_was_tampered_with_confirms_nothing(stranger):
    sign_up(stranger)
    link = link_in(mail.outbox[0])
    answer = Client().post(f"{link[:-4]}xyz/")
    assert answer.status_code in (200, 302, 404)
    assert not EmailAddress.objects.get().verified


def test_the_mail_holds_plain_text_the_handle_and_one_link(stranger):
    """S-012."""
    sign_up(stranger)
    message = mail.outbox[0]
    assert message.content_subtype == "plain"
    assert message.alternatives == []
    assert message.body.count("://") == 1
    assert '"Setsuko B."' in message.body
    assert "\n" not in message.subject


def test_an_unconfirmed_member_cannot_sign_in_and_gets_the_link_again(stranger):
    member = make_member("Setsuko", verified=False)
    answer = stranger.post("/account/login/", {"login": member.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/account/confirm-email/")
    assert not is_signed_in(stranger)
    assert [message.to for message in mail.outbox] == [[member.email]]
    stranger.post(link_in(mail.outbox[0]))
    assert EmailAddress.objects.get(user=member).verified


# --- What is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": None},
        {"rules": ""},
        {"handle": None},
        {"handle": "x"},
        {"handle": "Moderator"},
        {"handle": "a\x00b"},
        {"handle": "<b>Bob"},
        {"handle": "x" * 10_000},
        {"email": None},
        {"email": "nobody"},
        {"email": "a\x00b@readers.example"},
        {"email": "a@readers.example\r\nBcc: all@readers.example"},
        {"email": "x" * 250 + "@readers.example"},
        {"password1": None},
        {"password1": ""},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_a_form_that_lacks_something_is_shown_again_with_the_reason(stranger, changes):
    answer = sign_up(stranger, **changes)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert not User.objects.exists()
    assert mail.outbox == []
    assert ASKED["password1"] not in page


@pytest.mark.parametrize(
    "password", ["short", "eleven-lett", "1q2w3e4r5t6y", "Qwertyuiop123", ASKED["email"], "setsuko@readers"]
)
def test_a_weak_password_is_refused(stranger, password):
    """Twelve characters at least, none of the common ones, and not one's own address."""
    answer = sign_up(stranger, password1=password)
    assert answer.status_code == 200
    assert 'id="id_password1_error"' in answer.content.decode()
    assert not User.objects.exists()


def test_twelve_characters_of_any_kind_are_a_password(stranger):
    assert sign_up(stranger, password1="傘が七本、全部ぬれています").status_code == 302
    assert User.objects.get().check_password("傘が七本、全部ぬれています")


@pytest.mark.parametrize("typed", ["old ferryman", "0ld Ferryman", "Old.Ferryman", "OldFerryman", "Óld Ferryman"])
def test_a_handle_that_looks_like_anothers_is_refused(reader, stranger, typed):
    """S-078."""
    answer = sign_up(stranger, handle=typed)
    assert answer.status_code == 200
    assert "looks like it" in answer.content.decode()
    assert User.objects.get() == reader


def test_the_handle_is_kept_tidied_and_its_address_is_free(reader, stranger):
    sign_up(stranger, handle="  \uff2fld   Ferry ")
    assert User.objects.get(handle="Old Ferry").slug == "old-ferry"


def test_a_form_makes_nobody_staff(stranger):
    """S-037."""
    claims = {
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "on",
        "title": "Editor",
        "groups": "1",
        "role": "Editor",
    }
    sign_up(stranger, **claims, verified="on", slug="front", skeleton="x", id="99")
    member = User.objects.get()
    assert (member.is_staff, member.is_superuser, member.title, member.slug) == (False, False, "", "setsuko-b")
    assert member.roles == {READER}
    assert not EmailAddress.objects.get().verified


def test_an_attack_in_a_field_is_shown_as_words(stranger):
    """S-001, S-015."""
    harmless = skeleton(sign_up(stranger, handle="!", email="!").content)
    for attack in ATTACKS:
        page = sign_up(stranger, handle=attack[:200], email=attack[:200]).content
        assert dangers(page) == []
        names = {tag for tag, _ in skeleton(page)}
        assert names <= {tag for tag, _ in harmless} | {"p", "div"}


# --- Who is a member is nobody's business -----------------------------------------------------------------------------


def answers(browser, email, handle):
    """What a browser can tell apart after signing up."""
    answer = sign_up(browser, email=email, handle=handle)
    page = browser.get(answer.get("Location", "/account/confirm-email/"))
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    cookies = sorted((name, cookie["max-age"]) for name, cookie in browser.cookies.items())
    return answer.status_code, answer.get("Location"), page.status_code, text, cookies


@pytest.mark.parametrize("spelling", ["{}", "{} ", "upper"])
def test_signing_up_with_a_known_address_tells_nothing(reader, spelling):
    """S-063: text, status, cookies; the owner of the address gets a mail instead."""
    known = reader.email.upper() if spelling == "upper" else spelling.format(reader.email)
    fresh = answers(Client(), "nobody-yet@readers.example", "Nobody Yet")
    assert answers(Client(), known, "Somebody Else") == fresh
    assert User.objects.count() == 2
    assert [message.to for message in mail.outbox] == [["nobody-yet@readers.example"], [reader.email]]
    assert "confirm-email" not in mail.outbox[1].body


def test_asking_for_a_new_password_tells_nothing(reader, stranger):
    """S-063."""
    seen = []
    for email in (reader.email, "nobody@readers.example"):
        answer = stranger.post("/account/password/reset/", {"email": email})
        page = stranger.get(answer["Location"]).content.decode()
        seen.append((answer.status_code, answer["Location"], page.replace(email, "")))
    assert seen[0] == seen[1]


def test_a_wrong_password_and_an_unknown_address_are_told_apart_by_nothing(reader):
    """S-063."""
    seen = []
    for email in (reader.email, "nobody@readers.example"):
        answer = Client().post("/account/login/", {"login": email, "password": "not-the-password"})
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        seen.append((answer.status_code, text.replace(email, "")))
    assert seen[0] == seen[1]
