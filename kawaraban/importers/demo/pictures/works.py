"""Scenes of what people have built: the city, its institutions, its machines, and the land they work."""

import math
from collections.abc import Callable
from itertools import pairwise

from kawaraban.importers.demo.pictures.folk import (
    INDIGO,
    OCHRE,
    TEAL,
    cloth,
    crowd,
    gull,
    house,
    panes,
    person,
)
from kawaraban.importers.demo.pictures.land import (
    bank,
    birds,
    branch,
    cedar,
    clouds,
    contour,
    crown,
    land,
    moon,
    pine,
    reeds,
    ridges,
    ripples,
    sky,
    snow_or,
    stars,
    torii,
    water,
    waves,
    weather,
)
from kawaraban.importers.demo.pictures.sheet import GLOW, PAPER, RED, H, Ink, Point, Sheet, W, curve, ink, mix


def _blocks(s: Sheet, foot: float, low: float, high: float, tone: Ink, lit: float, size: float) -> None:
    """Raise a row of city blocks with windows."""
    p = s.pal
    x = -s.rng.uniform(0, 60)
    dark = p.lamps
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
    if p.lamps:
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

    dark = p.lamps
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


def stadium(s: Sheet) -> None:
    """A ball game, seen from the stands."""
    p = s.mood("day", "dusk", "night", "night")
    sky(s, 330)
    if p.mood == "night":
        stars(s, 160, 30)
    clouds(s, 40, 150, 3)
    _floodlights(s)
    rim = curve([(-20, 330), (200, 280), (600, 256), (1000, 280), (1220, 330)], 8)
    wall = curve([(1220, 500), (1000, 432), (600, 404), (200, 432), (-20, 500)], 8)
    s.poly([*rim, *wall], mix(p.near, p.mid, 0.3))
    _stands(s)
    s.rect(500, 196, 700, 272, mix(p.near, p.key, 0.7))
    panes(s, (512, 206, 688, 262), 9, 3, GLOW, off=mix(p.key, p.near, 0.4), share=0.5, gap=(0.3, 0.4))
    fence = [(x, y - 26) for x, y in wall]
    s.poly([*wall, *fence[::-1]], mix(INDIGO, p.near, 0.3))
    grass = mix(ink("#5d8a4a"), p.near, 0.12 if p.mood != "dusk" else 0.35)
    s.shape([*wall[::-1], (1220, 830), (-20, 830)], (mix(grass, PAPER, 0.12), mix(grass, p.near, 0.2)), (404, 700))
    for i in range(5):
        a, b = 430 + 44 * i, 452 + 46 * i
        s.poly(
            [(-20, a + 70), (600, a), (1220, a + 70), (1220, b + 76), (600, b), (-20, b + 76)],
            mix(grass, p.near, 0.2),
            80,
        )
    earth = mix(ink("#b98555"), p.near, 0.12 if p.mood == "day" else 0.3)
    bend = curve([(330, 590), (420, 520), (600, 492), (780, 520), (870, 590)], 8)
    s.poly([*bend, (600, 740)], earth)
    s.poly([(600, 516), (770, 592), (600, 690), (430, 592)], grass)
    s.oval(600, 586, 44, 16, earth)
    for x, y in ((600, 512), (776, 592), (424, 592), (600, 696)):
        s.poly([(x - 11, y), (x, y - 6), (x + 11, y), (x, y + 6)], PAPER)
    for side in (-1, 1):
        s.line([(600, 698), (600 + side * 640, 470)], PAPER, 3)
    shirts = s.rng.choice(((PAPER, RED), (RED, PAPER)))
    for x, y in ((600, 588), (690, 530), (510, 532), (800, 566), (410, 570), (300, 500), (600, 452), (900, 500)):
        s.lens(x + 10, y, 18, 4, p.key, 120)
        person(s, x + s.rng.uniform(-10, 10), y, 30 + (y - 430) * 0.14, shirts[0], stride=0.1)
    person(s, 566, 704, 64, shirts[1], stride=0.12)
    s.line([(574, 660), (594, 630)], OCHRE, 4)
    robes = [mix(c, p.key, 0.45) for c in (cloth(s), cloth(s), cloth(s), mix(RED, p.key, 0.1))]
    crowd(s, 724, 27, -20, 1230, 58, [mix(r, p.near, 0.35) for r in robes])
    crowd(s, 768, 38, -30, 1240, 82, robes)


def _floodlights(s: Sheet) -> None:
    p = s.pal
    lit = p.mood != "day"
    for x, y in ((110, 300), (380, 262), (820, 262), (1090, 300)):
        s.line([(x, 370), (x, y - 140)], mix(p.near, p.key, 0.3), 9)
        s.rect(x - 54, y - 200, x + 54, y - 136, mix(p.near, p.key, 0.4))
        if lit:
            s.halo(x, y - 168, 190, PAPER, 0.4)
        for i in range(5):
            for j in range(3):
                s.oval(x - 42 + 21 * i, y - 188 + 20 * j, 7, 7, PAPER if lit else mix(PAPER, p.mid, 0.4))


def _stands(s: Sheet) -> None:
    """Seat the crowd beyond the field, each a dot, in rows that bend with the stand."""
    p = s.pal

    def seat(x: float, share: float) -> float:
        u = ((x - 600) / 600) ** 2
        return 262 + 62 * u + (136 + 26 * u) * share

    tones = [mix(c, p.near, 0.25) for c in (PAPER, OCHRE, INDIGO, p.far, RED, PAPER)]
    for i in range(1500):
        x = s.rng.uniform(0, W)
        s.oval(x, seat(x, (s.rng.randrange(9) + 0.6) / 9.4), 3.4, 3.8, tones[i % 6])
    for k in (0.33, 0.66):
        s.line([(x, seat(x, k)) for x in range(0, 1201, 40)], p.key, 3)


def school(s: Sheet) -> None:
    """A schoolhouse and those who walk to it."""
    p = s.mood("dawn", "day", "day", "rain", "snow")
    sky(s, 612)
    clouds(s, 60, 220, 3)
    ridges(s, 300, 400, 2, 612, 60)
    flip = s.rng.choice((-1, 1))
    cx = 600 + flip * 60
    wood = s.rng.random() < 0.5
    wall = mix(mix(p.wood, p.wall, 0.35) if wood else p.wall, p.near, 0.14)
    trim = mix(p.near, p.key, 0.2)
    for x in range(-20, 1260, 92):
        crown(s, x + s.rng.uniform(-20, 20), 604, s.rng.uniform(130, 210), snow_or(s, mix(p.leaf, p.near, 0.55)))
    s.rect(cx - 400, 392, cx + 400, 610, wall)
    if wood:
        for y in range(402, 610, 13):
            s.rect(cx - 400, y, cx + 400, y + 1.6, mix(wall, p.key, 0.35))
    for j in range(2):
        for side in (-1, 1):
            x0 = min(cx + side * 92, cx + side * 392)
            y = 414 + 98 * j
            for i in range(5):
                a = x0 + 60 * i + 6
                s.rect(a, y, a + 48, y + 62, PAPER if not p.dark else trim)
                s.rect(
                    a + 4,
                    y + 4,
                    a + 44,
                    y + 58,
                    p.window if p.dark and s.rng.random() < 0.7 else mix(p.mid, p.near, 0.5),
                )
                s.rect(a + 22, y, a + 26, y + 62, PAPER if not p.dark else trim)
                s.rect(a, y + 28, a + 48, y + 32, PAPER if not p.dark else trim)
    tiles = snow_or(s, mix(p.roof, p.key, 0.05))
    s.shape([(cx - 424, 396), (cx - 372, 326), (cx + 372, 326), (cx + 424, 396)], (mix(tiles, p.key, 0.1), tiles))
    s.rect(cx - 86, 300, cx + 86, 610, mix(wall, PAPER, 0.18))
    s.poly([(cx - 108, 304), (cx, 216), (cx + 108, 304)], tiles)
    s.line([(cx - 108, 304), (cx, 216), (cx + 108, 304)], p.key, 4)
    s.oval(cx, 350, 34, 34, p.key)
    s.oval(cx, 350, 29, 29, PAPER)
    s.line([(cx, 350), (cx, 330)], p.key, 4)
    s.line([(cx, 350), (cx - 14, 356)], p.key, 4)
    for i in range(3):
        s.rect(cx - 66 + 48 * i, 416, cx - 30 + 48 * i, 480, mix(p.mid, p.near, 0.5))
    s.rect(cx - 50, 516, cx + 50, 610, mix(p.near, p.key, 0.45))
    s.poly([(cx - 84, 516), (cx - 70, 494), (cx + 70, 494), (cx + 84, 516)], tiles)
    ground = snow_or(s, mix(p.ground, PAPER, 0.1))
    s.field(606, H, mix(ground, p.near, 0.1), mix(ground, p.near, 0.3 if p.mood != "snow" else 0.12))
    way = 600 + flip * 10
    s.poly([(cx - 50, 610), (cx + 50, 610), (way + 300, 830), (way - 300, 830)], mix(ground, p.near, 0.22))
    for i, (u, v, h) in enumerate(((-30, 660, 84), (34, 668, 80), (-90, 704, 108), (70, 742, 134), (128, 736, 126))):
        bag = RED if i in (0, 3) else mix(p.near, p.key, 0.5) if i == 1 else INDIGO
        s.lens(cx + u + h * 0.15, v, h * 0.22, h * 0.05, p.key, 100)
        wet = p.mood in {"rain", "snow"}
        shade = (OCHRE, INDIGO, TEAL, mix(PAPER, OCHRE, 0.3), RED)[i] if wet and i != 2 else None
        person(
            s, cx + u - flip * 30, v, h, cloth(s), pack=bag, cap=OCHRE if i % 2 == 0 else None, stride=0.06, shade=shade
        )
    gate = mix(p.wall, p.near, 0.45)
    for side in (-1, 1):
        x = way + side * 330
        s.rect(x - 34, 610, x + 34, 830, gate)
        s.rect(x - 42, 596, x + 42, 614, snow_or(s, mix(gate, p.key, 0.3)))
        s.rect(x + side * 34, 690, x + side * 420, 830, mix(gate, p.near, 0.35))
        s.rect(x + side * 34, 682, x + side * 420, 694, snow_or(s, mix(gate, p.key, 0.35)))
    _yard_tree(s, 600 - flip * 540, flip)
    weather(s)


def _yard_tree(s: Sheet, x: float, flip: int) -> None:
    """Let a cherry, bare in winter, hang over the yard from one side."""
    p = s.pal
    petals = mix(PAPER, ink("#dd9a9a"), 0.55) if p.mood in {"day", "dawn"} else None
    if p.mood == "rain":
        crown(s, x, 830, 560, mix(p.near, p.key, 0.3), mix(p.leaf, p.near, 0.4))
        return
    branch(s, (x - flip * 110, 330), (x + flip * 300, 150), 30, petals)
    branch(s, (x - flip * 110, 150), (x + flip * 230, 60), 18, petals)


def train(s: Sheet) -> None:
    """A local train on its viaduct."""
    p = s.mood("dawn", "day", "dusk", "night", "snow", "rain")
    sky(s, 480)
    if p.mood == "night":
        stars(s, 300, 80)
    clouds(s, 60, 200, 3)
    ridges(s, 200, 360, 4, 500, 74)
    sea = s.rng.random() < 0.5
    if sea:
        water(s, 470)
        waves(s, 480, 700, 6, 8)
    else:
        field = snow_or(s, mix(p.leaf, p.ground, 0.3))
        s.field(470, H, mix(field, p.far, 0.4), mix(field, p.near, 0.3))
        for i in range(9):
            y = 486 + 12 * i + 3.6 * i * i
            s.line([(-10, y), (W + 10, y + 14 * math.sin(i))], mix(field, p.near, 0.45), 2 + i * 0.5)
    stone = mix(p.wall, p.near, 0.55)
    deck = 470
    step = s.rng.choice((200, 240))
    off = s.rng.uniform(-80, 0)
    for i in range(8):
        x = off + step * i
        s.shape([(x - 22, deck), (x + 22, deck), (x + 30, 690), (x - 30, 690)], (stone, mix(stone, p.key, 0.45)))
        arch = [(x + 22 + (step - 44) * t / 14, deck + 92 - 84 * math.sin(math.pi * t / 14) ** 0.55) for t in range(15)]
        s.poly([(x + 20, deck), (x + step - 20, deck), *arch[::-1]], mix(stone, p.near, 0.15))
        s.line(arch, mix(stone, p.key, 0.5), 3)
    s.rect(-10, deck - 14, W + 10, deck + 12, mix(stone, PAPER, 0.1))
    s.rect(-10, deck + 8, W + 10, deck + 14, mix(stone, p.key, 0.5))
    way = s.rng.choice((-1, 1))
    for x in range(40, 1240, 190):
        s.rect(x - 3, deck - 150, x + 3, deck - 14, p.key)
        s.rect(x - 3, deck - 140, x + 44, deck - 136, p.key)
    s.line([(-10, deck - 134), (W + 10, deck - 134)], p.key, 1.8)
    cars = s.rng.choice((2, 2, 3))
    length = 250 if cars == 3 else 330
    x0 = 600 - cars * length / 2 + way * 30
    for i in range(cars):
        last = i == (cars - 1 if way > 0 else 0)
        _car(s, x0 + i * length, deck - 18, length - 8, way if last else 0)
    if sea:
        s.mirror(690, 330, 0.4, 0.33, p.water[1])
        ripples(s, 700, H, 36, 0.5)
    rise = [(-60, 830), (160, 776), (380, 740), (700, 724)]
    bank(s, [(600 - way * u, y) for u, y in rise], snow_or(s, mix(p.near, p.key, 0.25)))
    reeds(s, 600 - way * 400 - 210, 600 - way * 400 + 210, 815, 120, 60)
    x = 600 - way * 340
    for u, h in ((0, 112), (-way * 44, 76)):
        person(s, x + u, 768, h, cloth(s), hat=OCHRE if h < 100 else None, pack=None)
    weather(s)


def _car(s: Sheet, x: float, y: float, w: float, cab: int) -> None:
    p = s.pal
    dark = p.lamps
    cream = mix(PAPER, p.sky[1], 0.12 if p.mood != "night" else 0.35)
    s.rect(x + 14, y - 6, x + w - 14, y + 6, p.key)
    for u in (0.16, 0.27, 0.73, 0.84):
        s.oval(x + w * u, y - 1, 9, 9, p.key)
    nose_l, nose_r = (10 if cab < 0 else 0), (10 if cab > 0 else 0)
    s.poly([(x, y - 8), (x + nose_l, y - 92), (x + w - nose_r, y - 92), (x + w, y - 8)], cream)
    s.poly([(x, y - 8), (x + nose_l * 0.42, y - 44), (x + w - nose_r * 0.42, y - 44), (x + w, y - 8)], RED)
    s.poly(
        [
            (x + nose_l - 3, y - 90),
            (x + nose_l + 12, y - 102),
            (x + w - nose_r - 12, y - 102),
            (x + w - nose_r + 3, y - 90),
        ],
        mix(p.near, p.key, 0.2),
    )
    glass = GLOW if dark else mix(p.near, p.sky[1], 0.25)
    count = int(w / 38)
    for i in range(count):
        a = x + 16 + (w - 32) * i / count
        door = i in {1, count - 2}
        s.rect(
            a + 3,
            y - (82 if door else 80),
            a + (w - 32) / count - 3,
            y - (14 if door else 52),
            mix(cream, p.mid, 0.3) if door else glass,
        )
        if door:
            s.rect(a + 8, y - 78, a + (w - 32) / count - 8, y - 48, glass)
        elif s.rng.random() < 0.6:
            hx = a + (w - 32) / count / 2
            s.oval(hx, y - 64, 6, 7.5, p.key)
            s.poly([(hx - 10, y - 52), (hx, y - 60), (hx + 10, y - 52)], p.key)
    if cab:
        front = x + w - 6 if cab > 0 else x + 6
        s.oval(front, y - 30, 5, 6, GLOW)
        if dark:
            far = front + cab * 420
            s.poly([(front, y - 30), (far, y - 74), (far, y + 10)], GLOW, 56)


def wind_turbines(s: Sheet) -> None:
    """Turbines on the ridge above the sea."""
    p = s.mood("dawn", "day", "day", "dusk", "night")
    sky(s, 560)
    if p.mood == "night":
        stars(s, 380, 90)
    clouds(s, 110, 380, 5)
    water(s, 500)
    s.shape(land(contour(s, 488, 14, 1.3), 504), (p.far, mix(p.far, p.sky[-1], 0.4)))
    waves(s, 512, 640, 4, 6)
    flip = s.rng.choice((-1, 1))

    def fx(x: float) -> float:
        return 600 + flip * (x - 600)

    white = mix(PAPER, p.sky[1], 0.06 if p.mood != "night" else 0.4)
    ridge = contour(s, 600, 22, 0.9)
    ridge_pts = [(x, ridge(x) - 70 * ((flip * (600 - x) + 600) / 1200)) for x in range(-16, W + 17, 8)]
    sites = [(930, 0.34), (790, 0.44), (620, 0.58), (390, 0.78)]
    if s.rng.random() < 0.5:
        sites.append((1060, 0.28))
    for x, k in sorted(sites, key=lambda site: site[1]):
        cx = fx(x)
        base = ridge(cx) - 70 * ((flip * (600 - cx) + 600) / 1200) + 6
        _turbine(s, cx, base, 430 * k, white)
    grass = mix(p.leaf, p.near, 0.25)
    s.shape([*ridge_pts, (W + 16, 830), (-16, 830)], (mix(grass, p.mid, 0.2), mix(grass, p.near, 0.5)), (520, 760))
    house(s, fx(760), 668, 150, 108, roof_ink=mix(RED, p.key, 0.08))
    for i in range(4):
        crown(s, fx(850 + 34 * i), 676 + 4 * i, 70 + 14 * (i % 2), mix(p.near, p.key, 0.25))
    near = [(600 + flip * u, y) for u, y in ((-720, 668), (-420, 690), (-120, 740), (260, 772), (720, 760))]
    bank(s, near, mix(p.near, p.key, 0.15))
    reeds(s, 0, W, 815, 60, 110, mix(p.near, p.key, 0.5))
    walker = fx(300)
    person(s, walker, 716, 96, cloth(s))
    _dog(s, walker + flip * 62, 720, 46, flip)
    if p.mood != "night":
        gull(s, fx(860), 190, 30, mix(PAPER, p.sky[0], 0.1))
        gull(s, fx(930), 240, 20, mix(PAPER, p.sky[0], 0.1))


def _dog(s: Sheet, x: float, y: float, w: float, way: int) -> None:
    key = s.pal.key
    back = [
        (-0.5, 0.5),
        (-0.42, 0.62),
        (0.3, 0.62),
        (0.42, 0.86),
        (0.5, 0.98),
        (0.58, 0.86),
        (0.78, 0.76),
        (0.76, 0.66),
    ]
    s.poly([(x + way * w * u, y - w * v) for u, v in [*back, (0.5, 0.6), (0.4, 0.32), (-0.46, 0.32)]], key)
    for u in (-0.44, -0.3, 0.24, 0.36):
        s.line([(x + way * w * u, y - w * 0.36), (x + way * w * u, y)], key, w * 0.09)
    s.line(
        curve(
            [(x - way * w * 0.46, y - w * 0.56), (x - way * w * 0.62, y - w * 0.7), (x - way * w * 0.6, y - w * 0.9)], 4
        ),
        key,
        w * 0.08,
    )


def _turbine(s: Sheet, x: float, y: float, h: float, white: Ink) -> None:
    p = s.pal
    hub = y - h
    s.poly([(x - h * 0.022, y), (x - h * 0.011, hub), (x + h * 0.011, hub), (x + h * 0.022, y)], white)
    s.poly([(x + h * 0.004, y), (x + h * 0.003, hub), (x + h * 0.011, hub), (x + h * 0.022, y)], p.mid, 110)
    turn = s.rng.uniform(0, math.tau)
    reach = h * 0.56
    for i in range(3):
        a = turn + math.tau * i / 3
        c, n = math.cos(a), math.sin(a)

        def at(along: float, aside: float, c: float = c, n: float = n) -> Point:
            return x + reach * (along * c - aside * n), hub + reach * (along * n + aside * c)

        blade = [
            at(0.0, -0.018),
            at(0.14, -0.05),
            at(0.5, -0.035),
            at(1.0, -0.006),
            at(1.0, 0.006),
            at(0.12, 0.028),
            at(0, 0.018),
        ]
        s.poly(blade, white)
        s.poly([at(0.8, -0.0175), at(0.9, -0.012), at(0.9, 0.008), at(0.8, 0.011)], RED)
    s.oval(x, hub, h * 0.024, h * 0.024, mix(white, p.mid, 0.3))


def observatory(s: Sheet) -> None:
    """A dome under the turning stars."""
    p = s.mood("night", "night", "dusk")
    sky(s, 660)
    s.field(655, H, p.near, mix(p.near, p.key, 0.4))
    flip = s.rng.choice((-1, 1))
    dx, base = 600 + flip * 130, 560
    if s.rng.random() < 0.55:
        px, py = 600 - flip * 130, 210
        for i in range(230):
            r, a = 20 + 3.4 * i + s.rng.uniform(-2, 2), s.rng.uniform(0, math.tau)
            span = s.rng.uniform(0.3, 0.6)
            arc = [(px + r * math.cos(a + span * t / 10), py + r * math.sin(a + span * t / 10)) for t in range(11)]
            if max(y for _, y in arc) < 640:
                c = mix(PAPER, s.rng.choice((p.sky[3], GLOW, p.sky[2])), 0.4)
                s.line(arc, c, s.rng.uniform(1.2, 2.4), s.rng.randint(110, 230))
        s.oval(px, py, 3, 3, PAPER)
    else:
        for i in range(24):
            t = i / 23
            s.halo(
                600 - flip * (560 - 900 * t),
                20 + 560 * t**1.2,
                120 + 50 * math.sin(i * 2.2),
                mix(PAPER, p.sky[3], 0.5),
                0.13,
            )
        stars(s, 600, 420)
    ridges(s, 500, 570, 2, 660, 40)
    hill = [
        (dx - 720, 800),
        (dx - 420, 690),
        (dx - 190, 590),
        (dx, 556),
        (dx + 200, 580),
        (dx + 420, 680),
        (dx + 760, 800),
    ]
    bank(s, hill, mix(p.near, p.key, 0.25))
    pale = mix(PAPER, p.sky[2], 0.35)
    shade = mix(pale, p.near, 0.5)
    s.rect(dx - 108, base - 92, dx + 108, base + 10, pale)
    s.rect(dx - flip * 108 if flip > 0 else dx + 40, base - 92, dx - 40 if flip > 0 else dx + 108, base + 10, shade)
    s.rect(dx - 122, base - 104, dx + 122, base - 90, mix(p.near, p.key, 0.3))
    dome = [(dx + 118 * math.cos(math.pi * t / 30), base - 102 - 124 * math.sin(math.pi * t / 30)) for t in range(31)]
    s.poly(dome, mix(pale, PAPER, 0.3))
    part = [q for q in dome if flip * (q[0] - dx) <= -30]
    s.poly([*part, (dx - flip * 36, base - 102), (dx - flip * 118, base - 102)], shade)
    for k in (-0.55, 0.75):
        s.line(
            [
                (dx + k * 118 * math.cos(math.pi / 2 * t / 10), base - 102 - 124 * math.sin(math.pi / 2 * t / 10))
                for t in range(11)
            ],
            mix(pale, p.key, 0.4),
            2,
        )
    # The slit is open towards the reader's side; the telescope looks out of it.
    lean = -flip
    slit = [(-20, 0), (-34, 60), (-36, 112), (-20, 123), (8, 123), (14, 112), (24, 60), (28, 0)]
    s.poly([(dx + lean * (26 + u), base - 106 - v) for u, v in slit], p.key)
    tube = [(8, 22), (30, 26), (64, 124), (34, 134)]
    s.poly([(dx + lean * (10 + u), base - 106 - v) for u, v in tube], mix(RED, p.key, 0.1))
    s.poly(
        [(dx + lean * (10 + u), base - 106 - v) for u, v in ((33, 131), (64, 121), (68, 132), (37, 143))],
        mix(RED, p.key, 0.5),
    )
    s.rect(dx - 20, base - 56, dx + 20, base + 8, GLOW)
    s.halo(dx, base - 22, 120, GLOW, 0.5)
    s.poly([(dx - 20, base + 8), (dx + 20, base + 8), (dx + 70, base + 90), (dx - 60, base + 90)], GLOW, 60)
    person(s, dx - flip * 70, base + 44, 74, mix(INDIGO, p.key, 0.3))
    for u, h in ((-420, 300), (-500, 380), (-350, 210), (430, 260), (500, 340)):
        cedar(s, dx + flip * u, 800, h, mix(p.near, p.key, 0.55))


def hills(s: Sheet) -> None:
    """Ridge behind ridge in the mist."""
    p = s.mood("dawn", "dawn", "day", "dusk", "rain", "snow")
    sky(s, 700)
    clouds(s, 60, 190, 3)
    tones = (p.far, mix(p.far, p.mid, 0.6), p.mid, mix(p.mid, p.near, 0.5), p.near)
    mist = mix(p.sky[-1], PAPER, 0.25)
    for i, tone in enumerate(tones):
        y = 240 + 92 * i
        line = contour(s, y, 62 - 5 * i, s.rng.uniform(0.7, 1.5))
        s.shape(land(line, 810), (tone, mix(tone, mist, 0.72)), (y - 70, y + 130))
        if i >= 2:
            size = 16 + 15 * (i - 1)
            x = s.rng.uniform(0, 40)
            while x < W:
                if s.rng.random() < 0.66:
                    cedar(s, x, line(x) + size * 0.2, size * s.rng.uniform(0.7, 1.4), mix(tone, p.near, 0.2))
                x += size * s.rng.uniform(0.3, 0.9)
        s.veil(y + 20, y + 150, mist, 0, 0.34, 0.1)
    flip = s.rng.choice((-1, 1))
    for u, y, w in ((-40, 650, 120), (80, 668, 140), (-150, 676, 110)):
        s.lens(600 + flip * u, y, w * 0.9, 16, mix(p.near, p.mid, 0.3))
        house(s, 600 + flip * u, y, w, w * 0.8)
    base = snow_or(s, mix(p.near, p.key, 0.35))
    rise = [(-720, 700), (-420, 690), (-160, 712), (100, 740), (400, 712), (720, 650)]
    bank(s, [(600 + flip * u, y) for u, y in rise], base)
    kind = s.rng.choice(("maple", "gate"))
    if kind == "maple" and p.mood != "snow":
        crown(s, 600 + flip * 300, 752, 250, mix(RED, p.key, 0.4), mix(RED, p.key, 0.15))
        crown(s, 600 + flip * 370, 766, 340, mix(RED, p.key, 0.25), RED)
    else:
        torii(s, 600 + flip * 300, 742, 150)
        s.poly(
            [(600 + flip * 282, 742), (600 + flip * 318, 742), (600 + flip * 380, 830), (600 + flip * 240, 830)],
            mix(p.wall, p.near, 0.4),
        )
    cedar(s, 600 - flip * 470, 800, 460)
    cedar(s, 600 - flip * 550, 810, 560)
    birds(s, 600 + flip * 120, 170, 5, 120, mix(p.key, p.sky[1], 0.25), 12)
    weather(s)


def fields(s: Sheet) -> None:
    """Terraced rice, in water or in gold."""
    p = s.mood("dawn", "day", "day", "dusk", "rain")
    sky(s, 420)
    clouds(s, 60, 190, 4)
    ridges(s, 290, 350, 3, 450, 50)
    flip = s.rng.choice((-1, 1))
    gold = s.rng.random() < 0.45
    rows = 7
    edge = mix(p.leaf, p.near, 0.35)
    tops: list[Callable[[float], float]] = []
    for j in range(rows + 1):
        y = 396 + 14 * j + 6.3 * j * j
        tops.append(_terrace(s, y, 10 + 4.5 * j, flip))
    for j, (top, foot) in enumerate(pairwise(tops)):
        t = j / rows
        if gold:
            inks = (mix(ink("#d9b24e"), p.far, 0.35 - 0.3 * t), mix(ink("#c08f35"), p.near, 0.08 + 0.25 * t))
        else:
            inks = (mix(p.sky[-1], PAPER, 0.2), mix(p.sky[1], p.water[1], 0.25 + 0.5 * t))
        outline = [(x, top(x)) for x in range(-16, W + 17, 12)]
        y0, y1 = top(600), foot(600)
        s.shape([*outline, (W + 16, 830), (-16, 830)], inks, (y0, y1))
        wide = 3 + 1.7 * j
        s.poly([*outline, *[(x, y + wide) for x, y in reversed(outline)]], edge)
        s.line(outline, mix(p.leaf, PAPER, 0.25), 1 + 0.35 * j)
        _planting(s, top, foot, j, mix(ink("#8a6420"), p.near, 0.2) if gold else mix(p.leaf, p.near, 0.3))
    for u, v, w in ((330, 430, 150), (450, 448, 190)):
        house(s, 600 + flip * u, v + 8, w, w * 0.78)
    for i in range(5):
        crown(s, 600 + flip * (500 + 36 * i), 462, 90 + 16 * (i % 3), mix(p.near, p.leaf, 0.3))
    for x, y, h in ((600 - flip * 60, 640, 128), (600 - flip * 190, 560, 86), (600 + flip * 130, 566, 84)):
        lead = h > 100
        if not gold:
            s.lens(x, y + 2, h * 0.2, 6, p.key, 110)
        person(
            s,
            x,
            y,
            h,
            RED if lead else cloth(s),
            hat=OCHRE if not gold else mix(PAPER, OCHRE, 0.3),
            kimono=False,
            stride=0.09,
        )
    if not gold:
        for _ in range(3):
            _egret(s, 600 + flip * s.rng.uniform(60, 330), s.rng.uniform(640, 720), 44)
    pine(s, 600 - flip * 520, 790, 500, flip * 40)
    weather(s)


def _terrace(s: Sheet, y: float, amp: float, flip: int) -> Callable[[float], float]:
    phase, waves_ = s.rng.uniform(-0.5, 0.5), s.rng.uniform(0.9, 1.25)

    def height(x: float) -> float:
        u = flip * (x - 600) / 600
        return y + amp * math.sin(u * 2.4 * waves_ + phase) + amp * 0.35 * math.sin(u * 6.1 + phase * 3) - amp * 0.8 * u

    return height


def _planting(s: Sheet, top: Callable[[float], float], foot: Callable[[float], float], j: int, colour: Ink) -> None:
    lines = 2 + j // 2
    for k in range(lines):
        x = s.rng.uniform(0, 14)
        while x < W:
            y = top(x) + (foot(x) - top(x)) * (k + 0.9) / (lines + 0.7)
            tall = 3 + 1.9 * j
            if foot(x) - top(x) > tall:
                s.line([(x, y), (x + tall * 0.18, y - tall)], colour, 1.2 + 0.28 * j)
                s.line([(x, y), (x - tall * 0.3, y - tall * 0.8)], colour, 1.2 + 0.28 * j)
            x += 13 + 2.6 * j


def _egret(s: Sheet, x: float, y: float, h: float) -> None:
    white = mix(PAPER, s.pal.sky[1], 0.05)
    s.line([(x, y), (x, y - h * 0.45)], s.pal.key, 2)
    s.poly(
        curve(
            [(x - h * 0.36, y - h * 0.42), (x, y - h * 0.62), (x + h * 0.18, y - h * 0.58), (x, y - h * 0.4)], 5, True
        ),
        white,
    )
    s.line(
        curve(
            [
                (x + h * 0.12, y - h * 0.56),
                (x + h * 0.26, y - h * 0.74),
                (x + h * 0.14, y - h * 0.9),
                (x + h * 0.26, y - h),
            ],
            5,
        ),
        white,
        4,
    )
    s.line([(x + h * 0.26, y - h), (x + h * 0.44, y - h * 0.96)], OCHRE, 2.6)


SCENES: dict[str, Callable[[Sheet], None]] = {
    "city-night": city_night,
    "tower": tower,
    "hospital": hospital,
    "factory": factory,
    "stadium": stadium,
    "school": school,
    "train": train,
    "wind-turbines": wind_turbines,
    "observatory": observatory,
    "hills": hills,
    "fields": fields,
}
