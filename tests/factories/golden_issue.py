"""Issue the golden documents, and what each of them is: request, stored snapshot, answer, and both XML."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from isal import isal_zlib
from tests.factories.golden_company import GoldenCompany
from tests.factories.golden_papers import LAID_OUT, PAID, PAPERS, SENT

from contor.documents.einvoice import cii_of, ubl_of, why_no_xml
from contor.documents.queries import frozen
from contor.runtime.db import ENCODER


@dataclass(frozen=True)
class Golden:
    """A document as a golden file keeps it: every text as it is sent and stored, only with line breaks."""

    requested: bytes
    """The body that was sent."""
    waiting: bytes
    """The request as it waits to be issued."""
    frozen: bytes
    answered: bytes
    cii: bytes | None
    ubl: bytes | None


def issue_all(company: GoldenCompany, issue: Callable[[str, dict[str, Any]], str] | None = None) -> dict[str, Golden]:
    """All golden documents by name, issued in their order. `issue`: (path, body) -> number; by default through the API."""
    numbers: dict[str, str] = {}
    bodies: dict[str, dict[str, Any]] = {}
    for path, body in PAPERS:
        name = body["requestId"]
        bodies[name] = msgspec.json.decode(numbered(ENCODER.encode(body), numbers))
        with company.laid_out(name in LAID_OUT):
            numbers[name] = (issue or company.issue)(path, bodies[name])
        if name in PAID:
            company.receive(numbers[name], PAID[name], SENT.get(name))
    return {name: golden(company, bodies[name], number) for name, number in numbers.items()}


def numbered(body: bytes, numbers: dict[str, str]) -> bytes:
    """The body with the numbers of documents that it refers to by their names."""
    return re.sub(rb'"\{([a-z-]+)\}"', lambda found: f'"{numbers[found[1].decode()]}"'.encode(), body)


def _unsealed(frozen: bytes) -> bytes:
    """A sealed account is other bytes each time it is kept."""
    return re.sub(rb'("(?:iban|key)":)"[^"]*"(?=[^{}]*"shown":)', rb'\1"sealed"', frozen)


def golden(company: GoldenCompany, body: dict[str, Any], number: str) -> Golden:
    (row,) = company.tenant.rows(
        "SELECT d.id, c.snapshot, r.payload FROM document d JOIN document_content c ON c.document_id = d.id"
        " JOIN document_request r ON r.request_id = d.request_id WHERE d.request_id = %s",
        (body["requestId"],),
    )
    document = frozen(number, row.snapshot)
    impossible = why_no_xml(document)
    return Golden(
        requested=ENCODER.encode(body),
        waiting=isal_zlib.decompress(row.payload),
        frozen=_unsealed(isal_zlib.decompress(row.snapshot)),
        # the id is another one in every database
        answered=ENCODER.encode({**company.call("GET", f"/documents/{row.id}"), "documentId": 1}),
        cii=None if impossible else cii_of(document),
        ubl=None if impossible else ubl_of(document),
    )
