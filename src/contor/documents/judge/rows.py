"""What is wrong with the rows of a request: prices that contradict each other, taxes that cannot be, places and periods. Pure.

Source: documents reference ("Checked before the 202"), accounting reference 1.1 to 1.9 and 4, EN 16931 BR-27, BR-CO-04, BR-O-11.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from contor.documents.amounts import GroupKey, Left, group_key
from contor.documents.exemptions import complete
from contor.documents.judge.taxes import tax_findings
from contor.documents.types import Basis, DocumentRequest, DocumentType, Location, Period, RequestedItem, Sides, bases_of
from contor.kernel.errors import Problem
from contor.kernel.money import HUNDRED, ZERO, is_amount, quantum, too_fine, worded
from contor.kernel.places import alpha2
from contor.kernel.shapes import is_blank

SALES_TAX: Final = ("US", "CA")
"""Countries with taxes of the state, the county, the city beside each other (accounting reference 1.7)."""

_OF_SPAIN: Final = {"L": "IGIC is levied in the Canary Islands", "M": "IPSI is levied in Ceuta and Melilla"}
"""Categories of territories that are no part of the Union's VAT: they say whose tax it is (EN 16931 BR-AF and BR-AG)."""


@dataclass(slots=True)
class RowCheck:
    """The state of checking one request row by row."""

    currency: str
    document_type: DocumentType
    language: str
    small_business: bool
    left: Left | None
    several: bool
    unit: Decimal
    """The smallest amount of the currency: what is computed may be off by it."""
    repeats: bool = False
    problems: list[Problem] = field(default_factory=list)
    idents: set[str] = field(default_factory=set)
    bases: dict[GroupKey, Basis] = field(default_factory=dict)
    categories: dict[str, None] = field(default_factory=dict)
    """In the order of the rows."""
    place: tuple[str | None, str | None] | None = None
    """Country and region of taxation of the first row."""

    def add(self, code: str, message: str, path: str, value: object = None) -> None:
        self.problems.append(Problem(code, message, path, value))


def row_findings(
    request: DocumentRequest, document_type: DocumentType, small_business: bool, left: Left | None, repeats: bool = False
) -> tuple[list[Problem], list[str]]:
    """Every finding about the rows, and the tax categories that occur in them. `left`: of the document that is credited; `repeats`: the
    rows are those of an issued document."""
    unit = quantum(request.currency)
    several = any(len(item.tax_detail.taxes) > 1 for item in request.items)
    check = RowCheck(request.currency, document_type, request.language, small_business, left, several, unit, repeats)
    for index, item in enumerate(request.items):
        if item.ident in check.idents:
            check.add("item_ident_repeated", "occurs more than once in the document", f"items[{index}].ident", item.ident)
        check.idents.add(item.ident)
        if is_blank(item.name) and is_blank(item.description):
            check.add(
                "item_name_missing", "a row needs its customary description (section 14 (4) no. 5 UStG)", f"items[{index}].name"
            )
        rate = _taxes(check, item, index)
        _prices(check, item, index, rate)
        _places(check, item, index)
        if item.service_period is not None or item.billing_period is not None:
            _periods(check, item, index)
        kinds = {basis.type for basis in bases_of(item.price_calculation_basis)}
        if len(kinds) > 1:
            path = f"items[{index}].priceCalculationBasis"
            check.add("price_bases_mixed", "a row's price is calculated in one way only", path, " and ".join(sorted(kinds)))
    if "O" in check.categories and len(check.categories) > 1:
        message = "rows outside the scope of VAT (category O) need a document of their own (BR-O-11)"
        check.add("category_o_is_exclusive", message, "items", list(check.categories))
    return check.problems, list(check.categories)


def _taxes(check: RowCheck, item: RequestedItem, index: int) -> Decimal:
    """Check the taxes of a row; its cumulative rate. A credit bears the tax of the row it credits."""
    detail = item.tax_detail
    credited = check.left.row_of(item) if check.left is not None else None
    taxes = credited.item.taxes if credited else complete(detail.taxes, check.small_business, check.language)
    if len(taxes) > 1 and check.document_type is DocumentType.DEPOSIT_INVOICE:
        message = "a deposit bears one tax per row: what is received is split over the tax groups"
        check.add("several_taxes_on_deposit", message, f"items[{index}].taxDetail.taxes", len(taxes))
    elif len(taxes) > 1 and check.left is None and not check.repeats and (alpha2(_place(item).country) or "US") not in SALES_TAX:
        message = f"only {' and '.join(SALES_TAX)} levy several taxes on one supply: a row of another country bears one (BR-CO-04)"
        check.add("several_taxes_in_country", message, f"items[{index}].taxDetail.taxes", len(taxes))
    for position, tax in enumerate(taxes):
        category = tax.category_code or "S"
        check.categories[category] = None
        if category in _OF_SPAIN and credited is None and not check.repeats and alpha2(_place(item).country) not in (None, "ES"):
            message = f"{_OF_SPAIN[category]}: its place is in ES"
            check.add("category_of_other_country", message, f"items[{index}].taxDetail.taxes[{position}].categoryCode", category)
        key = group_key(category, tax.rate, tax.code, tax.name, check.several)
        basis = check.bases.setdefault(key, detail.calculation_basis)
        if basis != detail.calculation_basis:
            message = f"rows of category {category} at {tax.rate} % are calculated on two bases"
            check.add("calculation_basis_mixed", message, f"items[{index}].taxDetail.calculationBasis", detail.calculation_basis)
        has_reason = tax.exemption_reason_text or tax.exemption_reason_code
        if credited is None and (category != "S" or tax.rate <= 0 or check.small_business or has_reason):
            check.problems += tax_findings(tax, check.small_business, f"items[{index}].taxDetail.taxes[{position}]")
    if credited is not None and credited.item.basis != detail.calculation_basis:
        message = "the credited row was calculated on the other basis"
        path = f"items[{index}].taxDetail.calculationBasis"
        check.add("calculation_basis_differs_from_original", message, path, detail.calculation_basis)
    return taxes[0].rate if len(taxes) == 1 else sum((tax.rate for tax in taxes), ZERO)


def _place(item: RequestedItem) -> Location:
    """Where the row is taxed."""
    return item.tax_location or item.performance_location


def _prices(check: RowCheck, item: RequestedItem, index: int, rate: Decimal) -> None:
    """The agreed side is there, exact to the currency, and adds up; the other side agrees with it."""
    prices, basis = item.prices, item.tax_detail.calculation_basis
    agreed_unit = prices.unit.net if basis == "NET" else prices.unit.gross
    if agreed_unit is None:
        _missing(check, f"items[{index}].prices.unit", basis)
    elif agreed_unit < 0:
        message = "a price is not negative (BR-27); a row that reduces the document has debitCreditIndicator CREDIT"
        check.add("unit_price_negative", message, f"items[{index}].prices.unit.{basis.lower()}", agreed_unit)
    if prices.unit.net is not None and prices.unit.gross is not None:
        _agree(check, prices.unit.net, prices.unit.gross, rate, basis, f"items[{index}].prices.unit")
    original = _side(check, prices.original_total, rate, basis, index, "prices.originalTotal")
    total = _side(check, prices.total, rate, basis, index, "prices.total")
    extras, named = ZERO, set[str]()
    for position, extra in enumerate(item.extras):
        if extra.ident in named:
            path = f"items[{index}].extras[{position}].ident"
            check.add("extra_ident_repeated", "occurs more than once in the row", path, extra.ident)
        named.add(extra.ident)
        extras += _side(check, extra.total, rate, basis, index, f"extras[{position}].total") or ZERO
    if original is None or total is None or agreed_unit is None:
        return
    expected = agreed_unit * item.quantity / item.price_base_quantity
    if abs(original - expected) > check.unit:
        message = f"is not unit price x quantity / price base quantity ({worded(expected, check.currency)})"
        check.add("original_total_differs", message, f"items[{index}].prices.originalTotal.{basis.lower()}", original)
    if abs(total - original - extras) > check.unit:
        message = f"is not the original total with its extras ({worded(original + extras, check.currency)})"
        check.add("total_differs", message, f"items[{index}].prices.total.{basis.lower()}", total)
    if total < 0:
        message = "is negative; a row that reduces the document has debitCreditIndicator CREDIT and positive amounts"
        check.add("total_negative", message, f"items[{index}].prices.total.{basis.lower()}", total)


def _missing(check: RowCheck, path: str, basis: Basis) -> None:
    check.add("agreed_price_missing", f"calculationBasis is {basis}: this side is the agreed one", f"{path}.{basis.lower()}")


def _side(check: RowCheck, sides: Sides, rate: Decimal, basis: Basis, index: int, name: str) -> Decimal | None:
    """The agreed side of an amount, when both sides are fine."""
    net, gross, unit = sides.net, sides.gross, check.unit
    # the cheap look first: what has just the currency's decimals is an amount
    if net is not None and not net.same_quantum(unit) and not is_amount(net, check.currency):
        _decimals(check, f"items[{index}].{name}.net", net)
    if gross is not None:
        if not gross.same_quantum(unit) and not is_amount(gross, check.currency):
            _decimals(check, f"items[{index}].{name}.gross", gross)
        if net is not None:
            _agree(check, net, gross, rate, basis, f"items[{index}].{name}")
    agreed = net if basis == "NET" else gross
    if agreed is None:
        _missing(check, f"items[{index}].{name}", basis)
    return agreed


def _decimals(check: RowCheck, path: str, value: Decimal) -> None:
    check.add("too_many_decimals", too_fine(check.currency), path, value)


def _agree(check: RowCheck, net: Decimal, gross: Decimal, rate: Decimal, basis: Basis, path: str) -> None:
    """The side that is not agreed may be off by the currency's smallest unit, for the computed side is rounded."""
    if basis == "NET":
        expected = net * (HUNDRED + rate) / HUNDRED
        if abs(gross - expected) > check.unit:
            check.add(
                "gross_differs", f"is not the net with {rate} % tax ({worded(expected, check.currency)})", f"{path}.gross", gross
            )
    else:
        expected = gross * HUNDRED / (HUNDRED + rate)
        if abs(net - expected) > check.unit:
            check.add(
                "net_differs", f"is not the gross without {rate} % tax ({worded(expected, check.currency)})", f"{path}.net", net
            )


def _places(check: RowCheck, item: RequestedItem, index: int) -> None:
    """Countries exist; all rows are taxed in one country and region."""
    location = _place(item)
    country = alpha2(location.country)
    if country is None or (item.tax_location is not None and alpha2(item.performance_location.country) is None):
        name = "taxLocation" if item.tax_location is not None and country is None else "performanceLocation"
        rejected = location.country if country is None else item.performance_location.country
        check.add("country_unknown", "is no ISO 3166-1 country", f"items[{index}].{name}.country", rejected)
        return
    place = (country, location.region)
    if check.place is None:
        check.place = place
    elif check.place != place:
        name = "taxLocation" if item.tax_location is not None else "performanceLocation"
        message = "all rows of a document are taxed in one country and region"
        check.add(
            "tax_location_differs", message, f"items[{index}].{name}", {"country": location.country, "region": location.region}
        )


def _periods(check: RowCheck, item: RequestedItem, index: int) -> None:
    periods: tuple[tuple[str, Period | None], ...] = (
        ("servicePeriod", item.service_period),
        ("billingPeriod", item.billing_period),
    )
    for name, period in periods:
        if period is not None and period.end < period.start:
            check.add("period_ends_before_it_starts", "is before the start", f"items[{index}].{name}.end", period.end)
