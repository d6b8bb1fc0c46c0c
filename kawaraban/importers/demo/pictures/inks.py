"""The inks: colours, and the palettes that a picture is printed with."""

from dataclasses import dataclass

# The sheet's size in its own units; scenes know no pixels.
W, H = 1200, 800

Ink = tuple[int, int, int]
Point = tuple[float, float]


def ink(code: str) -> Ink:
    """Read ``#rrggbb``."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(a: Ink, b: Ink, t: float) -> Ink:
    """Mix two inks: ``t`` = 0 gives ``a``, 1 gives ``b``."""
    return round(a[0] + (b[0] - a[0]) * t), round(a[1] + (b[1] - a[1]) * t), round(a[2] + (b[2] - a[2]) * t)


RED = ink("#c1442a")
PAPER = ink("#f4ecd9")
GLOW = ink("#f4c66e")


@dataclass(frozen=True)
class Palette:
    """The inks of one printing.

    Attributes:
        mood: dawn, day, dusk, night, rain or snow.
        sky: From the top of the sheet to the horizon.
        far: The land farthest away; ``mid`` and ``near`` follow.
        key: The darkest ink, for key lines and silhouettes.
        water: The water at the horizon and at the reader's feet.
        ground: Earth, road or snow.
        leaf: Foliage in the light.
        wall: Plaster and other pale things.
        roof: Tiles.
        wood: Boards and trunks.
    """

    mood: str
    sky: tuple[Ink, ...]
    far: Ink
    mid: Ink
    near: Ink
    key: Ink
    water: tuple[Ink, Ink]
    ground: Ink
    leaf: Ink
    wall: Ink
    roof: Ink
    wood: Ink

    @property
    def dark(self) -> bool:
        """Tell whether lamps are lit."""
        return self.mood in {"dusk", "night", "rain"}

    @property
    def window(self) -> Ink:
        """The colour of a window: lit when it is dark, else in shade."""
        return GLOW if self.dark else mix(self.near, self.key, 0.35)


def _palette(mood: str, sky: str, land: str, water: str, things: str) -> Palette:
    skies = tuple(ink(c) for c in sky.split())
    far, mid, near, key = (ink(c) for c in land.split())
    high, low = (ink(c) for c in water.split())
    ground, leaf, wall, roof, wood = (ink(c) for c in things.split())
    return Palette(mood, skies, far, mid, near, key, (high, low), ground, leaf, wall, roof, wood)


PALETTES: tuple[Palette, ...] = (
    _palette(
        "dawn",
        "#7fa3ad #b9c7bd #ecd9b8 #f1c4a0",
        "#a3b0ae #6b8b90 #38585f #1c2c34",
        "#e3d0b4 #5f8a93",
        "#cbb893 #6f8a68 #efe3cb #4c616b #7d6450",
    ),
    _palette(
        "dawn",
        "#8d94b5 #bfb3c4 #e9cdc3 #f4dfc2",
        "#b0a8bd #7b7c9b #444c6b #20263c",
        "#e6cdc2 #737d9d",
        "#c9b4a4 #73857a #f0e2d2 #565b78 #7b5f5a",
    ),
    _palette(
        "day",
        "#2f6f93 #7fb0bb #c9d9c8 #efe6cc",
        "#94b3ae #5c8a80 #2c584f #17303a",
        "#b4cfc8 #2d6d8a",
        "#d2c193 #5f8c5c #f3ead6 #46606a #86664a",
    ),
    _palette(
        "day",
        "#6d9c98 #b8cdbd #e4e3c9 #efe8d0",
        "#a8bba9 #728f78 #3d5f52 #1d3433",
        "#cfd9c4 #4f8788",
        "#d6c79f #7c9659 #f3ecd8 #56686a #87694d",
    ),
    _palette(
        "day",
        "#5c8fae #a6c3c4 #e8dfc0 #eed9ac",
        "#b6b596 #8b9566 #55683f #2a3328",
        "#d6d6bd #4b7f96",
        "#dcc58b #8d9a4e #f4ead0 #5b6061 #8c6540",
    ),
    _palette(
        "dusk",
        "#2f3f63 #6d6d8f #d39a85 #f0bf88",
        "#776f8f #4c4f72 #2b3351 #151b2e",
        "#dfa986 #364668",
        "#8d7a78 #47594f #d9c0ac #2e3652 #5a4547",
    ),
    _palette(
        "dusk",
        "#1f4d5e #5c8c8c #d9cf9f #eaa468",
        "#5d8384 #38606a #1f404c #10222c",
        "#d8b884 #285766",
        "#8b8468 #3e6452 #dccfae #264450 #5d4b40",
    ),
    _palette(
        "dawn",
        "#9fb3a4 #d3d3b4 #f0dfae #f4cf8f",
        "#b3b79f #84947f #4c6258 #22302e",
        "#ecdcae #728f84",
        "#cdbb88 #7d8f58 #f3ead2 #59655f #83664a",
    ),
    _palette(
        "day",
        "#7fb0c0 #c3dad3 #efe9d0 #f6e8c8",
        "#a9c0bb #6f9a94 #3f6b6c #1b2f3a",
        "#cfe0d5 #3f8298",
        "#d9c9a2 #6d9a6a #f6eedd #4d6676 #8d6d50",
    ),
    _palette(
        "dusk",
        "#4a4468 #94718a #d9948c #f2c4a0",
        "#8a748f #5e5072 #382f4d #1b172b",
        "#dda898 #4a4668",
        "#9a8078 #58604f #e6cdb8 #3e3852 #64484a",
    ),
    _palette(
        "night",
        "#0e1b33 #17325a #2c5480 #5b86a3",
        "#34597c #213f60 #142a45 #0a1424",
        "#4d7a9a #12284a",
        "#33485e #24504f #9fb0b8 #172d49 #3b3a44",
    ),
    _palette(
        "night",
        "#10222c #1b3d49 #35646a #7c9d8e",
        "#3f6a6e #264c54 #16323b #0a1a20",
        "#6a9189 #143440",
        "#37504e #2b5a48 #a9b8a8 #18333d #423f3a",
    ),
    _palette(
        "rain",
        "#47596a #71838f #a0aeb0 #bcc3ba",
        "#8c9ca1 #64777f #3a4d58 #1b2832",
        "#a3b0b0 #4a6170",
        "#7d8783 #4f6d62 #d3d3c6 #3b4d5a #5f554d",
    ),
    _palette(
        "rain",
        "#4f625c #7b8f86 #a9b5a4 #c6c8b2",
        "#93a295 #677c72 #3c534d #1b2b2b",
        "#acb7a6 #4d6b68",
        "#85887a #55735a #d8d6c2 #3f5452 #62574a",
    ),
    _palette(
        "snow",
        "#5f7b90 #94a8b3 #c2cacb #dddcd3",
        "#b7c3c8 #869ca8 #41596a #1c2a38",
        "#b9c6ca #46677d",
        "#efeee8 #4e6a68 #e4ddcf #4b6070 #6a564b",
    ),
    _palette(
        "snow",
        "#233a55 #42607c #7b93a4 #a9b8bf",
        "#7d94a6 #4f6c86 #263f5a #111f31",
        "#8299aa #274763",
        "#dde3e6 #365659 #c5c8c6 #2c4560 #4c4648",
    ),
)
