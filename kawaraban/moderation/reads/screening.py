"""What the desk shows of the words and patterns, and which comments one would have met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.core.paginator import Page, Paginator

from kawaraban.discussion.models import Comment, Quote
from kawaraban.screening import languages, patterns
from kawaraban.screening.models import Pattern

PATTERNS_ON_A_PAGE = 100
TRIED_ON = 1_000
"""Comments, the newest, that a word or pattern is tried on."""
SHOWN = 50
"""Comments that a trial shows."""
EXCERPT = 240
"""Characters of each."""


@dataclass(frozen=True, slots=True)
class Met:
    """A comment that a word or pattern would have met, what in it, and the words around that."""

    comment: Comment
    found: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a word or pattern would have met: in how many comments of how many, and the newest of those it met."""

    count: int
    of: int
    met: tuple[Met, ...]


def listed(page: str | int) -> Page[Pattern]:
    """A page of the words and patterns, the newest first. Cost: 2 queries."""
    return Paginator(Pattern.objects.select_related("added_by").order_by("-pk"), PATTERNS_ON_A_PAGE).get_page(page)


def pattern(pattern_id: int | None) -> Pattern | None:
    """The word or pattern, if it is listed. Cost: 1 query."""
    return Pattern.objects.filter(pk=pattern_id or 0).first()


def try_out(text: str, kind: Literal["word", "pattern"], language: str = "") -> Trial:
    """What a word or pattern would have met in the newest 1,000 comments. Cost: 2 queries, and about 0.1 s.

    Args:
        language: two letters; it is looked for in texts of this language alone.

    Raises:
        Refused: it is empty, too long, or nothing that can be looked for.
    """
    patterns.matcher(text, kind)
    newest = Comment.objects.exclude(source="").select_related("thread", "author").order_by("-pk")
    comments = list(newest.only("source", "number", "state", "signed", "thread__title", "author__handle")[:TRIED_ON])
    texts = own_words({each.pk: each.source for each in comments})
    trial = patterns.try_out(text, kind, [texts[each.pk] for each in comments])
    met = [
        Met(comments[place], found, _around(texts[comments[place].pk], found))
        for place, found in trial.met
        if not language or languages.guess(texts[comments[place].pk]) == language
    ]
    return Trial(len(met), trial.texts, tuple(met[:SHOWN]))


def own_words(sources: Mapping[int, str]) -> dict[int, str]:
    """The texts of comments, by key, without what they quote in whole lines: what screening looks at. Cost: 1 query."""
    quoted = _quoted(sources.keys())
    return {key: _without(source, quoted.get(key, ())) for key, source in sources.items()}


def _around(text: str, found: str) -> str:
    """The words around what was found; the first ones where it stands there in other letters."""
    place = max(0, text.casefold().find(found.casefold()) - EXCERPT // 2)
    return "…" * (place > 0) + text[place : place + EXCERPT] + "…" * (place + EXCERPT < len(text))


def _quoted(comments: Collection[int]) -> Mapping[int, Sequence[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    blocks = Quote.objects.filter(comment__in=comments, is_block=True, parent=None, end__gt=0)
    for key, start, end in blocks.order_by("start").values_list("comment_id", "start", "end"):
        found[key].append((start, end))
    return found


def _without(source: str, quoted: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(quoted):
        source = source[:start] + source[end:]
    return source.strip()
