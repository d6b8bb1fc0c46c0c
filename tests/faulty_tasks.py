"""Tasks that leave a mark of every run, and that kill, hang or ruin the processes around them when they are told to."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django_tasks import TaskContext, task

from kawaraban.wire import actions

MARKS = "CREATE TABLE marks (job integer, attempt integer)"
KINDS = ("raises", "hangs", "exits", "segfaults", "eats", "raises", "spins", "exits", "segfaults", "hangs")


def mark(context: TaskContext) -> None:
    """What the task is for: a row that can be counted."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO marks VALUES (%s, %s)", [int(context.task_result.id), context.attempt])


def kill(context: TaskContext, who: str) -> None:
    """SIGKILL to the worker that gave us this work, or to this process; when that was is left in a file."""
    with Path(settings.HOME, "kills").open("a", encoding="ascii") as file:
        file.write(f"{context.task_result.id} {time.time()}\n")
    parent = multiprocessing.parent_process()
    assert parent is not None
    os.kill(parent.pid if who == "worker" else os.getpid(), signal.SIGKILL)  # type: ignore[arg-type]
    time.sleep(60)


@task(takes_context=True)
def well(context: TaskContext, pause: float = 0.0) -> None:
    """A task as it should be, which may wait for somebody's answer."""
    time.sleep(pause)
    mark(context)


@task(takes_context=True, time_limit=60)
def killed(context: TaskContext, who: str, when: str, pause: float = 0.0) -> None:
    """Kills the worker or its own process at the first try: before what it does is committed, or after."""
    first = context.attempt == 1
    time.sleep(pause if first else 0)
    with transaction.atomic():
        mark(context)
        if first and when == "before":
            kill(context, who)
    if first and when == "after":
        kill(context, who)


@task(takes_context=True)
def poison(context: TaskContext, kind: str) -> Any:
    """Fails at every try, each kind in its way."""
    if kind == "hangs":
        time.sleep(3600)
    while kind == "spins":
        pass
    if kind == "exits":
        os._exit(3)
    if kind == "segfaults":
        return ctypes.string_at(0)
    if kind == "eats":
        return len(bytearray(64 * 1024**3))
    raise ValueError(kind)


# --- The wire ---------------------------------------------------------------------------------------------------------

AT_RENAME = 0


def die_at(at: int, context: TaskContext, who: str, deed: Callable[[int], Any], key: int) -> None:
    """Do it, but for the first try, which is killed before a statement: the so-many-th, or before a file is moved."""
    if context.attempt > 1:
        deed(key)
        return
    numbers = count(1)

    def before(execute: Any, *call: Any) -> Any:
        if next(numbers) == at:
            kill(context, who)
        return execute(*call)

    def hear(event: str, told: tuple[Any, ...]) -> None:
        # Python moves its own files as well, where it keeps what it has compiled.
        if event == "os.rename" and "/wire/" in str(told[0]):
            kill(context, who)

    if at == AT_RENAME:
        sys.addaudithook(hear)
    with connection.execute_wrapper(before):
        deed(key)


@task(takes_context=True, time_limit=60)
def look_and_die(context: TaskContext, feed_id: int, who: str, at: int) -> None:
    """A look into a feed's folder, killed once on its way."""
    die_at(at, context, who, actions.look, feed_id)


@task(takes_context=True, time_limit=60)
def settle_and_die(context: TaskContext, item_id: int, who: str, at: int) -> None:
    """The rules applied to an item, killed once on the way."""
    die_at(at, context, who, actions.settle, item_id)
