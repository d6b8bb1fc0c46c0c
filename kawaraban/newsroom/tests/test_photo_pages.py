"""Photographs on the pages: what must be said of them, how long they are shown, several at once, and in which sizes."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as site_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from wagtail.test.utils.form_data import inline_formset, nested_form_data, querydict_from_html, streamfield

from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom import actions
from kawaraban.newsroom.actions import PhotoDraft, paragraph
from kawaraban.newsroom.metadata import Metadata
from kawaraban.newsroom.models import Photo, PhotoRendition, StoryPage
from kawaraban.newsroom.querysets import PICTURE_SIZES
from kawaraban.newsroom.testing import make_story
from kawaraban.newsroom.tests import picture_files as files
from kawaraban.newsroom.tests.pages import MORNING, make_photo, page, texts

TODAY = MORNING.astimezone(timezone.get_default_timezone()).date()


@pytest.fixture
def desk(site, editor, signed_in):
    """The browser of an editor."""
    return signed_in(editor)


def shown(photo, caption="", **fields):
    """A photograph as the blocks of a body take it."""
    return {"photo": photo, "caption": caption, "alt_text": "", "is_decorative": False, **fields}


def gallery(*photos, title=""):
    return ("gallery", {"title": title, "photos": list(photos)})


def pictures(soup):
    return [picture["alt"] for picture in soup.select(".story figure img")]


# --- Alternative text -------------------------------------------------------------------------------------------------


def send(desk, story, action, photos=(), body=()):
    """What the form of a story answers when it is sent with these photographs."""
    address = f"/desk/pages/{story.pk}/edit/"
    form = querydict_from_html(desk.get(address).content.decode(), form_id="page-edit-form").dict()
    parts = {"photos": inline_formset(photos), "body": streamfield(list(body))}
    return desk.post(address, {**form, **nested_form_data(parts), **({action: action} if action else {})})


def block(photo, alt_text="", is_decorative=""):
    return {"photo": str(photo.pk), "caption": "", "alt_text": alt_text, "is_decorative": is_decorative}


def in_gallery(*items):
    return ("gallery", {"title": "", "photos": _listed(items)})


def _listed(items):
    fields = {f"{at}-value": item for at, item in enumerate(items)}
    places = {f"{at}-{name}": text for at in range(len(items)) for name, text in (("deleted", ""), ("order", str(at)))}
    return {"count": str(len(items)), **places, **fields}


@pytest.mark.parametrize("where", ["photos", "image", "gallery"])
def test_a_photograph_without_alternative_text_is_not_published(desk, where):
    story, photo, told = make_story(), make_photo(description=""), make_photo()
    parts = {
        "photos": {"photos": [{"photo": photo.pk, "caption": "x"}]},
        "image": {"body": [("image", block(photo))]},
        "gallery": {"body": [in_gallery(block(told), block(photo))]},
    }[where]
    answer = send(desk, story, "action-publish", **parts)
    assert answer.status_code == 200
    assert "mark it as decorative" in answer.content.decode()
    assert pictures(page(story.url)) == []
    assert send(desk, story, "", **parts).status_code == 302, "a draft may lack it"


@pytest.mark.parametrize("said", [{"alt_text": "A ship."}, {"is_decorative": "on"}])
@pytest.mark.parametrize("where", ["photos", "image", "gallery"])
def test_with_one_or_marked_as_decorative_it_is(desk, where, said):
    story, photo, told = make_story(), make_photo(description=""), make_photo()
    parts = {
        "photos": {"photos": [{"photo": photo.pk, "caption": "x", **said}]},
        "image": {"body": [("image", block(photo, **said))]},
        "gallery": {"body": [in_gallery(block(told), block(photo, **said))]},
    }[where]
    answer = send(desk, story, "action-publish", **parts)
    assert answer.status_code == 302, answer.context["form"].errors
    assert pictures(page(story.url))[-1] == said.get("alt_text", "")


def test_a_decorative_photograph_is_silent_even_if_the_library_describes_it(site):
    photo = make_photo(description="A river.")
    body = [("image", shown(photo, is_decorative=True))]
    story = make_story(photos=(PhotoDraft(photo=photo, is_decorative=True),), body=body)
    assert pictures(page(story.url)) == ["", ""]


# --- Originals --------------------------------------------------------------------------------------------------------


def test_an_original_is_for_the_desk_alone_by_whatever_way_its_address_is_written(site, stranger, editor, signed_in):
    photo = actions.library_photo(files.picture())
    for way in ("/media/", "/media//", "/media/./", "/media/images/../", "/media/%2e/", "/media/images/%2e%2e/"):
        assert stranger.get(way + photo.file.name).status_code == 404, way
    assert signed_in(editor).get(f"/media/{photo.file.name}").status_code == 200


# --- Expiry -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def expiring(site):
    """A story with one photograph in every place, which may be shown until the end of tomorrow."""
    photo = make_photo(expires=TODAY + timedelta(days=2), caption="Soon gone.")
    lasting = make_photo(caption="It stays.")
    body = [paragraph("Words."), ("image", shown(photo)), gallery(shown(photo), shown(lasting))]
    return make_story(photos=(PhotoDraft(photo=photo), PhotoDraft(photo=lasting)), body=body, published_at=MORNING)


def test_an_expired_photograph_leaves_every_page_at_midnight(expiring):
    midnight = timezone.make_aware(timezone.datetime.combine(TODAY + timedelta(days=2), timezone.datetime.min.time()))
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        before = texts(page(expiring.url), "figcaption")
    with time_machine.travel(midnight, tick=False):
        after = texts(page(expiring.url), "figcaption")
        assert "Soon gone." not in str(page("/city/")) + str(page("/"))
    assert before == ["Soon gone.", "Soon gone.", "1/2 Soon gone.", "2/2 It stays.", "It stays."]
    assert after == ["It stays.", "1/1 It stays."]


def test_a_list_shows_the_next_photograph_instead(expiring):
    with time_machine.travel(MORNING + timedelta(days=3), tick=False):
        assert len(page("/city/").select(".teaser img")) == 1


def test_the_clock_ends_the_addresses_of_an_expired_photograph(site, stranger, django_capture_on_commit_callbacks):
    photo = actions.library_photo(files.picture(), fallback=Metadata(expires=TODAY))
    lasting = actions.library_photo(files.picture())
    made = [each.get_rendition(PICTURE_SIZES[0]).url for each in (photo, lasting)]
    with time_machine.travel(MORNING - timedelta(days=2), tick=False):
        assert actions.withdraw_expired() == 0
    with time_machine.travel(MORNING, tick=False), django_capture_on_commit_callbacks(execute=True):
        assert actions.withdraw_expired() == 1
    run_jobs()
    assert [stranger.get(address).status_code for address in made] == [404, 200]
    assert photo.file.storage.exists(photo.file.name), "the newspaper keeps its picture"


def test_the_desk_is_told_what_expired_and_what_soon_will(desk, moderator, signed_in):
    for days, title in ((-3, "Gone"), (1, "Tomorrow's"), (20, "Soon"), (40, "Later")):
        make_photo(title=title, expires=TODAY + timedelta(days=days))
    make_photo(title="Never")
    make_story(photos=(PhotoDraft(photo=Photo.objects.get(title="Gone")),))
    run_jobs()
    with time_machine.travel(MORNING, tick=False):
        soup = page("/desk/reports/photographs/", desk)
    rows = [" ".join(row.get_text(" ").split()) for row in soup.select("tbody tr")]
    assert [row.split("  ")[0] for row in rows] == [
        "Soon In 20 days 1 June 2026 Used 0 times",
        "Tomorrow's Tomorrow 13 May 2026 Used 0 times",
        "Gone Expired: withdrawn from all pages 9 May 2026 Used 1 time",
    ]
    assert "/desk/reports/photographs/" in desk.get("/desk/").content.decode()
    assert signed_in(moderator).get("/desk/reports/photographs/").status_code in (302, 403)


def test_the_report_can_be_taken_along(desk):
    make_photo(title="Gone", expires=TODAY, usage_terms="Once.")
    with time_machine.travel(MORNING, tick=False):
        answer = desk.get("/desk/reports/photographs/?export=csv")
    assert b"Gone" in b"".join(answer.streaming_content)


# --- Galleries --------------------------------------------------------------------------------------------------------


def test_a_gallery_shows_its_photographs_in_order_with_their_words(site):
    photos = [make_photo(caption=f"Number {n}.", photographer="N. Howe") for n in (1, 2, 3)]
    body = [gallery(shown(photos[0]), shown(photos[1], "Its own."), shown(photos[2]), title="The river")]
    soup = page(make_story(body=body).url)
    assert texts(soup, ".gallery h2") == ["The river"]
    assert texts(soup, ".gallery figcaption") == [
        "1/3 Number 1. Photo: N. Howe",
        "2/3 Its own. Photo: N. Howe",
        "3/3 Number 3. Photo: N. Howe",
    ]
    assert soup.select_one(".gallery")["aria-label"] == "The river"
    assert all(picture["loading"] == "lazy" for picture in soup.select(".gallery img"))


def test_a_gallery_has_two_photographs_at_least(desk):
    story, photo = make_story(), make_photo()
    answer = send(desk, story, "action-publish", body=[in_gallery(block(photo))])
    assert answer.status_code == 200
    assert StoryPage.objects.get(pk=story.pk).body[0].block_type == "paragraph"


def queries_of(story, browser):
    with CaptureQueriesContext(
        connection,
    ) as found:
        page(story.url, browser)
    return len(found)


def test_a_story_costs_the_same_with_twelve_photographs_as_with_two(site, stranger):
    few = make_story(body=[gallery(*(shown(make_photo()) for _ in range(2)))])
    many = make_story(body=[gallery(*(shown(make_photo()) for _ in range(12)))])
    for story in (few, many):
        page(story.url, stranger)
    assert queries_of(many, stranger) == queries_of(few, stranger)


# --- Sizes ------------------------------------------------------------------------------------------------------------


def test_every_size_is_made_on_the_clock_in_three_formats(site, stranger):
    photo = actions.library_photo(files.picture(size=(1600, 1100)), fallback=Metadata(alt_text="A corner."))
    assert (actions.make_sizes(), actions.make_sizes()) == (1, 0)
    assert photo.renditions.count() == len(PICTURE_SIZES) == 7
    soup = page(make_story(photos=(PhotoDraft(photo=photo),)).url)
    sources = soup.select("figure source")
    assert [source["type"] for source in sources] == ["image/avif", "image/webp"]
    assert [source["sizes"] for source in sources] == ["(min-width: 76rem) 48rem, 100vw"] * 2
    widths = [part.rsplit(" ", 1) for part in sources[0]["srcset"].split(", ")]
    assert [width for _, width in widths] == ["720w", "1440w"]
    for address, width in widths:
        with Image.open(io.BytesIO(stranger.get(address).content)) as picture:
            assert (picture.format, f"{picture.width}w") == ("AVIF", width)
            assert picture.height * 3 == picture.width * 2
    fallback = soup.select_one("figure img")
    assert (fallback["width"], fallback["height"], fallback["src"].rpartition(".")[2]) == ("960", "640", "jpg")


def test_a_crop_keeps_what_an_editor_has_pointed_at(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    tall = Image.new("RGB", (400, 1200), "white")
    tall.paste("red", (100, 1100, 300, 1200))
    photo = actions.library_photo(files.saved(tall, "PNG"))
    before = red_in(photo)
    photo.focal_point_x, photo.focal_point_y, photo.focal_point_width, photo.focal_point_height = 200, 1150, 200, 100
    photo.save()
    assert (before, red_in(Photo.objects.get())) == (False, True)


def red_in(photo) -> bool:
    with photo.get_rendition(PICTURE_SIZES[-1]).open_file() as file, Image.open(file) as picture:
        return any(red > 200 > 100 > green for _, (red, green, _) in picture.convert("RGB").getcolors(1 << 24))


def test_a_photograph_whose_file_is_gone_does_not_take_the_page_with_it(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = actions.library_photo(files.picture())
    (tmp_path / photo.file.name).unlink()
    assert actions.make_sizes() == 1
    assert len(page(make_story(photos=(PhotoDraft(photo=photo),)).url).select("figure img")) == 1
    assert not PhotoRendition.objects.exists()


def test_the_site_takes_no_larger_picture_than_pillow_does():
    assert Image.MAX_IMAGE_PIXELS == site_settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS == 40_000_000
