"""The picture by which a link to a story is shown elsewhere."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from kawaraban.newsroom.models import Publication
from kawaraban.newsroom.testing import make_story
from kawaraban.syndication import cards
from kawaraban.syndication.tests.documents import get

PAPER = "The Test Courier"


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def written(headline: str, paper: str = PAPER) -> tuple[int, int, int, int] | None:
    """What a headline adds to the card, as a box; None for nothing."""
    card, empty = picture(cards.card(paper, headline)), picture(cards.card(paper, ""))
    return ImageChops.difference(card, empty).getbbox()


def test_a_card_has_the_size_that_social_networks_ask_for(site):
    story = make_story()
    response = get(f"/cards/{story.pk}.png")
    assert response["Content-Type"] == "image/png"
    assert picture(response.content).size == (1200, 630)
    assert get(f"/cards/{story.pk}.png", **{"If-None-Match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("length", [1, 12, 30, 60])
def test_a_headline_of_any_length_stays_on_the_card(length):
    box = written(" ".join(["Bridge"] * length))
    assert box is not None
    left, top, right, bottom = box
    assert left >= cards.MARGIN - 4
    assert right <= 1200 - cards.MARGIN + 4
    assert top > 144
    assert bottom < 630 - 20


def test_a_word_that_is_too_long_is_cut_off():
    box = written("Donaudampfschifffahrtsgesellschaft" * 4)
    assert box is not None
    assert box[2] <= 1200 - cards.MARGIN + 4


def test_what_the_font_cannot_write_is_left_out(site):
    assert written("県は川の橋を架け直す") is None
    assert written("橋") is None
    assert written("Prefecture’s “bridge” – again…") is not None
    story = make_story(headline="県は川の橋を架け直す")
    assert picture(get(f"/cards/{story.pk}.png").content).size == (1200, 630)


def test_a_card_has_the_colour_of_the_paper(site):
    look = Publication.for_site(site.get_site())
    look.accent = "#004488"
    look.save()
    story = make_story()
    assert picture(get(f"/cards/{story.pk}.png").content).getpixel((600, 5)) == (0, 0x44, 0x88)


def test_there_is_no_card_of_what_is_not_there(site):
    for path in ("999", "0", "x", "99999999999999999999"):
        assert get(f"/cards/{path}.png").status_code == 404
