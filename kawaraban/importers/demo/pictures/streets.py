"""Scenes in the street."""

import math
from collections.abc import Callable
from itertools import pairwise

from kawaraban.importers.demo.pictures.folk import (
    CLOTHS,
    INDIGO,
    OCHRE,
    TEAL,
    cloth,
    house,
    lantern,
    lattice,
    person,
    pole,
    roof,
    sag,
)
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, Ink, Point, W, ink, mix
from kawaraban.importers.demo.pictures.land import (
    clouds,
    contour,
    crown,
    land,
    peak,
    ridges,
    sky,
    snow_or,
    stars,
    weather,
)
from kawaraban.importers.demo.pictures.sheet import Eye, Sheet, curve


def market(s: Sheet) -> None:
    """Stalls under their awnings, and who buys there."""
    p = s.mood("dawn", "day", "day", "dusk", "night")
    sky(s, 330)
    s.shape(land(contour(s, 190, 30, 1.6), 330), (p.far, mix(p.far, p.sky[-1], 0.5)))
    for x in range(-40, 1300, 240):
        w = s.rng.uniform(260, 320)
        s.rect(x - w * 0.42, 200, x + w * 0.42, 330, mix(p.wall, p.near, 0.5))
        roof(s, x, 218, w * 0.54, 70, mix(p.roof, p.far, 0.25))
    s.field(320, 650, mix(p.key, p.near, 0.1), mix(p.key, p.near, 0.5))
    s.field(640, H, mix(p.ground, p.near, 0.12), mix(p.ground, p.near, 0.4))
    tones = [RED, INDIGO, mix(p.leaf, p.near, 0.3), OCHRE]
    s.rng.shuffle(tones)
    tones.remove(RED)
    tones.insert(1, RED)
    for i in range(3):
        _stall(s, 215 + 385 * i, 366, tones[i])
    feet = [(150, 206), (395, 232), (455, 150), (790, 224), (1040, 212)]
    for x, h in s.rng.sample(feet, 4):
        y = 744 if h > 160 else 736
        s.lens(x + 20, y, h * 0.32, 14, p.key, 90)
        robe = s.rng.random() < 0.4
        person(s, x + s.rng.uniform(-25, 25), y, h, cloth(s), kimono=robe, hat=OCHRE if h > 225 else None)


def _stall(s: Sheet, x: float, w: float, tone: Ink) -> None:
    p = s.pal
    left, right = x - w / 2, x + w / 2
    for dx in (left + 14, right - 20):
        s.rect(dx, 300, dx + 7, 640, p.key)
    lamp = p.dark
    if lamp:
        s.halo(x, 372, 210, GLOW, 0.55)
    person(s, x + s.rng.uniform(-70, 70), 590, 190, s.rng.choice((PAPER, mix(INDIGO, PAPER, 0.25), TEAL)), front=True)
    s.rect(left + 16, 496, right - 16, 600, mix(p.wood, p.key, 0.7))
    s.line([(x - 96, 330), (x - 96, 366)], p.key, 2)
    s.oval(x - 96, 376, 13, 15, GLOW if lamp else PAPER)
    fruits = [ink(c) for c in ("#c9802f", "#7d8f3c", "#a83a2c", "#e0c060", "#5d4468", "#d9d2b4", "#4f7350")]
    s.rng.shuffle(fruits)
    board = mix(p.wood, PAPER, 0.12 if not p.dark else 0.0)
    for j in range(2):
        top = 488 + 52 * j
        for i in range(3):
            a, b = left + 16 + (w - 32) * i / 3, left + 16 + (w - 32) * (i + 1) / 3
            kind = fruits[(i + 3 * j) % len(fruits)]
            r = s.rng.choice((9, 11, 13))
            for row in (0, 1, 2):
                fx = a + 8 + r + row * r * 0.6
                while fx < b - r - 6 - row * r * 0.6:
                    s.oval(fx, top + 12 - row * r * 1.0, r, r * 0.94, mix(kind, p.key, 0.22 - row * 0.09))
                    fx += r * 1.85
            s.poly([(a + 2, top + 14), (b - 2, top + 14), (b - 2, top + 42), (a + 2, top + 42)], board)
            s.rect(a + 2, top + 25, b - 2, top + 29, mix(board, p.key, 0.35))
            s.rect(b - 5, top + 14, b - 1, top + 42, mix(board, p.key, 0.5))
    s.rect(left + 10, 580, right - 10, 648, mix(p.wood, p.key, 0.45))
    for i in range(1, 8):
        s.rect(left + 10 + (w - 20) * i / 8 - 1, 580, left + 10 + (w - 20) * i / 8 + 1, 648, p.key)
    s.lens(x, 652, w * 0.52, 16, p.key, 120)
    stripes = 9
    pale = mix(PAPER, p.near, 0.1 if not p.dark else 0.3)
    for i in range(stripes):
        a, b = i / stripes, (i + 1) / stripes
        colour = mix(tone, p.near, 0.0 if not p.dark else 0.12) if i % 2 == 0 else pale
        ax, bx = left - 8 + (w + 16) * a, left - 8 + (w + 16) * b
        ridge = [(left + 24 + (w - 48) * a, 236), (left + 24 + (w - 48) * b, 236)]
        hem = curve([(bx, 320), ((ax + bx) / 2, 338), (ax, 320)], 5)
        s.poly([*ridge, (bx, 318), *hem, (ax, 318)], colour)
        s.poly([(ax, 306), (bx, 306), (bx, 320), *hem, (ax, 320)], mix(colour, p.key, 0.18))


def shop(s: Sheet) -> None:
    """A shop front with its curtain out."""
    p = s.mood("day", "dawn", "dusk", "night", "rain", "snow")
    sky(s, 200)
    s.field(190, 670, mix(p.near, p.key, 0.3), mix(p.near, p.key, 0.3))
    for x in (-60, 1260):
        s.rect(x - 190, 120, x + 190, 660, mix(p.wall, p.near, 0.5))
        roof(s, x, 150, 260, 90, mix(p.roof, p.far, 0.2))
    timber, dark = mix(p.wood, p.near, 0.2), mix(p.wood, p.key, 0.6)
    s.rect(150, 110, 1050, 660, mix(p.wall, p.near, 0.12 if not p.dark else 0.45))
    lattice(s, (240, 150, 540, 236), 14, 1, p.window if p.dark else mix(p.near, p.key, 0.2), dark)
    lattice(s, (660, 150, 960, 236), 14, 1, p.window if p.dark else mix(p.near, p.key, 0.2), dark)
    roof(s, 600, 130, 520, 110, p.roof, ridge=0.86, up=0.05)
    s.rect(170, 318, 1030, 660, mix(timber, p.key, 0.15))
    flip = s.rng.choice((-1, 1))
    lit = p.dark
    inside = GLOW if lit else mix(PAPER, p.mid, 0.25)
    door = 600 - flip * 100
    s.shape(
        [(door - 170, 330), (door + 170, 330), (door + 170, 660), (door - 170, 660)], (inside, mix(inside, p.wood, 0.6))
    )
    for j in range(3):
        s.rect(door - 150, 440 + 62 * j, door + 150, 446 + 62 * j, mix(p.wood, p.key, 0.3))
        for i in range(9):
            c = mix(s.rng.choice((*CLOTHS, OCHRE, PAPER)), p.wood, 0.2)
            h = s.rng.uniform(22, 44)
            s.rect(door - 144 + 33 * i, 440 + 62 * j - h, door - 120 + 33 * i, 440 + 62 * j, c)
    person(s, door + s.rng.choice((-70, 60)), 656, 214, mix(INDIGO, PAPER, 0.2), front=True)
    side = 600 + flip * 255
    lattice(s, (side - 150, 350, side + 150, 590), 11, 4, GLOW if lit else mix(PAPER, p.mid, 0.3), dark)
    s.rect(side - 160, 590, side + 160, 660, dark)
    for x in (172, door - 180, door + 172, side - 160, side + 152, 1016):
        s.rect(x, 318, x + 14, 660, dark)
    _crates(s, 600 - flip * 358, flip)
    noren = s.rng.choice((RED, RED, INDIGO))
    _noren(s, door, noren)
    roof(s, 600, 322, 560, 76, mix(p.roof, p.key, 0.15), ridge=0.9, up=0.04)
    s.field(656, H, snow_or(s, mix(p.ground, p.near, 0.25)), snow_or(s, mix(p.ground, p.near, 0.5)))
    for y in (668, 700, 752):
        s.line([(-10, y), (W + 10, y)], mix(p.ground, p.key, 0.4), 2.5, 140)
    lantern(s, door + flip * 214, 400, 34, RED if noren != RED else PAPER, lit=lit)
    _pots(s, side)
    _bicycle(s, 600 + flip * 100, 740, 62, flip)
    if lit:
        s.poly([(door - 160, 660), (door + 160, 660), (door + 240, 790), (door - 240, 790)], GLOW, 40)
    weather(s)


def _crates(s: Sheet, end: float, flip: int) -> None:
    """Stack crates against the wall."""
    p = s.pal
    crate = mix(p.wood, PAPER, 0.15)
    for i, j in ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (0, 2)):
        left, top = end - 62 + 42 * i if flip > 0 else end + 22 - 42 * i, 612 - 48 * j
        s.rect(left, top, left + 40, top + 46, crate)
        s.ring([(left, top), (left + 40, top), (left + 40, top + 46), (left, top + 46)], p.key, 2.5)
        s.rect(left, top + 20, left + 40, top + 24, mix(crate, p.key, 0.5))


def _noren(s: Sheet, door: float, noren: Ink) -> None:
    """Hang the curtain that says the shop is open."""
    p = s.pal
    for i in range(5):
        a, b = door - 176 + 70.4 * i, door - 176 + 70.4 * (i + 1) - 4
        sway = s.rng.uniform(-7, 7)
        s.poly([(a, 330), (b, 330), (b + sway, 440), (a + sway, 444)], mix(noren, p.key, 0.04 * (i % 2)))
        s.poly([(a, 330), (a + 10, 330), (a + 10 + sway, 442), (a + sway, 444)], mix(noren, p.key, 0.2))
    # The house's mark runs over the curtain: rings, which say nothing.
    s.ring(
        curve(
            [(door + 42 * math.cos(q / 8 * math.tau), 386 + 34 * math.sin(q / 8 * math.tau)) for q in range(8)], 4, True
        ),
        PAPER,
        7,
    )


def _pots(s: Sheet, side: float) -> None:
    """Set out plants in pots."""
    p = s.pal
    for i in range(4):
        x = side - 120 + 74 * i
        s.poly([(x - 24, 640), (x + 24, 640), (x + 18, 690), (x - 18, 690)], mix(ink("#a5603c"), p.near, 0.25))
        for _ in range(9):
            s.oval(
                x + s.rng.uniform(-26, 26),
                626 + s.rng.uniform(-26, 12),
                13,
                11,
                mix(p.leaf, p.near, s.rng.random() * 0.5),
            )


def _bicycle(s: Sheet, x: float, y: float, r: float, way: int) -> None:
    key = s.pal.key
    wheel = [(math.cos(q / 24 * math.tau), math.sin(q / 24 * math.tau)) for q in range(24)]
    back, front = (x - way * r * 1.25, y - r), (x + way * r * 1.25, y - r)
    for cx, cy in (back, front):
        s.ring([(cx + r * a, cy + r * b) for a, b in wheel], key, 5)
        for a, b in wheel[::3]:
            s.line([(cx, cy), (cx + r * a, cy + r * b)], key, 1.0, 130)
    crank, seat, head = (
        (x - way * r * 0.1, y - r * 0.9),
        (x - way * r * 0.5, y - r * 2.1),
        (x + way * r * 0.85, y - r * 2.05),
    )
    for start, end, tone in (
        (back, crank, key),
        (crank, seat, RED),
        (crank, head, RED),
        (back, seat, key),
        (front, head, key),
    ):
        s.line([start, end], tone, 6)
    s.line([head, (head[0] - way * r * 0.08, head[1] - r * 0.4), (head[0] - way * r * 0.5, head[1] - r * 0.46)], key, 5)
    s.lens(seat[0], seat[1] - 7, r * 0.4, 12, key)


def street(s: Sheet) -> None:
    """A shopping street running towards the mountains."""
    p = s.mood("dawn", "day", "day", "dusk", "rain", "snow")
    sky(s, 420)
    clouds(s, 60, 220, 3)
    eye = Eye(s.rng.uniform(540, 660), 392)
    peak(s, eye.x + s.rng.uniform(-90, 90), 400, 210, 330, 0.5 if p.mood != "day" else 0.3)
    s.veil(320, 410, p.sky[-1], 0, 0.8)
    s.field(396, H, mix(p.ground, p.near, 0.5), mix(p.ground, p.near, 0.2))
    road = snow_or(s, mix(p.ground, p.near, 0.42))
    s.shape(eye.lying(-350, 350, 330, 0.8, 30), (mix(road, p.far, 0.4), road))
    for side in (-1, 1):
        s.poly(eye.lying(side * 330, side * 345, 330, 0.8, 30), mix(PAPER, p.near, 0.2), 200)
    edges = [0.7]
    while edges[-1] < 9:
        edges.append(edges[-1] * s.rng.uniform(1.24, 1.42))
    for near, far in reversed(list(pairwise(edges))):
        for side in (-1, 1):
            _frontage(s, eye, side, near, far)
    flip = s.rng.choice((-1, 1))
    held: list[list[Point]] = []
    for depth in (0.92, 1.5, 2.4, 3.9, 6.4):
        x, y = eye.at(flip * 400, 345, depth)
        held.append(pole(s, x, y, 640 / depth, 13 / depth))
    for a, b in pairwise(held):
        for m, n in zip(a, b, strict=True):
            s.line(sag(m, n, 12), p.key, 1.6)
    for across, depth, robe in ((-120 * flip, 2.2, True), (-60 * flip, 3.6, False), (150 * flip, 4.4, True)):
        x, y = eye.at(across, 330, depth)
        h = 300 / depth
        s.lens(x + h * 0.1, y, h * 0.25, h * 0.05, p.key, 120)
        wet = p.mood in {"rain", "snow"}
        person(
            s,
            x,
            y,
            h,
            cloth(s) if not robe else mix(INDIGO, p.near, 0.2),
            kimono=robe,
            shade=RED if wet and depth < 3 else None,
        )
    x, y = eye.at(70 * flip, 330, 1.55)
    _rider(s, x, y, 62, -flip)
    weather(s)


def _rider(s: Sheet, x: float, y: float, r: float, way: int) -> None:
    """Send somebody down the street on a bicycle, seen from behind."""
    key = s.pal.key
    s.lens(x, y, r * 1.0, r * 0.16, key, 120)
    s.rect(x - r * 0.06, y - r * 1.25, x + r * 0.06, y, key)
    h = r * 3.1
    for side in (-1, 1):
        s.line(
            [(x + side * r * 0.2, y - r * 1.4), (x + side * r * 0.27, y - r * (0.4 + 0.35 * (side > 0)))], key, r * 0.2
        )
        s.line([(x + side * r * 0.32, y - r * 2.2), (x + side * r * 0.56, y - r * 1.5)], RED, r * 0.17)
    s.poly(
        [
            (x - r * 0.34, y - r * 2.35),
            (x + r * 0.34, y - r * 2.35),
            (x + r * 0.3, y - r * 1.3),
            (x - r * 0.3, y - r * 1.3),
        ],
        RED,
    )
    s.line([(x - r * 0.6, y - r * 1.45), (x + r * 0.6, y - r * 1.45)], key, r * 0.08)
    s.oval(x + way * 2, y - h * 0.87, r * 0.2, r * 0.25, key)
    s.rect(x - r * 0.3, y - r * 1.35, x + r * 0.3, y - r * 0.95, mix(s.pal.wood, key, 0.2))


def _frontage(s: Sheet, eye: Eye, side: int, near: float, far: float) -> None:
    p = s.pal
    tall = s.rng.uniform(-330, -200)
    wall = mix(s.rng.choice((p.wall, p.wall, mix(p.wall, p.wood, 0.45), mix(p.wall, p.mid, 0.35))), p.near, 0.28)
    haze = min(0.6, (near - 1) * 0.1)
    wall = mix(wall, p.far, haze)
    x = side * 460
    # The wall that faces the reader shows only when the house in front is lower; it is drawn first anyway.
    s.poly(
        [eye.at(x, tall, near), eye.at(x * 2.6, tall, near), eye.at(x * 2.6, 345, near), eye.at(x, 345, near)],
        mix(wall, p.near, 0.3),
    )
    s.poly(eye.side(x, tall, 345, near, far), wall)
    lit = p.dark and s.rng.random() < 0.75
    pane = mix(GLOW if lit else mix(p.near, p.key, 0.2), p.far, haze)
    for i in range(3):
        a = near * (far / near) ** ((i + 0.22) / 3)
        b = near * (far / near) ** ((i + 0.78) / 3)
        s.poly(eye.side(x, tall + 60, tall + 140, a, b), pane)
        s.poly(eye.side(x, 120, 330, a, b), pane if i != 1 else mix(p.wood, p.key, 0.4))
    if near > 1 and s.rng.random() < 0.6:
        # A signboard stands out over the street, its face to the reader.
        at = near * (far / near) ** 0.5
        tone = mix(s.rng.choice((RED, PAPER, PAPER, INDIGO, OCHRE)), p.near, 0.12 + haze)
        box = [
            eye.at(x * u, v, at)
            for u, v in ((0.84, tall + 50), (0.98, tall + 50), (0.98, tall + 190), (0.84, tall + 190))
        ]
        s.poly(box, tone)
        s.ring(box, mix(p.key, p.far, haze), 4 / near + 0.6)
    s.poly(eye.side(x, tall + 176, tall + 190, near, far), mix(wall, p.near, 0.4))
    a, b = near * (far / near) ** 0.06, near * (far / near) ** 0.94
    tone = mix(s.rng.choice((INDIGO, p.leaf, OCHRE, p.roof, PAPER)), p.far, haze)
    hood = mix(tone, p.near, 0.2)
    s.poly([eye.at(x, 60, a), eye.at(x, 60, b), eye.at(x * 0.86, 108, b), eye.at(x * 0.86, 108, a)], snow_or(s, hood))
    s.poly(
        [eye.at(x * 0.86, 108, a), eye.at(x * 0.86, 108, b), eye.at(x * 0.86, 124, b), eye.at(x * 0.86, 124, a)],
        mix(hood, p.key, 0.35),
    )
    roof_ink = snow_or(s, mix(p.roof, p.far, haze))
    rise = [eye.at(x * 1.35, tall - 110, near), eye.at(x * 1.35, tall - 110, far)]
    s.poly([*rise, eye.at(x * 0.92, tall + 14, far), eye.at(x * 0.92, tall + 14, near)], roof_ink)
    s.poly([rise[0], eye.at(x * 0.92, tall + 14, near), eye.at(x * 1.7, tall + 14, near)], mix(wall, p.near, 0.3))
    s.line(
        [rise[0], eye.at(x * 0.92, tall + 14, near), eye.at(x * 0.92, tall + 14, far)],
        mix(p.key, p.far, haze),
        4 / near + 1,
    )


def bus(s: Sheet) -> None:
    """The bus at its stop."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow", "night")
    sky(s, 520)
    if p.mood == "night":
        stars(s, 300, 60)
    clouds(s, 70, 240, 4)
    ridges(s, 320, 430, 3, 600, 50)
    for x in s.rng.sample((90, 300, 640, 900, 1120), 3):
        house(s, x, 580, s.rng.uniform(200, 260), s.rng.uniform(150, 190))
    for _ in range(9):
        crown(s, s.rng.uniform(-20, 1220), 590, s.rng.uniform(90, 170), snow_or(s, mix(p.leaf, p.near, 0.5)))
    road = snow_or(s, mix(p.ground, p.near, 0.55))
    s.field(576, 660, snow_or(s, mix(p.leaf, p.near, 0.3)), mix(p.ground, p.near, 0.2))
    s.field(640, H, mix(road, p.near, 0.1), mix(road, p.near, 0.45))
    s.rect(-10, 636, W + 10, 646, mix(p.wall, p.near, 0.25))
    way = s.rng.choice((-1, 1))
    cx, y = 600 + way * 64, 700
    s.lens(cx, y + 4, 350, 30, p.key, 170)

    _bus(s, cx, y, way)
    sx = cx - way * 400
    s.rect(sx - 4, 470, sx + 4, 724, p.key)
    s.oval(sx, 462, 36, 36, mix(PAPER, p.near, 0.1))
    s.ring(
        curve(
            [(sx + 30 * math.cos(q / 8 * math.tau), 462 + 30 * math.sin(q / 8 * math.tau)) for q in range(8)], 4, True
        ),
        RED,
        9,
    )
    s.rect(sx - 24, 510, sx + 24, 572, mix(PAPER, p.near, 0.25))
    s.oval(sx, 724, 26, 8, p.key)
    wet = p.mood in {"rain", "snow"}
    for i, u in enumerate((84, 150, -52)[: s.rng.choice((2, 3))]):
        shade = mix((INDIGO, OCHRE, TEAL)[i], p.near, 0.1) if wet else None
        person(
            s, sx + way * u, 730 + 8 * (i % 2), 166 - 34 * (i == 1), cloth(s), shade=shade, pack=RED if i == 1 else None
        )
    weather(s)


def _bus(s: Sheet, cx: float, y: float, way: int) -> None:
    p = s.pal

    def at(u: float, v: float) -> Point:
        return cx + way * u, y - v

    def block(u0: float, v0: float, u1: float, v1: float, colour: Ink) -> None:
        s.poly([at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)], colour)

    cream = mix(PAPER, p.sky[1], 0.15 if p.mood != "night" else 0.35)
    body = [
        (-300, 30),
        (-304, 190),
        (-292, 224),
        (-262, 236),
        (262, 236),
        (292, 226),
        (306, 190),
        (312, 100),
        (308, 30),
    ]
    s.poly([at(u, v) for u, v in body], cream)
    s.poly([at(u, v) for u, v in [(-302, 96), (311, 96), (308, 30), (-300, 30)]], RED)
    block(-303, 102, 311, 110, RED)
    s.poly(
        [at(u, v) for u, v in [(-296, 212), (-292, 224), (-262, 236), (262, 236), (292, 226), (298, 212)]],
        mix(cream, p.mid, 0.3),
    )
    glass = GLOW if p.dark else mix(p.near, p.sky[1], 0.25)
    for i in range(6):
        if i == 3:
            continue
        block(-276 + 76 * i, 122, -210 + 76 * i, 200, glass)
        if s.rng.random() < 0.75:
            hx = -243 + 76 * i + s.rng.uniform(-12, 12)
            s.poly([at(hx - 20, 122), at(hx - 15, 142), at(hx + 15, 142), at(hx + 20, 122)], mix(p.near, p.key, 0.6))
            s.oval(*at(hx, 154), 12, 15, p.key)
    block(-50, 36, 20, 204, mix(p.near, p.key, 0.2))
    for u in (-44, -12):
        block(u, 44, u + 26, 196, glass)
    s.poly([at(186, 122), at(236, 122), at(236, 200), at(186, 200)], glass)
    s.poly([at(252, 118), at(309, 118), at(303, 196), at(252, 200)], glass)
    s.oval(*at(272, 140), 10, 13, p.key)
    block(-304, 30, 308, 40, mix(p.key, p.near, 0.3))
    for u in (-196, 190):
        s.oval(*at(u, 36), 48, 46, mix(RED, p.key, 0.55))
        s.oval(*at(u, 32), 38, 38, p.key)
        s.oval(*at(u, 32), 17, 17, mix(PAPER, p.mid, 0.4))
    s.oval(*at(300, 66), 9, 13, GLOW)
    if p.dark:
        s.poly([at(304, 66), at(760, 150), at(760, -30)], GLOW, 50)


SCENES: dict[str, Callable[[Sheet], None]] = {
    "market": market,
    "shop": shop,
    "bus": bus,
    "street": street,
}
