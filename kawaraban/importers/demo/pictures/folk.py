"""People, houses, lamps and vehicles: what a scene is about."""

import math
from collections.abc import Sequence

from kawaraban.importers.demo.pictures.inks import GLOW, PAPER, RED, Ink, Point, ink, mix
from kawaraban.importers.demo.pictures.land import contour
from kawaraban.importers.demo.pictures.sheet import Sheet, between, curve

INDIGO, OCHRE, TEAL = ink("#2f4a6d"), ink("#c39a4e"), ink("#3f7a78")
PLUM, GREY, MOSS = ink("#6a4a5c"), ink("#7d8488"), ink("#68794a")
CLOTHS = (INDIGO, TEAL, PLUM, GREY, MOSS, ink("#8a6a4a"))
SKIN = ink("#e3bf9b")


def person(
    s: Sheet,
    x: float,
    y: float,
    h: float,
    coat: Ink,
    *,
    kimono: bool = False,
    stride: float = 0.05,
    shade: Ink | None = None,
    hat: Ink | None = None,
    pack: Ink | None = None,
    cap: Ink | None = None,
    front: bool = False,
) -> None:
    """Stand somebody on the ground.

    Args:
        s: The sheet.
        x: Where the feet are.
        y: The height of the feet.
        h: How tall.
        coat: The ink of the clothes.
        kimono: A long robe in place of a coat.
        stride: How far apart the feet are, as a share of the height.
        shade: The ink of an umbrella, when one is carried.
        hat: The ink of a straw hat, when one is worn.
        pack: The ink of a school bag, when one is worn.
        cap: The ink of a round cap, when one is worn.
        front: Show a face; people are seen from behind otherwise.
    """
    key = s.pal.key
    hem = y - h * (0.05 if kimono else 0.36)
    for side in (-1, 1):
        fx = x + side * h * stride
        s.poly(
            [
                (x + side * h * 0.015 - h * 0.04, hem - h * 0.06),
                (x + side * h * 0.015 + h * 0.04, hem - h * 0.06),
                (fx + h * 0.03, y),
                (fx - h * 0.035, y),
            ],
            key,
        )
    wide = 0.105 if kimono else 0.12
    s.poly(
        [
            (x - h * 0.035, y - h * 0.85),
            (x + h * 0.035, y - h * 0.85),
            (x + h * 0.105, y - h * 0.79),
            (x + h * 0.125, y - h * 0.47),
            (x + h * wide, hem),
            (x - h * wide, hem),
            (x - h * 0.125, y - h * 0.47),
            (x - h * 0.105, y - h * 0.79),
        ],
        coat,
    )
    if kimono:
        s.rect(x - h * 0.11, y - h * 0.64, x + h * 0.11, y - h * 0.53, mix(coat, key, 0.55))
    s.oval(x, y - h * 0.915, h * 0.062, h * 0.076, SKIN if front else key)
    if front:
        hair = [
            (x + h * 0.068 * math.cos(q / 8 * math.pi), y - h * (0.925 + 0.075 * math.sin(q / 8 * math.pi)))
            for q in range(9)
        ]
        s.poly([*hair, (x, y - h * 0.945)], key)
    if pack:
        s.rect(x - h * 0.09, y - h * 0.78, x + h * 0.09, y - h * 0.52, pack)
        s.rect(x - h * 0.09, y - h * 0.78, x + h * 0.09, y - h * 0.66, mix(pack, key, 0.22))
    if hat:
        s.poly([(x - h * 0.15, y - h * 0.89), (x, y - h * 1.04), (x + h * 0.15, y - h * 0.89)], hat)
    if cap:
        dome = [
            (x + h * 0.078 * math.cos(q / 8 * math.pi), y - h * (0.92 + 0.085 * math.sin(q / 8 * math.pi)))
            for q in range(9)
        ]
        s.poly(dome, cap)
        s.rect(x - h * 0.1, y - h * 0.93, x + h * 0.1, y - h * 0.905, mix(cap, key, 0.25))
    if shade:
        umbrella(s, x + h * 0.05, y - h * 1.02, h * 0.42, shade)


def umbrella(s: Sheet, x: float, y: float, r: float, colour: Ink) -> None:
    """Open a paper umbrella, seen from the side."""
    s.line([(x, y - r * 0.45), (x, y + r * 0.75)], s.pal.key, max(2.0, r * 0.035))
    dome = curve(
        [(x - r, y), (x - r * 0.62, y - r * 0.42), (x, y - r * 0.62), (x + r * 0.62, y - r * 0.42), (x + r, y)]
    )
    ribs = 6
    hem: list[Point] = []
    for i in range(ribs):
        a, b = x + r * (1 - 2 * i / ribs), x + r * (1 - 2 * (i + 1) / ribs)
        hem.extend(curve([(a, y), ((a + b) / 2, y - r * 0.08), (b, y)], 4))
    s.poly(dome + hem, colour)
    for i in range(1, ribs):
        a = x + r * (1 - 2 * i / ribs)
        s.line(
            curve([(a, y), ((a * 2 + x) / 3, y - r * 0.35), (x, y - r * 0.62)], 4), mix(colour, s.pal.key, 0.45), 1.4
        )
    s.oval(x, y - r * 0.63, r * 0.05, r * 0.06, s.pal.key)


def cloth(s: Sheet) -> Ink:
    """Pick clothes, dimmed to the hour."""
    return mix(s.rng.choice(CLOTHS), s.pal.near, 0.45 if s.pal.mood == "night" else 0.2)


def crowd(s: Sheet, y: float, h: float, x0: float, x1: float, gap: float, colours: Sequence[Ink]) -> None:
    """Fill a row with heads and shoulders seen from behind."""
    x = x0
    while x < x1:
        r = h * s.rng.uniform(0.9, 1.1)
        dy = s.rng.uniform(-0.25, 0.25) * h
        c = s.rng.choice(list(colours))
        body = [(x - r * 1.05, y + h * 3), (x - r * 0.98, y + dy + r * 1.5), (x - r * 0.3, y + dy + r * 0.85)]
        body += [(x + r * 0.3, y + dy + r * 0.85), (x + r * 0.98, y + dy + r * 1.5), (x + r * 1.05, y + h * 3)]
        s.poly(body, c)
        s.oval(x, y + dy, r * 0.55, r * 0.68, s.pal.key)
        x += gap * s.rng.uniform(0.8, 1.25)


def lantern(s: Sheet, x: float, y: float, r: float, colour: Ink = RED, *, lit: bool = True) -> None:
    """Hang a paper lantern."""
    if lit:
        s.halo(x, y, r * 3.0, GLOW, 0.42)
    s.oval(x, y, r * 0.82, r, colour)
    if lit:
        s.oval(x, y + r * 0.1, r * 0.5, r * 0.62, mix(colour, GLOW, 0.5))
    for i in range(-2, 3):
        half = r * 0.82 * math.sqrt(max(0.0, 1 - (i / 3.2) ** 2))
        s.line(
            [(x - half, y + r * i / 3.2), (x + half, y + r * i / 3.2)], mix(colour, s.pal.key, 0.35), max(1.0, r * 0.04)
        )
    for sign in (-1, 1):
        s.rect(x - r * 0.42, y + sign * r - r * 0.12, x + r * 0.42, y + sign * r + r * 0.1, s.pal.key)


def sag(a: Point, b: Point, drop: float) -> list[Point]:
    """Hang a wire between two points."""
    return [
        (between(a, b, i / 16)[0], between(a, b, i / 16)[1] + drop * 4 * (i / 16) * (1 - i / 16)) for i in range(17)
    ]


def pole(s: Sheet, x: float, y: float, h: float, width: float = 7) -> list[Point]:
    """Set a utility pole; returns where its wires hold."""
    key = s.pal.key
    s.taper([(x, y), (x, y - h)], width, width * 0.65, key)
    ends: list[Point] = []
    for i, arm in enumerate((0.1, 0.085)):
        at = y - h + h * (0.06 + 0.11 * i)
        s.rect(x - h * arm, at, x + h * arm, at + width * 0.55, key)
        for side in (-1, 1):
            s.rect(x + side * h * arm * 0.9 - 2, at - width * 0.8, x + side * h * arm * 0.9 + 2, at, key)
            ends.append((x + side * h * arm * 0.9, at - width * 0.8))
    s.rect(x + width * 0.4, y - h * 0.74, x + width * 2.2, y - h * 0.62, mix(key, s.pal.mid, 0.35))
    return ends


def panes(
    s: Sheet,
    box: tuple[float, float, float, float],
    cols: int,
    rows: int,
    colour: Ink,
    *,
    off: Ink | None = None,
    share: float = 1.0,
    gap: tuple[float, float] = (0.35, 0.4),
) -> None:
    """Set windows into a wall.

    Args:
        s: The sheet.
        box: The wall: left, top, right, foot.
        cols: Windows in a row.
        rows: Rows of windows.
        colour: The ink of the windows, lit or not.
        off: The ink of those that stay dark; these are left out when there is none.
        share: How many have the first ink.
        gap: Wall between windows, as a share of one window's place.
    """
    x0, y0, x1, y1 = box
    w, h = (x1 - x0) / cols, (y1 - y0) / rows
    for j in range(rows):
        for i in range(cols):
            c = colour if s.rng.random() < share else off
            if c:
                left, top = x0 + w * (i + gap[0] / 2), y0 + h * (j + gap[1] / 2)
                s.rect(left, top, left + w * (1 - gap[0]), top + h * (1 - gap[1]), c)


def lattice(s: Sheet, box: tuple[float, float, float, float], cols: int, rows: int, paper: Ink, wood: Ink) -> None:
    """Fit a paper screen: pale panes behind thin bars."""
    x0, y0, x1, y1 = box
    s.rect(x0, y0, x1, y1, paper)
    thin = max(1.2, (x1 - x0) / cols * 0.07)
    for i in range(cols + 1):
        x = x0 + (x1 - x0) * i / cols
        s.rect(x - thin, y0, x + thin, y1, wood)
    for j in range(rows + 1):
        y = y0 + (y1 - y0) * j / rows
        s.rect(x0, y - thin, x1, y + thin, wood)


def roof(
    s: Sheet, x: float, y: float, half: float, h: float, colour: Ink, *, ridge: float = 0.62, up: float = 0.1
) -> None:
    """Lay a tiled roof with turned-up eaves, seen from its long side.

    Args:
        s: The sheet.
        x: Its middle.
        y: The height of its eaves.
        half: Half its length at the eaves.
        h: From eaves to ridge.
        colour: The tiles.
        ridge: The ridge's length against the eaves'.
        up: How far the corners turn up, as a share of ``h``.
    """
    key = s.pal.key
    top = half * ridge
    snowy = s.pal.mood == "snow"
    tiles = s.pal.ground if snowy else colour
    left = curve([(x - half, y - h * up), (x - half * 0.86, y - h * 0.2 - h * up), (x - top, y - h)], 6)
    right = [(2 * x - a, b) for a, b in reversed(left)]
    eaves = curve([(x + half, y - h * up), (x + half * 0.6, y), (x - half * 0.6, y), (x - half, y - h * up)], 6)
    s.shape(left + right + eaves, (mix(tiles, key, 0.0 if snowy else 0.12), mix(tiles, PAPER, 0.12)))
    if not snowy:
        count = max(6, int(half / 9))
        for i in range(1, count):
            t = 2 * i / count - 1
            s.line([(x + top * t, y - h), (x + half * 0.95 * t, y - h * up * 0.4)], mix(tiles, key, 0.4), 1.3)
    s.line(eaves, mix(colour, key, 0.7), max(2.5, h * 0.045))
    # The ridge is a course of its own, and its end tiles stand up.
    cap = tiles if snowy else mix(colour, key, 0.6)
    s.rect(x - top - h * 0.03, y - h * 1.05, x + top + h * 0.03, y - h * 0.98, cap)
    for side in (-1, 1):
        s.rect(x + side * top - h * 0.035, y - h * 1.09, x + side * top + h * 0.035, y - h * 0.96, cap)


def house(
    s: Sheet, x: float, y: float, w: float, h: float, *, lit: bool | None = None, roof_ink: Ink | None = None
) -> None:
    """Build a small house under a tiled roof, its long side to the reader."""
    p = s.pal
    glow = p.dark if lit is None else lit
    s.rect(x - w * 0.42, y - h * 0.56, x + w * 0.42, y, mix(p.wall, p.near, 0.15 if not p.dark else 0.42))
    for i in range(5):
        px = x - w * 0.42 + w * 0.84 * i / 4
        s.rect(px - w * 0.012, y - h * 0.56, px + w * 0.012, y, mix(p.wood, p.key, 0.5))
    s.rect(x - w * 0.42, y - h * 0.13, x + w * 0.42, y, mix(p.wood, p.key, 0.35))
    pane = GLOW if glow else mix(p.near, p.key, 0.3)
    lattice(s, (x - w * 0.19, y - h * 0.42, x + w * 0.19, y - h * 0.1), 4, 2, pane, p.key)
    roof(s, x, y - h * 0.5, w * 0.56, h * 0.5, roof_ink or p.roof)


def rooftops(s: Sheet, y: float, rows: int, size: float, lit: float = 0.3) -> None:
    """Crowd the foreground with roofs, gable and long side in turn, growing towards the reader."""
    p = s.pal
    for j in range(rows):
        scale = size * (1 + 0.5 * j)
        x = -s.rng.uniform(0, scale)
        base = y + j * size * 0.6
        while x < 1200 + scale:
            w = scale * s.rng.uniform(0.85, 1.3)
            tone = mix(p.roof, p.key, 0.1 + 0.45 * j)
            at = base + s.rng.uniform(-0.14, 0.14) * scale
            wall = mix(mix(p.wall, p.near, 0.3 if not p.dark else 0.7), p.key, 0.1 + 0.2 * j)
            if s.rng.random() < 0.35:
                _gable(s, x, at, w * 0.72, scale * 0.3, tone, wall, s.rng.random() < lit)
            else:
                s.rect(x - w * 0.42, at - scale * 0.02, x + w * 0.42, at + scale * 1.2, wall)
                if s.rng.random() < lit:
                    panes(s, (x - w * 0.3, at + 6, x + w * 0.3, at + scale * 0.24), 3, 1, p.window)
                roof(s, x, at, w * 0.54, scale * 0.34, tone, ridge=s.rng.uniform(0.66, 0.84), up=0.06)
            x += w * s.rng.uniform(0.92, 1.04)


def _gable(s: Sheet, x: float, y: float, w: float, h: float, tone: Ink, wall: Ink, lit: bool) -> None:
    """Show a house from its narrow side."""
    p = s.pal
    s.poly(
        [(x - w * 0.42, y + h * 3), (x - w * 0.42, y), (x, y - h * 1.15), (x + w * 0.42, y), (x + w * 0.42, y + h * 3)],
        wall,
    )
    edge = s.pal.ground if p.mood == "snow" else tone
    for side in (-1, 1):
        s.poly(
            [
                (x, y - h * 1.3),
                (x + side * w * 0.54, y + h * 0.08),
                (x + side * w * 0.5, y + h * 0.3),
                (x, y - h * 0.98),
            ],
            edge,
        )
    s.line([(x - w * 0.5, y + h * 0.3), (x, y - h * 0.98), (x + w * 0.5, y + h * 0.3)], p.key, 2.5)
    s.rect(x - w * 0.012, y - h * 0.9, x + w * 0.012, y + h * 3, mix(wall, p.key, 0.5))
    s.rect(x - w * 0.42, y + h * 0.34, x + w * 0.42, y + h * 0.42, mix(wall, p.key, 0.5))
    if lit:
        s.rect(x - w * 0.2, y - h * 0.3, x + w * 0.2, y + h * 0.2, p.window)
        s.rect(x - w * 0.012, y - h * 0.3, x + w * 0.012, y + h * 0.2, p.key)


def rowboat(s: Sheet, x: float, y: float, w: float, colour: Ink, *, boatman: bool = True) -> None:
    """Float a narrow wooden boat, with somebody at the stern oar."""
    key = s.pal.key
    rim = curve([(x - w * 0.5, y - w * 0.075), (x, y - w * 0.012), (x + w * 0.5, y - w * 0.1)], 8)
    keel = curve([(x + w * 0.5, y - w * 0.1), (x + w * 0.36, y + w * 0.05), (x - w * 0.36, y + w * 0.055)], 6)
    s.lens(x, y + w * 0.065, w * 0.5, w * 0.05, mix(s.pal.water[1], key, 0.5), 170)
    s.poly([*rim, *keel], colour)
    s.line(rim, key, max(1.6, w * 0.012))
    if boatman:
        person(s, x - w * 0.3, y + w * 0.01, w * 0.36, mix(INDIGO, key, 0.3), hat=OCHRE)
        s.line([(x - w * 0.24, y - w * 0.22), (x - w * 0.56, y + w * 0.09)], key, max(1.6, w * 0.012))


def gull(s: Sheet, x: float, y: float, r: float, colour: Ink = PAPER) -> None:
    """Let a gull glide."""
    left = curve([(x - r, y - r * 0.1), (x - r * 0.5, y - r * 0.36), (x, y)], 5)
    right = curve([(x, y), (x + r * 0.5, y - r * 0.42), (x + r, y - r * 0.24)], 5)
    s.poly(
        [*left, *right[1:], *curve([(x + r, y - r * 0.24), (x + r * 0.5, y - r * 0.24), (x, y + r * 0.14)], 5)], colour
    )
    s.poly([*curve([(x, y + r * 0.14), (x - r * 0.5, y - r * 0.2), (x - r, y - r * 0.1)], 5), (x, y)], colour)


def outlook(s: Sheet, x0: float, y0: float, x1: float, y1: float, cols: int, rows: int) -> None:
    """Cut a window into the wall, with weather and hills behind its bars."""
    p = s.pal
    s.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], p.sky)
    for tone, base, amp in ((p.far, 0.62, 0.12), (p.mid, 0.78, 0.08)):
        line = contour(s, y0 + (y1 - y0) * base, (y1 - y0) * amp, 2.2)
        s.poly([(x0, y1), *[(x, line(x)) for x in range(int(x0), int(x1) + 1, 6)], (x1, y1)], tone)
    frame = mix(p.wood, p.key, 0.5)
    for i in range(cols + 1):
        x = x0 + (x1 - x0) * i / cols
        s.rect(x - 4, y0, x + 4, y1, frame)
    for j in range(rows + 1):
        y = y0 + (y1 - y0) * j / rows
        s.rect(x0 - 4, y - 4, x1 + 4, y + 4, frame)
    s.rect(x0 - 14, y1, x1 + 14, y1 + 14, mix(p.wood, PAPER, 0.15))


def hanging_lamp(s: Sheet, x: float, y: float, r: float, colour: Ink) -> None:
    """Hang a shaded lamp from above."""
    s.line([(x, -5), (x, y - r * 0.5)], s.pal.key, 2.5)
    s.halo(x, y + r * 0.4, r * 4.2, GLOW, 0.4)
    s.oval(x, y + r * 0.12, r * 0.4, r * 0.3, mix(PAPER, GLOW, 0.4))
    shade = curve(
        [
            (x - r, y + r * 0.1),
            (x - r * 0.6, y - r * 0.4),
            (x, y - r * 0.62),
            (x + r * 0.6, y - r * 0.4),
            (x + r, y + r * 0.1),
        ],
        5,
    )
    s.poly(shade, colour)
