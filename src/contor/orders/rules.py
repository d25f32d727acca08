"""From what was ordered to the row that will be billed, or everything that is wrong with it. Pure."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

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
from contor.kernel.money import HUNDRED, ZERO, round_amount
from contor.kernel.places import alpha2
from contor.orders.types import AgreedDepositBody, AllowanceBody, LineItemBody, TaxInformation

DAY = dt.timedelta(days=1)


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
    extras = tuple(_extra(extra.ident, extra.name, extra.amount_net, extra.amount_gross) for extra in body.pre_tax_extras)
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
        post_tax=tuple(PostTaxItem(ident=e.ident, name=e.name, amount=-e.amount_gross) for e in body.post_tax_extras),
        operating_site_ident=body.operating_site_ident,
        article_number=body.article_number,
        item_group=body.group,
        properties=tuple(Property(key=entry.key, value=entry.value) for entry in body.properties),
    )
    return row, [*_findings(body, path), *judged(row, original, currency, path)]


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
    for index, tax in enumerate(body.tax_information):
        total = body.row_total_net if basis_of(body) == "NET" else body.row_total_gross
        if tax.row_total_tax is None or total is None or len(body.tax_information) > 1:
            continue
        divisor = HUNDRED if basis_of(body) == "NET" else HUNDRED + tax.tax_rate  # contained in the gross
        expected = total * tax.tax_rate / divisor
        if abs(tax.row_total_tax - expected) > Decimal("0.01"):
            message = f"is not {tax.tax_rate} % of the row ({expected:.4f})"
            problems.append(Problem("tax_differs", message, f"{path}.taxInformation[{index}].rowTotalTax", tax.row_total_tax))
    if alpha2((body.tax_location or body.performance_location or Location(country="DE")).country) is None:
        problems.append(Problem("country_unknown", "is no ISO 3166-1 country", f"{path}.taxLocation.country"))
    return problems


def judged(row: BillableRow, original: Decimal, currency: str, path: str) -> list[Problem]:
    """What the document that bills the row would find wrong with it: better said now than when it is billed."""
    is_net = row.basis == "NET"
    item = RequestedItem(
        ident="i-1",
        category=row.category,  # type: ignore[arg-type]  # of the same list
        quantity=row.quantity,
        quantity_type=row.quantity_type,  # type: ignore[arg-type]
        name=row.name,
        prices=Prices(
            unit=UnitSides(net=row.unit_price) if is_net else UnitSides(gross=row.unit_price),
            original_total=_sides(is_net, original),
            total=_sides(is_net, row.total),
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


def _sides(is_net: bool, amount: Decimal) -> Sides:
    return Sides(net=amount) if is_net else Sides(gross=amount)


def _extra(ident: str, name: str, net: Decimal | None, gross: Decimal | None) -> ItemExtra:
    return ItemExtra(ident=ident, name=name, total=Sides(net=net, gross=gross))


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
    if not pays and abs(body.row_total_gross - expected) > Decimal("0.01"):
        message = f"is not the net with {tax.tax_rate} % tax ({expected:.4f})"
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
    return row, problems if pays else [*problems, *judged(row, total, currency, path)]


def deposit_row(
    body: AgreedDepositBody, currency: str, home: Location, language: str, path: str
) -> tuple[BillableRow, list[Problem]]:
    """A deposit is agreed in gross."""
    total = round_amount(body.gross_value, currency)
    problems = []
    if body.net_value is not None and body.tax_information:
        expected = body.gross_value * HUNDRED / (HUNDRED + body.tax_information[0].tax_rate)
        if abs(body.net_value - expected) > Decimal("0.01"):
            message = f"is not the gross without tax ({expected:.4f})"
            problems.append(Problem("net_differs", message, f"{path}.netValue", body.net_value))
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


def relative(problems: Sequence[Problem]) -> list[Problem]:
    """Findings about something that is the whole body of its request."""
    # the whole has no name, so that the paths in it begin with a dot
    return [Problem(p.code, p.message, (p.field or "").lstrip("."), p.rejected_value) for p in problems]
