"""From what was ordered to the row that will be billed, or everything that is wrong with it. Pure."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contor.billing.items import BillableRow
from contor.documents.judge import row_findings
from contor.documents.types import (
    Basis,
    CustomerDetail,
    DocumentRequest,
    DocumentType,
    ItemExtra,
    Location,
    PostTaxItem,
    Prices,
    Property,
    RequestedItem,
    Sides,
    Tax,
    TaxDetail,
    UnitSides,
)
from contor.kernel.errors import Problem
from contor.kernel.money import CENT, HUNDRED, ZERO, round_amount
from contor.kernel.places import alpha2
from contor.orders.types import AgreedDepositBody, AllowanceBody, LineItemBody, PreTaxExtra, TaxInformation

DAY = dt.timedelta(days=1)
Amounts = tuple[Decimal | None, Decimal | None, Decimal | None]
"""Of a unit, of the row before what reduces it, and of the row."""
_NOTHING: Final[Amounts] = (None, None, None)


def basis_of(body: LineItemBody) -> Basis:
    """The agreed side: as said, else the one that is given."""
    if body.tax_calculation_basis is not None:
        return body.tax_calculation_basis
    has_net = body.unit_price_net is not None or body.row_total_net is not None
    return "NET" if has_net else "GROSS"


def line_row(body: LineItemBody, currency: str, home: Location, path: str) -> tuple[BillableRow | None, list[Problem]]:
    """The row of a line item; amounts that are missing follow from the unit price, all are rounded to the currency."""
    basis = basis_of(body)
    is_net = basis == "NET"
    side = "Net" if is_net else "Gross"
    unit = body.unit_price_net if is_net else body.unit_price_gross
    original = body.original_row_total_net if is_net else body.original_row_total_gross
    total = body.row_total_net if is_net else body.row_total_gross
    extras = tuple(_extra(extra) for extra in body.pre_tax_extras)
    added = sum([(extra.total.net if is_net else extra.total.gross) or ZERO for extra in extras], ZERO)
    if original is None and unit is not None:
        original = round_amount(unit * body.quantity, currency)
    if original is None and total is not None:
        original = total - added
    if unit is None and original is not None and body.quantity == 1:
        unit = original
    if unit is None or original is None:
        message = "a line item has a unit price, or a quantity of 1 and a total"
        return None, [*_findings(body, path), Problem("unit_price_missing", message, f"{path}.unitPrice{side}")]
    row = BillableRow(
        name=body.name or body.description or "",
        description=body.description if body.name else None,
        category=body.category,
        quantity=body.quantity,
        quantity_type=body.quantity_type,
        unit_price=unit,
        total=round_amount(total if total is not None else original + added, currency),
        basis=basis,
        service_start=body.period_start_date or body.period_end_date,
        # the period of a body includes its last day, that of an item ends with the day after
        service_end=(body.period_end_date or body.period_start_date or dt.date.min) + DAY if _has_period(body) else None,
        delivery_date=body.delivery_date,
        tax_date=body.period_end_date or body.period_start_date or body.delivery_date,
        tax_location=body.tax_location or body.performance_location or home,
        performance_location=body.performance_location or body.tax_location or home,
        tax_code=body.tax_code,
        tax_scheme=body.tax_scheme,
        taxes=taxes_of(body.tax_information),
        extras=extras,
        # on a document, what pays is negative
        post_tax=tuple(
            PostTaxItem(
                ident=entry.ident,
                name=entry.name,
                amount=-entry.amount_gross,
                leftover_amount=entry.leftover_amount_gross,
                refundability=entry.refundability,
            )
            for entry in body.post_tax_extras
        ),
        operating_site_ident=body.operating_site_ident,
        article_number=body.article_number,
        item_group=body.group,
        properties=tuple(Property(key=entry.key, value=entry.value) for entry in body.properties),
    )
    found = [*_findings(body, path), *judged(row, original, currency, path, _other_side(body, basis) if row.taxes else _NOTHING)]
    # of a line whose sides contradict each other the taxes are wrong on one of them
    return row, found or tax_findings(body.tax_information, basis, (row.unit_price, original, row.total), path)


def _other_side(body: LineItemBody, basis: Basis) -> Amounts:
    """What the body says on the side that is not agreed."""
    if basis == "NET":
        return body.unit_price_gross, body.original_row_total_gross, body.row_total_gross
    return body.unit_price_net, body.original_row_total_net, body.row_total_net


def _has_period(body: LineItemBody) -> bool:
    return body.period_start_date is not None or body.period_end_date is not None


def _findings(body: LineItemBody, path: str) -> list[Problem]:
    """What a document would not find."""
    problems: list[Problem] = []
    begin, end = body.period_start_date, body.period_end_date
    if begin is not None and end is not None and end < begin:
        problems.append(Problem("period_ends_before_it_starts", "is before the start", f"{path}.periodEndDate", end))
    config = body.processing_config
    if config is not None and (config.type == "AT_DATE") != (config.date is not None):
        message = "AT_DATE has a date, the other types have none"
        problems.append(Problem("processing_date_unclear", message, f"{path}.processingConfig.date", config.date))
    if alpha2((body.tax_location or body.performance_location or Location(country="DE")).country) is None:
        problems.append(Problem("country_unknown", "is no ISO 3166-1 country", f"{path}.taxLocation.country"))
    return problems


def tax_findings(taxes: Sequence[TaxInformation], basis: Basis, amounts: Amounts, path: str) -> list[Problem]:
    """What the caller says of a tax, where it is not what comes of it, to a cent. `amounts`: the agreed side."""
    rates = sum((tax.tax_rate for tax in taxes), ZERO)
    divisor = HUNDRED if basis == "NET" else HUNDRED + rates  # contained in the gross
    problems = []
    for index, tax in enumerate(taxes):
        given = (("unitPriceTax", tax.unit_price_tax), ("originalRowTotalTax", tax.original_row_total_tax))
        for (name, said), amount in zip((*given, ("rowTotalTax", tax.row_total_tax)), amounts, strict=True):
            if said is None or amount is None:
                continue
            expected = amount * tax.tax_rate / divisor
            if abs(said - expected) > CENT:
                message = f"is {said}, but {tax.tax_rate} % of {amount} ({basis.lower()}) are {expected:.4f}"
                problems.append(Problem("tax_differs", message, f"{path}.taxInformation[{index}].{name}", said))
    return problems


def judged(row: BillableRow, original: Decimal, currency: str, path: str, other: Amounts = _NOTHING) -> list[Problem]:
    """What the document that bills the row would find wrong with it: better said now than when it is billed. `other`: unit price and
    totals on the side that is not agreed, as far as they are said."""
    is_net = row.basis == "NET"
    item = RequestedItem(
        ident="i-1",
        category=row.category,  # type: ignore[arg-type]  # of the same list
        quantity=row.quantity,
        quantity_type=row.quantity_type,  # type: ignore[arg-type]
        name=row.name,
        prices=Prices(
            unit=UnitSides(net=row.unit_price, gross=other[0]) if is_net else UnitSides(net=other[0], gross=row.unit_price),
            original_total=_sides(is_net, original, other[1]),
            total=_sides(is_net, row.total, other[2]),
        ),
        extras=row.extras,
        # any rate stands for the one that is determined when the row is billed
        tax_detail=TaxDetail(taxes=row.taxes or (Tax(rate=Decimal(1)),), calculation_basis=row.basis),
        performance_location=row.performance_location,
        tax_location=row.tax_location,
    )
    request = DocumentRequest(
        request_id="judged",
        billing_group_ident="judged",
        currency=currency,
        customer_detail=CustomerDetail(customer_ident="judged", invoice_address_ident="judged"),
        items=(item,),
    )
    found, _ = row_findings(request, DocumentType.INVOICE, False, None)
    return [Problem(problem.code, problem.message, _named(problem.field, path), problem.rejected_value) for problem in found]


_NAMES = {
    "prices.unit.net": "unitPriceNet",
    "prices.unit.gross": "unitPriceGross",
    "prices.total.net": "rowTotalNet",
    "prices.total.gross": "rowTotalGross",
    "prices.originalTotal.net": "originalRowTotalNet",
    "prices.originalTotal.gross": "originalRowTotalGross",
    "taxDetail.taxes": "taxInformation",
    "extras": "preTaxExtras",
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


def _extra(extra: PreTaxExtra) -> ItemExtra:
    sides = Sides(net=extra.amount_net, gross=extra.amount_gross)
    return ItemExtra(ident=extra.ident, name=extra.name, total=sides, type=None if extra.type == "DISCOUNT" else extra.type)


def taxes_of(given: Sequence[TaxInformation]) -> tuple[Tax, ...]:
    return tuple(
        Tax(
            rate=tax.tax_rate,
            category_code=tax.tax_category_code,
            code=tax.tax_code,
            name=tax.tax_name,
            exemption_reason_code=tax.tax_exemption_reason_code,
            exemption_reason_text=tax.tax_exemption_reason_text,
        )
        for tax in given
    )


def allowance_row(body: AllowanceBody, currency: str, home: Location, basis: Basis, path: str) -> tuple[BillableRow, list[Problem]]:
    """A discount is a row that reduces, on the side of the order's lines; everything else pays its gross."""
    pays = body.item_type != "DISCOUNT_USE"
    total = round_amount(body.row_total_gross if pays or basis == "GROSS" else body.row_total_net, currency)
    (tax,) = body.tax_information
    problems = []
    expected = body.row_total_net * (HUNDRED + tax.tax_rate) / HUNDRED
    untaxed = pays and body.row_total_gross == body.row_total_net  # what pays bears no tax
    if abs(body.row_total_gross - expected) > CENT and not untaxed:
        message = f"is {body.row_total_gross}, but {body.row_total_net} with {tax.tax_rate} % tax are {expected:.4f}"
        problems.append(Problem("gross_differs", message, f"{path}.rowTotalGross", body.row_total_gross))
    row = BillableRow(
        name=body.name,
        category="DISCOUNT",
        quantity=Decimal(1),
        quantity_type="PC",
        unit_price=total,
        total=total,
        basis=basis,
        tax_location=body.tax_location or body.performance_location or home,
        performance_location=body.performance_location or body.tax_location or home,
        taxes=taxes_of(body.tax_information),
        article_number=body.article_number,
        item_group=body.item_group,
        pays=pays,
        properties=tuple(Property(key=entry.key, value=entry.value) for entry in body.properties),
    )
    amounts = (row.unit_price, row.total, row.total)
    problems = problems or tax_findings(body.tax_information, "GROSS" if pays else basis, amounts, path)
    return row, problems if pays else [*problems, *judged(row, total, currency, path)]


def deposit_row(
    body: AgreedDepositBody, currency: str, home: Location, language: str, path: str
) -> tuple[BillableRow, list[Problem]]:
    """A deposit is agreed in gross."""
    total = round_amount(body.gross_value, currency)
    problems = _deposit_findings(body, total, path)
    row = BillableRow(
        name=body.name or ("Anzahlung" if language == "de" else "Deposit"),
        category="SERVICE",
        quantity=Decimal(1),
        quantity_type="PC",
        unit_price=total,
        total=total,
        basis="GROSS",
        tax_location=home,
        performance_location=home,
        taxes=taxes_of(body.tax_information),
        properties=tuple(Property(key=entry.key, value=entry.value) for entry in body.properties),
    )
    return row, [*problems, *judged(row, total, currency, path)]


def _deposit_findings(body: AgreedDepositBody, total: Decimal, path: str) -> list[Problem]:
    """Net and tax that do not come to the gross, or are not those of the rate."""
    net, tax, gross = body.net_value, body.tax_value, body.gross_value
    if net is not None and tax is not None and net + tax != gross:
        message = f"is {tax}, but {gross} gross without {net} net are {gross - net}"
        return [Problem("tax_differs", message, f"{path}.taxValue", tax)]
    problems = []
    for info in body.tax_information:
        contained = gross * info.tax_rate / (HUNDRED + info.tax_rate)
        if net is not None and abs(net - (gross - contained)) > CENT:
            message = f"is {net}, but {gross} without {info.tax_rate} % tax are {gross - contained:.4f}"
            problems.append(Problem("net_differs", message, f"{path}.netValue", net))
        elif tax is not None and abs(tax - contained) > CENT:
            message = f"is {tax}, but {info.tax_rate} % in {gross} are {contained:.4f}"
            problems.append(Problem("tax_differs", message, f"{path}.taxValue", tax))
    return problems or tax_findings(body.tax_information, "GROSS", (total, total, total), path)


def relative(problems: Sequence[Problem]) -> list[Problem]:
    """Findings about something that is the whole body of its request."""
    # the whole has no name, so that the paths in it begin with a dot
    return [Problem(p.code, p.message, (p.field or "").lstrip("."), p.rejected_value) for p in problems]
