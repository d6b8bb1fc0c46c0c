"""Django behind ASGI: each request in one thread from start to end, and threads that stay."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path
from django.utils import translation

from kawaraban.handler import ThreadedHandler


def where(request: HttpRequest) -> HttpResponse:
    """The thread, and what this request has been told of the language."""
    answer = HttpResponse(f"{threading.get_ident()} {translation.get_language()}")
    translation.activate("ja")
    answer.set_cookie("one", "1")
    answer.set_cookie("two", "2", httponly=True)
    return answer


def said(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body, content_type="text/plain")


def file(request: HttpRequest) -> FileResponse:
    return FileResponse(open(__file__, "rb"))


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


urlpatterns = [path("where/", where), path("said/", said), path("file/", file), path("fails/", fails)]


@pytest.fixture
def handler(settings: Any) -> ThreadedHandler:
    """The site with nothing but the pages above, and one thread."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    return ThreadedHandler(1)


def ask(handler: ThreadedHandler, address: str, *messages: dict[str, Any]) -> list[dict[str, Any]]:
    """What is sent in answer to a request whose body comes in these messages."""
    scope = {"type": "http", "method": "POST", "path": address, "query_string": b"", "headers": []}
    coming = iter(messages or [{"type": "http.request", "body": b""}])
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(coming)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(handler(scope, receive, send))
    return sent


def test_a_thread_stays_and_nothing_that_was_set_in_it_does(handler):
    first, second = (ask(handler, "/where/")[1]["body"] for _ in range(2))
    assert first == second
    assert not second.endswith(b"ja")
    assert str(threading.get_ident()).encode() not in first


def test_each_cookie_is_a_header_of_its_own(handler):
    start = ask(handler, "/where/")[0]
    assert start["status"] == 200
    cookies = [value for name, value in start["headers"] if name == b"Set-Cookie"]
    assert cookies == [b"one=1; Path=/", b"two=2; HttpOnly; Path=/"]


def test_a_body_may_come_in_parts(handler):
    parts = [
        {"type": "http.request", "body": b"said ", "more_body": True},
        {"type": "http.request", "body": b"in two parts"},
    ]
    assert ask(handler, "/said/", *parts)[1]["body"] == b"said in two parts"


def test_who_leaves_before_the_end_of_the_question_gets_no_answer(handler):
    parts = [{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}]
    assert ask(handler, "/said/", *parts) == []


def test_a_file_is_sent_whole(handler):
    start, body = ask(handler, "/file/")
    assert dict(start["headers"])[b"Content-Length"] == str(len(body["body"])).encode()
    assert body["body"].startswith(b'"""Django behind ASGI')


def test_a_fault_is_answered_and_the_thread_goes_on(handler):
    assert ask(handler, "/fails/")[0]["status"] == 500
    assert ask(handler, "/where/")[0]["status"] == 200
