"""Traces leave by a setting, as OpenTelemetry's own bytes over HTTP, and tell of nobody."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from kawaraban.metrics.tracing import statement_of
from tests.test_cli import ready
from tests.with_site import environment

ASK = """
import django
django.setup()
from django.test import Client
browser = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.77")
headers = {"Host": "localhost", "User-Agent": "zqagent", "Traceparent": "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"}
for path in ("/healthz", "/search/?q=zqillness", "/zqnowhere/"):
    browser.get(path, headers=headers)
"""


class Collector:
    """A collector of traces on this machine, which keeps the bytes it is sent."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.bodies.append((self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Nothing on the console."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def spans(self) -> list[Span]:
        """Every span that came."""
        sent = [ExportTraceServiceRequest.FromString(body) for _, body in self.bodies]
        scopes = [scope for each in sent for resource in each.resource_spans for scope in resource.scope_spans]
        return [span for scope in scopes for span in scope.spans]

    def services(self) -> set[str]:
        """The names of the services that sent them."""
        sent = [ExportTraceServiceRequest.FromString(body) for _, body in self.bodies]
        attributes = [each for one in sent for place in one.resource_spans for each in place.resource.attributes]
        return {each.value.string_value for each in attributes if each.key == "service.name"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def ask(folder: Path, code: str = ASK, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a site in a process of its own, which sends what it has when it ends."""
    given = {**environment(folder), "DJANGO_SETTINGS_MODULE": "kawaraban.settings", **variables}
    return subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=False)


def attributes(span: Span) -> dict[str, object]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_a_request_and_its_statements_are_one_trace_that_tells_of_nobody(collector, tmp_path):
    shutil.copytree(ready(), tmp_path / "site")
    done = ask(tmp_path / "site", OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
    assert done.returncode == 0, done.stderr
    assert {path for path, _ in collector.bodies} == {"/v1/traces"}
    assert collector.services() == {"kawaraban"}
    requests = {attributes(span)["http.response.status_code"]: span for span in collector.spans() if span.kind == 2}
    assert {*requests} == {200, 404}, "probes are not traced"
    found = requests[200]
    assert (found.name, attributes(found)["http.route"]) == ("GET /search/", "/search/")
    statements = [span for span in collector.spans() if span.kind == 3 and span.parent_span_id == found.span_id]
    assert len(statements) > 3
    assert {attributes(span)["db.system.name"] for span in statements} == {"sqlite"}
    assert {span.trace_id for span in statements} == {found.trace_id}
    assert all(0 < span.start_time_unix_nano <= span.end_time_unix_nano for span in statements)
    everything = b"".join(body for _, body in collector.bodies)
    words = (b"zqillness", b"zqagent", b"zqnowhere", b"203.0.113", b"\xab" * 16)
    assert [word for word in words if word in everything] == []


def test_behind_a_proxy_of_ours_its_trace_goes_on(collector, tmp_path):
    shutil.copytree(ready(), tmp_path / "site")
    told = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SERVICE_NAME": "courier", "KAWARABAN_PROXIES": "1"}
    ask(tmp_path / "site", **told)
    assert {span.trace_id for span in collector.spans()} == {b"\xab" * 16}
    assert collector.services() == {"courier"}


LOADED = """
import sys
import django
django.setup()
from django.test import Client
Client().get("/healthz")
print([name for name in sys.modules if "opentelemetry.exporter" in name or name == "kawaraban.metrics.tracing"])
"""


def test_nothing_of_it_is_imported_without_the_setting(tmp_path):
    done = ask(tmp_path, LOADED)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_start_says_what_to_install(tmp_path):
    hidden = "import sys\nsys.modules['opentelemetry'] = None\nfrom kawaraban import settings"
    done = ask(tmp_path, hidden, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert "OTEL_EXPORTER_OTLP_ENDPOINT is set" in last
    assert "Install kawaraban[otel]" in last


def test_a_statement_is_told_without_the_values_that_were_written_into_it():
    told = statement_of("SELECT a FROM b WHERE c = 'O''Hara''s \"illness\"' AND d = %s")
    assert told == "SELECT a FROM b WHERE c = ? AND d = %s"
