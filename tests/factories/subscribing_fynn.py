"""Subscriptions as a client of the fynn API makes them."""

from decimal import Decimal
from typing import Any

from tests.factories.fynn import Fynn

D = Decimal


def a_product(fynn: Fynn, ident: str, amount: int | None = 3100, **more: Any) -> None:
    """A product and its price plan of the same name: a flat fee of 31.00 a month unless it is said otherwise."""
    product = {name: more.pop(name) for name in ("measurement",) if name in more}
    fynn.call("POST", "/catalogue/products", {"externalId": f"product-{ident}", "name": ident.capitalize(), **product})
    price = {} if amount is None else {"price": amount}
    body = {"product": f"product-{ident}", "externalId": ident, "type": "flat_fee", "billingInterval": "1M", **price, **more}
    fynn.call("POST", "/price-plans", body)


def a_subscription(fynn: Fynn, *price_plans: str, **more: Any) -> Any:
    body = {"customer": "muster-handel", "products": [{"pricePlan": one} for one in price_plans], **more}
    return fynn.call("POST", "/subscriptions", body)


def act(fynn: Fynn, number: str, action: str, body: Any = None, status: int | None = None) -> Any:
    return fynn.call("PUT", f"/subscriptions/{number}/{action}", body, status)


def run(fynn: Fynn, *days: str) -> None:
    """Bill on each of these days, and find all checks hold."""
    for day in days:
        fynn.turn(f"{day}T10:00:00")
        answer = fynn.tenant.call("POST", "/billingrun", {})
        assert answer.status < 300, answer.body
        assert (found := fynn.tenant.unsound()) == [], found


def billed(fynn: Fynn) -> list[tuple[str, str, str, D]]:
    """What stands on documents: the document's date, first and last day of what was supplied, its net amount."""
    found = fynn.tenant.rows(
        "SELECT d.document_date::text AS on_day, i.content ->> 'service_start' AS starts,"
        " ((i.content ->> 'service_end')::date - 1)::text AS ends, CASE WHEN i.type = 'CREDIT' THEN -i.total ELSE i.total END AS net"
        " FROM billable_item i JOIN document d ON d.tenant_id = i.tenant_id AND d.id = i.document_id ORDER BY d.id, i.item_id"
    )
    return [(row.on_day, row.starts, row.ends, row.net) for row in found]


def papers(fynn: Fynn) -> list[tuple[str, str, D]]:
    found = fynn.tenant.rows("SELECT document_date::text AS on_day, document_type, net FROM document ORDER BY id")
    return [(row.on_day, row.document_type, row.net) for row in found]
