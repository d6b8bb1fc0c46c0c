"""Tasks for the tests of this room: workers find tasks by their module, so they cannot stand in a test."""

from __future__ import annotations

from typing import Any

from django_tasks import TaskContext, task

DONE: list[Any] = []


@task()
def note(*words: Any, **more: Any) -> list[Any]:
    """Remember what it was called with."""
    DONE.append([*words, *more.items()])
    return [*words]


@task()
def fail(words: str = "") -> None:
    """Raise, with the words."""
    raise ValueError(words)


@task()
def leave() -> None:
    """What a careless library does."""
    raise SystemExit(1)


@task()
def pass_on(number: int) -> None:
    """Enqueue another of its kind."""
    note.enqueue(number)
    if number:
        pass_on.enqueue(number - 1)


@task(takes_context=True)
def note_context(context: TaskContext) -> None:
    """Remember which job this is, and which try."""
    DONE.append((context.task_result.id, context.attempt))
    if context.attempt < 3:
        raise ValueError("not yet")


@task()
async def note_later(word: str) -> None:
    """Remember, from a coroutine."""
    DONE.append(word)


@task()
def hand_back(value: str) -> object:
    """Return something that JSON cannot hold."""
    return object()


@task()
def hand_back_broken(count: int) -> str:
    """Return text that no database keeps, or raise with it."""
    if count:
        raise ValueError("a NUL \0 and half a character \ud83d")
    return "a\0b\ud83d"


def no_task() -> None:
    """A function that must not be called by naming it in a row."""
    DONE.append("called")
