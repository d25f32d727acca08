"""An issued paper of another account of which something is open, as it is carried forward here."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from contor.api.fastbill.names import is_given, said
from contor.api.fastbill.reading import day
from contor.api.fastbill.taking.foreign import Content, amount_of, currency_of, open_of, paper_of, sums_of, word
from contor.documents.papers import EXTERNAL
from contor.kernel.money import HUNDRED, ZERO, round_amount

_LONGEST, _MOST_ROWS = 255, 100
_USUAL = (Decimal(19), Decimal(7), Decimal(16), Decimal(5))


def claim_of(content: Content, customer_ident: str, today: dt.date) -> dict[str, object]:
    """The body of the claim (`OpeningClaimBody`). Amounts of a credit are below zero there, and above here."""
    sums = sums_of(content)
    sign = -1 if sums.gross < 0 else 1
    dated = min(day(word(content, "INVOICE_DATE")), today)
    due = _day(content, "DUE_DATE") or dated + dt.timedelta(days=int(amount_of(said(content, "DAYS_FOR_PAYMENT"))))
    start, end = _day(content, "SERVICE_PERIOD_START"), _day(content, "SERVICE_PERIOD_END")
    external = word(content, "INVOICE_EXT_UID")
    body: dict[str, object] = {
        "number": word(content, "INVOICE_NUMBER") or word(content, "INVOICE_ID"),
        "type": "CREDIT_MEMO" if sign < 0 else "INVOICE",
        "customer_ident": customer_ident,
        "document_date": dated,
        "due_date": max(due, dated),
        "currency": currency_of(content),
        "paid": sign * (sums.gross - open_of(content)),
        "rows": [_signed(row, sign) for row in _rows(content, today)],
        "title": word(content, "INVOICE_TITLE")[:_LONGEST],
        "note": word(content, "NOTE")[:_LONGEST],
        "properties": [{"key": EXTERNAL, "value": external[:_LONGEST]}] if external else None,
    }
    if start is not None and end is not None and start <= end:
        body |= {"service_start": start, "service_end": end}
    return {name: value for name, value in body.items() if value not in (None, "")}


def is_open(content: Content) -> bool:
    """Whether something of an issued paper is to be paid, by the customer or to him."""
    gross, left = sums_of(content).gross, open_of(content)
    return bool(left) and (left > 0) is (gross > 0) and bool(word(content, "INVOICE_DATE"))


# helpers in calling order


def _day(content: Content, tag: str) -> dt.date | None:
    text = word(content, tag)
    return day(text) if text and not text.startswith("0000") else None


def _rows(content: Content, today: dt.date) -> Iterator[dict[str, object]]:
    """Its own, as far as they add up to its sums; else what it says of each rate; else its sums, at the rate that makes them."""
    rows = paper_of(content, today)["ITEMS"]
    if isinstance(rows, list) and 0 < len(rows) <= _MOST_ROWS:
        for row in rows:
            made = {"description": str(row["description"] or "-")[:_LONGEST], "net": row["net_value"], "vat": row["vat_value"]}
            made |= {"vat_rate": row["vat_percent"], "article_number": str(row["article_number"])[:_LONGEST] or None}
            yield made | ({"quantity": row["quantity"], "unit_price": row["unit_price"]} if "unit_price" in row else {})
        return
    sums, currency = sums_of(content), currency_of(content)
    yield {"description": word(content, "INVOICE_TITLE")[:_LONGEST] or "-", "net": sums.net, "vat": sums.tax} | {
        "vat_rate": _rate(sums.net, sums.tax, currency)
    }


def _rate(net: Decimal, tax: Decimal, currency: str) -> Decimal:
    if not tax or not net:
        return ZERO
    fitting = [rate for rate in _USUAL if round_amount(net * rate / HUNDRED, currency) == tax]
    return fitting[0] if fitting else round(tax * HUNDRED / net, 4)


def _signed(row: dict[str, object], sign: int) -> dict[str, object]:
    turned = {name: sign * amount_of(row[name]) for name in ("net", "vat", "unit_price") if is_given(row.get(name))}
    return {name: value for name, value in {**row, **turned}.items() if value is not None}
