"""Two people who want the same handle or address at the same moment: one gets it, the other is told why not."""

from __future__ import annotations

from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from kawaraban.accounts import actions
from kawaraban.accounts.models import User
from kawaraban.accounts.testing import PASSWORD, make_member
from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.errors import Refused

AT_ONCE = 8


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that threads can meet in, instead of one transaction around the test."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


def sign_up(number, handle, email):
    """From an address of its own: those who come from one at the same moment are limited together."""
    form = {"handle": handle, "email": email, "password1": PASSWORD, "rules": "on"}
    browser = Client(raise_request_exception=False, REMOTE_ADDR=f"203.0.113.{number}")
    return browser.post("/account/signup/", form).status_code


def test_one_handle_wanted_many_times_at_once_is_given_once(db):
    """S-078: the loser sees the form again, with the reason."""
    spellings = ["Setsuko", "SETSUKO", "setsuko", "Setsuk0", "Setsukô", "S.etsuko", "Set suko", "SetsukO"]
    deeds = [lambda n=n, name=name: sign_up(n, name, f"{n}@readers.example") for n, name in enumerate(spellings)]
    assert Counter(all_at_once(deeds)) == {302: 1, 200: AT_ONCE - 1}
    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_one_address_wanted_many_times_at_once_is_given_once(db):
    """S-063: and nobody can tell which of them it was."""
    deeds = [lambda n=n: sign_up(n, f"Member {chr(65 + n)}", "same@readers.example") for n in range(AT_ONCE)]
    assert Counter(all_at_once(deeds)) == {302: AT_ONCE}
    assert User.objects.count() == EmailAddress.objects.count() == 1


def test_a_member_made_many_times_at_once_is_made_once_or_refused(db):
    outcomes = all_at_once(
        [lambda: actions.create_member("same@readers.example", "Setsuko", PASSWORD, verified=True)] * AT_ONCE
    )
    made = [outcome for outcome in outcomes if isinstance(outcome, User)]
    assert len(made) == 1
    assert {type(outcome) for outcome in outcomes} == {User, Refused}
    assert {outcome.code for outcome in outcomes if outcome not in made} <= {"handle-taken", "account-exists"}
    assert User.objects.get().email == "same@readers.example"


def test_many_wrong_passwords_at_once_are_counted_every_one(db):
    """S-067: a hundred guesses in parallel are no more than the limit lets through."""
    member = make_member("Setsuko")

    def guess(number):
        answers = []
        for turn in range(6):
            password = PASSWORD if (number, turn) == (0, 5) else f"wrong {number} {turn}"
            browser = Client(raise_request_exception=False)
            answer = browser.post("/account/login/", {"login": member.email, "password": password})
            answers.append((answer.status_code, b"Too many" in answer.content))
        return answers

    outcomes = all_at_once([lambda n=n: guess(n) for n in range(AT_ONCE)])
    told = Counter(answer for outcome in outcomes for answer in outcome)
    assert {status for status, _ in told} <= {200, 429}
    assert told[200, False] <= 5
