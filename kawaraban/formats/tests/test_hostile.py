"""Documents that are cut off, broken, or made to do harm: refused whole, at once, or read as inert text."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import nh3
import pytest

from kawaraban.formats import bodies, detect, feeds, newsml, ninjs, testing, values
from kawaraban.formats.items import FormatError, Item

SAMPLES = {path.name: path.read_bytes() for path in sorted((Path(__file__).parent / "samples").iterdir())}
CHANNEL = feeds.Channel("Courier", "https://courier.example/", "https://courier.example/feed")
LONG = testing.rich_item(body=testing.rich_item().body * 40)
WRITTEN = {
    "ninjs": ninjs.write_many([LONG, LONG]),
    "newsml": newsml.write(LONG),
    "atom": feeds.write_atom([LONG, LONG], CHANNEL),
    "rss": feeds.write_rss([LONG, LONG], CHANNEL),
    "json-feed": feeds.write_json_feed([LONG, LONG], CHANNEL),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_document_cut_at_any_kilobyte_is_refused_whole(name):
    data = WRITTEN[name]
    assert detect.read(data)
    assert len(data) > 20_000
    for end in range(0, len(data), 1024):
        with pytest.raises(FormatError):
            detect.read(data[:end])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_cut_anywhere_is_refused_whole(name):
    data = SAMPLES[name].rstrip()
    for end in (*range(0, len(data), 61), len(data) - 1):
        for cut in (data[:end], data[:end].decode("cp1252").encode("utf-16")):
            with pytest.raises(FormatError):
                detect.read(cut)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_with_any_byte_changed_is_read_or_refused_and_nothing_else(name):
    chance = random.Random(name)  # noqa: S311 - which bytes are changed is no secret
    data = SAMPLES[name]
    for _ in range(120):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.choice(b"\x00\xff<>&\"'[]{}=,:\\ 9aA\n")
        try:
            found = detect.read(bytes(changed))
        except FormatError:
            continue
        assert all(isinstance(item, Item) and item.guid for item in found)


REFUSED = {
    "nothing": b"",
    "spaces": b" \n ",
    "plain text": b"Not news.",
    "a page": b"<!DOCTYPE html><html><body>Too many requests</body></html>",
    "a page without a doctype": b"<html><body>Too many requests</body></html>",
    "another format": b"<NewsML Version='1.2'/>",
    "an empty message": b'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet/></newsMessage>',
    "an item without a name": b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"/>',
    "two roots": b"<rss/><rss/>",
    "entities": b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><title>&a;</title></channel></rss>',
    "an entity of a file": b'<!DOCTYPE nitf [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf>&a;</nitf>',
    "a parameter entity": b'<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://127.0.0.1/a.dtd">%a;]><rss/>',
    "a doctype of newsml": b'<!DOCTYPE newsItem SYSTEM "a.dtd"><newsItem guid="a:1"/>',
    "a doctype behind a comment": b'<!-- > --><?a b?><!DOCTYPE newsItem SYSTEM "a.dtd"><newsItem guid="a:1"/>',
    "an unknown entity": b"<rss><channel><title>&who;</title></channel></rss>",
    "UTF-7": b'<?xml version="1.0" encoding="utf-7"?><rss/>',
    "a codec that is no charset": b'<?xml version="1.0" encoding="rot13"?><rss/>',
    "the wrong charset": '<?xml version="1.0" encoding="utf-8"?><rss>é</rss>'.encode("latin-1"),
    "UTF-16 by name alone": b'<?xml version="1.0" encoding="utf-16"?><rss/>',
    "NUL in XML": b"<rss>\x00</rss>",
    "JSON in the wrong charset": '{"uri": "a:é"}'.encode("latin-1"),
    "JSON too deep": b'{"uri": "a:1", "x": ' + b"[" * 33 + b"]" * 33 + b"}",
    "JSON with more behind it": b'{"uri": "a:1"} {"uri": "a:2"}',
    "a number of a million digits": b'{"uri": "a:1", "version": ' + b"9" * 1_000_000 + b"}",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_delivery_of_news_is_refused(name):
    with pytest.raises(FormatError, match=r"\.$"):
        detect.read(REFUSED[name])


BOMBS = """
import json, time
from kawaraban.formats import detect
from kawaraban.formats.items import FormatError

def rss(html):
    item = b"<item><guid>1</guid><description><![CDATA[" + html + b"]]></description></item>"
    return b"<rss><channel>" + item + b"</channel></rss>"

def peak():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024

many = 100_000
bombs = {
    "laughs": lambda: b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>' + b"&b;" * many + b"</rss>",
    "deep": lambda: b"<a>" * many + b"</a>" * many,
    "deep rss": lambda: b"<rss>" + b"<a>" * many,
    "attribute": lambda: b'<rss a="' + b"x" * 2_000_000 + b'"></rss',
    "attributes": lambda: b"<rss " + b'a="1" ' * 400_000 + b"/>",
    "elements": lambda: b"<rss>" + b"<a/>" * 1_900_000 + b"</rss>",
    "name": lambda: b"<" + b"a" * 2_000_000 + b"/>",
    "comment": lambda: b"<!--" + b"-" * 2_000_000,
    "size": lambda: b"<rss>" + b" " * 8_000_000 + b"</rss>",
    "html deep": lambda: rss(b"<div>" * many),
    "html tags": lambda: rss(b"<p>" * 290_000),
    "html long": lambda: rss(b"a" * 2_100_000),
    "json deep": lambda: b"[" * many,
    "json parts": lambda: b"[" + b"{}," * 2_000_000,
    "json quotes": lambda: b'["' + b'\\\\"' * 1_000_000,
    "json html": lambda: json.dumps({"uri": "a:1", "body_html": "<b>" * many}).encode(),
}
detect.read(b'{"uri": "a:1"}')
before = peak()
for name, make in bombs.items():
    data = make()
    started = time.monotonic()
    try:
        detect.read(data)
        outcome = "read"
    except FormatError:
        outcome = "refused"
    print(json.dumps([name, outcome, time.monotonic() - started, peak() - before]))
"""


def test_bombs_are_refused_within_a_second_and_64_megabytes():
    ran = subprocess.run([sys.executable, "-c", BOMBS], capture_output=True, text=True, timeout=60, check=True)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(told) == 16
    assert [each for each in told if each[1] != "refused" or each[2] > 1 or each[3] > 64] == []


ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\tscript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="https://user:secret@a.example/">x</a>',
    '<iframe src="https://a.example/"></iframe>',
    "<style>body{display:none}</style>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<b style=color:red onclick=alert(1)>x</b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p>\x00\ud800\ufffe<b>x</b>",
    "</p></div></body></html><script>alert(1)</script>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_that_does_something_becomes_text_without_it(attack):
    html = f"<p>Before {attack}</p><blockquote>{attack}</blockquote><ul><li>{attack}</li></ul><h2>{attack}</h2>after"
    document = json.dumps({"uri": "a:1", "headline": attack, "body_html": html})
    for item in (
        *detect.read(document.encode()),
        *feeds.read(feeds.write_rss([testing.rich_item(headline=attack, body=(("paragraph", html),))], CHANNEL)),
    ):
        assert item.body
        for kind, value in item.body:
            for said in value if kind == "list" else [value] if kind == "paragraph" else []:
                inert = nh3.clean(said, tags={"a", "b", "i"}, attributes={"a": {"href"}}, link_rel=None)
                assert inert.replace("&nbsp;", "\xa0") == said
                assert not re.search(r"(?i)<(?!/?(?:a|b|i)\b)|javascript:|data:|secret|on\w+=[^<]*>", said)
        assert values.text(str(item.body)) == str(item.body)


ELSEWHERE = ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "..", ".hidden", "a\\b.jpg", "c:a.jpg", ""]
ELSEWHERE += ["ftp://a.example/a.jpg", "//a.example/a", "javascript:alert(1)"]


@pytest.mark.parametrize("href", ELSEWHERE)
def test_a_file_of_a_delivery_has_a_bare_name(href):
    assert values.rendition(href) is None


def test_texts_are_free_of_what_nothing_can_store():
    document = '{"uri": "a:1", "headline": "a\\u0000b\\ud800c\\ufffe", "body_text": "x\\u0000y\\udfff", "\\ud800": 1}'
    [item] = detect.read(document.encode())
    assert (item.headline, item.body) == ("abc", (("paragraph", "xy"),))


def test_what_is_of_the_wrong_type_is_as_if_it_were_not_there():
    wrong = [None, True, 7, 1.5, 1e308, "x", [], {}, [None], [[]], [{}], {"x": None}, {"name": 7}, -1]
    names = sorted(
        {*re.findall(r'"(\w+)":', SAMPLES["ninjs-1.json"].decode() + SAMPLES["ninjs-3.json"].decode())} - {"uri"}
    )
    for value in wrong:
        assert len(detect.read(json.dumps({**dict.fromkeys(names, value), "uri": "a:1"}).encode())) == 1
    for value in wrong:
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": value, "authors": value}
        names = (
            "title",
            "summary",
            "content_html",
            "date_published",
            "authors",
            "author",
            "tags",
            "attachments",
            "image",
        )
        feed["items"] = [{"id": "1", **dict.fromkeys(names, value)}, value]
        assert len(detect.read(json.dumps(feed).encode())) == 1


def test_a_very_long_name_stays_the_same_name():
    read = [detect.read(json.dumps({"uri": "a:" + "x" * 5_000}).encode())[0].guid for _ in range(2)]
    assert read[0] == read[1]
    assert len(read[0]) < values.MAX_GUID


def test_a_text_of_many_paragraphs_is_kept_to_its_limit_with_a_word_about_it():
    warnings = []
    assert len(bodies.read_html("<p>x</p>" * (bodies.MAX_BLOCKS + 1), warnings).blocks) == bodies.MAX_BLOCKS
    assert "2,001 paragraphs" in warnings[0]
