"""What traces show of a request and of what follows from it, and that nothing is there when nobody asked for them."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from starlette.testclient import TestClient
from tests.checkers.waiting import until
from tests.factories.tenants import Tenant
from tests.factories.things import an_operation

from contor.documents.issue.worker import DOCUMENTS
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime import tracing
from contor.runtime.work.jobs import run_job
from contor.runtime.work.schedule import SCHEDULES
from contor.runtime.work.tenants import Marked, look

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.start("contor-test", provider)
    yield exporter
    tracing.end()


def named(spans: InMemorySpanExporter, name: str) -> ReadableSpan:
    (found,) = [one for one in spans.get_finished_spans() if one.name == name]
    return found


def said(span: ReadableSpan, *names: str) -> list[Any]:
    return [(span.attributes or {}).get(name) for name in names]


def test_a_request_its_verb_and_the_work_that_follows(
    spans: InMemorySpanExporter, client: TestClient, furnished: Tenant, bearer: Any
) -> None:
    headers = {**bearer(furnished), "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    spans.clear()
    answer = client.post("/v2/customers", json={"customerIdent": "c-7", "company": "Nord GmbH"}, headers=headers)
    assert answer.status_code == 201
    request, verb = named(spans, "POST /v2/customers"), named(spans, "customer.create_with_addresses")
    assert (request.kind, f"{request.context.trace_id:032x}") == (SpanKind.SERVER, TRACE)
    assert said(request, "http.request.method", "http.route", "http.response.status_code", "contor.request_id") == [
        *("POST", "/v2/customers", 201, answer.headers["x-request-id"])
    ]
    assert verb.parent is not None and verb.parent.span_id == request.context.span_id
    assert said(verb, "contor.tenant", "contor.request_id") == [furnished.id, answer.headers["x-request-id"]]
    look(furnished.runtime, DOCUMENTS, Marked(furnished.id, [], 0, 0.0, False))
    work, issued = named(spans, "work documents"), named(spans, "document.issue_waiting")
    assert (work.kind, said(work, "contor.tenant")) == (SpanKind.CONSUMER, [furnished.id])
    assert issued.parent is not None and issued.parent.span_id == work.context.span_id
    assert "Nord" not in str([one.attributes for one in spans.get_finished_spans()])


def test_what_is_refused_is_no_error_and_what_fails_is_one_without_its_text(
    spans: InMemorySpanExporter, tenant: Tenant, client: TestClient
) -> None:
    def refuse(uow: Any, _: Any) -> None:
        raise Refused(Kind.CONFLICT, Problem("taken", "is taken"))

    def fail(uow: Any, _: Any) -> None:
        raise KeyError("what nobody may read")

    for name, run in (("thing.refuse", refuse), ("thing.fail", fail)):
        with pytest.raises((Refused, KeyError)):
            tenant.execute(an_operation(run, name=name, input=None, output=None), None)
    refused, failed = named(spans, "thing.refuse"), named(spans, "thing.fail")
    assert (refused.status.status_code, said(refused, "contor.refused")) == (StatusCode.UNSET, ["conflict"])
    assert (failed.status.status_code, said(failed, "error.type")) == (StatusCode.ERROR, ["KeyError"])
    assert "nobody" not in failed.to_json()
    client.get("/v2/customers")
    assert said(named(spans, "GET /v2/customers"), "http.response.status_code") == [401]


def test_a_job_is_a_span_above_its_verb(spans: InMemorySpanExporter, tenant: Tenant) -> None:
    operation = an_operation(lambda uow, _: None, name="thing.follow", input=None, output=None)
    run_job(tenant.runtime, operation, b'{"tenant_id":%d,"request_id":"r-9","command":null}' % tenant.id)
    job, verb = named(spans, "job thing.follow"), named(spans, "thing.follow")
    assert verb.parent is not None and verb.parent.span_id == job.context.span_id
    assert (job.kind, said(job, "contor.request_id")) == (SpanKind.CONSUMER, ["r-9"])
    assert SCHEDULES  # whose runs are spans likewise


def test_spans_go_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *values: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
        assert tracing.start("contor-api")
        with tracing.span("thing.make"):
            pass
        tracing.end()
        until(lambda: seen, "the span arrives")
        collector.shutdown()
    path, content = seen[0]
    assert path == "/v1/traces" and b"thing.make" in content and b"contor-api" in content


def test_without_a_collector_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    assert not tracing.start("contor-api")
    assert tracing.span("one") is tracing.span("other")
    program = "import contor.app, contor.cli, sys; sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    subprocess.run([sys.executable, "-c", program], check=True)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(SystemExit, match="contor\\[otel\\]"):
        tracing.start("contor-api")
