"""What is taken of a zip, and what is refused before it does harm."""

from __future__ import annotations

import hashlib
import random
import stat
import struct
import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from kawaraban.formats.archives import MOST, read_zip
from kawaraban.formats.items import FormatError

ITEM = b"<newsItem>" + hashlib.shake_128(b"item").hexdigest(500).encode() + b"</newsItem>"
PHOTO = b"\xff\xd8\xff" + hashlib.shake_128(b"photo").digest(5_000)


def packed(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content, method)
    return data.getvalue()


def refusal(data: bytes, **options) -> str:
    with pytest.raises(FormatError) as raised:
        read_zip(data, **options)
    return str(raised.value)


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_delivery_is_its_files_by_their_bare_names(method):
    data = packed(
        ("delivery/", b""),
        ("delivery/item.xml", ITEM),
        ("delivery/media/photo.jpg", PHOTO),
        ("写真.jpg", PHOTO[::-1]),
        ("empty.txt", b""),
        ("__MACOSX/._item.xml", b"x"),
        (".DS_Store", b"x"),
        (entry("plain.txt", stat.S_IFREG | 0o644), b"x"),
        method=method,
    )
    found = read_zip(data)
    assert found == {
        "item.xml": ITEM,
        "photo.jpg": PHOTO,
        "写真.jpg": PHOTO[::-1],
        "empty.txt": b"",
        "plain.txt": b"x",
    }
    assert read_zip(b"#!/bin/sh\n" + data) == found
    assert read_zip(packed()) == {}


@pytest.mark.parametrize(
    "name",
    ["../item.xml", "a/../../item.xml", "..", "a/..", "/etc/passwd", "//host/a", "C:\\item.xml", "c:item.xml",
     "a\\b.xml", "..\\item.xml", "a\nb.xml", "a\x7f.xml", "a" * 256],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name):
    assert "name that leads out" in refusal(packed(("item.xml", ITEM), (name, ITEM)))


def test_a_name_with_nul_is_refused_also_when_python_would_cut_it():
    data = packed(("item.xmlX.exe", ITEM)).replace(b"item.xmlX.exe", b"item.xml\0.exe")
    assert "name that leads out" in refusal(data)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFCHR, stat.S_IFBLK])
def test_a_link_or_device_is_refused(kind):
    assert "link or a device" in refusal(packed((entry("item.xml", kind | 0o777), b"/etc/passwd")))


def test_two_files_of_one_name_are_refused():
    assert "two files with the name item.xml" in refusal(packed(("a/item.xml", ITEM), ("b/item.xml", ITEM)))


@pytest.mark.parametrize(
    "inner", [packed(("a", ITEM)), packed(), b"\x1f\x8b\x08", b"7z\xbc\xaf\x27", b"Rar!\x1a", b"BZh9"]
)
def test_an_archive_in_an_archive_is_refused(inner):
    assert refusal(packed(("item.xml", inner))) == "The archive holds another archive."


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_packed_otherwise_is_refused(method):
    assert "packed in a way other" in refusal(packed(("item.xml", ITEM), method=method))


def test_what_is_encrypted_is_refused():
    data = bytearray(packed(("item.xml", ITEM)))
    for place in (6, data.index(b"PK\1\2") + 8):
        data[place] |= 1
    assert refusal(bytes(data)).startswith("The archive is encrypted")


def test_a_bomb_is_refused_by_what_it_says_of_itself():
    data = packed(("item.xml", bytes(50_000_000)))
    tracemalloc.start()
    try:
        assert "unpacks to 50,000,000 bytes" in refusal(data)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("claim", [10, 1_000, 3_000_000])
def test_a_bomb_that_lies_about_its_size_is_unpacked_no_further_than_that(claim):
    data = bytearray(packed(("item.xml", bytes(50_000_000)), ("noise.jpg", PHOTO * 4)))
    for place in (data.index(b"PK\3\4") + 22, data.index(b"PK\1\2") + 24):
        struct.pack_into("<I", data, place, claim)
    tracemalloc.start()
    try:
        assert "CRC" in refusal(bytes(data))
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_is_shorter_than_it_says_is_refused():
    data = bytearray(packed(("item.xml", ITEM)))
    struct.pack_into("<I", data, data.index(b"PK\1\2") + 24, len(ITEM) + 1)
    assert "shorter than it says" in refusal(bytes(data))


def test_files_may_not_be_larger_together_than_allowed():
    data = packed(("a.xml", ITEM), ("b.xml", ITEM))
    assert len(read_zip(data, largest=2 * len(ITEM))) == 2
    assert "too much" in refusal(data, largest=2 * len(ITEM) - 1)


def test_files_that_lie_in_one_another_are_refused():
    """The quoted overlap of D. Fifield, A better zip bomb (2019): one packed piece, named again and again."""
    data = packed(*((f"{number}.xml", ITEM) for number in range(3)))
    start = data.index(b"PK\1\2")
    central = data[start:]
    second = central.index(b"PK\1\2", 4)
    for offset in (0, 1):
        moved = bytearray(data)
        struct.pack_into("<I", moved, start + second + 42, offset)
        assert "lie in one another" in refusal(bytes(moved))
    wide = bytearray(data)
    size = struct.unpack_from("<I", wide, start + 20)[0]
    struct.pack_into("<I", wide, start + 20, size + 100)
    assert "lie in one another" in refusal(bytes(wide))


def test_too_many_files_are_refused_before_they_are_looked_at():
    many = packed(*((f"{number}", b"") for number in range(MOST)))
    assert len(read_zip(many)) == MOST
    million = packed(*((f"{number}", b"") for number in range(MOST + 1))) + b"PK\1\2" * 1_000_000
    begun = time.thread_time()
    assert refusal(million) == "The archive holds more than 1,000 files."
    assert time.thread_time() - begun < 0.5


@pytest.mark.parametrize("data", [b"", b"PK", b"<html>", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive_is_told(data):
    assert refusal(data).startswith("The archive is broken: ")


def test_an_archive_that_was_cut_or_damaged_anywhere_is_refused_or_whole():
    data = packed(("item.xml", ITEM), ("photo.jpg", PHOTO[:500]))
    whole = read_zip(data)
    for length in range(len(data)):
        assert refusal(data[:length])
    chance = random.Random(29)  # noqa: S311 - damage, not a secret
    for _ in range(3_000):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        try:
            found = read_zip(bytes(damaged))
        except FormatError:
            continue
        assert set(found.values()) <= set(whole.values())
