"""A saved page is a story and its comments, whole or not at all."""

import json
import time
from collections.abc import Sequence

import pytest

from kawaraban.importers.page_file import lines_of
from kawaraban.importers.saved_page import Byline, PageError, PageWarning, SavedPage, parse

PHOTO = (
    "FILE PHOTO: A ferry leaves the old harbour",
    "FILE PHOTO: A ferry leaves the old harbour of Tsuno on a grey morning, April 2, 2021. AGENCE/Jane Roe/File Photo"
    " Image: Agence/Jane Roe",
)
STORY = (
    "The last ferry between Tsuno and the islands will leave the old harbour on Sunday, its owner said on Tuesday.",
    '"We carried more gulls than passengers," said one sailor.',
)
COMMENTS = (("A sad day.", "3 ( +4 / -1 )"), ("Good.\n\nBuild the bridge.", "-2 ( +1 / -3 )"))


def page_text(
    *,
    above: Sequence[str] = ("The Harbour Post", *PHOTO, "world", ""),
    headline: str = "Last ferry of the islands sails on Sunday",
    count: str | None = "2 Comments",
    byline: str = "By Jane Doe",
    story: Sequence[str] = STORY,
    copyright_lines: Sequence[str] = ("© Agence 2021.", "©2021 Harbour Press Inc."),
    second_count: str | None = "",
    notice: str = "Comments have been disabled You can no longer respond to this thread.",
    comments: Sequence[tuple[str, str]] = COMMENTS,
    below: Sequence[str] = ("Articles, Offers & Useful Resources", "", "A mix of what our sister sites write"),
) -> str:
    """A page as a browser saves it; `second_count=""` repeats the first, None leaves it out."""
    lines = [*above, headline, ""]
    lines += [count] if count is not None else []
    lines += [byline, ""] if byline else [""]
    for paragraph in (*story, *copyright_lines):
        lines += [paragraph, ""]
    second = count if second_count == "" else second_count
    lines += [second, ""] if second is not None else []
    lines += [notice, ""] if notice else []
    for text, score in comments:
        lines += [text, "", score, ""]
    return "\n".join([*lines, *below])


def parsed(text: str) -> SavedPage:
    """The page of this text."""
    return parse(lines_of(text.encode()))


def refusal(text: str) -> PageError:
    """Why this text is not imported."""
    with pytest.raises(PageError) as refused:
        parsed(text)
    assert "nothing was imported" in refused.value.message
    assert refused.value.message.endswith(".")
    return refused.value


def line_of(text: str, line: str) -> int:
    """The number of this line."""
    return text.split("\n").index(line) + 1


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


# --- Where the comments begin -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "notice",
    [
        "Comments are closed.",
        "Commenting on this story is no longer possible",
        "This thread has been closed to new comments.",
        "You can no longer respond to this thread.",
        "Comments have been disabled\n\nYou can no longer respond to this thread.",
    ],
)
def test_a_closed_discussion_is_recognised_in_other_words(notice: str) -> None:
    page = parsed(page_text(notice=notice))
    assert page.closed
    assert page.closed_notice == notice.replace("\n\n", " ")
    assert page.comments[0].text == "A sad day."


@pytest.mark.parametrize(
    "first",
    ["The thread of this story is no longer the ferry.", "Comments are closed?", "You can no longer trust them."],
)
def test_an_open_discussion_may_begin_with_words_like_a_notice(first: str) -> None:
    page = parsed(page_text(notice="", comments=((first, "0 ( +0 / -0 )"), *COMMENTS[1:])))
    assert not page.closed
    assert page.closed_notice == ""
    assert page.comments[0].text == first


def test_an_invitation_to_sign_in_is_no_comment() -> None:
    page = parsed(page_text(notice="Log in to leave a comment"))
    assert page.comments[0].text == "A sad day."
    assert [text for _, text in page.leftovers] == ["Log in to leave a comment"]


@pytest.mark.parametrize("notice", ["", "Comments are closed."])
def test_the_comments_begin_below_the_copyright_when_the_second_count_is_missing(notice: str) -> None:
    page = parsed(page_text(second_count=None, notice=notice))
    assert [comment.text for comment in page.comments] == [text for text, _ in COMMENTS]
    assert page.paragraphs == STORY
    assert len(page.copyright_lines) == 2


def test_a_copyright_above_the_story_is_not_its_end() -> None:
    story = ("© Jane Roe", "It sails.", "So be it.")
    page = parsed(page_text(second_count=None, notice="", byline="", story=story))
    assert page.paragraphs == story
    assert [comment.text for comment in page.comments] == [text for text, _ in COMMENTS]


@pytest.mark.parametrize("byline", ["", "By Jane Doe"])
def test_a_missing_first_count_changes_nothing(byline: str) -> None:
    page = parsed(page_text(count=None, second_count="2 Comments", byline=byline))
    assert page.headline == "Last ferry of the islands sails on Sunday"
    assert page.paragraphs == STORY
    assert [comment.text for comment in page.comments] == [text for text, _ in COMMENTS]
    assert page.comment_count == 2


def test_a_page_without_any_count_is_read_with_a_warning() -> None:
    page = parsed(page_text(count=None, second_count=None))
    assert len(page.comments) == 2
    assert page.comment_count is None
    assert [warning.message for warning in page.warnings] == [
        "The page does not say how many comments it has, so none can be missed."
    ]


def test_a_page_that_marks_the_beginning_of_its_comments_nowhere_is_refused() -> None:
    text = page_text(second_count=None, copyright_lines=(), notice="")
    assert refusal(text).line == line_of(text, "3 ( +4 / -1 )")


def test_what_stands_between_copyright_and_comments_is_left_over() -> None:
    text = page_text(copyright_lines=("© Post", "Read this too"))
    page = parsed(text)
    line = line_of(text, "Read this too")
    assert page.leftovers == ((line, "Read this too"),)
    assert [warning.line for warning in page.warnings] == [line]
    assert page.paragraphs == STORY


# --- What ends a comment ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("score", "net", "up", "down"),
    [
        ("3 ( +4 / -1 )", 3, 4, 1),
        ("3\u00a0(\u00a0+4\u00a0/\u00a0-1\u00a0)", 3, 4, 1),
        ("\u00a0 3 (+4/-1) ", 3, 4, 1),
        ("-3(+1/-4)", -3, 1, 4),
        ("\u22123 ( +1 / \u22124 )", -3, 1, 4),
        ("+3 ( +4 / \u20131 )", 3, 4, 1),
        ("0 ( 0 / 0 )", 0, 0, 0),
        ("10 ( +11 / -1 )", 10, 11, 1),
        ("1,024 ( +1,030 / -6 )", 1024, 1030, 6),
    ],
)
def test_a_score_is_read_however_it_is_typed(score: str, net: int, up: int, down: int) -> None:
    page = parsed(page_text(comments=(("Yes.", score), *COMMENTS[1:])))
    assert [(c.net, c.up, c.down) for c in page.comments] == [(net, up, down), (-2, 1, 3)]
    assert page.warnings == ()


@pytest.mark.parametrize(
    "line",
    [
        "They won 3 ( +4 / -1 ) in the end",
        "3 ( +4 / -1 ).",
        "3 (4/1)",
        "3 (4/-1)",
        "3 (+4/1)",
        "( +4 / -1 )",
        "3 ( +4 )",
        "By Jane Doe",
        "42 Comments",
        "2 Comments",
        "No comments",
        "© 2020 Me",
        "Comments are closed.",
        "Articles, Offers & Useful Resources",
    ],
)
def test_only_a_score_alone_ends_a_comment(line: str) -> None:
    text = f"Before\n\n{line}\n\nafter"
    page = parsed(page_text(comments=(("First.", "0 ( +0 / -0 )"), (text, "1 ( +1 / -0 )"))))
    assert [comment.text for comment in page.comments] == ["First.", text]
    assert page.warnings == ()


@pytest.mark.parametrize("line", ["By Jane Doe", "42 Comments", "2 Comments", "© 2020 Me", "Related"])
def test_the_first_comment_may_begin_with_anything(line: str) -> None:
    page = parsed(page_text(notice="", comments=((f"{line}\n\nso there", "1 ( +1 / -0 )"), *COMMENTS[1:])))
    assert page.comments[0].text == f"{line}\n\nso there"
    assert page.paragraphs == STORY


def test_a_count_in_the_first_comment_is_not_the_missing_one_above_it() -> None:
    page = parsed(
        page_text(second_count=None, notice="", comments=(("So.\n\n42 Comments", "1 ( +1 / -0 )"), *COMMENTS[1:]))
    )
    assert page.comments[0].text == "So.\n\n42 Comments"
    assert page.comment_count == 2


def test_an_empty_comment_is_kept_with_a_warning() -> None:
    text = page_text(comments=(("First.", "0 ( +0 / -0 )"), ("\u00a0", "5 ( +5 / -0 )")))
    page = parsed(text)
    assert [(comment.number, comment.text, comment.up) for comment in page.comments] == [(1, "First.", 0), (2, "", 5)]
    line = line_of(text, "5 ( +5 / -0 )")
    assert (page.comments[1].first_line, page.comments[1].last_line) == (line, line)
    assert page.warnings == (PageWarning(line, f"Line {line}: comment 2 has a score but no text."),)


def test_a_comment_keeps_its_paragraphs_breaks_and_indentation() -> None:
    typed = "\n\nOne\ntwo\u00a0three   \n\n\n \u00a0\n\n\u00a0 \u00a0AdaToday 07:01\n\tfour\n\u200b\nfive\n\n"
    page = parsed(page_text(comments=((typed, "0 ( +0 / -0 )"), *COMMENTS[1:])))
    assert page.comments[0].text == "One\ntwo three\n\n   AdaToday 07:01\n    four\n\nfive"


def test_a_net_that_disagrees_with_its_votes_is_a_warning() -> None:
    text = page_text(comments=(("First.", "7 ( +4 / -1 )"), *COMMENTS[1:]))
    page = parsed(text)
    assert (page.comments[0].net, page.comments[0].up, page.comments[0].down) == (3, 4, 1)
    line = line_of(text, "7 ( +4 / -1 )")
    assert page.warnings == (
        PageWarning(line, f"Line {line}: comment 1 is said to stand at 7, but +4 and -1 make 3; the votes were kept."),
    )


# --- How many ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", ["1 Comment", "1 comment", "1\u00a0Comments"])
def test_one_comment_is_enough(count: str) -> None:
    page = parsed(page_text(count=count, comments=COMMENTS[:1]))
    assert (page.comment_count, len(page.comments)) == (1, 1)
    assert page.warnings == ()


@pytest.mark.parametrize("count", ["0 Comments", "No comments", "No Comments Yet"])
@pytest.mark.parametrize("second_count", ["", None])
@pytest.mark.parametrize("below", [(), ("Related Articles", "", "12 Comments", "", "Another story")])
def test_no_comment_is_fine(count: str, second_count: str | None, below: tuple[str, ...]) -> None:
    page = parsed(page_text(count=count, second_count=second_count, comments=(), notice="", below=below))
    assert (page.comment_count, page.comments) == (0, ())
    assert page.paragraphs == STORY
    assert page.network_heading == (below[0] if below else "")
    assert page.warnings == ()


def test_one_count_under_two_long_photo_lines_is_the_one_above_the_story() -> None:
    caption = "People walk along the pier of the old harbour of Tsuno on a rainy morning in spring."
    page = parsed(
        page_text(
            above=("The Post", caption, caption, "world"), count="0 Comments", second_count=None, comments=(), below=()
        )
    )
    assert page.headline == "Last ferry of the islands sails on Sunday"
    assert page.paragraphs == STORY


@pytest.mark.parametrize(("count", "stated"), [("1 Comment", 1), ("3 Comments", 3), ("1,000 Comments", 1000)])
def test_a_count_that_disagrees_on_a_whole_page_is_a_warning(count: str, stated: int) -> None:
    text = page_text(count=count)
    page = parsed(text)
    line = text.split("\n").index(count, line_of(text, count)) + 1
    assert (page.comment_count, len(page.comments)) == (stated, 2)
    assert [warning.line for warning in page.warnings] == [line]
    kept = "all of them were kept" if stated == 1 else "look whether two became one"
    assert page.warnings[0].message == f"Line {line} says {stated} comments, but 2 were found; {kept}."


def test_two_counts_that_disagree_are_a_warning_and_the_second_is_believed() -> None:
    page = parsed(page_text(count="1 Comment", second_count="2 Comments"))
    assert (page.comment_count, len(page.comments)) == (2, 2)
    assert [warning.line for warning in page.warnings] == [8]


def test_text_between_last_score_and_footer_is_left_over_with_a_warning() -> None:
    text = page_text(count="3 Comments", below=("A comment whose score was lost.", "", "Related Articles"))
    page = parsed(text)
    line = line_of(text, "A comment whose score was lost.")
    assert page.leftovers == ((line, "A comment whose score was lost."),)
    assert line in [warning.line for warning in page.warnings]
    assert page.network_heading == "Related Articles"


def test_what_follows_all_comments_belongs_to_the_page_whatever_it_is() -> None:
    page = parsed(page_text(below=("something else entirely.", "more of it.")))
    assert page.network_heading == "something else entirely."
    assert [text for _, text in page.network_lines] == ["more of it."]
    assert page.warnings == ()


# --- What is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "Dear diary,\n\ntoday the ferry sailed.",
        "The Post\n\nA headline\n\nA story without a discussion.",
        "3 Comments\n\nyes\n\n1 ( +1 / -0 )",
        "Headline\n\n0 Comments\n",
        "1 ( +1 / -0 )\n2 ( +2 / -0 )",
    ],
)
def test_what_is_no_story_page_is_refused(text: str) -> None:
    refusal(text)


def test_no_prefix_of_a_page_is_imported_as_if_it_were_whole() -> None:
    """Cut after any character: either it is refused, or both comments are there."""
    text = page_text()
    last_score = text.index("-2 ( +1 / -3 )") + len("-2 ( +1 / -3 )")
    for end in range(1, last_score):
        refusal(text[:end])
    for end in range(last_score, len(text)):
        assert len(parsed(text[:end]).comments) == 2


def test_a_cut_page_says_where_it_ends_and_how_much_was_there() -> None:
    text = page_text()
    error = refusal(text[: text.index("Build") + 5])
    assert error.line == line_of(text, "Build the bridge.")
    assert error.message.startswith(f"The page breaks off at line {error.line} inside its comments, of which 1 of 2")


def test_a_page_cut_within_its_story_is_refused() -> None:
    text = page_text()
    assert "0 of 2" in refusal(text[: text.index("gulls")]).message


def test_comments_that_were_never_loaded_are_a_warning_when_the_page_is_whole() -> None:
    page = parsed(page_text(comments=(), notice=""))
    assert (page.comment_count, page.comments) == (2, ())
    assert "says 2 comments, but 0 were found" in page.warnings[0].message


def test_quoting_the_story_names_nobody() -> None:
    comments = ((f"{STORY[0]}\n\nA pity.", "0 (+0/-0)"), (f"Ada\n\n{STORY[0]}\n\nA shame.", "0 (+0/-0)"))
    assert [comment.author for comment in parsed(page_text(comments=comments)).comments] == [None, None]


# --- The report -------------------------------------------------------------------------------------------------------
def test_the_report_tells_what_was_found_guessed_left_over_and_odd() -> None:
    text = page_text(
        comments=(COMMENTS[0], ("AdaToday 07:01 am JST\n\nA sad day.\n\nIt is not.", "1 ( +1 / -3 )")),
        copyright_lines=("© Agence 2021.", "©2021 Harbour Press Inc.", "Read this too"),
    )
    report = json.loads(json.dumps(parsed(text).report()))
    assert report["found"]["comments"] == 2
    assert report["found"]["comments_stated"] == 2
    assert report["found"]["authors"] == {"Ada": 1}
    assert (report["found"]["votes_up"], report["found"]["votes_down"]) == (5, 4)
    assert report["found"]["photo"]["photographer"] == "Jane Roe"
    assert report["guessed"]["agency"] == {
        "value": "Agence",
        "source": "copyright line",
        "line": line_of(text, "© Agence 2021."),
    }
    (guessed,) = report["guessed"]["comments"]
    assert (guessed["comment"], guessed["author"], guessed["time_text"]) == (1, "Ada", "07:01 am JST")
    assert guessed["evidence"] == [
        {
            "line": line_of(text, "AdaToday 07:01 am JST"),
            "heading_text": "AdaToday 07:01 am JST",
            "quoted_in": 2,
            "kind": "heading with time",
            "tells": ["author", "time"],
            "author": "Ada",
            "time_text": "07:01 am JST",
        }
    ]
    assert report["left_over"] == [{"line": line_of(text, "Read this too"), "text": "Read this too"}]
    assert len(report["warnings"]) == 2


# --- Size -------------------------------------------------------------------------------------------------------------
def test_a_discussion_of_thousands_is_read_in_linear_time() -> None:
    comments = tuple(
        (
            f"Name{i % 50}\n\nThe gull number {i - 1} flew over the pier.\n\nThe gull number {i} flew over the pier.",
            "0 (+0/-0)",
        )
        for i in range(3_000)
    )
    text = page_text(count="3,000 Comments", comments=comments)
    began = time.process_time()
    page = parsed(text)
    assert time.process_time() - began < 5
    assert len(page.comments) == 3_000
    assert page.comments[0].author == "Name1"
    assert page.comments[2998].author == "Name49"
