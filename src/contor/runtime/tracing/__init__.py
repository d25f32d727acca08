"""Traces for OpenTelemetry: what a request, a verb, a job and a look into a tenant took."""

from contor.runtime.tracing.spans import Kind, end, route_is, span, start, status_is

__all__ = ["Kind", "end", "route_is", "span", "start", "status_is"]
