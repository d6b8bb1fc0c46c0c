"""What quotations cost: as many queries for four hundred as for two, and as many as each function says."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions, announce, policy, reads, vocabulary
from kawaraban.discussion.actions import quotes
from kawaraban.discussion.models import Comment, Quote, Thread
from kawaraban.discussion.testing import make_comment, make_thread, remove_comment
from kawaraban.importers.actions import import_page
from kawaraban.importers.exchange import story_document
from kawaraban.importers.tests.pages import page_text
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_story

FERRY = "The ferry was never late in thirty-one years."


def quoted_thread(size, author):
    """A story with so many comments: every other is the author's, the one after it quotes it and the story."""
    thread = Thread.objects.get(pk=make_story(headline=f"Of {size} comments").thread_id)
    other = make_member()
    for number in range(1, size + 1):
        said = f"Barrel{number} of harbour{number} is copper{number} and mayor{number} knows it."
        before = f"Barrel{number - 1} of harbour{number - 1} is copper{number - 1} and mayor{number - 1} knows it."
        text = said if number % 2 else f"> {before}\n\nNot{number}.\n\n> Work is to begin in April.\n\nWhich{number}?"
        record = actions.Record(text, author=author if number % 2 else other, created_at=timezone.now())
        actions.record_comment(thread, record)
    actions.link_thread(thread)
    assert Quote.objects.filter(comment__thread=thread).count() == size
    return Thread.objects.get(pk=thread.pk)


def cost(deed):
    with CaptureQueriesContext(connection) as queries:
        deed()
    return len(queries)


def test_every_page_with_quotations_costs_the_same_at_any_length(site, author, reader, stranger, signed_in):
    browser = signed_in(reader)
    costs = {}
    # The first round is for what is asked once and then known.
    for size in (2, 2, 400):
        thread = quoted_thread(size, author)
        base = f"/t/{thread.pk}/"
        pages = [thread.url, base, f"{base}?page=all", f"{base}since/0/", f"{base}2/conversation/", f"{base}story/1/"]
        found = {page.replace(base, "/t/N/"): cost(lambda page=page: stranger.get(page)) for page in pages[1:]}
        found["story"] = cost(lambda page=thread.url: stranger.get(page))
        found["write"] = cost(lambda page=f"{base}write/?quote=2": browser.get(page))
        found["export"] = cost(lambda url=thread.url: story_document(url))
        costs[size] = found
    assert costs[2] == costs[400]
    assert costs[2]["/t/N/since/0/"] <= 5
    assert costs[2]["export"] <= 18


@pytest.mark.parametrize("size", [2, 60])
def test_reads_of_quotations_cost_what_they_say(size, site, author, django_assert_num_queries):
    thread = quoted_thread(size, author)
    comments = list(reads.whole_thread(thread))
    with django_assert_num_queries(1):
        assert len(reads.quoted_by(comments)) >= size // 2
    with django_assert_num_queries(1):
        assert sum(map(len, reads.answers_of(comments).values())) == size
    with django_assert_num_queries(2):
        assert [len(numbers) for _, numbers in reads.story_version(thread, 1)] == [0, size // 2, 0]
    with django_assert_num_queries(1):
        assert reads.quotation_of(comments[1]).endswith("> Which2?")
    comment = Comment.objects.select_related("thread", "author").get(thread=thread, number=2)
    with django_assert_num_queries(5):
        assert [each.number for each in reads.conversation(comment).comments] == [1, 2]
    with django_assert_num_queries(3):
        announce.changed_event(comment, ([], []))
    text = comment.source
    vocabulary.forget()
    with django_assert_num_queries(4):  # Two to learn the thread, two for the sources.
        assert len(reads.preview(thread, text, (), 2).recognised) == 2
    with django_assert_num_queries(2):
        reads.preview(thread, text, (), 2)
    with django_assert_num_queries(0):
        reads.preview(thread, "Nothing.", ())


def test_posting_a_quotation_costs_the_same_in_a_long_thread(site, author):
    costs = []
    for size in (2, 60):
        thread = quoted_thread(size, author)
        make_comment(thread, make_member(), "What is said first lets the process learn the thread.")
        text = "> Barrel1 of harbour1 is copper1 and mayor1 knows it.\n\n> Work is to begin in April.\n\nYes."
        member = make_member()
        costs.append(cost(lambda thread=thread, member=member, text=text: make_comment(thread, member, text)))
    assert costs[0] == costs[1]


def test_a_removal_costs_as_many_queries_with_many_quotations_as_with_few(site, author, moderator):
    costs = []
    policy.may_remove(moderator)  # Asked once and then known.
    for size in (3, 60):
        thread = Thread.objects.get(pk=make_story(headline=f"{size}").thread_id)
        actions.record_comment(thread, actions.Record(FERRY, author=author, created_at=timezone.now()))
        for number in range(size):
            record = actions.Record(f"> {FERRY}\n\nAnswer {number}.", author=author, created_at=timezone.now())
            actions.record_comment(thread, record)
        actions.link_thread(thread)
        costs.append(cost(lambda thread=thread: remove_comment(moderator, thread.pk, 1)))
        costs.append(cost(lambda thread=thread: actions.restore_comment(moderator, thread.pk, 1)))
    assert costs[0] == costs[2]
    assert costs[1] == costs[3]


def test_actions_on_quotations_cost_what_they_say(author, reader, django_assert_num_queries):
    thread = make_thread()
    actions.keep_passages(thread.pk, ["A bridge", "Copper lies below the temple of the harbour."])
    make_comment(thread, author, FERRY)
    make_comment(thread, reader, f"> {FERRY}\n\nNo.\n\n> Copper lies below the temple of the harbour.\n\nYes.")
    source, answer = Comment.objects.select_related("thread").order_by("number")
    for comment, queries in ((source, 4), (answer, 1)):
        with django_assert_num_queries(queries):
            quotes.typeset_answers(comment)
    source.source = "Nothing."
    for queries in (5, 1):
        with django_assert_num_queries(queries):
            quotes.mark_answers(source)
    thread.refresh_from_db()
    thread.version = 2  # Of which there are no passages.
    for queries in (6, 2):
        with django_assert_num_queries(queries):
            quotes.typeset_answers_to_subject(thread)


def test_an_import_is_one_transaction_with_its_quotations(site, tmp_path):
    """A fault in the last step, when all comments are there already, leaves nothing behind."""
    page = tmp_path / "page.txt"
    comments = [(f"{FERRY}\n\nEverybody knew.", "3 ( +4 / -1 )"), (f"> {FERRY}\n\nExcept in fog.", "1 ( +1 / -0 )")]
    page.write_text(page_text(comments=comments), encoding="utf-8")

    def fail(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "discussion_quote"'):
            assert Comment.objects.count() == 2
            raise RuntimeError("The disk is full.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail), pytest.raises(RuntimeError, match="disk"):
        import_page(page)
    assert (Thread.objects.count(), Comment.objects.count(), StoryPage.objects.count()) == (0, 0, 0)
    import_page(page)
    assert Quote.objects.get().source.number == 1
