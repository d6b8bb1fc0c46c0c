"""Questions of many threads are answered together: none too early, and none left out for another's sake."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from kawaraban.together import MOST, Together
from tests.waiting import until


class Desk:
    """Answers each question with its double, in goes that can be held up."""

    def __init__(self) -> None:
        self.goes: list[list[int]] = []
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.fails: Callable[[Sequence[int]], BaseException | None] = lambda _: None
        self.fails_to_commit: Callable[[Sequence[int]], BaseException | None] = lambda _: None
        self.together = Together[int, int](self.answer, within=self.within, one_each=lambda question: question % 1_000)

    @contextmanager
    def within(self) -> Iterator[None]:
        yield
        if error := self.fails_to_commit(self.goes[-1]):
            raise error

    def answer(self, questions: Sequence[int]) -> list[int]:
        self.goes.append(list(questions))
        self.begun.set()
        assert self.may_end.wait(20)
        if error := self.fails(questions):
            raise error
        return [2 * question for question in questions]


@pytest.fixture
def desk() -> Desk:
    """A desk that answers the first who asks, and is held up at it."""
    return Desk()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Enough for all who ask."""
    with ThreadPoolExecutor(MOST + 10) as pool:
        yield pool


def behind_the_first(desk: Desk, threads: ThreadPoolExecutor, questions: Sequence[int]) -> list[Future[int]]:
    """Who asks these while the question 1 is being answered, which is answered then."""
    asked = [threads.submit(desk.together.ask, 1)]
    assert desk.begun.wait(20)
    for place, question in enumerate(questions, 1):
        asked.append(threads.submit(desk.together.ask, question))
        until(lambda place=place: desk.together.waiting == place)
    desk.may_end.set()
    return asked


def test_who_asks_alone_is_answered_at_once(desk):
    desk.may_end.set()
    assert [desk.together.ask(3), desk.together.ask(3)] == [6, 6]
    assert desk.goes == [[3], [3]]


def test_who_asks_while_another_is_answered_is_answered_with_all_others_that_wait(desk, threads):
    asked = behind_the_first(desk, threads, [2, 3, 4])
    assert [each.result(20) for each in asked] == [2, 4, 6, 8]
    assert desk.goes == [[1], [2, 3, 4]]


def test_of_one_kind_one_at_a_time_and_in_order(desk, threads):
    asked = behind_the_first(desk, threads, [7, 1_007, 8, 2_007])
    assert [each.result(20) for each in asked] == [2, 14, 2_014, 16, 4_014]
    assert desk.goes == [[1], [7, 8], [1_007], [2_007]]


def test_a_go_has_an_end(desk, threads):
    asked = behind_the_first(desk, threads, range(2, MOST + 4))
    assert [each.result(20) for each in asked] == [2 * question for question in range(1, MOST + 4)]
    assert [len(go) for go in desk.goes] == [1, MOST, 2]


def test_what_fails_together_is_asked_alone(desk, threads):
    desk.fails = lambda questions: ArithmeticError("three") if 3 in questions else None
    asked = behind_the_first(desk, threads, [2, 3, 4])
    assert [asked[place].result(20) for place in (0, 1, 3)] == [2, 4, 8]
    with pytest.raises(ArithmeticError, match="three"):
        asked[2].result(20)
    assert desk.goes[:2] == [[1], [2, 3, 4]]
    assert sorted(desk.goes[2:]) == [[2], [3], [4]]


def test_nobody_has_an_answer_before_the_go_has_ended_well(desk, threads):
    desk.fails_to_commit = lambda questions: OSError("the disk is full") if len(questions) > 1 else None
    asked = behind_the_first(desk, threads, [2, 3])
    assert [each.result(20) for each in asked] == [2, 4, 6]
    assert sorted(desk.goes[2:]) == [[2], [3]]  # once more each, and kept now


def test_who_asked_alone_hears_at_once_why_there_is_no_answer(desk):
    desk.may_end.set()
    desk.fails = lambda _: OSError("the disk is full")
    with pytest.raises(OSError, match="the disk is full"):
        desk.together.ask(5)
    assert desk.goes == [[5]]
    desk.fails = lambda _: None
    assert desk.together.ask(5) == 10


def test_when_the_one_who_answers_is_told_to_end_the_others_are_answered(desk, threads):
    desk.fails = lambda questions: SystemExit() if len(questions) > 1 and questions[0] == 2 else None
    asked = behind_the_first(desk, threads, [2, 3, 4])
    with pytest.raises(SystemExit):
        asked[1].result(20)
    assert [asked[place].result(20) for place in (0, 2, 3)] == [2, 6, 8]
    assert desk.together.ask(9) == 18
