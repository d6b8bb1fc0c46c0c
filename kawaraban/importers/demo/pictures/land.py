"""Sky, land, water, weather and trees: what a scene stands in."""

import math
from collections.abc import Callable, Sequence

from kawaraban.importers.demo.pictures.inks import PAPER, RED, H, Ink, Point, W, mix
from kawaraban.importers.demo.pictures.sheet import Sheet, curve


def sky(s: Sheet, horizon: float = H) -> None:
    """Print the sky down to the horizon."""
    s.field(0, horizon, *s.pal.sky)


def clouds(s: Sheet, y0: float, y1: float, count: int, colour: Ink | None = None) -> None:
    """Lay long flat bands of cloud with round ends, as the old prints do."""
    if s.pal.mood in {"night", "rain", "snow"}:
        return
    colour = colour or mix(s.pal.sky[-1], PAPER, 0.55)
    bars: list[list[Point]] = []
    for _ in range(count):
        x, y, half = s.rng.uniform(60, 1140), s.rng.uniform(y0, y1), s.rng.uniform(90, 230)
        for i in range(s.rng.choice((2, 3))):
            bars.append(_bar(x, y + i * 13, half * s.rng.uniform(0.55, 1.1), s.rng.uniform(5.5, 8.5)))
            x += s.rng.uniform(-0.55, 0.55) * half
    s.film(bars, colour, 0.5)


def _bar(x: float, y: float, half: float, r: float) -> list[Point]:
    out: list[Point] = []
    for side in (1, -1):
        for i in range(9):
            a = math.pi * i / 8 - math.pi / 2
            out.append((x + side * (half + r * 2.2 * math.cos(a)), y + side * r * math.sin(a)))
    return out


def stars(s: Sheet, y1: float, count: int) -> None:
    """Prick stars into the sky."""
    for _ in range(count):
        x, y = s.rng.uniform(0, W), s.rng.uniform(0, 1) ** 1.4 * y1
        r = s.rng.choice((0.9, 1.1, 1.4, 2.0))
        s.oval(x, y, r, r, PAPER, s.rng.randint(120, 240))


def moon(s: Sheet, x: float, y: float, r: float) -> None:
    """Hang a pale moon."""
    s.halo(x, y, r * 4, PAPER, 0.22)
    s.oval(x, y, r, r, mix(PAPER, s.pal.sky[-1], 0.08))


def contour(s: Sheet, y: float, amp: float, waves: float = 2.0) -> Callable[[float], float]:
    """Make a ridge line: a height for every x, from summed sines."""
    parts = [(waves * f * s.rng.uniform(0.8, 1.25), s.rng.uniform(0, math.tau), amp / f**1.25) for f in (1, 2, 4.3, 9)]

    def height(x: float) -> float:
        return y - sum(a * math.sin(x / W * math.tau * f + p) for f, p, a in parts)

    return height


def land(line: Callable[[float], float], foot: float, step: int = 8) -> list[Point]:
    """Close a ridge line down to its foot."""
    return [*[(float(x), line(x)) for x in range(-16, W + 17, step)], (W + 16, foot), (-16, foot)]


def ridges(s: Sheet, y0: float, y1: float, count: int, foot: float, amp: float = 46) -> None:
    """Stack ridges from far to near, each fading into the mist at its foot."""
    p = s.pal
    mist = mix(p.sky[-1], p.far, 0.25)
    tones = (p.far, p.mid, p.near)
    for i in range(count):
        t = i / max(1, count - 1)
        place = t * 2
        tone = mix(tones[int(min(1, place))], tones[int(min(1, place)) + 1], place - int(min(1, place)))
        y = y0 + (y1 - y0) * t
        points = land(contour(s, y, amp * s.rng.uniform(0.7, 1.2), s.rng.uniform(0.8, 1.9)), foot)
        s.shape(points, (tone, mix(tone, mist, 0.6)), (y - amp, min(foot, y + 190)))


def peak(s: Sheet, x: float, y: float, height: float, half: float, snow: float = 0.35) -> None:
    """Raise one mountain with a snow cap and folds."""
    p = s.pal
    top = y - height
    steps = 18
    left: list[Point] = []
    right: list[Point] = []
    for i in range(steps + 1):
        t = i / steps
        spread = half * (0.07 + 0.93 * t**1.45)
        left.append((x - spread + s.rng.uniform(-3, 3), top + height * t))
        right.append((x + spread * 1.08 + s.rng.uniform(-3, 3), top + height * t))
    s.shape([*left[::-1], (x, top + 5), *right], (mix(p.mid, p.near, 0.3), mix(p.far, p.sky[-1], 0.55)), (top, y))
    cut = max(2, int(steps * snow))
    cap = [*left[cut::-1], (x, top + 5), *right[: cut + 1]]
    (lx, ly), (rx, _) = left[cut], right[cut]
    hem = []
    t = 0.0
    while t < 0.93:
        # Tongues of snow, long and short, wide and narrow.
        t += s.rng.uniform(0.03, 0.075)
        hem.append((rx + (lx - rx) * t, ly - s.rng.uniform(0.0, 0.09) * height))
        t += s.rng.uniform(0.025, 0.06)
        hem.append((rx + (lx - rx) * min(t, 0.98), ly + s.rng.choice((0.02, 0.05, 0.09, 0.14)) * height))
    # No tongue may hang beyond the mountain's own flanks.
    for i, (hx, hy) in enumerate(hem):
        spread = half * (0.07 + 0.93 * max(0.0, (hy - top) / height) ** 1.45) * 0.92
        hem[i] = (min(x + spread, max(x - spread, hx)), hy)
    snowy = mix(PAPER, p.sky[0], 0.1 if p.mood != "night" else 0.45)
    s.shape(cap + hem, (snowy, mix(snowy, p.far, 0.25)))
    # One side in shade gives the mountain its weight.
    shade = [(x + 4, top + 5), *right[: cut + 1], (x + half * 0.12, ly - 6), (x + half * 0.02, top + height * 0.16)]
    s.poly(shade, mix(p.mid, p.sky[0], 0.3), 120)


def water(s: Sheet, y0: float, y1: float = H) -> None:
    """Print water from the horizon to the foot."""
    s.field(y0, y1, *s.pal.water)


def ripples(s: Sheet, y0: float, y1: float, count: int, light: float = 0.5) -> None:
    """Draw ripples that lengthen towards the reader; ``light`` is the share of pale ones."""
    pale, deep = mix(s.pal.water[0], PAPER, 0.35), mix(s.pal.water[1], s.pal.key, 0.25)
    for _ in range(count):
        t = s.rng.random() ** 1.3
        y = y0 + (y1 - y0) * t
        colour = pale if s.rng.random() < light else deep
        half = (14 + 70 * t) * s.rng.uniform(0.5, 1.3)
        s.lens(s.rng.uniform(0, W), y, half, 1.6 + 4.4 * t, colour, s.rng.randint(90, 190))


def waves(s: Sheet, y0: float, y1: float, rows: int, swell: float = 10) -> None:
    """Draw a sea of curved crests."""
    for i in range(rows):
        t = (i + 0.5) / rows
        y = y0 + (y1 - y0) * t**1.3
        length = 70 + 190 * t
        x = -s.rng.uniform(0, length)
        pale = mix(s.pal.water[0], PAPER, 0.4)
        while x < W:
            run = length * s.rng.uniform(0.7, 1.3)
            rise = swell * (0.3 + t) * s.rng.uniform(0.7, 1.2)
            top = curve([(x, y), (x + run * 0.3, y - rise * 0.3), (x + run * 0.62, y - rise), (x + run, y)], 5)
            low = curve([(x + run, y), (x + run * 0.6, y - rise * 0.45), (x, y)], 5)
            s.poly(top + low, pale, 150)
            x += run * s.rng.uniform(1.0, 1.7)


def rain(s: Sheet, count: int = 260, slant: float = 0.16) -> None:
    """Let it rain: fine lines, all at one slant."""
    pale = mix(s.pal.sky[-1], PAPER, 0.5)
    for i in range(count):
        x, y = s.rng.uniform(-40, W + 140), s.rng.uniform(-100, H)
        length = s.rng.uniform(60, 190)
        colour = pale if i % 5 else s.pal.key
        s.line([(x, y), (x - length * slant, y + length)], colour, 1.1, s.rng.randint(60, 130))


def snowfall(s: Sheet, count: int = 300) -> None:
    """Let it snow: dots, few of them large."""
    for _ in range(count):
        r = 1.6 + 4.2 * s.rng.random() ** 3
        s.oval(s.rng.uniform(0, W), s.rng.uniform(0, H), r, r, PAPER, s.rng.randint(170, 255))


def weather(s: Sheet) -> None:
    """Add the rain or snow that the palette speaks of."""
    if s.pal.mood == "rain":
        rain(s)
    elif s.pal.mood == "snow":
        snowfall(s)


# Trees ----------------------------------------------------------------------------------------------------------------


def pine(s: Sheet, x: float, y: float, h: float, lean: float = 0.0) -> None:
    """Plant a pine with a bent trunk and flat pads of needles."""
    p = s.pal
    bend = s.rng.uniform(-0.09, 0.09) * h
    spine = curve(
        [
            (x, y),
            (x + lean * 0.25 + bend, y - h * 0.3),
            (x + lean * 0.7 - bend * 0.6, y - h * 0.65),
            (x + lean, y - h * 0.96),
        ],
        6,
    )
    s.taper(spine, h * 0.062, h * 0.016, p.key)
    dark = mix(p.near, p.key, 0.4)
    light = mix(p.leaf, dark, 0.35) if p.mood != "snow" else mix(p.ground, dark, 0.1)
    pads = 6
    for i in range(pads):
        t = 0.36 + 0.64 * i / (pads - 1)
        cx, cy = spine[min(len(spine) - 1, int(t * (len(spine) - 1)))]
        side = (1 if i % 2 else -1) * (0 if i == pads - 1 else 1)
        half = h * (0.27 - 0.15 * t) * s.rng.uniform(0.9, 1.2)
        px = cx + side * half * 0.95
        if side:
            s.taper([(cx, cy + h * 0.05), (px, cy)], h * 0.022, h * 0.008, p.key)
        _pad(s, px, cy, half, h * 0.085, dark, light)


def _pad(s: Sheet, x: float, y: float, half: float, tall: float, dark: Ink, light: Ink) -> None:
    """Clip one cloud of needles: round on top, nearly flat below, lit from above."""
    bumps = 7
    tops = [s.rng.uniform(0.8, 1.15) for _ in range(bumps)]
    for colour, lift, size in ((dark, 0.0, 1.0), (light, -0.42, 0.66)):
        for i in range(bumps):
            u = 2 * (i + 0.5) / bumps - 1
            arch = 1 - 0.62 * u * u
            r = tall * arch * tops[i] * size
            s.oval(
                x + u * half * 0.9 * (0.9 if lift else 1),
                y - r * 0.45 + tall * lift,
                half * 0.25 * size + r * 0.15,
                r,
                colour,
            )
    for _ in range(bumps * 2):
        u = s.rng.uniform(-0.8, 0.8)
        top = y - tall * (1 - 0.6 * u * u) * s.rng.uniform(0.2, 1.0)
        s.line([(x + u * half, top), (x + u * half * 1.08, top - tall * 0.32)], dark, max(1.0, tall * 0.05))


def cedar(s: Sheet, x: float, y: float, h: float, colour: Ink | None = None) -> None:
    """Plant a cedar: tall, pointed, ragged."""
    colour = colour or mix(s.pal.near, s.pal.key, 0.3)
    half = h * s.rng.uniform(0.13, 0.18)
    left: list[Point] = []
    right: list[Point] = []
    tiers = 7 if h < 250 else 12
    for i in range(tiers):
        t = (i + 1) / tiers
        w = half * t**0.8
        for side, out in ((-1, left), (1, right)):
            out.append((x + side * w * s.rng.uniform(0.9, 1.15), y - h * (1 - t * 0.93)))
            out.append((x + side * w * 0.62, y - h * (1 - t * 0.93) - h * 0.012))
    s.rect(x - h * 0.015, y - h * 0.1, x + h * 0.015, y, s.pal.key)
    s.poly([(x, y - h), *right, *left[::-1]], colour)
    if s.pal.mood == "snow":
        for i in range(2, len(left) - 1, 4):
            (lx, ly), (rx, _) = left[i], right[i]
            s.lens((lx + rx) / 2 - half * 0.1, ly - h * 0.02, (rx - lx) * 0.36, h * 0.025, s.pal.ground)


def crown(s: Sheet, x: float, y: float, h: float, colour: Ink, light: Ink | None = None) -> None:
    """Plant a round-headed tree, bare in snow; the second ink is its lit side."""
    if s.pal.mood == "snow":
        wood = mix(s.pal.key, s.pal.mid, 0.35 if h < 200 else 0.0)
        s.taper([(x, y), (x + h * 0.01, y - h * 0.45)], h * 0.06, h * 0.035, wood)
        for lean, reach in ((-0.34, 0.72), (-0.16, 0.9), (0.03, 0.98), (0.2, 0.86), (0.36, 0.7)):
            tip = (x + h * lean * s.rng.uniform(0.8, 1.2), y - h * reach)
            branch(s, (x, y - h * s.rng.uniform(0.3, 0.44)), tip, h * 0.032, None, 2 if h < 200 else 3)
        return
    s.taper(
        curve([(x, y), (x + h * 0.02, y - h * 0.3), (x - h * 0.02, y - h * 0.6)], 4), h * 0.085, h * 0.03, s.pal.key
    )
    for side in (-1, 1):
        s.taper([(x, y - h * 0.32), (x + side * h * 0.2, y - h * 0.58)], h * 0.035, h * 0.012, s.pal.key)
    # Clumps ride on an oval; small trees need few of them.
    count = 12 if h < 200 else 34
    size = 0.15 if h < 200 else 0.085
    spots: list[tuple[float, float, float]] = []
    for _ in range(count):
        a, q = s.rng.uniform(0, math.tau), s.rng.random() ** 0.6
        spots.append((0.3 * q * math.cos(a), 0.66 + 0.22 * q * math.sin(a), size * s.rng.uniform(0.8, 1.3)))
    for dx, dy, r in spots:
        s.oval(x + dx * h, y - dy * h, r * h * 1.25, r * h * 0.85, colour)
    if light:
        for dx, dy, r in sorted(spots)[:: 2 if count > 12 else 1]:
            s.oval(x + dx * h - r * h * 0.2, y - dy * h - r * h * 0.35, r * h * 0.8, r * h * 0.4, light)


def branch(s: Sheet, start: Point, end: Point, width: float, petals: Ink | None, depth: int = 4) -> None:
    """Reach a bare or flowering branch into the picture."""
    (ax, ay), (bx, by) = start, end
    mid = ((ax + bx) / 2 + s.rng.uniform(-0.08, 0.08) * (by - ay), (ay + by) / 2 + s.rng.uniform(-0.1, 0.1) * (bx - ax))
    spine = curve([start, mid, end], 6)
    s.taper(spine, width, width * 0.45, s.pal.key)
    if depth:
        for t in (0.45, 0.75, 1.0):
            x, y = spine[int(t * (len(spine) - 1))]
            turn = s.rng.uniform(0.25, 0.75) * s.rng.choice((-1, 1))
            dx, dy = (bx - ax) * 0.5, (by - ay) * 0.5
            c, n = math.cos(turn), math.sin(turn)
            branch(s, (x, y), (x + dx * c - dy * n, y + dx * n + dy * c), width * 0.55, petals, depth - 1)
    if petals and depth < 3:
        for x, y in spine[2::3]:
            r = s.rng.uniform(3, 6.5)
            s.oval(x + s.rng.uniform(-9, 9), y + s.rng.uniform(-9, 9), r, r * 0.9, petals)


def reeds(s: Sheet, x0: float, x1: float, y: float, h: float, count: int, colour: Ink | None = None) -> None:
    """Grow reeds or grass along the reader's feet."""
    colour = colour or s.pal.key
    for _ in range(count):
        x, tall = s.rng.uniform(x0, x1), h * s.rng.uniform(0.5, 1.0)
        sway = s.rng.uniform(-0.15, 0.4) * tall
        s.taper(curve([(x, y), (x + sway * 0.3, y - tall * 0.6), (x + sway, y - tall)], 4), 4.2, 0.8, colour)


def bank(s: Sheet, points: Sequence[Point], colour: Ink | None = None) -> None:
    """Lay a bank or hillock along the foot of the sheet, smooth through the points."""
    p = s.pal
    colour = colour or mix(p.near, p.key, 0.35)
    foot = mix(colour, p.far, 0.45) if p.mood == "snow" else mix(colour, p.key, 0.65)
    pts = curve(sorted(points), 8)
    s.shape([*pts, (pts[-1][0], H + 5), (pts[0][0], H + 5)], (colour, foot))


def birds(s: Sheet, x: float, y: float, count: int, spread: float, colour: Ink, size: float = 12) -> None:
    """Let a few birds cross."""
    for _ in range(count):
        bx, by = x + s.rng.uniform(-spread, spread), y + s.rng.uniform(-spread, spread) * 0.4
        r = size * s.rng.uniform(0.7, 1.2)
        tilt = s.rng.uniform(-0.25, 0.25) * r
        wing = [(bx - r, by - r * 0.45 + tilt), (bx - r * 0.4, by - r * 0.4), (bx, by)]
        s.taper(curve([*wing, (bx + r * 0.45, by - r * 0.45), (bx + r, by - r * 0.3 - tilt)], 3), 2.6, 2.2, colour)


def torii(s: Sheet, x: float, y: float, h: float, colour: Ink = RED) -> None:
    """Set up a shrine gate."""
    half = h * 0.46
    for side in (-1, 1):
        s.poly(
            [
                (x + side * half * 0.86, y),
                (x + side * half * 0.7, y),
                (x + side * half * 0.62, y - h * 0.9),
                (x + side * half * 0.76, y - h * 0.9),
            ],
            colour,
        )
    s.rect(x - half * 0.92, y - h * 0.72, x + half * 0.92, y - h * 0.655, colour)
    s.rect(x - half * 0.06, y - h * 0.86, x + half * 0.06, y - h * 0.7, colour)
    top = [(x - half * 1.2, y - h * 1.0), (x, y - h * 0.945), (x + half * 1.2, y - h * 1.0)]
    low = [(x + half * 1.1, y - h * 0.89), (x, y - h * 0.855), (x - half * 1.1, y - h * 0.89)]
    s.poly(curve(top, 6) + curve(low, 6), colour)
    cap = [(a, b - h * 0.045) for a, b in top]
    s.poly(curve(cap, 6) + curve(top[::-1], 6), s.pal.key)


def snow_or(s: Sheet, colour: Ink) -> Ink:
    """Give the snow's ink when the palette is snowy, else the colour."""
    return s.pal.ground if s.pal.mood == "snow" else colour
