"""Texts of every make to blocks, and blocks to XHTML."""

import pytest
from lxml import etree

from kawaraban.formats import bodies
from kawaraban.formats.items import FormatError


def blocks(html):
    return bodies.read_html(html, []).blocks


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "Two."]),
        ("One.<br>Two.<br/><br/>Three.", ["One.", "Two.", "Three."]),
        ("Before<p>in</p>after", ["Before", "in", "after"]),
        ("<div>a<div>b</div>c</div>d", ["a", "b", "c", "d"]),
        ("<p>a <span>b</span><u>c</u> <sup>d</sup></p>", ["a bc d"]),
        ("<p> \n a \t b\n</p>  <p></p><p> </p>", ["a b"]),
        ("<p>a&nbsp;b &amp; c &lt;d&gt; &eacute;</p>", ["a\xa0b &amp; c &lt;d&gt; é"]),
        ("<p>日本語　の文</p>", ["日本語　の文"]),
        ("<p><strong>a</strong><b> b</b> <em>c</em></p>", ["<b>a b</b> <i>c</i>"]),
        ("<p><b></b>a<i> </i>b</p>", ["a b"]),
        ("<p><b>a<p>b</b>c", ["<b>a</b>", "bc"]),
        (
            '<p><a href=" https://a.example/?b&c ">x <b>y</b></a></p>',
            ['<a href="https://a.example/?b&amp;c">x <b>y</b></a>'],
        ),
        ('<p><a href="mailto:desk@a.example">x</a></p>', ['<a href="mailto:desk@a.example">x</a>']),
        ('<p><a href="/story">x</a> <a>y</a> <a href="ftp://a.example/">z</a></p>', ["x y z"]),
        ("<p>He said <q>no</q>.</p>", ["He said “no”."]),
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", ["a | b", "1 | 2"]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", ["a", "b"]),
        ("a<pre>b\nc <b>d</b>\n</pre>e", ["a", "b", "c d", "e"]),
        ("<pre>a\nb\n\nc</pre>", ["a b", "c"]),
        ("<p>a<!-- b -->c<?d e?>f</p>", ["acf"]),
        ("<head><title>x</title></head><p>a</p>", ["a"]),
    ],
)
def test_text_becomes_paragraphs(html, paragraphs):
    assert blocks(html) == tuple(("paragraph", each) for each in paragraphs)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h3>A <i>b</i></h3>", [("heading", "A b")]),
        (f"<h2>{'x' * 121}</h2>", [("paragraph", f"<b>{'x' * 121}</b>")]),
        ("<ul><li>a<li><p>b</p><p>c</p></ul>", [("list", ["a", "b", "c"])]),
        ("<ol><li>a<ul><li>b</li></ul></li></ol>x", [("list", ["a", "b"]), ("paragraph", "x")]),
        ("<blockquote>a<p>b</p></blockquote>", [("quote", {"text": "a\nb", "attribution": ""})]),
        (
            "<blockquote><p>a</p><footer>— <cite>Ann</cite></footer></blockquote>",
            [("quote", {"text": "a", "attribution": "— Ann"})],
        ),
        ("<blockquote><cite>Ann</cite></blockquote>", [("quote", {"text": "Ann", "attribution": ""})]),
        ("<blockquote><ul><li>a</ul><h2>b</h2></blockquote>", [("quote", {"text": "a\nb", "attribution": ""})]),
        ("<p>a <cite>b</cite></p>", [("paragraph", "a <i>b</i>")]),
        (
            "<ul><li>a<blockquote>b</blockquote>c</ul>",
            [("list", ["a"]), ("quote", {"text": "b", "attribution": ""}), ("paragraph", "c")],
        ),
        ("", []),
        ("<p></p><ul></ul><blockquote></blockquote><h2> </h2>", []),
    ],
)
def test_headings_lists_and_quotations_are_blocks_of_their_own(html, expected):
    assert blocks(html) == tuple(expected)


def test_what_is_not_shown_is_left_out_with_a_word_about_it():
    warnings = []
    read = bodies.read_html("<p>a</p><script>b</script><iframe src=c>d</iframe><style>e</style>f", warnings)
    assert read.blocks == (("paragraph", "a"), ("paragraph", "f"))
    assert warnings == ["The text held what is not shown here (iframe, script, style); it was left out."]


def test_pictures_in_a_text_are_taken_out_of_it_with_their_words():
    read = bodies.read_html(
        '<p>a <img src="https://p.example/1.jpg" alt="One" width="10" height="5"> b</p><figure><img src="2.png">'
        "<figcaption>FILE PHOTO: Two</figcaption></figure><img src='//x.example/3.png'>",
        [],
    )
    assert read.blocks == (("paragraph", "a b"),)
    first, second = read.pictures
    assert (first.alt_text, first.renditions[0].width, first.is_file_photo) == ("One", 10, False)
    assert (second.caption, second.renditions[0].href, second.is_file_photo) == ("FILE PHOTO: Two", "2.png", True)


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One line.", ["One line."]),
        ("a\nb\nc", ["a", "b", "c"]),
        ("a\nb\n\n\nc", ["a b", "c"]),
        ("a\r\n \r\nb", ["a", "b"]),
        ("a < b & <script>", ["a &lt; b &amp; &lt;script&gt;"]),
        (" \n ", []),
    ],
)
def test_plain_text_becomes_paragraphs(text, paragraphs):
    assert bodies.read_text(text) == tuple(("paragraph", each) for each in paragraphs)


def test_blocks_are_written_as_xhtml_whatever_they_hold():
    written = bodies.write_xhtml(
        (
            ("paragraph", "<p>a&nbsp;<b>b</p><script>c</script>"),
            ("heading", "a < b"),
            ("quote", {"text": "a & b\nc", "attribution": "<d>"}),
            ("list", ["<i>a", "b"]),
        )
    )
    assert etree.fromstring(f"<div>{written}</div>").tag == "div"
    assert written.splitlines() == [
        "<p>a\xa0<b>b</b></p>",
        "<h2>a &lt; b</h2>",
        "<blockquote><p>a &amp; b</p><p>c</p><p><cite>&lt;d&gt;</cite></p></blockquote>",
        "<ul><li><i>a</i></li><li>b</li></ul>",
    ]


def test_a_standfirst_that_only_begins_the_text_is_none():
    text = (("heading", "Head"), ("paragraph", "The <b>bridge</b> closes on Monday for three weeks, the city says."))
    assert bodies.standfirst("The bridge closes on Monday for three […]", text, "Head") == ""
    assert bodies.standfirst("The bridge closes on Monday.", (), "Head") == "The bridge closes on Monday."
    assert bodies.standfirst("The bridge", text, "Head") == "The bridge"
    assert bodies.standfirst("Head", text, "Head") == ""
    assert bodies.standfirst("bridge closes on Monday for three weeks", text, "Head") != ""


def test_a_text_beyond_its_limits_is_refused():
    for html in ("a" * (bodies.MAX_HTML + 1), "<p>" * (bodies.MAX_TAGS + 1), "<div>" * 300 + "a"):
        with pytest.raises(FormatError):
            bodies.read_html(html, [])
