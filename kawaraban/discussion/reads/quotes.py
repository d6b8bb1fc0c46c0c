"""What comments quote, as readers are to see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawaraban import markup
from kawaraban.discussion import vocabulary
from kawaraban.discussion.models import Comment, Passage, Quote, Thread
from kawaraban.discussion.quoting import Quotation, StoryPassage
from kawaraban.discussion.reads.threads import time_of
from kawaraban.discussion.typesetting import Quoted, digest, own_words, typeset
from kawaraban.languages import in_site_language
from kawaraban.theme.templatetags.times import printed

GONE = {
    Comment.State.REMOVED: gettext_lazy("Words removed by a moderator."),
    Comment.State.DELETED: gettext_lazy("Words deleted by their author."),
    Comment.State.HELD: gettext_lazy("Words waiting for a moderator."),
}
TAKEN_OUT = gettext_lazy("Words in which there were personal data.")
WITHHELD = gettext_lazy("Words that the newsroom has withdrawn.")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A quotation found in somebody's words, as they are asked about it before it is kept."""

    digest: str
    words: str
    label: str
    is_plain: bool  # the writer says that these are their own words


@dataclass(frozen=True, slots=True)
class Preview:
    """Somebody's words as they will look."""

    html: str
    recognised: tuple[Recognised, ...]


@in_site_language
def quoted_by(comments: Iterable[Comment]) -> dict[int, list[Quoted]]:
    """What each comment quotes, as readers are to see it now, by primary key. Cost: 1 query."""
    rows: dict[int, list[Quote]] = defaultdict(list)
    kept = (
        Quote.objects.filter(comment__in=[comment.pk for comment in comments])
        .exclude(words="")
        .select_related("source__author", "passage", "comment")
        .order_by("comment_id", "position")
    )
    for row in kept:
        rows[row.comment_id].append(row)
    quoted: dict[int, list[Quoted]] = defaultdict(list)
    for pk, each in rows.items():
        parts: dict[int | None, list[Quote]] = defaultdict(list)
        for row in each:
            parts[row.parent_id].append(row)
        quoted[pk] = [_quoted(row, _lost(parts[row.pk])) for row in parts[None]]
    return quoted


def said(comments: Sequence[Comment]) -> dict[int, str]:
    """What the writers of comments say themselves, by primary key, as plain text. Cost: 2 queries."""
    quoted = quoted_by(comments)
    return {each.pk: markup.plain_text(markup.render(own_words(each.source, quoted[each.pk]))) for each in comments}


def rows_of(
    comment: Comment, found: Sequence[Quotation], reply_to: int | None = None
) -> list[tuple[Quote, list[Quote]]]:
    """What a comment answers, as rows that nobody has kept yet, each with the quotations inside it. Cost: 2 queries.

    Args:
        found: as `Words.find` returns it; quotations without a source are left out.
        reply_to: the number of a comment that is answered without being quoted; it comes first.
    """
    sources = {part.source for each in found for part in (each, *each.inner)}
    numbers = [source for source in (*sources, reply_to) if isinstance(source, int)]
    places = [source for source in sources if isinstance(source, StoryPassage)]
    comments = Comment.objects.filter(thread=comment.thread_id, number__in=numbers).select_related("author")
    passages = Passage.objects.filter(
        thread=comment.thread_id,
        version__in={place.version for place in places},
        position__in={place.position for place in places},
    )
    said: dict[Any, Comment | Passage] = {each.number: each for each in comments}
    said |= {StoryPassage(passage.version, passage.position): passage for passage in passages}
    rows: list[tuple[Quote, list[Quote]]] = []
    answered = said.get(reply_to)
    if isinstance(answered, Comment) and all(each.source != reply_to for each in found):
        rows.append((Quote(comment=comment, source=answered), []))
    for each in found:
        row = _row(comment, each, said)
        if row is not None:
            rows.append((row, [made for part in each.inner if (made := _row(comment, part, said, row))]))
    return rows


def answers_of(comments: Iterable[Comment]) -> dict[int, list[Quote]]:
    """What each comment answers, in order, with the sources, by primary key. Cost: 1 query.

    Quotations inside quotations are not among them; `quoted_by` tells what of them cannot be shown.
    """
    answers: dict[int, list[Quote]] = defaultdict(list)
    rows = Quote.objects.filter(comment__in=[comment.pk for comment in comments], parent=None)
    for row in rows.select_related("source", "passage").order_by("comment_id", "position"):
        answers[row.comment_id].append(row)
    return answers


def story_version(thread: Thread, version: int) -> list[tuple[Passage, list[int]]]:
    """The passages of one version of the subject, each with the comments that quote it. Cost: 2 queries."""
    quoting = quoting_story(thread, version)
    passages = thread.passages.filter(version=version).order_by("position")
    return [(passage, quoting.get(passage.position, [])) for passage in passages]


def quoting_story(thread: Thread, version: int) -> dict[int, list[int]]:
    """The numbers of the comments that quote a version of the subject, by the position of the passage. Cost: 1 query.

    The head of the subject has position 0.
    """
    quoting: dict[int, list[int]] = defaultdict(list)
    rows = Quote.objects.filter(
        passage__thread=thread, passage__version=version, comment__state=Comment.State.VISIBLE, parent=None
    )
    pairs = rows.order_by("comment__number").values_list("passage__position", "comment__number").distinct()
    for position, number in pairs:
        quoting[position].append(number)
    return dict(quoting)


def preview(thread: Thread, body: str, plain: Sequence[str], number: int | None = None) -> Preview:
    """Somebody's words as they will look, and what was recognised in them.

    Cost: that of `vocabulary.find`, 2 queries more with quotations.

    Args:
        plain: digests of quotations that the writer says are their own words.
        number: that of the comment, where it has one already.
    """
    text = markup.tidy(body)[: markup.MAX_LENGTH]
    found = [each for each in vocabulary.find(thread, text, number) if each.source is not None]
    rows = rows_of(Comment(thread=thread, created_at=timezone.now()), found) if found else []
    quoted = [_quoted(row, _lost(parts)) for row, parts in rows]
    recognised = {
        (name := digest(each.words)): Recognised(name, each.words, each.label, name in plain) for each in quoted
    }
    return Preview(
        typeset(text, [each for each in quoted if digest(each.words) not in plain]), tuple(recognised.values())
    )


def quotation_of(comment: Comment) -> str:
    """A comment's words as a quotation to answer below, with the line that names it; empty when it is not shown.

    Cost: 1 query.
    """
    if not comment.is_visible:
        return ""
    return f"{heading_of(comment)}\n{_marked(own_words(comment.source, quoted_by([comment])[comment.pk]))}"


def quotation_of_story(thread: Thread, position: int) -> str:
    """A paragraph of the newest version of the story as a quotation; empty when there is none. Cost: 1 query."""
    passage = thread.passages.filter(version=thread.version, position=position).first()
    return _marked(passage.text) if passage else ""


def heading_of(comment: Comment) -> str:
    """The line above a quotation that says who is quoted, as people write it and as it is recognised."""
    time = time_of(comment)
    return f"{comment.author_name} {time}" if time else f"{comment.author_name}:"


def _marked(words: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in words.splitlines())


def _row(
    comment: Comment, found: Quotation, said: dict[Any, Comment | Passage], parent: Quote | None = None
) -> Quote | None:
    source = said.get(found.source)
    if source is None:
        return None
    return Quote(
        comment=comment,
        parent=parent,
        start=found.start,
        end=found.end,
        heading_start=found.heading[0] if found.heading else None,
        is_block=found.is_block,
        words=found.words,
        is_exact=found.is_exact,
        # The search prefers the newest version: an earlier one is meant only where the words are gone since.
        is_stale=isinstance(source, Passage) and source.version < comment.thread.version,
        source=source if isinstance(source, Comment) else None,
        passage=source if isinstance(source, Passage) else None,
    )


def _lost(parts: Iterable[Quote]) -> tuple[str, ...]:
    """The words inside a quotation that cannot be seen where they were said."""
    return tuple(part.words for part in parts if _is_lost(part))


def _is_lost(part: Quote) -> bool:
    return bool(_gone(part.source, part.words)) if part.source else bool(part.passage and part.passage.is_withheld)


def _gone(source: Comment, words: str) -> str:
    """Why words of a comment cannot be shown; empty while they can."""
    gone = str(GONE.get(Comment.State(source.state), ""))
    if not gone and source.withheld and " ".join(words.split()) not in " ".join(source.source.split()):
        return str(TAKEN_OUT)
    return gone


def _quoted(row: Quote, lost: tuple[str, ...]) -> Quoted:
    start = row.start if row.heading_start is None else row.heading_start
    notes = () if row.is_exact else (_("differs from the original"),)
    thread = row.comment.thread_id
    if row.source is None:
        passage = row.passage
        assert passage is not None  # noqa: S101 - the table's own constraint
        label = _("from an earlier version of the story") if row.is_stale else _("from the story")
        href = f"{reverse('discussion:story', args=[thread, passage.version])}#p{passage.position}"
        gone = str(WITHHELD) if passage.is_withheld else ""
        return Quoted(start, row.end, row.words, label, href, () if gone else notes, gone, row.is_block, lost)
    written = row.comment.created_at
    day = timezone.localtime(written).date() if written else None
    time = row.source.time_text or (printed(row.source.created_at, day) if row.source.created_at else "")
    label = f"#{row.source.number} {row.source.author_name}" + (f", {time}" if time else "")
    gone = _gone(row.source, row.words)
    if row.is_stale and not gone:
        notes = (*notes, _("edited since"))
    href = reverse("discussion:comment", args=[thread, row.source.number])
    return Quoted(start, row.end, row.words, label, href, () if gone else notes, gone, row.is_block, lost)
