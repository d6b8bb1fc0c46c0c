"""Scenes among books and under glass."""

import math
from collections.abc import Callable
from itertools import pairwise

from kawaraban.importers.demo.pictures.folk import (
    CLOTHS,
    INDIGO,
    MOSS,
    OCHRE,
    SKIN,
    TEAL,
    cloth,
    hanging_lamp,
    outlook,
    person,
)
from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, H, Ink, ink, mix
from kawaraban.importers.demo.pictures.land import ridges, sky, weather
from kawaraban.importers.demo.pictures.sheet import Eye, Sheet, curve


def library(s: Sheet) -> None:
    """Readers among shelves."""
    p = s.mood("dawn", "day", "dusk", "rain", "snow", "night")
    wood = mix(p.wood, p.near, 0.3)
    s.field(0, 620, mix(wood, p.key, 0.3), wood)
    flip = s.rng.choice((-1, 1))
    wx = 600 - flip * 10
    shelves = [(30, 400), (800, 1170)]
    view = s.rng.random() < 0.65
    if not view:
        shelves.append((432, 768))
    for x0, x1 in shelves:
        _bookcase(s, x0, x1, wood)
    if view:
        outlook(s, wx - 130, 90, wx + 130, 480, 3, 4)
    else:
        for x in (416, 784):
            hanging_lamp(s, x, 150, 44, mix(TEAL, p.key, 0.1))
    floor = mix(wood, p.near, 0.3)
    s.field(616, H, mix(floor, p.key, 0.1), mix(floor, p.key, 0.45))
    _ladder(s, 600 + flip * 330, flip)
    top = mix(p.wood, PAPER, 0.12)
    readers = [(430, 604), (600, 600), (780, 604)]
    s.rng.shuffle(readers)
    seated = readers[: s.rng.choice((1, 2, 3))]
    for i, (x, y) in enumerate(seated):
        _reader(s, x, y, RED if i == 0 else cloth(s))
    s.shape([(250, 636), (950, 636), (1010, 700), (190, 700)], (mix(top, PAPER, 0.1), mix(top, p.wood, 0.3)))
    s.rect(190, 698, 1010, 722, mix(p.wood, p.key, 0.35))
    for x in (220, 960):
        s.rect(x, 720, x + 22, 830, mix(p.wood, p.key, 0.55))
    for x, y in seated:
        _open_book(s, x, y)
    for x in (512, 696):
        _desk_lamp(s, x)
    for i in range(4):
        c = mix((INDIGO, OCHRE, MOSS, PAPER)[i], p.near, 0.2)
        s.rect(600 + flip * 250 - 44 + 3 * i, 668 - 13 * i, 600 + flip * 250 + 44 - 4 * i, 680 - 13 * i, c)


def _open_book(s: Sheet, x: float, y: float) -> None:
    p = s.pal
    s.poly([(x - 58, y + 52), (x, y + 60), (x + 58, y + 52), (x + 66, y + 80), (x, y + 88), (x - 66, y + 80)], PAPER)
    s.line([(x, y + 60), (x, y + 88)], mix(PAPER, p.key, 0.5), 2.5)
    for side in (-1, 1):
        s.oval(x + side * 62, y + 66, 14, 10, SKIN)


def _desk_lamp(s: Sheet, x: float) -> None:
    p = s.pal
    s.halo(x, 636, 150, GLOW, 0.38)
    s.line([(x, 676), (x, 600)], p.key, 5)
    s.lens(x, 678, 30, 9, p.key)
    s.poly([(x - 46, 612), (x - 28, 578), (x + 28, 578), (x + 46, 612)], mix(TEAL, p.key, 0.1))
    s.rect(x - 44, 611, x + 44, 616, GLOW)


def _books(s: Sheet, x0: float, x1: float, y: float, tall: float, hot: float = 0.04) -> None:
    """Fill one shelf; every so often a book is red, or leans."""
    p = s.pal
    tones = [mix(c, p.near, 0.35) for c in (*CLOTHS, OCHRE, PAPER, PAPER, p.wood)]
    x = x0
    while x < x1 - 6:
        w = min(s.rng.uniform(8, 20), x1 - x)
        h = tall * s.rng.uniform(0.66, 0.92)
        tone = RED if s.rng.random() < hot else s.rng.choice(tones)
        if s.rng.random() < 0.05 and x1 - x > 40:
            s.poly([(x + 4, y), (x + 4 + w, y), (x + w + 18, y - h * 0.94), (x + 18, y - h * 0.94)], tone)
            x += w + 18
            continue
        s.rect(x, y - h, x + w - 1.4, y, tone)
        s.rect(x, y - h * 0.82, x + w - 1.4, y - h * 0.77, mix(tone, PAPER, 0.4))
        s.rect(x + w - 3.2, y - h, x + w - 1.4, y, mix(tone, p.key, 0.35))
        x += w if s.rng.random() < 0.93 else w + s.rng.uniform(10, 30)


def _bookcase(s: Sheet, x0: float, x1: float, wood: Ink) -> None:
    """Set up a case of five shelves in two bays."""
    p = s.pal
    s.rect(x0 - 12, 60, x1 + 12, 620, mix(wood, p.key, 0.2))
    s.rect(x0, 72, x1, 620, mix(wood, p.key, 0.55))
    middle = (x0 + x1) / 2
    for j in range(5):
        y = 170 + 106 * j
        for a, b in ((x0 + 4, middle - 5), (middle + 5, x1 - 4)):
            _books(s, a, b, y, 92)
        s.rect(x0, y, x1, y + 9, mix(wood, PAPER, 0.12))
    s.rect(middle - 5, 72, middle + 5, 620, mix(wood, PAPER, 0.06))
    s.rect(x0 - 20, 48, x1 + 20, 64, mix(wood, PAPER, 0.12))


def _ladder(s: Sheet, lx: float, flip: int) -> None:
    p = s.pal
    for u in (0, 62):
        s.line([(lx + flip * u, 90), (lx + flip * (u + 46), 650)], mix(p.wood, PAPER, 0.22), 8)
    for k in range(9):
        t = (k + 0.5) / 9
        y = 90 + 560 * t
        s.line([(lx + flip * 46 * t, y), (lx + flip * (62 + 46 * t), y)], mix(p.wood, PAPER, 0.22), 7)


def _reader(s: Sheet, x: float, y: float, coat: Ink) -> None:
    """Seat somebody at the far side of the table, head bent over the page."""
    shoulders = [(-62, 60), (-52, -10), (-20, -32), (20, -32), (52, -10), (62, 60)]
    s.poly(curve([(x + u, y + v) for u, v in shoulders], 4), coat)
    s.oval(x, y - 62, 26, 31, SKIN)
    hair = [(x + 28 * math.cos(q / 8 * math.pi), y - 64 - 32 * math.sin(q / 8 * math.pi)) for q in range(9)]
    s.poly([*hair, (x, y - 74)], s.pal.key)


def archive(s: Sheet) -> None:
    """A corridor between shelves, and one box taken out."""
    p = s.mood("night", "dusk", "rain", "day")
    base = mix(p.wood, p.near, 0.55)
    s.field(0, H, mix(base, p.key, 0.62), mix(base, p.key, 0.35), mix(base, p.key, 0.5))
    eye = Eye(600 + s.rng.uniform(-30, 30), 360)
    s.poly(eye.lying(-330, 330, 440, 0.7, 9), mix(base, PAPER, 0.12))
    s.poly(eye.lying(-120, 120, 440, 0.7, 9), mix(base, PAPER, 0.24))
    s.poly(eye.lying(-330, 330, -360, 0.7, 9), mix(base, p.key, 0.45))
    end = eye.side(0, 0, 0, 9, 9)[0]
    door = [eye.at(-330, -360, 9), eye.at(330, -360, 9), eye.at(330, 440, 9), eye.at(-330, 440, 9)]
    s.poly(door, mix(PAPER, GLOW, 0.4))
    s.halo(end[0], end[1] + 10, 170, GLOW, 0.6)
    for depth in (6.0, 4.2, 2.9, 2.0, 1.35):
        s.poly(eye.lying(-70, 70, -352, depth, depth * 1.14), mix(PAPER, GLOW, 0.3))
        x, y = eye.at(0, -340, depth)
        s.halo(x, y, 260 / depth, GLOW, 0.25)
    hot = (s.rng.choice((-1, 1)), 2)
    for side in (-1, 1):
        _stack(s, eye, side, hot[1] if side == hot[0] else -1)
    x, y = eye.at(-hot[0] * 60, 440, 2.25)
    h = 560 / 2.25
    s.lens(x, y, h * 0.24, h * 0.05, p.key, 150)
    coat = mix(PAPER, p.near, 0.3)
    person(s, x, y, h, coat, stride=0.04)
    s.rect(x - h * 0.14, y - h * 0.68, x + h * 0.14, y - h * 0.5, RED)
    s.rect(x - h * 0.15, y - h * 0.72, x + h * 0.15, y - h * 0.66, mix(RED, p.key, 0.25))
    for side in (-1, 1):
        s.line(
            [
                (x + side * h * 0.11, y - h * 0.76),
                (x + side * h * 0.16, y - h * 0.6),
                (x + side * h * 0.1, y - h * 0.52),
            ],
            coat,
            h * 0.05,
        )


def _stack(s: Sheet, eye: Eye, side: int, gap: int) -> None:
    """Line one side of the corridor with shelves of boxes."""
    p = s.pal
    x = side * 330
    steel = mix(p.near, p.key, 0.35)
    s.poly(eye.side(x, -330, 440, 0.7, 9), mix(p.near, p.key, 0.6))
    edges = [0.7 * 1.19**i for i in range(15)]
    card = [
        mix(c, p.near, 0.32) for c in (ink("#c9a877"), ink("#b4946a"), ink("#d8c39a"), ink("#9a9c94"), ink("#7c8a86"))
    ]
    for j in range(5):
        foot = -330 + 150 * (j + 1) + 8
        for i, (near, far) in enumerate(pairwise(edges)):
            dim = min(0.55, 0.06 * i)
            if j == gap and i == 5:
                continue
            a, b = near * (far / near) ** 0.06, near * (far / near) ** 0.92
            top = foot - 122 * s.rng.uniform(0.72, 1.0)
            tone = mix(s.rng.choice(card), p.key, dim)
            s.poly(eye.side(x, top, foot - 10, a, b), tone)
            s.poly(eye.side(x, top, top + 26, a, b), mix(tone, PAPER, 0.18))
            m, n = near * (far / near) ** 0.36, near * (far / near) ** 0.64
            s.poly(eye.side(x, (top + foot) / 2 - 4, (top + foot) / 2 + 26, m, n), mix(PAPER, tone, 0.25))
        s.poly(eye.side(x, foot - 10, foot + 6, 0.7, 9), mix(steel, PAPER, 0.2))
    for i, near in enumerate(edges):
        if i % 2 == 0:
            s.poly(eye.side(x, -338, 440, near, near * 1.025), mix(steel, PAPER, 0.12))


def greenhouse(s: Sheet) -> None:
    """Rows of tomatoes under glass."""
    p = s.mood("dawn", "day", "day", "dusk", "snow", "rain")
    sky(s, 470)
    ridges(s, 300, 380, 3, 500, 50)
    weather(s)
    eye = Eye(600 + s.rng.uniform(-40, 40), 400)
    soil = mix(ink("#7a5a40"), p.near, 0.3)
    s.field(430, H, mix(soil, p.far, 0.3), mix(soil, p.key, 0.25))
    s.poly(eye.lying(-620, 620, 400, 0.62, 7), soil)
    s.poly(eye.lying(-92, 92, 400, 0.62, 7), mix(p.ground, PAPER, 0.15))
    back = [eye.at(-620, 400, 7), eye.at(-620, -120, 7), eye.at(0, -420, 7), eye.at(620, -120, 7), eye.at(620, 400, 7)]
    s.poly(back, mix(PAPER, p.sky[-1], 0.4), 120)
    s.poly(eye.lying(-40, 40, 400, 6.9, 7), p.key)
    bar = mix(PAPER, p.near, 0.1 if p.mood != "snow" else 0.35)
    for side in (-1, 1):
        pane = [eye.at(side * 620, -120, 0.6), eye.at(side * 620, -120, 7), eye.at(0, -420, 7), eye.at(0, -420, 0.6)]
        s.poly(pane, mix(PAPER, p.sky[1], 0.3), 66)
        s.poly(eye.side(side * 620, -120, 400, 0.6, 7), mix(PAPER, p.sky[1], 0.3), 50)
        for across, down in ((620, -120), (465, -195), (310, -270), (155, -345), (0, -420), (620, 60)):
            s.line([eye.at(side * across, down, 0.6), eye.at(side * across, down, 7)], bar, 3)
    for i, depth in enumerate((7, 5.2, 3.9, 2.9, 2.2, 1.65, 1.24, 0.93)):
        hoop = [
            eye.at(-620, 400, depth),
            eye.at(-620, -120, depth),
            eye.at(0, -420, depth),
            eye.at(620, -120, depth),
            eye.at(620, 400, depth),
        ]
        s.line(hoop, bar, 12 / depth + 1.2)
        s.line([eye.at(-620, -120, depth), eye.at(620, -120, depth)], bar, 5 / depth + 0.8) if i % 2 else None
    leaf = mix(ink("#557f45"), p.near, 0.2)
    depths = [5.6 * 0.865**i for i in range(16)]
    worker = s.rng.choice((8, 9))
    bloom = s.rng.random() < 0.45
    for i, depth in enumerate(depths):
        for side in (-1, 1):
            for across in (470, 210):
                _vine(s, eye, side * across, depth, mix(leaf, p.far, min(0.5, depth * 0.08)), bloom)
        if i == worker:
            x, y = eye.at(-30 if worker == 8 else 40, 400, depth)
            h = 470 / depth
            s.lens(x, y, h * 0.22, h * 0.04, p.key, 130)
            person(s, x, y, h, mix(INDIGO, PAPER, 0.1), hat=OCHRE)
            s.poly(
                [
                    (x + h * 0.1, y - h * 0.5),
                    (x + h * 0.32, y - h * 0.5),
                    (x + h * 0.28, y - h * 0.36),
                    (x + h * 0.14, y - h * 0.36),
                ],
                mix(p.wood, PAPER, 0.3),
            )
            for k in range(4):
                s.oval(x + h * (0.14 + 0.05 * k), y - h * 0.51, h * 0.035, h * 0.035, GLOW if bloom else RED)


def _vine(s: Sheet, eye: Eye, across: float, depth: float, leaf: Ink, bloom: bool) -> None:
    """Grow one plant: tomatoes on a cane, or a bed of flowers."""
    p = s.pal
    k = 1 / depth
    x, y = eye.at(across, 400, depth)
    tall = (230 if bloom else 380) * k * s.rng.uniform(0.85, 1.05)
    s.line([(x, y), (x, y - tall)], mix(leaf, p.key, 0.5), 6 * k + 0.6)
    for i in range(11):
        at = y - tall * (0.12 + 0.88 * i / 10)
        half = (74 - 34 * abs(i / 10 - 0.45)) * k
        tone = mix(leaf, p.key if i % 2 else PAPER, 0.26 if i % 2 else 0.1)
        dx = s.rng.uniform(-0.5, 0.5) * half
        s.poly(
            [
                (x + dx - half, at + 14 * k),
                (x + dx - half * 0.3, at - 24 * k),
                (x + dx + half * 0.4, at - 20 * k),
                (x + dx + half, at + 10 * k),
                (x + dx + half * 0.1, at + 30 * k),
            ],
            tone,
        )
    if bloom:
        petal = RED if s.rng.random() < 0.4 else s.rng.choice((PAPER, GLOW, mix(RED, PAPER, 0.55)))
        for _ in range(7):
            fx, fy = x + s.rng.uniform(-62, 62) * k, y - tall * s.rng.uniform(0.62, 1.08)
            s.oval(fx, fy, 19 * k, 15 * k, petal)
            s.oval(fx, fy, 6 * k, 5 * k, mix(petal, p.key, 0.35))
    elif depth < 4:
        for _ in range(6):
            fx, fy = x + s.rng.uniform(-46, 46) * k, y - tall * s.rng.uniform(0.18, 0.8)
            ripe = s.rng.random() < 0.78
            s.oval(fx, fy, 13 * k, 12 * k, RED if ripe else mix(ink("#a9b04e"), p.near, 0.1))
            s.oval(fx - 4 * k, fy - 4 * k, 3.4 * k, 2.6 * k, mix(RED, PAPER, 0.5) if ripe else PAPER, 190)


SCENES: dict[str, Callable[[Sheet], None]] = {
    "library": library,
    "archive": archive,
    "greenhouse": greenhouse,
}
