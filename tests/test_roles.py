"""Who may do what, at the discussion and at the desk: a table to be read by people and kept by the site (S-031)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from kawaraban.accounts.models import ADMINISTRATOR, MODERATOR, User
from kawaraban.accounts.testing import PASSWORD, make_member
from kawaraban.discussion import vocabulary
from kawaraban.discussion.testing import make_comment, put_away
from kawaraban.discussion.typesetting import CUT
from kawaraban.newsroom.testing import make_story
from tests.test_writes_are_guarded import routes

SAID = "The ferry was never late."


@pytest.fixture
def story(site):
    """A published story with an open discussion."""
    return make_story()


@pytest.fixture
def comment(story, author):
    """The author's comment under the story."""
    return make_comment(story.thread, author, SAID)


# + it is shown or done; - it is refused, as 403, as 404, or by the way to the sign-in; ! it is refused to this person.
# Who:      stranger author reader moderator editor administrator
MAY = """
GET thread         + + + + + +
GET mine           + + + + + +
GET comment        + + + + + +
GET member         + + + + + +
GET write          - + + + + +
GET post           - - - - - -
POST post          - + + + + +
GET vote           - - - - - -
POST vote          - ! + + + +
GET edit           - + - - - -
POST edit          - + - - - -
GET delete         - + - - - -
POST delete        - + - - - -
GET remove         - - - + + +
POST remove        - - - + + +
GET cut            - - - + + +
POST cut           - - - + + +
GET restore        - - - + + +
POST restore       - - - + + +
GET since          + + + + + +
GET story          + + + + + +
GET conversation   + + + + + +
GET about_me       - + + + + +
GET standing       - + + + + +
GET preview        - - - - - -
POST preview       - + + + + +
POST draft         - + + + + +
POST seen          - + + + + +
POST follow        - + + + + +
POST worth         - ! + + + +
GET source         - + + + + +
POST source        - ! + + + +
GET pick           - - - + + +
POST pick          - - - + + +
GET opinions       + + + + + +
GET own_place      + + + + + +
GET common_ground  + + + + + +
GET agreed         - - - + + +
POST agreed        - - - + + +
GET closing        - - - + + +
POST closing       - - - ! ! !
GET /desk/                                              - - - + + +
GET /desk/account/                                      - - - + + +
GET /desk/reports/site-history/                         - - - + + +
GET /desk/pages/                                        - - - - + +
GET /desk/pages/{story}/edit/                           - - - - + +
GET /desk/pages/{story}/delete/                         - - - - + +
GET /desk/pages/{story}/history/                        - - - - + +
GET /desk/pages/add/newsroom/storypage/{section}/       - - - - + +
GET /desk/images/                                       - - - - + +
GET /desk/images/add/                                   - - - - + +
GET /desk/settings/newsroom/publication/{site}/         - - - - + +
GET /desk/users/                                        - - - - - +
GET /desk/users/new/                                    - - - - - +
GET /desk/users/edit/{author}/                          - - - - - +
GET /desk/groups/                                       - - - - - -
GET /desk/sites/                                        - - - - - -
GET /desk/redirects/                                    - - - - - -
GET /desk/collections/                                  - - - - - -
GET /desk/workflows/list/                               - - - - - -
GET /desk/documents/                                    - - - - - -
GET /desk/snippets/                                     - - - - - -
"""
OF_THREADS = ("thread", "mine", "write", "post", "preview", "draft", "seen", "follow", "closing")
WHO = ("stranger", "author", "reader", "moderator", "editor", "administrator")


def read_table(text: str) -> dict[tuple[str, str], list[str]]:
    """Method and route, or address, with the sign of everybody in the order of the heading."""
    return {(line.split()[0], line.split()[1]): line.split()[2:] for line in text.strip().splitlines()}


TABLE = read_table(MAY)


@pytest.fixture
def browsers(author, reader, moderator, editor, signed_in):
    """Everybody in the table, each in a browser of their own."""
    people = {"author": author, "reader": reader, "moderator": moderator, "editor": editor}
    people["administrator"] = make_member(role=ADMINISTRATOR)
    return {"stranger": Client(), **{who: signed_in(member) for who, member in people.items()}}


def address(what, comment, story):
    if what.startswith("/"):
        section = story.get_parent()
        return what.format(
            story=story.pk, section=section.pk, site=section.get_site().pk, author=User.objects.get(handle="mikan").pk
        )
    if what == "member":
        return f"/member/{comment.author.slug}/"
    if what in ("about_me", "standing", "common_ground"):
        return reverse(f"discussion:{what}")
    numbers = [comment.thread_id]
    if what in ("since", "story"):
        numbers.append(1)
    elif what not in (*OF_THREADS, "opinions", "own_place", "agreed"):
        numbers.append(comment.number)
    return reverse(f"discussion:{what}", args=numbers)


def outcome(answer):
    way = answer.get("Location", "")
    # The desk sends staff who may not see a screen to its first one.
    if answer.status_code in (403, 404, 405) or way.startswith(("/account/login/", "/desk/login/")) or way == "/desk/":
        return "-"
    return (
        "+" if answer.status_code in (200, 201, 204, 302) else "!" if answer.status_code == 409 else answer.status_code
    )


def attempt(browser, method, address, form, *, before: Callable[[], object] = lambda: None, rows=None):
    """The sign of what comes of it; afterwards all is as it was.

    Args:
        before: what must have been.
        rows: all that could change. With it, + means that something did, and a refusal that nothing did.
    """
    with transaction.atomic():
        before()
        former = rows and rows()
        sign = outcome(getattr(browser, method.lower())(address, form))
        if rows and (rows() != former) != (sign == "+"):
            sign = "!" if sign == "+" else f"{sign} and changed"
        transaction.set_rollback(True)
    vocabulary.forget()
    return sign


def table(method, browsers, comment, story):
    """What everybody gets, in the form of the table."""
    found = {}
    for wanted, what in TABLE:
        for who in WHO if wanted == method else ():
            form = {"body": f"By the {who}.", "value": "1", "key": who, "rule": "1"}
            if what == "cut":
                form["body"] = f"The ferry was {CUT}."
            before = (lambda: put_away(comment, "removed")) if what == "restore" else (lambda: None)
            sign = attempt(browsers[who], method, address(what, comment, story), form, before=before)
            found.setdefault(what, []).append(sign)
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everybody_may_do_what_the_table_says_and_nothing_else(method, browsers, comment, story):
    """S-031, S-032, S-036."""
    wanted = {what: may for (by, what), may in TABLE.items() if by == method}
    assert table(method, browsers, comment, story) == wanted


def test_the_table_knows_every_route_of_the_discussion():
    names = {name.partition(":")[2] for name, _, _ in routes() if name.startswith("discussion:")}
    assert names == {what for _, what in TABLE if not what.startswith("/")}


@pytest.mark.parametrize("kind", ["unconfirmed", "switched off"])
def test_who_has_not_confirmed_or_was_switched_off_is_a_stranger(kind, comment, story):
    member, browser = make_member("Setsuko", role=MODERATOR, verified=kind != "unconfirmed"), Client()
    browser.post("/account/login/", {"login": member.email, "password": PASSWORD})
    if kind == "switched off":
        assert browser.get("/desk/").status_code == 200
        User.objects.filter(pk=member.pk).update(is_active=False)
    for (method, what), may in TABLE.items():
        answer = getattr(browser, method.lower())(address(what, comment, story), {"body": "Hello.", "value": "1"})
        assert outcome(answer) == may[0], (method, what)


def test_no_screen_of_the_desk_opens_for_who_is_not_staff(site, reader, signed_in):
    """S-031: of all of Wagtail's routes; two are drawings and words without content."""
    opened = set()
    for browser in (Client(), signed_in(reader)):
        for name, where, _ in routes():
            try:
                found = where.startswith("desk/") and browser.get(reverse(name))
            except NoReverseMatch:
                continue
            if found and outcome(found) != "-":
                opened.add(name)
    assert opened == {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
