"""A photograph's own words go with it from the agency's file to the page; where it was taken does not."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from kawaraban.newsroom.tests import picture_files as files
from tests.journeys.conftest import Begin
from tests.journeys.desk import begin_story, choose_photograph, press_publish, publish, write_paragraph
from tests.journeys.test_reader import WATCH_SHIFTS, moved
from tests.journeys.visit import Visit

CAPTION = "A white ferry leaves the grey pier of Tsuno."
ADDRESSES = """(image) => [image.src, ...[...image.closest("picture").querySelectorAll("source")]
  .flatMap((source) => source.srcset.split(",").map((each) => new URL(each.trim().split(" ")[0], location).href))]"""


def test_a_photograph_brings_its_words_and_loses_its_place(visits: Begin, tmp_path: Path) -> None:
    picture = tmp_path / "DSC_0815.jpg"
    words = ((120, CAPTION), (80, "Jane Roe"), (110, "Strait Wire"), (116, "© Strait Wire"))
    iim = files.iim(*((number, text.encode()) for number, text in words))
    picture.write_bytes(files.with_iim(files.picture(size=(2400, 1600), exif=files.exif()), iim))
    page = begin_story(visits("editor"), "Culture", "The ferry to Tsuno sails again")
    photograph, dialog = choose_photograph(page)
    dialog.locator("input[type=file]").set_input_files(picture)
    dialog.get_by_role("textbox", name="Title*").fill("The ferry to Tsuno")
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog).to_have_count(0)
    expect(photograph).to_contain_text("The ferry to Tsuno")
    write_paragraph(page, "It had lain at the pier since autumn.")
    press_publish(page)
    expect(photograph).to_contain_text("Say what is in the picture, for those who cannot see it")
    photograph.get_by_role("textbox", name="Alt text").fill("A white ferry before a pier.")
    address = publish(page)

    for width in (360, 1280):
        reader = visits(width=width)
        reader.context.add_init_script(WATCH_SHIFTS)
        story = reader.go(address)
        assert sum(size for size, _ in moved(story)) < 0.1
        expect(story.locator(".photo figcaption")).to_have_text(f"{CAPTION} Photo: Strait Wire / Jane Roe")
        image = story.get_by_role("img", name="A white ferry before a pier.")
        assert image.evaluate("(image) => image.decode().then(() => image.currentSrc)").endswith(".avif")
    kinds = [_bare(reader, each) for each in image.evaluate(ADDRESSES)]
    assert {"AVIF", "WEBP", "JPEG"} == set(kinds)


def _bare(reader: Visit, address: str) -> str:
    """The format of a picture, in which nothing is written."""
    with Image.open(io.BytesIO(reader.context.request.get(address).body())) as image:
        assert not image.getexif()
        assert not {"exif", "xmp", "photoshop", "comment"} & set(image.info)
        return str(image.format)
