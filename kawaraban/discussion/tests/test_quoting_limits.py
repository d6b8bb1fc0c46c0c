"""The search answers whatever it is given, in time, and never calls the writer's own words a quotation."""

import random
from itertools import pairwise

import pytest

from bench.quoting import thread as make_thread
from kawaraban.discussion.quoting import Words
from kawaraban.discussion.tests.labelled import HELD_OUT, TUNED, read_all

FERRY = "The ferry was never late in all those forty years."
LIMIT = 0.25  # Seconds of processor time for a text of 5,000 characters; most take a twentieth of it.


def seconds(stopwatch, words: Words, text: str) -> float:
    """Processor time of one search, which must end in quotations that lie in the text, one behind the other."""
    with stopwatch:
        found = words.find(text)
    for each in found:
        assert 0 <= each.start < each.end <= len(text)
        assert each.words
        assert all(each.start <= inner.start < inner.end <= each.end for inner in each.inner)
    assert all(above.end <= below.start for above, below in pairwise(found))
    return stopwatch.seconds


@pytest.fixture(scope="module")
def crowd() -> Words:
    """A thread of 400 comments, many of which quote each other."""
    words = Words()
    for number, (author, text) in enumerate(make_thread(400), start=1):
        words.add_comment(number, author, text)
    return words


@pytest.mark.parametrize(
    "text",
    [
        "> w\n" * 1_250,
        "> w1 w2 w3 w1 w2 w4\n" * 250,
        "".join(f"> w1 w2 w{n:x} w1 w2 w4\n" for n in range(230)),
        "".join(f"w1 w2 w{n:x} w1 w2 w4\n\n" for n in range(230)),
        (">" * 8 + " w1 w2 w3\n") * 270,
        ">" * 5_000,
        "> " * 2_500,
        '"' * 5_000,
        '"a ' * 1_666,
        '"w1 w2 w3" ' * 450,
        "“" * 2_500 + "”" * 2_500,
        "“" * 5_000,
        "w1 w2 ... w3 w1 ... " * 250,
        "." * 5_000,
        "w1 " * 1_666,
        "a" * 5_000,
        "Reader 1\nw1 w2 w3 w1\n" * 227,
        "Reader 1\n" * 555,
        "ReaderToday 07:01 am JST\n" * 200,
        "\x00" * 5_000,
        "\n" * 5_000,
        "\ud800" * 5_000,
        "o" + "\u0336" * 4_999,
        "橋" * 5_000,
        "> \u200b\u200d\xad\n" * 500,
        "](http://" * 500,
        "](((((" * 800,
        "1,000," * 800,
        "'" * 5_000,
        "it's" * 1_250,
        "\t \xa0\u3000" * 1_250,
        "ﷺ" * 5_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_is_answered_in_time(stopwatch, crowd: Words, text: str) -> None:
    assert len(text) <= 5_000
    assert seconds(stopwatch, crowd, text) < LIMIT


def test_hostile_text_can_be_taken_in() -> None:
    words = Words()
    for number, text in enumerate(["", "\x00", "\ud800", "> " * 2_500, '"' * 5_000, "橋" * 5_000, "w1 " * 1_666], 1):
        words.add_comment(number, "", text)
    words.add_passage(1, 0, "")
    assert words.find("> 橋橋橋")[0].source == 6
    assert words.find("") == ()


def test_a_thousand_quotations_of_one_sentence_are_each_found() -> None:
    words = Words()
    words.add_comment(1, "Ada", FERRY)
    text = f"> {FERRY}\n\nNo.\n\n" * 80
    assert [each.source for each in words.find(text)] == [1] * 80


def test_a_chain_of_quotations_leads_to_its_beginning(stopwatch) -> None:
    """10,000 readers who each quote the one before them; the index is asked for the last one first."""
    words = Words()
    words.add_comment(1, "Reader 1", FERRY)
    for number in range(2, 10_001):
        text = f"Reader {number - 1}\n\n> {FERRY}\n\nAnswer {number} to the one above."
        words.add_comment(number, f"Reader {number}", text)
    with stopwatch:
        first = words.find(f"{FERRY}\n\nSo.")
        last = words.find(f"Reader 10000\n\n> {FERRY}\n\nSo.")
    assert [each.source for each in first] == [1]
    assert [each.source for each in last] == [10_000]
    assert stopwatch.seconds < LIMIT


def test_a_chain_in_which_everybody_quotes_all_of_the_one_before_ends(stopwatch) -> None:
    words = Words()
    text = FERRY
    for number in range(1, 400):
        words.add_comment(number, f"Reader {number}", text)
        text = f"Reader {number}\n\n{text}\n\n{number} says no to that."[-4_000:]
    assert seconds(stopwatch, words, text) < LIMIT


def test_what_could_not_be_followed_to_its_end_is_not_kept() -> None:
    """Twelve readers who each change a word of the one before: more than one search follows, unless it is known."""
    said = f"{FERRY[:-1]} and I was on it every single day of them".split()
    words = Words()
    texts = []
    for number in range(1, 13):
        texts.append(" ".join(said))
        words.add_comment(number, "", f"> {texts[-1]}\n\nReader {number} says so.")
        said[number] = f"changed{number}"
    assert words.find(f"> {texts[-1]}")[0].source != 1
    for number, text in enumerate(texts[1:], start=2):
        words.find(f"> {text}", before=number + 1)
    assert words.find(f"> {texts[-1]}")[0].source == 1


def test_comments_edited_to_quote_each_other_end_nowhere() -> None:
    words = Words()
    words.add_comment(1, "Ada", FERRY)
    words.add_comment(2, "Bob", f"Ada\n\n{FERRY}\n\nNo, it was the gulls that were late.")
    words.add_comment(1, "Ada", f"Bob\n\n> No, it was the gulls that were late.\n\n{FERRY}")
    assert [each.source for each in words.find("> No, it was the gulls that were late.")] == [1]
    assert [each.source for each in words.find(f"> {FERRY}")] == [1]


def test_one_sentence_pasted_by_everybody_costs_no_more(stopwatch) -> None:
    words = Words()
    for number in range(1, 1_001):
        words.add_comment(number, f"Reader {number}", f"{FERRY}\n\nAnswer {number}.")
    assert [each.source for each in words.find(f"{FERRY}\n\nYes.")] == [1]
    assert [each.source for each in words.find(f"Reader 999\n\n{FERRY}\n\nYes.")] == [999]
    assert seconds(stopwatch, words, f"> {FERRY}\n\n" * 90) < LIMIT


def test_a_long_thread_costs_little_for_each_comment(stopwatch) -> None:
    """A twentieth of what `make bench` measures: 10,000 comments in 60 s, and one of them in 20 ms."""
    comments = make_thread(500)
    words = Words()
    with stopwatch:
        for number, (author, text) in enumerate(comments, start=1):
            words.add_comment(number, author, text)
            words.find(text, number)
    assert stopwatch.seconds < 3


def test_texts_torn_and_mixed_never_make_spans_that_are_not_true(stopwatch) -> None:
    """Lines of the labelled threads in any order, cut anywhere, under any mark."""
    chance = random.Random("mixed")  # noqa: S311 - the same on every run, nothing secret
    threads = read_all(TUNED) + read_all(HELD_OUT)
    lines = [line for thread in threads for said in thread.comments for line in said.text.split("\n")]
    names = [said.author for thread in threads for said in thread.comments]
    for thread in threads:
        words = thread.words()
        for _ in range(25):
            pieces = []
            for _ in range(chance.randint(1, 8)):
                line = chance.choice(lines)[chance.randint(0, 3) : chance.randint(4, 200)]
                pieces.append(chance.choice(["", "> ", "   ", '"', f"{chance.choice(names)}\n"]) + line)
            assert seconds(stopwatch, words, chance.choice(["\n", "\n\n"]).join(pieces)) < LIMIT


def test_what_a_person_left_unmarked_is_in_no_quotation() -> None:
    for thread in read_all(TUNED) + read_all(HELD_OUT):
        words = thread.words()
        for said in thread.comments:
            marked = {n for each in said.quotations for n in range(each.start, each.end)}
            for each in words.find(said.text, said.number):
                assert set(range(each.start, each.end)) <= marked, f"{thread.name} #{said.number}: {each.words}"
