"""From what was ordered to the row that will be billed, or everything that is wrong with it. Pure."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal

from contor.billing.items import NO_OWN_PLACE, BillableRow
from contor.documents.types import (
    Basis,
    ItemExtra,
    Location,
    PostTaxItem,
    Property,
    Sides,
    Tax,
)
from contor.kernel.errors import Problem
from contor.kernel.money import HUNDRED, ZERO, quantum, round_amount, worded
from contor.kernel.places import alpha2
from contor.orders.rules.findings import Amounts, Expected, Said, fractions, judged, paying_findings, tax_findings
from contor.orders.types import AgreedDepositBody, AllowanceBody, LineItemBody, PreTaxExtra, TaxInformation

DAY = dt.timedelta(days=1)


def basis_of(body: LineItemBody) -> Basis:
    """The agreed side: as said, else the one that is given."""
    if body.tax_calculation_basis is not None:
        return body.tax_calculation_basis
    has_net = body.unit_price_net is not None or body.row_total_net is not None
    return "NET" if has_net else "GROSS"


Expects = Callable[[BillableRow, LineItemBody], Expected]
"""Says at which rate the row of a line will be billed."""


def line_row(
    body: LineItemBody, currency: str, home: Location, path: str, expects: Expects
) -> tuple[BillableRow | None, list[Problem]]:
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
        follows=() if body.tax_location or body.performance_location else NO_OWN_PLACE,
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
    fine = fractions(currency, _amounts_of(body, path))
    expected = expects(row, body)
    seen = judged(row, original, currency, path, expected, _other_side(body, basis))
    seen += paying_findings(row, currency, path, expected) if row.post_tax else []
    named = {problem.field for problem in fine}
    found = [*_findings(body, path), *fine, *(problem for problem in seen if problem.field not in named)]
    if expected.problem is not None:
        found.append(
            Problem("tax_not_determined", f"{expected.problem}; say it in taxInformation", f"{path}.taxCode", body.tax_code)
        )
    # of a line whose sides contradict each other the taxes are wrong on one of them
    return row, found or tax_findings(body.tax_information, basis, (row.unit_price, original, row.total), currency, path)


def _amounts_of(body: LineItemBody, path: str) -> Said:
    """Of the row; that what is said of its taxes is exact is judged apart."""
    extras = [
        (f"{path}.preTaxExtras[{index}].amount{side}", amount)
        for index, extra in enumerate(body.pre_tax_extras)
        for side, amount in (("Net", extra.amount_net), ("Gross", extra.amount_gross))
    ]
    paying = [
        (f"{path}.postTaxExtras[{index}].{name}", amount)
        for index, extra in enumerate(body.post_tax_extras)
        for name, amount in (("amountGross", extra.amount_gross), ("leftoverAmountGross", extra.leftover_amount_gross))
    ]
    return (
        (f"{path}.originalRowTotalNet", body.original_row_total_net),
        (f"{path}.originalRowTotalGross", body.original_row_total_gross),
        (f"{path}.rowTotalNet", body.row_total_net),
        (f"{path}.rowTotalGross", body.row_total_gross),
        *extras,
        *paying,
    )


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


def allowance_row(
    body: AllowanceBody, currency: str, home: Location, basis: Basis, path: str, expects: Callable[[BillableRow], Expected]
) -> tuple[BillableRow, list[Problem]]:
    """A discount is a row that reduces, on the side of the order's lines; everything else pays its gross."""
    pays = body.item_type != "DISCOUNT_USE"
    total = round_amount(body.row_total_gross if pays or basis == "GROSS" else body.row_total_net, currency)
    (tax,) = body.tax_information
    problems = []
    expected = body.row_total_net * (HUNDRED + tax.tax_rate) / HUNDRED
    untaxed = pays and body.row_total_gross == body.row_total_net  # what pays bears no tax
    fine = fractions(currency, [(f"{path}.rowTotalNet", body.row_total_net), (f"{path}.rowTotalGross", body.row_total_gross)])
    if not fine and abs(body.row_total_gross - expected) > quantum(currency) and not untaxed:
        message = f"is {body.row_total_gross}, but {body.row_total_net} with {tax.tax_rate} % tax are {worded(expected, currency)}"
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
        follows=() if body.tax_location or body.performance_location else NO_OWN_PLACE,
        taxes=taxes_of(body.tax_information),
        article_number=body.article_number,
        item_group=body.item_group,
        pays=pays,
        properties=tuple(Property(key=entry.key, value=entry.value) for entry in body.properties),
    )
    amounts = (row.unit_price, row.total, row.total)
    problems = fine or problems or tax_findings(body.tax_information, "GROSS" if pays else basis, amounts, currency, path)
    return row, problems if pays else [*problems, *judged(row, total, currency, path, expects(row))]


def deposit_row(
    body: AgreedDepositBody,
    currency: str,
    home: Location,
    language: str,
    path: str,
    expects: Callable[[BillableRow], Expected],
    site: str | None = None,
) -> tuple[BillableRow, list[Problem]]:
    """A deposit is agreed in gross; who supplies asks for it (`site`, None: the order's)."""
    total = round_amount(body.gross_value, currency)
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
        follows=NO_OWN_PLACE,
        taxes=taxes_of(body.tax_information),
        operating_site_ident=site,
        properties=tuple(Property(key=entry.key, value=entry.value) for entry in body.properties),
    )
    expected = expects(row)
    found = [_deposit_findings(body, rate, currency, path) for rate in expected.rates] or [
        _deposit_findings(body, None, currency, path)
    ]
    problems = min(found, key=len) or tax_findings(body.tax_information, "GROSS", (total, total, total), currency, path)
    return row, [*problems, *judged(row, total, currency, path, expected)]


def _deposit_findings(body: AgreedDepositBody, rate: Decimal | None, currency: str, path: str) -> list[Problem]:
    """Net and tax that do not come to the gross, or are not those of the rate."""
    net, tax, gross = body.net_value, body.tax_value, body.gross_value
    if fine := fractions(currency, [(f"{path}.grossValue", gross), (f"{path}.netValue", net), (f"{path}.taxValue", tax)]):
        return fine
    unit = quantum(currency)
    if net is not None and tax is not None and net + tax != gross:
        message = f"is {tax}, but {gross} gross without {net} net are {worded(gross - net, currency)}"
        return [Problem("tax_differs", message, f"{path}.taxValue", tax)]
    if rate is None:
        return []
    contained = gross * rate / (HUNDRED + rate)
    if net is not None and abs(net - (gross - contained)) > unit:
        message = f"is {net}, but {gross} without {rate} % tax are {worded(gross - contained, currency)}"
        return [Problem("net_differs", message, f"{path}.netValue", net)]
    if tax is not None and abs(tax - contained) > unit:
        message = f"is {tax}, but {rate} % in {gross} are {worded(contained, currency)}"
        return [Problem("tax_differs", message, f"{path}.taxValue", tax)]
    return []
