"""The bus between threads, and between processes through a real Valkey-speaking server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kawaraban import bus
from tests.valkey import Server
from tests.waiting import until

# Another process of the site: it says when it is connected, what it hears, and publishes each line it is given.
OTHER = """
import sys, threading
from kawaraban import bus
bus.use(sys.argv[1], sys.argv[2])
bus.subscribe("news", lambda data: print("heard", data.decode(), flush=True))
def watch():
    last = object()
    while True:
        if bus.link() != last:
            last = bus.link()
            print("link", last, flush=True)
        threading.Event().wait(0.02)
threading.Thread(target=watch, daemon=True).start()
for line in sys.stdin:
    bus.publish("news", line.strip())
"""


class Other:
    """Another process, by what it prints."""

    def __init__(self, url: str, site: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER, url, site], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def until(self, line: str) -> list[str]:
        """What it printed up to a line that begins so, without that line."""
        assert self.process.stdout is not None
        before = []
        for said in self.process.stdout:
            if said.startswith(line):
                return before
            before.append(said.strip())
        raise AssertionError(f"it ended after {before}")

    def publish(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def begin(valkey: Server) -> Iterator[Callable[..., Other]]:
    """A function that begins another process; all that were begun end with the test."""
    begun: list[Other] = []

    def other(site: str = "courier") -> Other:
        begun.append(Other(valkey.url, site))
        begun[-1].until("link 1")
        return begun[-1]

    yield other
    bus.use("")
    for one in begun:
        one.process.kill()
        one.process.communicate()


def test_a_message_is_heard_at_once_by_all_in_this_process_until_they_end_it():
    first: list[bytes] = []
    second: list[bytes] = []
    end_first = bus.subscribe("news", first.append)
    end_second = bus.subscribe("news", second.append)
    bus.publish("news", "one")
    bus.publish("olds", "not this")
    end_first()
    bus.publish("news", b"two")
    end_second()
    bus.publish("news", "three")
    assert (first, second) == ([b"one"], [b"one", b"two"])
    assert bus.link() == 0


def test_a_listener_that_fails_keeps_the_message_from_nobody(caplog):
    heard: list[bytes] = []
    ends = [bus.subscribe("news", int), bus.subscribe("news", heard.append)]
    bus.publish("news", "no number")
    for end in ends:
        end()
    assert heard == [b"no number"]
    assert "A listener to news failed." in caplog.text


def test_every_process_hears_what_another_publishes_once(begin, valkey):
    one, two = begin(), begin()
    one.publish("bridge")
    assert two.until("heard bridge") == []
    two.publish("harbour")
    # Its own message came back to it neither before nor after it was heard at once.
    assert one.until("heard harbour") == ["heard bridge"]
    one.publish("end")
    assert two.until("heard end") == ["heard harbour"]


def test_two_sites_that_share_a_valkey_do_not_hear_each_other(begin, valkey):
    courier, herald, third, fourth = begin("courier"), begin("herald"), begin("courier"), begin("herald")
    herald.publish("not for you")
    fourth.until("heard not for you")
    courier.publish("for you")
    assert third.until("heard for you") == []


def test_a_message_published_right_before_the_end_of_a_process_still_arrives(begin, valkey):
    listening = begin()
    program = "from kawaraban import bus; import sys; bus.use(*sys.argv[1:]); bus.publish('news', 'last words')"
    subprocess.run([sys.executable, "-c", program, valkey.url, "courier"], check=True)
    assert listening.until("heard last words") == []


def test_without_valkey_a_process_hears_itself_knows_it_and_connects_again(begin, valkey):
    other = begin()
    valkey.kill()
    other.until("link None")
    other.publish("to myself")
    other.until("heard to myself")
    valkey.start()
    # Another number: whoever must not miss anything reads again.
    other.until("link 2")


def test_who_could_not_send_tells_the_others_that_they_missed_something(begin, valkey):
    listening, sending = begin(), begin()
    valkey.process.send_signal(signal.SIGSTOP)
    for number in range(3):
        sending.publish(f"lost {number}")
    sending.until("heard lost 2")
    sending.until("Valkey did not take a message")
    valkey.process.send_signal(signal.SIGCONT)
    listening.until("link 2")
    sending.publish("heard again")
    listening.until("heard heard again")


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_a_stopped_or_dead_valkey_costs_the_publisher_no_time(valkey, fault):
    bus.use(valkey.url, "courier")
    heard: list[bytes] = []
    end = bus.subscribe("news", heard.append)
    until(lambda: bus.link() == 1)
    os.kill(valkey.process.pid, fault)
    # A busy machine takes the processor away now and then; a publisher that waits does so in every round.
    longest = []
    for _ in range(3):
        longest.append(max(seconds_to_publish(number) for number in range(100)))
        bus.use(valkey.url, "courier")
    end()
    valkey.process.send_signal(signal.SIGCONT)
    bus.use("")
    assert len(heard) == 300
    assert min(longest) < 0.05


def seconds_to_publish(number: int) -> float:
    began = time.perf_counter()
    bus.publish("news", str(number))
    return time.perf_counter() - began
