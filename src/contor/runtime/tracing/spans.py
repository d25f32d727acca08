"""Spans in the terms of OpenTelemetry, where `contor[otel]` is installed and the environment names a collector; else nothing, at no cost.

What is exported, and how, is said by the standard `OTEL_*` variables, which the SDK reads itself. A span holds names and numbers: no
content of a request, and of an error only its kind.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import Enum
from typing import TYPE_CHECKING

from contor.kernel.errors import Refused

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

Value = str | int | None

COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
END_SECONDS = 1.0
"""For so long a process that ends waits for the collector to take its last spans."""


class Kind(Enum):
    """Which side of a call a span stands for."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    CONSUMER = "CONSUMER"


class _Tracing:
    """What traces in this process; nothing until it is started."""

    tracer: "Tracer | None" = None
    provider: "TracerProvider | None" = None


_NOTHING = nullcontext()


def start(service: str, provider: "TracerProvider | None" = None) -> bool:
    """Trace this process, called `service` where the environment says nothing else; whether it is traced. `provider`: instead of the
    one that the environment describes. Raises SystemExit where a collector is named and the package is missing."""
    if provider is None:
        if not any(os.environ.get(name) for name in COLLECTORS) or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
            return False
        provider = _described(service)
    _Tracing.provider, _Tracing.tracer = provider, provider.get_tracer("contor")
    return True


def _described(service: str) -> "TracerProvider":
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise SystemExit("OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed: install contor[otel].") from None
    named = os.environ.get("OTEL_SERVICE_NAME") or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    resource = Resource.create({} if named else {"service.name": service})
    # the process itself says when it ends: the SDK's own end waits for a collector that is away
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def end() -> None:
    """Send what is left, if the collector takes it soon, and trace no more."""
    provider, _Tracing.provider, _Tracing.tracer = _Tracing.provider, None, None
    if provider is None:
        return
    sending = threading.Thread(target=provider.force_flush, daemon=True)
    sending.start()
    sending.join(END_SECONDS)


def span(
    name: str, kind: Kind = Kind.INTERNAL, headers: Mapping[str, str] | None = None, **attributes: Value
) -> AbstractContextManager[None]:
    """Within it what happens is part of a span of this name. `headers`: of the request that it answers, whose trace it goes on with (W3C
    Trace Context). Attributes without a value are left out."""
    if _Tracing.tracer is None:
        return _NOTHING
    return _spanned(name, kind, headers, attributes)


@contextmanager
def _spanned(name: str, kind: Kind, headers: Mapping[str, str] | None, attributes: Mapping[str, Value]) -> Iterator[None]:
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind, StatusCode

    tracer = _Tracing.tracer
    if tracer is None:  # ended meanwhile
        yield
        return
    with tracer.start_as_current_span(
        name,
        context=None if headers is None else extract(headers),
        kind=SpanKind[kind.value],
        attributes={f"contor.{key}": value for key, value in attributes.items() if value is not None},
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield
        except Refused as refused:
            made.set_attribute("contor.refused", refused.kind.value)
            raise
        except Exception as error:
            made.set_status(StatusCode.ERROR, type(error).__name__)
            made.set_attribute("error.type", type(error).__name__)
            raise


def route_is(method: str, path: str) -> None:
    """The request that is answered here is of this route."""
    if _Tracing.tracer is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().update_name(f"{method} {path}")
        get_current_span().set_attribute("http.route", path)


def status_is(method: str, status: int, request_id: str) -> None:
    """The request that is answered here ends so. What the server could not do is an error, what the caller did wrong is none."""
    if _Tracing.tracer is not None:
        from opentelemetry.trace import StatusCode, get_current_span

        current = get_current_span()
        current.set_attributes(
            {"http.request.method": method, "http.response.status_code": status, "contor.request_id": request_id}
        )
        if status >= 500:
            current.set_status(StatusCode.ERROR)
