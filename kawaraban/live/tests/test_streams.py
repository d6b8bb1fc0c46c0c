"""Streams of a real server, over real sockets."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from kawaraban.live.tests.wall import PATIENCE, Listener, Wall
from tests.waiting import until

MOST, MOST_EACH = 310, 300


@pytest.fixture(scope="module")
def wall(tmp_path_factory) -> Iterator[Wall]:
    wall = Wall(
        tmp_path_factory.mktemp("wall"),
        KAWARABAN_PROXIES="1", KAWARABAN_LIVE_STREAMS=str(MOST), KAWARABAN_LIVE_STREAMS_PER_ADDRESS=str(MOST_EACH),
        WALL_HEARTBEAT="2", WALL_CHECK="0.5", WALL_READ_AGAIN="2", WALL_SLOWEST="2", WALL_PACE="0",
    )  # fmt: skip
    yield wall
    wall.stop()
    assert " ERROR " not in wall.log()


@pytest.fixture(autouse=True)
def clean(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "wall" in request.fixturenames:
        request.getfixturevalue("wall").clean()


def test_an_open_page_hears_what_happens_in_the_words_that_were_sent(wall):
    page = wall.listen()
    wall.put("a first note")
    first = page.next()
    assert first["id"] == "1"
    assert first["event"] == "new"
    assert json.loads(first["data"])[0][-1] == "a first note"
    wall.tell(name="comment", data='<li>\n\n  "two\r\nlines"</li>\u2028')
    assert page.next() == {"event": "comment", "data": '<li>\n\n  "two\nlines"</li>\u2028'}


def test_all_get_the_same_bytes_after_their_own_pause(wall):
    pages = [wall.listen() for _ in range(3)]
    wall.tell(name="scores", data="[[1,2,3]]")
    pauses = [page.response.readline() for page in pages]
    assert all(pause.startswith(b"retry: ") for pause in pauses)
    texts = [page.response.readline() + page.response.readline() + page.response.readline() for page in pages]
    assert set(texts) == {b"\nevent: scores\ndata: [[1,2,3]]\n"}


def test_a_page_hears_of_its_own_subject_only(wall):
    page = wall.listen(wall=98)
    wall.put("on another wall", wall=97)
    wall.put("on this wall", wall=98)
    assert page.next()["id"] == "2"


@pytest.mark.parametrize("how", ["address", "header", "both"])
def test_who_comes_back_gets_what_they_missed_and_then_what_happens(wall, how):
    for number in range(1, 6):
        wall.put(f"note {number}")
    # A browser that reconnects still asks at the address the page gave it.
    query = {"address": "?after=3", "header": "", "both": "?after=1"}[how]
    headers = {} if how == "address" else {"Last_Event_ID": "3"}
    page = wall.listen(query, **headers)
    wall.put("note 6")
    assert page.ids(3) == [4, 5, 6]


def test_a_page_that_was_empty_misses_nothing_either(wall):
    wall.put("the first of all")
    page = wall.listen("?after=0")
    assert page.ids(1) == [1]


def test_nothing_is_missed_and_nothing_comes_twice_while_much_is_happening(wall):
    writing = threading.Thread(target=lambda: [wall.put(f"note {number}") for number in range(60)])
    writing.start()
    heard = []
    for _ in range(8):
        page = wall.listen(f"?after={heard[-1] if heard else 0}")
        heard += page.ids(7)
        page.close()
    writing.join()
    assert heard == list(range(1, 57))


def test_what_happens_while_the_past_is_read_comes_after_it_and_once(wall):
    wall.put("one")
    (wall.folder / "slow").touch()
    with ThreadPoolExecutor() as threads:
        opening = threads.submit(wall.listen, "?after=0")
        until((wall.folder / "read").exists)
        # It has been read that there is one; now there are two, and the first is told of once more.
        wall.put("two")
        wall.tell(name="new", data="{}", id=1)
        (wall.folder / "slow").unlink()
        page = opening.result()
    wall.put("three")
    assert page.ids(3) == [1, 2, 3]


def test_who_missed_too_much_is_told_to_load_the_page_again(wall):
    (wall.folder / "notes").write_text("\n".join(f"note {number}" for number in range(501)) + "\n", encoding="utf-8")
    page = wall.listen("?after=0")
    assert page.next() == {"event": "stale", "data": "[[0]]"}
    page = wall.listen("?after=1")
    assert page.ids(500) == list(range(2, 502))


def test_what_another_process_did_without_telling_is_heard_a_little_later_and_once(wall):
    pages = [wall.listen("?after=0"), wall.listen("?after=0")]
    wall.put("told")
    assert [page.ids(1) for page in pages] == [[1], [1]]
    with (wall.folder / "notes").open("a", encoding="utf-8") as notes:
        notes.write("not told\n")
    assert [page.ids(1) for page in pages] == [[2], [2]]
    # Told after all, it is not news any more.
    wall.tell(name="new", data="{}", id=2)
    wall.put("told again")
    assert [page.ids(1) for page in pages] == [[3], [3]]


def test_two_events_told_in_the_wrong_order_are_both_heard_and_the_last_id_never_goes_back(wall):
    page = wall.listen()
    for id in (2, 1, 2, 3):
        wall.tell(name="new", data=id, id=id)
    heard = [page.next() for _ in range(3)]
    assert [(event["data"], event["id"]) for event in heard] == [("2", "2"), ("1", "2"), ("3", "3")]


def test_a_quiet_stream_shows_that_it_is_alive(wall):
    page = wall.listen()
    assert [page.response.readline() for _ in range(4)][2:] == [b":\n", b"\n"]


# --- Much at once -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paced(tmp_path_factory) -> Iterator[Wall]:
    """A wall that tells of what happens once a second; what a test tells together must not take longer."""
    wall = Wall(tmp_path_factory.mktemp("paced"), WALL_PACE="1")
    yield wall
    wall.stop()
    assert " ERROR " not in wall.log()


@pytest.fixture
def busy(paced: Wall) -> Iterator[Wall]:
    """A wall of which something was told just now, so that the next waits."""
    yield paced
    paced.clean()


def begin(wall: Wall, query: str = "") -> Listener:
    """An open page that has just heard the first of a series."""
    page = wall.listen(query)
    wall.tell(name="scores", data="[[0,0,0]]")
    assert page.next() == {"event": "scores", "data": "[[0,0,0]]"}
    return page


def test_the_first_is_told_at_once_and_what_follows_together_with_the_last_word_on_each(busy):
    page = begin(busy)
    for row in ("[[1,1,0]]", "[[2,1,0]]", "[[1,2,0],[3,0,1]]", "[[1,3,0]]"):
        busy.tell(name="scores", data=row)
    assert page.next() == {"event": "scores", "data": "[[1,3,0],[2,1,0],[3,0,1]]"}
    busy.tell(name="scores", data="[[1,4,0]]")
    assert page.next() == {"event": "scores", "data": "[[1,4,0]]"}


def test_of_two_told_in_the_wrong_order_the_later_stays_and_only_the_end_of_a_telling_has_its_id(busy):
    page = begin(busy)
    busy.tell(name="comment", data='[[7,12,"new"]]', id=12)
    busy.tell(name="comment", data='[[7,11,"old"]]', id=11)
    busy.tell(name="new", data="[[9,10]]", id=10)
    assert page.next() == {"event": "comment", "data": '[[7,12,"new"]]'}
    assert page.next() == {"event": "new", "data": "[[9,10]]", "id": "12"}


def test_what_must_be_told_by_itself_lets_what_waits_go_first(busy):
    page = begin(busy)
    busy.tell(name="new", data="[[9,10]]", id=10)
    busy.tell(name="notice", data="{}", id=11)
    assert [page.next()["id"] for _ in range(2)] == ["10", "11"]


def test_so_much_at_once_that_readers_would_fall_behind_is_offered_instead(busy):
    page = begin(busy)
    for number in range(3):
        busy.tell(name="comment", data=f'[[{number},{number},"{"x" * 50_000}"]]', id=number + 1)
    assert page.next() == {"event": "stale", "data": "[[0]]", "id": "3"}


def test_nothing_is_missed_while_much_is_told_together_and_pages_come_and_go(busy):
    writing = threading.Thread(target=lambda: [busy.put(f"note {number}") for number in range(60)])
    writing.start()
    heard: set[int] = set()
    last = "0"
    while len(heard) < 60:
        page = busy.listen(f"?after={last}")
        event = page.next()
        heard |= {row[0] for row in json.loads(event["data"])}
        last = event.get("id", last)
        page.close()
    writing.join()
    assert heard == set(range(1, 61))


def test_what_waits_is_told_to_nobody_when_it_may_not_be_heard_any_more(tmp_path):
    wall = Wall(tmp_path, WALL_PACE="30", WALL_CHECK="0.5")
    page = begin(wall)
    wall.tell(name="comment", data='[[1,1,"secret"]]', id=1)
    (tmp_path / "shut").touch()
    assert page.next() == {}
    wall.stop()


def test_polling_answers_what_was_missed_and_ends(wall):
    wall.put("one")
    wall.put("two")
    status, headers, body = wall.ask(wall.path + "?poll=1")
    assert (status, headers["content-type"]) == (200, "application/json")
    assert [(event["id"], event["name"]) for event in json.loads(body)] == [(2, "new")]
    status, _, body = wall.ask(wall.path + "?poll=2&scores=1")
    assert json.loads(body) == [{"name": "scores", "data": "[[1, 2, 0]]", "id": None}]


# --- Who may not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/wall/100/live/", "GET", {}, 404),
        ("/wall/0/live/", "GET", {}, 404),
        ("/wall/9999999999/live/", "GET", {}, 404),
        ("/wall/1/live", "GET", {}, 404),
        ("/wall/1/live/", "HEAD", {}, 405),
        ("/wall/1/live/", "POST", {}, 405),
        ("/wall/1/live/?after=x", "GET", {}, 400),
        ("/wall/1/live/?after=-1", "GET", {}, 400),
        ("/wall/1/live/?poll=1234567890123456789", "GET", {}, 400),
        ("/wall/1/live/", "GET", {"Last_Event_ID": "1 OR 1"}, 400),
        ("/wall/1/live/?q=%00", "GET", {}, 400),
        ("/wall/1/live/?q=%ff", "GET", {}, 400),
        (f"/wall/1/live/?q={'x' * 300}", "GET", {}, 400),
        ("/wall/1/live/", "GET", {"Sec_Fetch_Site": "cross-site"}, 403),
        ("/wall/1/live/", "GET", {"Sec_Fetch_Site": "same-site"}, 403),
        ("/wall/1/live/", "GET", {"Host": "evil.example"}, 400),
    ],
)
def test_what_is_no_request_for_a_stream_is_refused(wall, path, method, headers, status):
    assert wall.ask(path, method, **headers)[0] == status


def test_no_other_site_may_read_a_stream(wall):
    page = wall.listen(Origin="https://evil.example")
    assert page.response.getheader("Access-Control-Allow-Origin") is None


def test_a_stream_carries_the_headers_of_every_page_and_is_never_kept(wall):
    page = wall.listen()
    headers = {name.lower(): value for name, value in page.response.getheaders()}
    _, ordinary, _ = wall.ask("/post/?note=x")
    names = {"content-security-policy", "permissions-policy", "x-content-type-options", "referrer-policy"}
    names |= {"x-frame-options", "cross-origin-opener-policy"}
    assert names <= set(ordinary)
    for name in names:
        assert set(headers[name].split("; ")) == set(ordinary[name].split("; ")), name
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store, no-transform"
    assert headers["x-accel-buffering"] == "no"
    for path, method in (("/wall/100/live/", "GET"), ("/wall/1/live/", "POST"), ("/wall/1/live/?after=x", "GET")):
        assert names <= set(wall.ask(path, method)[1])


@pytest.mark.parametrize("fault", ["shut", "away"])
def test_open_streams_end_when_their_subject_may_not_be_heard_any_more(wall, fault):
    page = wall.listen()
    (wall.folder / fault).touch()
    assert page.next() == {}
    status, headers, _ = wall.ask(wall.path)
    assert status == {"shut": 404, "away": 503}[fault]
    assert ("retry-after" in headers) == (fault == "away")
    assert wall.ask(wall.path + "?poll=0")[0] == status


# --- Many, slow and gone ----------------------------------------------------------------------------------------------


def test_hundreds_of_pages_hear_within_a_second_are_asked_about_once_and_one_too_many_polls(wall):
    asked = wall.folder / "asked"
    asked.write_text("")
    # Addresses of one household's network count as one.
    sockets = [wall.listen_bare(f"2001:db8::{number:x}") for number in range(MOST_EACH)]
    for one in sockets:
        _read_until(one, b"retry: ")
    before = len(asked.read_text().splitlines())
    took = []
    # A busy machine takes the processor away now and then; what waits of itself does so every time.
    for words in ("heard by all", "heard again", "heard once more"):
        began = time.monotonic()
        wall.put(words)
        for one in sockets:
            _read_until(one, words.encode())
        took.append(time.monotonic() - began)
        if took[-1] < 1:
            break
    assert min(took) < 1, took
    # One for the first stream, and then one every half second, whatever the number of streams.
    assert before < 15

    status, headers, _ = wall.ask(wall.path, X_Forwarded_For="203.0.113.9, 2001:db8::ffff")
    assert (status, headers["retry-after"]) == (503, "30")
    assert wall.ask(wall.path + "?poll=0", X_Forwarded_For="2001:db8::ffff")[0] == 200
    # All of them together have an end as well.
    others = [wall.listen_bare(f"198.51.100.{number}") for number in range(MOST - MOST_EACH)]
    for one in others:
        _read_until(one, b"retry: ")
    assert wall.ask(wall.path, X_Forwarded_For="192.0.2.1")[0] == 503
    wall.clean()
    _until_served(wall, "2001:db8::1")


def test_a_reader_who_takes_nothing_is_cut_off_and_nobody_waits_for_them(wall):
    slow = wall.listen_bare("192.0.2.66", receive_buffer=4_096)
    page = wall.listen()
    _read_until(slow, b"retry: ")
    ended = threading.Event()

    def tell() -> None:
        for _ in range(200):
            wall.tell(name="comment", size=60_000)
        ended.set()

    telling = threading.Thread(target=tell)
    telling.start()
    for _ in range(200):
        assert len(page.next()["data"]) == 60_000
    telling.join()
    assert ended.is_set()
    # What had been sent before is still there; then the connection is at its end.
    slow.settimeout(PATIENCE)
    taken = 0
    try:
        while piece := slow.recv(1 << 20):
            taken += len(piece)
    except ConnectionResetError:
        pass
    assert taken < 200 * 60_000


def test_who_left_is_forgotten(wall):
    for _ in range(8):  # together more than may be open
        gone = [wall.listen_bare("192.0.2.77") for _ in range(MOST_EACH // 6)]
        for one in gone:
            _read_until(one, b"retry: ")
        for one in gone:
            one.close()
        _until_served(wall, "192.0.2.77")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_stops_at_once_with_pages_open_and_ends_their_streams(tmp_path, how):
    # Were it to wait for its pages, it would wait for ever; on a busy machine, ending takes it seconds.
    with closing_wall(Wall(tmp_path)) as wall:
        pages = [wall.listen() for _ in range(20)]
        wall.process.send_signal(how)
        assert [page.next() for page in pages] == [{}] * 20
        wall.process.wait(PATIENCE)


def test_the_server_stops_at_once_when_all_have_just_left(tmp_path):
    with closing_wall(Wall(tmp_path, KAWARABAN_LIVE_STREAMS_PER_ADDRESS="900")) as wall:
        pages = [wall.listen_bare("192.0.2.1") for _ in range(800)]
        for page in pages:
            _read_until(page, b"retry: ")
        # A crowd that leaves fills the pipe through which the event loop hears of signals.
        wall.clean()
        wall.process.send_signal(signal.SIGINT)
        wall.process.wait(PATIENCE)


@contextmanager
def closing_wall(wall: Wall) -> Iterator[Wall]:
    """A wall that is taken down however its test ends: what it left open would fail the tests of others."""
    try:
        yield wall
    finally:
        wall.stop()


def _read_until(one: socket.socket, words: bytes) -> None:
    heard = b""
    while words not in heard:
        piece = one.recv(65_536)
        assert piece, heard
        heard += piece


def _until_served(wall: Wall, address: str) -> None:
    """Wait until those who left make room."""

    def is_served() -> bool:
        one = wall.listen_bare(address)
        answer = one.recv(65_536)
        one.close()
        return b"200 OK" in answer

    until(is_served)
