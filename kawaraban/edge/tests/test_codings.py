"""A browser gets the coding that it asks for, and reads the page out of it."""

from __future__ import annotations

import gzip
import random

import brotli
import pytest
import zstandard

from kawaraban.edge import codings

PAGE = b"<p>The bridge is promised again.</p>" * 100
READERS = {
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "gzip": gzip.decompress,
    "identity": bytes,
}


@pytest.mark.parametrize("coding", codings.PREFERRED)
def test_every_coding_gives_the_page_back_and_is_the_same_each_time(coding):
    encoded = codings.encode(PAGE, coding)
    assert READERS[coding](encoded) == PAGE
    assert codings.encode(PAGE, coding) == encoded
    assert coding == "identity" or len(encoded) < len(PAGE) / 10


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("zstd, gzip", "zstd"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "zstd"),
        ("gzip;q=0", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip", "gzip"),
        ("br;q=2", "identity"),
        ("br;q=oranges", "identity"),
        ("br;level=11", "identity"),
        ("deflate, compress", "identity"),
        (", ,", "identity"),
    ],
)
def test_the_best_coding_that_is_accepted(header, coding):
    assert codings.best(header.encode()) == coding


def test_whatever_a_header_holds_there_is_a_coding():
    chance = random.Random(1)  # noqa: S311
    signs = b"gzip,br;q=0.5*\x00\xff \t-x"
    for _ in range(2_000):
        header = bytes(chance.choice(signs) for _ in range(chance.randrange(60)))
        assert codings.best(header) in codings.PREFERRED
