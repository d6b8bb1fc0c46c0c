"""Scenes by the water."""

import math
from collections.abc import Callable

from kawaraban.importers.demo.pictures.folk import (
    OCHRE,
    cloth,
    gull,
    panes,
    person,
    rooftops,
    rowboat,
    umbrella,
)
from kawaraban.importers.demo.pictures.land import (
    bank,
    birds,
    cedar,
    clouds,
    contour,
    land,
    moon,
    peak,
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


def bridge(s: Sheet) -> None:
    """A bridge across a river mouth, and those who cross it."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow")
    sky(s, 450)
    clouds(s, 80, 220, 3)
    ridges(s, 300, 400, 3, 450)
    water(s, 440)
    ripples(s, 450, 540, 20)
    kind = s.rng.choice(("arches", "arches", "truss"))
    (_arches if kind == "arches" else _truss)(s)
    s.mirror(570, 250, 0.62, 0.8, p.water[1])
    ripples(s, 580, H, 46, 0.4)
    side = s.rng.choice((-1, 1))
    x = 600 + side * 480
    rise = [(40, 830), (230, 770), (420, 726), (560, 712), (700, 700)]
    bank(s, [(600 + side * u, y) for u, y in rise], snow_or(s, mix(p.near, p.key, 0.3)))
    pine(s, x, 735, 450, -side * 50)
    reeds(s, x - 260, x + 260, 815, 80, 50)
    weather(s)


def _arches(s: Sheet) -> None:
    p = s.pal
    spans = s.rng.choice((3, 4, 5))
    step = 1300 / spans
    timber = mix(p.wood, p.key, 0.45)
    for i in range(spans + 1):
        x = -50 + step * i
        s.shape([(x - 26, 470), (x + 26, 470), (x + 40, 575), (x - 40, 575)], (mix(p.wall, p.near, 0.45), p.near))
    rise = min(92, step * 0.26)
    walkers: list[tuple[float, float]] = []
    for i in range(spans):
        x0, x1 = -50 + step * i, -50 + step * (i + 1)

        def deck(t: float, drop: float = 0.0, a: float = x0, b: float = x1) -> Point:
            return a + (b - a) * t, 474 + drop - rise * math.sin(math.pi * t) ** 0.9

        line = [deck(t / 20) for t in range(21)]
        low = [deck(t / 20, 30 - 12 * math.sin(math.pi * t / 20)) for t in range(21)]
        s.poly(line + low[::-1], timber)
        s.line(line, snow_or(s, mix(timber, PAPER, 0.35)), 5)
        rail = [deck(t / 20, -27) for t in range(21)]
        for t in range(1, 20, 2):
            (a, b), (_, c) = deck(t / 20), deck(t / 20, -30)
            s.rect(a - 2.2, c, a + 2.2, b, timber)
        walkers.append(deck(s.rng.uniform(0.35, 0.65)))
        s.line(rail, timber, 5)
    walkers.sort(key=lambda at: abs(at[0] - 600))
    for i, (x, y) in enumerate(walkers[:3]):
        middle = i == 0
        person(
            s, x, y - 4, 70, cloth(s), kimono=i % 2 == 0, shade=RED if middle else None, hat=None if middle else OCHRE
        )


def _truss(s: Sheet) -> None:
    p = s.pal
    steel = mix(RED, p.key, 0.12)
    for x in (60, 420, 780, 1140):
        s.shape([(x - 20, 470), (x + 20, 470), (x + 30, 575), (x - 30, 575)], (mix(p.wall, p.near, 0.3), p.near))
    for i in range(3):
        x0, x1 = 60 + 360 * i, 420 + 360 * i
        top = [(x0 + 360 * t / 8, 455 - 96 * math.sin(math.pi * t / 8) ** 0.55) for t in range(9)]
        s.line(top, steel, 9)
        for j in range(1, 8):
            x, y = top[j]
            s.line([(x, y), (x, 460)], steel, 5)
            nx, ny = top[j + 1] if j < 4 else top[j - 1]
            s.line([(x, 460), (nx, ny)], steel, 4) if j != 4 else None
        s.rect(x0 - 6, 440, x0 + 6, 470, steel)
        s.rect(x1 - 6, 440, x1 + 6, 470, steel)
    s.rect(-10, 452, W + 10, 472, mix(p.key, p.near, 0.3))
    s.rect(-10, 448, W + 10, 454, snow_or(s, steel))
    for at in (300, 560, 900):
        person(s, at + s.rng.uniform(-30, 30), 450, 52, cloth(s))


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


def lighthouse(s: Sheet) -> None:
    """A lighthouse on its rock."""
    p = s.mood("dawn", "day", "dusk", "night", "rain", "snow")
    sky(s, 510)
    if p.mood == "night":
        stars(s, 420, 110)
    else:
        clouds(s, 90, 330, 4)
    flip = s.rng.choice((-1, 1))

    def fx(x: float) -> float:
        return x if flip > 0 else W - x

    s.shape(land(contour(s, 486, 14, 1.2), 512), (p.far, mix(p.far, p.sky[-1], 0.5)))
    water(s, 506)
    waves(s, 516, 720, 6, 8)
    tx, base = fx(730), 402
    if p.dark:
        for far, spread, alpha in ((-900, 130, 46), (-900, 70, 50), (520, 80, 40)):
            s.poly([(tx, 166), (tx + flip * far, 166 - spread - 30), (tx + flip * far, 166 + spread - 30)], GLOW, alpha)
    rock = [(420, 830), (470, 640), (520, 560), (575, 540), (610, 452), (660, 412), (730, 396), (830, 404), (900, 436)]
    rock += [(980, 440), (1080, 500), (1230, 520)]
    top = curve([(fx(x), y) for x, y in rock], 4)
    s.shape([*top, (fx(1230), 830)], (mix(p.near, p.mid, 0.3), mix(p.near, p.key, 0.8)), (396, 760))
    grass = snow_or(s, mix(p.leaf, p.near, 0.35))
    turf = curve([(fx(x), y - 3) for x, y in rock[4:]], 4)
    hem = [
        (fx(x), y) for x, y in ((1230, 570), (1040, 520), (930, 500), (850, 452), (760, 446), (690, 440), (630, 470))
    ]
    s.poly(turf + curve(hem, 4), grass)
    for _ in range(26):
        x = s.rng.uniform(490, 1100)
        y = s.rng.uniform(560, 760)
        run = s.rng.uniform(14, 46)
        s.line([(fx(x), y), (fx(x + run * 0.4), y + run), (fx(x + run * 0.1), y + run * 1.7)], p.key, 2.4, 150)
    _keeper(s, tx, fx(820), base, flip)
    foam = mix(PAPER, p.water[0], 0.12)
    line = curve([(fx(x), y) for x, y in ((-30, 690), (240, 676), (430, 664), (640, 690), (860, 676), (1230, 700))], 8)
    s.shape([*line, (fx(1230), 830), (fx(-30), 830)], (mix(*p.water, 0.55), p.water[1]), (660, 800))
    for i in range(46):
        x = 400 + 830 * s.rng.random() ** 1.5
        s.lens(fx(x), 672 + s.rng.uniform(-5, 16), s.rng.uniform(22, 70), s.rng.uniform(6, 13), foam, 235)
        if i % 4 == 0:
            s.oval(fx(x - 30), 655 + s.rng.uniform(-26, 0), 5, 4, foam)
    waves(s, 700, 820, 3, 18)
    birds(s, fx(360), 260, 4, 110, mix(p.key, p.sky[1], 0.2), 14)
    weather(s)


def _keeper(s: Sheet, tx: float, hx: float, base: float, flip: int) -> None:
    """Build the tower, and the keeper's house beside it."""
    p = s.pal
    white = mix(PAPER, p.sky[1], 0.1 if not p.dark else 0.3)
    s.rect(hx - 62, base - 56, hx + 62, base + 18, mix(white, p.mid, 0.16))
    s.poly(
        [(hx - 74, base - 54), (hx - 48, base - 92), (hx + 48, base - 92), (hx + 74, base - 54)],
        RED,
    )
    panes(s, (hx - 50, base - 44, hx + 50, base), 3, 1, p.window)
    tower = [(tx - 42, base + 12), (tx - 27, 196), (tx + 27, 196), (tx + 42, base + 12)]
    s.poly(tower, white)
    s.poly(
        [(tx + flip * 8, 196), (tx + flip * 27, 196), (tx + flip * 42, base + 12), (tx + flip * 14, base + 12)],
        p.mid,
        90,
    )
    for y in (250, 330):
        s.rect(tx - 5, y, tx + 5, y + 18, p.near)
    s.rect(tx - 40, 188, tx + 40, 198, p.key)
    s.line([(tx - 40, 176), (tx + 40, 176)], p.key, 2)
    s.rect(tx - 19, 148, tx + 19, 188, GLOW if p.dark else mix(PAPER, p.mid, 0.4))
    for dx in (-19, -6, 6, 19):
        s.rect(tx + dx - 1.5, 148, tx + dx + 1.5, 188, p.key)
    s.poly(curve([(tx - 25, 149), (tx - 17, 128), (tx, 118), (tx + 17, 128), (tx + 25, 149)], 4), RED)
    if p.dark:
        s.halo(tx, 168, 120, GLOW, 0.6)


def river(s: Sheet) -> None:
    """A river winding down its valley."""
    p = s.mood("dawn", "day", "dusk", "snow", "rain")
    sky(s, 400)
    clouds(s, 70, 200, 3)
    ridges(s, 230, 370, 4, 430, 70)
    meadow = snow_or(s, mix(p.leaf, p.mid, 0.3))
    s.field(405, H, mix(meadow, p.far, 0.45), meadow, mix(meadow, p.near, 0.55))
    flip = s.rng.choice((-1, 1))
    drift = s.rng.uniform(-70, 70)
    mid = [
        (700 + drift, 408, 6),
        (800, 440, 18),
        (640 - drift, 484, 40),
        (470, 540, 84),
        (560, 640, 170),
        (680, 830, 330),
    ]
    left = curve([(600 + flip * (x - w - 600), y) for x, y, w in mid], 8)
    right = curve([(600 + flip * (x + w - 600), y) for x, y, w in mid], 8)
    s.shape(left + right[::-1], (p.water[0], mix(*p.water, 0.5), p.water[1]), (408, 820))
    s.line(left, mix(p.near, p.key, 0.4), 4)
    s.line(right, mix(p.near, p.key, 0.4), 4)
    pale = mix(p.water[0], PAPER, 0.4)
    for _ in range(46):
        i = s.rng.randrange(16, len(left) - 1)
        (ax, ay), (bx, _) = left[i], right[i]
        half = abs(bx - ax) * s.rng.uniform(0.05, 0.2)
        cx = ax + (bx - ax) * s.rng.uniform(0.25, 0.75)
        s.lens(cx, ay, half, 2 + (ay - 400) / 90, pale, 150)
    for gx, gy, n in ((60, 432, 9), (330, 424, 7), (1010, 428, 8), (1140, 470, 7), (90, 500, 5), (960, 520, 4)):
        for i in range(n):
            x, y = 600 + flip * (gx - 600) + (i - n / 2) * 17 + s.rng.uniform(-6, 6), gy + s.rng.uniform(-5, 5)
            cedar(
                s, x, y, (30 + (gy - 415) * 0.9) * s.rng.uniform(0.8, 1.2), mix(p.near, p.mid, s.rng.uniform(0, 0.45))
            )
    bx = 600 - flip * 50
    person(s, bx + 40, 652, 66, mix(p.near, p.key, 0.2), kimono=True)
    rowboat(s, bx, 648, 210, mix(p.wood, p.key, 0.25))
    umbrella(s, bx + 44, 590, 46, RED)
    side = 600 - flip * 420
    rise = [(-90, 830), (120, 790), (330, 742), (480, 722), (700, 706)]
    bank(s, [(600 - flip * u, y) for u, y in rise], snow_or(s, mix(p.near, p.key, 0.2)))
    reeds(s, side - 170, side + 170, 815, 120, 50)
    pine(s, 600 - flip * 480, 760, 520, flip * 90)
    weather(s)


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


def beach(s: Sheet) -> None:
    """A bay, its pines, and somebody under a red parasol."""
    p = s.mood("dawn", "day", "day", "dusk")
    sky(s, 300)
    clouds(s, 50, 170, 4)
    ridges(s, 200, 262, 2, 310, 44)
    water(s, 296)
    waves(s, 306, 520, 6, 6)
    flip = s.rng.choice((-1, 1))

    def fx(x: float) -> float:
        return x if flip > 0 else W - x

    shore = [(1230, 360), (960, 366), (700, 410), (500, 490), (360, 610), (290, 820)]
    for off, colour, alpha in ((60, mix(p.water[0], PAPER, 0.25), 150), (30, PAPER, 220), (10, p.water[0], 200)):
        wet = [
            (fx(x - (off + off * 0.4 * math.sin(i / 3.1 + off)) * (0.15 + (y - 350) / 300)), y)
            for i, (x, y) in enumerate(curve(shore, 12))
        ]
        s.poly([*wet, (fx(1230), 830)], colour, alpha)
    sand = mix(p.ground, PAPER, 0.25)
    edge = curve([(fx(x), y) for x, y in shore], 8)
    s.shape([*edge, (fx(1230), 830)], (sand, mix(p.ground, p.wood, 0.18)), (350, 820))
    s.line(edge, mix(p.ground, p.wood, 0.4), 4)
    dune = [(1230, 330), (1080, 340), (960, 372), (900, 400), (1010, 430), (1230, 470)]
    s.poly(curve([(fx(x), y) for x, y in dune], 6), mix(p.leaf, p.near, 0.3))
    for x, y, h in ((960, 400, 170), (1040, 412, 240), (1120, 440, 310), (1190, 450, 280)):
        pine(s, fx(x), y, h, -flip * h * 0.22)
    dim = mix(p.ground, p.near, 0.55)
    (_parasol if s.rng.random() < 0.6 else _beached)(s, fx(640), 640, flip, dim)
    for x, y, h in ((455.0, 612.0, 74.0), (492, 608, 46), (860, 424, 36), (800, 440, 38)):
        s.lens(fx(x) + flip * h * 0.4, y, h * 0.42, 6, dim, 190)
        person(s, fx(x), y, h, cloth(s), hat=OCHRE if h > 60 else None)
    for i in range(14):
        x, y = 520 + 40 * i + s.rng.uniform(-6, 6), 760 - 6 * i + (i % 2) * 12
        s.lens(fx(x), y, 9, 6, dim, 170)
    birds(s, fx(420), 190, 3, 90, mix(p.key, p.sky[1], 0.3), 12)


def _parasol(s: Sheet, cx: float, cy: float, flip: int, dim: Ink) -> None:
    p = s.pal
    s.lens(cx + flip * 60, cy + 14, 130, 26, dim, 200)
    s.line([(cx, cy + 12), (cx + flip * 12, cy - 150)], p.key, 4)
    umbrella(s, cx + flip * 12, cy - 126, 120, RED)
    s.poly(
        [(cx - 74, cy + 22), (cx + 60, cy + 10), (cx + 84, cy + 24), (cx - 56, cy + 38)], mix(p.water[1], p.near, 0.2)
    )
    for u in (-24, 20):
        person(s, cx + u, cy + 22, 70, cloth(s))


def _beached(s: Sheet, cx: float, cy: float, flip: int, dim: Ink) -> None:
    """Draw two boats up on the sand."""
    p = s.pal
    for x, y, w, hull in ((cx + flip * 190, cy - 92, 210, mix(p.wood, PAPER, 0.1)), (cx, cy, 320, RED)):
        s.lens(x + flip * 20, y + w * 0.08, w * 0.56, w * 0.09, dim, 220)
        rim = curve([(x - w * 0.5, y - w * 0.16), (x, y - w * 0.08), (x + w * 0.5, y - w * 0.2)], 8)
        keel = curve([(x + w * 0.5, y - w * 0.2), (x + w * 0.34, y + w * 0.07), (x - w * 0.36, y + w * 0.08)], 6)
        s.poly([*rim, *keel], hull)
        band = [(a, b + w * 0.045) for a, b in rim]
        s.poly([*rim, *band[::-1]], mix(hull, p.key, 0.35))
        s.line(rim, p.key, 4)
        s.line([(x - w * 0.2, y - w * 0.13), (x + w * 0.42, y - w * 0.3)], p.key, 4)
    for u, h in ((-210, 96), (-176, 90)):
        s.lens(cx + flip * u + h * 0.3, cy + 16, h * 0.4, 7, dim, 200)
        person(s, cx + flip * u, cy + 16, h, cloth(s), hat=OCHRE)


def mountain_lake(s: Sheet) -> None:
    """A mountain doubled by its lake."""
    p = s.mood("dawn", "day", "dusk", "snow", "night")
    sky(s, 500)
    if p.mood == "night":
        stars(s, 300, 90)
    else:
        clouds(s, 130, 330, 5)
    x = s.rng.choice((470, 730)) + s.rng.uniform(-40, 40)
    peak(s, x, 500, s.rng.uniform(330, 370), s.rng.uniform(430, 540), s.rng.uniform(0.25, 0.5))
    s.veil(380, 500, mix(p.sky[-1], PAPER, 0.2), 0, 0.75)
    s.shape(land(contour(s, 452, 22, 1.6), 504), (p.mid, mix(p.mid, p.near, 0.5)))
    for _ in range(60):
        cedar(s, s.rng.uniform(0, W), 504, s.rng.uniform(22, 54), mix(p.near, p.mid, s.rng.uniform(0.0, 0.5)))
    water(s, 500)
    s.mirror(502, 420, 0.7, 0.72, p.water[1])
    ripples(s, 520, H, 46, 0.55)
    side = 1 if x < 600 else -1
    if s.rng.random() < 0.5:
        torii(s, 600 + side * 60, 610, 120)
        s.mirror(610, 124, 0.4, 0.7, p.water[1])
    else:
        rowboat(s, 600 + side * 60, 620, 180, mix(RED, p.key, 0.15))
    bank(
        s,
        [(600 + side * 80, 830), (600 + side * 300, 766), (600 + side * 470, 730), (600 + side * 640, 700)],
        snow_or(s, mix(p.near, p.key, 0.4)),
    )
    pine(s, 600 + side * 500, 750, 600, -side * 110)
    reeds(s, 600 + side * 380 - 180, 600 + side * 380 + 180, 815, 90, 46)
    weather(s)


BOXES = tuple(ink(c) for c in ("#35566b", "#5d7f86", "#b98d4a", "#7a5b4b", "#8d9a94", "#46604f", "#d8cdb4", "#2e3f55"))


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
    "bridge": bridge,
    "ferry": ferry,
    "harbour": harbour,
    "lighthouse": lighthouse,
    "river": river,
    "fishing-boat": fishing_boat,
    "beach": beach,
    "mountain-lake": mountain_lake,
    "containers": containers,
    "crane": crane,
}
