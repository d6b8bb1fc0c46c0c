"""Scenes of ships and those who work with them."""

from collections.abc import Callable

from kawaraban.importers.demo.pictures.folk import OCHRE, cloth, gull, panes, person, rooftops
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, Ink, Point, W, ink, mix
from kawaraban.importers.demo.pictures.land import (
    birds,
    clouds,
    contour,
    land,
    moon,
    ridges,
    ripples,
    sky,
    snow_or,
    stars,
    water,
    waves,
    weather,
)
from kawaraban.importers.demo.pictures.sheet import Sheet, curve

BOXES = tuple(ink(c) for c in ("#35566b", "#5d7f86", "#b98d4a", "#7a5b4b", "#8d9a94", "#46604f", "#d8cdb4", "#2e3f55"))


def ferry(s: Sheet) -> None:
    """The small white ferry on its way over."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow")
    sky(s, 400)
    clouds(s, 70, 230, 4)
    ridges(s, 260, 370, 3, 410, 40)
    water(s, 400)
    waves(s, 410, 560, 5, 7)
    way = s.rng.choice((-1, 1))
    x, y = 600 - way * 20, 575

    def at(u: float, v: float) -> Point:
        return x + way * u, y - v

    _ferry(s, x, y, way)
    _smoke(s, at(-64, 270), -way)
    s.mirror(582, 260, 0.42, 0.6, p.water[1])
    for i in range(8):
        s.lens(*at(-300 - 60 * i + s.rng.uniform(-20, 20), -6 - i * 3), 90, 7, mix(PAPER, p.water[0], 0.2), 190)
    for u, w in ((-180, 130), (40, 160), (230, 110), (300, 60)):
        s.lens(*at(u, -9), w, 10, mix(PAPER, p.water[0], 0.1), 220)
    ripples(s, 610, H, 60, 0.5)
    waves(s, 660, H, 3, 14)
    for _ in range(3):
        gull(s, s.rng.uniform(180, 1000), s.rng.uniform(120, 330), s.rng.uniform(20, 34), mix(PAPER, p.sky[0], 0.05))
    weather(s)


def _ferry(s: Sheet, x: float, y: float, way: int) -> None:
    p = s.pal

    def at(u: float, v: float) -> Point:
        return x + way * u, y - v

    def block(u0: float, v0: float, u1: float, v1: float, colour: Ink) -> None:
        s.poly([at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)], colour)

    white = mix(PAPER, p.sky[1], 0.12 if p.mood == "day" else 0.22)
    shade = mix(white, p.mid, 0.35)
    dark = mix(p.near, p.key, 0.5)
    block(-170, 96, 150, 150, white)
    block(-170, 96, 150, 104, shade)
    block(-130, 150, 110, 200, white)
    block(-150, 150, 130, 157, dark)
    block(38, 200, 106, 246, white)
    s.poly([at(32, 246), at(118, 246), at(112, 256), at(36, 256)], dark)
    lit = p.window if p.dark else mix(p.near, p.key, 0.2)
    for i in range(9):
        block(-156 + 33 * i, 116, -132 + 33 * i, 138, lit)
    for i in range(6):
        block(-120 + 37 * i, 168, -94 + 37 * i, 188, lit)
    for i in range(3):
        block(46 + 20 * i, 220, 62 + 20 * i, 238, lit)
    s.poly([at(-96, 200), at(-30, 200), at(-38, 268), at(-90, 268)], RED)
    s.poly([at(-92, 252), at(-36, 252), at(-38, 268), at(-90, 268)], p.key)
    s.line([at(72, 256), at(72, 330)], p.key, 4)
    s.line([at(72, 318), at(-150, 205)], p.key, 1.5)
    hull = [at(-282, 92), at(-90, 96), at(150, 96), at(250, 112), at(318, 132)]
    keel = [at(318, 132), at(292, 60), at(262, -10), at(-262, -10), at(-282, 40), at(-282, 92)]
    s.poly(curve(hull, 6) + keel, dark)
    s.poly([*curve(hull, 6), at(304, 96), at(230, 82), at(-282, 70)], white)
    s.line([at(-282, 58), at(-60, 60), at(180, 66), at(296, 80)], RED, 6)
    for i in range(12):
        s.line([at(-270 + 9 * i, 94), at(-270 + 9 * i, 118)], p.key, 1.6)
    s.line([at(-278, 118), at(-166, 118)], p.key, 2.5)
    for u in (-250, -222, -190):
        person(s, *at(u, 94), 50, cloth(s))


def _smoke(s: Sheet, start: Point, way: float) -> None:
    x, y = start
    colour = mix(s.pal.sky[-1], s.pal.key, 0.3)
    for i in range(16):
        t = i / 15
        s.oval(x + way * 250 * t, y - 8 - 50 * t**0.7, 12 + 28 * t, 8 + 13 * t, colour, int(90 * (1 - t) + 12))


def harbour(s: Sheet) -> None:
    """Boats at rest behind the breakwater, seen over the roofs."""
    p = s.mood("dawn", "day", "dusk", "night", "snow", "rain")
    sky(s, 360)
    if p.mood == "night":
        stars(s, 240, 60)
    ridges(s, 230, 320, 3, 375, 50)
    water(s, 360)
    ripples(s, 370, 560, 60)
    stone = mix(p.wall, p.near, 0.55)
    s.poly([(-10, 408), (640, 424), (650, 438), (-10, 432)], stone)
    s.poly([(-10, 408), (640, 424), (642, 428), (-10, 414)], snow_or(s, mix(stone, PAPER, 0.3)))
    s.poly([(604, 426), (640, 426), (634, 352), (610, 352)], RED)
    s.rect(606, 334, 638, 352, p.key)
    s.oval(622, 336, 11, 9, GLOW)
    if p.dark:
        s.halo(622, 338, 70, GLOW, 0.5)
    s.mirror(436, 100, 0.35, 0.8, p.water[1])
    berths = s.rng.choice(
        (((150, 0), (330, 1), (590, 2), (860, 1), (1050, 0)), ((230, 1), (470, 2), (760, 1), (960, 2)))
    )
    for x, row in sorted(berths, key=lambda b: b[1]):
        y, w = (488, 520, 562)[row], (96, 140, 200)[row]
        _trawler(s, x + s.rng.uniform(-30, 30), y, w * s.rng.uniform(0.92, 1.1), row == 2)
        s.lens(x, y + 6, w * 0.62, w * 0.07, mix(p.water[1], p.key, 0.3), 170)
    quay = mix(p.wall, p.near, 0.4)
    s.shape([(-10, 606), (W, 590), (W, 830), (-10, 830)], (snow_or(s, quay), mix(quay, p.key, 0.3)))
    s.poly([(-10, 606), (W, 590), (W, 606), (-10, 622)], mix(quay, p.key, 0.45))
    for x in (430, 478, 820):
        person(s, x, 644, 60, cloth(s), hat=OCHRE if x == 430 else None)
    rooftops(s, 768, 1, 210, 0.8)
    weather(s)


def _trawler(s: Sheet, x: float, y: float, w: float, red: bool) -> None:
    p = s.pal
    way = s.rng.choice((-1, 1))
    white = mix(PAPER, p.sky[0], 0.15 if p.mood != "night" else 0.5)

    def at(u: float, v: float) -> Point:
        return x + way * u * w, y - v * w

    s.poly([at(-0.16, 0.18), at(0.12, 0.18), at(0.1, 0.42), at(-0.16, 0.42)], white)
    s.poly([at(-0.2, 0.42), at(0.15, 0.42), at(0.15, 0.46), at(-0.2, 0.46)], RED if red else p.near)
    s.poly([at(-0.1, 0.28), at(0.08, 0.28), at(0.07, 0.37), at(-0.1, 0.37)], p.window)
    for u, v in ((-0.28, 0.85), (0.2, 1.05)):
        s.line([at(u, 0.15), at(u, v)], p.key, w * 0.02)
    s.line([at(0.2, 1.0), at(0.5, 0.27)], p.key, 1.2)
    s.line([at(-0.28, 0.8), at(0.2, 0.95)], p.key, 1.2)
    s.line([at(-0.28, 0.82), at(-0.5, 0.2)], p.key, 1.2)
    rim = curve([at(-0.5, 0.19), at(0.1, 0.17), at(0.54, 0.3)], 6)
    s.poly([*rim, at(0.42, -0.02), at(-0.44, -0.02)], mix(p.near, p.key, 0.4))
    s.poly([*rim, at(0.5, 0.22), at(0.1, 0.11), at(-0.49, 0.13)], white)


def fishing_boat(s: Sheet) -> None:
    """A fishing boat among the swells."""
    p = s.mood("dawn", "day", "dusk", "night", "rain")
    sky(s, 420)
    if p.mood == "night":
        stars(s, 330, 80)
        moon(s, s.rng.choice((260, 940)), 170, 36)
    else:
        clouds(s, 80, 260, 4)
    s.shape(land(contour(s, 396, 18, 1.3), 425), (p.far, mix(p.far, p.sky[-1], 0.4)))
    water(s, 415)
    waves(s, 425, 560, 6, 10)
    way = s.rng.choice((-1, 1))
    x, y = 600.0, 590.0

    def at(u: float, v: float) -> Point:
        # The boat rides up the swell, so everything on it tilts a little.
        return x + way * (u - v * 0.05), y - v - u * 0.05

    white = mix(PAPER, p.sky[1], 0.12 if p.mood != "night" else 0.35)
    for u, mast in ((-210, 300), (150, 340)):
        s.line([at(u, 60), at(u, mast)], p.key, 8)
    s.line([at(-210, 290), at(150, 320)], p.key, 2.5)
    s.line([at(150, 330), at(330, 128)], p.key, 2)
    s.line([at(-210, 290), at(-310, 90)], p.key, 2)
    lit = p.dark
    for i in range(8):
        u, v = -180 + 43 * i, 262 + 2.5 * i
        if lit:
            s.halo(*at(u, v), 60, GLOW, 0.55)
        s.line([at(u, v + 30), at(u, v + 12)], p.key, 1.6)
        s.oval(*at(u, v), 11, 14, GLOW if lit else PAPER)
    s.poly([at(-40, 80), at(100, 80), at(92, 205), at(-40, 205)], white)
    s.poly([at(-60, 205), at(112, 205), at(112, 220), at(-60, 220)], mix(p.near, p.key, 0.4))
    for i in range(3):
        s.poly([at(-28 + 42 * i, 140), at(6 + 42 * i, 140), at(6 + 42 * i, 184), at(-28 + 42 * i, 184)], p.window)
    for u, c, h in ((-140, cloth(s), 108), (-262, RED, 104)):
        person(s, *at(u, 62), h, c, hat=None if u > -200 else OCHRE)
    net = curve([at(-200, 62), at(-150, 118), at(-90, 96), at(-60, 62)], 6)
    s.poly(net, mix(p.leaf, p.key, 0.35))
    rim = curve([at(-340, 92), at(-120, 74), at(140, 84), at(360, 152)], 8)
    s.poly([*rim, at(300, 20), at(250, -70), at(-290, -70), at(-330, 20)], mix(p.near, p.key, 0.35))
    s.poly([*rim, at(348, 118), at(140, 54), at(-120, 44), at(-337, 60)], white)
    s.line(curve([at(-333, 34), at(-120, 18), at(140, 28), at(335, 90)], 8), RED, 9)
    s.line(rim, p.key, 4)
    deep = mix(p.water[1], p.key, 0.15)
    top = curve([(-20, 640), (180, 600), (400, 622), (600, 640), (820, 596), (1010, 606), (1220, 640)], 8)
    s.shape([*top, (1220, 830), (-20, 830)], (mix(p.water[0], deep, 0.55), deep), (590, 780))
    foam = mix(PAPER, p.water[0], 0.1)
    s.line(top, foam, 5)
    for px, py in top[4::5]:
        s.lens(px + s.rng.uniform(-10, 10), py + 12, s.rng.uniform(30, 70), 8, foam, 190)
    waves(s, 670, 830, 4, 26)
    if p.mood != "night":
        gull(s, 600 - way * 380, 250, 40, mix(PAPER, p.sky[0], 0.08))
        gull(s, 600 - way * 300, 180, 26, mix(PAPER, p.sky[0], 0.08))
    weather(s)


def containers(s: Sheet) -> None:
    """A stack of boxes on the quay."""
    p = s.mood("dawn", "day", "dusk", "rain")
    sky(s, 620)
    clouds(s, 60, 220, 3)
    s.shape(land(contour(s, 520, 20, 1.4), 620), (p.far, mix(p.far, p.sky[-1], 0.5)))
    steel = mix(p.mid, p.far, 0.3)
    for x in (s.rng.uniform(60, 220), s.rng.uniform(820, 960)):
        _gantry(s, x, 610, 1.0, steel, s.rng.choice((-1, 1)))
    s.field(600, H, mix(p.ground, p.near, 0.35), mix(p.ground, p.near, 0.6))
    w, h = 196, 92
    cols, base = 5, 668
    heights = [s.rng.choice((2, 3, 4)) for _ in range(cols)]
    heights[s.rng.randrange(1, 4)] = 5
    hot = s.rng.choice([(i, j) for i in (1, 2, 3) for j in range(heights[i])])
    x0 = 600 - cols * w / 2
    for i in range(cols):
        for j in range(heights[i]):
            tone = RED if (i, j) == hot else mix(s.rng.choice(BOXES), p.near, 0.5 if p.mood == "dusk" else 0.12)
            _box(s, x0 + i * w + s.rng.uniform(-4, 4), base - (j + 1) * h, w - 5, h - 3, tone)
    s.lens(600, base + 6, 560, 22, mix(p.near, p.key, 0.4), 190)
    for y in (714, 752):
        s.rect(-10, y, W + 10, y + 5, mix(p.ground, PAPER, 0.45), 190)
    for x, size in ((s.rng.uniform(300, 420), 96), (s.rng.uniform(760, 900), 92)):
        s.lens(x + 30, 732, 40, 8, p.key, 150)
        person(s, x, 732, size, OCHRE if x < 600 else cloth(s), stride=0.08)
        s.poly(curve([(x - 8, 732 - size * 0.92), (x, 732 - size * 1.03), (x + 8, 732 - size * 0.92)], 4), PAPER)
    weather(s)


def _box(s: Sheet, x: float, y: float, w: float, h: float, colour: Ink) -> None:
    dark = mix(colour, s.pal.key, 0.35)
    s.rect(x, y, x + w, y + h, colour)
    for k in range(1, 14):
        s.rect(x + w * k / 14 - 2, y + 9, x + w * k / 14 + 2, y + h - 9, dark, 120)
    s.rect(x, y, x + w, y + 6, mix(colour, PAPER, 0.25))
    s.rect(x, y + h - 7, x + w, y + h, dark)
    s.ring([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], s.pal.key, 2.2)


def _gantry(s: Sheet, x: float, y: float, k: float, steel: Ink, way: int) -> None:
    """Put up a quayside crane; it reaches out to the side given by ``way``."""

    def at(u: float, v: float) -> Point:
        return x + way * u * k, y - v * k

    for u in (0, 130):
        s.line([at(u, 0), at(u + (8 if u == 0 else -8), 300)], steel, 13 * k)
    s.line([at(0, 96), at(130, 96)], steel, 11 * k)
    s.line([at(0, 100), at(128, 230)], steel, 6 * k)
    s.line([at(128, 100), at(4, 230)], steel, 6 * k)
    s.line([at(-150, 300), at(420, 300)], steel, 15 * k)
    s.line([at(40, 300), at(70, 440), at(108, 300)], steel, 10 * k)
    s.line([at(70, 436), at(400, 306)], steel, 4 * k)
    s.line([at(70, 436), at(240, 306)], steel, 4 * k)
    s.line([at(70, 436), at(-140, 306)], steel, 4 * k)
    s.poly([at(-130, 300), at(-56, 300), at(-56, 344), at(-130, 344)], steel)


def crane(s: Sheet) -> None:
    """Cranes at work over a ship."""
    p = s.mood("dawn", "day", "dusk", "dusk", "night")
    sky(s, 560)
    if p.mood == "night":
        stars(s, 330, 60)
    clouds(s, 90, 330, 4)
    s.shape(land(contour(s, 500, 22, 1.3), 570), (p.far, mix(p.far, p.sky[-1], 0.5)))
    way = s.rng.choice((-1, 1))
    quay_y = 590
    dark = mix(p.near, p.key, 0.45)
    water(s, 560)
    cut = 600 - way * 60
    s.poly([(cut, quay_y), (cut - way * 800, quay_y), (cut - way * 800, 640), (cut, 640)], mix(dark, p.key, 0.3))
    count = s.rng.choice((2, 3))
    for i in range(count):
        steel = (RED, dark, mix(dark, p.mid, 0.5))[i]
        _gantry(s, cut - way * (150 + 190 * i), quay_y, (1.12, 0.95, 0.8)[i], steel, way)
    hook = cut + way * 150
    s.line([(hook, quay_y - 336), (hook, quay_y - 190)], p.key, 2.5)
    _box(s, hook - 60, quay_y - 190, 120, 50, OCHRE)
    hull = [(0, 66), (60, 62), (420, 62), (560, 92)]
    outline = [(cut + way * (20 + u), 630 - v) for u, v in hull]
    foot = [(cut + way * 560, 660), (cut + way * 40, 660)]
    for j in range(2):
        for i in range(5 - 2 * j):
            left = cut + way * (110 + 66 * i) - (66 if way < 0 else 0)
            tone = mix(s.rng.choice(BOXES), p.near, 0.4)
            s.rect(left + 2, 568 - 36 * (j + 1), left + 64, 566 - 36 * j, tone)
    bx = cut + way * 64
    s.rect(min(bx - 36, bx + 36), 440, max(bx - 36, bx + 36), 570, mix(PAPER, p.mid, 0.3))
    panes(s, (bx - 32, 448, bx + 32, 540), 4, 4, p.window)
    s.poly([*curve(outline, 5), *foot], dark)
    s.line([(cut + way * 28, 632), (cut + way * 560, 628)], RED, 6)
    s.mirror(646, 430, 0.5, 0.36, p.water[1])
    ripples(s, 660, H, 50, 0.5)
    for i in range(6):
        x = cut - way * (70 + 80 * i)
        s.rect(x - 4, 606, x + 4, 652, p.key)
    birds(s, 600 + way * 330, 200, 4, 100, p.key, 12)


SCENES: dict[str, Callable[[Sheet], None]] = {
    "ferry": ferry,
    "harbour": harbour,
    "containers": containers,
    "crane": crane,
    "fishing-boat": fishing_boat,
}
