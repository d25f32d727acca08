"""Drafts as a client of the platform API writes them, and random ones."""

import threading
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st
from starlette.testclient import TestClient

from contor.runtime.db import ENCODER

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
PARTIES: dict[str, Any] = {
    "billingGroupIdent": "external",
    "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
}


def a_row(ident: str = "i-1", amount: str = "100.00", rate: int = 19, basis: str = "NET", **more: Any) -> dict[str, Any]:
    """A row of one piece at `amount` on the agreed side."""
    side = {basis.lower(): amount}
    return {
        "ident": ident,
        "category": "SERVICE",
        "name": f"Work {ident}",
        "quantity": 1,
        "quantityType": "PC",
        "prices": {"unit": side, "originalTotal": side, "total": side},
        "performanceLocation": {"country": "DE"},
        "taxDetail": {"calculationBasis": basis, "taxes": [{"rate": rate, "categoryCode": "S" if rate else "Z"}]},
        **more,
    }


def a_body(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A draft of an invoice that can be completed as it stands."""
    return {"type": "INVOICE", "currency": "EUR", **PARTIES, "items": list(rows) or [a_row()], **more}


class Writer:
    """Somebody who writes drafts."""

    def __init__(self, client: TestClient, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        content = None if body is None else ENCODER.encode(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.request(method, f"/v2{path}", content=content, headers={**self.headers, **named})
        return answer.status_code, _DECODER.decode(answer.content) if answer.content else None

    def call(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        given, answer = self.send(method, path, body, **headers)
        assert given == status, answer
        return answer

    def create(self, ident: str = "d-1", **body: Any) -> Any:
        return self.call("POST", "/drafts", {"draftIdent": ident, "type": "INVOICE", **body}, 201)

    def preview(self, ident: str = "d-1") -> Any:
        return self.call("GET", f"/drafts/{ident}/preview")

    def complete(self, ident: str = "d-1", status: int = 200, **headers: str) -> Any:
        return self.call("POST", f"/drafts/{ident}/actions/complete", None, status, **headers)

    def document(self, ident: str = "d-1") -> Any:
        """The document that a draft has become."""
        return self.call("GET", f"/documents/{self.call('GET', f'/drafts/{ident}')['documentIdent']}")


def findings(answer: Any) -> list[tuple[str | None, str]]:
    """What a refusal or a preview finds: where and what."""
    return [(entry.get("fieldName"), entry["error"]) for entry in answer.get("errors", answer.get("findings"))]


def at_once(actions: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each action answers when all begin at the same moment."""
    answers: list[Any] = [None] * len(actions)
    ready = threading.Barrier(len(actions))

    def run(place: int) -> None:
        ready.wait()
        answers[place] = actions[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


_CENTS = st.integers(1, 500_000).map(lambda value: Decimal(value) / 100)


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Drafts of invoices with rows of both bases and signs, quantities, extras, allowances, charges and rounding."""
    basis = {rate: draw(st.sampled_from(("NET", "GROSS"))) for rate in (19, 7, 0)}
    rows = [_row(draw, place, basis) for place in range(draw(st.integers(1, 6)))]
    kinds = draw(st.lists(st.sampled_from(("ALLOWANCE", "CHARGE")), max_size=2))
    allowances = [
        {"ident": f"d-{place}", "type": kind, "name": "Rabatt", "percentage": draw(st.integers(1, 3000).map(Decimal)) / 100}
        for place, kind in enumerate(kinds)
    ]
    return a_body(
        *rows, allowancesCharges=allowances, rounding=draw(st.sampled_from((Decimal(0), Decimal("0.01"), Decimal("-0.01"))))
    )


def _row(draw: st.DrawFn, place: int, basis: dict[int, str]) -> dict[str, Any]:
    rate = draw(st.sampled_from((19, 7, 0)))
    side = basis[rate].lower()
    price, quantity = draw(_CENTS), draw(st.integers(1, 9))
    original = price * quantity
    off = Decimal(draw(st.integers(0, int(original * 100)))) / 100
    row = a_row(f"i-{place}", "0", rate, basis[rate], quantity=quantity)
    row["prices"] = {"unit": {side: price}, "originalTotal": {side: original}, "total": {side: original - off}}
    if off:
        row["extras"] = [{"ident": "x", "name": "Nachlass", "total": {side: -off}}]
    if draw(st.integers(0, 4)) == 0:
        row["debitCreditIndicator"] = "CREDIT"
    return row
