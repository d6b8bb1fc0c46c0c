"""In which order writers take hold of rows: in different orders, two would wait for each other for ever."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.discussion import actions
from kawaraban.discussion.testing import make_comment, make_thread


@pytest.mark.parametrize(
    ("deed", "order"),
    [
        (lambda author, _, where: actions.post_comment(author, where[0], "More.", "key"), ["thread"]),
        (lambda author, _, where: actions.edit_comment(author, *where, "Mended."), ["thread", "comment"]),
        (lambda author, _, where: actions.delete_comment(author, *where), ["thread", "comment"]),
        (lambda _, moderator, where: actions.remove_comment(moderator, *where), ["thread", "comment"]),
        (lambda _, moderator, where: actions.restore_comment(moderator, *where), ["thread", "comment"]),
        (lambda _, moderator, where: actions.cast_vote(moderator, *where, 1), ["comment", "vote"]),
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
