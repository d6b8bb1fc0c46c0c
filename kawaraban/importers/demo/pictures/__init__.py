"""The demo newsroom's photographs, drawn by code like small woodblock prints.

The same scene and seed give the same picture on every machine, so that a demo built twice is the same demo.
"""

import random

from PIL import Image

from kawaraban.importers.demo.pictures import city, country, crafts, halls, port, rooms, seasons, shore, streets, town
from kawaraban.importers.demo.pictures.inks import H, W
from kawaraban.importers.demo.pictures.sheet import Sheet

_SCENES = {
    name: scene
    for part in (shore, port, seasons, streets, city, town, country, crafts, rooms, halls)
    for name, scene in part.SCENES.items()
}
SCENES: tuple[str, ...] = tuple(_SCENES)


def draw(scene: str, seed: str, size: tuple[int, int] = (1440, 960)) -> Image.Image:
    """Draw one picture.

    Args:
        scene: One of ``SCENES``.
        seed: Whatever tells this picture from the scene's others; a story's slug, say.
        size: Width and height in pixels. Scenes are composed for 3:2; another shape is cut from the middle of that.

    Returns:
        The picture, in RGB.

    Raises:
        ValueError: When the scene is unknown.
    """
    if scene not in _SCENES:
        raise ValueError(f"Unknown scene {scene!r}; known are {', '.join(SCENES)}.")
    width, height = size
    full = max(width, -(-height * W // H))
    sheet = Sheet(full, random.Random(f"{scene}/{seed}"))  # noqa: S311 - pictures, not secrets
    _SCENES[scene](sheet)
    picture = sheet.pull()
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))
