"""Tests of the scorer elsewhere, against a real one on this machine, and of ours for others."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from kawaraban.screening import actions, reads, scorer
from kawaraban.screening.checks import screen
from kawaraban.screening.samples import Sample
from kawaraban.screening.testing import decided

KEY = "a-key-that-is-long-enough"
GOOD = {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.93, "type": "PROBABILITY"}}}}
HELLO = Sample("Hello.")


@dataclass
class Elsewhere:
    """A scorer: what it answers, and what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = json.dumps(GOOD).encode()
    location: str = ""
    silent: threading.Event | None = None
    asked: list[dict] = field(default_factory=list)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    there = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            there.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if there.silent:
                there.silent.wait(10)
            self.send_response(there.status)
            if there.location:
                self.send_header("Location", there.location)
            self.send_header("Content-Length", str(len(there.body)))
            self.end_headers()
            self.wfile.write(there.body)

        def do_GET(self):
            there.asked.append({"got": self.path})

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *arguments: None
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    there.url = f"http://127.0.0.1:{server.server_port}/v1alpha1/comments:analyze?key=secret"
    yield there
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock(monkeypatch):
    """A breaker as in a new process, and the time it goes by."""
    now = [1_000.0]
    monkeypatch.setattr(scorer, "breaker", scorer.Breaker(lambda: now[0]))
    return now


@pytest.fixture
def scored(db, elsewhere, clock, settings):
    """A site that asks the scorer elsewhere."""
    settings.SCORER_URL = elsewhere.url
    settings.SCORER_TIMEOUT = 2.0
    actions.change_settings(scorer_on=True)
    return elsewhere


def test_it_is_asked_in_the_shape_of_perspective(scored):
    assert actions.ask_scorer("I think that the bridge is not what they said") == scorer.Answer(0.93)
    assert scored.asked == [
        {
            "comment": {"text": "I think that the bridge is not what they said"},
            "requestedAttributes": {"TOXICITY": {}},
            "doNotStore": True,
            "languages": ["en"],
        }
    ]


def test_a_high_score_holds_and_a_low_one_passes(scored):
    [finding] = screen(HELLO, actions.ask_scorer("Hello."))
    assert (finding.check, finding.outcome, finding.detail) == ("scorer", "hold", "the scorer elsewhere says 0.93")
    actions.change_settings(scorer_threshold=0.94)
    assert screen(HELLO, actions.ask_scorer("Hello.")) == []


def test_a_scorer_that_is_off_is_not_asked(scored, settings):
    actions.change_settings(scorer_on=False)
    assert actions.ask_scorer("Hello.") is None
    settings.SCORER_URL = ""
    actions.change_settings(scorer_on=True)
    assert actions.ask_scorer("Hello.") is None
    assert scored.asked == []


def test_what_becomes_of_a_comment_without_an_answer_is_the_choice_of_the_desk(scored):
    scored.status = 500
    answer = actions.ask_scorer("Hello.")
    assert answer == scorer.Answer(None, "HTTP 500")
    assert screen(HELLO, answer) == []
    actions.change_settings(scorer_failure="hold")
    [finding] = screen(HELLO, answer)
    assert (finding.outcome, finding.detail) == ("hold", "the scorer did not answer: HTTP 500")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b"[" * 5_000,
        json.dumps({"attributeScores": {"TOXICITY": {"summaryScore": {"value": "high"}}}}).encode(),
        json.dumps({"attributeScores": {"TOXICITY": {"summaryScore": {"value": 1.5}}}}).encode(),
        b'{"attributeScores": {"TOXICITY": {"summaryScore": {"value": NaN}}}}',
        json.dumps({"attributeScores": {"TOXICITY": {"summaryScore": {"value": True}}}}).encode(),
        json.dumps(GOOD | {"more": "x" * scorer.LARGEST}).encode(),
    ],
)
def test_an_answer_in_another_shape_is_none(scored, body):
    scored.body = body
    answer = actions.ask_scorer("Hello.")
    assert answer.value is None
    assert answer.error.startswith("the answer is")


def test_it_is_not_followed_elsewhere(scored):
    scored.status, scored.location = 302, "/other"
    assert actions.ask_scorer("Hello.") == scorer.Answer(None, "HTTP 302")
    assert len(scored.asked) == 1


def test_a_silent_scorer_is_given_up(scored, settings):
    settings.SCORER_TIMEOUT = 0.05
    scored.silent = threading.Event()
    answer = actions.ask_scorer("Hello.")
    scored.silent.set()
    assert answer == scorer.Answer(None, "Given up after 0.05 seconds, while waiting for the answer of 127.0.0.1")


def test_a_scorer_that_is_not_there_says_so_without_its_address(scored, settings):
    settings.SCORER_URL = "http://127.0.0.1:9/?key=secret"
    answer = actions.ask_scorer("Hello.")
    assert answer.value is None
    assert "secret" not in answer.error


def test_after_five_failures_it_is_left_alone_for_a_minute(scored, clock):
    scored.status = 503
    for _ in range(7):
        assert actions.ask_scorer("Hello.").value is None
    assert len(scored.asked) == 5
    assert scorer.breaker.is_open
    clock[0] += 61
    actions.ask_scorer("Hello.")
    actions.ask_scorer("Hello.")
    assert len(scored.asked) == 6
    scored.status = 200
    clock[0] += 61
    assert [actions.ask_scorer("Hello.").value for _ in range(3)] == [0.93] * 3
    assert not scorer.breaker.is_open


def test_the_desk_sees_since_when_it_fails(scored):
    scored.status = 503
    actions.ask_scorer("Hello.")
    first = reads.settings_now()
    assert (first.scorer_failing_since is not None, first.scorer_error) == (True, "HTTP 503")
    scored.status = 500
    actions.ask_scorer("Hello.")
    assert reads.settings_now().scorer_failing_since == first.scorer_failing_since
    scored.status = 200
    actions.ask_scorer("Hello.")
    assert (reads.settings_now().scorer_failing_since, reads.settings_now().scorer_error) == (None, "")


# --- Ours, for others -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learned():
    from kawaraban.screening.training import learn

    return learn(decided(500, removed=0.2))


@pytest.fixture
def offered(db, settings, learned):
    """A site whose score others may ask for."""
    settings.ANALYZE_KEY = KEY
    actions.switch_score(actions.keep_score(learned).pk, 0.1)


def ask(client, body, key=KEY):
    return client.post(f"{reverse('screening:analyze')}?key={key}", body, content_type="application/json")


def request(text="Hello.", **more):
    return {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["en"], **more}


def test_others_ask_for_our_score_in_the_same_shape(offered, stranger):
    text = decided(1)[0].text
    answer = ask(stranger, request(text))
    assert answer.status_code == 200
    value = scorer.summary(answer.json())
    assert value == pytest.approx(reads.rules_now().weights.score(text).value, abs=1e-6)
    assert "no-store" in answer["Cache-Control"]


def test_the_path_is_perspectives_own():
    assert reverse("screening:analyze") == "/api/v1alpha1/comments:analyze"


def test_the_key_may_come_in_a_header(offered, stranger):
    answer = stranger.post(
        reverse("screening:analyze"), request(), content_type="application/json", headers={"X-Goog-Api-Key": KEY}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["", "wrong", KEY + "x", "é"])
def test_without_the_key_nothing_is_said(offered, stranger, key):
    answer = ask(stranger, request(), key)
    assert (answer.status_code, answer.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


def test_there_is_no_such_page_while_no_key_is_set(db, stranger):
    assert ask(stranger, request(), "").status_code == 404


def test_without_a_score_it_says_that_there_is_none(db, settings, stranger):
    settings.ANALYZE_KEY = KEY
    assert ask(stranger, request()).status_code == 503


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        [],
        {},
        {"comment": "Hello."},
        request(""),
        request(5),
        request("x" * 20_001),
        request() | {"requestedAttributes": {}},
        request() | {"requestedAttributes": {"TOXICITY": {}, "THREAT": {}}},
        "[" * 5_000,
    ],
)
def test_what_is_no_request_is_told_so(offered, stranger, body):
    answer = ask(stranger, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 400)
    assert answer.json()["error"]["message"].endswith((".", "read."))
