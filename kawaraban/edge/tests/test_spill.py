"""A process that starts has the pages of the one before, but for what was taken back."""

from __future__ import annotations

import time

import pytest

from kawaraban.edge import renewing, spill
from kawaraban.edge.spill import Spill
from kawaraban.edge.tests.pages import BODY, key, page

MUCH = 10_000_000


@pytest.fixture
def kept(tmp_path):
    """A function that puts pages on disk and ends that process; the folder for the next."""

    def keep(*made):
        former = Spill(tmp_path, MUCH)
        for path, shown in made:
            former.keep(key(path), shown)
        former.close()
        return Spill(tmp_path, MUCH)

    return keep


def loaded(found, removed=(), margin=120.0):
    return {place.path: shown for place, shown in found.load(removed, margin)}


def test_a_page_comes_back_as_it_was_and_old(kept):
    made = page("story:1", mentions=("photo:2",), cache_control=b"public, max-age=300")
    found = loaded(kept(("/a/", made)))["/a/"]
    assert (found.headers, found.about, found.mentions) == (made.headers, made.about, made.mentions)
    assert found.cache_control == made.cache_control
    assert found.answer("identity").body["body"] == BODY
    assert found.began == pytest.approx(made.began, abs=1)
    assert found.aged is not None


def test_what_was_taken_back_since_does_not_come_back(kept):
    found = kept(("/a/", page("story:1")), ("/b/", page("lists", mentions=("story:1",))), ("/c/", page("story:2")))
    assert loaded(found, [(time.time() + 60, frozenset(["story:1"]))]).keys() == {"/c/"}
    assert loaded(found).keys() == {"/c/"}  # nor the next time


def test_what_was_taken_back_long_before_is_not_in_it(kept):
    found = kept(("/a/", page("story:1")))
    assert loaded(found, [(time.time() - 121, frozenset(["story:1"]))]).keys() == {"/a/"}
    # A transaction may have committed so long after it said so.
    assert loaded(found, [(time.time() - 60, frozenset(["story:1"]))]).keys() == set()


def test_what_is_dropped_is_gone(kept, tmp_path):
    found = kept(("/a/", page()))
    found.drop(key("/a/"))
    found.close()
    assert list(tmp_path.glob("*.page")) == []


def test_a_page_too_old_to_stand_in_does_not_come_back(kept):
    old = page(began=time.monotonic() - renewing.LAST_RESORT - 1)
    assert loaded(kept(("/a/", old))) == {}


@pytest.mark.parametrize("broken", [b"", b"{}\n", b"\x00" * 90, b'{"format": 99}\nxyz', b"[]\n"])
def test_a_file_that_is_no_page_is_deleted(kept, tmp_path, broken):
    found = kept(("/a/", page()))
    (tmp_path / "what.page").write_bytes(broken)
    assert loaded(found).keys() == {"/a/"}
    assert len(list(tmp_path.glob("*.page"))) == 1


def test_half_a_page_is_none(kept, tmp_path):
    found = kept(("/a/", page()))
    (path,) = tmp_path.glob("*.page")
    path.write_bytes(path.read_bytes()[:-3])
    assert loaded(found) == {}


def test_the_oldest_files_go_when_there_is_no_more_room(tmp_path, monkeypatch):
    monkeypatch.setattr(spill, "PRUNE", 0.0)
    found = Spill(tmp_path, 1_000)
    for number in range(8):
        found.keep(key(f"/{number}/"), page())
    found.close()
    assert 0 < sum(path.stat().st_size for path in tmp_path.glob("*.page")) <= 1_000


def test_a_disk_that_takes_nothing_harms_nobody(tmp_path, caplog):
    found = Spill(tmp_path / "pages", MUCH)
    (tmp_path / "pages").rmdir()
    for path in ("/a/", "/b/"):
        found.keep(key(path), page())
    found.close()
    assert caplog.text.count("Pages are not kept on disk") == 1
