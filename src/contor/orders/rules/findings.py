"""What is wrong with the amounts and taxes of what was ordered. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.billing.items import BillableRow, on_one_side
from contor.documents.judge import Facts, foreseen_findings, item_code_findings, row_findings
from contor.documents.types import (
    Basis,
    CustomerDetail,
    DocumentRequest,
    DocumentType,
    Location,
    Prices,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
)
from contor.kernel.errors import Problem
from contor.kernel.money import HUNDRED, ZERO, is_amount, quantum, round_amount, too_fine, worded
from contor.kernel.shapes import replace
from contor.orders.types import TaxInformation

Amounts = tuple[Decimal | None, Decimal | None, Decimal | None]
"""Of a unit, of the row before what reduces it, and of the row."""
NOTHING: Final[Amounts] = (None, None, None)


Said = Sequence[tuple[str, Decimal | None]]
"""Amounts as they are said, by their fields."""


def fractions(currency: str, said: Said) -> list[Problem]:
    """Amounts that are finer than the currency."""
    return [
        Problem("too_many_decimals", too_fine(currency), name, amount)
        for name, amount in said
        if amount is not None and not is_amount(amount, currency)
    ]


def tax_findings(taxes: Sequence[TaxInformation], basis: Basis, amounts: Amounts, currency: str, path: str) -> list[Problem]:
    """What the caller says of a tax, where it is not what comes of it, to the smallest unit of the currency. `amounts`: the agreed side."""
    rates = sum((tax.tax_rate for tax in taxes), ZERO)
    divisor = HUNDRED if basis == "NET" else HUNDRED + rates  # contained in the gross
    problems = []
    for index, tax in enumerate(taxes):
        given = (("unitPriceTax", tax.unit_price_tax), ("originalRowTotalTax", tax.original_row_total_tax))
        for (name, said), amount in zip((*given, ("rowTotalTax", tax.row_total_tax)), amounts, strict=True):
            if said is None or amount is None:
                continue
            expected = amount * tax.tax_rate / divisor
            if name != "unitPriceTax" and (finer := fractions(currency, [(f"{path}.taxInformation[{index}].{name}", said)])):
                problems += finer
            elif abs(said - expected) > quantum(currency):
                whole = f"{worded(amount, currency)} ({basis.lower()})"
                message = f"is {said}, but {tax.tax_rate} % of {whole} are {worded(expected, currency)}"
                problems.append(Problem("tax_differs", message, f"{path}.taxInformation[{index}].{name}", said))
    return problems


def paying_findings(row: BillableRow, currency: str, path: str, expected: "Expected") -> list[Problem]:
    """What pays for a row is at most what the row comes to, at the highest rate that it may bear; where no rate is known yet, the document
    says it."""
    paid = sum([-entry.amount for entry in row.post_tax], ZERO)
    if row.basis == "GROSS":
        whole = row.total
    elif not expected.rates:
        return []
    else:
        by_rate = [[tax.rate for tax in row.taxes]] if row.taxes else [[rate] for rate in expected.rates]
        whole = max(
            row.total + sum([round_amount(row.total * rate / HUNDRED, currency) for rate in rates], ZERO) for rates in by_rate
        )
    if paid <= whole:
        return []
    message = f"pay {worded(paid, currency)}, but the row comes to {worded(whole, currency)} with its tax"
    return [Problem("post_tax_extras_above_row", message, f"{path}.postTaxExtras", paid)]


class Stand(NamedTuple):
    """Where a row that says its tax may stand when it is billed."""

    facts: Facts
    """Who supplies whom."""
    tax_location: Location
    performance_location: Location


class Expected(NamedTuple):
    """At which rate a row will be billed."""

    rates: Sequence[Decimal] = ()
    """Any of them, as nobody knows the day; none: nothing is known of it."""
    problem: str | None = None
    """Why no tax can be determined."""
    misstated: str | None = None
    """Why no supply bears the rate that the caller says."""
    small_business: bool = False
    """Who supplies may show no tax (section 19 UStG)."""
    stands: Sequence[Stand] = ()
    """Of a category that not every buyer and place can have: it is fine where it can be on one of them."""


NOT_KNOWN: Final = Expected()


def judged(
    row: BillableRow, original: Decimal, currency: str, path: str, expected: Expected = NOT_KNOWN, other: Amounts = NOTHING
) -> list[Problem]:
    """What the document that bills the row would find wrong with it: better said now than when it is billed. `other`: unit price and
    totals on the side that is not agreed, as far as they are said. That side is information: where no rate is known, nobody can say
    that it is wrong, and the agreed one decides."""
    if row.taxes:
        request = trial(row, row.taxes, original, currency, other)
        found = _findings(request, path, expected.small_business)
        misfits = sorted([_misfits(request, stand, path) for stand in expected.stands], key=len)
        found += misfits[0] if misfits else []
        if expected.misstated is not None:
            name = f"{path}.taxInformation[0].taxRate"
            found.append(Problem("rate_unknown_in_country", expected.misstated, name, row.taxes[0].rate))
        return found
    if not expected.rates:
        return _findings(trial(on_one_side(row), (Tax(rate=ZERO),), original, currency), path)
    trials = [trial(row, (Tax(rate=rate),), original, currency, other) for rate in expected.rates]
    return min([_findings(request, path) for request in trials], key=len)


def trial(row: BillableRow, taxes: tuple[Tax, ...], original: Decimal, currency: str, other: Amounts = NOTHING) -> DocumentRequest:
    """The document of this row alone."""
    is_net = row.basis == "NET"
    item = RequestedItem(
        ident="i-1",
        category=row.category,
        quantity=row.quantity,
        quantity_type=row.quantity_type,  # type: ignore[arg-type]  # the request is judged as a whole
        name=row.name,
        prices=Prices(
            unit=UnitSides(net=row.unit_price, gross=other[0]) if is_net else UnitSides(net=other[0], gross=row.unit_price),
            original_total=_sides(is_net, original, other[1]),
            total=_sides(is_net, row.total, other[2]),
        ),
        extras=row.extras,
        tax_detail=TaxDetail(taxes=taxes, calculation_basis=row.basis),
        performance_location=row.performance_location,
        tax_location=row.tax_location,
        properties=row.properties,
    )
    return DocumentRequest(
        request_id="judged",
        billing_group_ident="judged",
        currency=currency,
        customer_detail=CustomerDetail(customer_ident="judged", invoice_address_ident="judged"),
        items=(item,),
    )


def _findings(request: DocumentRequest, path: str, small_business: bool = False) -> list[Problem]:
    found, _ = row_findings(request, DocumentType.INVOICE, small_business, None)
    return _of_order([*found, *item_code_findings(request.items[0], request.language, "items[0]")], path)


def _misfits(request: DocumentRequest, stand: Stand, path: str) -> list[Problem]:
    item = replace(request.items[0], tax_location=stand.tax_location, performance_location=stand.performance_location)
    return _of_order(foreseen_findings(replace(request, items=(item,)), stand.facts), path)


def _of_order(problems: Sequence[Problem], path: str) -> list[Problem]:
    return [Problem(problem.code, problem.message, _named(problem.field, path), problem.rejected_value) for problem in problems]


_NAMES = {
    "prices.unit.net": "unitPriceNet",
    "prices.unit.gross": "unitPriceGross",
    "prices.total.net": "rowTotalNet",
    "prices.total.gross": "rowTotalGross",
    "prices.originalTotal.net": "originalRowTotalNet",
    "prices.originalTotal.gross": "originalRowTotalGross",
    "taxDetail.taxes": "taxInformation",
    "].rate": "].taxRate",
    "categoryCode": "taxCategoryCode",
    "taxDetail.calculationBasis": "taxCalculationBasis",
    "exemptionReason": "taxExemptionReason",
    "extras": "preTaxExtras",
    "].value": "].propertyValue",
    "total.net": "amountNet",  # of an extra: behind the longer names that end so
    "total.gross": "amountGross",
}


def _named(field: str | None, path: str) -> str:
    """A document's field as the order calls it."""
    name = (field or "").removeprefix("items[0].")
    for theirs, ours in _NAMES.items():
        name = name.replace(theirs, ours)
    return f"{path}.{name}" if name else path


def _sides(is_net: bool, agreed: Decimal, other: Decimal | None) -> Sides:
    return Sides(net=agreed, gross=other) if is_net else Sides(net=other, gross=agreed)


def relative(problems: Sequence[Problem]) -> list[Problem]:
    """Findings about something that is the whole body of its request."""
    # the whole has no name, so that the paths in it begin with a dot
    return [Problem(p.code, p.message, (p.field or "").lstrip("."), p.rejected_value) for p in problems]


def of_only_one(problems: Sequence[Problem]) -> list[Problem]:
    """... that was judged as a list of it."""
    return [Problem(p.code, p.message, (p.field or "").removeprefix("[0]").lstrip("."), p.rejected_value) for p in problems]
