"""What is recognised as a quotation when it is posted, previewed and edited, and what is kept of it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions, reads
from kawaraban.discussion.models import Comment, Quote
from kawaraban.discussion.testing import make_comment, make_thread, remove_comment
from kawaraban.discussion.tests.unchanged import refused
from kawaraban.discussion.typesetting import digest
from kawaraban.theme.templatetags.times import printed

FERRY = "The ferry was never late in thirty-one years."
TOLL = "A toll of four hundred yen a day is two weeks of wages."
BELLS = "Nobody ever asked the bell ringers of the harbour temple."
PROMISED = "Work is to begin in April, says the prefecture of the eastern shore."


@pytest.fixture
def thread(author):
    """Three comments of one author, below a story of two paragraphs."""
    thread = make_thread()
    actions.keep_passages(thread.pk, ["The bridge is promised", PROMISED, "The ferry stays for now."])
    for text in (FERRY, TOLL, BELLS):
        make_comment(thread, author, text)
    thread.refresh_from_db()
    return thread


def kept(comment):
    """The quotations kept of a comment: the words, and the number or passage they come from."""
    rows = Quote.objects.filter(comment=comment, parent=None).select_related("source", "passage")
    return [
        (row.words, row.source.number if row.source else (row.passage.version, row.passage.position)) for row in rows
    ]


def spans(comment):
    """What of the comment's text each quotation takes."""
    return [comment.source[row.start : row.end] for row in Quote.objects.filter(comment=comment, parent=None)]


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


# --- What is recognised -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "span"),
    [
        (f"> {FERRY}\n\nExcept in fog.", f"> {FERRY}"),
        (f"mikan\n{FERRY}\n\nExcept in fog.", FERRY),
        (f"{FERRY}\n\nExcept in fog.", FERRY),
        (f"“{FERRY}”\n\nExcept in fog.", f"“{FERRY}”"),
        (f"Who says “{FERRY[:-1]}” has seen no fog.", f"“{FERRY[:-1]}”"),
        ("the FERRY was never late in thirty-one years\n\nExcept in fog.", FERRY[:-1]),
    ],
    ids=["marked", "under a name", "pasted", "in quotation marks", "within a sentence", "in other letters"],
)
def test_a_quotation_becomes_a_row_with_its_place_and_its_source(thread, reader, text, span):
    comment = make_comment(thread, reader, text)
    assert [source for _, source in kept(comment)] == [1]
    assert [each.casefold() for each in spans(comment)] == [span.casefold()]
    row = Quote.objects.get()
    assert (row.is_exact, row.is_stale, row.is_block) == (True, False, "Who says" not in text)
    heading = text[row.heading_start : row.start] if row.heading_start is not None else ""
    assert heading == ("mikan\n" if text.startswith("mikan") else "")


def test_a_point_by_point_answer_has_a_source_for_each_point(thread, reader):
    text = f"> {TOLL}\n\nWho pays?\n\n> {PROMISED}\n\nWhich April?\n\n> {FERRY}\n\nExcept in fog."
    comment = make_comment(thread, reader, text)
    assert kept(comment) == [(TOLL, 2), (PROMISED, (1, 1)), (FERRY, 1)]
    time = printed(comment.created_at, timezone.localdate(comment.created_at))
    assert text_of(comment.html) == (
        f"{TOLL} #2 mikan, {time} Who pays? "
        f"{PROMISED} from the story Which April? "
        f"{FERRY} #1 mikan, {time} Except in fog."
    )
    assert re.findall(r'<figcaption><a href="([^"]+)">', comment.html) == [
        f"/t/{thread.pk}/2/",
        f"/t/{thread.pk}/story/1/#p1",
        f"/t/{thread.pk}/1/",
    ]


def test_both_ends_lead_to_each_other(thread, reader, stranger):
    make_comment(thread, reader, f"> {FERRY}\n\nExcept in fog.")
    page = stranger.get(f"/t/{thread.pk}/").content.decode()
    source = page[page.index('id="comment-1"') : page.index('id="comment-2"')]
    assert f'<a href="/t/{thread.pk}/4/" aria-label="Quoted by #4">#4</a>' in source
    story = stranger.get(f"/t/{thread.pk}/story/1/").content.decode()
    assert "Quoted by" not in story
    make_comment(thread, reader, f"> {PROMISED}\n\nWhich April?")
    story = stranger.get(f"/t/{thread.pk}/story/1/").content.decode()
    first = story[story.index('id="p1"') : story.index('id="p2"')]
    assert f'<a href="/t/{thread.pk}/5/" rel="nofollow" aria-label="Quoted by #5">#5</a>' in first


def test_who_quotes_a_comment_stands_apart_from_who_only_answers_it(thread, reader):
    other = make_member("Kiri")
    make_comment(thread, reader, f"> {FERRY}\n\nExcept in fog.")
    actions.post_comment(other, thread.pk, "True.", "key", reply_to=1)
    actions.post_comment(other, thread.pk, f"> {FERRY}\n\nAnd in ice.", "another key", reply_to=1)
    (source, *_) = reads.thread_page(thread).comments
    assert (source.links.quoted_by, source.links.answered_by) == ((4, 6), (5,))


def test_words_quoted_from_somebody_go_to_who_said_them_first(thread, reader):
    make_comment(thread, reader, f"> {FERRY}\n\nExcept in fog, says the harbour master of the eastern shore.")
    comment = make_comment(thread, make_member("Kiri"), f"> {FERRY}\n\nTrue.")
    assert kept(comment) == [(FERRY, 1)]


def test_a_heading_names_whose_quotation_is_meant_and_what_is_in_it_stays_in_it(thread, reader):
    own = "Except in fog, says the harbour master of the eastern shore."
    make_comment(thread, reader, f"> {FERRY}\n\n{own}")
    comment = make_comment(thread, make_member("Kiri"), f"Old Ferryman\n> > {FERRY}\n>\n> {own}\n\nNot in May.")
    assert [source for _, source in kept(comment)] == [4]
    inner = Quote.objects.get(comment=comment, parent__isnull=False)
    assert (inner.words, inner.source.number) == (FERRY, 1)
    assert comment.html.count("<figure") == 1


def test_a_short_common_phrase_is_the_writers_own(thread, author, reader):
    make_comment(thread, author, "Good move.")
    assert kept(make_comment(thread, reader, "Good move.\n\nAt last somebody listens.")) == []


def test_a_misquote_says_that_it_differs(thread, reader):
    comment = make_comment(thread, reader, f"> {FERRY.replace('never', 'always')}\n\nHe says.")
    assert [source for _, source in kept(comment)] == [1]
    assert "differs from the original" in comment.html


def test_an_earlier_version_is_named_and_linked_from_the_start(thread, reader):
    actions.keep_passages(thread.pk, ["The bridge is promised", "Work begins some day.", "The ferry stays for now."])
    comment = make_comment(thread, reader, f"> {PROMISED}\n\nSo it said.")
    assert kept(comment) == [(PROMISED, (1, 1))]
    assert "from an earlier version of the story" in comment.html
    assert f'href="/t/{thread.pk}/story/1/#p1"' in comment.html
    assert Quote.objects.get().is_stale


def test_nobody_quotes_the_words_of_another_thread(thread, reader):
    other = make_thread()
    comment = make_comment(other, reader, f"> {FERRY}\n\nSays somebody elsewhere.")
    assert kept(comment) == []
    assert text_of(comment.html) == f"{FERRY} Says somebody elsewhere."


def test_words_that_nobody_said_are_shown_as_a_quotation_without_a_source(thread, reader):
    comment = make_comment(thread, reader, "> The mayor has been sleeping in a drawer since Tuesday.\n\nNo.")
    assert kept(comment) == []
    assert comment.html.startswith("<blockquote>")
    assert "<figure" not in comment.html


# --- Plain replies ----------------------------------------------------------------------------------------------------


def test_a_reply_records_whom_it_answers_and_quotes_nothing(thread, reader, stranger):
    comment = actions.post_comment(reader, thread.pk, "Except in fog.", "key", reply_to=1)
    assert kept(comment) == [("", 1)]
    assert comment.html == "<p>Except in fog.</p>"
    page = stranger.get(f"/t/{thread.pk}/").content.decode()
    assert f'In answer to <a href="/t/{thread.pk}/1/">#1 <bdi>mikan</bdi></a>' in page


def test_a_reply_that_quotes_its_comment_answers_it_once(thread, reader):
    comment = actions.post_comment(reader, thread.pk, f"> {FERRY}\n\nExcept in fog.", "key", reply_to=1)
    assert kept(comment) == [(FERRY, 1)]


def test_a_reply_that_quotes_another_answers_both(thread, reader):
    comment = actions.post_comment(reader, thread.pk, f"> {TOLL}\n\nExcept in fog.", "key", reply_to=1)
    assert kept(comment) == [("", 1), (TOLL, 2)]


def test_a_reply_outlives_an_edit(thread, reader):
    actions.post_comment(reader, thread.pk, "Except in fog.", "key", reply_to=1)
    comment = actions.edit_comment(reader, thread.pk, 4, "Except in fog and snow.")
    assert kept(comment) == [("", 1)]


def test_a_reply_to_nobody_here_is_refused_and_kept_in_the_box(thread, reader, signed_in):
    make_thread(comments=9, author=reader)
    with refused("no-such-comment"):
        actions.post_comment(reader, thread.pk, "Yes.", "key", reply_to=9)
    answer = signed_in(reader).post(f"/t/{thread.pk}/comments/", {"body": "My long text.", "to": "9"})
    assert answer.status_code == 409
    assert "There is no comment #9 in this discussion" in answer.content.decode()
    assert "My long text." in answer.content.decode()


@pytest.mark.parametrize("to", ["", "0", "-1", "x", "1e3", "²", "9" * 30, "\x00", "1 OR 1=1"])
def test_an_answer_to_something_that_is_no_number_answers_nobody(thread, reader, signed_in, to):
    answer = signed_in(reader).post(f"/t/{thread.pk}/comments/", {"body": "Except in fog.", "to": to})
    assert answer.status_code == 302
    assert not Quote.objects.exists()


def test_a_reply_to_a_comment_that_vanished_meanwhile_is_kept_without_its_words(thread, reader, moderator, author):
    """It was being answered while it was removed, and another while its author deleted it."""
    remove_comment(moderator, thread.pk, 1)
    actions.delete_comment(author, thread.pk, 2)
    for number in (1, 2):
        actions.post_comment(reader, thread.pk, f"Answer to {number}.", f"key-{number}", reply_to=number)
    assert list(Quote.objects.values_list("source__number", flat=True)) == [1, 2]


# --- What the writer undoes -------------------------------------------------------------------------------------------


def test_what_the_writer_calls_their_own_words_is_no_quotation(thread, reader):
    text = f"{FERRY}\n\n> {TOLL}\n\nThat is what I say."
    comment = actions.post_comment(reader, thread.pk, text, "key", unquoted=[digest(FERRY)])
    assert kept(comment) == [(TOLL, 2)]
    assert comment.html.startswith(f"<p>{FERRY}</p>")
    comment = actions.edit_comment(reader, thread.pk, 4, f"{text} Again.")
    assert kept(comment) == [(TOLL, 2)]
    comment = actions.edit_comment(reader, thread.pk, 4, comment.source, unquoted=[])
    assert kept(comment) == [(FERRY, 1), (TOLL, 2)]


def test_an_edit_form_without_a_list_of_quotations_changes_nothing_about_them(thread, reader, signed_in):
    browser, text = signed_in(reader), f"{FERRY}\n\nThat is what I say."
    actions.post_comment(reader, thread.pk, text, "key", unquoted=[digest(FERRY)])
    address = f"/t/{thread.pk}/4/edit/"
    assert f'value="{digest(FERRY)}" checked' in browser.get(address).content.decode()
    browser.post(address, {"body": f"{text} Really."})
    assert kept(Comment.objects.get(thread=thread, number=4)) == []
    browser.post(address, {"body": f"{text} Really.", "quotations": "1"})
    assert kept(Comment.objects.get(thread=thread, number=4)) == [(FERRY, 1)]


@pytest.mark.parametrize("junk", [["x"], ["\x00" * 9], ["'" * 5000], ["<script>"] * 300, [""]])
def test_junk_among_the_undone_quotations_undoes_nothing(thread, reader, signed_in, junk):
    form = {"body": f"> {FERRY}\n\nExcept in fog.", "plain": junk}
    browser = signed_in(reader)
    assert browser.post(f"/t/{thread.pk}/preview/", form).status_code == 200
    assert browser.post(f"/t/{thread.pk}/comments/", form).status_code == 302
    again = {"body": f"{form['body']} Always.", "plain": junk, "quotations": "1"}
    assert browser.post(f"/t/{thread.pk}/4/edit/", again).status_code == 302
    comment = Comment.objects.get(thread=thread, number=4)
    assert kept(comment) == [(FERRY, 1)]
    assert comment.unquoted == []


# --- Preview ----------------------------------------------------------------------------------------------------------

SHAPES = (
    f"> {FERRY}\n\nExcept in fog.",
    f"mikan\n> {TOLL}\n\nWho pays?\n\n> {PROMISED}\n\nWhich April?",
    f"Who says “{FERRY[:-1]}” has seen no fog.",
    f"> {FERRY.replace('never', 'always')}\n\nHe says.",
    f"> {FERRY} {TOLL}\n\nBoth.",
    "Nothing is quoted here.",
)


@pytest.mark.parametrize("undone", [(), (digest(FERRY),)], ids=["as it is", "one undone"])
@pytest.mark.parametrize("text", SHAPES, ids=range(len(SHAPES)))
def test_the_preview_shows_what_posting_does(thread, reader, signed_in, text, undone):
    browser = signed_in(reader)
    form = {"body": text, "plain": list(undone)}
    shown = browser.post(f"/t/{thread.pk}/preview/", form, headers={"X-Fragment": "1"}).content.decode()
    posted = actions.post_comment(reader, thread.pk, text, "key", unquoted=undone)
    assert f'<div class="comment__text" dir="auto">{posted.html}</div>' in shown


def test_the_preview_of_a_quotation_of_a_quotation_shows_what_posting_does(thread, reader, moderator):
    own = "Except in fog, says the harbour master of the eastern shore."
    make_comment(thread, reader, f"> {FERRY}\n\n{own}")
    remove_comment(moderator, thread.pk, 1)
    thread.refresh_from_db()
    text = f"Old Ferryman\n> > {FERRY}\n>\n> {own}\n\nNot in May."
    shown = reads.preview(thread, text, ())
    assert "thirty-one" not in shown.html
    assert "harbour master" in shown.html
    assert shown.html == make_comment(thread, make_member("Kiri"), text).html


# --- Edits ------------------------------------------------------------------------------------------------------------


def test_an_edit_keeps_what_is_still_quoted_and_drops_the_rest(thread, reader):
    make_comment(thread, reader, f"> {FERRY}\n\nExcept in fog.")
    comment = actions.edit_comment(reader, thread.pk, 4, f"> {TOLL}\n\nExcept in fog.")
    assert kept(comment) == [(TOLL, 2)]
    comment = actions.edit_comment(reader, thread.pk, 4, "Except in fog.")
    assert kept(comment) == []
    assert comment.html == "<p>Except in fog.</p>"


def test_an_edit_may_quote_an_answer_and_a_circle_has_an_end(thread, author, reader, stranger, moderator):
    """#1 is quoted by #4, and edited to quote #4; whoever quotes these words after that quotes #4."""
    answer = "Except in the fog of nineteen ninety-eight, when it lay still."
    make_comment(thread, reader, f"> {FERRY}\n\n{answer}")
    first = actions.edit_comment(author, thread.pk, 1, f"{FERRY}\n\n> {answer}\n\nGranted, that was so.")
    assert kept(first) == [(answer, 4)]
    third = make_comment(thread, make_member("Kiri"), f"> {answer}\n\nI was there.")
    assert kept(third) == [(answer, 4)]
    page = reads.conversation(Comment.objects.select_related("thread").get(thread=thread, number=4))
    assert [comment.number for comment in page.comments] == [1, 4, 5]
    remove_comment(moderator, thread.pk, 4)
    assert "nineteen ninety-eight" not in stranger.get(f"/t/{thread.pk}/").content.decode()


def test_an_edit_leaves_the_writers_own_words_their_own_whoever_has_quoted_them(thread, author, reader):
    make_comment(thread, reader, f"> {FERRY}\n\nExcept in fog.")
    make_comment(thread, make_member("Kiri"), f"{FERRY}\n\nExcept in fog, he says, and that is true.")
    comment = actions.edit_comment(author, thread.pk, 1, f"{FERRY}\n\nThanks to those who answered.")
    assert kept(comment) == []


# --- Too much ---------------------------------------------------------------------------------------------------------


def test_a_thousand_quotations_in_one_comment_are_too_many(thread, reader, author, signed_in):
    for text in ("Ab.", "Cd."):
        make_comment(thread, author, text)
    text = ">Ab\n>Cd\n" * 500
    with refused("too-many-quotes") as refusal:
        make_comment(thread, reader, text)
    assert "this one has 1,000" in refusal.value.message
    answer = signed_in(reader).post(f"/t/{thread.pk}/comments/", {"body": text})
    assert answer.status_code == 409
    assert "&gt;Ab\n&gt;Cd" in answer.content.decode()


def test_forty_quotations_are_not_too_many(thread, reader, author):
    for text in ("Ab.", "Cd."):
        make_comment(thread, author, text)
    assert len(kept(make_comment(thread, reader, ">Ab\n>Cd\n" * 20))) == 40


def test_a_chain_of_answers_ten_thousand_deep_is_read_and_broken_quickly(author, moderator, stranger):
    thread = make_thread()
    Comment.objects.bulk_create(
        Comment(
            thread=thread,
            number=number,
            author=author,
            source="Yes.",
            html="<p>Yes.</p>",
            created_at=timezone.now(),
            born=1,
        )
        for number in range(1, 10_001)
    )
    pks = list(Comment.objects.order_by("number").values_list("pk", flat=True))
    Quote.objects.bulk_create(
        Quote(comment_id=answer, source_id=source, position=0) for source, answer in pairwise(pks)
    )
    type(thread).objects.filter(pk=thread.pk).update(last_number=10_000, comment_count=10_000, activity=10_000)
    page = stranger.get(f"/t/{thread.pk}/5000/conversation/").content.decode()
    assert page.count('<li class="comment"') == reads.threads.EXCHANGE
    assert "the nearest 300 of 10000" in page
    remove_comment(moderator, thread.pk, 5_000)
    assert Quote.objects.count() == 9_999
