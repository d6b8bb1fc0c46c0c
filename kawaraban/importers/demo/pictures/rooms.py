"""Scenes under a roof."""

import math
from collections.abc import Callable
from itertools import pairwise

from kawaraban.importers.demo.pictures.folk import (
    CLOTHS,
    INDIGO,
    MOSS,
    OCHRE,
    SKIN,
    TEAL,
    cloth,
    crowd,
    lattice,
    person,
    roof,
    umbrella,
)
from kawaraban.importers.demo.pictures.land import contour, ridges, sky, weather
from kawaraban.importers.demo.pictures.sheet import GLOW, PAPER, RED, Eye, H, Ink, Point, Sheet, W, curve, ink, mix


def _wall(s: Sheet, y0: float, y1: float, colour: Ink, lamp: bool = False) -> None:
    """Print an inner wall: lighter towards the light."""
    p = s.pal
    base = mix(colour, p.near, 0.3 if p.mood in {"day", "dawn"} else 0.55)
    s.field(y0, y1, mix(base, p.key, 0.3), base, mix(base, GLOW if lamp else PAPER, 0.2))


def _outlook(s: Sheet, x0: float, y0: float, x1: float, y1: float, cols: int, rows: int) -> None:
    """Cut a window into the wall, with weather and hills behind its bars."""
    p = s.pal
    s.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], p.sky)
    for tone, base, amp in ((p.far, 0.62, 0.12), (p.mid, 0.78, 0.08)):
        line = contour(s, y0 + (y1 - y0) * base, (y1 - y0) * amp, 2.2)
        s.poly([(x0, y1), *[(x, line(x)) for x in range(int(x0), int(x1) + 1, 6)], (x1, y1)], tone)
    frame = mix(p.wood, p.key, 0.5)
    for i in range(cols + 1):
        x = x0 + (x1 - x0) * i / cols
        s.rect(x - 4, y0, x + 4, y1, frame)
    for j in range(rows + 1):
        y = y0 + (y1 - y0) * j / rows
        s.rect(x0 - 4, y - 4, x1 + 4, y + 4, frame)
    s.rect(x0 - 14, y1, x1 + 14, y1 + 14, mix(p.wood, PAPER, 0.15))


def _lamp(s: Sheet, x: float, y: float, r: float, colour: Ink) -> None:
    """Hang a shaded lamp from above."""
    s.line([(x, -5), (x, y - r * 0.5)], s.pal.key, 2.5)
    s.halo(x, y + r * 0.4, r * 4.2, GLOW, 0.4)
    s.oval(x, y + r * 0.12, r * 0.4, r * 0.3, mix(PAPER, GLOW, 0.4))
    shade = curve(
        [
            (x - r, y + r * 0.1),
            (x - r * 0.6, y - r * 0.4),
            (x, y - r * 0.62),
            (x + r * 0.6, y - r * 0.4),
            (x + r, y + r * 0.1),
        ],
        5,
    )
    s.poly(shade, colour)


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
    _outlook(s, wx - 230, 90, wx + 230, 330, 4, 2)
    rail = 600 + flip * 420
    s.rect(min(rail - 150, rail + 150), 150, max(rail - 150, rail + 150), 158, p.key)
    for i in range(5):
        x = rail - 120 + 60 * i
        long = s.rng.uniform(90, 130)
        s.line([(x, 156), (x, 156 + long)], mix(p.key, PAPER, 0.2), 5)
        _tool(s, x, 156 + long, i)
    s.field(556, 600, mix(PAPER, p.mid, 0.35), mix(PAPER, p.mid, 0.55))
    s.field(596, H, mix(p.mid, p.near, 0.55), mix(p.near, p.key, 0.3))
    pots = [(600 - flip * 340, 138, 150), (600 + flip * 60, 172, 176)]
    white = mix(PAPER, p.sky[1], 0.06)
    for u, h in ((-150, 400), (300, 372)):
        _cook(s, 600 + flip * u, 640, h, white, RED if u < 0 else INDIGO)
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
            half = wide * (0.55 + 0.45 * math.sin(t * 8 + turn + i)) * (1 - 0.35 * t) + 5
            left.append((cx - half, cy))
            right.append((cx + half, cy))
        s.film([left + right[::-1]], PAPER, 0.55, fade=True)


def _cook(s: Sheet, x: float, y: float, h: float, white: Ink, scarf: Ink) -> None:
    """Stand a cook behind the pots, sleeves rolled."""
    key = s.pal.key
    body = [(-0.16, 0.72), (-0.05, 0.8), (0.05, 0.8), (0.16, 0.72), (0.2, 0.2), (-0.2, 0.2)]
    s.poly([(x + u * h, y - v * h) for u, v in body], white)
    s.poly(
        [(x + u * h, y - v * h) for u, v in ((-0.09, 0.66), (0.09, 0.66), (0.13, 0.2), (-0.13, 0.2))],
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


def stage(s: Sheet) -> None:
    """An actor before the painted pine."""
    p = s.mood("night", "dusk", "rain")
    hall = mix(p.near, p.key, 0.55)
    s.field(0, H, mix(hall, p.key, 0.5), hall)
    wood = mix(ink("#c79a62"), p.near, 0.16)
    s.halo(600, 380, 620, GLOW, 0.3)
    s.shape([(210, 200), (990, 200), (990, 500), (210, 500)], (mix(wood, p.key, 0.2), mix(wood, PAPER, 0.18)))
    for x in range(210, 991, 60):
        s.rect(x - 1.5, 200, x + 1.5, 500, mix(wood, p.key, 0.4))
    (_painted_pine if s.rng.random() < 0.5 else _painted_moon)(s, 600, 498)
    s.shape([(210, 496), (990, 496), (1080, 640), (120, 640)], (mix(wood, p.key, 0.12), mix(wood, PAPER, 0.26)))
    for i in range(13):
        u = i / 12
        s.line([(210 + 780 * u, 496), (120 + 960 * u, 640)], mix(wood, p.key, 0.35), 2)
    s.rect(112, 636, 1088, 672, mix(wood, p.key, 0.5))
    for x in (150, 1014):
        s.rect(x, 176, x + 36, 640, mix(wood, p.key, 0.32))
        s.rect(x + 26, 176, x + 36, 640, mix(wood, p.key, 0.55))
    stripes = s.rng.random() < 0.6
    for side in (-1, 1):
        for i in range(4):
            x0 = 600 + side * (452 + 56 * i)
            tone = (
                (mix(p.key, hall, 0.2), mix(MOSS, p.key, 0.35), mix(ink("#a8552f"), p.key, 0.2))[i % 3]
                if stripes
                else mix(RED, p.key, 0.2 + 0.18 * (i % 2))
            )
            s.rect(min(x0, x0 + side * 57), 150, max(x0, x0 + side * 57), 700, tone)
    roof(s, 600, 176, 560, 128, mix(p.roof, p.key, 0.2), ridge=0.72, up=0.12)
    s.rect(120, 172, 1080, 192, mix(wood, p.key, 0.5))
    for i, x in enumerate((330, 420, 800, 880)):
        _kneeling(s, x, 548, 96, mix(cloth(s), p.key, 0.35), drum=i % 2 == 0)
    _actor(s, s.rng.choice((560, 610, 650)), 616, 262, s.rng.choice((-1, 1)), s.rng.random() < 0.5)
    robes = [mix(c, p.key, 0.62) for c in CLOTHS]
    crowd(s, 716, 29, -20, 1230, 66, [mix(r, p.near, 0.2) for r in robes])
    crowd(s, 770, 42, -30, 1240, 96, robes)


def _painted_pine(s: Sheet, x: float, y: float) -> None:
    p = s.pal
    bark = mix(p.wood, p.key, 0.4)
    spine = curve([(x - 30, y), (x + 30, y - 90), (x - 40, y - 170), (x + 20, y - 250)], 6)
    s.taper(spine, 42, 16, bark)
    for bx, by in ((-190, -170), (200, -150), (150, -236), (-120, -246)):
        s.taper(curve([(x, y - 130), (x + bx * 0.5, y + by * 0.75), (x + bx, y + by)], 5), 17, 6, bark)
    green = mix(ink("#47704f"), p.key, 0.2)
    for bx, by, w in (
        (-210, -176, 104),
        (210, -156, 110),
        (140, -244, 92),
        (-120, -252, 96),
        (0, -274, 90),
        (60, -120, 66),
    ):
        for i in range(5):
            u = (i - 2) / 2
            s.oval(x + bx + u * w * 0.7, y + by + 6 * abs(u), w * 0.36, 19 - 5 * abs(u), green)
            s.oval(x + bx + u * w * 0.62, y + by - 7 + 6 * abs(u), w * 0.25, 8, mix(green, PAPER, 0.18))


def _painted_moon(s: Sheet, x: float, y: float) -> None:
    """Paint the back of the stage with a night sea and a great moon."""
    p = s.pal
    deep = mix(INDIGO, p.key, 0.3)
    s.shape(
        [(x - 390, y - 298), (x + 390, y - 298), (x + 390, y), (x - 390, y)],
        (mix(deep, p.key, 0.3), mix(INDIGO, PAPER, 0.25)),
    )
    s.oval(x + s.rng.choice((-150, 150)), y - 186, 84, 84, mix(PAPER, GLOW, 0.25))
    for j in range(4):
        for i in range(-6, 7):
            cx, cy = x + 66 * i + 33 * (j % 2), y - 58 + 20 * j
            if abs(cx - x) > 350:
                continue
            for r, tone in ((36, PAPER), (31, deep), (23, PAPER), (18, mix(INDIGO, PAPER, 0.2))):
                arch = [
                    (cx + r * math.cos(math.pi * q / 10), cy - r * 0.8 * math.sin(math.pi * q / 10)) for q in range(11)
                ]
                s.poly(arch, mix(tone, p.near, 0.15))


def _kneeling(s: Sheet, x: float, y: float, h: float, coat: Ink, *, drum: bool) -> None:
    key = s.pal.key
    s.poly(
        curve(
            [
                (x - h * 0.5, y),
                (x - h * 0.3, y - h * 0.5),
                (x, y - h * 0.68),
                (x + h * 0.3, y - h * 0.5),
                (x + h * 0.5, y),
            ],
            5,
        ),
        coat,
    )
    s.oval(x, y - h * 0.8, h * 0.14, h * 0.17, SKIN)
    hair = [
        (x + h * 0.15 * math.cos(q / 8 * math.pi), y - h * (0.83 + 0.16 * math.sin(q / 8 * math.pi))) for q in range(9)
    ]
    s.poly(hair, key)
    if drum:
        s.oval(x + h * 0.28, y - h * 0.42, h * 0.17, h * 0.19, mix(RED, key, 0.3))
        s.oval(x + h * 0.28, y - h * 0.42, h * 0.12, h * 0.14, PAPER)


def _actor(s: Sheet, x: float, y: float, h: float, way: int, fan_up: bool) -> None:
    """Dress an actor: wide robe, wide sleeves, a fan."""
    key = s.pal.key

    def at(u: float, v: float) -> Point:
        return x + way * u * h, y - v * h

    s.lens(x, y, h * 0.44, h * 0.07, key, 150)
    gold = mix(OCHRE, PAPER, 0.15)
    s.poly(
        curve([at(-0.2, 0.45), at(-0.3, 0.14), at(-0.36, 0.0)], 4)
        + curve([at(0.36, 0.0), at(0.26, 0.2), at(0.18, 0.45)], 4),
        mix(INDIGO, key, 0.2),
    )
    for u in (-0.2, -0.07, 0.06, 0.19):
        s.line([at(u * 0.75, 0.42), at(u * 1.3, 0.02)], mix(INDIGO, key, 0.55), 3)
    arm = 0.84 if fan_up else 0.56
    s.poly(
        curve([at(-0.08, 0.74), at(-0.34, 0.62), at(-0.52, 0.5), at(-0.46, 0.24), at(-0.26, 0.34), at(-0.14, 0.5)], 4),
        mix(RED, key, 0.12),
    )
    s.poly(
        curve(
            [
                at(0.06, 0.74),
                at(0.3, arm - 0.06),
                at(0.46, arm),
                at(0.5, arm - 0.3),
                at(0.3, arm - 0.36),
                at(0.12, 0.48),
            ],
            4,
        ),
        RED,
    )
    s.poly([at(-0.13, 0.74), at(0.13, 0.74), at(0.2, 0.4), at(-0.21, 0.4)], RED)
    for u, v in (
        (-0.3, 0.46),
        (-0.4, 0.36),
        (0.34, arm - 0.16),
        (0.42, arm - 0.24),
        (-0.08, 0.5),
        (0.06, 0.6),
        (0.08, 0.46),
    ):
        s.oval(*at(u, v), h * 0.026, h * 0.026, gold)
    s.poly([at(-0.05, 0.78), at(0.07, 0.78), at(0.02, 0.6)], PAPER)
    s.line([at(-0.2, 0.42), at(0.19, 0.42)], gold, h * 0.035)
    s.oval(*at(0.02, 0.85), h * 0.075, h * 0.095, PAPER)
    s.poly(
        curve(
            [
                at(0.1, 0.9),
                at(0.06, 0.97),
                at(-0.06, 0.98),
                at(-0.13, 0.88),
                at(-0.14, 0.66),
                at(-0.08, 0.66),
                at(-0.05, 0.86),
            ],
            4,
            True,
        ),
        key,
    )
    s.line([at(0.045, 0.865), at(0.08, 0.87)], key, 3)
    s.oval(*at(0.06, 0.81), 3.5, 2.6, RED)
    hand = (0.5, arm - 0.02)
    fan = [
        at(hand[0] + 0.24 * math.cos(q / 8 * 1.9 - 0.35), hand[1] + 0.24 * math.sin(q / 8 * 1.9 - 0.35))
        for q in range(9)
    ]
    s.poly([at(*hand), *fan], gold)
    for q in fan[::2]:
        s.line([at(*hand), q], mix(gold, key, 0.5), 1.6)
    s.oval(*at(*hand), h * 0.026, h * 0.026, PAPER)


def _books(s: Sheet, x0: float, x1: float, y: float, tall: float, hot: float = 0.04) -> None:
    """Fill one shelf; every so often a book is red, or leans."""
    p = s.pal
    tones = [mix(c, p.near, 0.35) for c in (*CLOTHS, OCHRE, PAPER, PAPER, p.wood)]
    x = x0
    while x < x1 - 6:
        w = min(s.rng.uniform(8, 20), x1 - x)
        h = tall * s.rng.uniform(0.66, 0.92)
        tone = RED if s.rng.random() < hot else s.rng.choice(tones)
        if s.rng.random() < 0.05 and x1 - x > 40:
            s.poly([(x + 4, y), (x + 4 + w, y), (x + w + 18, y - h * 0.94), (x + 18, y - h * 0.94)], tone)
            x += w + 18
            continue
        s.rect(x, y - h, x + w - 1.4, y, tone)
        s.rect(x, y - h * 0.82, x + w - 1.4, y - h * 0.77, mix(tone, PAPER, 0.4))
        s.rect(x + w - 3.2, y - h, x + w - 1.4, y, mix(tone, p.key, 0.35))
        x += w if s.rng.random() < 0.93 else w + s.rng.uniform(10, 30)


def library(s: Sheet) -> None:
    """Readers among shelves."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow", "night")
    wood = mix(p.wood, p.near, 0.3)
    s.field(0, 620, mix(wood, p.key, 0.3), wood)
    flip = s.rng.choice((-1, 1))
    wx = 600 - flip * 10
    shelves = [(30, 400), (800, 1170)]
    view = s.rng.random() < 0.65
    if not view:
        shelves.append((432, 768))
    for x0, x1 in shelves:
        _bookcase(s, x0, x1, wood)
    if view:
        _outlook(s, wx - 130, 90, wx + 130, 480, 3, 4)
    else:
        for x in (416, 784):
            _lamp(s, x, 150, 44, mix(TEAL, p.key, 0.1))
    if view and p.mood in {"day", "dawn"}:
        s.poly([(wx - 120, 480), (wx + 120, 480), (wx + 330, 800), (wx - 20, 800)], PAPER, 30)
    floor = mix(wood, p.near, 0.3)
    s.field(616, H, mix(floor, p.key, 0.1), mix(floor, p.key, 0.45))
    _ladder(s, 600 + flip * 330, flip)
    top = mix(p.wood, PAPER, 0.12)
    readers = [(430, 604), (600, 600), (780, 604)]
    s.rng.shuffle(readers)
    seated = readers[: s.rng.choice((1, 2, 3))]
    for i, (x, y) in enumerate(seated):
        _reader(s, x, y, RED if i == 0 else cloth(s))
    s.shape([(250, 636), (950, 636), (1010, 700), (190, 700)], (mix(top, PAPER, 0.1), mix(top, p.wood, 0.3)))
    s.rect(190, 698, 1010, 722, mix(p.wood, p.key, 0.35))
    for x in (220, 960):
        s.rect(x, 720, x + 22, 830, mix(p.wood, p.key, 0.55))
    for x, y in seated:
        s.poly(
            [(x - 58, y + 52), (x, y + 60), (x + 58, y + 52), (x + 66, y + 80), (x, y + 88), (x - 66, y + 80)], PAPER
        )
        s.line([(x, y + 60), (x, y + 88)], mix(PAPER, p.key, 0.5), 2.5)
        for side in (-1, 1):
            s.oval(x + side * 62, y + 66, 14, 10, SKIN)
    for x in (512, 696):
        s.halo(x, 636, 150, GLOW, 0.38)
        s.line([(x, 676), (x, 600)], p.key, 5)
        s.lens(x, 678, 30, 9, p.key)
        s.poly([(x - 46, 612), (x - 28, 578), (x + 28, 578), (x + 46, 612)], mix(TEAL, p.key, 0.1))
        s.rect(x - 44, 611, x + 44, 616, GLOW)
    for i in range(4):
        c = mix((INDIGO, OCHRE, MOSS, PAPER)[i], p.near, 0.2)
        s.rect(600 + flip * 250 - 44 + 3 * i, 668 - 13 * i, 600 + flip * 250 + 44 - 4 * i, 680 - 13 * i, c)


def _bookcase(s: Sheet, x0: float, x1: float, wood: Ink) -> None:
    """Set up a case of five shelves in two bays."""
    p = s.pal
    s.rect(x0 - 12, 60, x1 + 12, 620, mix(wood, p.key, 0.2))
    s.rect(x0, 72, x1, 620, mix(wood, p.key, 0.55))
    middle = (x0 + x1) / 2
    for j in range(5):
        y = 170 + 106 * j
        for a, b in ((x0 + 4, middle - 5), (middle + 5, x1 - 4)):
            _books(s, a, b, y, 92)
        s.rect(x0, y, x1, y + 9, mix(wood, PAPER, 0.12))
    s.rect(middle - 5, 72, middle + 5, 620, mix(wood, PAPER, 0.06))
    s.rect(x0 - 20, 48, x1 + 20, 64, mix(wood, PAPER, 0.12))


def _ladder(s: Sheet, lx: float, flip: int) -> None:
    p = s.pal
    for u in (0, 62):
        s.line([(lx + flip * u, 90), (lx + flip * (u + 46), 650)], mix(p.wood, PAPER, 0.22), 8)
    for k in range(9):
        t = (k + 0.5) / 9
        y = 90 + 560 * t
        s.line([(lx + flip * 46 * t, y), (lx + flip * (62 + 46 * t), y)], mix(p.wood, PAPER, 0.22), 7)


def _reader(s: Sheet, x: float, y: float, coat: Ink) -> None:
    """Seat somebody at the far side of the table, head bent over the page."""
    shoulders = [(-62, 60), (-52, -10), (-20, -32), (20, -32), (52, -10), (62, 60)]
    s.poly(curve([(x + u, y + v) for u, v in shoulders], 4), coat)
    s.oval(x, y - 62, 26, 31, SKIN)
    hair = [(x + 28 * math.cos(q / 8 * math.pi), y - 64 - 32 * math.sin(q / 8 * math.pi)) for q in range(9)]
    s.poly([*hair, (x, y - 74)], s.pal.key)


def assembly(s: Sheet) -> None:
    """The prefecture's assembly, sitting."""
    p = s.mood("day", "dusk", "rain", "dawn")
    wood = mix(ink("#8d5f3c"), p.near, 0.35)
    pale = mix(PAPER, p.near, 0.22)
    s.field(0, 420, mix(pale, p.near, 0.45), mix(pale, p.near, 0.1))
    for side in (-1, 1):
        for i in range(2):
            x = 600 + side * (330 + 160 * i)
            _tall_window(s, x, 90, 100, 270)
            for d in (-1, 1):
                fold = [(x + d * 44, 76), (x + d * 78, 76), (x + d * 74, 370), (x + d * 58, 370), (x + d * 40, 250)]
                s.poly(fold, mix(RED, p.key, 0.38))
    _panel(s, wood)
    s.field(414, H, mix(RED, p.key, 0.5), mix(RED, p.key, 0.66))
    for x, h in ((455, 120), (600, 152), (745, 120)):
        y = 380 if x != 600 else 358
        person(s, x, y + h * 0.45, h, mix(INDIGO, p.key, 0.45), front=True)
        s.poly([(x - h * 0.03, y - h * 0.38), (x + h * 0.03, y - h * 0.38), (x, y - h * 0.12)], PAPER)
    s.rect(520, 334, 680, 440, mix(wood, PAPER, 0.12))
    s.rect(508, 324, 692, 340, mix(wood, PAPER, 0.25))
    for side in (-1, 1):
        s.rect(600 + side * 145 - 62, 366, 600 + side * 145 + 62, 440, mix(wood, PAPER, 0.06))
        s.rect(600 + side * 145 - 68, 358, 600 + side * 145 + 68, 370, mix(wood, PAPER, 0.2))
    s.rect(552, 432, 648, 500, mix(wood, p.key, 0.15))
    s.rect(544, 424, 656, 438, mix(wood, PAPER, 0.25))
    sx = 600
    person(s, sx, 510, 150, mix(p.key, p.near, 0.25), front=True)
    s.poly([(sx - 5, 386), (sx + 5, 386), (sx, 420)], PAPER)
    s.rect(548, 436, 652, 512, mix(wood, p.key, 0.1))
    s.rect(540, 428, 660, 442, mix(wood, PAPER, 0.28))
    for side in (-1, 1):
        s.line([(600 + side * 18, 430), (600 + side * 10, 404)], p.key, 3)
    empty = s.rng.choice((0.04, 0.12, 0.3))
    for row in range(4):
        _bench(s, row, wood, empty)


def _panel(s: Sheet, wood: Ink) -> None:
    """Board the wall behind the chair, with a flower carved in it or windows let into it."""
    p = s.pal
    emblem = s.rng.random() < 0.5
    s.rect(390, 60, 810, 420, wood)
    for x in range(390, 811, 30):
        s.rect(x - 1.5, 60, x + 1.5, 420, mix(wood, p.key, 0.4))
    s.rect(380, 48, 820, 66, mix(wood, p.key, 0.35))
    if emblem:
        s.oval(600, 150, 58, 58, mix(OCHRE, p.near, 0.15))
        for q in range(5):
            a = math.tau * q / 5 - math.pi / 2
            s.oval(600 + 30 * math.cos(a), 150 + 30 * math.sin(a), 19, 19, mix(wood, p.key, 0.4))
        s.oval(600, 150, 14, 14, mix(OCHRE, PAPER, 0.2))
    else:
        for x in (470, 600, 730):
            _tall_window(s, x, 90, 104, 190)


def _tall_window(s: Sheet, x: float, y: float, w: float, h: float) -> None:
    p = s.pal
    box = [(x - w / 2, y), (x + w / 2, y), (x + w / 2, y + h), (x - w / 2, y + h)]
    s.shape(box, p.sky)
    line = contour(s, y + h * 0.8, 14, 3.0)
    s.poly(
        [
            (x - w / 2, y + h),
            *[(x - w / 2 + w * t / 8, line(x - w / 2 + w * t / 8)) for t in range(9)],
            (x + w / 2, y + h),
        ],
        p.mid,
    )
    for u in (-0.5, 0.0, 0.5):
        s.rect(x + w * u - 3, y, x + w * u + 3, y + h, PAPER)
    for v in (0.0, 0.33, 0.66, 1.0):
        s.rect(x - w / 2, y + h * v - 3, x + w / 2, y + h * v + 3, PAPER)


def _bench(s: Sheet, row: int, wood: Ink, empty: float) -> None:
    """Draw one curved row of desks with the members' backs to the reader, an aisle in the middle."""
    p = s.pal
    k = 1 + 0.34 * row
    y = 520 + 62 * row + 6 * row * row
    dip = 46 + 10 * row
    for side in (-1, 1):
        spans = [52 * k + 104 * k * i for i in range(9) if 52 * k + 104 * k * i < 720]
        edge = [(600 + side * (38 * k + u), y - dip * ((38 * k + u) / 600) ** 2) for u in range(0, 760, 40)]
        s.poly([*edge, *[(a, b + 15 * k) for a, b in reversed(edge)]], mix(wood, PAPER, 0.24))
        s.poly(
            [*[(a, b + 15 * k) for a, b in edge], *[(a, b + 62 * k) for a, b in reversed(edge)]],
            mix(wood, p.key, 0.1 + 0.1 * row),
        )
        for u in spans:
            x = 600 + side * (u + 40 * k)
            at = y - dip * ((u + 40 * k) / 600) ** 2
            sheet = [(x + 22 * k, at + 2), (x + 44 * k, at + 2), (x + 48 * k, at + 10 * k), (x + 23 * k, at + 11 * k)]
            s.poly(sheet, PAPER)
            if s.rng.random() < empty:
                s.rect(x - 24 * k, at + 20 * k, x + 24 * k, at + 66 * k, mix(RED, p.key, 0.3))
                continue
            coat = mix(s.rng.choice((INDIGO, p.near, cloth(s), ink("#4a4648"))), p.key, 0.25)
            body = [(-36, 84), (-33, 40), (-12, 25), (12, 25), (33, 40), (36, 84)]
            s.poly([(x + a * k, at + b * k) for a, b in body], coat)
            s.oval(x, at + 8 * k, 15 * k, 18 * k, s.rng.choice((p.key, p.key, mix(p.key, PAPER, 0.4))))


def workshop(s: Sheet) -> None:
    """A maker at the bench."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow")
    board = mix(ink("#9a7650"), p.near, 0.3)
    s.field(0, 620, mix(board, p.key, 0.35), mix(board, PAPER, 0.05))
    for x in range(0, W + 1, 75):
        s.rect(x - 1.5, 0, x + 1.5, 620, mix(board, p.key, 0.5))
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
    _lamp(s, 600 + flip * 60, 130, 54, mix(RED, p.key, 0.05))
    mx = 600 + flip * 40
    _maker(s, mx, 612, 400, flip)
    bench = mix(p.wood, PAPER, 0.3)
    s.shape([(140, 596), (1060, 596), (1110, 654), (90, 654)], (bench, mix(bench, p.wood, 0.4)))
    s.rect(90, 652, 1110, 690, mix(p.wood, p.key, 0.3))
    for x in (150, 1010):
        s.rect(x, 688, x + 44, 830, mix(p.wood, p.key, 0.55))
    if umbrellas:
        umbrella(s, mx - flip * 190, 590, 168, RED)
        for u in (-150, -112):
            s.oval(mx + flip * u, 575 - 20 * (u < -120), 17, 14, SKIN)
    else:
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


def archive(s: Sheet) -> None:
    """A corridor between shelves, and one box taken out."""
    p = s.mood("night", "dusk", "rain", "day")
    base = mix(p.wood, p.near, 0.55)
    s.field(0, H, mix(base, p.key, 0.62), mix(base, p.key, 0.35), mix(base, p.key, 0.5))
    eye = Eye(600 + s.rng.uniform(-30, 30), 360)
    s.poly(eye.lying(-330, 330, 440, 0.7, 9), mix(base, PAPER, 0.12))
    s.poly(eye.lying(-120, 120, 440, 0.7, 9), mix(base, PAPER, 0.24))
    s.poly(eye.lying(-330, 330, -360, 0.7, 9), mix(base, p.key, 0.45))
    end = eye.side(0, 0, 0, 9, 9)[0]
    door = [eye.at(-330, -360, 9), eye.at(330, -360, 9), eye.at(330, 440, 9), eye.at(-330, 440, 9)]
    s.poly(door, mix(PAPER, GLOW, 0.4))
    s.halo(end[0], end[1] + 10, 170, GLOW, 0.6)
    for depth in (6.0, 4.2, 2.9, 2.0, 1.35):
        s.poly(eye.lying(-70, 70, -352, depth, depth * 1.14), mix(PAPER, GLOW, 0.3))
        x, y = eye.at(0, -340, depth)
        s.halo(x, y, 260 / depth, GLOW, 0.25)
    hot = (s.rng.choice((-1, 1)), 2)
    for side in (-1, 1):
        _stack(s, eye, side, hot[1] if side == hot[0] else -1)
    x, y = eye.at(-hot[0] * 60, 440, 2.25)
    h = 560 / 2.25
    s.lens(x, y, h * 0.24, h * 0.05, p.key, 150)
    coat = mix(PAPER, p.near, 0.3)
    person(s, x, y, h, coat, stride=0.04)
    s.rect(x - h * 0.14, y - h * 0.68, x + h * 0.14, y - h * 0.5, RED)
    s.rect(x - h * 0.15, y - h * 0.72, x + h * 0.15, y - h * 0.66, mix(RED, p.key, 0.25))
    for side in (-1, 1):
        s.line(
            [
                (x + side * h * 0.11, y - h * 0.76),
                (x + side * h * 0.16, y - h * 0.6),
                (x + side * h * 0.1, y - h * 0.52),
            ],
            coat,
            h * 0.05,
        )


def _stack(s: Sheet, eye: Eye, side: int, gap: int) -> None:
    """Line one side of the corridor with shelves of boxes."""
    p = s.pal
    x = side * 330
    steel = mix(p.near, p.key, 0.35)
    s.poly(eye.side(x, -330, 440, 0.7, 9), mix(p.near, p.key, 0.6))
    edges = [0.7 * 1.19**i for i in range(15)]
    card = [
        mix(c, p.near, 0.32) for c in (ink("#c9a877"), ink("#b4946a"), ink("#d8c39a"), ink("#9a9c94"), ink("#7c8a86"))
    ]
    for j in range(5):
        foot = -330 + 150 * (j + 1) + 8
        for i, (near, far) in enumerate(pairwise(edges)):
            dim = min(0.55, 0.06 * i)
            if j == gap and i == 5:
                continue
            a, b = near * (far / near) ** 0.06, near * (far / near) ** 0.92
            top = foot - 122 * s.rng.uniform(0.72, 1.0)
            tone = mix(s.rng.choice(card), p.key, dim)
            s.poly(eye.side(x, top, foot - 10, a, b), tone)
            s.poly(eye.side(x, top, top + 26, a, b), mix(tone, PAPER, 0.18))
            m, n = near * (far / near) ** 0.36, near * (far / near) ** 0.64
            s.poly(eye.side(x, (top + foot) / 2 - 4, (top + foot) / 2 + 26, m, n), mix(PAPER, tone, 0.25))
        s.poly(eye.side(x, foot - 10, foot + 6, 0.7, 9), mix(steel, PAPER, 0.2))
    for i, near in enumerate(edges):
        if i % 2 == 0:
            s.poly(eye.side(x, -338, 440, near, near * 1.025), mix(steel, PAPER, 0.12))


def greenhouse(s: Sheet) -> None:
    """Rows of tomatoes under glass."""
    p = s.mood("dawn", "day", "day", "dusk", "snow", "rain")
    sky(s, 470)
    ridges(s, 300, 380, 3, 500, 50)
    weather(s)
    eye = Eye(600 + s.rng.uniform(-40, 40), 400)
    soil = mix(ink("#7a5a40"), p.near, 0.3)
    s.field(430, H, mix(soil, p.far, 0.3), mix(soil, p.key, 0.25))
    s.poly(eye.lying(-620, 620, 400, 0.62, 7), soil)
    s.poly(eye.lying(-92, 92, 400, 0.62, 7), mix(p.ground, PAPER, 0.15))
    back = [eye.at(-620, 400, 7), eye.at(-620, -120, 7), eye.at(0, -420, 7), eye.at(620, -120, 7), eye.at(620, 400, 7)]
    s.poly(back, mix(PAPER, p.sky[-1], 0.4), 120)
    s.poly(eye.lying(-40, 40, 400, 6.9, 7), p.key)
    bar = mix(PAPER, p.near, 0.1 if p.mood != "snow" else 0.35)
    for side in (-1, 1):
        pane = [eye.at(side * 620, -120, 0.6), eye.at(side * 620, -120, 7), eye.at(0, -420, 7), eye.at(0, -420, 0.6)]
        s.poly(pane, mix(PAPER, p.sky[1], 0.3), 66)
        s.poly(eye.side(side * 620, -120, 400, 0.6, 7), mix(PAPER, p.sky[1], 0.3), 50)
        for across, down in ((620, -120), (465, -195), (310, -270), (155, -345), (0, -420), (620, 60)):
            s.line([eye.at(side * across, down, 0.6), eye.at(side * across, down, 7)], bar, 3)
    for i, depth in enumerate((7, 5.2, 3.9, 2.9, 2.2, 1.65, 1.24, 0.93)):
        hoop = [
            eye.at(-620, 400, depth),
            eye.at(-620, -120, depth),
            eye.at(0, -420, depth),
            eye.at(620, -120, depth),
            eye.at(620, 400, depth),
        ]
        s.line(hoop, bar, 12 / depth + 1.2)
        s.line([eye.at(-620, -120, depth), eye.at(620, -120, depth)], bar, 5 / depth + 0.8) if i % 2 else None
    leaf = mix(ink("#557f45"), p.near, 0.2)
    depths = [5.6 * 0.865**i for i in range(16)]
    worker = s.rng.choice((8, 9))
    bloom = s.rng.random() < 0.45
    for i, depth in enumerate(depths):
        for side in (-1, 1):
            for across in (470, 210):
                _vine(s, eye, side * across, depth, mix(leaf, p.far, min(0.5, depth * 0.08)), bloom)
        if i == worker:
            x, y = eye.at(-30 if worker == 8 else 40, 400, depth)
            h = 470 / depth
            s.lens(x, y, h * 0.22, h * 0.04, p.key, 130)
            person(s, x, y, h, mix(INDIGO, PAPER, 0.1), hat=OCHRE)
            s.poly(
                [
                    (x + h * 0.1, y - h * 0.5),
                    (x + h * 0.32, y - h * 0.5),
                    (x + h * 0.28, y - h * 0.36),
                    (x + h * 0.14, y - h * 0.36),
                ],
                mix(p.wood, PAPER, 0.3),
            )
            for k in range(4):
                s.oval(x + h * (0.14 + 0.05 * k), y - h * 0.51, h * 0.035, h * 0.035, GLOW if bloom else RED)


def _vine(s: Sheet, eye: Eye, across: float, depth: float, leaf: Ink, bloom: bool) -> None:
    """Grow one plant: tomatoes on a cane, or a bed of flowers."""
    p = s.pal
    k = 1 / depth
    x, y = eye.at(across, 400, depth)
    tall = (230 if bloom else 380) * k * s.rng.uniform(0.85, 1.05)
    s.line([(x, y), (x, y - tall)], mix(leaf, p.key, 0.5), 6 * k + 0.6)
    for i in range(11):
        at = y - tall * (0.12 + 0.88 * i / 10)
        half = (74 - 34 * abs(i / 10 - 0.45)) * k
        tone = mix(leaf, p.key if i % 2 else PAPER, 0.26 if i % 2 else 0.1)
        dx = s.rng.uniform(-0.5, 0.5) * half
        s.poly(
            [
                (x + dx - half, at + 14 * k),
                (x + dx - half * 0.3, at - 24 * k),
                (x + dx + half * 0.4, at - 20 * k),
                (x + dx + half, at + 10 * k),
                (x + dx + half * 0.1, at + 30 * k),
            ],
            tone,
        )
    if bloom:
        petal = RED if s.rng.random() < 0.4 else s.rng.choice((PAPER, GLOW, mix(RED, PAPER, 0.55)))
        for _ in range(7):
            fx, fy = x + s.rng.uniform(-62, 62) * k, y - tall * s.rng.uniform(0.62, 1.08)
            s.oval(fx, fy, 19 * k, 15 * k, petal)
            s.oval(fx, fy, 6 * k, 5 * k, mix(petal, p.key, 0.35))
    elif depth < 4:
        for _ in range(6):
            fx, fy = x + s.rng.uniform(-46, 46) * k, y - tall * s.rng.uniform(0.18, 0.8)
            ripe = s.rng.random() < 0.78
            s.oval(fx, fy, 13 * k, 12 * k, RED if ripe else mix(ink("#a9b04e"), p.near, 0.1))
            s.oval(fx - 4 * k, fy - 4 * k, 3.4 * k, 2.6 * k, mix(RED, PAPER, 0.5) if ripe else PAPER, 190)


SCENES: dict[str, Callable[[Sheet], None]] = {
    "kitchen": kitchen,
    "stage": stage,
    "library": library,
    "assembly": assembly,
    "workshop": workshop,
    "archive": archive,
    "greenhouse": greenhouse,
}
