"""The sheet a picture is printed on, and the few strokes every scene is made of.

Scenes speak in units of a sheet of 1,200 by 800, whatever the pixels; the sheet is drawn at twice its size and reduced
once, which is all the smoothing the edges need.
"""

import math
import random
from collections.abc import Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw

from kawaraban.importers.demo.pictures.inks import PALETTES, PAPER, H, Ink, Palette, Point, W, mix


class Sheet:
    """One picture in the making.

    Attributes:
        rng: The picture's own dice; everything that varies is thrown with them.
        pal: The inks in use.
        image: What has been printed so far, at twice the final size.
    """

    def __init__(self, width: int, rng: random.Random) -> None:
        self.rng = rng
        self.pal = PALETTES[0]
        self._k = 2 * width / W
        self.image = Image.new("RGB", (2 * width, round(2 * width * H / W)))
        self._solid = ImageDraw.Draw(self.image)
        self._glaze = ImageDraw.Draw(self.image, "RGBA")

    # Inks -----------------------------------------------------------------------------------------------------------

    def mood(self, *moods: str) -> Palette:
        """Pick a palette among those of the moods that fit the scene."""
        # Daylight twice as often: a page of nothing but dusk and rain would look like mourning.
        mood = self.rng.choice([*moods, *(m for m in moods if m == "day")])
        self.pal = self.rng.choice([p for p in PALETTES if p.mood == mood])
        # Whatever a scene leaves bare lies in shade rather than in printer's black.
        self.image.paste(mix(self.pal.near, self.pal.key, 0.3), (0, 0, *self.image.size))
        return self.pal

    # Plain strokes --------------------------------------------------------------------------------------------------

    def _px(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self._k, y * self._k) for x, y in points]

    def poly(self, points: Iterable[Point], colour: Ink, alpha: int = 255) -> None:
        """Fill a polygon."""
        if alpha >= 255:
            self._solid.polygon(self._px(points), fill=colour)
        else:
            self._glaze.polygon(self._px(points), fill=(*colour, alpha))

    def rect(self, x0: float, y0: float, x1: float, y1: float, colour: Ink, alpha: int = 255) -> None:
        """Fill an upright rectangle."""
        if x1 > x0 and y1 > y0:
            self.poly([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour, alpha)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Ink, alpha: int = 255) -> None:
        """Fill an ellipse around its centre."""
        k = self._k
        box = ((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k)
        if alpha >= 255:
            self._solid.ellipse(box, fill=colour)
        else:
            self._glaze.ellipse(box, fill=(*colour, alpha))

    def line(self, points: Sequence[Point], colour: Ink, width: float, alpha: int = 255) -> None:
        """Draw a line of even width with round joints."""
        px, w = self._px(points), max(1, round(width * self._k))
        joint = "curve" if len(points) > 2 and w > 3 else None
        if alpha >= 255:
            self._solid.line(px, fill=colour, width=w, joint=joint)
        else:
            self._glaze.line(px, fill=(*colour, alpha), width=w)

    def ring(self, points: Sequence[Point], colour: Ink, width: float) -> None:
        """Draw a closed key line."""
        self.line([*points, points[0], points[1]], colour, width)

    def taper(self, spine: Sequence[Point], start: float, end: float, colour: Ink) -> None:
        """Draw a stroke that thins from one end to the other, like a trunk or a blade."""
        left: list[Point] = []
        right: list[Point] = []
        for i, (x, y) in enumerate(spine):
            ax, ay = spine[max(0, i - 1)]
            bx, by = spine[min(len(spine) - 1, i + 1)]
            length = math.hypot(bx - ax, by - ay) or 1.0
            half = (start + (end - start) * i / (len(spine) - 1)) / 2
            nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
            left.append((x + nx, y + ny))
            right.append((x - nx, y - ny))
        self.poly(left + right[::-1], colour)

    def lens(self, x: float, y: float, half: float, thick: float, colour: Ink, alpha: int = 255) -> None:
        """Draw a lying stroke with pointed ends: a ripple, a shadow, a streak of cloud."""
        up = [(x + half * t, y - thick * (1 - t * t) / 2) for t in (-1.0, -0.6, -0.2, 0.2, 0.6, 1.0)]
        down = [(a, 2 * y - b) for a, b in reversed(up)]
        self.poly(up + down, colour, alpha)

    # Bokashi --------------------------------------------------------------------------------------------------------

    def shape(self, points: Sequence[Point], inks: Sequence[Ink], span: tuple[float, float] | None = None) -> None:
        """Fill a polygon with inks that run into each other from the top of ``span`` to its foot.

        Args:
            points: The outline.
            inks: Two or more inks, evenly spaced.
            span: Where the gradation starts and ends; the outline's own top and foot when left out.
        """
        px = self._px(points)
        top, foot = (v * self._k for v in span) if span else (min(y for _, y in px), max(y for _, y in px))
        x0, y0 = max(0, int(min(x for x, _ in px))), max(0, int(min(y for _, y in px)))
        x1 = min(self.image.width, int(max(x for x, _ in px)) + 1)
        y1 = min(self.image.height, int(max(y for _, y in px)) + 1)
        if x1 <= x0 or y1 <= y0:
            return
        column = bytearray()
        for y in range(y0, y1):
            t = min(1.0, max(0.0, (y - top) / max(1.0, foot - top))) * (len(inks) - 1)
            i = min(len(inks) - 2, int(t))
            column.extend(mix(inks[i], inks[i + 1], t - i))
        fill = Image.frombytes("RGB", (1, y1 - y0), bytes(column)).resize((x1 - x0, y1 - y0), Image.Resampling.NEAREST)
        mask = Image.new("1", fill.size)
        ImageDraw.Draw(mask).polygon([(x - x0, y - y0) for x, y in px], fill=1)
        self.image.paste(fill, (x0, y0), mask)

    def field(self, y0: float, y1: float, *inks: Ink) -> None:
        """Fill the whole width between two heights with running inks."""
        self.shape([(0, y0), (W, y0), (W, y1), (0, y1)], inks)

    def veil(self, y0: float, y1: float, colour: Ink, *strengths: float) -> None:
        """Lay mist or dusk over the whole width.

        Args:
            y0: Where it begins.
            y1: Where it ends.
            colour: Its ink.
            strengths: From the top to the foot, 0 to 1.
        """
        k = self._k
        top, foot = max(0, int(y0 * k)), min(self.image.height, int(y1 * k))
        rows = bytearray()
        for y in range(foot - top):
            t = y / (foot - top) * (len(strengths) - 1)
            i = min(len(strengths) - 2, int(t))
            rows.append(round(255 * (strengths[i] + (strengths[i + 1] - strengths[i]) * (t - i))))
        mask = Image.frombytes("L", (1, foot - top), bytes(rows))
        mask = mask.resize((self.image.width, foot - top), Image.Resampling.NEAREST)
        self.image.paste(colour, (0, top, self.image.width, foot), mask)

    def film(self, shapes: Iterable[Sequence[Point]], colour: Ink, strength: float, *, fade: bool = False) -> None:
        """Lay several shapes as one film, even whatever their overlaps, or fading towards its top."""
        mask = Image.new("L", (self.image.width // 2, self.image.height // 2))
        pen = ImageDraw.Draw(mask)
        for points in shapes:
            pen.polygon([(x / 2, y / 2) for x, y in self._px(points)], fill=round(255 * strength))
        box = mask.getbbox()
        if box:
            full = (box[0] * 2, box[1] * 2, box[2] * 2, box[3] * 2)
            part = mask.crop(box)
            if fade:
                part = ImageChops.multiply(part, Image.linear_gradient("L").resize(part.size))
            part = part.resize((full[2] - full[0], full[3] - full[1]), Image.Resampling.BILINEAR)
            self.image.paste(colour, full, part)

    def halo(self, x: float, y: float, r: float, colour: Ink, strength: float) -> None:
        """Let a lamp shine: a soft disc of light."""
        k = self._k
        size = max(2, int(2 * r * k))
        disc = Image.radial_gradient("L").point([max(0, round((190 - v) / 190 * 255 * strength)) for v in range(256)])
        disc = disc.resize((size, size), Image.Resampling.BILINEAR)
        self.image.paste(colour, (int((x - r) * k), int((y - r) * k)), disc)

    def mirror(
        self, y: float, depth: float, strength: float = 0.6, squash: float = 1.0, tint: Ink | None = None
    ) -> None:
        """Reflect what stands above the waterline, broken by ripples.

        Args:
            y: The waterline.
            depth: How much of what stands above is reflected.
            strength: How clear the reflection is at the waterline; it fades with depth.
            squash: How tall the reflection is against what it reflects.
            tint: The water's ink, mixed into the reflection.
        """
        k, width = self._k, self.image.width
        part = self.image.crop((0, int((y - depth) * k), width, int(y * k)))
        part = part.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        height = min(int(depth * squash * k), self.image.height - int(y * k))
        part = part.resize((width, int(depth * squash * k)), Image.Resampling.BILINEAR, reducing_gap=1.0)
        part = part.crop((0, 0, width, height))
        if tint:
            part = Image.blend(part, Image.new("RGB", part.size, tint), 0.3)
        rows = bytes(round(255 * strength * (1 - 0.85 * i / height)) for i in range(height))
        mask = Image.frombytes("L", (1, height), rows).resize((width, height), Image.Resampling.NEAREST)
        pen = ImageDraw.Draw(mask)
        for _ in range(int(height / k * 0.5)):
            at = height * self.rng.random() ** 0.8
            thick = (0.6 + 2.6 * at / height) * k
            x = self.rng.uniform(-0.1, 1.0) * width
            pen.rectangle((x, at, x + self.rng.uniform(0.05, 0.3) * width, at + thick), fill=int(40 * strength))
        self.image.paste(part, (0, int(y * k)), mask)

    # Printing -------------------------------------------------------------------------------------------------------

    def pull(self) -> Image.Image:
        """Pull the print: frame the sheet, reduce it, and let paper and wood show through the ink."""
        w, h = self.image.width // 2, self.image.height // 2
        picture = self._cut().resize((w, h), Image.Resampling.LANCZOS, self._frame())
        if self.rng.random() < 0.5:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        noise = self.rng.randbytes
        fibre = Image.frombytes("L", (w, h), noise(w * h))
        rows = max(2, h // 4)
        grain = Image.frombytes("L", (9, rows), noise(9 * rows)).resize((w, h), Image.Resampling.BICUBIC)
        rub = Image.frombytes("L", (12, 8), noise(96)).resize((w, h), Image.Resampling.BICUBIC)
        shade = ImageChops.multiply(
            ImageChops.multiply(fibre.point([245 + v * 10 // 255 for v in range(256)]), grain.point(_lut(247, 255))),
            rub.point(_lut(246, 255)),
        )
        picture = ImageChops.multiply(picture, Image.merge("RGB", (shade, shade, shade)))
        # Where the block took no ink the paper shows, which only dark fields betray.
        bare = ImageChops.multiply(fibre.point([max(0, v - 150) // 3 for v in range(256)]), grain)
        picture.paste(PAPER, (0, 0, w, h), bare)
        return picture

    def _frame(self) -> tuple[float, float, float, float]:
        """Step a little nearer or aside, never so far that a square cut from the middle loses the subject."""
        share = self.rng.uniform(0.92, 1.0)
        w, h = self.image.size
        left = w * (1 - share) * self.rng.uniform(0.25, 0.75)
        top = h * (1 - share) * self.rng.uniform(0.2, 0.5)
        return left, top, left + w * share, top + h * share

    def _cut(self) -> Image.Image:
        """Let the knife wander: straight edges become ones that a hand has cut."""
        w, h = self.image.size
        cols, rows = max(1, min(30, w // 8)), max(1, min(20, h // 8))
        reach = 1.5 * self._k
        shift = [[self._nudge(reach) for _ in range(cols + 1)] for _ in range(rows + 1)]
        xs, ys = [w * i // cols for i in range(cols + 1)], [h * j // rows for j in range(rows + 1)]
        mesh = []
        for j in range(rows):
            for i in range(cols):
                # Corners in the order the transform wants them: top left, foot left, foot right, top right.
                quad: list[float] = []
                for dj, di in ((0, 0), (1, 0), (1, 1), (0, 1)):
                    dx, dy = shift[j + dj][i + di]
                    quad.append(min(w - 1.0, max(0.0, xs[i + di] + dx)))
                    quad.append(min(h - 1.0, max(0.0, ys[j + dj] + dy)))
                mesh.append(((xs[i], ys[j], xs[i + 1], ys[j + 1]), tuple(quad)))
        return self.image.transform((w, h), Image.Transform.MESH, mesh, Image.Resampling.NEAREST)

    def _nudge(self, reach: float) -> Point:
        return self.rng.uniform(-reach, reach), self.rng.uniform(-reach, reach)


def _lut(low: int, high: int) -> list[int]:
    return [low + v * (high - low) // 255 for v in range(256)]


def curve(points: Sequence[Point], steps: int = 8, closed: bool = False) -> list[Point]:
    """Run a smooth line through points (Catmull-Rom)."""
    pts = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    out: list[Point] = []
    for a, b, c, d in zip(pts, pts[1:], pts[2:], pts[3:], strict=False):
        for i in range(steps):
            t = i / steps
            out.append(
                (
                    _spline(a[0], b[0], c[0], d[0], t),
                    _spline(a[1], b[1], c[1], d[1], t),
                )
            )
    return out if closed else [*out, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)


def between(a: Point, b: Point, t: float) -> Point:
    """Give the point a share of the way from one to another."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


class Eye:
    """A plain perspective with one vanishing point."""

    def __init__(self, x: float, y: float) -> None:
        self.x, self.y = x, y

    def at(self, across: float, down: float, depth: float) -> Point:
        """Place a point: how far aside and below the eye it is, and how deep; at depth 1 units are the sheet's."""
        return self.x + across / depth, self.y + down / depth

    def side(self, across: float, top: float, foot: float, near: float, far: float) -> list[Point]:
        """Give an upright rectangle that runs into the depth, like a wall along a street."""
        return [
            self.at(across, top, near),
            self.at(across, top, far),
            self.at(across, foot, far),
            self.at(across, foot, near),
        ]

    def lying(self, left: float, right: float, down: float, near: float, far: float) -> list[Point]:
        """Give a level rectangle, like a floor or a table top."""
        return [
            self.at(left, down, near),
            self.at(left, down, far),
            self.at(right, down, far),
            self.at(right, down, near),
        ]
