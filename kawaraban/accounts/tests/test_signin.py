"""Members and staff come in by one door, which closes before those who guess; they stay as long as they should."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, MODERATOR, READER
from kawaraban.accounts.testing import PASSWORD, make_member
from kawaraban.accounts.tests.inert import ATTACKS, dangers

FOURTEEN_DAYS, EIGHT_HOURS = 14 * 24 * 60 * 60, 8 * 60 * 60

# Where `next` must never lead (S-073).
ELSEWHERE = (
    "https://evil.example/", "http://evil.example", "//evil.example/", "///evil.example", "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example", "https:/evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x",
    "/\t/evil.example", "\t//evil.example", " //evil.example", "/\r\n/evil.example", "\x01//evil.example",
    "https://testserver@evil.example/", "https://testserver.evil.example/", "//testserver:80@evil.example/",
    "ftp://testserver/", "//\u3002evil.example", "x" * 9000 + "://evil.example",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _tables(db):
    """Every page asks the database for the masthead."""


def sign_in(browser, email, password=PASSWORD, **more):
    return browser.post("/account/login/", {"login": email, "password": password, **more})


def is_signed_in(browser):
    return b"Sign out" in browser.get("/account/mine/").content


# --- In and out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["old-ferryman@readers.example", " OLD-Ferryman@Readers.Example "])
def test_a_member_signs_in_with_their_address_and_out_again(reader, stranger, typed):
    answer = sign_in(stranger, typed)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(stranger)
    assert "Old Ferryman" in stranger.get("/account/").content.decode()
    answer = stranger.post("/account/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert not is_signed_in(stranger)
    assert not Session.objects.exists()


def test_looking_at_the_way_out_signs_nobody_out(reader, signed_in):
    """S-023."""
    browser = signed_in(reader)
    browser.get("/account/logout/")
    browser.head("/account/logout/")
    assert is_signed_in(browser)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " x", "x" * 100_000, "a\x00b"])
def test_a_wrong_password_opens_nothing(reader, stranger, password):
    assert sign_in(stranger, reader.email, password).status_code == 200
    assert not is_signed_in(stranger)


def test_an_account_that_is_switched_off_does_not_open(reader, stranger):
    reader.is_active = False
    reader.save()
    sign_in(stranger, reader.email)
    assert not is_signed_in(stranger)


def test_an_account_that_is_switched_off_loses_its_open_sessions(reader, signed_in):
    """S-070."""
    browser = signed_in(reader)
    assert is_signed_in(browser)
    reader.is_active = False
    reader.save()
    assert not is_signed_in(browser)
    assert browser.get("/account/").status_code == 302


def test_a_new_password_ends_the_other_sessions(reader, stranger):
    """S-070."""
    here, elsewhere = Client(), stranger
    sign_in(here, reader.email)
    sign_in(elsewhere, reader.email)
    form = {"oldpassword": PASSWORD, "password1": "eight-dry-umbrellas", "password2": "eight-dry-umbrellas"}
    assert here.post("/account/password/change/", form).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


# --- Sessions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "seconds"),
    [(READER, FOURTEEN_DAYS), (MODERATOR, EIGHT_HOURS), (EDITOR, EIGHT_HOURS), (ADMINISTRATOR, EIGHT_HOURS)],
)
def test_a_members_session_lasts_two_weeks_and_that_of_staff_a_shift(stranger, role, seconds):
    member = make_member(role=role)
    answer = sign_in(stranger, member.email)
    assert answer.cookies["session"]["max-age"] == seconds
    assert answer.cookies["signed_in"]["max-age"] == seconds
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds - 60)):
        assert is_signed_in(stranger)
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds + 60)):
        # A browser that keeps its cookie longer than it was told to.
        assert not is_signed_in(Client(headers={"cookie": f"session={answer.cookies['session'].value}"}))


def test_a_session_gets_a_new_name_at_sign_in(reader, stranger):
    """S-069: who planted a session in somebody's browser does not share theirs."""
    sign_in(stranger, make_member("Setsuko", verified=False).email)
    planted = stranger.cookies["session"].value
    sign_in(stranger, reader.email)
    assert is_signed_in(stranger)
    assert stranger.cookies["session"].value != planted
    assert not is_signed_in(Client(headers={"cookie": f"session={planted}"}))
    assert not is_signed_in(Client(headers={"cookie": "session=abcdefghijklmnopqrstuvwxyz012345"}))


def test_the_browser_is_told_whether_asking_is_worth_it(reader, stranger):
    """The hint is a cookie that scripts can read; it names nobody, and goes when the session goes."""
    assert stranger.get("/account/mine/").cookies == {}
    hint = sign_in(stranger, reader.email).cookies["signed_in"]
    assert (hint.value, hint["httponly"], hint["samesite"], hint["path"]) == ("1", "", "Lax", "/")
    assert stranger.cookies["session"]["httponly"]
    assert stranger.cookies["session"]["samesite"] == "Lax"
    cleared = stranger.post("/account/logout/").cookies
    assert {name: (cookie.value, cookie["max-age"]) for name, cookie in cleared.items() if name != "csrf"} == {
        "session": ("", 0),
        "signed_in": ("", 0),
    }


def test_the_hint_goes_with_a_session_that_has_ended(reader, stranger):
    sign_in(stranger, reader.email)
    Session.objects.all().delete()
    assert stranger.get("/account/mine/").cookies["signed_in"]["max-age"] == 0


def test_what_is_somebodys_own_is_never_stored(reader, signed_in):
    """S-055, S-058."""
    browser = signed_in(reader)
    pages = ("/account/", "/account/mine/", "/account/email/", "/account/logout/", "/account/password/change/")
    stored = [page for page in pages if "no-store" not in browser.get(page).get("Cache-Control", "")]
    assert stored == []
    for page in ("/account/x.css", "/account/mine/x.css", "/account/mine/;.js", "/account/mine%2f.css"):
        assert reader.handle not in browser.get(page).content.decode(), page


# --- One door ---------------------------------------------------------------------------------------------------------


def test_the_desk_has_no_sign_in_of_its_own(stranger, editor):
    """S-068."""
    answer = stranger.get("/desk/login/", {"next": "/desk/pages/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=%2Fdesk%2Fpages%2F")
    assert stranger.get("/desk/login/")["Location"] == "/account/login/?next=%2Fdesk%2F"
    assert stranger.post("/desk/login/", {"username": editor.email, "password": PASSWORD}).status_code == 405
    assert not is_signed_in(stranger)
    for page in ("/desk/password_reset/", "/desk/account/change_password/"):
        assert stranger.get(page).status_code in (302, 404)
    assert stranger.get("/admin/").status_code == stranger.get("/django-admin/").status_code == 404


@pytest.mark.parametrize("door", ["/_util/login/", "/desk/login/", "/login/", "/accounts/login/", "/admin/login/"])
def test_no_other_door_lets_anybody_in(door, stranger, editor):
    """S-068: Wagtail brings a sign-in of its own for pages kept for members; it knows no limits and no unconfirmed."""
    unconfirmed = make_member("Setsuko", verified=False)
    for member in (editor, unconfirmed):
        for name in ("username", "login", "email"):
            stranger.post(door, {name: member.email, "password": PASSWORD})
            assert not is_signed_in(stranger)
    assert 'type="password"' not in stranger.get(door).content.decode()


def test_staff_come_to_the_desk_through_it(site, stranger, editor):
    answer = sign_in(stranger, editor.email, next="/desk/")
    assert answer["Location"] == "/desk/"
    assert stranger.get("/desk/").status_code == 200


def test_no_sign_in_or_out_leads_elsewhere(reader, signed_in):
    """S-073."""
    for place in ELSEWHERE:
        answers = [
            sign_in(Client(), reader.email, next=place),
            signed_in(reader).get("/account/login/", {"next": place}),
            signed_in(reader).post("/account/logout/", {"next": place}),
            Client().get("/desk/login/", {"next": place}),
        ]
        for answer in answers:
            assert answer.status_code in (302, 400), place
            way = answer.get("Location", "/")
            assert way in ("/", "/account/") or way.startswith("/account/login/?next="), place
            assert "\n" not in way


def test_next_on_a_page_of_ours_is_followed(reader, stranger):
    assert sign_in(stranger, reader.email, next="/rules/?a=b#c")["Location"] == "/rules/?a=b#c"


def test_an_attack_in_next_or_in_the_address_is_words(stranger, reader, signed_in):
    """S-001, S-015."""
    member, entrances = signed_in(reader), ("/account/login/", "/account/signup/", "/account/password/reset/")
    for attack in ATTACKS:
        for page in entrances:
            assert dangers(stranger.get(page, {"next": attack}).content) == []
        assert dangers(member.get("/account/logout/", {"next": attack}).content) == []
    everything = "".join(ATTACKS)
    for page in entrances:
        form = {"login": everything, "email": everything, "handle": everything, "next": everything}
        assert dangers(stranger.post(page, form).content) == []


# --- Guessing ---------------------------------------------------------------------------------------------------------


def test_after_a_few_wrong_passwords_even_the_right_one_waits(reader, stranger):
    """S-064: by account; from another address and for another account the door is open."""
    for _ in range(5):
        sign_in(stranger, reader.email, "wrong")
    assert sign_in(stranger, reader.email).status_code in (200, 429)
    assert not is_signed_in(stranger)
    other = make_member()
    sign_in(stranger, other.email)
    assert is_signed_in(stranger)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        owner = Client()
        sign_in(owner, reader.email)
        assert is_signed_in(owner)


def many_tries(browser, **headers):
    return [
        browser.post("/account/login/", {"login": f"{number}@a.example", "password": "x"}, headers=headers)
        for number in range(40)
    ]


def test_too_many_tries_from_one_address_are_refused(reader, stranger):
    """S-064, S-066."""
    answers = many_tries(stranger)
    assert [answer.status_code for answer in answers[:9]] == [200] * 9
    assert answers[-1].status_code == 429
    assert sign_in(stranger, reader.email).status_code == 429
    assert not is_signed_in(stranger)


def test_the_refusal_of_too_many_tries_says_when_to_come_back(stranger):
    """S-064."""
    refused = many_tries(stranger)[-1]
    assert int(refused["Retry-After"]) > 0
    assert 'class="masthead' in refused.content.decode()


def test_a_forged_address_does_not_help(stranger):
    """S-065: without a proxy in front, what a request says about its origin is not believed."""
    answers = [
        stranger.post(
            "/account/login/",
            {"login": f"{number}@a.example", "password": "x"},
            headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"},
        ).status_code
        for number in range(40)
    ]
    assert answers[-1] == 429


@pytest.mark.parametrize("page", ["/account/signup/", "/account/password/reset/"])
def test_what_sends_mail_is_limited_too(page, stranger):
    """S-066, S-080."""
    answers = [stranger.post(page, {"email": f"{number}@a.example"}).status_code for number in range(25)]
    assert answers[0] in (200, 302)
    assert answers[-1] == 429
