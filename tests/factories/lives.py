"""Contracts that are paused, on trial, ended and begun again, as a client of the platform API does it."""

from decimal import Decimal
from typing import Any

from tests.factories.contracts import CONTRACTS
from tests.factories.offices import Office

D = Decimal


def act(office: Office, action: str, body: Any = None, status: int = 200, ident: str = "v-1") -> Any:
    return office.call("POST", f"{CONTRACTS}/{ident}/actions/{action}", body, status)


def days(office: Office, *texts: str) -> None:
    """Bill on each of these days."""
    for text in texts:
        office.clock(f"{text}T10:00")
        office.bill()


def billed(office: Office, since: str = "2000-01-01") -> list[tuple[str, str, str, D]]:
    """What stands on documents, in the order in which it was issued: the document's date, first and last day of what was supplied, its
    net amount, negative where it is given back."""
    found = office.tenant.rows(
        "SELECT d.document_date::text AS on_day, i.content ->> 'service_start' AS starts,"
        " ((i.content ->> 'service_end')::date - 1)::text AS ends, CASE WHEN i.type = 'CREDIT' THEN -i.total ELSE i.total END AS net"
        " FROM billable_item i JOIN document d ON d.tenant_id = i.tenant_id AND d.id = i.document_id WHERE d.document_date >= %s"
        " ORDER BY d.id, i.item_id",
        (since,),
    )
    return [(row.on_day, row.starts, row.ends, row.net) for row in found]


def papers(office: Office) -> list[tuple[str, str, D]]:
    """The documents: date, type, net."""
    found = office.tenant.rows("SELECT document_date::text AS on_day, document_type, net FROM document ORDER BY id")
    return [(row.on_day, row.document_type, row.net) for row in found]
