"""The demo's pictures: always the same, never alike, and cut to whatever size is asked for."""

import subprocess
import sys

import pytest
from PIL import Image, ImageChops, ImageStat

from kawaraban.importers.demo.pictures import SCENES, draw

SMALL = (240, 160)

NAMES = {
    "bridge",
    "ferry",
    "harbour",
    "lighthouse",
    "market",
    "kitchen",
    "school",
    "train",
    "hills",
    "river",
    "rain",
    "snow",
    "festival",
    "stage",
    "library",
    "stadium",
    "fields",
    "containers",
    "crane",
    "city-night",
    "tower",
    "temple",
    "shop",
    "fishing-boat",
    "beach",
    "factory",
    "hospital",
    "assembly",
    "observatory",
    "greenhouse",
    "bus",
    "workshop",
    "wind-turbines",
    "archive",
    "street",
    "mountain-lake",
}


def _apart(a: Image.Image, b: Image.Image) -> float:
    """Tell how far two pictures are apart, 0 for the same and 255 for black against white."""
    return max(ImageStat.Stat(ImageChops.difference(a, b)).mean)


def test_the_scenes_are_those_the_stories_ask_for() -> None:
    assert set(SCENES) == NAMES
    assert len(set(SCENES)) == len(SCENES)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_draws_for_many_seeds(scene: str) -> None:
    pictures = [draw(scene, str(seed), SMALL) for seed in range(12)]
    for picture in pictures:
        assert picture.size == SMALL
        assert picture.mode == "RGB"
        # A picture that is all one tone has lost its subject.
        assert max(ImageStat.Stat(picture.convert("L")).stddev) > 12
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_the_same_twice(scene: str) -> None:
    assert draw(scene, "again", SMALL).tobytes() == draw(scene, "again", SMALL).tobytes()


def test_a_picture_is_the_same_in_another_process() -> None:
    code = (
        "import zlib; from kawaraban.importers.demo.pictures import draw;"
        "print(zlib.crc32(draw('harbour', 'elsewhere', (240, 160)).tobytes()))"
    )
    runs = {
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1


def test_scenes_and_seeds_differ() -> None:
    assert _apart(draw("ferry", "a", SMALL), draw("ferry", "b", SMALL)) > 4
    assert _apart(draw("ferry", "a", SMALL), draw("temple", "a", SMALL)) > 4


@pytest.mark.parametrize("size", [(320, 213), (160, 90), (120, 120), (90, 160), (1, 1)])
def test_any_size_is_kept(size: tuple[int, int]) -> None:
    assert draw("lighthouse", "sizes", size).size == size


def test_the_default_is_three_by_two() -> None:
    assert draw("beach", "default").size == (1440, 960)


def test_an_unknown_scene_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"Unknown scene 'moonbase'.*bridge.*mountain-lake"):
        draw("moonbase", "a")
