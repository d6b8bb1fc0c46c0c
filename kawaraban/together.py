"""Questions of many threads, answered together by one of them.

Where each answer is a transaction, those who ask at the same moment share one: one wait for the disk, and each
statement once for all of them. This is group commit as databases do it, with flat combining (Hendler, Incze, Shavit and
Tzafrir, 2010) to choose who does the work: no thread of its own, and nobody waits so that more may come.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")

MOST = 100


class _Asked(Generic[Q, A]):
    """A question, and the thread that waits for its answer."""

    __slots__ = ("answers", "is_leader", "is_left_alone", "question", "woken")

    def __init__(self, question: Q) -> None:
        self.question = question
        self.answers: Sequence[A] = ()  # one, or none yet
        self.is_leader = self.is_left_alone = False
        self.woken = threading.Event()


class Together(Generic[Q, A]):
    """Answers questions that are asked at the same time in one go, in the order in which they came.

    Args:
        answer: the answers to these questions, one for each. If it fails, each question is asked again alone, in the
            thread that asked it: nobody fails for another's sake.
        within: what the answering is done in, such as a transaction. Nobody has an answer before it has ended well.
        one_each: of questions with the same key only the first is answered in a go; the others come after it.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[Q]], Sequence[A]],
        *,
        within: Callable[[], AbstractContextManager[object]],
        one_each: Callable[[Q], Hashable],
    ) -> None:
        self._answer, self._within, self._one_each = answer, within, one_each
        self._lock = threading.Lock()
        self._waiting: deque[_Asked[Q, A]] = deque()
        self._is_led = False

    @property
    def waiting(self) -> int:
        """How many wait, besides those who are being answered."""
        return len(self._waiting)

    def ask(self, question: Q) -> A:
        """The answer.

        Raises:
            Exception: whatever `answer` or `within` raises when this question is asked alone.
        """
        mine = _Asked[Q, A](question)
        with self._lock:
            self._waiting.append(mine)
            if not self._is_led:
                self._is_led = mine.is_leader = True
        if not mine.is_leader:
            mine.woken.wait()
        if mine.is_leader:
            self._lead()
        return self._alone(question) if mine.is_left_alone else mine.answers[0]

    def _lead(self) -> None:
        """Answer for all who wait, and let the next who came in the meantime lead."""
        asked: list[_Asked[Q, A]] = []
        answers: Sequence[A] = ()
        try:
            with self._within():
                # Only now: while this waited to begin, more may have come.
                asked = self._take()
                found = self._answer([each.question for each in asked])
            answers = found
        except BaseException as error:
            asked = asked or self._take()
            if len(asked) == 1 or not isinstance(error, Exception):  # asked alone, or told to end
                raise
        finally:
            self._hand_over(asked, answers)

    def _take(self) -> list[_Asked[Q, A]]:
        taken: dict[Hashable, _Asked[Q, A]] = {}
        later: list[_Asked[Q, A]] = []
        with self._lock:
            while self._waiting and len(taken) < MOST:
                each = self._waiting.popleft()
                if taken.setdefault(self._one_each(each.question), each) is not each:
                    later.append(each)
            self._waiting.extendleft(reversed(later))
        return list(taken.values())

    def _hand_over(self, asked: Sequence[_Asked[Q, A]], answers: Sequence[A]) -> None:
        for place, each in enumerate(asked):
            each.answers = answers[place : place + 1]
            each.is_left_alone = not each.answers
        with self._lock:
            self._is_led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].is_leader = True
                self._waiting[0].woken.set()
        for each in asked:
            each.woken.set()

    def _alone(self, question: Q) -> A:
        with self._within():
            (answer,) = self._answer([question])
        return answer
