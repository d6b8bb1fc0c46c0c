"""Scenes in large rooms: a stage and a chamber."""

import math
from collections.abc import Callable

from kawaraban.importers.demo.pictures.folk import CLOTHS, INDIGO, MOSS, OCHRE, SKIN, cloth, crowd, person, roof
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, Ink, Point, ink, mix
from kawaraban.importers.demo.pictures.land import contour
from kawaraban.importers.demo.pictures.sheet import Sheet, curve


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


SCENES: dict[str, Callable[[Sheet], None]] = {
    "stage": stage,
    "assembly": assembly,
}
