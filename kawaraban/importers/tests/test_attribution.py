"""The heading of a quotation names the author of the comment its words come from, and nobody else."""

import pytest

from kawaraban.importers.attribution import attribute, conflicts
from kawaraban.importers.page_parts import Evidence, SavedComment

FERRY = "The ferry was never late in all those forty years."
BRIDGE = "A bridge costs more than a hundred ferries ever will."
GULLS = "And who will feed the gulls when all of us drive?"


def thread(*texts: str) -> tuple[SavedComment, ...]:
    """Comments with these texts; the first line of comment 3 is line 300."""
    return tuple(SavedComment(n, text, 0, 0, 0, n * 100, n * 100 + 99) for n, text in enumerate(texts, start=1))


def told(*texts: str, story: tuple[str, ...] = ()) -> dict[int, tuple[str | None, str | None]]:
    """Author and time of every comment about which anything is told."""
    found = attribute(thread(*texts), story)
    return {c.number: (c.author, c.time_text) for c in found if c.evidence}


# --- Headings ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heading", "author", "time_text"),
    [
        ("Ada", "Ada", None),
        ("ada", "ada", None),
        ("Mr Stone", "Mr Stone", None),
        ("Lane's Kitchen", "Lane's Kitchen", None),
        ("bass4you", "bass4you", None),
        ("東京の人", "東京の人", None),
        ("AdaToday 07:01 am JST", "Ada", "07:01 am JST"),
        ("AdaToday  07:01 am JST", "Ada", "07:01 am JST"),
        ("Ada Today  07:01 am JST", "Ada", "07:01 am JST"),
        ("Mr StoneToday\u00a0 07:01 am JST", "Mr Stone", "07:01 am JST"),
        ("AdaYesterday 11:59 pm CET", "Ada", "11:59 pm CET"),
        ("AdaMay 31 07:01 am JST", "Ada", "May 31 07:01 am JST"),
        ("MayMay 31 07:01 am JST", "May", "May 31 07:01 am JST"),
        ("Ada Dec. 1, 2021 07:01 am JST", "Ada", "Dec. 1, 2021 07:01 am JST"),
        ("Ada 07:01 am JST", "Ada", "07:01 am JST"),
        ("Ada 19:01 GMT+9", "Ada", "19:01 GMT+9"),
        ("bass4you 07:01 am JST", "bass4you", "07:01 am JST"),
        ("the man from the pier 07:01 am JST", "the man from the pier", "07:01 am JST"),
        ("   AdaToday 07:01 am JST", "Ada", "07:01 am JST"),
    ],
)
def test_a_heading_tells_the_author_of_the_quoted_comment(heading: str, author: str, time_text: str | None) -> None:
    assert told(FERRY, f"{heading}\n\n{FERRY}\n\nIt was.") == {1: (author, time_text)}


@pytest.mark.parametrize(
    "line",
    [
        "He said:",
        "Nope",
        "Exactly",
        "doubt it",
        "Not so fast!",
        "Putin lovers are going to be angry about this",
        "Today 07:01 am JST",
        "May 31 07:01 am JST",
        "I wrote that at 07:01 am JST",
        "07:01",
        "www.example.org",
        "1921",
        "A",
        "-",
        '"Ada"',
    ],
)
def test_a_line_that_is_no_name_is_no_heading(line: str) -> None:
    assert told(FERRY, f"{line}\n\n{FERRY}\n\nIt was.") == {}


def test_a_name_over_own_words_is_an_address() -> None:
    assert (
        told(FERRY, "Ada\n\nyou have never been on that boat, have you now?", "BobToday 07:01 am JST\n\nSo what.") == {}
    )


def test_a_name_and_a_later_quotation_are_not_connected() -> None:
    assert told(FERRY, f"Ada\n\nNow listen to me.\n\n{FERRY}\n\nIt was.") == {}


def test_only_earlier_comments_can_be_quoted() -> None:
    assert told(f"Ada\n\n{FERRY}", FERRY) == {}
    assert told(f"AdaToday 07:01 am JST\n\n{FERRY}\n\n{FERRY}") == {}


def test_a_short_line_further_down_is_an_answer_unless_the_name_is_known() -> None:
    assert told(FERRY, BRIDGE, f"{FERRY}\n\nWrong again mate\n\n{BRIDGE}\n\nNo.") == {}
    assert told(FERRY, BRIDGE, f"{FERRY}\n\nRubbishy\n\n{BRIDGE}\n\nNo.") == {}
    assert told(FERRY, BRIDGE, f"Ada\n\n{FERRY}\n\nNo.\n\nAda\n\n{BRIDGE}\n\nNo.") == {
        1: ("Ada", None),
        2: ("Ada", None),
    }


def test_an_address_elsewhere_does_not_make_a_name_known() -> None:
    texts = (FERRY, BRIDGE, "Rubbishy\n\nthat is what I call it.", f"{FERRY}\n\nRubbishy\n\n{BRIDGE}\n\nNo.")
    assert told(*texts) == {}


def test_several_headings_in_one_comment_each_tell_their_own() -> None:
    quoting = f"AdaToday 07:01 am JST\n\n{FERRY}\n\nNo.\n\nBobToday 07:02 am JST\n\n{BRIDGE}\n\nNo."
    assert told(FERRY, BRIDGE, quoting) == {1: ("Ada", "07:01 am JST"), 2: ("Bob", "07:02 am JST")}


def test_a_heading_speaks_only_of_the_words_right_below_it() -> None:
    """Answering point by point, people quote somebody else further down under the same heading."""
    assert told(FERRY, BRIDGE, f"AdaToday 07:01 am JST\n\n{FERRY}\n\nNo.\n\n{BRIDGE}\n\nNo.") == {
        1: ("Ada", "07:01 am JST")
    }


def test_a_heading_may_stand_on_the_line_above_the_words() -> None:
    assert told(FERRY, f"Ada\n{FERRY}\nIt was.") == {1: ("Ada", None)}


# --- Finding the words ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("It's “late” – again… and again, as ever", 'it\'s "late" - again... and again, as ever'),
        ("The ferry\u00a0was  never late in all\u00a0those years.", "The ferry was never late in all those years."),
        (FERRY, f'"{FERRY}"'),
        (FERRY, f"> {FERRY}"),
        (FERRY, "The ferry was never late in all"),
        (FERRY, "The ferry was never late in all those ..."),
        (FERRY, "ferry was never late in all those forty"),
        (FERRY, "he ferry was never late in all"),
        (f"{FERRY} {BRIDGE}", BRIDGE),
        (f"{FERRY}\n{BRIDGE}", f"{FERRY} {BRIDGE}"),
        (f"{FERRY} {BRIDGE}", f"{FERRY}\n{BRIDGE}"),
        ("Doubt it very much.", "Doubt it very much."),
        ("この橋は百の渡し船よりも高くつくだろう。", "百の渡し船よりも高くつくだろう。"),
    ],
)
def test_words_are_found_however_they_were_copied(written: str, quoted: str) -> None:
    assert told("Nothing to do with it at all.", written, f"Ada\n\n{quoted}\n\nSo it was.") == {2: ("Ada", None)}


@pytest.mark.parametrize(
    "quoted", ["The ferry", "was never late", "Yes.", "the ferry was always late in all those years"]
)
def test_few_or_other_words_prove_nothing(quoted: str) -> None:
    assert told(f"{FERRY}\n\nYes.", f"Ada\n\n{quoted}\n\nSo it was.") == {}


def test_a_short_line_with_an_hour_is_proof_only_when_nobody_else_said_it() -> None:
    assert told("Yes.", "AdaToday 07:01 am JST\n\nYes.\n\nNo.") == {1: ("Ada", "07:01 am JST")}
    assert told("Yes.", "Yes.", "AdaToday 07:01 am JST\n\nYes.\n\nNo.") == {}


def test_a_quoted_name_is_no_proof() -> None:
    assert told("Isabel Of The Pier\n\nyou are wrong.", "AdaToday 07:01 am JST\n\nIsabel Of The Pier\n\nHello.") == {}


def test_the_order_of_the_words_counts() -> None:
    texts = (f"{FERRY}\n\n{GULLS}", f"{GULLS}\n\n{FERRY}", f"Ada\n\n{GULLS}\n\n{FERRY}\n\nSo.")
    assert told(*texts) == {2: ("Ada", None)}


def test_the_longest_quotation_decides() -> None:
    assert told(FERRY, f"{FERRY}\n\n{GULLS}", f"Ada\n\n{FERRY}\n\n{GULLS}\n\nSo.") == {2: ("Ada", None)}


def test_a_short_answer_that_two_readers_gave_decides_nothing() -> None:
    texts = (FERRY, f"{FERRY}\n\nNo.", f"Ada\n\n{FERRY}\n\nNo.")
    assert told(*texts) == {}
    assert told(*texts, f"AdaToday 07:01 am JST\n\n{FERRY}\n\nWell.") == {1: ("Ada", "07:01 am JST")}


def test_among_equals_the_first_has_said_it() -> None:
    assert told(FERRY, f"{FERRY}\n\nTrue.", f"Ada\n\n{FERRY}\n\nSo.") == {1: ("Ada", None)}
    assert told(f"Well. {FERRY}", f"{FERRY}\n\nTrue.", f"Ada\n\n{FERRY}\n\nSo.") == {1: ("Ada", None)}


def test_among_equals_one_already_known_is_preferred() -> None:
    texts = (FERRY, f"{FERRY}\n\n{GULLS}", f"BobToday 07:02 am JST\n\n{GULLS}\n\nNo.", f"Bob\n\n{FERRY}\n\nSo.")
    assert told(*texts) == {2: ("Bob", "07:02 am JST")}


def test_a_name_is_never_moved_to_a_comment_that_only_quotes_the_words() -> None:
    """Bob's heading contradicts Ada's; that does not make Bob the author of whoever else pasted the sentence."""
    headings = ("AdaToday 07:01 am JST", "BobToday 07:02 am JST")
    texts = (FERRY, *(f"{heading}\n\n{FERRY}\n\nNo." for heading in headings))
    assert told(*texts) == {1: ("Ada", "07:01 am JST")}


def test_the_words_of_the_story_are_nobodys() -> None:
    texts = (f"{FERRY}\n\nWell said.", f"Ada\n\n{FERRY}\n\nSo.")
    assert told(*texts, story=(f"On Sunday it sails. {FERRY}",)) == {}
    assert told(*texts) == {1: ("Ada", None)}


# --- Quotations in quotations -----------------------------------------------------------------------------------------
def test_a_name_over_a_name_names_who_wrote_both() -> None:
    texts = (f"ada\n\n{FERRY}\n\nSo.", f"Bob\n\nada\n\n{FERRY}\n\nNo.")
    assert told(*texts) == {1: ("Bob", None)}


def test_a_quotation_that_contains_an_address_names_nobody() -> None:
    """Comment 1 speaks to Ada; who quotes it whole does not say that Ada wrote it."""
    texts = (f"Ada\n\n{FERRY}\n\n{GULLS}", f"Ada\n\n{FERRY}\n\nNo.")
    assert told(*texts) == {}


def test_a_quoted_quotation_still_leads_to_who_wrote_the_words() -> None:
    first = f"AdaToday 07:01 am JST\n\n{FERRY}\n\n{BRIDGE}"
    assert told(FERRY, first, f"BobToday 07:02 am JST\n\n{first}\n\nNo.") == {
        1: ("Ada", "07:01 am JST"),
        2: ("Bob", "07:02 am JST"),
    }


def test_a_name_over_a_name_whose_words_are_elsewhere_is_not_decided() -> None:
    undecided = f"Bob\n\nAda\n\n{FERRY}\n\nNo."
    assert told(FERRY, undecided) == {}
    known = {2: ("Ada", "07:01 am JST")}
    assert told(FERRY, BRIDGE, f"AdaToday 07:01 am JST\n\n{BRIDGE}\n\nNo.", undecided) == known


# --- What is kept -----------------------------------------------------------------------------------------------------
def test_evidence_says_where_it_stands() -> None:
    found = attribute(thread(FERRY, "First.", f"Hear this.\n\nAda  Today 07:01 am JST\n\n{FERRY}\n\nNo."))
    assert found[0].evidence == (
        Evidence(
            comment=1,
            line=302,
            heading_text="Ada Today 07:01 am JST",
            quoted_in=3,
            kind="heading with time",
            tells=("author", "time"),
            author="Ada",
            time_text="07:01 am JST",
        ),
    )
    assert (found[1].evidence, found[2].evidence) == ((), ())


def test_a_heading_without_hour_adds_no_time_and_one_with_a_date_adds_the_date() -> None:
    texts = (
        FERRY,
        f"Ada\n\n{FERRY}\n\nNo.",
        f"AdaToday 07:01 am JST\n\n{FERRY}\n\nNo.",
        f"AdaMay 31 07:01 am JST\n\n{FERRY}",
    )
    found = attribute(thread(*texts))
    assert (found[0].author, found[0].time_text) == ("Ada", "May 31 07:01 am JST")
    assert [evidence.kind for evidence in found[0].evidence] == ["heading with time", "heading with time", "heading"]
    assert conflicts(found) == ()


@pytest.mark.parametrize("second", ["BobToday 07:01 am PST", "AdaToday 09:30 am PST", "Bob"])
def test_contradictions_keep_the_first_and_warn(second: str) -> None:
    found = attribute(thread(FERRY, f"AdaToday 07:01 am PST\n\n{FERRY}\n\nNo.", f"{second}\n\n{FERRY}\n\nYes."))
    assert (found[0].author, found[0].time_text) == ("Ada", "07:01 am PST")
    (warning,) = conflicts(found)
    assert warning.line == 300
    assert second in warning.message
    assert "comment 1" in warning.message


def test_an_hour_outweighs_a_bare_name_wherever_it_stands() -> None:
    found = attribute(thread(FERRY, f"Bob\n\n{FERRY}\n\nNo.", f"AdaToday 07:01 am JST\n\n{FERRY}\n\nYes."))
    assert found[0].author == "Ada"
    assert [warning.line for warning in conflicts(found)] == [200]


def test_what_is_known_before_outweighs_every_heading() -> None:
    html = Evidence(1, 7, "Ada", None, "html", ("author",), "Ada", None)
    known, *others = thread(FERRY, f"BobToday 07:01 am JST\n\n{FERRY}\n\nNo.")
    known = SavedComment(1, known.text, 0, 0, 0, 100, 199, author="Ada", evidence=(html,))
    found = attribute((known, *others))
    assert (found[0].author, found[0].time_text) == ("Ada", None)
    assert found[0].evidence[0] == html
    assert len(conflicts(found)) == 1


def test_a_full_timestamp_is_not_replaced_by_an_hour() -> None:
    known, *others = thread(FERRY, f"AdaMay 31, 2021 07:01 am JST\n\n{FERRY}\n\nNo.")
    known = SavedComment(1, known.text, 0, 0, 0, 100, 199, time_text="2021-05-31T07:01")
    found = attribute((known, *others))
    assert (found[0].author, found[0].time_text) == ("Ada", "2021-05-31T07:01")
    assert conflicts(found) == ()


def test_a_thread_without_headings_stays_as_it_is() -> None:
    comments = thread(FERRY, BRIDGE, f"{FERRY}\n\nNo.", "")
    assert attribute(comments) == comments
    assert attribute(()) == ()


# --- Size -------------------------------------------------------------------------------------------------------------
def test_one_sentence_pasted_thousands_of_times_is_not_compared_with_all_of_them(stopwatch) -> None:
    texts = [FERRY] + [f"AdaToday 07:01 am JST\n\n{FERRY}\n\nAnswer {n}." for n in range(3_000)]
    with stopwatch:
        found = attribute(thread(*texts))
    assert stopwatch.seconds < 3
    assert found[0].author == "Ada"
    assert len(found[0].evidence) == 3_000
    assert all(comment.author is None for comment in found[1:])
