"""What is asked and taken of servers that are well, slow, endless, broken or lying."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from importlib.metadata import version

import pytest
import trustme

from kawaraban import fetch
from kawaraban.fetch import connection
from kawaraban.fetch.tests.elsewhere import Elsewhere, here, serve

FEED = b"<feed/>" * 1_000
PATIENCE = 30  # seconds that a busy machine may take; what has no end of its own takes longer


@pytest.fixture
def server() -> Iterator[Elsewhere]:
    with serve() as there:
        yield there


@pytest.fixture
def unset(monkeypatch) -> None:
    """What a test allows for all is so until it ends."""
    monkeypatch.setattr(fetch, "_allow", None)
    monkeypatch.setattr(fetch, "_agent", "")


def get(url: str, **options) -> fetch.Response:
    return fetch.get(url, **{"allow": here(), "deadline": PATIENCE, **options})


def failure(url: str, **options) -> fetch.FetchError:
    """Why there is no answer, in a sentence that betrays no key."""
    with pytest.raises(fetch.FetchError) as raised:
        get(url, **options)
    assert str(raised.value).endswith(".")
    assert "secret" not in str(raised.value)
    return raised.value


# --- An answer --------------------------------------------------------------------------------------------------------


def test_an_answer_comes_with_all_that_the_next_request_needs(server):
    server.says(FEED, ETag='"7"', Last_Modified="Mon, 23 Nov 2026 03:00:00 GMT", X_A="1")
    answer = get(server.url, headers={"Accept": "application/atom+xml"})
    assert (answer.status, answer.body, answer.url, answer.not_modified) == (200, FEED, server.url, False)
    assert (answer.etag, answer.last_modified) == ('"7"', "Mon, 23 Nov 2026 03:00:00 GMT")
    assert answer.headers["x-a"] == "1"
    server.says(status="304 Not Modified", ETag='"7"')
    again = get(server.url, etag=answer.etag, last_modified=answer.last_modified)
    assert (again.not_modified, again.body) == (True, b"")
    assert b'If-None-Match: "7"\r\nIf-Modified-Since: Mon, 23 Nov 2026 03:00:00 GMT\r\n' in server.asked[1]
    assert b"Accept: application/atom+xml\r\n" in server.asked[0]
    assert b"If-" not in server.asked[0]


def test_an_error_is_an_answer(server):
    server.says(b"gone", "410 Gone")
    assert (get(server.url).status, get(server.url).body) == (410, b"gone")


def test_we_say_who_we_are_and_nothing_else(server, unset):
    fetch.use(here(), "https://courier.example")
    assert fetch.get(server.url).body == b"here"
    lines = server.asked[0].decode().split("\r\n")
    assert lines == [
        "GET /feed?key=secret HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"User-Agent: Kawaraban/{version('kawaraban')} (+https://courier.example)",
        "Accept-Encoding: gzip",
        "Connection: close",
        "",
        "",
    ]


def test_a_caller_cannot_say_it_otherwise(server):
    get(server.url, headers={"host": "other.example", "USER-AGENT": "Mozilla", "X-Key": "é"})
    assert b"other.example" not in server.asked[0]
    assert b"Mozilla" not in server.asked[0]
    assert "X-Key: é\r\n".encode("latin-1") in server.asked[0]


@pytest.mark.parametrize("headers", [{"X": "a\r\nY: b"}, {"X": "a\x00"}, {"X\r\nY": "a"}, {"X": "新聞"}, {"é": "a"}])
def test_a_header_carries_no_second_one(server, headers):
    assert failure(server.url, headers=headers).code == "bad-header"
    assert failure(server.url, etag="".join(headers.values()) + "\r\n新").code == "bad-header"
    assert server.asked in ([], [b""] * len(server.asked))


def test_a_proxy_of_the_environment_is_not_asked(server, monkeypatch):
    with serve() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert get(server.url).body == b"here"
        assert (server.connections, proxy.connections) == (1, 0)


def test_where_a_caller_allows_nothing_the_operators_choice_holds(server, unset):
    for allow, code in ((fetch.Allow(), "bad-port"), (here(private=()), "refused-address")):
        fetch.use(allow, "https://courier.example")
        with pytest.raises(fetch.FetchError) as raised:
            fetch.get(server.url)
        assert raised.value.code == code
    assert server.connections == 0


# --- Redirects --------------------------------------------------------------------------------------------------------


def test_three_redirects_are_followed_and_no_more(server):
    server.leads("/a", "b?c=d", server.url.replace("feed", "there"))
    answer = get(server.url)
    assert (answer.body, answer.url) == (b"here", server.url.replace("feed", "there"))
    assert [request.split()[1] for request in server.asked[1:3]] == [b"/a", b"/b?c=d"]
    assert b"cookie" not in b"".join(server.asked).lower()
    server.leads("/a", "/b", "/c", "/d")
    assert failure(server.url).code == "too-many-redirects"
    assert server.connections == 8


def test_a_loop_ends(server):
    server.leads(*["/feed"] * 100)
    assert failure(server.url).code == "too-many-redirects"
    assert server.connections == 4


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://10.0.0.1/", "refused-address"),
        ("http://169.254.169.254/latest/meta-data/", "refused-address"),
        ("http://[::1]/", "refused-address"),
        ("http://inside.example/", "refused-address"),
        ("http://allowed.lan/", "refused-address"),
        ("//127.0.0.2/", "refused-address"),
        ("//2130706433/", "refused-address"),
        ("file:///etc/passwd", "bad-scheme"),
        ("javascript:alert(1)", "bad-scheme"),
        ("http://user:password@feed.example/", "bad-address"),
        ("/a\tb", "bad-address"),
        ("\\\\inside.example\\", "bad-address"),
        ("http://[", "bad-address"),
    ],
)
def test_where_a_redirect_leads_is_checked_like_any_other_address(server, location, code):
    server.leads(location)
    allow = here(private=("127.0.0.1", "allowed.lan"), look_up=lambda name: ["127.0.0.1"])
    assert failure(server.url, allow=allow).code == code
    assert server.connections == 1


def test_a_redirect_to_another_port_of_the_same_host_needs_it_to_be_allowed(server):
    server.leads("http://127.0.0.1:6379/")
    assert failure(server.url, allow=here(ports=(server.port,))).code == "bad-port"


def test_a_key_for_one_server_is_not_sent_to_another(server):
    with serve() as other:
        server.leads("/same", other.url)
        get(server.url, headers={"Authorization": "Bearer abc", "X-Key": "abc"}, etag='"7"')
        assert [b"abc" in request for request in server.asked] == [True, True]
        assert b"abc" not in other.asked[0]
        assert b'If-None-Match: "7"' in other.asked[0]


def test_a_redirect_may_be_written_in_the_letters_of_its_language(server):
    server.answer = lambda connection, asked: connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        if b"%E6" in asked
        else "HTTP/1.1 301 Moved\r\nLocation: /新聞 1\r\nContent-Length: 0\r\n\r\n".encode()
    )
    assert get(server.url).url.endswith("/%E6%96%B0%E8%81%9E%201")


# --- Time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "drop", "doing"),
    [
        (b"", b"", "waiting for the answer"),
        (b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", "waiting for the answer"),
        (b"H", b"", "waiting for the answer"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", "waiting for the answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", b"x", "reading the answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", "reading the answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"", "reading the answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"", mtime=0), "reading the answer"),
    ],
)
def test_a_server_that_drips_does_not_stretch_the_time(server, first, drop, doing):
    server.drips(first, drop)
    begun = time.monotonic()
    found = failure(server.url, deadline=0.4)
    assert 0.35 < time.monotonic() - begun < PATIENCE
    assert found.code == "timed-out"
    assert str(found) == f"Given up after 0.4 seconds, while {doing} of 127.0.0.1."


def test_redirects_do_not_stretch_it_either(server):
    def answer(connection: socket.socket, _: bytes) -> None:
        server.over.wait(0.2)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    server.answer = answer
    begun = time.monotonic()
    assert failure(server.url, deadline=0.4).code == "timed-out"
    assert time.monotonic() - begun < PATIENCE


def test_a_server_that_takes_nothing_does_not_stretch_it_either(server):
    server.answer = lambda connection, _: server.over.wait(5)
    begun = time.monotonic()
    with pytest.raises(fetch.FetchError) as raised:
        fetch.post(server.url, b"x" * 20_000_000, deadline=0.4, allow=here())
    assert (raised.value.code, time.monotonic() - begun < PATIENCE) == ("timed-out", True)


def test_a_server_that_is_silent_instead_of_encrypting_does_not_either(server):
    connection.trust()  # reads the certificates of this machine, once for a process
    begun = time.monotonic()
    found = failure(server.url.replace("http:", "https:"), deadline=0.4)
    assert str(found) == "Given up after 0.4 seconds, while agreeing on encryption with 127.0.0.1."
    assert time.monotonic() - begun < PATIENCE


def test_nor_does_a_resolver_that_hangs_and_it_leaves_others_alone(server):
    hangs = threading.Event()
    hanging: list[str] = []

    def look_up(name: str) -> list[str]:
        if name == "hangs.example":
            hanging.append(name)
            hangs.wait(60)
        return ["127.0.0.1"]

    allow = here(private=("127.0.0.0/8",), look_up=look_up)
    found = failure("http://hangs.example/", allow=allow, deadline=0.1)
    assert str(found) == "Given up after 0.1 seconds, while looking up the name hangs.example."
    assert get(f"http://well.example:{server.port}/", allow=allow).body == b"here"
    while len(hanging) < 16:  # One whose time is over before its turn takes none of the places.
        assert failure("http://hangs.example/", allow=allow, deadline=0.001).code == "timed-out"
    assert failure("http://well.example/", allow=allow, deadline=0.1).code == "timed-out"
    hangs.set()
    assert get(f"http://well.example:{server.port}/", allow=allow).body == b"here"


def test_time_that_is_over_before_it_begins_is_told(server):
    assert failure("http://feed.example/", deadline=0, allow=here(look_up=lambda name: [])).code == "timed-out"


# --- Size -------------------------------------------------------------------------------------------------------------


def packed(megabytes: int) -> bytes:
    """So many million zeros, packed a thousand to one, without an end."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"", mtime=0)[:10] + block * megabytes


def test_a_packed_answer_is_unpacked(server):
    server.says(gzip.compress(FEED, mtime=0) + gzip.compress(b"more"), Content_Encoding="gzip")
    assert get(server.url).body == FEED + b"more"
    server.says(b"", Content_Encoding="gzip")
    assert get(server.url).body == b""


def test_an_answer_may_be_as_large_as_the_limit_and_no_larger(server):
    server.says(b"x" * 1_000)
    assert len(get(server.url, limit=1_000).body) == 1_000
    found = failure(server.url, limit=999)
    assert (found.code, str(found)) == ("too-large", "The answer of 127.0.0.1 is larger than 999 bytes.")
    server.says(gzip.compress(b"x" * 1_000, mtime=0), Content_Encoding="gzip")
    assert len(get(server.url, limit=1_000).body) == 1_000
    assert failure(server.url, limit=999).code == "too-large"


@pytest.mark.parametrize("head", [b"", b"Content-Length: 999999999999\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_an_endless_answer_is_ended(server, head):
    piece = b"x" * 65_536
    server.drips(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n", b"10000\r\n" + piece + b"\r\n" if b"T" in head else piece, 0)
    begun = time.monotonic()
    assert failure(server.url, limit=1_000_000).code == "too-large"
    assert time.monotonic() - begun < PATIENCE


@pytest.mark.parametrize(
    ("bomb", "code"),
    [
        (packed(1_000), "too-large"),
        (gzip.compress(bytes(1_000_000), mtime=0) * 1_000, "too-large"),
        (gzip.compress(b"", mtime=0) * 50_000, "bad-packing"),
    ],
    ids=["one part", "many parts", "empty parts"],
)
def test_a_bomb_takes_neither_memory_nor_time(server, bomb, code):
    server.says(bomb, Content_Encoding="gzip")
    tracemalloc.start()
    begun = time.thread_time()
    try:
        assert failure(server.url, limit=2_000_000).code == code
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()
    assert time.thread_time() - begun < 0.5


def test_single_bytes_take_no_more_room_than_others(server):
    server.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 20_000 + b"0\r\n\r\n")
    assert get(server.url).body == b"x" * 20_000


@pytest.mark.parametrize("line", [b"A: " + b"a" * 65_536, b"A: a\r\n" * 10_000])
def test_endless_headers_are_ended(server, line):
    server.drips(b"HTTP/1.1 200 OK\r\n", line, 0)
    begun = time.monotonic()
    assert failure(server.url).code == "not-http"
    assert time.monotonic() - begun < PATIENCE


# --- Broken -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "not-http"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "not-http"),
        (b"-ERR unknown command\r\n", "not-http"),
        (b"\x00" * 1_000, "not-http"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "not-http"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "not-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "not-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhere", "not-http"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nhere", "cut-off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n", "cut-off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n", "cut-off"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(FEED, mtime=0)[:-9], "cut-off"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nhere", "bad-packing"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(FEED, mtime=0) + b"here", "bad-packing"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nhere", "bad-packing"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\nhere", "bad-packing"),
    ],
)
def test_a_broken_answer_is_told_by_what_is_wrong(server, answer, code):
    server.raw(answer)
    assert failure(server.url).code == code


def test_a_connection_that_breaks_off_is_told(server):
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        # Closed like this it is reset, not ended.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")

    server.answer = answer
    assert failure(server.url).code == "broken-off"


def test_a_server_that_is_not_there_is_told():
    found = failure("http://127.0.0.1:9/?key=secret")
    assert (found.code, str(found)) == (
        "unreachable",
        "There is no connection to 127.0.0.1 at port 9: Connection refused.",
    )


def test_a_name_without_an_address_is_told():
    def look_up(name: str) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    found = failure("http://nowhere.example/?key=secret", allow=fetch.Allow(look_up=look_up))
    assert (found.code, "nowhere.example" in str(found)) == ("no-such-name", True)


def test_the_next_address_is_tried_when_one_does_not_answer(server):
    allow = here(private=("127.0.0.1", "::1"), look_up=lambda name: ["::1", "127.0.0.1"])
    assert get(f"http://feed.example:{server.port}/", allow=allow).body == b"here"


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_a_body_is_sent_whole(server):
    def answer(connection: socket.socket, asked: bytes) -> None:
        length = int(asked.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
        body = asked.partition(b"\r\n\r\n")[2]
        while len(body) < length:
            body += connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n%09d" % len(body))

    server.answer = answer
    for size in (0, 5, 3_000_000):
        answered = fetch.post(server.url, b"x" * size, headers={"Content-Type": "text/plain"}, allow=here())
        assert int(answered.body) == size
    assert server.asked[0].startswith(b"POST /feed?key=secret HTTP/1.1\r\n")
    assert b"Content-Type: text/plain\r\n" in server.asked[0]


def test_what_is_sent_follows_no_redirect(server):
    server.leads("/other")
    answer = fetch.post(server.url, b"{}", allow=here())
    assert (answer.status, answer.body, server.connections) == (302, b"no.", 1)


def test_who_refuses_a_large_body_early_is_heard(server):
    server.says(b"too much", "413 Content Too Large")
    answer = fetch.post(server.url, b"x" * 20_000_000, deadline=5, allow=here())
    assert (answer.status, answer.body) == (413, b"too much")


# --- Encryption -------------------------------------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path, monkeypatch) -> Iterator[trustme.CA]:
    """Somebody whom this machine trusts to vouch for servers."""
    vouching = trustme.CA()
    vouching.cert_pem.write_to_path(tmp_path / "trusted.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    connection.trust.cache_clear()
    yield vouching
    connection.trust.cache_clear()


def encrypting(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_server_is_known_by_the_name_that_was_asked_for(authority):
    allow = here(private=("127.0.0.1",), look_up=lambda name: ["127.0.0.1"])
    with serve(trust=encrypting(authority, "wire.example")) as server:
        server.says(FEED)
        assert get(f"https://wire.example:{server.port}/", allow=allow).body == FEED
        found = failure(f"https://other.example:{server.port}/", allow=allow)
        assert (found.code, "other.example" in str(found)) == ("bad-certificate", True)
        assert failure(f"http://wire.example:{server.port}/", allow=allow).code in ("not-http", "broken-off")


def test_a_certificate_of_a_stranger_is_refused(authority):
    with serve(trust=encrypting(trustme.CA(), "127.0.0.1")) as server:
        found = failure(server.url.replace("http:", "https:"))
        assert found.code == "bad-certificate"
        assert "unable to get local issuer certificate" in str(found)


def test_a_server_that_does_not_encrypt_is_told(server):
    server.greeting = b"220 mail.example ESMTP\r\n"
    found = failure(server.url.replace("http:", "https:"))
    assert found.code == "no-encryption"
    assert str(found).startswith("127.0.0.1 does not agree on encryption: ")


def test_encryption_is_never_given_up_on_the_way(authority, server):
    with serve(trust=encrypting(authority, "127.0.0.1")) as encrypted:
        encrypted.leads(server.url)
        assert failure(encrypted.url.replace("http:", "https:")).code == "downgrade"
        server.leads(encrypted.url.replace("http:", "https:"))
        assert get(server.url).body == b"here"
        assert server.connections == 1
