"""The cast that every test knows, and what all tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client, override_settings

from kawaraban.accounts.models import EDITOR, MODERATOR, User
from kawaraban.accounts.testing import make_member
from kawaraban.discussion import vocabulary
from kawaraban.newsroom.models import FrontPage
from kawaraban.newsroom.testing import make_site


def pytest_configure() -> None:
    """Settings that make tests quick and change nothing that they test."""
    uncollected = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**settings.STORAGES, "staticfiles": uncollected},
    ).enable()


@pytest.fixture(autouse=True)
def _new_process() -> None:
    """Each test begins as a process does: what was kept of threads goes back with the database."""
    vocabulary.forget()


@pytest.fixture
def reader(db: None) -> User:
    """A member who mostly reads."""
    return make_member("Old Ferryman")


@pytest.fixture
def author(db: None) -> User:
    """A member who has said something."""
    return make_member("mikan")


@pytest.fixture
def editor(db: None) -> User:
    """One who publishes."""
    return make_member("Tomoe Sakai", role=EDITOR, title="Editor")


@pytest.fixture
def moderator(db: None) -> User:
    """One who keeps the discussion worth reading."""
    return make_member("Ben Okabe", role=MODERATOR, title="Moderator")


@pytest.fixture
def stranger() -> Client:
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def site(db: None) -> FrontPage:
    """The site of a small paper."""
    return make_site()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A function from a member to a browser in which they are signed in."""

    def browser(member: User) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return browser
