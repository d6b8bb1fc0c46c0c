"""A saved page is a story and its comments, whole or not at all."""

import pytest

from kawaraban.importers.page_file import lines_of
from kawaraban.importers.saved_page import Byline, parse
from kawaraban.importers.tests.pages import COMMENTS, STORY, line_of, page_text, parsed


# --- A whole page -----------------------------------------------------------------------------------------------------
def test_a_page_becomes_a_story() -> None:
    page = parsed(page_text())
    assert page.site_name == "The Harbour Post"
    assert page.section == "world"
    assert page.headline == "Last ferry of the islands sails on Sunday"
    assert page.bylines == (Byline("Jane Doe", "person"),)
    assert page.standfirst == ""
    assert page.paragraphs == STORY
    assert page.copyright_lines == ("© Agence 2021.", "©2021 Harbour Press Inc.")
    assert page.comment_count == 2
    assert page.network_heading == "Articles, Offers & Useful Resources"
    assert [text for _, text in page.network_lines] == ["A mix of what our sister sites write"]
    assert (page.leftovers, page.warnings) == ((), ())


def test_a_page_becomes_comments() -> None:
    text = page_text()
    page = parsed(text)
    assert page.closed
    assert page.closed_notice == "Comments have been disabled You can no longer respond to this thread."
    assert [(c.number, c.text, c.net, c.up, c.down) for c in page.comments] == [
        (1, "A sad day.", 3, 4, 1),
        (2, "Good.\n\nBuild the bridge.", -2, 1, 3),
    ]
    first, second = page.comments
    assert (first.first_line, first.last_line) == (line_of(text, "A sad day."), line_of(text, "3 ( +4 / -1 )"))
    assert (second.first_line, second.last_line) == (line_of(text, "Good."), line_of(text, "-2 ( +1 / -3 )"))
    assert (first.author, first.time_text, first.evidence) == (None, None, ())


def test_an_html_page_becomes_the_same_story_and_comments() -> None:
    text = page_text(comments=[*COMMENTS[:1], ("One\ntwo\n\n\u00a0 \u00a0quoted\n\nthree", "0 ( +0 / -0 )")])
    top, *rest = text.replace("&", "&amp;").split("\n\n")
    html = "".join(f"<p>{line}</p>" for line in top.split("\n"))
    html += "".join(f"<div><p>{block}</p></div>".replace("\n", "<br>") for block in rest)
    page = parse(lines_of(f"<!doctype html><body>{html}</body>".encode()))
    wanted = parsed(text)
    for name in ("headline", "bylines", "paragraphs", "copyright_lines", "comment_count", "closed", "closed_notice"):
        assert getattr(page, name) == getattr(wanted, name)
    assert page.photo is not None
    assert wanted.photo is not None
    assert (page.photo.caption, page.photo.credit) == (wanted.photo.caption, wanted.photo.credit)
    assert (page.network_heading, page.leftovers) == (wanted.network_heading, wanted.leftovers)
    assert [(c.text, c.up, c.down) for c in page.comments] == [(c.text, c.up, c.down) for c in wanted.comments]


def test_html_tells_authors_and_times() -> None:
    comment = (
        '<div class="comment"><b class="author">Ada</b> <i class="number">#3</i>'
        '<time datetime="2021-04-03T07:01">x</time>'
        "<p>A sad day.</p><p>3 ( +4 / -1 )</p></div>"
    )
    body = "<p>Site</p><p>world</p><h1>Head</h1><p>1 Comment</p><p>Story.</p><p>1 Comment</p>" + comment
    page = parse(lines_of(f"<!doctype html><title>Head | The Site</title><body>{body}".encode()))
    (found,) = page.comments
    assert (found.text, found.author, found.time_text) == ("A sad day.", "Ada", "2021-04-03T07:01")
    assert [(e.kind, e.tells, e.quoted_in) for e in found.evidence] == [
        ("html", ("author",), None),
        ("html", ("time",), None),
    ]
    assert page.site_name == "The Site"
    assert [warning.message for warning in page.warnings] == ["Line 1: the page calls comment 1 number #3."]


# --- Above the story --------------------------------------------------------------------------------------------------
def test_the_photo_tells_title_caption_and_credit() -> None:
    photo = parsed(page_text()).photo
    assert photo is not None
    assert photo.title == "A ferry leaves the old harbour"
    assert photo.caption == "A ferry leaves the old harbour of Tsuno on a grey morning, April 2, 2021."
    assert (photo.photographer, photo.agency) == ("Jane Roe", "Agence")
    assert photo.credit == "AGENCE/Jane Roe/File Photo Image: Agence/Jane Roe"
    assert photo.file_photo
    assert photo.line == 3


@pytest.mark.parametrize(
    ("line", "caption", "photographer", "agency", "file_photo"),
    [
        ("A gull over the pier", "A gull over the pier", "", "", False),
        ("A gull. Image: Kyodo", "A gull.", "", "Kyodo", False),
        ("A gull. Photo: Jane Roe", "A gull.", "Jane Roe", "", False),
        ("A gull. Image: AP/Jane Roe", "A gull.", "Jane Roe", "AP", False),
        ("A gull, 2021. REUTERS/Jane Roe", "A gull, 2021.", "Jane Roe", "Reuters", False),
        ("A gull, 2021. (AP Photo/Jane Roe, File)", "A gull, 2021.", "Jane Roe", "AP", True),
        ("A gull. REUTERS/File Photo", "A gull.", "", "Reuters", True),
        ("A gull. Jane Roe/Pool", "A gull. Jane Roe/Pool", "", "", False),
        ("A gull. REUTERS/Jane Roe/File Photo", "A gull.", "Jane Roe", "Reuters", True),
        ("FILE PHOTO: A gull", "A gull", "", "", True),
        ("FILE - A gull", "A gull", "", "", True),
        ("A gull at 7/8 speed", "A gull at 7/8 speed", "", "", False),
    ],
)
def test_one_photo_line_is_a_caption(line: str, caption: str, photographer: str, agency: str, file_photo: bool) -> None:
    photo = parsed(page_text(above=("The Post", line, "world", ""))).photo
    assert photo is not None
    assert (photo.title, photo.caption, photo.photographer, photo.agency, photo.file_photo) == (
        "",
        caption,
        photographer,
        agency,
        file_photo,
    )


def test_a_page_without_photo_has_none() -> None:
    page = parsed(page_text(above=("The Post", "food & drink", "")))
    assert (page.site_name, page.section, page.photo) == ("The Post", "food & drink", None)


def test_a_page_of_a_bare_headline_has_no_section_and_no_site() -> None:
    page = parsed(page_text(above=()))
    assert (page.site_name, page.section, page.photo, page.headline) == (
        "",
        "",
        None,
        "Last ferry of the islands sails on Sunday",
    )


def test_further_lines_above_the_headline_are_left_over_not_lost() -> None:
    page = parsed(
        page_text(above=("The Post", "A first picture of it", "A second one", "The third. Image: AP", "world"))
    )
    assert page.photo is not None
    assert (page.photo.title, page.photo.caption) == ("A first picture of it", "The third.")
    assert page.leftovers == ((3, "A second one"),)


@pytest.mark.parametrize(
    ("byline", "bylines"),
    [
        ("", ()),
        ("By Staff", (("Staff", "staff"),)),
        ("by KYODO", (("KYODO", "agency"),)),
        (
            "By Ada Lane, Bo de la Cruz and Jane Doe",
            (("Ada Lane", "person"), ("Bo de la Cruz", "person"), ("Jane Doe", "person")),
        ),
        ("By Ada Lane, Associated Press", (("Ada Lane", "person"), ("Associated Press", "agency"))),
        ("By Ada Lane & Harbour News", (("Ada Lane", "person"), ("Harbour News", "agency"))),
        ("By John Roe Jr. and 山田太郎", (("John Roe Jr.", "person"), ("山田太郎", "person"))),
    ],
)
def test_bylines_tell_people_agencies_and_staff(byline: str, bylines: tuple[tuple[str, str], ...]) -> None:
    page = parsed(page_text(byline=byline))
    assert tuple((each.name, each.kind) for each in page.bylines) == bylines
    assert page.paragraphs == STORY


def test_a_story_that_begins_with_by_has_no_byline() -> None:
    page = parsed(page_text(byline="", story=("By noon the pier was empty.", *STORY)))
    assert page.bylines == ()
    assert page.paragraphs[0] == "By noon the pier was empty."


def test_a_byline_and_a_date_above_the_count_are_found() -> None:
    text = page_text(headline="Last ferry sails\n\nBy Jane Doe\n\nApr 3, 2021 07:01 am JST", byline="")
    page = parsed(text)
    assert (page.headline, page.bylines) == ("Last ferry sails", (Byline("Jane Doe", "person"),))
    assert [text for _, text in page.leftovers] == ["Apr 3, 2021 07:01 am JST"]


@pytest.mark.parametrize(
    "headline", ["42 comments that sank a ferry", "By 2030, 5 ferries", "100 ( or so ) gulls", "1921"]
)
def test_a_headline_may_look_like_something_else(headline: str) -> None:
    assert parsed(page_text(headline=headline)).headline == headline


@pytest.mark.parametrize(
    ("copyright_lines", "agency"),
    [
        (("© Thomson Reuters 2021.", "©2021 Harbour Press"), ("Reuters", "copyright line")),
        (("© 2021 AFP",), ("AFP", "copyright line")),
        (("© Northern Wire 2021.", "© Harbour Press"), ("Northern Wire", "copyright line")),
        (("© Harbour Press of Erie, Pa.",), None),
        ((), None),
    ],
)
def test_the_agency_is_guessed_from_the_copyright(
    copyright_lines: tuple[str, ...], agency: tuple[str, str] | None
) -> None:
    page = parsed(page_text(copyright_lines=copyright_lines))
    guess = page.agency
    assert (guess and (guess.value, guess.source)) == agency
    assert page.copyright_lines == copyright_lines


def test_the_agency_is_guessed_from_the_photo_when_nothing_better_tells() -> None:
    page = parsed(page_text(above=("The Post", "A gull. Image: AP/Jane Roe", "world", ""), copyright_lines=("© Post",)))
    assert page.agency is not None
    assert (page.agency.value, page.agency.source, page.agency.line) == ("AP", "photo credit", 2)


def test_paragraphs_are_told_apart_without_blank_lines_and_verses_stay_together() -> None:
    assert parsed(page_text(story=("One is here.\nTwo is “there.”",))).paragraphs == ("One is here.", "Two is “there.”")
    assert parsed(page_text(story=("The gulls\nfly home.", "So."))).paragraphs == ("The gulls\nfly home.", "So.")


def test_no_break_spaces_of_the_story_become_plain() -> None:
    page = parsed(page_text(headline="Last\u00a0ferry  sails", story=("One\u00a0two.",)))
    assert (page.headline, page.paragraphs) == ("Last ferry sails", ("One two.",))
