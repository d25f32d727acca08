"""A real server on this machine that behaves as AvaTax does: it calculates by a table of rates, records by code, and fails when it is told
to."""

import base64
import dataclasses
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.factories.receivers import Received, Says, a_receiver

from contor.runtime.execute import Runtime

USER, PASSWORD, COMPANY = "2000001234", "key_hush", "ELBE"
CALIFORNIA = (("CA STATE TAX", "06", "0.06"), ("CA COUNTY TAX", "075", "0.0025"), ("CA SPECIAL TAX", "EMTN0", "0.02375"))
RATES: Mapping[str, tuple[tuple[str, str, str], ...]] = {"CA": CALIFORNIA, "NY": (("NY STATE TAX", "36", "0.04"),), "OR": ()}
"""By region: name, code of the jurisdiction, rate."""
CENT = Decimal("0.01")


@dataclass
class AvaTax:
    recorded: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By code: the last model, with its `status`."""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What happens to the next calls: `503`, `401`, `lost` (done, the answer does not come), `garbage`."""
    taxable: Decimal = Decimal(1)
    """The part of each row that is taxed."""
    port: int = 0

    def answer(self, request: Received) -> Says:
        body = json.loads(request.body, parse_float=Decimal)
        self.calls.append((request.path, body))
        fault = self.faults.pop(0) if self.faults else ""
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {token}" or fault == "401":
            return error(401, "AuthenticationException", "Authentication failed.")
        if fault == "503":
            return Says(503, b"unavailable")
        if fault == "garbage":
            return Says(200, b"<html>")
        says = self._done(request.path, body)
        return Says(502, b"") if fault == "lost" else says

    def _done(self, path: str, body: Any) -> Says:
        if path == "/api/v2/transactions/create":
            return self._calculated(body)
        if path == "/api/v2/transactions/createoradjust":
            model = body["createTransactionModel"]
            if model["addresses"]["shipTo"].get("postalCode") == "00000":
                return error(400, "InvalidAddress", "The address cannot be found.")
            self.recorded[model["code"]] = {**model, "status": "Committed" if model["commit"] else "Saved"}
            return says(201, {"code": model["code"], "status": "Committed"})
        code = path.split("/")[-2]
        if code not in self.recorded:
            return error(404, "EntityNotFoundError", "Document not found.")
        assert (path, body) == (f"/api/v2/companies/{COMPANY}/transactions/{code}/void", {"code": "DocVoided"})
        self.recorded[code]["status"] = "Cancelled"
        return says(200, {"code": code, "status": "Cancelled"})

    def _calculated(self, body: Any) -> Says:
        there = body["addresses"]["shipTo"]
        if there.get("postalCode") == "00000":
            return error(400, "InvalidAddress", "The address cannot be found.")
        rates = () if body.get("exemptionNo") else RATES.get(there.get("region", ""), ())
        lines = []
        for line in body["lines"]:
            whole = 1 + sum((Decimal(rate) for _, _, rate in rates), Decimal(0))
            amount = (
                (Decimal(line["amount"]) / whole).quantize(CENT, ROUND_HALF_UP) if line["taxIncluded"] else Decimal(line["amount"])
            )
            taxable = (amount * self.taxable).quantize(CENT, ROUND_HALF_UP)
            details = [
                {
                    "taxName": name,
                    "jurisCode": code,
                    "rate": Decimal(rate),
                    "taxableAmount": taxable,
                    "tax": (taxable * Decimal(rate)).quantize(CENT, ROUND_HALF_UP),
                }
                for name, code, rate in rates
            ]
            lines.append({"lineNumber": line["number"], "lineAmount": amount, "details": details})
        return says(201, {"status": "Temporary", "lines": lines})


def says(status: int, body: Any) -> Says:
    return Says(status, json.dumps(body, default=float).encode(), {"Content-Type": "application/json"})


def error(status: int, code: str, message: str) -> Says:
    return says(status, {"error": {"code": code, "message": message, "details": [{"code": code, "message": message}]}})


@contextmanager
def avatax(runtime: Runtime) -> Iterator[AvaTax]:
    """It is asked by this runtime as long as the block."""
    made, before = AvaTax(), runtime.config
    with a_receiver(made.answer) as receiver:
        made.port = receiver.port
        runtime.config = dataclasses.replace(before, avalara_url="http://127.0.0.1:9", avalara_sandbox_url=receiver.url(""))
        try:
            yield made
        finally:
            runtime.config = before
