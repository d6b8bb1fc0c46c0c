"""Scenes of weather, feast and prayer."""

import math
from collections.abc import Callable

from kawaraban.importers.demo.pictures.folk import (
    CLOTHS,
    INDIGO,
    OCHRE,
    TEAL,
    cloth,
    crowd,
    house,
    lantern,
    lattice,
    panes,
    person,
    pole,
    roof,
    sag,
)
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, W, ink, mix
from kawaraban.importers.demo.pictures.land import (
    bank,
    branch,
    cedar,
    clouds,
    contour,
    crown,
    land,
    moon,
    pine,
    rain,
    ridges,
    sky,
    snow_or,
    snowfall,
    stars,
    weather,
)
from kawaraban.importers.demo.pictures.sheet import Sheet, curve


def rain_street(s: Sheet) -> None:
    """Umbrellas in a wet street, the windows doubled in the road."""
    p = s.mood("rain")
    y = 520
    sky(s, y)
    ridges(s, 250, 340, 2, y, 40)
    for x, w, h in ((70, 330, 250), (345, 300, 300), (640, 320, 260), (905, 300, 310), (1160, 300, 250)):
        house(s, x + s.rng.uniform(-14, 14), y, w, h * s.rng.uniform(0.95, 1.08), lit=s.rng.random() < 0.8)
    pole_x = s.rng.choice((205, 1010))
    ends = pole(s, pole_x, y, 420, 9)
    for ax, ay in ends[::2]:
        s.line(sag((ax, ay), (-30, ay - 40), 26), p.key, 1.6)
        s.line(sag((ax, ay), (W + 30, ay - 70), 46), p.key, 1.6)
    s.field(y - 2, H, mix(p.ground, p.near, 0.4), mix(p.near, p.key, 0.2))
    s.mirror(y, 300, 0.62, 0.85, mix(p.near, p.key, 0.2))
    for _ in range(40):
        t = s.rng.random()
        s.lens(s.rng.uniform(0, W), y + 20 + 250 * t, 20 + 60 * t, 1.5 + 3 * t, mix(p.sky[-1], PAPER, 0.2), 110)
    lead = s.rng.choice((470, 600, 730))
    others = [(lead - 330, 600, 130), (lead + 300, 575, 110), (lead + 220, 700, 200), (lead - 170, 560, 92)]
    shades = [mix(c, p.near, 0.15) for c in (INDIGO, OCHRE, TEAL, ink("#d8cfb8"), ink("#6a4a5c"))]
    s.rng.shuffle(shades)
    walkers = [(x, fy, h, shades[i]) for i, (x, fy, h) in enumerate(others[: s.rng.choice((3, 4))])]
    walkers.append((lead, 740, 262, RED))
    for x, fy, h, shade in sorted(walkers, key=lambda w: w[1]):
        s.poly(
            [(x - h * 0.1, fy), (x + h * 0.1, fy), (x + h * 0.07, fy + h * 0.4), (x - h * 0.07, fy + h * 0.4)],
            p.key,
            70,
        )
        s.lens(x, fy, h * 0.22, h * 0.04, p.key, 150)
        person(s, x, fy, h, mix(cloth(s), p.near, 0.3), kimono=shade == RED, shade=shade)
    rain(s, 330, 0.2)


def snow_village(s: Sheet) -> None:
    """Farmhouses under deep snow, and one on the way home."""
    p = s.mood("snow")
    sky(s, 470)
    ridges(s, s.rng.uniform(230, 300), 390, 3, 470, s.rng.uniform(44, 80))
    for _ in range(46):
        x = s.rng.uniform(-20, W + 20)
        cedar(s, x, 462 + s.rng.uniform(-10, 14), s.rng.uniform(70, 130), mix(p.near, p.mid, s.rng.uniform(0, 0.5)))
    white = mix(p.ground, PAPER, 0.4)
    s.field(450, H, mix(white, p.far, 0.5), white, mix(white, p.far, 0.25))
    flip = s.rng.choice((-1, 1))
    places = s.rng.choice(
        (
            [(880, 560, 330), (610, 510, 210), (1090, 640, 300)],
            [(820, 600, 400), (470, 516, 200), (330, 500, 150), (1110, 530, 220)],
            [(930, 540, 260), (700, 506, 190), (520, 492, 140), (1120, 600, 300)],
        )
    )
    for at, foot, w in sorted(places, key=lambda place: place[1]):
        _farmhouse(s, 600 + flip * (at - 600), foot, w)
    bend = s.rng.uniform(-70, 60)
    way = [(470 + bend, 820), (440 + bend, 730), (510 + bend / 2, 660), (600, 600), (640, 560)]
    track = curve([(600 + flip * (x - 600), y) for x, y in way], 10)
    for i, (x, y) in enumerate(track):
        size = (y - 480) / 320
        s.oval(x + (-14 if i % 2 else 14) * size, y, 8 * size, 5 * size, mix(white, p.mid, 0.55))
    x, y = track[s.rng.choice((12, 18, 24))]
    s.lens(x + 30, y + 2, 60, 12, p.mid, 120)
    person(s, x, y, 158, mix(INDIGO, p.key, 0.4), kimono=True, shade=RED)
    bank(s, [(600 - flip * u, v) for u, v in ((120, 830), (300, 782), (480, 742), (700, 722))], white)
    cedar(s, 600 - flip * 505, 790, 600)
    cedar(s, 600 - flip * 410, 800, 400)
    snowfall(s, 360)


def _farmhouse(s: Sheet, x: float, y: float, w: float) -> None:
    """Build a steep thatched farmhouse, its gable to the reader."""
    p = s.pal
    wall = mix(p.wood, p.near, 0.45)
    s.lens(x, y + 4, w * 0.62, w * 0.07, p.mid, 120)
    s.poly(
        [
            (x - w * 0.33, y),
            (x - w * 0.33, y - w * 0.26),
            (x, y - w * 0.86),
            (x + w * 0.33, y - w * 0.26),
            (x + w * 0.33, y),
        ],
        wall,
    )
    for i in range(1, 8):
        bx = x - w * 0.33 + w * 0.66 * i / 8
        s.rect(bx - 1.2, y - w * 0.24, bx + 1.2, y, p.key, 150)
    for j, half in ((0.27, 0.3), (0.5, 0.18)):
        s.rect(x - w * half, y - w * j - 3, x + w * half, y - w * j + 3, mix(wall, p.key, 0.5))
    lattice(s, (x - w * 0.14, y - w * 0.45, x + w * 0.14, y - w * 0.31), 4, 2, GLOW, p.key)
    lattice(s, (x - w * 0.24, y - w * 0.2, x - w * 0.04, y - w * 0.02), 3, 2, GLOW, p.key)
    s.rect(x + w * 0.06, y - w * 0.2, x + w * 0.22, y, mix(wall, p.key, 0.6))
    white = mix(p.ground, PAPER, 0.5)
    for side in (-1, 1):
        edge = curve([(x, y - w * 1.04), (x + side * w * 0.26, y - w * 0.52), (x + side * w * 0.5, y - w * 0.17)], 6)
        inner = [(x + side * w * 0.42, y - w * 0.12), (x, y - w * 0.8)]
        s.poly([*edge, *inner], white if side < 0 else mix(white, p.far, 0.35))
        s.line([(x + side * w * 0.42, y - w * 0.12), (x, y - w * 0.8)], p.key, 3)


def festival(s: Sheet) -> None:
    """A summer night's dance under strings of lanterns."""
    p = s.mood("night", "night", "dusk")
    sky(s, 640)
    if p.mood == "night":
        stars(s, 300, 70)
    s.shape(land(contour(s, 500, 36, 1.4), 660), (mix(p.mid, p.near, 0.5), p.near))
    for x in range(-30, 1260, 46):
        crown(s, x + s.rng.uniform(-16, 16), 640, s.rng.uniform(100, 190), mix(p.near, p.key, s.rng.uniform(0.2, 0.6)))
    s.field(630, H, mix(p.ground, p.near, 0.35), mix(p.near, p.key, 0.5))
    if s.rng.random() < 0.4:
        for x in s.rng.sample((250, 930), s.rng.choice((1, 2))):
            _firework(s, x + s.rng.uniform(-50, 50), s.rng.uniform(100, 150), s.rng.uniform(70, 105))
    cx = s.rng.choice((520, 600, 680))
    s.halo(cx, 470, 420, GLOW, 0.45)
    timber = mix(p.wood, p.key, 0.4)
    for u in (-110, -36, 36, 110):
        s.line([(cx + u * 1.12, 660), (cx + u, 330)], timber, 13)
    s.line([(cx - 112, 640), (cx + 34, 490)], timber, 7)
    s.line([(cx + 112, 640), (cx - 34, 490)], timber, 7)
    for i in range(9):
        a, b = cx - 136 + 272 * i / 9, cx - 136 + 272 * (i + 1) / 9
        s.rect(a, 430, b, 494, RED if i % 2 else mix(PAPER, GLOW, 0.25))
    s.rect(cx - 142, 422, cx + 142, 434, timber)
    s.rect(cx - 142, 490, cx + 142, 502, timber)
    person(s, cx - 46, 424, 96, INDIGO, front=True)
    s.oval(cx + 34, 382, 36, 38, mix(RED, p.key, 0.35))
    s.oval(cx + 34, 382, 27, 29, mix(PAPER, GLOW, 0.3))
    s.rect(cx + 6, 404, cx + 62, 426, timber)
    roof(s, cx, 322, 178, 84, mix(p.roof, p.near, 0.3), ridge=0.35, up=0.3)
    for ex, ey in ((-60, 190), (-60, 360), (1260, 190), (1260, 360)):
        start = (cx + (-60 if ex < 0 else 60), 262 if ey < 200 else 322)
        wire = sag(start, (ex, ey), 62)
        s.line(wire, p.key, 2.5)
        for wx, wy in wire[1::2]:
            far = abs(wx - cx) / 660
            lantern(s, wx, wy + 22 + 8 * far, 15 + 12 * far, RED if s.rng.random() < 0.75 else mix(PAPER, GLOW, 0.4))
    robes = [mix(c, p.near, 0.25) for c in (*CLOTHS, ink("#d8cfb8"))]
    for i in range(15):
        a = math.pi * (0.06 + 0.88 * i / 14)
        fx, fy = cx - 520 + 1040 * i / 14 + s.rng.uniform(-9, 9), 662 + math.sin(a) * 44
        h = 96 + 34 * math.sin(a)
        c = s.rng.choice(robes)
        arm = s.rng.choice((-1, 1)) * h * 0.2
        s.line([(fx - h * 0.07, fy - h * 0.74), (fx - h * 0.2, fy - h * 0.98 + arm * 0.2)], c, h * 0.06)
        s.line([(fx + h * 0.07, fy - h * 0.74), (fx + h * 0.2, fy - h * 0.98 - arm * 0.2)], c, h * 0.06)
        person(s, fx, fy, h, c, kimono=True, front=False)
    crowd(s, 752, 32, -20, 1230, 62, [mix(p.near, p.key, t) for t in (0.5, 0.7, 0.9)])


def _firework(s: Sheet, x: float, y: float, r: float) -> None:
    s.halo(x, y, r * 1.4, RED, 0.25)
    for i in range(28):
        a = math.tau * i / 28 + s.rng.uniform(-0.05, 0.05)
        out = r * s.rng.uniform(0.85, 1.1)
        c = GLOW if i % 2 else mix(RED, PAPER, 0.25)
        s.line([(x + math.cos(a) * out * q, y + math.sin(a) * out * q + 18 * q * q) for q in (0.3, 0.65, 1)], c, 2.6)
        s.oval(x + math.cos(a) * out, y + math.sin(a) * out + 18, 4, 4, c)


def temple(s: Sheet) -> None:
    """A pagoda among trees."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow", "night")
    sky(s, 620)
    if p.mood == "night":
        stars(s, 380, 70)
        moon(s, 600 + s.rng.choice((-1, 1)) * 250, 190, 42)
    clouds(s, 100, 330, 4)
    ridges(s, 420, 500, 2, 620, 44)
    flip = s.rng.choice((-1, 1))
    cx = 600 - flip * 110
    for _ in range(30):
        x = s.rng.uniform(-20, W + 20)
        cedar(s, x, 640, s.rng.uniform(90, 220), mix(p.near, p.mid, s.rng.uniform(0, 0.6)))
    ground = snow_or(s, mix(p.ground, p.near, 0.3))
    s.field(618, H, mix(ground, p.near, 0.12), mix(ground, p.near, 0.45 if p.mood != "snow" else 0.1))
    _pagoda(s, cx, 650, s.rng.choice((3, 5, 5)))
    hall = 600 + flip * 300
    s.rect(hall - 130, 560, hall + 130, 650, mix(p.wall, p.near, 0.35))
    for i in range(7):
        s.rect(hall - 130 + 42 * i, 560, hall - 122 + 42 * i, 650, mix(RED, p.key, 0.45))
    panes(s, (hall - 120, 580, hall + 120, 640), 6, 1, p.window, gap=(0.35, 0.1))
    roof(s, hall, 572, 200, 104, p.roof, ridge=0.5, up=0.16)
    path = [(cx - 34, 650), (cx + 34, 650), (cx + flip * 40 + 190, 830), (cx + flip * 40 - 190, 830)]
    s.shape(path, (mix(p.wall, p.near, 0.35), mix(p.wall, p.near, 0.15)))
    for u in (-1, 1):
        _stone_lantern(s, cx + u * 130, 716, 120)
    x = cx + flip * 10
    s.lens(x + 24, 742, 40, 9, p.key, 110)
    person(s, x, 742, 138, mix(cloth(s), p.near, 0.2), kimono=True, shade=RED if p.mood in {"rain", "snow"} else None)
    if p.mood in {"day", "dawn"} and s.rng.random() < 0.7:
        petals = mix(PAPER, ink("#e3a4a0"), 0.55)
        branch(s, (600 + flip * 640, 90), (600 + flip * 190, 170), 20, petals)
    else:
        pine(s, 600 + flip * 540, 812, 620, -flip * 60)
    weather(s)


def _pagoda(s: Sheet, x: float, y: float, tiers: int) -> None:
    p = s.pal
    timber = mix(RED, p.key, 0.22 if p.mood != "night" else 0.45)
    step = 470 / (tiers + 0.35)
    s.poly([(x - 150, y), (x - 140, y - 24), (x + 140, y - 24), (x + 150, y)], mix(p.wall, p.near, 0.4))
    base = y - 24
    for i in range(tiers):
        t = i / max(1, tiers - 1)
        half = 108 - 34 * t
        foot, top = base - i * step, base - (i + 1) * step
        wall = mix(p.wall, p.near, 0.2 if p.mood != "night" else 0.5)
        s.rect(x - half, top + step * 0.3, x + half, foot, wall)
        for k in range(4):
            bx = x - half + 2 * half * k / 3
            s.rect(bx - 5, top + step * 0.3, bx + 5, foot, timber)
        s.rect(x - half, foot - step * 0.16, x + half, foot - step * 0.1, timber)
        pane = p.window if i == 0 else mix(p.near, p.key, 0.3)
        s.rect(x - half * 0.24, top + step * 0.52, x + half * 0.24, foot - step * (0.16 if i else 0), pane)
        s.rect(x - half - 8, top + step * 0.42, x + half + 8, top + step * 0.5, timber)
        # The space under the eaves is always in shade.
        under = [(x - half * 1.5, top + step * 0.44), (x + half * 1.5, top + step * 0.44)]
        s.poly([*under, (x + half, top + step * 0.56), (x - half, top + step * 0.56)], p.key, 150)
        roof(s, x, top + step * 0.44, half * 1.85, step * 0.52, p.roof, ridge=0.42, up=0.24)
    top = base - tiers * step
    s.rect(x - 3.5, top - 96, x + 3.5, top + 4, p.key)
    for k in range(6):
        s.rect(x - 12 + k, top - 26 - 11 * k, x + 12 - k, top - 20 - 11 * k, p.key)
    s.oval(x, top - 96, 6, 8, p.key)


def _stone_lantern(s: Sheet, x: float, y: float, h: float) -> None:
    p = s.pal
    stone, dark = mix(p.wall, p.near, 0.5), mix(p.near, p.key, 0.3)
    s.rect(x - h * 0.16, y - h * 0.1, x + h * 0.16, y, dark)
    s.rect(x - h * 0.07, y - h * 0.5, x + h * 0.07, y - h * 0.1, stone)
    s.rect(x - h * 0.18, y - h * 0.56, x + h * 0.18, y - h * 0.49, dark)
    s.rect(x - h * 0.13, y - h * 0.78, x + h * 0.13, y - h * 0.56, stone)
    s.rect(x - h * 0.06, y - h * 0.74, x + h * 0.06, y - h * 0.6, p.window if p.dark else dark)
    if p.dark:
        s.rect(x - h * 0.06, y - h * 0.74, x + h * 0.06, y - h * 0.6, GLOW)
        s.halo(x, y - h * 0.67, h * 0.6, GLOW, 0.5)
    cap = curve([(x - h * 0.28, y - h * 0.74), (x - h * 0.1, y - h * 0.86), (x, y - h * 0.98)], 4)
    s.poly([*cap, *[(2 * x - a, b) for a, b in reversed(cap)]], snow_or(s, dark))


SCENES: dict[str, Callable[[Sheet], None]] = {
    "rain": rain_street,
    "snow": snow_village,
    "festival": festival,
    "temple": temple,
}
