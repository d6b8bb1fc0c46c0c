"""Streams of a site that runs in two processes, with a real server between them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from kawaraban.live.tests.wall import Listener, Wall
from tests.valkey import Server


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("valkey"))
    yield server
    server.kill()


@pytest.fixture(scope="module")
def walls(valkey: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wall, Wall]]:
    """Two processes of one site."""
    folder = tmp_path_factory.mktemp("walls")
    settings = {"VALKEY_URL": valkey.url, "KAWARABAN_URL": "http://127.0.0.1", "WALL_CHECK": "0.5", "WALL_PACE": "0"}
    walls = Wall(folder, **settings), Wall(folder, **settings)
    yield walls
    for wall in walls:
        wall.stop()


def test_what_is_put_up_through_one_process_is_heard_through_the_other(walls):
    one, two = walls
    pages = [one.listen("?after=0"), two.listen("?after=0")]
    for number in range(20):
        walls[number % 2].put(f"note {number}")
    assert [sorted(_all_ids(page, 20)) for page in pages] == [list(range(1, 21))] * 2


def test_without_valkey_all_is_heard_and_nobody_waits(walls, valkey):
    one, two = walls
    for wall in walls:
        wall.clean()
    pages = [one.listen("?after=0"), two.listen("?after=0")]
    one.put("before")
    assert [page.ids(1) for page in pages] == [[1], [1]]
    valkey.freeze()
    one.put("meanwhile")
    two.put("meanwhile, by the other")
    assert sorted(_all_ids(pages[0], 2)) == [2, 3]
    assert sorted(_all_ids(pages[1], 2)) == [2, 3]
    valkey.thaw()
    one.put("after")
    assert [page.ids(1) for page in pages] == [[4], [4]]


def _all_ids(page: Listener, count: int) -> list[int]:
    """The numbers of so many next notes; two processes may tell of theirs in either order."""
    return [json.loads(page.next()["data"])[0][0] for _ in range(count)]
