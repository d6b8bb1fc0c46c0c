"""In which order writers take hold of rows: in different orders, two would wait for each other for ever."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.discussion import actions, vocabulary
from kawaraban.discussion.testing import make_comment, make_thread, remove_comment


@pytest.mark.parametrize(
    ("deed", "order"),
    [
        (lambda author, _, where: actions.post_comment(author, where[0], "More.", "key"), ["thread"]),
        (lambda author, _, where: actions.edit_comment(author, *where, "Mended."), ["thread", "comment"]),
        (lambda author, _, where: actions.delete_comment(author, *where), ["thread", "comment"]),
        (lambda _, moderator, where: remove_comment(moderator, *where), ["thread", "comment"]),
        (lambda _, moderator, where: actions.restore_comment(moderator, *where), ["thread", "comment"]),
        (lambda _, moderator, where: actions.cast_vote(moderator, *where, 1), ["comment"]),
        (lambda *people_and_where: actions.keep_passages(people_and_where[2][0], ["Head."]), ["thread"]),
    ],
    ids=["post", "edit", "delete", "remove", "restore", "vote", "publish"],
)
def test_the_thread_is_always_held_before_its_comment(deed, order, author, moderator):
    comment = make_comment(make_thread(), author)
    with CaptureQueriesContext(connection) as queries:
        deed(author, moderator, (comment.thread_id, comment.number))
    reads = [query["sql"] for query in queries if query["sql"].startswith("SELECT") and "discussion_" in query["sql"]]
    # SQLite locks the whole file when the transaction begins; there, only the order of reading can be seen.
    if connection.features.has_select_for_update:
        reads = [sql for sql in reads if "FOR UPDATE" in sql]
        assert len(reads) == len(order)
    assert [sql.partition('FROM "discussion_')[2].partition('"')[0] for sql in reads][: len(order)] == order


@pytest.mark.parametrize(
    "deed",
    [
        lambda author, thread: actions.post_comment(author, thread.pk, "More.", "key"),
        lambda author, thread: actions.edit_comment(author, thread.pk, 1, "Mended."),
    ],
    ids=["post", "edit"],
)
def test_the_words_of_a_thread_are_taken_in_before_its_row_is_held(deed, author):
    """Those of 10,000 comments take more than a second, in which nobody else could post."""
    thread = make_thread(comments=3, author=author)
    vocabulary.forget()
    with CaptureQueriesContext(connection) as queries:
        deed(author, thread)
    statements = [query["sql"] for query in queries]
    begin = next(at for at, sql in enumerate(statements) if sql.startswith(("BEGIN", "SAVEPOINT")))
    taken_in = [at for at, sql in enumerate(statements) if sql.endswith('ORDER BY "discussion_comment"."number" ASC')]
    assert taken_in
    assert max(taken_in) < begin
