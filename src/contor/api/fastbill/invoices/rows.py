"""A row of FastBill as a row of a draft, and the texts of its description. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import count
from typing import Final, NamedTuple

from contor.api.fastbill.invoices.types import ItemData
from contor.api.fastbill.invoices.vat import GOODS, PERCENT, Where, said
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, round_amount, round_price
from contor.kernel.partial import Content

UNIT, CATEGORY, SORT, COST_CENTRE = "unitText", "categoryText", "sortOrder", "costCentre"
"""Properties of a row: what a client said that has no other place."""
DRAWN: Final = "rowsDrawn"
"""Property of an invoice: how many rows it has had, so that no number is given anew."""
LONGEST_NAME: Final = 255
ONE: Final = Decimal(1)
_ROWS: Final = 10_000
"""Numbers of rows for each invoice."""
_OF_PLACES: Final = 9_000
"""From here on the places of rows that have no number of their own."""
_BREAK: Final = re.compile(r"\r\n|\r|<br\s*/?>", re.IGNORECASE)
_UNITS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("stück", "stk", "stk.", "st", "st.", "piece", "pieces", "pc", "pcs", "x", "mal"), "PC"),
    **dict.fromkeys(("stunde", "stunden", "std", "std.", "h", "hour", "hours"), "HOUR"),
    **dict.fromkeys(("minute", "minuten", "min", "min.", "minutes"), "MINUTE"),
    **dict.fromkeys(("tag", "tage", "day", "days"), "DAY"),
    **dict.fromkeys(("woche", "wochen", "week", "weeks"), "WEEK"),
    **dict.fromkeys(("monat", "monate", "mon", "month", "months"), "MONTH"),
    **dict.fromkeys(("jahr", "jahre", "year", "years"), "YEAR"),
    **dict.fromkeys(("kwh",), "KWH"),
}
SHOWN_UNITS: Final[Mapping[str, str]] = {
    "HOUR": "Stunde",
    "MINUTE": "Minute",
    "DAY": "Tag",
    "WEEK": "Woche",
    "MONTH": "Monat",
    "YEAR": "Jahr",
    "KWH": "kWh",
}
"""What a row of another making is counted in, as FastBill's clients read it."""


class Around(NamedTuple):
    """What a row has from its invoice."""

    currency: str
    is_gross: bool
    case: str | None
    where: Where
    times: Content
    """When it is supplied, as far as the invoice says it."""
    cost_centre: str | None


class Article(NamedTuple):
    """What an article says of its rows."""

    number: str
    title: str
    description: str | None
    unit: str | None
    unit_price: Decimal | None
    vat_percent: Decimal | None
    is_gross: bool
    is_goods: bool


def row_numbers(paper: int, before: Content | None) -> Iterator[int]:
    """For new rows of the invoice of this number: which invoice a row is of can be read off its number."""
    drawn = next((entry["value"] for entry in (before or {}).get("properties") or () if entry["key"] == DRAWN), "0")
    return count(paper * _ROWS + int(drawn) + 1)


def row_number(paper: int, place: int, ident: str) -> int:
    """The number of a row: its own, or, of a row of another making, by its place in the invoice."""
    if ident.isdecimal() and len(ident) < 19 and paper_of_row(int(ident)) == paper:
        return int(ident)
    return paper * _ROWS + _OF_PLACES + place


def paper_of_row(number: int) -> int:
    """The invoice of a row."""
    return number // _ROWS


def drawn_of(numbers: Iterator[int]) -> str:
    """How many numbers of rows the invoice has given away."""
    return str(next(numbers) % _ROWS - 1)


def plain_text(text: str) -> str:
    """With line ends for what a browser would break at."""
    return _BREAK.sub("\n", text)


def named(text: str) -> tuple[str, str | None]:
    """(name, description) of a row: its first line, and the rest."""
    lines = plain_text(text).strip().split("\n")
    name = lines[0].strip()
    if len(name) > LONGEST_NAME:
        return name[:LONGEST_NAME].rstrip(), "\n".join(lines)
    return name, "\n".join(lines[1:]).strip("\n") or None


def description_of(name: str | None, description: str | None) -> str:
    """What a client reads: the lines of both, broken as it wrote them."""
    first, rest = name or "", description or ""
    was_cut = len(rest.partition("\n")[0]) > LONGEST_NAME and rest.startswith(first)
    whole = rest if was_cut else "\n".join(part for part in (first, rest) if part)
    return whole.replace("\n", "<br>")


def quantity_type(unit: str | None) -> str:
    """What is counted, as the core names it; in other words than those that are known it is pieces, and the word is printed."""
    return _UNITS.get((unit or "").strip().lower(), "PC")


def amounts_of(quantity: Decimal, price: Decimal, currency: str, *, gross: bool, base: Decimal = ONE) -> Content:
    """Quantity and prices of a row; one that reduces the document is a credit of positive amounts. `base`: how many the price is of."""
    side, unit, many = "gross" if gross else "net", round_price(abs(price)), abs(quantity)
    total = {side: str(round_amount(many * unit / base, currency))}
    found: Content = {"quantity": str(many), "prices": {"unit": {side: str(unit)}, "original_total": total, "total": total}}
    if base != ONE:
        found["price_base_quantity"] = str(base)
    if (price < 0) != (quantity < 0):
        found["debit_credit_indicator"] = "CREDIT"
    return found


def row(data: ItemData, ident: str, place: int, around: Around, article: Article | None, before: Content | None = None) -> Content:
    """A row of the draft. `ident`: its own, or the number that it gets; `place`: in ITEMS, for findings; `before`: the row that it
    changes. Raises INVALID."""
    kept = _kept(before)
    text = data.description or (article and "\n".join(filter(None, (article.title, article.description)))) or kept.get("text") or ""
    name, description = named(text)
    percent = data.vat_percent if data.vat_percent is not None else kept.get("percent")
    if percent is None:
        percent = article.vat_percent if article is not None and article.vat_percent is not None else ZERO
    quantity = data.quantity if data.quantity is not None else kept.get("quantity", ONE)
    price, gross = _price(data, around, article, quantity, kept)
    problems = [
        Problem("missing", "is required", f"items[{place}].{tag}")
        for tag, value in (("DESCRIPTION", name), ("UNIT_PRICE", price))
        if value in (None, "")
    ]
    if problems or price is None:
        raise Refused(Kind.INVALID, *problems)
    tax = said(around.case, percent, around.where)
    # a price that is not said anew stays of as many as it was (BT-149)
    base = kept.get("base", ONE) if data.unit_price is None else ONE
    goods = around.case in GOODS or (article is not None and article.is_goods)
    said_unit = data.unit or (article and article.unit) or kept.get("unit")
    found = {
        "ident": ident,
        "category": "PHYSICAL_PRODUCT" if goods else kept.get("category") or "SERVICE",
        "name": name,
        "description": description,
        "article_number": data.article_number or kept.get("article_number"),
        "quantity_type": quantity_type(said_unit),
        **amounts_of(quantity, price, around.currency, gross=gross, base=base),
        "tax_detail": {"calculation_basis": "GROSS" if gross else "NET", "taxes": tax.taxes},
        "performance_location": {"country": around.where.place},
        "properties": _properties(data, tax.percent, said_unit, around.cost_centre, kept),
        **around.times,
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


# helpers in calling order


def _kept(before: Content | None) -> Content:
    """What the row that is changed says."""
    if before is None:
        return {}
    said_of = {entry["key"]: entry["value"] for entry in before.get("properties") or ()}
    basis = (before.get("tax_detail") or {}).get("calculation_basis", "NET").lower()
    tax: Content = next(iter((before.get("tax_detail") or {}).get("taxes") or ()), {})
    price = ((before.get("prices") or {}).get("unit") or {}).get(basis)
    rate = said_of.get(PERCENT, tax.get("rate"))
    sign = -1 if before.get("debit_credit_indicator") == "CREDIT" else 1
    return {
        "text": description_of(before.get("name"), before.get("description")),
        "percent": None if rate is None else Decimal(rate),
        "quantity": Decimal(before.get("quantity", 1)),
        "price": None if price is None else sign * Decimal(price),
        "base": Decimal(before.get("price_base_quantity", 1)),
        "is_gross": basis == "gross",
        "unit": said_of.get(UNIT),
        "category": before.get("category"),
        "article_number": before.get("article_number"),
        "said": said_of,
    }


def _price(
    data: ItemData, around: Around, article: Article | None, quantity: Decimal, kept: Content
) -> tuple[Decimal | None, bool]:
    """The price of one, and whether it is gross: the row's word counts before the invoice's."""
    gross = data.is_gross
    if data.unit_price is not None:
        return data.unit_price, around.is_gross if gross is None else gross
    if kept.get("price") is not None:
        return kept["price"], kept["is_gross"] if gross is None else gross
    if data.complete_gross is not None and quantity:
        return data.complete_gross / quantity, True
    if article is not None and article.unit_price is not None:
        return article.unit_price, article.is_gross if gross is None else gross
    return None, False


def _properties(data: ItemData, percent: Decimal | None, unit: str | None, cost_centre: str | None, kept: Content) -> list[Content]:
    before = kept.get("said", {})
    wanted = {
        PERCENT: None if percent is None else str(percent),
        UNIT: unit,
        CATEGORY: _words(data.category) or before.get(CATEGORY),
        SORT: before.get(SORT) if data.sort_order is None else str(data.sort_order),
        COST_CENTRE: cost_centre or before.get(COST_CENTRE),
    }
    others = [{"key": key, "value": value} for key, value in before.items() if key not in wanted]
    return [*others, *({"key": key, "value": value[:LONGEST_NAME]} for key, value in wanted.items() if value)]


def _words(category: object) -> str | None:
    """A text, or a list of texts."""
    parts: Sequence[object] = category if isinstance(category, (list, tuple)) else [category]
    return ", ".join(str(part) for part in parts if isinstance(part, (str, int)) and not isinstance(part, bool)) or None


def in_order(items: Sequence[Content]) -> list[Content]:
    """By their sort keys, those without one behind; else as they came."""

    def key(item: Content) -> tuple[bool, int]:
        found = next((entry["value"] for entry in item.get("properties") or () if entry["key"] == SORT), None)
        return found is None, int(found or 0)

    return sorted(items, key=key)
