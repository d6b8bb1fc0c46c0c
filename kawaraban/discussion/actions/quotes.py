"""What a comment answers, kept as rows, and its text typeset anew when one of its sources changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kawaraban.discussion import announce, reads, vocabulary
from kawaraban.discussion.models import Comment, Passage, Quote, Thread
from kawaraban.discussion.quoting import Quotation, Words
from kawaraban.discussion.typesetting import digest, typeset
from kawaraban.languages import in_site_language


def wanted(found: Iterable[Quotation], unquoted: Sequence[str]) -> list[Quotation]:
    """The quotations whose source is known and which their writer has not declared their own words."""
    return [each for each in found if each.source is not None and digest(each.words) not in unquoted]


def keep_quotes(comment: Comment, found: Sequence[Quotation], reply_to: int | None = None) -> None:
    """Keep what a comment answers in place of what was kept before, and typeset its text. Cost: 5 to 8 queries.

    The caller holds the thread's row.

    Args:
        found: as `Words.find` returns it; quotations without a source are left out.
        reply_to: the number of a comment that is answered without being quoted.
    """
    comment.quotes.all().delete()
    answers = reads.rows_of(comment, found, reply_to)
    rows = [row for row, _ in answers]
    inner = [part for _, parts in answers for part in parts]
    for position, row in enumerate([*rows, *inner]):
        row.position = position
    Quote.objects.bulk_create(rows)
    Quote.objects.bulk_create(inner)
    if rows:
        set_type([comment])


def set_type(comments: Sequence[Comment]) -> None:
    """Make the HTML of comments again from their text and the present state of what they quote. Cost: 2 queries."""
    _typeset(comments)
    Comment.objects.bulk_update(comments, ["html"], batch_size=500)


def typeset_answers(source: Comment) -> None:
    """Let every comment that quotes this one show what it has become: gone, or back.

    Cost: 1 query, 2 more and 1 for each 500 if there are such comments.

    The caller holds the thread's row and has counted its activity up.
    """
    _set_again(source.thread, [quote.comment for quote in _quoting(source)])


def mark_answers(source: Comment) -> None:
    """Mark the quotations whose words their source no longer has, or has again. Cost: 1 query; 5 if any turn.

    The caller holds the thread's row and has counted its activity up.
    """
    words = Words()
    words.add_comment(1, "", source.source)
    # Of quotations inside quotations nothing is said: the words around them are the other comment's.
    shown = [quote for quote in _quoting(source) if not quote.parent_id]
    _set_again(source.thread, [quote.comment for quote in _mark_stale(shown, words)])


def typeset_answers_to_subject(thread: Thread) -> None:
    """Mark the quotations whose words the newest version no longer has. Cost: 1 query; 6 if there are such."""
    quotes = list(Quote.objects.filter(passage__thread=thread).select_related("comment"))
    if not quotes:
        return
    words = Words()
    vocabulary.learn(words, thread.passages.filter(version=thread.version))
    _set_again(thread, [quote.comment for quote in _mark_stale(quotes, words)])


def typeset_answers_to_passages(thread: Thread, passages: Sequence[Passage]) -> None:
    """Let every comment that quotes one of these passages show that it is gone, or back. Cost: 1 query; 6 if any do.

    The caller holds the thread's row.
    """
    quotes = Quote.objects.filter(passage__in=[passage.pk for passage in passages]).select_related("comment")
    _set_again(thread, [quote.comment for quote in quotes.order_by("comment__number")])


@in_site_language
def link_thread(thread: Thread) -> None:
    """Find the quotations of a whole thread that came from elsewhere. Cost: 2 queries, and 7 for each that quotes.

    The caller holds the thread's row.
    """
    words = Words()
    vocabulary.learn(words, thread.passages.all())
    for comment in reads.whole_thread(thread):
        comment.thread = thread
        found = wanted(words.find(comment.source, before=comment.number), comment.unquoted)
        if found:
            keep_quotes(comment, found)
        words.add_comment(comment.number, reads.name_of(comment), comment.source, reads.time_of(comment))


def _quoting(source: Comment) -> list[Quote]:
    rows = Quote.objects.filter(source=source).exclude(words="").exclude(comment=source)
    return list(rows.select_related("comment").order_by("comment__number"))


def _is_stale(quote: Quote, words: Words) -> bool:
    """Whether words that were quoted as they were stand there no more; of a misquote, whether nothing like it does."""
    found = words.find("\n".join(f"> {line}" for line in quote.words.splitlines()))
    if not quote.is_exact:
        return all(each.source is None for each in found)
    # Signs without words, such as a line drawn by hand, prove nothing.
    return not all(each.is_exact for each in found if any(map(str.isalnum, each.words)))


def _mark_stale(quotes: Sequence[Quote], words: Words) -> list[Quote]:
    """Those whose source had the words no more, or has them again, as the present words tell."""
    turned = []
    for quote in quotes:
        stale = _is_stale(quote, words)
        if stale != quote.is_stale:
            quote.is_stale = stale
            turned.append(quote)
    Quote.objects.bulk_update(turned, ["is_stale"], batch_size=500)
    return turned


def _typeset(comments: Iterable[Comment]) -> None:
    quoted = reads.quoted_by(comments)
    for comment in comments:
        comment.html = typeset(comment.source, quoted[comment.pk]) if comment.source else ""


def _set_again(thread: Thread, comments: Iterable[Comment]) -> None:
    changed = list({comment.pk: comment for comment in comments}.values())
    if not changed:
        return
    _typeset(changed)
    # A figure of its own for each: open pages take what comes under one that they have heard for no news.
    for comment in changed:
        thread.activity += 1
        comment.thread, comment.changed = thread, thread.activity
    Comment.objects.bulk_update(changed, ["html", "changed"], batch_size=500)
    thread.save(update_fields=["activity"])
    if len(changed) > announce.REPLAYED:
        announce.much_changed(thread)
        return
    for comment in changed:
        announce.comment_changed(comment)
