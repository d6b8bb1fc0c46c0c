"""Pictures of the two pages that matter most, for people to look at: tests/.screenshots/."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import Begin
from tests.journeys.paper import GAUGES

PICTURES_DRAWN = """Promise.all([document.fonts.ready, ...Array.from(document.images, (image) => {
  image.loading = "eager";
  return image.decode();
})]).then(() => true)"""
PAGES = {"front": "", "story": f"{GAUGES}/"}


@pytest.mark.parametrize("name", PAGES)
def test_front_page_and_story_are_pictured(visits: Begin, screenshots: Path, name: str) -> None:
    page = visits().go(PAGES[name])
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(PICTURES_DRAWN)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            file = screenshots / f"{name}-{width}-{scheme}.png"
            file.unlink(missing_ok=True)
            page.screenshot(path=file, full_page=True)
            assert file.stat().st_size > 100_000
