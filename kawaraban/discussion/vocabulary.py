"""What has been said in a thread so far, ready to be searched for quotations; made once per process and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from kawaraban.discussion.models import Comment, Passage, Quote, Thread
from kawaraban.discussion.quoting import Quotation, Words
from kawaraban.discussion.reads.threads import name_of, time_of, whole_thread
from kawaraban.languages import in_site_language

# Comments of all threads kept together: some 5 kB each.
MOST_COMMENTS = 20_000


@dataclass(slots=True)
class _Vocabulary:
    words: Words = field(default_factory=Words)
    activity: int = -1
    version: int = 0
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept: OrderedDict[int, _Vocabulary] = OrderedDict()
_lock = threading.Lock()


def prepare(thread: Thread) -> None:
    """Take in what has been said, so that a `find` under the thread's lock has little left to read.

    After the start of a process the words of a long thread take a second and more. Cost: as `find`.
    """
    find(thread, "")


def find(thread: Thread, text: str, number: int | None = None) -> tuple[Quotation, ...]:
    """The quotations in a text on its way into a thread.

    To be called before the caller writes anything: what is read here is kept, so it must be committed.
    Words of comments that were removed or held after readers had seen them, and words that were taken out, are known
    as well, so that they are recognised and not shown; of deleted comments the words that others have quoted. Cost: no
    query when nothing has changed since, else 1; 1 more each for a new version of the story, for edited and for
    deleted comments.

    Args:
        number: that of the comment, if it has one already. Nobody quotes themselves, but an edit may quote an answer.
    """
    with _lock:
        vocabulary = _kept.setdefault(thread.pk, _Vocabulary())
        _kept.move_to_end(thread.pk)
    with vocabulary.lock:
        _bring_up_to_date(vocabulary, thread)
        found = vocabulary.words.find(text)
    with _lock:
        while len(_kept) > 1 and sum(each.size for each in _kept.values()) > MOST_COMMENTS:
            _kept.popitem(last=False)
    return tuple(each for each in found if number is None or each.source != number)


def learn(words: Words, passages: QuerySet[Passage]) -> None:
    """Let words of the story be found from now on. Cost: 1 query."""
    for version, position, text in passages.values_list("version", "position", "text"):
        words.add_passage(version, position, text)


def forget() -> None:
    """Start anew, as a process does: for tests, whose databases go back in time."""
    with _lock:
        _kept.clear()


@in_site_language
def _bring_up_to_date(vocabulary: _Vocabulary, thread: Thread) -> None:
    if vocabulary.version < thread.version:
        learn(vocabulary.words, thread.passages.filter(version__gt=vocabulary.version))
        vocabulary.version = thread.version
    # Another request may have seen a later state than this one's thread.
    if vocabulary.activity >= thread.activity:
        return
    changed = list(whole_thread(thread).filter(changed__gt=vocabulary.activity))
    quoted = _still_quoted([comment.pk for comment in changed if comment.state == Comment.State.DELETED])
    answers = _answers_quoted([comment.pk for comment in changed if comment.edited_at and comment.source])
    for comment in changed:
        # With what was taken out of it, so that those words are recognised wherever they are said again.
        text = comment.withheld or comment.source
        if comment.state == Comment.State.DELETED:
            text = quoted.get(comment.pk, "")
        elif not comment.is_public:
            text = ""  # nobody has read it, so nobody can quote it
        for start, end in answers.get(comment.pk, ()):
            text = f"{text[:start]}\n\n{text[end:]}"
        if text:
            vocabulary.words.add_comment(comment.number, name_of(comment), text, time_of(comment))
        else:
            vocabulary.words.forget(comment.number)
    vocabulary.activity, vocabulary.size = thread.activity, thread.last_number


def _still_quoted(deleted: Sequence[int]) -> dict[int, str]:
    """Of deleted comments the words that others quote: all that is left of them. Cost: 1 query, if there are such.

    Without them whoever edits a comment that quotes them would show them again, as words of their own.
    """
    words: dict[int, list[str]] = defaultdict(list)
    if deleted:
        rows = Quote.objects.filter(source__in=deleted).exclude(words="").order_by("pk")
        for source, quoted in rows.values_list("source", "words"):
            words[source].append(quoted)
    return {source: "\n\n".join(dict.fromkeys(quoted)) for source, quoted in words.items()}


def _answers_quoted(edited: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """Where edited comments quote later ones, the last place first. Cost: 1 query, if there are such.

    Their numbers are lower, and yet they did not say these words first.
    """
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    if edited:
        rows = Quote.objects.filter(comment__in=edited, parent=None, source__number__gt=F("comment__number"))
        for comment, start, end in rows.exclude(words="").order_by("-start").values_list("comment", "start", "end"):
            places[comment].append((start, end))
    return places
