"""Credits of rows that someone writes by hand, beside what billing takes back."""

from typing import Any

from tests.factories.offices import Office

from contor.documents.issue import worker


def by_hand(
    office: Office, *amounts: tuple[int, str], of: str | None = None, kind: str = "credit-memos", basis: str = "net"
) -> str:
    """A credit memo of amounts of rows, each by its place."""
    number = of or str(office.tenant.rows("SELECT min(ident) AS ident FROM document WHERE document_type = 'INVOICE'")[0].ident)
    rows = office.call("GET", f"/v2/documents/{number}")["items"]
    items = [
        {
            "ident": f"m-{place}",
            "referenceIdent": rows[place]["ident"],
            "category": "SERVICE",
            "name": "Goodwill",
            "quantity": 1,
            "quantityType": "PC",
            "prices": {"unit": {basis: net}, "originalTotal": {basis: net}, "total": {basis: net}},
            "taxDetail": {"calculationBasis": basis.upper(), "taxes": [_tax(rows[place])]},
            "performanceLocation": {"country": "DE"},
        }
        for place, net in amounts
    ]
    known = len(office.documents())
    body = {
        "requestId": f"hand-{known}",
        "billingGroupIdent": "external",
        "currency": "EUR",
        "language": "de",
        "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
        "items": items,
        "paymentCollection": {"collect": False},
        "relatedDocumentIdent": number,
    }
    office.call("POST", f"/v2/documents/{kind}", body, 202)
    worker.drain(office.tenant.runtime, office.tenant.id)
    made = office.call("GET", f"/v2/documents/requests/hand-{known}")
    assert made["status"] == "COMPLETED", made
    return str(made["documentIdent"])


def _tax(row: Any) -> dict[str, Any]:
    (tax,) = row["taxDetail"]["taxes"]
    return {name: tax[name] for name in ("rate", "categoryCode")}
