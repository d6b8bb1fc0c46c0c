"""A site, sections and stories for tests, made through the room's actions."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from kawaraban.newsroom import actions
from kawaraban.newsroom.live_reports import LiveEntry
from kawaraban.newsroom.models import FrontPage, SectionPage, StoryPage
from kawaraban.newsroom.polls import Poll


def make_site() -> FrontPage:
    """The site of a small paper, with no section yet."""
    return actions.prepare_site("The Test Courier", "localhost", 80)


def make_section(title: str = "City", slug: str = "") -> SectionPage:
    """A section of the site; both are made if missing."""
    return actions.add_section(FrontPage.objects.first() or make_site(), title, slug)


def make_story(section: SectionPage | None = None, **fields: object) -> StoryPage:
    """A published story; `fields` are those of `actions.StoryDraft`."""
    draft = actions.StoryDraft(
        headline="The bridge is promised again",
        standfirst="For the third time in 27 years.",
        body=[actions.paragraph("Work is to begin in April."), actions.paragraph("The ferry stays for now.")],
        bylines=(("Kaoru Minami", "person"),),
        copyright_lines=("© The Test Courier",),
    )
    return actions.publish_story(section or make_section(), replace(draft, **fields))  # type: ignore[arg-type]


def make_poll(*answers: str, **fields: object) -> Poll:
    """The open poll of a published story; `fields` are those of `actions.StoryDraft`."""
    options = answers or ("By ferry", "By bridge", "On foot")
    asked: dict[str, object] = {"kind": "poll", "question": "How do you cross?", "poll_options": options}
    story = make_story(None, **asked | fields)
    return Poll.objects.get(story_id=story.pk)


def make_live_report(**fields: object) -> StoryPage:
    """A live report that is published, without entries; `fields` are those of `actions.StoryDraft`."""
    return make_story(None, **{"kind": "live", "headline": "The bridge opens today", **fields})


@transaction.atomic
def make_entry(story: StoryPage, words: str, headline: str = "", *, is_key: bool = False) -> LiveEntry:
    """An entry of a live report, written by nobody in particular."""
    return actions.record_entry(actions.open_report(story.pk), actions.EntryDraft(words, headline, is_key), writer=None)
