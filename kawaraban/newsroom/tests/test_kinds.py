"""The kinds of stories: what each must have when it is published, and what pages show of it."""

from __future__ import annotations

import pytest
from wagtail.test.utils.form_data import inline_formset, nested_form_data, querydict_from_html, rich_text, streamfield

from kawaraban.newsroom.actions import PhotoDraft
from kawaraban.newsroom.kinds import LABELS, Kind
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import make_photo, page, put_on_front, texts, words

PUBLISH = {"action-publish": "action-publish"}
QUOTE = ("quote", {"text": "Nobody is angry at a minute.", "attribution": "Sachiko Emori, at the depot"})
PLAIN = ("paragraph", rich_text("<p>More of it.</p>"))


@pytest.fixture
def desk(site, editor, signed_in):
    """The browser of an editor."""
    return signed_in(editor)


def send(browser, story, *blocks, **changes):
    """Send the edit form of a story with this body and these changes, as a browser would."""
    address = f"/desk/pages/{story.pk}/edit/"
    form = querydict_from_html(browser.get(address).content.decode(), form_id="page-edit-form")
    body = nested_form_data({"body": streamfield(list(blocks or [PLAIN]))})
    return browser.post(address, {**form.dict(), **body, **changes})


def kind_of(story):
    return StoryPage.objects.get(pk=story.pk).kind


@pytest.mark.parametrize(
    ("kind", "blocks", "reason"),
    [
        ("opinion", [PLAIN], "An opinion says whose it is: add a byline."),
        ("photo", [PLAIN], "A photo of the day is a photograph from the library: choose one."),
        ("quote", [PLAIN, QUOTE], "A quote of the day begins with the quote"),
        ("quote", [("quote", {"text": "Unsigned.", "attribution": " "})], "who said them and where"),
    ],
)
def test_what_a_kind_lives_by_is_asked_for_when_it_is_published_and_not_before(desk, kind, blocks, reason):
    story = make_story(bylines=())
    answer = send(desk, story, *blocks, kind=kind, **PUBLISH)
    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert kind_of(story) == "news"
    assert send(desk, story, *blocks, kind=kind).status_code == 302


@pytest.mark.parametrize(
    ("kind", "blocks"), [("opinion", [PLAIN]), ("quote", [QUOTE, PLAIN]), ("feature", [PLAIN]), ("live", [PLAIN])]
)
def test_a_story_that_has_what_its_kind_lives_by_is_published(desk, kind, blocks):
    story = make_story()
    assert send(desk, story, *blocks, kind=kind, **PUBLISH).status_code == 302
    assert kind_of(story) == kind


def test_a_photo_of_the_day_needs_a_picture_and_not_only_its_words(desk):
    story = make_story(photos=(PhotoDraft(caption="Only told of."),))
    assert send(desk, story, kind="photo", **PUBLISH).status_code == 200
    story = make_story(photos=(PhotoDraft(photo=make_photo()),))
    assert send(desk, story, kind="photo", **PUBLISH).status_code == 302


def test_an_opinion_whose_last_byline_is_taken_out_is_refused(desk):
    story = make_story(kind="opinion")
    byline = story.bylines.get()
    gone = nested_form_data({"bylines": inline_formset([{"id": str(byline.pk), "name": "x", "DELETE": "on"}], 1)})
    assert send(desk, story, kind="opinion", **gone, **PUBLISH).status_code == 200


def test_every_kind_but_news_is_named_in_lists_and_on_its_page(site, stranger):
    section = make_section()
    made = {
        kind: make_story(section, kind=kind, headline=f"Of kind {kind}", body=[QUOTE], question="Which?")
        for kind in Kind.values
    }
    put_on_front(*made.values())
    for kind, story in made.items():
        label = LABELS.get(Kind(kind))
        assert texts(page(story.url), ".story__head .label--kind") == ([label] if label else []), kind
    for address in ("/", "/city/"):
        labels = {
            words(teaser.find(["h2", "h3"])).split()[-1]: words(teaser.select_one(".label--kind"))
            for teaser in page(address).select(".teaser")
        }
        assert {kind: label for kind, label in labels.items() if label != "(none)"} == {
            kind: label for kind, label in ((kind.value, LABELS[kind]) for kind in LABELS) if kind in labels
        }
        assert len(labels) >= 5


def test_the_author_of_an_opinion_stands_before_its_headline_and_nowhere_else(site):
    head = page(make_story(kind="opinion").url).select_one(".story__head")
    assert [each.name for each in head.find_all(["h1", "b"])] == ["b", "h1"]
    assert head.get_text().count("Kaoru Minami") == 1


def test_the_words_of_a_quote_of_the_day_open_its_text_with_who_said_them(site):
    soup = page(make_story(kind="quote", body=[QUOTE]).url)
    first = soup.select_one(".prose > :first-child")
    assert words(first) == "Nobody is angry at a minute. Sachiko Emori, at the depot".replace(". S", ".S")


def test_the_picture_of_a_photo_of_the_day_is_asked_for_as_wide_as_the_page(site):
    story = make_story(kind="photo", photos=(PhotoDraft(photo=make_photo(caption="Low tide.")),))
    picture = page(story.url).select_one(".story__text > .photo")
    assert picture.find("source")["sizes"] == "(min-width: 76rem) 76rem, 100vw"
    assert words(picture.figcaption) == "Low tide."
