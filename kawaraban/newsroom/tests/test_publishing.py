"""Publishing a story opens its discussion and keeps what readers could quote; taking it back hides both."""

from __future__ import annotations

import pytest
from django.utils import timezone
from wagtail.models import Revision

from kawaraban.discussion.models import Closing, Thread
from kawaraban.discussion.testing import make_comment
from kawaraban.newsroom import actions
from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import MORNING, publish_again, texts
from kawaraban.newsroom.tests.pages import page as page_at

BODY = [
    ("paragraph", "<p>The state pays 60&nbsp;per cent &amp; the city <b>the rest</b>.</p><p>Nobody\nasked twice.</p>"),
    ("heading", "Two counts"),
    ("quote", {"text": "We have <waited>\n27 years.", "attribution": "Emi Sato, mayor"}),
    ("list", ["<p>First boat: 06:30</p>", "<p>Last boat: 23:20</p>"]),
    ("embed", {"url": "https://vimeo.com/123", "title": "The sitting", "caption": "Recorded in May."}),
    ("paragraph", "<p></p>"),
    ("paragraph", "<p>The ferry stays.</p>"),
]


def kept(story: StoryPage, version: int) -> list[tuple[int, str]]:
    return list(story.thread.passages.filter(version=version).values_list("position", "text"))


@pytest.fixture
def draft(site):
    """A story that an editor has written and not published."""
    return make_section().add_child(
        instance=StoryPage(title="The draft tells", slug="draft", body=[paragraph("Not yet.")], live=False)
    )


def test_publishing_opens_a_thread_with_the_headline_and_the_address(site):
    story = make_story(headline="The bridge is promised again")
    assert story.url == "/city/the-bridge-is-promised-again/"
    assert (story.thread.title, story.thread.url, story.thread.is_open) == (story.title, story.url, True)


def test_the_kept_passages_are_what_a_reader_could_quote(site):
    story = make_story(headline="A bridge & a promise", standfirst="For the third time.", body=BODY)
    assert kept(story, 1) == [
        (0, "A bridge & a promise\n\nFor the third time."),
        (1, "The state pays 60 per cent & the city the rest."),
        (2, "Nobody asked twice."),
        (3, "Two counts"),
        (4, "We have <waited> 27 years."),
        (5, "First boat: 06:30"),
        (6, "Last boat: 23:20"),
        (7, "The ferry stays."),
    ]


def test_a_story_without_standfirst_has_its_headline_alone_as_head(site):
    assert kept(make_story(headline="Rain", standfirst=" "), 1)[0] == (0, "Rain")


def test_changed_words_make_a_second_version_and_tell_the_time(site):
    story = make_story()
    again = publish_again(story, standfirst="For the fourth time in 27 years.")
    assert (again.thread.version, again.thread_id, story.updated_at) == (2, story.thread_id, None)
    assert kept(again, 1)[0][1].endswith("third time in 27 years.")
    assert kept(again, 2)[0][1].endswith("fourth time in 27 years.")
    assert again.updated_at is not None
    assert again.published_at == story.published_at


def test_the_same_words_again_make_no_version(site):
    again = publish_again(make_story(), agency="Strait Wire", dateline="URAMINATO")
    assert (again.agency, again.thread.version, again.updated_at) == ("Strait Wire", 1, None)


def test_a_new_headline_and_address_reach_the_thread(site):
    again = publish_again(make_story(), title="The bridge is begun", slug="bridge-begun")
    assert (again.thread.title, again.thread.url) == ("The bridge is begun", "/city/bridge-begun/")


def test_an_older_revision_put_back_keeps_what_belongs_to_the_story(site):
    story = make_story(published_at=MORNING, origin="wire:17")
    first = story.revisions.order_by("pk").first()  # written before the thread was there
    changed = publish_again(story, title="Changed")
    first.publish()
    back = StoryPage.objects.get(pk=story.pk)
    assert back.title == story.title
    assert (back.thread_id, back.published_at, back.origin) == (story.thread_id, MORNING, "wire:17")
    assert (back.thread.version, back.thread.title) == (3, story.title)
    assert back.updated_at > changed.updated_at


def test_a_draft_begun_before_publication_keeps_what_belongs_to_the_story(draft):
    early = draft.save_revision()
    published = publish_again(draft, standfirst="Now.")
    Revision.objects.get(pk=early.pk).publish()
    back = StoryPage.objects.get(pk=draft.pk)
    assert (back.thread_id, back.published_at) == (published.thread_id, published.published_at)
    assert Thread.objects.count() == 1


def test_the_first_publication_of_a_draft_is_its_time(draft):
    assert (draft.published_at, draft.thread) == (None, None)
    before = timezone.now()
    published = publish_again(draft)
    assert before <= published.published_at <= timezone.now()
    assert published.updated_at is None


def test_two_first_publications_open_one_thread(draft):
    """Each has read the story before the other has opened its thread."""
    scheduled, by_hand = StoryPage.objects.get(pk=draft.pk), StoryPage.objects.get(pk=draft.pk)
    actions.story_published(scheduled)
    actions.story_published(by_hand)
    assert Thread.objects.count() == 1
    assert by_hand.thread_id == scheduled.thread_id
    assert by_hand.published_at == scheduled.published_at


def test_the_time_of_an_imported_story_is_not_guessed(site):
    assert make_story(origin="page:1").published_at is None


def test_a_draft_has_no_discussion(draft, stranger):
    draft.save_revision()
    assert Thread.objects.count() == 0


def test_a_story_taken_back_takes_its_discussion_with_it(site, stranger, reader):
    story = make_story()
    make_comment(story.thread, reader, "Said under it.")
    story.unpublish()
    for address in (story.url, f"/t/{story.thread_id}/", f"/t/{story.thread_id}/1/", f"/t/{story.thread_id}/mine/"):
        assert stranger.get(address).status_code == 404, address
    assert "Said under it." not in stranger.get(reader.get_absolute_url()).content.decode()


@pytest.mark.parametrize("wish", ["open", "closed"])
def test_a_story_published_again_brings_its_discussion_back(site, stranger, reader, wish):
    story = make_story()
    make_comment(story.thread, reader, "Said under it.")
    publish_again(story, comments=wish).unpublish()
    decided = Closing.objects.first()
    back = publish_again(story)
    assert back.thread_id == story.thread_id
    assert back.thread.state == wish
    assert Closing.objects.first() == decided
    assert "Said under it." in stranger.get(back.url).content.decode()


def test_an_open_discussion_invites_an_answer(site):
    soup = page_at(make_story().url)
    assert soup.select_one(".thread__reply") is not None
    assert soup.select_one("#closed-notice") is None


def test_a_closed_discussion_is_read_and_not_answered(site, reader):
    story = make_story()
    make_comment(story.thread, reader, "Said in time.")
    soup = page_at(publish_again(story, comments="closed").url)
    assert texts(soup, ".comment__text") == ["Said in time."]
    assert "Comments are closed" in texts(soup, "#closed-notice")[0]
    assert soup.select(".thread__reply, .vote") == []


def test_a_discussion_switched_off_is_not_on_the_page_nor_on_its_own(site, stranger):
    story = make_story(comments="off")
    soup = page_at(story.url)
    assert soup.select("#discussion, .byline a[href='#discussion'], viewer-state[src^='/t/']") == []
    assert stranger.get(f"/t/{story.thread_id}/").status_code == 404
