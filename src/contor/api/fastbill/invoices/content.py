"""DATA of an invoice as the content of a draft, and the words that it keeps of it.

What FastBill says in words of its own stands in properties: those that the core knows are printed, searched or written into the e-invoice;
the others are answered again.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from contor.api.fastbill.invoices.rows import DRAWN, Around, Article, drawn_of, in_order, plain_text, row, row_number
from contor.api.fastbill.invoices.types import InvoiceWords, ItemData
from contor.api.fastbill.invoices.vat import CASE, INTRA_COMMUNITY, Where
from contor.customers.billed import Billed
from contor.documents.papers import EXTERNAL, INTRODUCTION, NOTE, PROJECT, SUPPLIED, TITLE, in_parts
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.partial import Content

COST_CENTRE: Final = "customerCostCentre"
TEXTS: Final[Mapping[str, str]] = {
    "invoice_title": TITLE,
    "introtext": INTRODUCTION,
    "note": NOTE,
    "delivery_date": SUPPLIED,
    "invoice_ext_uid": EXTERNAL,
    "contract_reference": "contractReference",
    "customer_order_reference": "purchaseOrderReference",
    "order_reference": "salesOrderReference",
    "customer_accounting_note": "buyerAccountingReference",
    "customer_costcenter_id": COST_CENTRE,
    "vat_case": CASE,
}
"""Tag -> property: BT-12, BT-13, BT-14 and BT-19 of the e-invoice among them."""
PAYMENT_TYPES: Final[Mapping[int, str]] = {
    1: "BANK_TRANSFER",
    2: "SEPA_DIRECT_DEBIT",
    3: "CASH",
    4: "PAYPAL",
    5: "PREPAYMENT",
    6: "CREDIT_CARD",
}
COLLECTED: Final = frozenset({2, 4, 6})
"""Payment types by which the money is taken from what the customer left."""
_MONTHS: Final = {
    **{
        name: number
        for number, name in enumerate(["jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"], 1)
    },
    **{
        name: number
        for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
    },
    "mrz": 3,
}
_DAY = r"(\d{1,2})\.(\d{1,2})\.(\d{4})"
_ISO = r"(\d{4})-(\d{2})-(\d{2})"
_SPAN = re.compile(
    rf"(?:{_ISO}|{_DAY})(?:\s*(?:-|–|bis|to)\s*(?:{_ISO}|{_DAY}))?(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}})?)?", re.IGNORECASE
)
_MONTH = re.compile(r"(?:([a-zä]{3,9})\.?\s+(\d{4})|(\d{1,2})[./](\d{4}))", re.IGNORECASE)


class Basis(NamedTuple):
    """All that a draft is made of beside what is sent."""

    customer: Billed
    group: str
    where: Where
    articles: Mapping[str, Article]
    paper: int
    """The number of the draft."""
    numbers: Iterator[int]
    """For new rows."""
    contact_address: str | None = None
    site: str | None = None
    """The operating site that the template is."""
    project: str | None = None
    days_for_payment: int | None = None
    """The customer's own, where nothing is said."""
    payment_type: int | None = None


def content(data: InvoiceWords, basis: Basis, before: Content | None = None, *, delete_items: bool = False) -> Content:
    """The whole content of the draft, of which `before` is what it said. Raises INVALID with every finding."""
    known = before or {}
    made: Content = {
        **known,
        "billing_group_ident": known.get("billing_group_ident") or basis.group,
        "currency": data.currency_code or known.get("currency") or basis.customer.currency or "EUR",
        "language": known.get("language") or basis.customer.language or "de",
        "customer_detail": _customer(basis, known),
        "properties": _properties(data, basis, known),
    }
    if (date := getattr(data, "invoice_date", None)) is not None:
        made["document_date"] = date.isoformat()
    if basis.site is not None:
        made["operating_site_ident"] = basis.site
    _terms(data, basis, made)
    _items(data, basis, made, properties_of(known), delete_items=delete_items)
    return {key: value for key, value in made.items() if value not in (None, [], {})}


def properties_of(content: Content) -> dict[str, str]:
    """The first of each key."""
    found: dict[str, str] = {}
    for entry in content.get("properties") or ():
        found.setdefault(entry["key"], entry["value"])
    return found


def times_of(text: str | None, start: dt.date | None, end: dt.date | None) -> Content:
    """When the rows are supplied: the period that is said, else what the text of the delivery date says of a day, a month or a span;
    nothing where it says that in other words."""
    if start is not None or end is not None:
        first, last = start or end, end or start
        if first is not None and last is not None and last < first:
            raise Refused(Kind.INVALID, Problem("period_reversed", "is before SERVICE_PERIOD_START", "SERVICE_PERIOD_END", last))
        return _period(first, last)
    found = _days_in(text.strip()) if text else None
    return {} if found is None else _period(*found) if found[0] != found[1] else {"delivery_date": found[0].isoformat()}


# helpers in calling order


def _customer(basis: Basis, known: Content) -> Content:
    who, before = basis.customer, known.get("customer_detail") or {}
    same = before.get("customer_ident") == who.customer_ident
    address = basis.contact_address or (before.get("invoice_address_ident") if same else None) or who.invoice_address_ident
    address = address or who.shipping_address_ident
    if address is None:
        message = "has no address: an invoice names the one of its recipient (section 14 (4) no. 1 UStG)"
        raise Refused(Kind.INVALID, Problem("address_missing", message, "CUSTOMER_ID", who.id))
    found = {"customer_ident": who.customer_ident, "invoice_address_ident": address}
    return {**found, "shipping_address_ident": who.shipping_address_ident} if who.shipping_address_ident else found


def _properties(data: InvoiceWords, basis: Basis, known: Content) -> list[Content]:
    said: dict[str, str | None] = {key: text for tag, key in TEXTS.items() if (text := getattr(data, tag, None)) is not None}
    if data.eu_delivery is not None and data.vat_case is None:
        said[CASE] = INTRA_COMMUNITY if data.eu_delivery else None
    if basis.project is not None:
        said[PROJECT] = basis.project
    for key in (INTRODUCTION, NOTE):
        if (text := said.get(key)) is not None:
            said[key] = plain_text(text).strip()
    kept = [entry for entry in known.get("properties") or () if entry["key"].partition(".")[0] not in said]
    new = [{"key": it.key, "value": it.value} for key, text in said.items() for it in in_parts(key, text)]
    return [*kept, *new]


def _terms(data: InvoiceWords, basis: Basis, made: Content) -> None:
    before = made.get("payment_term") or {}
    days = data.days_for_payment if data.days_for_payment is not None else before.get("period_in_days", basis.days_for_payment)
    offered: Content = next(iter(before.get("cash_discount") or ()), {})
    percent = data.cash_discount_percent if data.cash_discount_percent is not None else offered.get("percentage")
    within = data.cash_discount_days if data.cash_discount_days is not None else offered.get("days")
    if percent and within is None:
        raise _lacking("CASH_DISCOUNT_DAYS", "CASH_DISCOUNT_PERCENT")
    if within and percent is None:
        raise _lacking("CASH_DISCOUNT_PERCENT", "CASH_DISCOUNT_DAYS")
    term: Content = {} if days is None else {"period_in_days": days}
    if percent:
        term["cash_discount"] = [{"days": within, "percentage": str(percent)}]
    made["payment_term"] = term or None
    kind = data.payment_type or (basis.payment_type if "payment_information" not in made else None)
    if kind is not None:
        made["payment_information"] = {**(made.get("payment_information") or {}), "payment_type": PAYMENT_TYPES[kind]}
        made["payment_collection"] = {"collect": kind in COLLECTED}


def _lacking(tag: str, beside: str) -> Refused:
    return Refused(Kind.INVALID, Problem("cash_discount_incomplete", f"is required beside {beside}", tag))


def _items(data: InvoiceWords, basis: Basis, made: Content, before: Mapping[str, str], *, delete_items: bool) -> None:
    rows: list[Content] = [] if delete_items else list(made.get("items") or ())
    said = properties_of(made)
    first: Content = next(iter(made.get("items") or ()), {})
    times = times_of(data.delivery_date, data.service_period_start, data.service_period_end)
    is_timed = bool(times) or data.delivery_date is not None
    if is_timed:
        rows = [{**{k: v for k, v in it.items() if k not in ("service_period", "delivery_date")}, **times} for it in rows]
    else:
        times = _times(first)
    around = Around(made["currency"], bool(data.is_gross), said.get(CASE), basis.where, times, said.get(COST_CENTRE))
    rows = _said_anew(rows, around, before)
    places = {row_number(basis.paper, place, it["ident"]): place - 1 for place, it in enumerate(rows, 1)}
    problems: list[Problem] = []
    for place, item in enumerate(data.items or ()):
        known = places.get(item.invoice_item_id or 0)
        article = basis.articles.get(item.article_number or "")
        try:
            if known is not None:
                own = around if is_timed else around._replace(times=_times(rows[known]))
                rows[known] = row(item, rows[known]["ident"], place, own, article, rows[known])
            else:
                rows.append(row(item, str(next(basis.numbers)), place, around, article))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(Kind.INVALID, *problems)
    made["items"] = in_order(rows)
    kept = [entry for entry in made["properties"] if entry["key"] != DRAWN]
    made["properties"] = [*kept, {"key": DRAWN, "value": drawn_of(basis.numbers)}]


def _said_anew(rows: Sequence[Content], around: Around, before: Mapping[str, str]) -> list[Content]:
    """With their taxes and places, where the case or the customer is another one than before."""
    placed = {(it.get("performance_location") or {}).get("country") for it in rows} <= {around.where.place}
    if placed and before.get(CASE) == around.case:
        return list(rows)
    return [row(ItemData(), it["ident"], place, around._replace(times=_times(it)), None, it) for place, it in enumerate(rows)]


def _times(item: Content) -> Content:
    """When a row is supplied."""
    return {key: item[key] for key in ("service_period", "delivery_date") if key in item}


def _period(first: dt.date | None, last: dt.date | None) -> Content:
    if first is None or last is None:
        return {}
    return {"service_period": {"start": first.isoformat(), "end": last.isoformat()}}


def _days_in(text: str) -> tuple[dt.date, dt.date] | None:
    try:
        if found := _SPAN.fullmatch(text):
            first = _date(found.groups()[:6])
            last = _date(found.groups()[6:12]) if any(found.groups()[6:12]) else first
            return (first, last) if last >= first else None
        if found := _MONTH.fullmatch(text):
            month = _MONTHS[found[1][:3].lower()] if found[1] else int(found[3])
            year = int(found[2] or found[4])
            return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    except (ValueError, KeyError, calendar.IllegalMonthError):
        pass
    return None


def _date(parts: Sequence[str | None]) -> dt.date:
    year, month, day = (parts[0], parts[1], parts[2]) if parts[0] else (parts[5], parts[4], parts[3])
    return dt.date(int(year or 0), int(month or 0), int(day or 0))
