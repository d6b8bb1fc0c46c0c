"""Picture files for tests: real pictures with metadata written into them byte by byte, as the standards say."""

from __future__ import annotations

import io
import struct
from html import escape
from typing import Any

from PIL import Image

XMP_SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" '
    'xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"'
)


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 400), **options: Any) -> bytes:
    """A small picture in which no two corners are alike."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((200, 30, 30), (0, 0, size[0] // 4, size[1] // 4))
    return saved(image, kind, **options)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The file of an image."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(way_up: int = 1, **words: str) -> Image.Exif:
    """EXIF as a camera with a satellite receiver writes it; `words` by `description`, `artist`, `copyright`."""
    tags = Image.Exif()
    tags[0x0112] = way_up
    tags[0x0110] = "Camera of Oki"
    for name, tag in (("description", 0x010E), ("artist", 0x013B), ("copyright", 0x8298)):
        if name in words:
            tags[tag] = words[name]
    tags[0x8825] = {1: "N", 2: (35.0, 26.0, 43.25), 3: "E", 4: (139.0, 45.0, 12.5), 29: "2021:04:02"}
    tags[0x8769] = {0x9003: "2021:04:02 09:05:00", 0x9011: "+09:00", 0xA431: "SERIAL-4711"}
    return tags


def iim(*datasets: tuple[int, bytes], charset: bytes = b"\x1b%G") -> bytes:
    """An IPTC-IIM block: (number in record 2, value) pairs, behind the character set of the envelope, if any."""
    found = ([(1, 90, charset)] if charset else []) + [(2, number, value) for number, value in datasets]
    return b"".join(struct.pack(">BBBH", 0x1C, record, number, len(value)) + value for record, number, value in found)


def with_iim(jpeg: bytes, block: bytes) -> bytes:
    """A JPEG with a Photoshop segment (APP13) in which the block stands."""
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    return with_segment(jpeg, 0xED, b"Photoshop 3.0\0" + resource)


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment behind its start."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def xmp(*properties: str) -> bytes:
    """An XMP packet that holds these properties, each as RDF."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f"{XMP_SPACES}>{''.join(properties)}</rdf:Description></rdf:RDF></x:xmpmeta>{' ' * 200}<?xpacket end='w'?>"
    ).encode()


def plain(name: str, text: str) -> str:
    """A property with one value."""
    return f"<{name}>{escape(text)}</{name}>"


def several(name: str, *texts: str, kind: str = "Bag") -> str:
    """A property with several values."""
    items = "".join(f"<rdf:li>{escape(text)}</rdf:li>" for text in texts)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def tongues(name: str, **texts: str) -> str:
    """A property in several languages; `default` is the picture's own."""
    items = "".join(
        f'<rdf:li xml:lang="{"x-default" if tongue == "default" else tongue}">{escape(text)}</rdf:li>'
        for tongue, text in texts.items()
    )
    return f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"


def with_xmp(jpeg: bytes, packet: bytes) -> bytes:
    """A JPEG with an XMP segment (APP1)."""
    return with_segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)
