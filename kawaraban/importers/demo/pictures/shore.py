"""Scenes by the water."""

import math
from collections.abc import Callable

from kawaraban.importers.demo.pictures.folk import OCHRE, cloth, panes, person, rowboat, umbrella
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, Ink, Point, W, mix
from kawaraban.importers.demo.pictures.land import (
    bank,
    birds,
    cedar,
    clouds,
    contour,
    land,
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
from kawaraban.importers.demo.pictures.sheet import Sheet, curve


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
    for pier in (60, 420, 780, 1140):
        s.shape(
            [(pier - 20, 470), (pier + 20, 470), (pier + 30, 575), (pier - 30, 575)], (mix(p.wall, p.near, 0.3), p.near)
        )
    for i in range(3):
        x0, x1 = 60 + 360 * i, 420 + 360 * i
        top = [(x0 + 360 * t / 8, 455 - 96 * math.sin(math.pi * t / 8) ** 0.55) for t in range(9)]
        s.line(top, steel, 9)
        for j in range(1, 8):
            x, y = top[j]
            s.line([(x, y), (x, 460)], steel, 5)
            nx, ny = top[j + 1] if j < 4 else top[j - 1]
            if j != 4:
                s.line([(x, 460), (nx, ny)], steel, 4)
        s.rect(x0 - 6, 440, x0 + 6, 470, steel)
        s.rect(x1 - 6, 440, x1 + 6, 470, steel)
    s.rect(-10, 452, W + 10, 472, mix(p.key, p.near, 0.3))
    s.rect(-10, 448, W + 10, 454, snow_or(s, steel))
    for at in (300, 560, 900):
        person(s, at + s.rng.uniform(-30, 30), 450, 52, cloth(s))


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
    for x, y, h in ((455, 612, 74), (492, 608, 46), (860, 424, 36), (800, 440, 38)):
        s.lens(fx(x) + flip * h * 0.4, y, h * 0.42, 6, dim, 190)
        person(s, fx(x), y, h, cloth(s), hat=OCHRE if h > 60 else None)
    for i in range(14):
        s.lens(fx(520 + 40 * i + s.rng.uniform(-6, 6)), 760 - 6 * i + (i % 2) * 12, 9, 6, dim, 170)
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


SCENES: dict[str, Callable[[Sheet], None]] = {
    "bridge": bridge,
    "lighthouse": lighthouse,
    "river": river,
    "beach": beach,
    "mountain-lake": mountain_lake,
}
