"""Tasks that leave a mark of every run, and that kill, hang or ruin the processes around them when they are told to."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import time

from django.db import connection, transaction
from django_tasks import TaskContext, task

MARKS = "CREATE TABLE marks (job varchar(20), attempt integer)"


def mark(context: TaskContext) -> None:
    """What the task is for: a row that can be counted."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO marks VALUES (%s, %s)", [context.task_result.id, context.attempt])


def kill_the_worker() -> None:
    """SIGKILL to the process that gave us this work."""
    os.kill(multiprocessing.parent_process().pid, signal.SIGKILL)
    time.sleep(60)


@task(takes_context=True)
def well(context):
    """A task as it should be."""
    mark(context)


@task(takes_context=True)
def killed(context, who, when, pause=0.0):
    """Kills the worker or its own process at the first try: before what it does is committed, or after."""
    first = context.attempt == 1
    kill = kill_the_worker if who == "worker" else lambda: os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(pause if first else 0)
    with transaction.atomic():
        mark(context)
        if first and when == "before":
            kill()
    if first and when == "after":
        kill()


@task(takes_context=True)
def poison(context, kind):
    """Fails in one of six ways, at every try."""
    if kind == "raises":
        raise ValueError("poison")
    if kind == "hangs":
        time.sleep(3600)
    if kind == "spins":
        while True:
            pass
    if kind == "exits":
        os._exit(3)
    if kind == "segfaults":
        ctypes.string_at(0)
    if kind == "eats":
        bytearray(64 * 1024**3)
