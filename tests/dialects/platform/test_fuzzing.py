"""Whatever is sent to an operation of the platform, valid by its OpenAPI or not: an answer of the contract, never a crash."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, reject, settings
from schemathesis import GenerationMode
from tests.factories.tenants import Tenant

from contor.api.openapi import openapi
from contor.api.platform.routes import ROUTES
from contor.api.platform.voice import PLATFORM

SCHEMA = schemathesis.openapi.from_dict(openapi(PLATFORM, ROUTES))
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
SENT = ("method", "url", "params", "headers", "json", "data", "content", "cookies")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_crashes(tenant: Tenant, operation: Any) -> None:
    token = tenant.token()

    @given(
        case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    )
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None)
    def run(case: Any) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        parts = case.as_transport_kwargs(base_url="http://testserver")
        # any bytes can stand in a header, the client alone would take ASCII only
        parts["headers"] = {name: str(value).encode(errors="replace") for name, value in parts["headers"].items()}
        try:
            answer = tenant.http.request(**{name: value for name, value in parts.items() if name in SENT})
        except httpx.InvalidURL:
            reject()  # longer than the client sends
        assert answer.status_code < 500, answer.text
        assert answer.headers["x-request-id"]

    run()
