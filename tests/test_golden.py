"""Pages as they were when somebody last looked at them. `GOLDEN=1` writes them anew; review the diff like code."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from bs4 import BeautifulSoup

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Thread
from kawaraban.newsroom.actions import PhotoDraft, paragraph
from kawaraban.newsroom.models import Publication
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import make_photo, put_on_front

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 5, 12, 3, 40, tzinfo=UTC)  # 12:40 in the paper's Tokyo
AGENCY = "Harbour News Agency"

# What differs from run to run and from database to database, and what stands for it.
CHANGING = (
    (re.compile(r"/(t|thread|story)/\d+/"), r"/\1/1/"),
    (re.compile(r"(/media/images/river)\w*(\.webp)"), r"\1\2"),
)


def normalised(html: str) -> str:
    """The same markup for the same page: one element a line, attributes in order, chance taken out."""
    for pattern, constant in CHANGING:
        html = pattern.sub(constant, html)
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all(True):
        element.attrs = dict(sorted(element.attrs.items()))
    return soup.prettify()


def compare(name: str, html: str) -> None:
    """Compare a page with the one that is kept, or keep it."""
    file, found = GOLDEN / f"{name}.html", normalised(html)
    if os.environ.get("GOLDEN"):
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8"), (
        f"{name} has changed; GOLDEN=1 keeps it, the diff is to be reviewed"
    )


@pytest.fixture
def people(db):
    """Those who speak below."""
    return [make_member("Old Ferryman"), make_member("mikan"), make_member("Kaoru Minami", title="Reporter")]


@pytest.fixture
def bridge(site, people):
    """A small paper at twenty to one on a day in May, with one story that is talked about."""
    with time_machine.travel(NOW, tick=False):
        publication = Publication.for_site(site.get_site())
        publication.tagline, publication.accent = "Since the second harbour wall", "#a1342f"
        publication.network = [
            (
                "link",
                {"kind": "article", "source": "The Inland Post", "title": "Night train", "url": "https://a.example/"},
            ),
            ("link", {"kind": "offer", "source": "", "title": "Two lessons free", "url": "https://b.example/"}),
        ]
        publication.save()
        city, world = make_section("City"), make_section("World")
        photo = make_photo(caption="The ferry at dawn.", photographer="N. Howe", agency=AGENCY, is_file_photo=True)
        for number in range(1, 8):
            make_story(
                city if number % 2 else world,
                headline=f"Story number {number}",
                standfirst=f"Standfirst number {number}.",
                published_at=NOW - timedelta(hours=9 * number),
                photos=(PhotoDraft(photo=photo),) if number in (2, 5) else (),
            )
        story = make_story(
            city,
            headline="Prefecture to rebuild the river bridge after 27 years",
            standfirst="The ferry stays until it opens.",
            bylines=(("Kaoru Minami", "person"), ("Ellis Grant", "person"), (AGENCY, "agency")),
            agency=AGENCY,
            dateline="URAMINATO",
            body=[
                paragraph("Work is to begin in April."),
                ("heading", "Who pays"),
                ("quote", {"text": "We have waited 27 years.", "attribution": "Emi Sato, mayor"}),
                ("list", ["<p>State: 60 per cent</p>", "<p>City: the rest</p>"]),
                ("embed", {"url": "https://vimeo.com/76979871", "title": "The sitting", "caption": "Recorded in May."}),
            ],
            photos=(PhotoDraft(photo=photo),),
            corrections=((NOW - timedelta(hours=2), "It is 60 per cent."),),
            copyright_lines=(f"© {AGENCY}", "© The Test Courier"),
            tags=("bridge", "river"),
            published_at=NOW - timedelta(hours=30),
            updated_at=NOW - timedelta(hours=28),
        )
        put_on_front(story)
        talk(story.thread_id, people)
        yield story


def talk(thread_id: int, people: list) -> None:
    """What is said: plain, quoting, edited, imported, deleted."""
    ferryman, mikan, reporter = people
    thread = Thread.objects.get(pk=thread_id)
    at = NOW - timedelta(hours=29)
    for record in (
        discussion.Record("My grandfather *built* it.", author=ferryman, created_at=at),
        discussion.Record(
            "> My grandfather built it.\n\nAnd <b>mine</b> paid.", author=mikan, created_at=at, edited_at=at
        ),
        discussion.Record("An older voice.", signed="Yrral", time_text="Today 07:01 am JST", imported=(7, 2)),
        discussion.Record("Not for long.", author=mikan, created_at=NOW - timedelta(minutes=20)),
        discussion.Record("The figure is on page 14: https://a.example/14", author=reporter, created_at=NOW),
    ):
        comment = discussion.record_comment(thread, record)
        if comment.number == 1:
            discussion.record_votes(comment, {mikan: 1, reporter: -1})
    discussion.delete_comment(mikan, thread_id, 4)


def test_the_front_page(bridge, stranger):
    compare("front", stranger.get("/").content.decode())


def test_a_story_with_its_discussion(bridge, stranger):
    compare("story", stranger.get(bridge.url).content.decode())


def test_a_comment_by_itself(bridge, people, signed_in):
    fields = {"body": "Said *now*.\n\n> Work is to begin in April.", "key": "golden"}
    response = signed_in(people[0]).post(f"/t/{bridge.thread_id}/comments/", fields, headers={"X-Fragment": "1"})
    assert response.status_code == 201
    compare("comment", response.content.decode())


def test_the_page_of_a_member(bridge, people, stranger):
    compare("member", stranger.get(people[1].get_absolute_url()).content.decode())


def test_no_page_is_kept_that_nobody_compares():
    assert {file.name for file in GOLDEN.iterdir()} == {"front.html", "story.html", "comment.html", "member.html"}


def test_a_page_that_has_changed_is_seen(monkeypatch):
    monkeypatch.delenv("GOLDEN", raising=False)
    with pytest.raises(AssertionError, match="comment has changed"):
        compare("comment", "<p>Something else.</p>")
