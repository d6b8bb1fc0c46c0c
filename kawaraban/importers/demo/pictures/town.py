"""Scenes of a town that plays, learns and travels."""

import math
from collections.abc import Callable

from kawaraban.importers.demo.pictures.folk import INDIGO, OCHRE, TEAL, cloth, crowd, panes, person
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, W, ink, mix
from kawaraban.importers.demo.pictures.land import (
    bank,
    branch,
    clouds,
    crown,
    reeds,
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
    dark = p.dark
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


SCENES: dict[str, Callable[[Sheet], None]] = {
    "school": school,
    "train": train,
    "stadium": stadium,
}
