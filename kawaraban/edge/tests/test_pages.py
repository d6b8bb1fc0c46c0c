"""What is sent for a remembered page: whole, or the word that nothing has changed; and marked while it stands in."""

from __future__ import annotations

import gzip
import re
import time

from django.utils.http import http_date

from kawaraban.edge.pages import CACHE_CONTROL, from_site
from kawaraban.edge.tests.pages import BODY, page


def headers(message):
    return dict(message["headers"])


def test_an_answer_says_what_it_is():
    answer = page("story:12", "site").answer("gzip")
    found = headers(answer.start)
    assert answer.start["status"] == 200
    assert gzip.decompress(answer.body["body"]) == BODY
    assert found[b"content-encoding"] == b"gzip"
    assert found[b"content-length"] == str(len(answer.body["body"])).encode()
    assert found[b"content-type"] == b"text/html"
    assert found[b"etag"] == answer.etag
    assert found[b"vary"] == b"Accept-Encoding"
    assert found[b"cache-control"] == CACHE_CONTROL
    assert found[b"surrogate-key"] == b"site story:12"
    assert found[b"accept-ranges"] == b"none"


def test_a_page_without_a_coding_says_nothing_of_one():
    assert b"content-encoding" not in headers(page().answer("identity").start)


def test_each_coding_has_an_etag_of_its_own_that_names_its_bytes():
    one, other = page("a"), page("b", body=BODY + b"!")
    assert one.answer("br").etag != one.answer("gzip").etag
    assert one.answer("br").etag == page("c").answer("br").etag
    assert one.answer("br").etag != other.answer("br").etag
    assert re.fullmatch(rb'"[0-9a-f]{24}-br"', one.answer("br").etag)


def test_unmodified_has_neither_length_nor_type():
    short = page().answer("br").unmodified
    assert short["status"] == 304
    assert {b"etag", b"cache-control", b"vary"} <= headers(short).keys()
    assert not {b"content-length", b"content-encoding", b"content-type"} & headers(short).keys()


def test_who_has_the_page_is_known_by_its_etag():
    shown = page()
    etag = shown.answer("br").etag
    assert shown.is_known(etag, etag, None)
    assert shown.is_known(etag, b'"other", W/' + etag, None)
    assert shown.is_known(etag, b"*", None)
    assert not shown.is_known(etag, shown.answer("gzip").etag, None)
    # RFC 9110, section 13.1.3: a date counts only where there is no tag.
    assert not shown.is_known(etag, b'"other"', http_date(time.time()).encode())


def test_who_has_a_document_is_known_by_its_date():
    feed = page()
    at = 1_800_000_000
    feed.headers.append((b"last-modified", http_date(at).encode()))
    etag = feed.answer("br").etag
    assert feed.is_known(etag, None, http_date(at).encode())
    assert feed.is_known(etag, None, http_date(at + 60).encode())
    assert not feed.is_known(etag, None, http_date(at - 1).encode())
    assert not feed.is_known(etag, None, b"yesterday")
    assert not page().is_known(etag, None, http_date(at).encode())


def test_a_page_that_stands_in_says_so_and_is_kept_by_nobody():
    shown = page(began=time.monotonic() - 90)
    fresh = shown.answer("identity")
    shown.failed = time.monotonic()
    marked = shown.answer("identity")
    text = marked.body["body"].decode()
    assert "data-out-of-order>" in text
    assert re.search(r'at <time datetime="[^"]+">\d\d:\d\d</time>', text)
    assert headers(marked.start)[b"cache-control"] == b"no-store"
    assert marked.etag != fresh.etag
    shown.failed = None
    assert shown.answer("identity") is fresh


def test_what_the_site_says_of_keeping_and_coding_is_not_handed_on():
    said = [(b"Content-Type", b"text/html"), (b"Vary", b"Cookie"), (b"ETag", b'"x"'), (b"Cache-Control", b"no-cache")]
    assert from_site(said) == [(b"content-type", b"text/html")]


def test_a_page_takes_more_room_with_each_coding():
    shown = page()
    before = shown.size
    shown.answer("br")
    assert shown.size > before
