"""The full-text index: SQLite's FTS5 or a `tsvector` of PostgreSQL, one row for each entry under the entry's key.

Its table `search_words` is made in the room's second migration.

Both hold the terms of `words` and nothing else: no text can be read out of it again. A row has three parts: `title`,
`body`, and `facets`, by which a search is narrowed and which no typed word can meet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import connection, connections

from kawaraban import replicas
from kawaraban.search.words import Phrase

NEWEST = 1_000
"""So many of what matches are looked at, the newest: more than a reader leafs through, and a bound to what it costs."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is put into the index for one entry: terms in order, and the facets it belongs to."""

    key: int
    title: Sequence[str]
    body: Sequence[str]
    facets: Sequence[str]


def put(rows: Iterable[Row]) -> None:
    """Keep these rows, each in the place of a former one with its key. Cost: 1 query for each."""
    if connection.vendor == "sqlite":
        sql = "INSERT OR REPLACE INTO search_words (rowid, title, body, facets) VALUES (%s, %s, %s, %s)"
        values: list[tuple[Any, ...]] = [
            (row.key, " ".join(row.title), " ".join(row.body), " ".join(row.facets)) for row in rows
        ]
    else:
        sql = (
            "INSERT INTO search_words (id, words) VALUES (%s, %s::tsvector) "
            "ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words"
        )
        values = [(row.key, _vector(row)) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def remove(keys: Sequence[int]) -> None:
    """Forget these rows. Cost: 1 query for each."""
    column = "rowid" if connection.vendor == "sqlite" else "id"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM search_words WHERE {column} = %s", [(key,) for key in keys])  # noqa: S608


def newest(phrases: Sequence[Phrase], facets: Sequence[str], since: int, until: int) -> list[int]:
    """The keys of the newest entries that hold all phrases and belong to all facets; `NEWEST` at most. Cost: 1 query.

    Args:
        since: the least key, and `until` the first that is too great.
    """
    if connection.vendor == "sqlite":
        sql = (
            "SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid >= %s AND rowid < %s "
            "ORDER BY rowid DESC LIMIT %s"
        )
    else:
        sql = (
            "SELECT id FROM search_words WHERE words @@ %s::tsquery AND id >= %s AND id < %s ORDER BY id DESC LIMIT %s"
        )
    with connections[replicas.database()].cursor() as cursor:
        cursor.execute(sql, [_match(phrases, facets), since, until, NEWEST])
        return [key for (key,) in cursor.fetchall()]


def best(phrases: Sequence[Phrase], facets: Sequence[str], keys: Sequence[int]) -> list[int]:
    """The same keys, best match first: BM25 on SQLite, `ts_rank` on PostgreSQL, a title four times a text.

    Args:
        keys: as `newest` gave them for the same phrases and facets.

    Cost: 1 query.
    """
    if not keys:
        return []
    if connection.vendor == "sqlite":
        sql = (
            "SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid >= %s AND rowid <= %s "
            "ORDER BY bm25(search_words, 4.0, 1.0, 0.0), rowid DESC"
        )
    else:
        # The weights are those of D, C, B and A: text, facets, nothing, title. 1: a long text is not better for it.
        sql = (
            "SELECT id FROM search_words, (SELECT %s::tsquery AS asked) AS query "
            "WHERE words @@ asked AND id >= %s AND id <= %s "
            "ORDER BY ts_rank('{0.25, 0, 0, 1}', words, asked, 1) DESC, id DESC"
        )
    wanted = set(keys)
    with connections[replicas.database()].cursor() as cursor:
        cursor.execute(sql, [_match(phrases, facets), min(keys), max(keys)])
        return [key for (key,) in cursor.fetchall() if key in wanted]


def _match(phrases: Sequence[Phrase], facets: Sequence[str]) -> str:
    """What both databases are asked, each in its own writing. Terms are letters and digits: nothing need be escaped."""
    if connection.vendor == "sqlite":
        asked = " AND ".join(f'"{" ".join(phrase.terms)}"{"*" * phrase.is_start}' for phrase in phrases)
        narrowed = "".join(f' AND facets : "{facet}"' for facet in facets)
        return f"{{title body}} : ({asked}){narrowed}"
    asked = " & ".join(
        "(" + " <-> ".join(f"'{term}':{'*' * phrase.is_start}AD" for term in phrase.terms) + ")" for phrase in phrases
    )
    return asked + "".join(f" & '{facet}':C" for facet in facets)


def _vector(row: Row) -> str:
    """The row as PostgreSQL writes a `tsvector`: each term with its places, title A, facets C, text D."""
    places: dict[str, list[str]] = defaultdict(list)
    # A gap, so that no phrase reaches from the title into the text.
    titles = ((term, f"{place}A") for place, term in enumerate(row.title, 1))
    texts = ((term, str(place)) for place, term in enumerate(row.body, len(row.title) + 10))
    facets = ((facet, "1C") for facet in row.facets)
    for term, place in chain(titles, texts, facets):
        places[term].append(place)
    # PostgreSQL keeps no more than 256 places of a term.
    return " ".join(f"'{term}':{','.join(found[:256])}" for term, found in places.items())
