"""The files of pictures: whether one may come in, and the same picture without what it carries along.

What is taken out is taken out of the file's structure; the compressed picture itself is copied byte by byte.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import IO
from zlib import crc32

from django.utils.translation import gettext as _
from PIL import Image, ImageOps
from willow.image import AvifImageFile
from willow.plugins.pillow import PillowImage

from kawaraban.errors import Refused
from kawaraban.newsroom.metadata import FORMATS, Metadata, exif_of, line

MOST_PIXELS = 40_000_000
MOST_FRAMES = 200

_ORIENTATION = 0x0112
_SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp", "AVIF": ".avif"}
_JPEG_KEPT = {0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_JPEG_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# Of what a PNG may hold beside its picture: transparency, colour, size on paper, and the frames of an animation.
_PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"),
    *(b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT"),
}
_WEBP_KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that holds a picture: its format in Pillow's word, and the suffix that belongs to it."""

    format: str
    suffix: str
    width: int
    height: int


def inspect(data: bytes) -> Picture:
    """What picture the bytes hold. Its size is looked at before anything is unpacked.

    Raises:
        Refused: no picture of a format we take, more than 40 megapixels or 200 frames, cut off or broken.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise _too_large(_("{width} by {height} pixels").format(width=width, height=height))
            if _frames(data, picture) > MOST_FRAMES:
                raise Refused(
                    "picture-frames",
                    _(
                        "This animation has more than {most} pictures. Nothing was kept; a still picture, or a "
                        "shorter animation, can be used."
                    ).format(most=MOST_FRAMES),
                )
            picture.load()
            found = Picture(picture.format or "", _SUFFIXES[picture.format or ""], width, height)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(_("far more")) from None
    except Refused:
        raise
    except Exception as error:  # decoders fail on made-up files in more ways than they tell
        raise _broken() from error
    return found


def _frames(data: bytes, picture: Image.Image) -> int:
    if picture.format == "GIF":
        # Counted as they pass by: Pillow would unpack a file of many thousands before it says how many there are.
        count = 0
        for kind, _block in _gif_blocks(data):
            count += kind == b","
            if count > MOST_FRAMES:
                break
        return count
    return 1 if picture.format == "MPO" else int(getattr(picture, "n_frames", 1))


def _too_large(size: str) -> Refused:
    return Refused(
        "picture-too-large",
        _(
            "A picture may have up to {most} megapixels; this one has {size}. Nothing was kept; "
            "make it smaller and try again."
        ).format(most=MOST_PIXELS // 1_000_000, size=size),
    )


def _broken() -> Refused:
    return Refused(
        "picture-broken",
        _(
            "This is no whole AVIF, GIF, JPEG, PNG or WebP picture: it is cut off, broken or something else. Nothing "
            "was kept; save it anew in one of these formats and try again."
        ),
    )


def strip(data: bytes, keep: Metadata | None = None) -> bytes:
    """The same picture without metadata, and without whatever follows its end.

    The way up and the colour profile stay. JPEG, PNG, GIF and WebP lose nothing of the picture; an AVIF that carries
    metadata is encoded anew.

    Args:
        keep: of this the photographer, the credit, the copyright and the usage terms are put in, as XMP; not into a
            GIF or an AVIF, nor into a WebP of the simple kind.

    Raises:
        Refused: the file is broken.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            kind = picture.format or ""
            way_up = _way_up(picture)
            exif = _exif(way_up) if kind != "GIF" and 2 <= way_up <= 8 else b""
            packet = _packet(keep) if keep else b""
            if kind in ("JPEG", "MPO"):
                return _jpeg(data, exif, packet)
            if kind == "PNG":
                return _png(data, exif, packet)
            if kind == "GIF":
                return _gif(data)
            return _webp(data, exif, packet) if kind == "WEBP" else _avif(data, picture)
    except (struct.error, IndexError, ValueError, OSError, SyntaxError) as error:
        raise _broken() from error


def _way_up(picture: Image.Image) -> int:
    value = exif_of(picture).get(_ORIENTATION)
    return value if isinstance(value, int) else 1


def _exif(way_up: int) -> bytes:
    exif = Image.Exif()
    exif[_ORIENTATION] = way_up
    return exif.tobytes().removeprefix(b"Exif\0\0")


def _packet(keep: Metadata) -> bytes:
    """An XMP packet with who made the picture and on which terms it may be used; empty if nothing is known of it."""

    def language(name: str, text: str) -> str:
        item = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(line(text))}</rdf:li></rdf:Alt>'
        return f"<{name}>{item}</{name}>" if text else ""

    creator = f"<dc:creator><rdf:Seq><rdf:li>{escape(line(keep.photographer))}</rdf:li></rdf:Seq></dc:creator>"
    credit = f"<photoshop:Credit>{escape(line(keep.credit))}</photoshop:Credit>"
    inside = "".join(
        (
            creator if keep.photographer else "",
            credit if keep.credit else "",
            language("dc:rights", keep.copyright),
            language("xmpRights:UsageTerms", keep.usage_terms),
        )
    )
    if not inside:
        return b""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        f' xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/">{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="r"?>'
    ).encode()


def _jpeg(data: bytes, exif: bytes, packet: bytes) -> bytes:
    """Source: where EXIF and XMP stand: CIPA DC-008; XMP, part 3."""
    head, parts = b"", []
    for marker, segment in _jpeg_segments(data):
        body = segment[4:]
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            head = b"\xff\xe0\0\x10" + body[:12].ljust(12, b"\0") + b"\0\0"  # without its thumbnail
        elif marker in _JPEG_KEPT:
            parts += [segment] if body.startswith(_JPEG_KEPT[marker]) else []
        elif not 0xE0 <= marker <= 0xEF and marker != 0xFE:
            parts.append(segment)
    added = [b"Exif\0\0" + exif] if exif else []
    if packet and len(packet) < 65_000:
        added.append(b"http://ns.adobe.com/xap/1.0/\0" + packet)
    segments = [b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body for body in added]
    return b"".join([b"\xff\xd8", head, *segments, *parts, b"\xff\xd9"])


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment between the picture's start and end; a scan has its data with it.

    Source: ITU-T T.81, Annex B.
    """
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[at + 1]
        if marker == 0xD9:
            return
        if marker == 0xFF:  # filling
            at += 1
            continue
        end = at + 2
        if marker != 0x01 and not 0xD0 <= marker <= 0xD7:
            end += struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            following = _JPEG_END.search(data, end)
            if following is None:  # nothing but the end mark is missing: cut off scans do not come this far
                yield marker, data[at:]
                return
            end = following.start()
        yield marker, data[at:end]
        at = end


def _png(data: bytes, exif: bytes, packet: bytes) -> bytes:
    """Source: W3C PNG, third edition, 5 and 11."""
    parts, at = [_PNG_HEAD], len(_PNG_HEAD)
    while True:
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind in _PNG_KEPT:
            parts.append(data[at : at + 12 + size])
        if kind == b"IHDR":
            parts += [_chunk(b"eXIf", exif)] if exif else []
            parts += [_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)] if packet else []
        if kind == b"IEND":
            break
        at += 12 + size
    return b"".join(parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc32(kind + body))


def _gif(data: bytes) -> bytes:
    return b"".join(block for kind, block in _gif_blocks(data) if kind != b"!")


def _gif_blocks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The file's head, then block by block; `!` is an extension that says nothing of how the picture is shown.

    Source: CompuServe GIF89a, 17 to 27.
    """
    flags = data[10]
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    yield b"", data[:at]
    while data[at : at + 1] != b";":
        start, mark = at, data[at : at + 1]
        if mark == b",":
            flags = data[at + 9]
            at += 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1
            kind = b","
        elif mark == b"!":
            label = data[at + 1]
            loops = label == 0xFF and data[at + 3 : at + 14] in _GIF_KEPT
            kind = b"control" if label == 0xF9 or loops else b"!"
            at += 2
        else:
            raise ValueError("no block where one must be")
        while size := data[at]:
            at += 1 + size
        at += 1
        yield kind, data[start:at]
    yield b";", b";"


def _webp(data: bytes, exif: bytes, packet: bytes) -> bytes:
    """Source: RFC 9649, 2."""
    parts, at, end = [], 12, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    extended = data[12:16] == b"VP8X"
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, at)
        body = data[at + 8 : at + 8 + size]
        if kind == b"VP8X":
            body = bytes([body[0] & ~0x0C | (0x08 if exif else 0) | (0x04 if packet else 0)]) + body[1:]
        if kind in _WEBP_KEPT:
            parts.append(_riff(kind, body))
        at += 8 + size + size % 2
    if extended:
        parts += [_riff(b"EXIF", exif)] if exif else []
        parts += [_riff(b"XMP ", packet)] if packet else []
    return _riff(b"RIFF", b"WEBP" + b"".join(parts))


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _avif(data: bytes, picture: Image.Image) -> bytes:
    if not picture.info.get("exif") and not picture.info.get("xmp"):
        return data
    output = io.BytesIO()
    upright = ImageOps.exif_transpose(picture)
    upright.save(output, "AVIF", quality=90, exif=b"", xmp=b"", icc_profile=picture.info.get("icc_profile"))
    return output.getvalue()


def save_as_avif(
    image: PillowImage, f: IO[bytes], quality: int = 80, lossless: bool = False, apply_optimizers: bool = True
) -> AvifImageFile:
    """What Willow does, three times as fast for files a twentieth larger (speed 8 in place of 6, of libavif's 10).

    Source: measured on photographs of the demo newsroom, 720 and 1440 pixels wide.
    """
    shown = image.transform_colorspace_to_srgb() if image.image.mode == "CMYK" else image
    kept = {"icc_profile": profile} if (profile := shown.get_icc_profile()) else {}
    shown.image.save(f, "AVIF", quality=100 if lossless else quality, speed=8, **kept)
    return AvifImageFile(f)
