"""Words that a comment quotes lead to whoever said them first, however they were copied."""

import pytest

from kawaraban.discussion.quoting import Quotation, StoryPassage, Words

FERRY = "The ferry was never late in all those forty years."
BRIDGE = "A bridge costs more than a hundred ferries ever will."
GULLS = "And who will feed the gulls when all of us drive?"
OWN = "I have my doubts about that, to put it mildly."


def thread(*comments: tuple[str, str] | str, story: tuple[str, ...] = ()) -> Words:
    """A thread of these comments, each a text or an author and a text."""
    words = Words()
    for position, text in enumerate(story, start=1):
        words.add_passage(1, position, text)
    for number, comment in enumerate(comments, start=1):
        author, text = comment if isinstance(comment, tuple) else ("", comment)
        words.add_comment(number, author, text)
    return words


def sources(words: Words, text: str, before: int | None = None) -> list[int | StoryPassage | None]:
    """The sources of the quotations in a text, in order."""
    return [each.source for each in words.find(text, before)]


def only(words: Words, text: str) -> Quotation:
    """The one quotation in a text."""
    (found,) = words.find(text)
    assert text[found.start : found.end].strip() == text[found.start : found.end]
    return found


# --- Forms ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("quoted", "is_block"),
    [
        (f"> {FERRY}", True),
        (f">{FERRY}", True),
        ("> The ferry was never late", True),
        ("> forty years", True),
        (f"   {FERRY}", True),
        ("   The ferry was never late", True),
        (f'"{FERRY}"', True),
        (f"“{FERRY}”", True),
        (f"«{FERRY}»", True),
        (f"„{FERRY}“", True),
        (f"「{FERRY}」", True),
        (FERRY, True),
    ],
)
def test_lines_that_are_quoted_are_found_with_their_marks(quoted: str, is_block: bool) -> None:
    text = f"{quoted}\n\n{OWN}"
    found = only(thread("Something else.", ("Ada", FERRY)), text)
    assert text[found.start : found.end] == quoted.strip()
    assert found.words == quoted.strip(' >"“”«»„「」')
    assert (found.source, found.is_block, found.is_exact, found.heading) == (2, is_block, True, None)


@pytest.mark.parametrize("pair", ['""', "“”", "«»", "„“", "»«", "‘’"])
def test_words_in_quotation_marks_within_a_sentence_are_found(pair: str) -> None:
    quoted = f"{pair[0]}never late in all those forty years{pair[1]}"
    text = f"He says {quoted}, and he should know."
    found = only(thread(FERRY), text)
    assert text[found.start : found.end] == quoted
    assert (found.words, found.is_block, found.source) == ("never late in all those forty years", False, 1)


@pytest.mark.parametrize(
    "heading",
    [
        "Ada",
        "ada",
        "Ada:",
        "@Ada",
        "Ada wrote:",
        "AdaToday 07:01 am JST",
        "Ada 07:01 am JST",
        "AdaMay 31 07:01 am JST",
        "   AdaToday 07:01 am JST",
        "Ada\nToday 07:01 am JST",
        "Ada\n\nMay 31  07:01 am JST",
        "> Ada",
    ],
)
def test_a_heading_is_told_apart_from_the_words_below_it(heading: str) -> None:
    mark = "> " if heading.startswith(">") else ""
    text = f"Listen.\n\n{heading}\n\n{mark}{FERRY}\n\nSo it was."
    found = only(thread(("Ada", FERRY)), text)
    assert found.heading is not None
    assert text[slice(*found.heading)] == heading.strip()
    assert text[found.start : found.end] == f"{mark}{FERRY}"


def test_a_heading_makes_a_few_words_enough() -> None:
    assert sources(thread(("Ada", "Doubt it."), FERRY), "Ada\n\nDoubt it.\n\nSo do I.") == [1]
    assert sources(thread(("Ada", "Doubt it."), FERRY), "Doubt it.\n\nSo do I.") == []


def test_a_pasted_heading_needs_no_known_author() -> None:
    assert sources(thread(FERRY), f"AdaToday 07:01 am JST\n\n{FERRY}\n\nSo it was.") == [1]
    assert sources(thread(FERRY), f"Ada\n\n{FERRY}\n\nSo it was.") == [1]


def test_a_name_over_own_words_speaks_to_somebody() -> None:
    words = thread(("Ada", FERRY))
    assert words.find("Ada\n\nyou have never been on that boat, have you?") == ()
    assert words.find("AdaToday 07:01 am JST\n\nyou have never been on that boat, have you?") == ()


def test_several_quotations_answered_point_by_point() -> None:
    text = f"Ada\n\n{FERRY}\n\nNo.\n\n{BRIDGE}\n\nWell.\n\n> {GULLS}\n\nWho knows."
    found = thread(("Ada", f"{FERRY} {BRIDGE}"), ("Bob", GULLS)).find(text)
    assert [each.source for each in found] == [1, 1, 2]
    assert [text[each.start : each.end] for each in found] == [FERRY, BRIDGE, f"> {GULLS}"]


def test_lines_from_one_comment_are_one_quotation_with_its_line_breaks() -> None:
    text = f"> {FERRY}\n>\n> {BRIDGE}\n\nNo."
    found = only(thread(f"{FERRY}\n\n{BRIDGE}"), text)
    assert found.words == f"{FERRY}\n\n{BRIDGE}"
    assert text[found.end :] == "\n\nNo."


def test_a_heading_may_stand_above_words_that_nobody_said() -> None:
    text = "Ada\n> To be or not to be\n\nIndeed."
    found = only(thread(("Ada", FERRY)), text)
    assert (found.source, found.heading, text[found.start : found.end]) == (None, (0, 3), "> To be or not to be")


def test_an_empty_line_parts_two_quotations_of_one_comment() -> None:
    assert sources(thread(f"{FERRY}\n\n{BRIDGE}"), f"> {FERRY}\n\n> {BRIDGE}\n\nNo.") == [1, 1]


def test_quotation_marks_may_span_paragraphs() -> None:
    text = f'"{FERRY}\n\n{BRIDGE}"\n\nBoth true.'
    assert [text[each.start : each.end] for each in thread(FERRY, BRIDGE).find(text)] == [f'"{FERRY}', f'{BRIDGE}"']


def test_short_lines_are_quoted_when_they_stand_together_as_they_do_there() -> None:
    words = thread("That's what they are doing.", "That's what they are doing.\n\nNo they are not.")
    text = "That's what they are doing.\n\nNo they are not.\n\nDecide, you two."
    assert sources(words, text) == [1, 2]
    assert sources(words, "No they are not.\n\nDecide, you two.") == []


def test_marked_words_that_nobody_said_have_no_source() -> None:
    words = thread(FERRY)
    assert sources(words, "> To be or not to be, that is the question\n\nIndeed.") == [None]
    assert sources(words, '"To be or not to be, that is the question"\n\nIndeed.') == [None]
    assert not only(words, "> To be or not to be").is_exact


# --- Near enough ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("It's “late” – again… and again, as ever it was", 'it\'s "late" - again... and again, as ever it was'),
        ("The ferry\u00a0was  never late in all\u00a0those years.", "The ferry was never late in all those years."),
        (FERRY, FERRY.upper()),
        (FERRY, "The ferry was never late in all"),
        (FERRY, "ferry was never late in all those forty"),
        (FERRY, "he ferry was never late in all those for"),
        (FERRY, "The ferry was never late in all those forty years . . ."),
        (FERRY, "The ferry was ... late in all those forty years."),
        (FERRY, "The ferry was […] late in all those forty years."),
        (f"{FERRY} {BRIDGE}", "The ferry was never late … more than a hundred ferries ever will."),
        (f"{FERRY} {BRIDGE}", BRIDGE),
        (f"{FERRY}\n{BRIDGE}", f"{FERRY} {BRIDGE}"),
        ("The *ferry* was [never late](https://example.org/late) in those years.", "The ferry was never late in those"),
        ("It costs 12,400 crowns a year to keep that boat.", "It costs 12400 crowns a year to keep that boat."),
        ("My fianc\u00e9e took the ferry on that day.", "My fiance\u0301e took the ferry on that day."),
        ("ﬁsh and chips on the ﬁrst ferry of the morning", "fish and chips on the first ferry of the morning"),
        ("この橋は百の渡し船よりも高くつくだろう。", "百の渡し船よりも高くつくだろう。"),
    ],
)  # fmt: skip
def test_words_are_found_however_they_were_copied(said: str, quoted: str) -> None:
    found = only(thread("Nothing to do with it at all.", said), f"{quoted}\n\n{OWN}")
    assert (found.source, found.is_exact) == (2, True)


@pytest.mark.parametrize(
    "quoted",
    [
        "> The ferry was always late in all those forty years.",
        "> The ferry was not never late in all those forty years.",
        "> The ferry was late in all those forty years.",
        "> The boat was never late in all those forty years.",
        "> The ferry is never late in all",
        "The ferry was never late in all those fifty years.",
        '"The ferry was always late in all those forty years"',
        'She says "the ferry was always late in all those years" and leaves.',
        "Ada\n\nThe ferry was never late in all those fifty years.",
    ],
)
def test_changed_words_are_a_misquote(quoted: str) -> None:
    found = only(thread(("Ada", FERRY)), f"{quoted}\n\n{OWN}")
    assert (found.source, found.is_exact) == (1, False)


def test_a_number_that_was_changed_is_a_misquote() -> None:
    found = only(
        thread("It will cost the town 18.6 million crowns a year."), "> It will cost the town 19.6 million crowns"
    )
    assert not found.is_exact


def test_the_same_words_in_another_order_are_a_misquote_of_whom_the_heading_names() -> None:
    words = thread(("Bob", "Build the bridge. Keep a boat."))
    assert [(each.source, each.is_exact) for each in words.find("Bob\n> Build the boat. Keep a bridge.")] == [
        (1, False)
    ]
    assert sources(words, "> Build the boat. Keep a bridge.") == [None]


@pytest.mark.parametrize("glue", ["....", " ... ", "…", " "])
def test_two_lines_glued_together_lead_to_two_sources(glue: str) -> None:
    quoted = f"{FERRY}{glue}{BRIDGE}"
    text = f"{quoted}\n\n{OWN}"
    found = thread(FERRY, BRIDGE).find(text)
    assert [each.source for each in found] == [1, 2]
    assert text[found[0].start : found[-1].end] == quoted
    assert found[1].words == BRIDGE
    assert all(each.is_exact for each in found)


# --- Not a quotation --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "Good move.",
        "Good move.\n\nWhat else could they do?",
        "Thank you.\n\nI had not seen that.",
        "I could not agree with you more.",
        "I could not agree with you more.\n\nWell said.",
        "As I said: good move.",
        'It is a "good move" to be sure.',
        "Where the ferry was never late I do not know.",
        "The ferry was late for all of us that day, wasn't it, in those years.",
        "I read “The Sugar Barons” on the ferry.",
        "https://example.org/report-of-the-ferry-office-2024\n\nThe same again, so that it is not lost.",
        "The ferry",
        "",
        "\n\n  \n",
    ],
)
def test_what_the_writer_says_in_their_own_right_is_no_quotation(text: str) -> None:
    words = thread(
        FERRY,
        "Good move.",
        "Thank you.",
        "I could not agree with you more.",
        "Have you read “The Sugar Barons”? It is long.",
        "https://example.org/report-of-the-ferry-office-2024\n\nHere it is.",
    )
    assert words.find(text) == ()


def test_the_same_phrase_is_a_quotation_where_it_is_marked() -> None:
    assert sources(thread(FERRY, "Good move."), "> Good move.\n\nWas it?") == [2]


def test_who_turns_a_sentence_round_after_quoting_it_says_it_themselves() -> None:
    said = "From people who work at night to people who drink at night, with love."
    text = f"> {said}\n\nFrom people who work at night to people who wash at night, with love."
    assert only(thread(said), text).end == len(said) + 2


def test_a_last_line_needs_more_words() -> None:
    assert sources(thread("Nobody waits for budgets or boats."), "Nobody waits for budgets or boats.\n\nTrue.") == [1]
    assert sources(thread("Nobody waits for budgets or boats."), "True.\n\nNobody waits for budgets or boats.") == []


# --- Whose they are ---------------------------------------------------------------------------------------------------
def test_words_that_were_quoted_go_to_where_they_were_first_said() -> None:
    words = thread(FERRY, f"{FERRY}\n\nReally?", f"> {FERRY}\n\nNo.")
    assert sources(words, f"{FERRY}\n\nYes.") == [1]


def test_quoting_a_quotation_and_its_answer_leads_to_both() -> None:
    words = thread(("Ada", FERRY), ("Bob", f"> {FERRY}\n\n{BRIDGE}"))
    assert sources(words, f"{FERRY}\n\n{BRIDGE}\n\nWell.") == [1, 2]
    assert sources(words, f"{FERRY}....{BRIDGE}\n\nWell.") == [1, 2]
    assert sources(words, f">> {FERRY}\n> {BRIDGE}\n\nWell.") == [1, 2]


def test_a_heading_leads_to_the_comment_of_whom_it_names_with_the_rest_inside() -> None:
    words = thread(("Ada", FERRY), ("Bob", f"> {FERRY}\n\n{BRIDGE}"))
    text = f"Bob\n\n{FERRY}\n\n{BRIDGE}\n\nWell."
    found = only(words, text)
    assert (found.source, found.words) == (2, f"{FERRY}\n\n{BRIDGE}")
    (inner,) = found.inner
    assert (inner.source, text[inner.start : inner.end], inner.words) == (1, FERRY, FERRY)


def test_a_heading_that_names_somebody_else_does_not_move_the_words() -> None:
    words = thread(("Ada", FERRY), ("Bob", BRIDGE))
    assert sources(words, f"Bob\n\n{FERRY}\n\nWell.") == [1]


def test_the_hour_tells_which_of_a_members_comments_is_meant() -> None:
    words = Words()
    words.add_comment(1, "Ada", FERRY, "07:01 am JST")
    words.add_comment(2, "Ada", f"Again: {FERRY}", "09:30 am JST")
    assert sources(words, f"AdaToday 09:30 am JST\n\n{FERRY}\n\nSo.") == [2]
    assert sources(words, f"AdaToday 07:01 am JST\n\n{FERRY}\n\nSo.") == [1]


def test_further_down_the_one_whom_a_heading_named_is_still_quoted() -> None:
    words = thread(("Ada", FERRY), ("Bob", f"{GULLS}\n\n> {FERRY}\n\n{BRIDGE}"))
    text = f"Bob\n\n{GULLS}\n\nNobody will.\n\n{FERRY}\n\n{BRIDGE}\n\nWell."
    first, second = words.find(text)
    assert (first.source, second.source, second.heading) == (2, 2, None)
    assert [inner.source for inner in second.inner] == [1]
    assert sources(words, f"Bob\n\n{GULLS}\n\nNobody will.\n\n{FERRY}\n\nWell.") == [2, 1]


def test_an_unknown_author_is_whoever_has_most_of_the_lines() -> None:
    words = thread(FERRY, f"{FERRY}\n\n{GULLS}")
    found = only(words, f"AdaToday 07:01 am JST\n\n{FERRY}\n\n{GULLS}\n\nSo.")
    assert (found.source, [inner.source for inner in found.inner]) == (2, [1])


def test_a_few_words_go_to_who_said_them_as_they_are_spelled() -> None:
    assert sources(thread("Nine metres over mean high water, I hope?", "Mean high water."), "> Mean high water.") == [2]


def test_what_is_quoted_from_a_misquote_goes_to_whom_it_misquotes() -> None:
    changed = FERRY.replace("never", "always")
    found = only(thread(FERRY, f"> {changed}\n\nSo they say."), f"> {changed}\n\nWho says?")
    assert (found.source, found.is_exact) == (1, False)


# --- The story --------------------------------------------------------------------------------------------------------
def test_the_story_is_a_source_before_every_comment() -> None:
    words = thread(f"{FERRY} Well said.", story=(BRIDGE, f"On Sunday it sails. {FERRY}"))
    assert sources(words, f"{FERRY}\n\nSo.") == [StoryPassage(1, 2)]


def test_a_passage_is_meant_as_it_is_now_if_it_still_has_the_words() -> None:
    words = Words()
    for version in (1, 2, 3):
        words.add_passage(version, 1, FERRY)
        words.add_passage(version, 2, BRIDGE if version < 3 else BRIDGE.replace("hundred", "thousand"))
    assert sources(words, f"> {FERRY}") == [StoryPassage(3, 1)]
    assert sources(words, f"> {BRIDGE}") == [StoryPassage(1, 2)]
    assert sources(words, "> A bridge costs more") == [StoryPassage(3, 2)]


def test_a_misquote_of_the_story_leads_to_it_as_it_is_now() -> None:
    words = Words()
    words.add_passage(1, 1, f"{FERRY} It sails on Sunday.")
    words.add_passage(2, 1, f"{FERRY} It sails on Monday.")
    (found,) = words.find("> The ferry was always late in all those forty years.")
    assert (found.source, found.is_exact) == (StoryPassage(2, 1), False)


def test_a_paragraph_that_moved_is_found_where_it_is() -> None:
    words = Words()
    words.add_passage(1, 1, FERRY)
    words.add_passage(2, 1, BRIDGE)
    words.add_passage(2, 2, FERRY)
    assert sources(words, f"> {FERRY}") == [StoryPassage(2, 2)]


# --- What is never a source -------------------------------------------------------------------------------------------
def test_a_comment_and_what_comes_after_it_are_no_sources() -> None:
    words = thread(OWN, f"{FERRY}\n\n{GULLS}", f"{FERRY}\n\nYes.")
    assert words.find(f"{FERRY}\n\n{GULLS}", before=2) == ()
    assert sources(words, f"{FERRY}\n\nYes.", before=3) == [2]


def test_a_forgotten_comment_is_no_source_until_it_is_back() -> None:
    words = thread(("Ada", FERRY), OWN)
    words.forget(1)
    words.forget(1)
    words.forget(99)
    assert words.find(f"{FERRY}\n\nSo.") == ()
    assert words.find(f"Ada\n\n{FERRY}\n\nSo.") == ()
    words.add_comment(1, "Ada", FERRY)
    assert sources(words, f"{FERRY}\n\nSo.") == [1]


def test_an_edit_replaces_what_a_comment_said_and_what_it_quoted() -> None:
    words = thread(FERRY, f"> {FERRY}\n\n{BRIDGE}", GULLS)
    assert sources(words, f"{FERRY}\n\n{BRIDGE}\n\nSo.") == [1, 2]
    words.add_comment(1, "", GULLS)
    assert sources(words, f"{FERRY}\n\n{BRIDGE}\n\nSo.") == [2]
    assert sources(words, f"{GULLS}\n\nSo.") == [1]
    words.add_comment(2, "", OWN)
    assert words.find(f"{FERRY}\n\n{BRIDGE}\n\nSo.") == ()


def test_adding_in_another_order_finds_the_same() -> None:
    words = Words()
    words.add_comment(3, "Bob", f"{FERRY}\n\nReally?")
    words.add_comment(1, "Ada", FERRY)
    words.add_passage(1, 1, BRIDGE)
    words.add_comment(2, "Cid", GULLS)
    text = f"{FERRY}\n\nWell.\n\n{GULLS}\n\nWell.\n\n{BRIDGE}\n\nWell."
    assert sources(words, text) == [1, 2, StoryPassage(1, 1)]


def test_the_first_to_say_it_may_be_added_last() -> None:
    words = Words()
    for number in (9, 5, 7, 3, 1):
        words.add_comment(number, "", FERRY)
    for before in (10, 6, 4, 2):
        assert sources(words, f"> {FERRY}", before) == [1]
    words.forget(1)
    assert sources(words, f"> {FERRY}", 4) == [3]
