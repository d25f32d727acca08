"""A paper as another account answers it: what of it is open, and its rows as services of ours take them. Pure.

Amounts there may have more decimals than the currency: they are rounded, once, each by itself. Rows whose rounded amounts do not add up to
the paper's sums are left out: the sums are what was billed, and the file says the rows.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple, cast

from contor.api.fastbill.names import is_given, said
from contor.api.fastbill.reading import day, number
from contor.kernel.money import HUNDRED, ZERO, round_amount

Content = Mapping[str, object]
_SETTLED: Final = frozenset({"paid", "canceled", "cancelled"})
_MOST_PLACES: Final = 4
"""Decimals of a percentage."""
_CANCELED: Final = frozenset({"canceled", "cancelled"})


class Sums(NamedTuple):
    """In the currency, to the cent."""

    net: Decimal
    tax: Decimal
    gross: Decimal


def amount_of(value: object) -> Decimal:
    """A number, a text of one, or one as Germans write it (`1.234,50`)."""
    if not is_given(value):
        return ZERO
    if isinstance(value, str) and "," in value:
        value = value.replace(".", "").replace(",", ".")
    return number(value)


def currency_of(content: Content) -> str:
    return _text(content, "CURRENCY_CODE").upper() or "EUR"


def sums_of(content: Content) -> Sums:
    currency = currency_of(content)
    net, tax = (round_amount(amount_of(said(content, tag)), currency) for tag in ("SUB_TOTAL", "VAT_TOTAL"))
    total = said(content, "TOTAL")
    return Sums(net, tax, round_amount(amount_of(total), currency) if is_given(total) else net + tax)


def open_of(content: Content) -> Decimal:
    """What of it is still to be paid: what it says is outstanding; else all of it, less its payments, unless it is paid or cancelled."""
    if is_given(said(content, "OUTSTANDING_AMOUNT")):
        return round_amount(amount_of(said(content, "OUTSTANDING_AMOUNT")), currency_of(content))
    if _text(content, "PAID_DATE") or _text(content, "IS_CANCELED") in ("1", "true", "True") or _state(content) in _SETTLED:
        return ZERO
    payments = said(content, "PAYMENTS")
    paid = [amount_of(said(one, "AMOUNT")) for one in payments] if isinstance(payments, list) else []
    return sums_of(content).gross - round_amount(sum(paid, ZERO), currency_of(content))


def settled_on(content: Content, today: dt.date) -> dt.date | None:
    """The day from which on nothing of it was open: that of its payment, else of its last change, else its own; None: something is."""
    if open_of(content):
        return None
    for tag in ("PAID_DATE", "LASTUPDATE", "INVOICE_DATE"):
        if text := _text(content, tag):
            return min(day(text), today)
    return today


def paper_of(content: Content, today: dt.date) -> dict[str, object]:
    """As revenue.create and expense.create take it."""
    sums, settled = sums_of(content), settled_on(content, today)
    made = {
        name: value for name, value in content.items() if name.upper() not in ("ITEMS", "PAID_DATE", "COMMENT", "COMMENT_", "NOTE")
    }
    note = "; ".join(part for part in (_text(content, "NOTE"), "canceled" if _state(content) in _CANCELED else "") if part)
    rows = _rows(content, sums)
    return {
        **made,
        "SUB_TOTAL": sums.net,
        "VAT_TOTAL": sums.tax,
        "NOTE": note or None,
        "PAID_DATE": settled.isoformat() if settled is not None else None,
        "ITEMS": rows,
    }


def rows_of(content: Content) -> list[dict[str, object]]:
    """As invoice.create and estimate.create take them: in the order that they have, each with a number of its own here."""
    return [
        {
            name.lower(): value
            for name, value in row.items()
            if name.upper()
            in ("ARTICLE_NUMBER", "DESCRIPTION", "QUANTITY", "UNIT", "UNIT_PRICE", "VAT_PERCENT", "CATEGORY", "SORT_ORDER")
            and is_given(value)
        }
        | {"is_gross": _is_gross(row, currency_of(content))}
        for row in items_of(content)
    ]


def discount_of(content: Content) -> Decimal | None:
    """Percent off the whole of an estimate: as it says; where it does not, the one with the fewest decimals by which its rows make its
    SUB_TOTAL to the cent. None: there is none."""
    for tag in ("DISCOUNT", "DISCOUNT_PERCENT"):
        if is_given(said(content, tag)):
            return amount_of(said(content, tag)) or None
    currency, net = currency_of(content), sums_of(content).net
    groups: dict[Decimal, Decimal] = {}
    for item in items_of(content):
        rate = amount_of(said(item, "VAT_PERCENT"))
        groups[rate] = groups.get(rate, ZERO) + round_amount(amount_of(said(item, "COMPLETE_NET")), currency)
    whole = sum(groups.values(), ZERO)
    if not is_given(said(content, "SUB_TOTAL")) or not 0 < net < whole:
        return None
    for places in range(_MOST_PLACES + 1):
        percent = (HUNDRED * (whole - net) / whole).quantize(Decimal(1).scaleb(-places))
        if whole - sum((round_amount(of * percent / HUNDRED, currency) for of in groups.values()), ZERO) == net:
            return percent
    return None


def items_of(content: Content) -> list[Content]:
    found = said(content, "ITEMS")
    return [cast(Content, one) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def word(content: Mapping[str, object], name: str) -> str:
    """What a tag says, as a text; empty where it says nothing."""
    value = said(content, name)
    return str(value).strip() if is_given(value) and not isinstance(value, (dict, list)) else ""


# helpers in calling order


def _state(content: Content) -> str:
    return (_text(content, "STATUS") or _text(content, "STATE")).lower()


def _text(content: Content, tag: str) -> str:
    value = said(content, tag)
    return str(value).strip() if is_given(value) else ""


def _rows(content: Content, sums: Sums) -> list[dict[str, object]]:
    currency = currency_of(content)
    made = []
    for row in items_of(content):
        net = round_amount(amount_of(said(row, "COMPLETE_NET")), currency)
        quantity, price = amount_of(said(row, "QUANTITY")), amount_of(said(row, "UNIT_PRICE"))
        one: dict[str, object] = {
            "description": _text(row, "DESCRIPTION"),
            "net_value": net,
            "vat_percent": amount_of(said(row, "VAT_PERCENT")),
            "vat_value": round_amount(amount_of(said(row, "VAT_VALUE")), currency),
            "article_number": _text(row, "ARTICLE_NUMBER"),
            "category": said(row, "CATEGORY"),
        }
        if quantity and round_amount(quantity * price, currency) == net:
            one |= {"quantity": quantity, "unit_price": price}
        made.append(one)
    adds_up = sum((amount_of(row["net_value"]) for row in made), ZERO) == sums.net
    return made if adds_up and sum((amount_of(row["vat_value"]) for row in made), ZERO) == sums.tax else []


def _is_gross(row: Content, currency: str) -> bool:
    """As it says; where it does not, whether its price makes its gross amount, and not its net one."""
    if is_given(said(row, "IS_GROSS")):
        return str(said(row, "IS_GROSS")) in ("1", "true", "True")
    made = round_amount(amount_of(said(row, "QUANTITY")) * amount_of(said(row, "UNIT_PRICE")), currency)
    net, gross = (round_amount(amount_of(said(row, tag)), currency) for tag in ("COMPLETE_NET", "COMPLETE_GROSS"))
    return made == gross != net
