"""Whatever is sent to an operation of the fynn dialect, valid by its OpenAPI or not: an answer of the contract, never a crash."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, reject, settings
from schemathesis import GenerationMode
from tests.factories.fynn import Fynn

from contor.api.fynn.routes import ROUTES
from contor.api.fynn.voice import FYNN, MOUNT
from contor.api.openapi import openapi

SCHEMA = schemathesis.openapi.from_dict(openapi(FYNN, ROUTES))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
SENT = ("method", "url", "params", "headers", "json", "data", "content", "cookies")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_to_fynn_crashes(fynn: Fynn, operation: Any) -> None:
    @given(
        case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    )
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None)
    def run(case: Any) -> None:
        case.headers = {**(case.headers or {}), **fynn.headers}
        parts = case.as_transport_kwargs(base_url=f"http://testserver{MOUNT}")
        # any bytes can stand in a header, the client alone would take ASCII only
        parts["headers"] = {name: str(value).encode(errors="replace") for name, value in parts["headers"].items()}
        try:
            answer = fynn.http.request(**{name: value for name, value in parts.items() if name in SENT})
        except httpx.InvalidURL:
            reject()  # longer than the client sends
        assert answer.status_code < 500 or answer.status_code == 501, answer.text
        assert answer.headers["x-request-id"]

    run()
