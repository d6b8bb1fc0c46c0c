"""OpenTelemetry: traces of requests and of the statements in them, sent where `OTEL_EXPORTER_OTLP_ENDPOINT` says.

Named in `settings.MIDDLEWARE` where that is set, and imported by nobody else; what it imports comes with
`kawaraban[otel]`. The ready-made instrumentation of Django would keep the reader's address and the whole query.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from kawaraban.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]

LONGEST_STATEMENT = 2_000  # characters
_QUOTED = re.compile(r"'(?:[^']|'')*'")


def trace_requests(get_response: GetResponse) -> GetResponse:
    """Trace every request by its route, and each of its statements; no address, no query, no value of anybody's.

    What is sampled, and how long is waited, is told by OpenTelemetry's own settings. A collector that is away costs
    readers nothing: spans wait in a thread of their own, and are dropped when there are too many.
    """
    # The service's name in OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES goes before ours.
    provider = TracerProvider(resource=Resource({SERVICE_NAME: "kawaraban"}).merge(_own_resource()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracer = provider.get_tracer("kawaraban")

    def middleware(request: HttpRequest) -> HttpResponse:
        method = request.method or ""
        attributes = {"http.request.method": method, "kawaraban.request_id": request_id.get()}
        with tracer.start_as_current_span(method, _came_from(request), SpanKind.SERVER, attributes) as span:
            with connection.execute_wrapper(_tracing(tracer)):
                response = get_response(request)
            _name(span, method, request, response)
            return response

    return middleware


def statement_of(sql: str) -> str:
    """A statement as it is prepared: with places in place of values, also of those that were written into it."""
    return _QUOTED.sub("?", sql)[:LONGEST_STATEMENT]


def _own_resource() -> Resource:
    found = Resource.create()
    named = {key: value for key, value in found.attributes.items() if not str(value).startswith("unknown_service")}
    return Resource(named)


def _came_from(request: HttpRequest) -> Context | None:
    """The trace that a proxy of ours has begun; without one anybody could add to somebody else's."""
    if not settings.PROXIES:
        return None
    return TraceContextTextMapPropagator().extract({name.lower(): value for name, value in request.headers.items()})


def _name(span: Span, method: str, request: HttpRequest, response: HttpResponse) -> None:
    if request.resolver_match is not None:
        span.update_name(f"{method} /{request.resolver_match.route}")
        span.set_attribute("http.route", f"/{request.resolver_match.route}")
    span.set_attribute("http.response.status_code", response.status_code)
    if response.status_code >= 500:
        span.set_status(StatusCode.ERROR)


def _tracing(tracer: Tracer) -> Callable[..., Any]:
    def traced(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        attributes = {"db.system.name": connection.vendor, "db.query.text": statement_of(sql)}
        # What a database says of a failure quotes the values.
        with tracer.start_as_current_span(
            sql.partition(" ")[0].upper()[:20],
            kind=SpanKind.CLIENT,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                return execute(sql, params, many, context)
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    return traced
