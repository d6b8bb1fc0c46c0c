"""Requests are counted by what they are about, and counting costs next to nothing."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from prometheus_client import REGISTRY

from kawaraban.discussion.testing import make_thread
from kawaraban.metrics import history
from kawaraban.metrics.requests import kind_of, measure_requests


def count(kind: str, status: str) -> float:
    return REGISTRY.get_sample_value("kawaraban_http_requests_total", {"kind": kind, "status": status})


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/", "read"),
        ("HEAD", "/city/bridge/", "read"),
        ("POST", "/t/1/comments/", "write"),
        ("GET", "/desk/jobs/", "desk"),
        ("POST", "/desk/login/", "desk"),
        ("GET", "/static/theme/tokens.css", "static"),
        ("GET", "/media/images/a.jpg", "static"),
        ("PROPFIND", "/", "other"),
    ],
)
def test_each_request_is_of_one_kind(method, path, kind):
    assert kind_of(RequestFactory().generic(method, path)) == kind


def test_a_page_a_refusal_and_a_comment_are_counted(site, author, signed_in):
    browser, thread = signed_in(author), make_thread()
    before = [count(*each) for each in (("read", "2xx"), ("read", "4xx"), ("write", "3xx"))]
    took = REGISTRY.get_sample_value("kawaraban_http_request_duration_seconds_count", {"kind": "write"})
    browser.get("/search/")
    browser.get("/nowhere/")
    browser.post(f"/t/{thread.pk}/comments/", {"body": "The ferry was never late.", "key": "k"})
    after = [count(*each) for each in (("read", "2xx"), ("read", "4xx"), ("write", "3xx"))]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]
    assert REGISTRY.get_sample_value("kawaraban_http_request_duration_seconds_count", {"kind": "write"}) == took + 1


def test_counting_a_request_costs_less_than_20_microseconds(stopwatch):
    answer, request = HttpResponse(), RequestFactory().get("/city/bridge/")
    measured, times = measure_requests(lambda request: answer), 20_000
    with stopwatch:
        for _ in range(times):
            measured(request)
    assert stopwatch.seconds / times < 20e-6


def test_a_command_or_a_test_that_calls_the_site_keeps_no_history(site, stranger):
    stranger.get("/")
    assert history.current() is None
