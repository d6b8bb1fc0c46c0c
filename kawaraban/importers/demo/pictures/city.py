"""Scenes of the city and its works."""

import math
from collections.abc import Callable
from itertools import pairwise

from kawaraban.importers.demo.pictures.folk import TEAL, cloth, panes, person
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, Ink, Point, W, ink, mix
from kawaraban.importers.demo.pictures.land import (
    clouds,
    contour,
    crown,
    land,
    moon,
    ridges,
    ripples,
    sky,
    snow_or,
    stars,
    water,
    weather,
)
from kawaraban.importers.demo.pictures.sheet import Sheet, curve


def _blocks(s: Sheet, foot: float, low: float, high: float, tone: Ink, lit: float, size: float) -> None:
    """Raise a row of city blocks with windows."""
    p = s.pal
    x = -s.rng.uniform(0, 60)
    dark = p.dark
    while x < W:
        w, h = size * s.rng.uniform(0.7, 1.5), s.rng.uniform(low, high)
        shade = mix(tone, p.key, s.rng.uniform(0, 0.14))
        s.rect(x, foot - h, x + w, foot, shade)
        if s.rng.random() < 0.35:
            s.rect(x + w * 0.3, foot - h - 16, x + w * 0.62, foot - h, shade)
        if s.rng.random() < 0.2:
            s.rect(x + w * 0.44, foot - h - 46, x + w * 0.44 + 3, foot - h, shade)
            if dark:
                s.oval(x + w * 0.44 + 1.5, foot - h - 46, 3.4, 3.4, RED)
        cols, rows = max(2, int(w / 19)), max(2, int(h / 24))
        colour = mix(GLOW, tone, s.rng.uniform(0, 0.35)) if dark else mix(shade, p.key, 0.22)
        panes(s, (x + 5, foot - h + 8, x + w - 5, foot - 10), cols, rows, colour, share=lit, gap=(0.45, 0.5))
        s.rect(x + w - 3, foot - h, x + w, foot, mix(shade, p.key, 0.25))
        x += w + s.rng.choice((0.0, 0.0, 6.0, 14.0))


def city_night(s: Sheet) -> None:
    """The city after dark, doubled in its river."""
    p = s.mood("night")
    sky(s, 560)
    stars(s, 260, 50)
    if s.rng.random() < 0.5:
        moon(s, s.rng.choice((300, 880)), s.rng.uniform(110, 170), 32)
    s.halo(600, 560, 620, mix(GLOW, p.sky[2], 0.55), 0.35)
    _blocks(s, 570, 150, 400, mix(p.mid, p.far, 0.7), 0.3, 82)
    _blocks(s, 570, 100, 300, mix(p.mid, p.near, 0.3), 0.5, 104)
    for _ in range(4):
        # Signs run down the walls, too far off to be read.
        x, y, h = s.rng.uniform(200, 1000), s.rng.uniform(300, 400), s.rng.uniform(60, 110)
        s.halo(x + 9, y + h / 2, 80, RED, 0.4)
        s.rect(x, y, x + 18, y + h, mix(RED, GLOW, 0.12))
    _blocks(s, 570, 50, 150, mix(p.near, p.key, 0.45), 0.55, 124)
    deck = mix(p.near, p.key, 0.6)
    for x in range(-20, 1260, 130):
        s.rect(x, 520, x + 16, 572, deck)
    s.rect(-10, 506, W + 10, 524, deck)
    tx = s.rng.uniform(260, 480)
    for i in range(4):
        a = tx + 112 * i
        s.rect(a, 470, a + 108, 507, mix(PAPER, p.mid, 0.45))
        s.rect(a, 497, a + 108, 502, RED)
        panes(s, (a + 4, 474, a + 104, 496), 6, 1, GLOW, gap=(0.22, 0.1))
    water(s, 570)
    s.mirror(571, 380, 0.75, 0.62, p.water[1])
    for _ in range(46):
        x, y = s.rng.uniform(0, W), 575 + 190 * s.rng.random() ** 1.4
        s.lens(x, y, s.rng.uniform(8, 34), 2.6, s.rng.choice((GLOW, GLOW, mix(RED, GLOW, 0.3))), s.rng.randint(60, 150))
    ripples(s, 590, H, 40, 0.2)
    s.rect(-10, 742, W + 10, 830, p.key)
    for x in range(-30, 1240, 52):
        s.rect(x, 700, x + 6, 746, p.key)
    s.rect(-10, 696, W + 10, 703, p.key)
    x = s.rng.choice((370, 820))
    for u, h in ((-26, 168), (28, 156)):
        person(s, x + u, 790, h, mix(cloth(s), p.key, 0.35))


def tower(s: Sheet) -> None:
    """The city's lattice tower."""
    p = s.mood("dawn", "day", "dusk", "dusk", "snow", "night")
    sky(s, 700)
    s.field(690, H, mix(p.near, p.key, 0.35), mix(p.near, p.key, 0.6))
    if p.mood == "night":
        stars(s, 360, 60)
    clouds(s, 110, 360, 5)
    ridges(s, 520, 560, 2, 700, 34)
    x = s.rng.choice((480, 600, 720))
    steel = mix(RED, p.key, 0.06 if p.mood != "night" else 0.2)
    _blocks(s, 700, 60, 150, mix(p.mid, p.far, 0.4), 0.35, 80)

    def half(y: float) -> float:
        t = (690 - y) / 580
        return 150 * math.pow(1 - t, 2.1) + 7

    levels = [690.0]
    while levels[-1] > 130:
        levels.append(levels[-1] - max(15.0, half(levels[-1]) * 0.62))
    for a, b in pairwise(levels):
        wa, wb = half(a), half(b)
        band = steel if (a // 97) % 2 else mix(PAPER, p.mid, 0.15 if p.mood != "night" else 0.4)
        band = steel if a > 430 else band
        thick = 2.2 + wa * 0.05
        s.line([(x - wa, a), (x + wb, b)], band, thick)
        s.line([(x + wa, a), (x - wb, b)], band, thick)
        s.line([(x - wb, b), (x + wb, b)], band, thick)
        for side in (-1, 1):
            s.line([(x + side * wa, a), (x + side * wb, b)], band, thick * 2.1)
            s.line([(x + side * wa * 0.5, a), (x + side * wb * 0.5, b)], band, thick)
    s.line([(x, 130), (x, 62)], steel, 5)
    for y, w, h in ((470, 84, 40), (255, 40, 26)):
        s.poly([(x - w, y - h), (x + w, y - h), (x + w - 8, y), (x - w + 8, y)], mix(PAPER, p.mid, 0.2))
        panes(
            s,
            (x - w + 6, y - h + 7, x + w - 6, y - 6),
            int(w / 7),
            1,
            p.window if p.mood != "night" else GLOW,
            gap=(0.25, 0.1),
        )
        s.rect(x - w - 3, y - h - 5, x + w + 3, y - h, steel)
    if p.dark:
        s.halo(x, 455, 190, GLOW, 0.3)
        s.oval(x, 60, 6, 6, mix(RED, PAPER, 0.3))
    _blocks(s, 748, 40, 130, mix(p.near, p.mid, 0.35), 0.4, 104)
    for i in range(17):
        crown(
            s, -20 + 78 * i + s.rng.uniform(-18, 18), 836, s.rng.uniform(120, 180), snow_or(s, mix(p.near, p.key, 0.45))
        )
    weather(s)


def hospital(s: Sheet) -> None:
    """The town's hospital, an ambulance at the door."""
    p = s.mood("dawn", "day", "dusk", "night", "snow", "rain")
    sky(s, 640)
    if p.mood == "night":
        stars(s, 240, 50)
    clouds(s, 60, 230, 3)
    ridges(s, 330, 420, 2, 640, 44)
    flip = s.rng.choice((-1, 1))

    def block(x0: float, y0: float, x1: float, y1: float, colour: Ink) -> None:
        a, b = 600 + flip * (x0 - 600), 600 + flip * (x1 - 600)
        s.rect(min(a, b), y0, max(a, b), y1, colour)

    dark = p.dark
    wall = mix(p.wall, p.sky[1], 0.1 if not dark else 0.3)
    side = mix(wall, p.mid, 0.3)
    pane = GLOW if dark else mix(p.mid, p.near, 0.4)
    off = mix(p.mid, p.near, 0.6)
    for i in range(12):
        crown(
            s, 20 + 108 * i + s.rng.uniform(-20, 20), 642, s.rng.uniform(110, 170), snow_or(s, mix(p.leaf, p.near, 0.5))
        )
    block(720, 370, 1060, 640, side)
    for j in range(4):
        y = 392 + 58 * j
        panes(
            s,
            (_low(flip, 736, 1046), y, _high(flip, 736, 1046), y + 36),
            9,
            1,
            pane,
            off=off,
            share=0.7,
            gap=(0.16, 0.05),
        )
    block(250, 210, 740, 640, wall)
    block(716, 210, 740, 640, side)
    for j in range(6):
        y = 238 + 58 * j
        panes(
            s,
            (_low(flip, 272, 700), y, _high(flip, 272, 700), y + 36),
            11,
            1,
            pane,
            off=off,
            share=0.72,
            gap=(0.16, 0.05),
        )
        block(250, y + 42, 716, y + 46, mix(wall, p.mid, 0.35))
    block(240, 200, 750, 214, snow_or(s, mix(wall, p.near, 0.4)))
    block(420, 120, 560, 204, mix(wall, p.mid, 0.12))
    cx = 600 + flip * (490 - 600)
    green = TEAL
    s.rect(cx - 12, 134, cx + 12, 194, green)
    s.rect(cx - 30, 152, cx + 30, 176, green)
    block(400, 548, 640, 640, GLOW if dark else mix(p.mid, PAPER, 0.35))
    for i in range(7):
        block(400 + 40 * i - 3, 548, 400 + 40 * i + 3, 640, mix(p.near, p.key, 0.3))
    block(360, 532, 690, 550, snow_or(s, mix(p.near, p.key, 0.2)))
    for x in (372, 668):
        block(x, 550, x + 10, 646, mix(p.near, p.key, 0.2))
    ground = snow_or(s, mix(p.ground, p.near, 0.35))
    s.field(636, H, ground, mix(ground, p.near, 0.4))
    s.field(640, 660, snow_or(s, mix(p.leaf, p.near, 0.2)), snow_or(s, mix(p.leaf, p.near, 0.35)))
    s.poly(
        [(600 + flip * u, v) for u, v in ((-190, 640), (80, 640), (230, 830), (-330, 830))], mix(ground, p.near, 0.25)
    )
    _ambulance(s, 600 + flip * 90, 728, 1.16, flip, dark)
    for u, h in ((-210, 132), (-262, 124), (-120, 112)):
        person(s, 600 + flip * u, 716, h, PAPER if u == -120 else cloth(s), front=u == -120)
    crown(
        s,
        600 + flip * 470,
        800,
        420,
        snow_or(s, mix(p.near, p.key, 0.25)),
        None if p.mood == "snow" else mix(p.leaf, p.near, 0.35),
    )
    weather(s)


def _low(flip: int, x0: float, x1: float) -> float:
    return x0 if flip > 0 else W - x1


def _high(flip: int, x0: float, x1: float) -> float:
    return x1 if flip > 0 else W - x0


def _ambulance(s: Sheet, x: float, y: float, k: float, way: int, lit: bool) -> None:
    p = s.pal

    def at(u: float, v: float) -> Point:
        return x + way * u * k, y - v * k

    def block(u0: float, v0: float, u1: float, v1: float, colour: Ink) -> None:
        s.poly([at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)], colour)

    s.lens(x, y + 2, 150 * k, 16 * k, p.key, 160)
    white = mix(PAPER, p.sky[1], 0.1)
    s.poly([at(-130, 14), at(-130, 112), at(-122, 120), at(52, 120), at(96, 74), at(128, 64), at(132, 14)], white)
    block(-130, 54, 130, 66, RED)
    s.poly([at(40, 74), at(40, 108), at(56, 108), at(86, 74)], mix(p.near, p.key, 0.3))
    block(-112, 76, -70, 104, mix(p.near, p.key, 0.3))
    block(-58, 76, -16, 104, mix(p.near, p.key, 0.3))
    s.line([at(-4, 20), at(-4, 114)], mix(p.near, p.key, 0.2), 2)
    block(-6, 120, 40, 130, RED)
    if lit:
        s.halo(*at(18, 126), 100 * k, RED, 0.5)
    block(-132, 10, 134, 20, p.key)
    for u in (-82, 86):
        s.oval(*at(u, 14), 23 * k, 23 * k, p.key)
        s.oval(*at(u, 14), 10 * k, 10 * k, mix(PAPER, p.mid, 0.4))


def factory(s: Sheet) -> None:
    """A works on the canal, its chimneys at work."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow")
    sky(s, 600)
    s.shape(land(contour(s, 500, 18, 1.3), 610), (p.far, mix(p.far, p.sky[-1], 0.5)))
    flip = s.rng.choice((-1, 1))
    brick = mix(ink("#8a4f3e"), p.near, 0.45)
    drift = s.rng.choice((-1, 1))
    stacks = [(860, 190, 34), (970, 250, 30), (760, 280, 26)][: s.rng.choice((2, 3))]
    for x, top, w in stacks:
        _plume(s, 600 + flip * (x - 600), top, drift, 70 + w * 2.4)
    for x, top, w in stacks:
        cx = 600 + flip * (x - 600)
        s.shape(
            [(cx - w * 0.6, top), (cx + w * 0.6, top), (cx + w, 600), (cx - w, 600)], (brick, mix(brick, p.key, 0.35))
        )
        for i in range(3):
            a, b = top + 22 + 44 * i, top + 42 + 44 * i
            colour = RED if x == 860 else mix(PAPER, p.near, 0.3)
            s.poly([(cx - w * 0.64, a), (cx + w * 0.64, a), (cx + w * 0.66, b), (cx - w * 0.66, b)], colour)
        s.rect(cx - w * 0.75, top - 8, cx + w * 0.75, top + 4, p.key)
    wall = mix(p.wall, p.near, 0.5)
    for i in range(5):
        x0 = 90 + 136 * i
        a, b = 600 + flip * (x0 - 600), 600 + flip * (x0 + 136 - 600)
        s.poly([(a, 610), (a, 392), (b, 460), (b, 610)], mix(wall, p.key, 0.1 * (i % 2)))
        s.poly([(a, 392), (a - flip * 8, 380), (b, 448), (b, 462)], snow_or(s, mix(p.roof, p.key, 0.2)))
        s.poly([(a, 404), (a + flip * 10, 410), (a + flip * 10, 452), (a, 452)], mix(p.near, p.key, 0.4))
        lo, hi = min(a, b), max(a, b)
        panes(
            s,
            (lo + 12, 492, hi - 8, 580),
            4,
            2,
            p.window if p.dark else mix(p.near, p.key, 0.25),
            off=p.key,
            share=0.75,
            gap=(0.3, 0.3),
        )
    a, b = 600 + flip * 170, 600 + flip * 470
    s.rect(min(a, b), 430, max(a, b), 610, mix(brick, p.near, 0.15))
    s.rect(min(a, b) - 8, 420, max(a, b) + 8, 434, snow_or(s, mix(p.roof, p.key, 0.3)))
    panes(
        s,
        (min(a, b) + 14, 450, max(a, b) - 14, 590),
        6,
        3,
        p.window if p.dark else mix(p.near, p.key, 0.25),
        off=p.key,
        share=0.7,
    )
    tank = 600 + flip * 545
    s.line([(tank - 36, 610), (tank - 28, 480)], p.key, 6)
    s.line([(tank + 36, 610), (tank + 28, 480)], p.key, 6)
    s.rect(tank - 46, 400, tank + 46, 490, mix(p.mid, p.near, 0.5))
    s.poly([(tank - 50, 400), (tank, 366), (tank + 50, 400)], snow_or(s, mix(p.near, p.key, 0.4)))
    s.rect(-10, 606, W + 10, 640, mix(p.near, p.key, 0.45))
    s.rect(-10, 606, W + 10, 613, snow_or(s, mix(p.wall, p.near, 0.4)))
    for x in (600 - flip * 120, 600 - flip * 80, 600 + flip * 300):
        person(s, x, 610, 54, cloth(s))
    water(s, 640)
    s.mirror(640, 440, 0.55, 0.36, p.water[1])
    ripples(s, 650, H, 50, 0.5)
    x = 600 + flip * 30
    s.poly(
        [*curve([(x - 190, 712), (x, 722), (x + 190, 708)], 5), (x + 168, 744), (x - 168, 746)], mix(p.near, p.key, 0.6)
    )
    s.poly([(x - 120, 716), (x - 60, 690), (x + 70, 688), (x + 120, 716)], mix(p.ground, p.near, 0.3))
    s.rect(x - flip * 150 - 26, 676, x - flip * 150 + 26, 718, mix(PAPER, p.near, 0.25))
    s.lens(x, 748, 210, 10, p.key, 120)
    weather(s)


def _plume(s: Sheet, x: float, y: float, way: int, size: float) -> None:
    """Let a chimney smoke: one flat cloud, pale where the light takes it."""
    p = s.pal
    smoke = mix(p.sky[-1], PAPER, 0.35)
    lumps = [(i / 15, s.rng.uniform(0.75, 1.15), s.rng.uniform(-0.35, 0.35)) for i in range(16)]
    for tone, lift in ((mix(smoke, p.mid, 0.4), 0.0), (smoke, -0.3)):
        puffs = []
        for t, wide, off in lumps:
            r = (9 + size * 0.42 * t**0.8) * wide
            cx, cy = x + way * 300 * t**1.3, y - 8 - 104 * t**0.6 + r * (lift + off)
            r *= 1 + lift * 0.7
            puffs.append(
                [
                    (cx + r * 1.3 * math.cos(a / 9 * math.pi), cy + r * 0.78 * math.sin(a / 9 * math.pi))
                    for a in range(18)
                ]
            )
        s.film(puffs, tone, 0.85)


SCENES: dict[str, Callable[[Sheet], None]] = {
    "city-night": city_night,
    "tower": tower,
    "factory": factory,
    "hospital": hospital,
}
