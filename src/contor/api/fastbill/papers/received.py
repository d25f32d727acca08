"""Expenses and revenues on the wire: what is sent in the core's words, and what is answered. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contor.api.fastbill.papers.types import PaperFields, PaperItem
from contor.api.fastbill.writing import NO_TIME, Fields, day, identifier, moment, plain, price, words
from contor.kernel.money import ZERO, round_amount
from contor.kernel.shapes import Fields as Row

CORE = {
    "supplier": "ORGANIZATION",
    "customer_ident": "CUSTOMER_ID",
    "project_ident": "PROJECT_ID",
    "number": "INVOICE_NUMBER",
    "date": "INVOICE_DATE",
    "net": "SUB_TOTAL",
    "tax": "VAT_TOTAL",
    "rows": "ITEMS",
    "currency": "CURRENCY_CODE",
    "service_start": "SERVICE_PERIOD_START",
    "service_end": "SERVICE_PERIOD_END",
    "paid_on": "PAID_DATE",
    "title": "INVOICE_TITLE",
    "vat_rate": "VAT_PERCENT",
    "vat": "VAT_VALUE",
    "file": "DOCUMENT",
}
"""Field of the core -> tag."""
_ROWS = 1_000
"""Numbers of rows for each paper: which paper a row is of can be read off its number."""
_ONE = Decimal(1)


def paper_body(data: PaperFields) -> dict[str, object]:
    """Amounts are those of the currency: clients send numbers with more decimals than there are cents."""
    currency = data.currency_code or "EUR"

    def amount(value: Decimal | None) -> Decimal | None:
        return None if value is None else round_amount(value, currency)

    said = {
        "number": data.invoice_number,
        "date": data.invoice_date,
        "due_date": data.due_date,
        "service_start": data.service_period_start,
        "service_end": data.service_period_end,
        "comment": data.comment,
        "currency": currency,
        "net": amount(data.sub_total),
        "tax": amount(data.vat_total),
        "rows": [_row(item, currency) for item in data.items],
        "paid_on": data.paid_date,
    }
    return {name: value for name, value in said.items() if value is not None}


def category_of(value: object) -> str | None:
    """A text, or a list of texts."""
    parts: Sequence[object] = value if isinstance(value, (list, tuple)) else [value]
    return ", ".join(str(part) for part in parts if isinstance(part, (str, int)) and not isinstance(part, bool))[:64] or None


def _row(item: PaperItem, currency: str) -> dict[str, object]:
    quantity = _ONE if item.quantity is None else item.quantity
    net = item.net_value if item.net_value is not None else quantity * (item.unit_price or ZERO)
    said = {
        "description": (item.description or "-")[:255],
        "net": round_amount(net, currency),
        "vat_rate": item.vat_percent,
        "vat": None if item.vat_value is None else round_amount(item.vat_value, currency),
        "quantity": quantity,
        "unit_price": item.unit_price,
        "category": category_of(item.category),
        "article_number": item.article_number,
    }
    return {name: value for name, value in said.items() if value is not None}


def paper_answer(row: Row, number: int, url: str) -> Fields:
    """What expenses and revenues have alike. `number`: the paper's."""
    rows = [_item(one, number, place, row["currency"]) for place, one in enumerate(row["rows"], 1)]
    return {
        "invoice_id": identifier(number),
        "invoice_number": words(row["number"]),
        "invoice_date": day(row["date"]),
        "due_date": moment(row["due_date"], NO_TIME),
        "service_period_start": day(row["service_start"]),
        "service_period_end": day(row["service_end"]),
        "paid_date": moment(row["paid_on"], NO_TIME),
        "currency_code": row["currency"],
        "note": words(row["comment"]),
        "comments": [],
        "sub_total": plain(row["net"]),
        "vat_total": plain(row["tax"]),
        "vat_items": _vat_items(row["rows"]),
        "items": rows,
        "total": plain(row["gross"]),
        "document_url": url,
    }


def _item(row: Mapping[str, object], paper: int, place: int, currency: str) -> Fields:
    net, vat = Decimal(str(row["net"])), Decimal(str(row.get("vat") or 0))
    quantity = Decimal(str(row.get("quantity") or 1))
    said = row.get("unit_price")
    return {
        "invoice_item_id": paper * _ROWS + place,
        "article_number": words(_text(row.get("article_number"))),
        "description": str(row["description"]),
        "quantity": price(quantity),
        "unit_price": price(Decimal(str(said)) if said is not None else net),
        "vat_percent": price(Decimal(str(row.get("vat_rate") or 0))),
        "vat_value": plain(vat),
        "net_value": plain(net),
        "complete_net": plain(net),
        "complete_gross": plain(net + vat),
        "currency_code": currency,
        "category": [row["category"]] if row.get("category") else None,
        "sort_order": place,
    }


def _vat_items(rows: Sequence[Mapping[str, object]]) -> list[Fields]:
    """Net and VAT of each rate."""
    sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for row in rows:
        rate = Decimal(str(row.get("vat_rate") or 0))
        net, vat = sums.get(rate, (ZERO, ZERO))
        sums[rate] = net + Decimal(str(row["net"])), vat + Decimal(str(row.get("vat") or 0))
    return [
        {"vat_percent": price(rate), "complete_net": plain(net), "vat_value": plain(vat)}
        for rate, (net, vat) in sorted(sums.items())
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
