"""What is purged is old, what is removed is gone, also from pages in the making; and there is an end to the room."""

from __future__ import annotations

import random
import time

from kawaraban.edge import store as stores
from kawaraban.edge.store import Store
from kawaraban.edge.tests.pages import key, page

MUCH = 1_000_000


def test_a_page_is_found_by_its_key():
    store, shown = Store(MUCH), page()
    assert store.put(key("/a/"), shown)
    assert store.get(key("/a/")) is shown
    assert store.get(key("/a/", "page=2")) is None
    assert store.get(key("/b/")) is None


def test_what_is_purged_makes_the_pages_about_it_old_and_no_others():
    store = Store(MUCH)
    pages = {"/a/": page("story:1"), "/b/": page("story:2"), "/c/": page("lists", mentions=("story:1",))}
    for path, shown in pages.items():
        store.put(key(path), shown)
    assert store.purge(["story:1", "thread:9"]) == 1
    assert [shown.aged is not None for shown in pages.values()] == [True, False, False]


def test_what_is_removed_takes_every_page_away_that_mentions_it():
    store = Store(MUCH)
    store.put(key("/a/"), page("story:1"))
    store.put(key("/b/"), page("story:2"))
    store.put(key("/c/"), page("lists", mentions=("story:1", "story:2")))
    assert set(store.remove(["story:1"])) == {key("/a/"), key("/c/")}
    assert store.get(key("/c/")) is None
    assert len(store) == 1
    assert store.purge(["lists"]) == 0


def test_a_page_that_was_in_the_making_meanwhile_is_old_or_not_kept():
    store = Store(MUCH)
    early = time.monotonic()
    store.purge(["thread:1"])
    store.remove(["member:1"])
    old = page("thread:1", began=early)
    assert store.put(key("/old/"), old)
    assert old.aged is not None
    assert not store.put(key("/gone/"), page("thread:2", mentions=("member:1",), began=early))
    assert store.get(key("/gone/")) is None
    late = page("thread:1", mentions=("member:1",))
    assert store.put(key("/late/"), late)
    assert late.aged is None


def test_changes_are_known_for_as_long_as_a_page_may_be_in_the_making(monkeypatch):
    store = Store(MUCH)
    early = time.monotonic()
    store.remove(["story:1"])
    monkeypatch.setattr(stores, "LONGEST_MAKING", -1.0)
    store.purge(["story:2"])
    assert store.put(key(), page("story:1", began=early))


def test_the_least_recently_used_goes_first():
    shown = page("story:1")
    store = Store(3 * shown.size + shown.size // 2)
    for path in ("/a/", "/b/", "/c/"):
        store.put(key(path), page("story:1"))
    store.get(key("/a/"))
    store.put(key("/d/"), page("story:1"))
    assert [found.path for found, _ in store] == ["/c/", "/a/", "/d/"]
    assert store.evicted == 1
    assert store.size <= store.room


def test_a_page_that_grows_pushes_others_out():
    shown = page(body=bytes(range(256)) * 40)
    store = Store(shown.size + 256 * 40 + 100)
    store.put(key("/a/"), page(body=bytes(range(256)) * 40))
    store.put(key("/b/"), shown)
    shown.answer("identity")
    store.grown(key("/b/"))
    assert [found.path for found, _ in store] == ["/b/"]


def test_a_page_larger_than_all_room_is_not_kept():
    store = Store(100)
    assert not store.put(key(), page())
    assert (len(store), store.size) == (0, 0)


def test_after_any_history_the_books_balance():
    chance = random.Random(1)  # noqa: S311
    room = 3 * page("tag:0").size
    store = Store(room)
    for _ in range(3_000):
        deed, place, tag = chance.choice(["put", "purge", "remove", "drop"]), chance.randrange(6), chance.randrange(4)
        if deed == "put":
            store.put(key(f"/{place}/"), page(f"tag:{tag}", mentions=(f"tag:{(tag + 1) % 4}",)))
        elif deed == "drop":
            store.drop(key(f"/{place}/"))
        else:
            getattr(store, deed)([f"tag:{tag}"])
        if deed == "remove":
            assert not any(f"tag:{tag}" in shown.about | shown.mentions for _, shown in store)
    assert store.size == sum(shown.size for _, shown in store) <= room
    for found, _ in list(store):
        store.drop(found)
    assert (store.size, store._about, store._mentions, store._sizes) == (0, {}, {}, {})
