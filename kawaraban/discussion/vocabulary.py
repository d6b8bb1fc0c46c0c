"""What has been said in a thread so far, ready to be searched for quotations; made once per process and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.quoting import Quotation, Words
from kawaraban.discussion.reads.threads import name_of, time_of, whole_thread

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


def find(thread: Thread, text: str, before: int | None = None) -> tuple[Quotation, ...]:
    """The quotations in a text on its way into a thread. Cost: 1 query, 2 after the story has changed.

    To be called before the caller writes anything: what is read here is kept, so it must be committed.
    Words of removed and held comments are known as well, so that they are recognised and not shown.

    Args:
        before: only comments numbered below are sources; None for all.
    """
    with _lock:
        vocabulary = _kept.setdefault(thread.pk, _Vocabulary())
        _kept.move_to_end(thread.pk)
    with vocabulary.lock:
        _bring_up_to_date(vocabulary, thread)
        found = vocabulary.words.find(text, before)
    with _lock:
        while len(_kept) > 1 and sum(each.size for each in _kept.values()) > MOST_COMMENTS:
            _kept.popitem(last=False)
    return found


def forget() -> None:
    """Start anew, as a process does: for tests, whose databases go back in time."""
    with _lock:
        _kept.clear()


def _bring_up_to_date(vocabulary: _Vocabulary, thread: Thread) -> None:
    if vocabulary.version != thread.version:
        passages = thread.passages.filter(version__gt=vocabulary.version)
        for version, position, text in passages.values_list("version", "position", "text"):
            vocabulary.words.add_passage(version, position, text)
        vocabulary.version = thread.version
    if vocabulary.activity == thread.activity:
        return
    for comment in whole_thread(thread).filter(changed__gt=vocabulary.activity):
        if comment.state == Comment.State.DELETED:
            vocabulary.words.forget(comment.number)
        else:
            vocabulary.words.add_comment(comment.number, name_of(comment), comment.source, time_of(comment))
    vocabulary.activity, vocabulary.size = thread.activity, thread.last_number
