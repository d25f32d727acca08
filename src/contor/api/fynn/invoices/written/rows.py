"""A position that is sent, as a row of a draft. Pure."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from contor.api.fynn.invoices.shown import (
    DISCOUNT,
    EVERY,
    FIXED,
    GROUP,
    KIND,
    PARENT,
    PERCENT,
    PRODUCT,
    SOLD_AT,
    SOLD_FOR,
    SOLD_IN,
    SOLD_ON,
    SUBSCRIPTION_ITEM,
    TAX_GROUP,
    UNIT,
)
from contor.api.fynn.invoices.written.types import PositionData
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import HUNDRED, ZERO, round_amount, round_price, worded
from contor.kernel.partial import Content

ONE: Final = Decimal(1)
_UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("pc", "stück", "stk", "stk.", "st", "st.", "piece", "pieces", "pcs"), "PC"),
    **dict.fromkeys(("hour", "stunde", "stunden", "std", "std.", "h", "hours"), "HOUR"),
    **dict.fromkeys(("minute", "minuten", "min", "minutes"), "MINUTE"),
    **dict.fromkeys(("second", "sekunde", "sekunden", "seconds"), "SECOND"),
    **dict.fromkeys(("day", "tag", "tage", "days"), "DAY"),
    **dict.fromkeys(("week", "woche", "wochen", "weeks"), "WEEK"),
    **dict.fromkeys(("month", "monat", "monate", "months"), "MONTH"),
    **dict.fromkeys(("year", "jahr", "jahre", "years"), "YEAR"),
    "kwh": "KWH",
}


class Taxed(NamedTuple):
    """A tax group: the code of its rate, and whether it is of goods, which businesses abroad are billed otherwise than services."""

    ident: str
    code: str
    is_goods: bool = False


class Sold(NamedTuple):
    """A product, as far as a position that names it leaves things out."""

    ident: str
    number: str | None
    name: str
    description: str | None
    taxed: Taxed | None


class Converted(NamedTuple):
    """A rate by which a price in another currency becomes one of the invoice's."""

    rate: Decimal
    """Units of the invoice's currency for one of the other."""
    day: dt.date


class Around(NamedTuple):
    """What a row has from its invoice."""

    currency: str
    country: str
    """Where it is supplied."""
    rates: Mapping[str, Converted]
    """By currency."""
    products: Mapping[str, Sold]
    """By what positions name them."""
    tax_groups: Mapping[str, Taxed]
    """By what positions name them."""
    language: str = "de"


def row_of(data: PositionData, ident: str, path: str, around: Around, before: Content | None = None) -> Content:
    """The row. `ident`: its own; `path`: of the position, for findings; `before`: the row that it changes. Raises INVALID with every
    finding."""
    kept = before or {}
    said_before = {entry["key"]: entry["value"] for entry in kept.get("properties") or ()}
    sold = around.products.get(data.product or said_before.get(PRODUCT, ""))
    taxed = _taxed(data, sold, around)
    kind = data.type or said_before.get(KIND, "product")
    name = data.name or kept.get("name") or (sold.name if sold is not None else None) or _first_line(data.description)
    quantity = data.quantity if data.quantity is not None else Decimal(kept.get("quantity", 1))
    price, conversion, problems = _price(data, kept, around, path)
    if not name:
        problems.append(Problem("missing", "is required: what is billed", f"{path}name"))
    original = round_amount(quantity * abs(price), around.currency)
    discount, found = _discount(data, said_before, original, around.currency, path)
    problems += found
    period, wrong = _period(data, kept, path)
    problems += wrong
    if problems:
        raise Refused(Kind.INVALID, *problems)
    reduced, word = original - discount.amount, "Rabatt" if around.language.startswith("de") else "Discount"
    row: Content = {
        "ident": ident,
        "category": _category(taxed, kept),
        "name": name,
        "description": data.description if data.description is not None else kept.get("description"),
        "article_number": (sold.number if sold is not None else None) or kept.get("article_number"),
        "quantity": str(quantity),
        "quantity_type": _quantity_type(data.unit or said_before.get(UNIT), kept.get("quantity_type")),
        "prices": {
            "unit": {"net": str(abs(price))},
            "original_total": {"net": str(original)},
            "total": {"net": str(reduced)},
        },
        "tax_detail": {"calculation_basis": "NET", "taxes": _taxes(taxed, kept)},
        "performance_location": {"country": around.country},
        "properties": _properties(data, said_before, kind, discount, {**conversion, **_named(sold, taxed)}),
        **period,
    }
    if discount.amount:
        amount = {"net": str(-discount.amount)}
        row["extras"] = [{"ident": DISCOUNT, "name": discount.named(word), "total": amount, "type": "DISCOUNT"}]
    if (kind == "discount") != (price < ZERO):
        row["debit_credit_indicator"] = "CREDIT"
    return {key: value for key, value in row.items() if value not in (None, [])}


# helpers in calling order


def _first_line(text: str | None) -> str | None:
    return (text or "").strip().split("\n")[0].strip()[:255] or None


def _price(data: PositionData, kept: Content, around: Around, path: str) -> tuple[Decimal, Content, list[Problem]]:
    """The net price of one in the invoice's currency, signed; and by what rate it came about."""
    if data.unit_price is None:
        prices = (kept.get("prices") or {}).get("unit") or {}
        known = Decimal(prices.get("net") or prices.get("gross") or 0)
        is_discount = any(it["key"] == KIND and it["value"] == "discount" for it in kept.get("properties") or ())
        is_credit = kept.get("debit_credit_indicator") == "CREDIT"
        said = {it["key"]: it["value"] for it in kept.get("properties") or () if it["key"] in (SOLD_IN, SOLD_FOR, SOLD_AT, SOLD_ON)}
        return (-known if is_credit != is_discount else known), said, []
    currency = data.unit_price.currency_code or data.currency_code or around.currency
    amount = data.unit_price.in_units(currency)
    if currency == around.currency:
        return round_price(amount), {}, []
    converted = around.rates.get(currency)
    if converted is None:
        message = f"is in {currency}, and no exchange rate to {around.currency} is known: import it (contor exchange-rates import)"
        return ZERO, {}, [Problem("exchange_rate_missing", message, f"{path}unitPrice")]
    said = {
        SOLD_IN: currency,
        SOLD_FOR: f"{amount.normalize():f}",
        SOLD_AT: f"{converted.rate.normalize():f}",
        SOLD_ON: converted.day.isoformat(),
    }
    return round_price(amount * converted.rate), said, []


class _Discount(NamedTuple):
    amount: Decimal
    percent: Decimal | None = None
    fixed: Decimal | None = None

    def named(self, word: str) -> str:
        return word if self.percent is None else f"{word} {self.percent.normalize():f} %"


def _discount(
    data: PositionData, before: Mapping[str, str], original: Decimal, currency: str, path: str
) -> tuple[_Discount, list[Problem]]:
    percent, fixed = data.discount_percentage, data.fixed_discount_amount
    if percent is not None and fixed is not None:
        message = "is said beside a percentage: a position has one of the two"
        return _Discount(ZERO), [Problem("discount_ambiguous", message, f"{path}fixedDiscountAmount")]
    amount = fixed.in_units(currency) if fixed is not None else None
    if percent is None and amount is None:
        percent = Decimal(before[PERCENT]) if before.get(PERCENT) else None
        amount = Decimal(before[FIXED]) if before.get(FIXED) else None
    if fixed is not None and fixed.currency_code not in (None, currency):
        return _Discount(ZERO), [Problem("currency_differs", f"is in {currency}, as the invoice", f"{path}fixedDiscountAmount")]
    if percent is not None:
        return _Discount(round_amount(original * percent / HUNDRED, currency), percent=percent), []
    if amount is None or not amount:
        return _Discount(ZERO), []
    if amount < ZERO or amount > original or amount != round_amount(amount, currency):
        message = f"is between 0 and what the position costs: {worded(original, currency)}"
        return _Discount(ZERO), [Problem("discount_exceeds_position", message, f"{path}fixedDiscountAmount", amount)]
    return _Discount(amount, fixed=amount), []


def _period(data: PositionData, kept: Content, path: str) -> tuple[Content, list[Problem]]:
    known = kept.get("service_period") or {}
    first = data.service_date_from.isoformat() if data.service_date_from is not None else known.get("start")
    last = data.service_date_to.isoformat() if data.service_date_to is not None else known.get("end")
    begins, ends = str(first or last), str(last or first)
    if first is None and last is None:
        return {}, []
    if ends < begins:
        return {}, [Problem("period_reversed", "is before serviceDateFrom", f"{path}serviceDateTo", ends)]
    return {"service_period": {"start": begins, "end": ends}}, []


def _quantity_type(unit: str | None, kept: str | None) -> str:
    """What is counted, as the core names it; in other words than those that are known it is pieces, and the word is shown."""
    return _UNITS.get((unit or "").strip().lower(), "PC") if unit is not None else kept or "PC"


def _taxed(data: PositionData, sold: Sold | None, around: Around) -> Taxed | None:
    """The tax group that is named, else the product's; None: none is meant anew."""
    named = data.tax_group or data.tax_group_id
    if named is not None:
        return around.tax_groups[named]
    return sold.taxed if sold is not None and data.product is not None else None


def _category(taxed: Taxed | None, kept: Content) -> str:
    if taxed is None:
        return str(kept.get("category") or "SERVICE")
    return "PHYSICAL_PRODUCT" if taxed.is_goods else "SERVICE"


def _taxes(taxed: Taxed | None, kept: Content) -> list[Content]:
    """Only the code by which a rate is determined for the customer: what is issued bears what the law says."""
    before: list[Content] = (kept.get("tax_detail") or {}).get("taxes") or []
    return before if taxed is None and before else [{"code": taxed.code if taxed is not None else "STANDARD"}]


def _named(sold: Sold | None, taxed: Taxed | None) -> dict[str, str]:
    """By their idents in the core."""
    found = {} if sold is None else {PRODUCT: sold.ident}
    return found if taxed is None else {**found, TAX_GROUP: taxed.ident}


def _properties(
    data: PositionData, before: Mapping[str, str], kind: str, discount: _Discount, further: Mapping[str, str]
) -> list[Content]:
    wanted: dict[str, str | None] = {
        KIND: kind,
        PARENT: before.get(PARENT),
        GROUP: data.group or before.get(GROUP),
        EVERY: data.unit_price_interval or before.get(EVERY),
        UNIT: data.unit or before.get(UNIT),
        PERCENT: None if discount.percent is None else str(discount.percent),
        FIXED: None if discount.fixed is None else str(discount.fixed),
        TAX_GROUP: before.get(TAX_GROUP),
        PRODUCT: before.get(PRODUCT),
        SUBSCRIPTION_ITEM: data.subscription_item or before.get(SUBSCRIPTION_ITEM),
        **dict.fromkeys((SOLD_IN, SOLD_FOR, SOLD_AT, SOLD_ON)),
        **further,
    }
    others = [{"key": key, "value": value} for key, value in before.items() if key not in wanted]
    return [*others, *({"key": key, "value": value} for key, value in wanted.items() if value)]
