"""Where the comments of a saved page begin and end, how many they are, and what is refused."""

import json

import pytest

from kawaraban.importers.saved_page import PageWarning
from kawaraban.importers.tests.pages import COMMENTS, STORY, line_of, page_text, parsed, refusal


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
def test_a_discussion_of_thousands_is_read_in_linear_time(stopwatch) -> None:
    comments = tuple(
        (
            f"Name{i % 50}\n\nThe gull number {i - 1} flew over the pier.\n\nThe gull number {i} flew over the pier.",
            "0 (+0/-0)",
        )
        for i in range(3_000)
    )
    text = page_text(count="3,000 Comments", comments=comments)
    with stopwatch:
        page = parsed(text)
    assert stopwatch.seconds < 5
    assert len(page.comments) == 3_000
    assert page.comments[0].author == "Name1"
    assert page.comments[2998].author == "Name49"
