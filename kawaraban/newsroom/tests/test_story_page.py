"""A story as readers see it: who wrote it and when, its pictures and their credits, corrections, and what stands by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from kawaraban.newsroom.actions import PhotoDraft, paragraph
from kawaraban.newsroom.models import RelatedStory, StoryByline, StoryPhoto
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import MORNING, make_photo, make_stories, page, publish_again, texts, words

PEOPLE = (("Kaoru Minami", "person"), ("Ellis Grant", "person"), ("Mio Castellan", "person"))
AGENCY = "Harbour News Agency"


@pytest.fixture(autouse=True)
def now():
    """The evening of the day on which most of these stories appear."""
    with time_machine.travel(MORNING + timedelta(hours=10), tick=False):
        yield


@pytest.mark.parametrize(
    ("bylines", "agency", "printed"),
    [
        (PEOPLE[:1], "", "By Kaoru Minami"),
        (PEOPLE[:2], "", "By Kaoru Minami and Ellis Grant"),
        (PEOPLE, "", "By Kaoru Minami, Ellis Grant and Mio Castellan"),
        (PEOPLE[:1], AGENCY, f"By Kaoru Minami, {AGENCY}"),
        (PEOPLE, AGENCY, f"By Kaoru Minami, Ellis Grant and Mio Castellan, {AGENCY}"),
        (((AGENCY, "agency"),), AGENCY, f"By {AGENCY}"),
        ((*PEOPLE[:1], (AGENCY, "agency")), AGENCY, f"By Kaoru Minami and {AGENCY}"),
        ((("Staff", "staff"),), "", "By Staff"),
        ((), AGENCY, AGENCY),
    ],
)
def test_a_byline_reads_as_one_writes_it_and_names_an_agency_once(site, bylines, agency, printed):
    soup = page(make_story(bylines=bylines, agency=agency).url)
    assert texts(soup, ".byline > span")[0] == printed


def test_what_a_draft_lists_keeps_its_order(site):
    notes = ((MORNING, "later"), (MORNING - timedelta(hours=1), "earlier"))
    story = make_story(bylines=PEOPLE, photos=(PhotoDraft(), PhotoDraft()), corrections=notes)
    for lines in (story.bylines, story.photos, story.corrections):
        assert [line.sort_order for line in lines.order_by("pk")] == [0, 1, 2][: lines.count()]


def test_what_was_written_without_a_place_keeps_the_order_in_which_it_was_made(site):
    story = make_story(bylines=PEOPLE)
    story.bylines.update(sort_order=None)
    first = story.bylines.order_by("pk").first()
    StoryByline.objects.filter(pk=first.pk).delete()
    first.save(force_insert=True)  # after which PostgreSQL finds it last
    assert texts(page(story.url), ".byline > span")[0] == "By Kaoru Minami, Ellis Grant and Mio Castellan"


def test_a_story_by_nobody_has_no_byline(site):
    assert "By" not in words(page(make_story(bylines=()).url).select_one(".byline")).split()


def test_a_story_says_when_it_was_published_and_changed(site):
    story = make_story(published_at=MORNING)
    assert texts(page(story.url), ".byline time") == ["May 12, 07:01 am JST"]
    with time_machine.travel(MORNING + timedelta(hours=7), tick=False):
        publish_again(story, standfirst="Changed.")
    soup = page(story.url)
    assert "May 12, 07:01 am JST · updated 02:01 pm JST" in words(soup.select_one(".byline"))
    assert soup.select_one(".byline time")["datetime"] == "2026-05-11T22:01:00+00:00"


def test_a_story_of_unknown_time_prints_none(site):
    assert texts(page(make_story(origin="page:1").url), ".byline time") == []


def test_a_photograph_shows_its_caption_and_its_credit(site):
    photo = make_photo(caption="The ferry at dawn.", photographer="N. Howe", agency=AGENCY, is_file_photo=True)
    soup = page(make_story(photos=(PhotoDraft(photo=photo),)).url)
    assert texts(soup, "figcaption") == [f"FILE PHOTO · The ferry at dawn. Photo: {AGENCY} / N. Howe"]
    picture = soup.select_one("figure img")
    assert picture["alt"] == "A river."
    assert (picture.get("fetchpriority"), picture.get("loading")) == ("high", None)
    sources = {source["type"]: len(source["srcset"].split(",")) for source in soup.select("figure picture source")}
    assert sources == {"image/avif": 2, "image/webp": 4}
    assert (picture["width"], picture["height"]) == ("48", "32"), "the page does not shift when it comes"


def test_what_a_story_says_of_its_photograph_goes_before_the_library(site):
    photo = make_photo(caption="The ferry at dawn.", photographer="N. Howe", agency=AGENCY)
    shown = PhotoDraft(photo=photo, caption="The last ferry.", agency="Strait Wire", alt_text="A small white ferry.")
    soup = page(make_story(photos=(shown,)).url)
    assert texts(soup, "figcaption") == ["The last ferry. Photo: Strait Wire / N. Howe"]
    assert soup.select_one("figure img")["alt"] == "A small white ferry."


def test_a_photograph_without_its_picture_still_shows_its_words(site):
    shown = PhotoDraft(title="Untitled", caption="Ships off the strait.", photographer="R. Soto", is_file_photo=True)
    soup = page(make_story(photos=(shown,)).url)
    assert texts(soup, "figcaption") == ["FILE PHOTO · Ships off the strait. Photo: R. Soto"]
    assert soup.select("figure img") == []


def test_words_with_angle_brackets_are_shown_as_words_and_once(site):
    photo = make_photo(caption='Salt & <b>"Pepper"</b>', photographer="O'Hara & Son", description='A "river" <b>')
    soup = page(make_story(headline="Rents <up> & away", photos=(PhotoDraft(photo=photo),)).url)
    assert texts(soup, "figcaption") == ['Salt & <b>"Pepper"</b> Photo: O\'Hara & Son']
    assert soup.select_one("figure img")["alt"] == 'A "river" <b>'
    assert words(soup.h1) == "Rents <up> & away"
    assert words(soup.title) == "Rents <up> & away · The Test Courier"


def test_further_photographs_follow_the_text(site):
    photos = tuple(PhotoDraft(caption=caption) for caption in ("The lead.", "The second.", "The third."))
    soup = page(make_story(photos=photos).url)
    assert texts(soup, ".story__text > figure figcaption") == ["The lead."]
    assert texts(soup, ".prose figure figcaption") == ["The second.", "The third."]


def test_a_photograph_in_the_text_may_have_a_caption_of_its_own(site):
    photo = make_photo(caption="The ferry at dawn.", photographer="N. Howe")
    body = [
        paragraph("Before."),
        ("image", {"photo": photo, "caption": "The landing."}),
        ("image", {"photo": photo, "caption": ""}),
    ]
    soup = page(make_story(body=body).url)
    assert texts(soup, ".prose figcaption") == ["The landing. Photo: N. Howe", "The ferry at dawn. Photo: N. Howe"]


def test_corrections_stand_above_the_story_newest_first_with_their_times(site):
    early, late = datetime(2026, 5, 12, 1, 0, tzinfo=UTC), datetime(2026, 5, 12, 5, 30, tzinfo=UTC)
    soup = page(make_story(corrections=((early, "It is 60 per cent."), (late, "The mayor is Emi Sato."))).url)
    assert texts(soup, ".corrections p") == [
        "Correction May 12, 02:30 pm JST The mayor is Emi Sato.",
        "Correction May 12, 10:00 am JST It is 60 per cent.",
    ]
    assert soup.select_one(".corrections").find_next(class_="prose") is not None


def test_each_holder_of_rights_has_a_line(site):
    soup = page(make_story(copyright_lines=(f"© {AGENCY}", "© The Test Courier")).url)
    assert list(soup.select_one(".copyright").stripped_strings) == [f"© {AGENCY}", "© The Test Courier"]
    assert page(make_story(copyright_lines=()).url).select(".copyright") == []


def test_the_dateline_opens_the_first_paragraph(site):
    soup = page(make_story(dateline="URAMINATO", body=[paragraph("It rains."), paragraph("Still.")]).url)
    assert words(soup.select_one(".prose")).startswith("URAMINATO It rains. Still.")
    assert len(soup.select(".dateline__place")) == 1


def test_a_story_that_opens_with_a_heading_keeps_its_dateline(site):
    body = [("heading", "Two counts"), paragraph("It rains."), paragraph("Still.")]
    soup = page(make_story(dateline="URAMINATO", body=body).url)
    assert words(soup.select_one(".prose")).count("URAMINATO") == 1


def test_the_body_is_shown_block_by_block(site):
    body = [
        ("paragraph", '<p>Plain, <b>bold</b>, <i>stressed</i>, <a href="https://a.example/">linked</a>.</p>'),
        ("heading", "Two counts"),
        ("quote", {"text": "We have waited.", "attribution": "Emi Sato, mayor"}),
        ("list", ["<p>First boat</p>", "<p>Last boat</p>"]),
    ]
    soup = page(make_story(body=body).url)
    assert [found.name for found in soup.select(".prose :is(b, i, a, h2)")][:4] == ["b", "i", "a", "h2"]
    assert words(soup.select_one("blockquote.pull")) == "We have waited.Emi Sato, mayor"
    assert texts(soup, ".prose li") == ["First boat", "Last boat"]


def test_related_stories_are_filled_up_with_the_newest_of_the_section(site):
    city, world = make_section("City"), make_section("World")
    stories = make_stories(city, 6)
    (far,) = make_stories(world, 1)
    story = make_story(city, headline="The one read")
    story.related = [RelatedStory(target=far), RelatedStory(target=stories[4])]
    publish_again(story, related=story.related.all())
    assert texts(page(story.url), ".aside li > a") == ["World 1", "City 5", "City 1", "City 2"]


def test_a_related_story_that_was_taken_back_is_not_named(site):
    city = make_section()
    gone, other = make_stories(city, 2)
    story = make_story(city, headline="The one read")
    publish_again(story, related=[RelatedStory(target=gone)])
    gone.unpublish()
    assert texts(page(story.url), ".aside li > a") == [other.title]


def test_tags_lead_to_the_search(site):
    soup = page(make_story(tags=("river", "salt & sea")).url)
    assert words(soup.select_one(".tags")) == "Filed under river, salt & sea"
    assert soup.select(".tags a")[1]["href"] == "/search/?q=salt%20%26%20sea"


def test_a_photograph_needs_a_picture_or_words(site):
    with pytest.raises(ValidationError, match="describe the missing one"):
        StoryPhoto(photographer="N. Howe").clean()
