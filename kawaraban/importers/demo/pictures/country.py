"""Scenes of the open country."""

import math
from collections.abc import Callable
from itertools import pairwise

from kawaraban.importers.demo.pictures.folk import INDIGO, OCHRE, cloth, gull, house, person
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, Ink, Point, W, ink, mix
from kawaraban.importers.demo.pictures.land import (
    bank,
    birds,
    cedar,
    clouds,
    contour,
    crown,
    land,
    pine,
    reeds,
    ridges,
    sky,
    snow_or,
    stars,
    torii,
    water,
    waves,
    weather,
)
from kawaraban.importers.demo.pictures.sheet import Sheet, curve


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
    "hills": hills,
    "fields": fields,
    "observatory": observatory,
    "wind-turbines": wind_turbines,
}
