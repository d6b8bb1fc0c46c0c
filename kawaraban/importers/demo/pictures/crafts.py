"""Scenes where hands are at work: the kitchen and the workshop."""

import math
from collections.abc import Callable

from kawaraban.importers.demo.pictures.folk import (
    INDIGO,
    MOSS,
    OCHRE,
    SKIN,
    TEAL,
    hanging_lamp,
    lattice,
    outlook,
    umbrella,
)
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, Ink, Point, W, ink, mix
from kawaraban.importers.demo.pictures.sheet import Sheet, curve


def _wall(s: Sheet, y0: float, y1: float, colour: Ink, lamp: bool = False) -> None:
    """Print an inner wall: lighter towards the light."""
    p = s.pal
    base = mix(colour, p.near, 0.3 if p.mood in {"day", "dawn"} else 0.55)
    s.field(y0, y1, mix(base, p.key, 0.3), base, mix(base, GLOW if lamp else PAPER, 0.2))


def kitchen(s: Sheet) -> None:
    """A school kitchen, its great pots steaming."""
    p = s.mood("dawn", "day", "day", "snow")
    _wall(s, 0, 560, PAPER)
    tile = mix(p.wall, p.mid, 0.3)
    s.field(300, 560, mix(tile, PAPER, 0.25), tile)
    for y in range(300, 560, 52):
        s.line([(-10, y), (W + 10, y)], mix(tile, p.near, 0.35), 2)
        for x in range(-26 if (y // 52) % 2 else 0, W, 52):
            s.line([(x, y), (x, y + 52)], mix(tile, p.near, 0.35), 2)
    flip = s.rng.choice((-1, 1))
    wx = 600 - flip * 10
    outlook(s, wx - 230, 90, wx + 230, 330, 4, 2)
    rail = 600 + flip * 420
    s.rect(min(rail - 150, rail + 150), 150, max(rail - 150, rail + 150), 158, p.key)
    for i in range(5):
        x = rail - 120 + 60 * i
        long = s.rng.uniform(90, 130)
        s.line([(x, 156), (x, 156 + long)], mix(p.key, PAPER, 0.2), 5)
        _tool(s, x, 156 + long, i)
    white = mix(PAPER, p.sky[1], 0.06)
    for u, h in ((-150, 400), (300, 372)):
        _cook(s, 600 + flip * u, 640, h, white, RED if u < 0 else INDIGO)
    s.field(556, 600, mix(PAPER, p.mid, 0.35), mix(PAPER, p.mid, 0.55))
    s.field(596, H, mix(p.mid, p.near, 0.55), mix(p.near, p.key, 0.3))
    pots = [(600 - flip * 340, 138, 150), (600 + flip * 60, 172, 176)]
    for x, r, tall in pots:
        _pot(s, x, 600, r, tall)
    for x, r, tall in pots:
        _steam(s, x, 600 - tall - 4, r)
    s.field(664, H, mix(p.wood, PAPER, 0.22), mix(p.wood, p.near, 0.2))
    s.rect(-10, 660, W + 10, 672, mix(p.wood, PAPER, 0.42))
    for i in range(6):
        _bowls(
            s,
            600 - flip * (470 - 82 * i),
            742 + 14 * (i % 2),
            3 + (i * 7) % 4,
            RED if i in {1, 4} else mix(PAPER, p.sky[0], 0.1),
        )
    x = 600 + flip * 330
    s.poly([(x - 150, 730), (x + 150, 730), (x + 120, 772), (x - 120, 772)], mix(p.wood, p.key, 0.45))
    for i in range(15):
        c = s.rng.choice((ink("#c9702c"), MOSS, ink("#d8cfa8"), ink("#8c9c48")))
        s.oval(x - 122 + 17.5 * i, 722 - 14 * (i % 3), 20, 17, mix(c, p.key, 0.05 * (i % 3)))


def _tool(s: Sheet, x: float, y: float, i: int) -> None:
    steel = mix(PAPER, s.pal.near, 0.5)
    if i % 2:
        s.oval(x, y + 22, 28, 28, mix(s.pal.near, s.pal.key, 0.3))
        s.oval(x, y + 22, 21, 21, steel)
    else:
        s.poly(curve([(x - 20, y), (x - 14, y + 22), (x, y + 28), (x + 14, y + 22), (x + 20, y)], 4), steel)


def _pot(s: Sheet, x: float, y: float, r: float, tall: float) -> None:
    p = s.pal
    steel, dark = mix(PAPER, p.mid, 0.5), mix(p.near, p.key, 0.25)
    s.rect(x - r - 30, y - 18, x + r + 30, y + 70, dark)
    for i in range(9):
        s.poly(
            [
                (x - r * 0.7 + r * 0.17 * i, y - 4),
                (x - r * 0.64 + r * 0.17 * i, y - 26),
                (x - r * 0.58 + r * 0.17 * i, y - 4),
            ],
            RED if i % 2 else GLOW,
        )
    s.poly(
        curve([(x - r, y - tall), (x - r * 0.98, y - 60), (x - r * 0.82, y - 16)], 4)
        + curve([(x + r * 0.82, y - 16), (x + r * 0.98, y - 60), (x + r, y - tall)], 4),
        steel,
    )
    s.poly(
        [
            (x + r * 0.45, y - tall),
            (x + r, y - tall),
            (x + r * 0.97, y - 60),
            (x + r * 0.82, y - 16),
            (x + r * 0.42, y - 16),
        ],
        mix(p.mid, p.near, 0.5),
        110,
    )
    s.poly(
        [(x - r * 0.78, y - tall), (x - r * 0.66, y - tall), (x - r * 0.58, y - 30), (x - r * 0.68, y - 30)], PAPER, 150
    )
    s.oval(x, y - tall, r * 1.04, r * 0.2, mix(steel, PAPER, 0.35))
    s.oval(x, y - tall, r * 0.93, r * 0.155, mix(ink("#a8743a"), p.near, 0.3))
    for _ in range(7):
        c = s.rng.choice((MOSS, ink("#c9702c"), PAPER))
        s.oval(x + s.rng.uniform(-0.7, 0.7) * r, y - tall + s.rng.uniform(-0.06, 0.09) * r, 15, 6, c)
    for side in (-1, 1):
        s.ring(
            curve(
                [
                    (x + side * r * 1.0, y - tall * 0.8),
                    (x + side * r * 1.16, y - tall * 0.78),
                    (x + side * r * 1.16, y - tall * 0.58),
                    (x + side * r * 0.98, y - tall * 0.56),
                ],
                4,
            ),
            p.key,
            8,
        )


def _steam(s: Sheet, x: float, y: float, r: float) -> None:
    """Let steam rise in a few flat ribbons."""
    for i in range(3):
        x0 = x + r * (0.5 * i - 0.5)
        tall, turn = s.rng.uniform(210, 300), s.rng.uniform(0, 2)
        sway, wide = s.rng.uniform(16, 30), s.rng.uniform(26, 40)
        left: list[Point] = []
        right: list[Point] = []
        for j in range(19):
            t = j / 18
            cx, cy = x0 + sway * math.sin(t * 6 + turn) * (0.3 + t), y + 8 - tall * t
            half = wide * (0.55 + 0.45 * math.sin(t * 8 + turn + i)) * (1 - 0.35 * t) * min(1.0, 0.15 + t * 5) + 5
            left.append((cx - half, cy))
            right.append((cx + half, cy))
        s.film([left + right[::-1]], PAPER, 0.55, fade=True)


def _cook(s: Sheet, x: float, y: float, h: float, white: Ink, scarf: Ink) -> None:
    """Stand a cook behind the pots, sleeves rolled."""
    key = s.pal.key
    body = [(-0.16, 0.72), (-0.05, 0.8), (0.05, 0.8), (0.16, 0.72), (0.2, 0.08), (-0.2, 0.08)]
    s.poly([(x + u * h, y - v * h) for u, v in body], white)
    s.poly(
        [(x + u * h, y - v * h) for u, v in ((-0.09, 0.66), (0.09, 0.66), (0.13, 0.08), (-0.13, 0.08))],
        mix(scarf, white, 0.1),
    )
    for side in (-1, 1):
        s.line([(x + side * h * 0.13, y - h * 0.68), (x + side * h * 0.21, y - h * 0.5)], white, h * 0.085)
        s.line([(x + side * h * 0.21, y - h * 0.5), (x + side * h * 0.12, y - h * 0.4)], SKIN, h * 0.055)
    s.rect(x - h * 0.03, y - h * 0.84, x + h * 0.03, y - h * 0.78, SKIN)
    s.oval(x, y - h * 0.9, h * 0.072, h * 0.085, SKIN)
    hood = [
        (x + h * 0.085 * math.cos(q / 10 * math.pi), y - h * (0.915 + 0.1 * math.sin(q / 10 * math.pi)))
        for q in range(11)
    ]
    s.poly(hood, white)
    s.line([(x - h * 0.084, y - h * 0.918), (x + h * 0.084, y - h * 0.918)], mix(white, key, 0.4), 3)


def _bowls(s: Sheet, x: float, y: float, count: int, colour: Ink) -> None:
    p = s.pal
    s.lens(x + 8, y, 52, 9, p.key, 100)
    for i in range(count):
        at = y - 15 * i
        bowl = curve(
            [(x - 36, at - 24), (x - 28, at - 8), (x - 14, at), (x + 14, at), (x + 28, at - 8), (x + 36, at - 24)], 4
        )
        s.poly(bowl, mix(colour, p.key, 0.08 * (i % 2)))
        s.line([(x - 36, at - 24), (x + 36, at - 24)], mix(colour, p.key, 0.45), 2.4)
    s.oval(x, y - 15 * (count - 1) - 24, 36, 7, mix(colour, p.key, 0.3))


def workshop(s: Sheet) -> None:
    """A maker at the bench."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow")
    board = mix(ink("#9a7650"), p.near, 0.3)
    s.field(0, 620, mix(board, p.key, 0.35), mix(board, PAPER, 0.05))
    for seam in range(0, W + 1, 75):
        s.rect(seam - 1.5, 0, seam + 1.5, 620, mix(board, p.key, 0.5))
    flip = s.rng.choice((-1, 1))
    wx = 600 - flip * 230
    lattice(s, (wx - 230, 90, wx + 230, 440), 8, 5, mix(PAPER, p.sky[-1], 0.45), mix(p.wood, p.key, 0.6))
    # A branch outside throws its shadow on the paper.
    for i in range(13):
        t = i / 12
        x, y = wx - flip * (210 - 330 * t), 190 + 130 * t - 90 * t * t
        side = 1 if i % 2 else -1
        tip = (x + flip * 46, y + side * 40 + 14)
        s.poly([(x, y), (x + flip * 30, y + side * 12), tip, (x + flip * 14, y + side * 30)], p.mid, 80)
    s.line(curve([(wx - flip * 226, 180), (wx - flip * 60, 262), (wx + flip * 130, 226)], 6), p.mid, 5, 80)
    s.rect(wx - 244, 76, wx + 244, 92, mix(p.wood, p.key, 0.5))
    s.rect(wx - 244, 438, wx + 244, 456, mix(p.wood, p.key, 0.5))
    umbrellas = s.rng.random() < 0.45
    (_drying if umbrellas else _rack)(s, 600 + flip * 290)
    s.field(600, H, mix(board, p.key, 0.4), mix(board, p.key, 0.65))
    hanging_lamp(s, 600 + flip * 60, 130, 54, mix(RED, p.key, 0.05))
    mx = 600 + flip * 40
    _maker(s, mx, 612, 400, flip)
    if umbrellas:
        umbrella(s, mx - flip * 185, 594, 124, RED)
        for u in (-158, -122):
            s.oval(mx + flip * u, 566 + 12 * (u > -130), 17, 14, SKIN)
    bench = mix(p.wood, PAPER, 0.3)
    s.shape([(140, 596), (1060, 596), (1110, 654), (90, 654)], (bench, mix(bench, p.wood, 0.4)))
    s.rect(90, 652, 1110, 690, mix(p.wood, p.key, 0.3))
    for x in (150, 1010):
        s.rect(x, 688, x + 44, 830, mix(p.wood, p.key, 0.55))
    if not umbrellas:
        _planing(s, mx, flip)


def _rack(s: Sheet, rx: float) -> None:
    """Hang the tools over a shelf of pots."""
    p = s.pal
    s.rect(rx - 210, 128, rx + 210, 138, mix(p.wood, PAPER, 0.25))
    s.rect(rx - 210, 330, rx + 210, 340, mix(p.wood, PAPER, 0.25))
    kinds = ["saw", "plane", "chisel", "chisel", "hammer", "square", "chisel"]
    s.rng.shuffle(kinds)
    for i, kind in enumerate(kinds):
        _hang(s, kind, rx - 180 + 60 * i, 142)
    for i in range(7):
        x = rx - 186 + 60 * i
        c = mix(s.rng.choice((OCHRE, TEAL, PAPER, INDIGO, p.wood)), p.near, 0.25)
        h = s.rng.uniform(34, 60)
        s.rect(x, 330 - h, x + 36, 330, c)
        s.rect(x, 330 - h, x + 36, 330 - h + 9, mix(c, p.key, 0.4))


def _drying(s: Sheet, rx: float) -> None:
    """Hang umbrellas to dry."""
    p = s.pal
    s.rect(rx - 220, 108, rx + 220, 116, mix(p.wood, PAPER, 0.25))
    tones = [mix(c, p.near, 0.12) for c in (INDIGO, OCHRE, PAPER, TEAL)]
    s.rng.shuffle(tones)
    for (u, y, r), tone in zip(((-120, 230, 100), (100, 200, 92), (-30, 420, 84), (160, 390, 100)), tones, strict=True):
        s.line([(rx + u, 112), (rx + u, y - r * 0.6)], p.key, 2)
        umbrella(s, rx + u, y, r, tone)


def _planing(s: Sheet, mx: float, flip: int) -> None:
    """Lay a board on the bench, the plane on it, shavings below."""
    p = s.pal
    plank = mix(ink("#e0bd84"), p.near, 0.12)
    s.poly([(mx - flip * 330, 596), (mx + flip * 190, 596), (mx + flip * 200, 620), (mx - flip * 340, 620)], plank)
    s.poly(
        [(mx - flip * 340, 620), (mx + flip * 200, 620), (mx + flip * 200, 636), (mx - flip * 340, 636)],
        mix(plank, p.key, 0.3),
    )
    s.line([(mx - flip * 320, 607), (mx + flip * 180, 609)], mix(plank, p.key, 0.25), 2)
    px = mx - flip * 120
    s.rect(px - 62, 566, px + 62, 598, mix(p.wood, p.key, 0.15))
    s.rect(px - 62, 566, px + 62, 574, mix(p.wood, PAPER, 0.3))
    s.poly(
        [(px - flip * 6, 566), (px + flip * 12, 536), (px + flip * 30, 540), (px + flip * 14, 566)],
        mix(PAPER, p.near, 0.4),
    )
    for i in range(3):
        s.oval(px + flip * (-30 + 58 * i), 566, 17, 13, SKIN) if i < 2 else None
    for i in range(15):
        x, y = px + s.rng.gauss(0, 130), s.rng.uniform(630, 646) if i < 5 else s.rng.uniform(750, 785)
        r = s.rng.uniform(9, 17)
        curl = [
            (x + r * (1 - q / 14) * math.cos(q * 0.75 + i), y + r * 0.7 * (1 - q / 14) * math.sin(q * 0.75 + i))
            for q in range(9)
        ]
        s.line(curl, mix(plank, PAPER, 0.25), 4)


def _hang(s: Sheet, kind: str, x: float, y: float) -> None:
    p = s.pal
    steel, grip = mix(PAPER, p.near, 0.42), mix(p.wood, PAPER, 0.25)
    if kind == "saw":
        s.rect(x - 5, y, x + 5, y + 70, grip)
        s.poly([(x - 8, y + 70), (x + 8, y + 70), (x + 24, y + 170), (x - 16, y + 170)], steel)
    elif kind == "plane":
        s.rect(x - 20, y + 8, x + 20, y + 120, grip)
        s.poly([(x - 12, y + 50), (x + 12, y + 50), (x + 12, y + 84), (x - 12, y + 84)], mix(grip, p.key, 0.5))
        s.rect(x - 8, y + 42, x + 8, y + 62, steel)
    elif kind == "hammer":
        s.rect(x - 5, y, x + 5, y + 130, grip)
        s.rect(x - 26, y + 118, x + 26, y + 144, mix(p.near, p.key, 0.4))
    elif kind == "square":
        s.rect(x - 18, y, x - 8, y + 130, steel)
        s.rect(x - 18, y + 120, x + 26, y + 132, steel)
    else:
        s.rect(x - 6, y, x + 6, y + 62, grip)
        s.poly([(x - 5, y + 62), (x + 5, y + 62), (x + 10, y + 120), (x - 10, y + 120)], steel)


def _maker(s: Sheet, x: float, y: float, h: float, flip: int) -> None:
    """Bend somebody over the work."""
    key = s.pal.key

    def at(u: float, v: float) -> Point:
        return x + flip * u * h, y - v * h

    coat = mix(INDIGO, key, 0.15)
    s.poly(
        curve(
            [
                at(0.22, 0.0),
                at(0.25, 0.26),
                at(0.16, 0.5),
                at(0.0, 0.58),
                at(-0.14, 0.52),
                at(-0.13, 0.2),
                at(-0.12, 0.0),
            ],
            5,
        ),
        coat,
    )
    s.line([at(0.06, 0.46), at(-0.1, 0.26), at(-0.3, 0.09)], mix(coat, key, 0.25), h * 0.1)
    s.line([at(-0.1, 0.46), at(-0.22, 0.26), at(-0.37, 0.09)], coat, h * 0.1)
    s.poly([at(-0.1, 0.38), at(0.2, 0.3), at(0.24, 0.0), at(-0.12, 0.0)], mix(OCHRE, s.pal.near, 0.35))
    s.oval(*at(-0.12, 0.64), h * 0.085, h * 0.098, SKIN)
    s.poly(
        curve(
            [at(-0.03, 0.6), at(-0.02, 0.7), at(-0.1, 0.76), at(-0.2, 0.7), at(-0.12, 0.68), at(-0.07, 0.6)], 4, True
        ),
        key,
    )
    s.line([at(-0.215, 0.672), at(-0.03, 0.715)], PAPER, h * 0.04)
    s.line([at(-0.03, 0.715), at(0.04, 0.68)], PAPER, h * 0.022)


SCENES: dict[str, Callable[[Sheet], None]] = {
    "kitchen": kitchen,
    "workshop": workshop,
}
