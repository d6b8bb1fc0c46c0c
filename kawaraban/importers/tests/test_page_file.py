"""A saved page of either kind becomes numbered lines, or a sentence that says why not."""

import os
from pathlib import Path

import pytest

from kawaraban.importers.page_file import MAX_BYTES, MAX_LINES, PageError, PageLines, lines_of, read_lines
from kawaraban.importers.saved_page import parse


def texts(page: PageLines) -> list[str]:
    """The lines with words on them."""
    return [line.text for line in page.lines if line.text]


def html_page(body: str, title: str = "") -> bytes:
    """A document with this body."""
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def refusal(data: bytes) -> str:
    """What is said about these bytes."""
    with pytest.raises(PageError) as refused:
        lines_of(data, "page.txt")
    return refused.value.message


# --- Files ------------------------------------------------------------------------------------------------------------
def test_a_text_keeps_its_line_numbers_and_blank_lines(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(b"one\r\n\r\nthree\rfour\x0cstill four\n")
    page = read_lines(file)
    assert [(line.number, line.text) for line in page.lines] == [
        (1, "one"),
        (2, ""),
        (3, "three"),
        (4, "four\x0cstill four"),
        (5, ""),
    ]
    assert page.warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_page_is_read_in_any_unicode_encoding(encoding: str) -> None:
    page = lines_of("“Größe” © 東京\nzwei".encode(encoding))
    assert texts(page) == ["“Größe” © 東京", "zwei"]
    assert page.warnings == ()


def test_a_page_in_windows_1252_is_read_with_a_warning_that_names_the_line() -> None:
    page = lines_of("plain\n“quoted” © 2024\n".encode("cp1252"))
    assert texts(page) == ["plain", "“quoted” © 2024"]
    assert [warning.line for warning in page.warnings] == [2]
    assert "Windows-1252" in page.warnings[0].message


def test_a_page_that_names_its_encoding_is_read_in_it() -> None:
    body = '<html><head><meta charset="Shift_JIS"></head><body><p>東京の橋</p></body></html>'
    page = lines_of(body.encode("cp932"))
    assert texts(page) == ["東京の橋"]


def test_a_page_cut_within_a_letter_is_still_utf_8() -> None:
    page = lines_of("first\n© 2024".encode()[:7])
    assert texts(page) == ["first"]
    assert "probably missing" in page.warnings[0].message


@pytest.mark.parametrize("data", [b"", b"  \n\r\n\t ", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert "is empty, so nothing was imported" in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"text with a \x00 in it",
        b"\x81\x8d\x8f\x90 no encoding has these",
        b"\xff\xfeodd",
        b"\x01\x02\x03\x04 controls",
    ],
)
def test_what_is_not_text_is_refused(data: bytes) -> None:
    assert "is not a file of text, so nothing was imported" in refusal(data)


def test_a_web_archive_is_refused_with_what_to_do_instead() -> None:
    data = b"From: <Saved by Browser>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\n<html>"
    assert "save the page as text or as HTML" in refusal(data)


def test_a_missing_file_a_directory_and_a_pipe_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, said in (
        (tmp_path / "absent.txt", "absent.txt does not exist"),
        (tmp_path, "is a directory"),
        (pipe, "pipe is not a regular file"),
        (tmp_path / "nul\x00.txt", "cannot be read"),
    ):
        with pytest.raises(PageError, match="nothing was imported") as refused:
            read_lines(path)
        assert said in refused.value.message
        assert refused.value.message.endswith(".")


def test_a_large_file_is_refused_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as out:
        out.truncate(10 * MAX_BYTES)  # A hole in the disk: 200 MB that nobody wrote.

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", never)
    with pytest.raises(PageError, match=r"large.txt is 200\.0 MB"):
        read_lines(file)


def test_a_page_of_too_many_lines_is_refused() -> None:
    assert "more than 1,000,000 lines" in refusal(b"a" + b"\n" * (MAX_LINES + 1))


# --- HTML -------------------------------------------------------------------------------------------------------------
def test_html_becomes_the_lines_of_its_text() -> None:
    page = lines_of(
        html_page(
            """<script>var x = "<p>no</p>";</script><style>p {}</style><nav><a href="/">Menu</a></nav>
<h1>A  <b>bold</b>
   headline</h1>
<p>One<br>two &amp; <i>three</i>
<p>Four<template><p>never</template><noscript>off</noscript>
<ul><li>five<li>six</ul>"""
        )
    )
    assert [line.text for line in page.lines] == [
        "A bold headline",
        "",
        "One",
        "two & three",
        "",
        "Four",
        "",
        "five",
        "",
        "six",
    ]


def test_html_lines_have_the_numbers_of_the_source() -> None:
    page = lines_of(b"<!doctype html>\n<body>\n<p>a</p>\n<div>\n\n  b\n  c<br>\n<!-- x\n y -->\nd</div>")
    assert [(line.number, line.text) for line in page.lines if line.text] == [(3, "a"), (6, "b c"), (10, "d")]


def test_the_title_is_kept_apart_and_images_speak_through_their_words() -> None:
    page = lines_of(
        html_page(
            '<figure><img src="a.jpg" alt="A bridge"><figcaption>A bridge. Image: AP</figcaption></figure><p>x</p>',
            "T & U",
        )
    )
    assert page.title == "T & U"
    assert [(line.text, line.role) for line in page.lines if line.text] == [
        ("A bridge", "photo"),
        ("A bridge. Image: AP", "photo"),
        ("x", ""),
    ]


def test_indentation_survives_as_it_does_in_a_text() -> None:
    page = lines_of(html_page("<p>&nbsp;&nbsp; quoted</p><blockquote><p>more</p></blockquote><pre>a\n  b</pre>"))
    assert texts(page) == ["\u00a0\u00a0 quoted", "    more", "a", "\u00a0\u00a0b"]


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("\n<!-- saved -->\n<HTML><p>a</p>", True),
        ("<?xml version='1.0'?><!DOCTYPE html><html><p>a</p></html>", True),
        ("<div>\n" + "<p>a</p>\n" * 20, True),
        ("A talk about <html> and <p>\n" * 30, False),
        ("<3 is a heart", False),
    ],
)
def test_html_is_recognised_by_its_content(text: str, is_html: bool) -> None:
    page = lines_of(text.encode())
    assert any("<" in line.text for line in page.lines) is not is_html


def test_labels_of_buttons_are_no_text_but_numbers_on_them_are() -> None:
    page = lines_of(
        html_page("<p>words</p><p>1 ( <button>+3</button> / <button>-2</button> ) <button>Reply</button></p>")
    )
    assert texts(page) == ["words", "1 ( +3 / -2 )"]


# --- What HTML tells about comments -----------------------------------------------------------------------------------
COMMENT = (
    '<li class="comment"><p class="comment__head"><a class="comment__who">{who}</a> wrote'
    ' <time datetime="{when}">then</time></p>'
    "<p>{text}</p><p>1 ( +1 / -0 )</p></li>"
)


def test_authors_and_times_are_told_of_comments_and_are_not_their_text() -> None:
    page = lines_of(
        html_page(
            "<p>By <span class='author'>Story Writer</span></p><ul class='comments'>"
            + COMMENT.format(
                who="Ada", when="2024-05-31T07:01", text="Hello <a class='handle'>@Bob</a>, you are wrong."
            )
            + COMMENT.format(who="Bob", when="2024-05-31T07:09", text="No.")
            + "</ul>"
        )
    )
    assert texts(page) == ["By Story Writer", "Hello @Bob, you are wrong.", "1 ( +1 / -0 )", "No.", "1 ( +1 / -0 )"]
    told = [(page.lines[hint.at].text, hint.kind, hint.value) for hint in page.hints]
    assert told == [
        ("1 ( +1 / -0 )", "author", "Ada"),
        ("1 ( +1 / -0 )", "time", "2024-05-31T07:01"),
        ("1 ( +1 / -0 )", "author", "Bob"),
        ("1 ( +1 / -0 )", "time", "2024-05-31T07:09"),
    ]
    assert [text for _, text in page.set_aside] == ["wrote", "wrote"]


@pytest.mark.parametrize(
    "element",
    [
        '<div class="comment"><b itemprop="author">Ada</b><p>Words.</p>0 ( +0 / -0 )</div>',
        '<div id="comment-7"><a rel="nofollow author">Ada</a><p>Words.</p>0 ( +0 / -0 )</div>',
        '<div class="userComment"><div class="commentAuthor">Ada</div><p>Words.</p><p>0 ( +0 / -0 )</p></div>',
        '<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author"><i itemprop="name">Ada</i>'
        "</span><p>Words.</p><p>0 ( +0 / -0 )</p></div>",
        '<div class="comment"><p>Words.</p><div class="comment-handle">Ada</div><p>0 ( +0 / -0 )</p></div>',
        '<div class="comment"><img src="a.png" alt="Ada L"><b class="author">Ada</b><p>Words.</p>0 ( +0 / -0 )</div>',
        '<div class="comment"><div class="comment-author"><b class="fn">Ada</b> says</div>Words.<p>0 (+0/-0)</p></div>',
    ],
)
def test_an_author_is_recognised_in_common_markup(element: str) -> None:
    page = lines_of(html_page(element))
    assert [(hint.kind, hint.value) for hint in page.hints] == [("author", "Ada")]
    assert texts(page)[0] == "Words."
    assert len(texts(page)) == 2


def test_of_two_names_the_first_is_the_author_and_the_second_stays_text() -> None:
    body = '<b class="author">Ada</b><p>Words by</p><p><b class="author">Bob</b></p><p>0 ( +0 / -0 )</p>'
    page = lines_of(html_page(f'<div class="comment">{body}</div>'))
    assert [hint.value for hint in page.hints] == ["Ada"]
    assert texts(page) == ["Words by", "Bob", "0 ( +0 / -0 )"]


@pytest.mark.parametrize(
    "body",
    [
        # In a quotation it is the name of the quoted, above the list it is no comment's at all.
        '<div class="comment"><blockquote><b class="author">Ada</b><p>A.</p></blockquote><p>0 ( +0 / -0 )</p></div>',
        '<div class="comments"><p>Top: <b class="author">Ada</b></p><p>0 ( +0 / -0 )</p><p>0 ( +0 / -0 )</p></div>',
        '<div class="comment"><p><b class="author">Ada</b> is simply wrong about all the bridges.</p>0 (+0/-0)</div>',
        '<div class="comment"><p>@<b class="handle">Ada</b> no</p>0 ( +0 / -0 )</div>',
        '<div class="card"><b class="author">Ada</b><p>Words.</p><p>0 ( +0 / -0 )</p></div>',
    ],
)
def test_other_names_tell_nothing_and_stay_text(body: str) -> None:
    page = lines_of(html_page(body))
    assert page.hints == ()
    assert any("Ada" in line.text for line in page.lines)


def test_an_answer_inside_a_comment_does_not_take_its_author() -> None:
    page = lines_of(
        html_page(
            '<ul id="comments"><li class="comment"><b class="author">Ada</b><p>A</p><p>1 ( +1 / -0 )</p>'
            '<ul><li class="comment"><b class="author">Bob</b><p>B</p><p>2 ( +2 / -0 )</p></li></ul></li></ul>'
        )
    )
    assert [(page.lines[hint.at].text, hint.value) for hint in page.hints] == [
        ("1 ( +1 / -0 )", "Ada"),
        ("2 ( +2 / -0 )", "Bob"),
    ]


# --- Hostile pages ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("tag", ["<div>", "<b>", "<ul><li>", "<span class=comment>", "<blockquote>"])
def test_deep_nesting_is_refused_at_once(tag: str) -> None:
    assert "2,000 elements inside one another" in refusal(b"<html>" + tag.encode() * 100_000)


def test_paragraphs_that_never_end_are_no_nesting() -> None:
    page = lines_of(b"<html>" + b"<p>a<li>b" * 5_000)
    assert len(texts(page)) == 10_000


@pytest.mark.parametrize(
    "piece", ["<a ", "<a b='", "<!--", "<!-->", "<![CDATA[", "<![x", "<?", "</", "<", "</i>", "<br>"]
)
def test_broken_markup_costs_no_more_than_its_length(stopwatch, piece: str) -> None:
    """100 KB of "<a " took the tokenizer a minute and a half."""
    with stopwatch:
        lines_of(f"<html><p>kept</p>{piece * (100_000 // len(piece))}".encode())
    assert stopwatch.seconds < 3


def test_odd_declarations_and_comments_hide_nothing_but_themselves() -> None:
    page = lines_of(
        b"<html><p>a</p><![foo[ no ]]><p>b</p><!--><p>c</p><![if !IE]><p>d</p><![endif]><!-- no --><p>e</p>"
    )
    assert texts(page) == ["a", "b", "c", "d", "e"]


def test_a_broken_end_loses_only_itself() -> None:
    assert texts(lines_of(b"<html><p>kept</p><p>also <b>kept</b> <span cla")) == ["kept", "also kept"]
    assert texts(lines_of(b"<html><p>kept</p><!-- never <p>closed</p>")) == ["kept"]


def test_a_long_discussion_in_html_is_read_in_linear_time(stopwatch) -> None:
    """A tree of 10,000 such comments took BeautifulSoup 15 seconds, and four times that for twice as many."""
    item = COMMENT.format(who="Ada", when="2024", text="One<br>two")
    head = "<p>Site</p><p>world</p><p>Headline</p><p>2,000 Comments</p><p>Story.</p><p>2,000 Comments</p>"
    with stopwatch:
        page = parse(lines_of(html_page(head + item * 2_000)))
    assert stopwatch.seconds < 5
    assert len(page.comments) == 2_000
    assert all(comment.author == "Ada" for comment in page.comments)
