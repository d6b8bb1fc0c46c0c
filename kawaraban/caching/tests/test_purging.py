"""What was changed is told when it is so, once; what was taken back is written down before."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kawaraban import bus
from kawaraban.caching import actions, reads, tombstones
from kawaraban.caching.actions import CHANNEL, purge, remove
from kawaraban.caching.models import Purge


@pytest.fixture
def heard():
    messages = []
    end = bus.subscribe(CHANNEL, lambda message: messages.append(json.loads(message)))
    yield messages
    end()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KAWARABAN_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def _nothing_yet(db):
    Purge.objects.all().delete()


def told(messages):
    return [(tags, removes) for _, tags, removes in messages]


def test_a_purge_is_told_when_it_has_committed(db, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        purge("story:1", "lists")
        assert heard == []
    assert told(heard) == [("story:1 lists", False)]
    assert [list(row) for row in reads.after(0)] == heard


def test_what_is_rolled_back_is_not_told(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        purge("story:1")
        try:
            with transaction.atomic():
                remove("story:2")
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        remove("story:2")
    assert told(heard) == [("story:1", False), ("story:2", True)]
    assert Purge.objects.count() == 2


def test_the_same_is_told_once_in_a_transaction(db, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            purge("thread:1")
            remove("thread:1")
            purge("thread:2")
    assert told(heard) == [("thread:1", False), ("thread:1", True), ("thread:2", False)]
    assert Purge.objects.count() == 3


def test_what_is_taken_back_can_be_known_without_the_database(db):
    before = time.time()
    purge("story:1")
    remove("story:2", "lists")
    ((at, tags),) = tombstones.since(before - 1)
    assert tags == {"story:2", "lists"}
    assert at == pytest.approx(before, abs=5)
    assert tombstones.since(at + 1) == []


def test_a_broken_line_of_the_file_is_left_out(folder):
    (folder / tombstones.NAME).write_text("x story:1\n\n99999999999 story:2\n5 sto", encoding="utf-8")
    assert tombstones.since(10) == [(99999999999, frozenset(["story:2"]))]


def test_without_a_file_nothing_was_taken_back():
    assert tombstones.since(0) == []


def test_a_file_that_cannot_be_written_keeps_no_change_back(db, folder, caplog):
    (folder / tombstones.NAME).mkdir()
    remove("story:1")
    assert Purge.objects.get().removes
    assert "not in the file" in caplog.text


def test_of_a_long_file_the_older_half_is_left_out(folder, monkeypatch):
    monkeypatch.setattr(tombstones, "LONGEST", 400)
    for number in range(60):
        tombstones.write([f"story:{number}"])
    found = [tag for _, tags in tombstones.since(0) for tag in tags]
    assert found[-1] == "story:59"
    assert found == [f"story:{number}" for number in range(60 - len(found), 60)]
    assert (folder / tombstones.NAME).stat().st_size < 500


def test_rows_are_forgotten_after_two_days(db):
    purge("story:1")
    Purge.objects.update(at=timezone.now() - timedelta(hours=49))
    purge("story:2")
    assert actions.forget_old() == 1
    assert Purge.objects.get().tags == "story:2"


def test_what_was_taken_back_since_a_moment(db):
    remove("story:1")
    purge("story:2")
    assert [tags for _, tags in reads.removed_since(timezone.now() - timedelta(minutes=1))] == ["story:1"]
    assert reads.removed_since(timezone.now() + timedelta(minutes=1)) == []
    assert len(reads.since(timezone.now() - timedelta(minutes=1))) == 2
