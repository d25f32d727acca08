"""From what was ordered to the row that will be billed (platform API 2.3)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from contor.billing.items import BillableRow
from contor.documents.types import Location, PostTaxItem
from contor.kernel.errors import Problem
from contor.orders.rules import NOT_KNOWN, Expected, allowance_row, basis_of, deposit_row, line_row
from contor.orders.types import AgreedDepositBody, AllowanceBody, LineItemBody
from contor.runtime.execute import validated

D = Decimal
HOME = Location(country="DE")


def a_line(**values: Any) -> LineItemBody:
    return validated(LineItemBody, {"ident": "l-1", "name": "Desk", **values})


def row_of(expected: Expected = NOT_KNOWN, **values: Any) -> tuple[BillableRow | None, list[Problem]]:
    return line_row(a_line(**values), "EUR", HOME, "lineItems[0]", lambda row, body: expected)


def good(**values: Any) -> BillableRow:
    row, problems = row_of(**values)
    assert (problems, row is not None) == ([], True)
    assert row is not None
    return row


def bad(**values: Any) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in row_of(**values)[1]]


@pytest.mark.parametrize(
    ("given", "basis"),
    [
        ({"unit_price_net": "1"}, "NET"),
        ({"unit_price_gross": "1"}, "GROSS"),
        ({"row_total_net": "1"}, "NET"),
        ({"row_total_gross": "1"}, "GROSS"),
        ({"unit_price_net": "1", "row_total_gross": "1"}, "NET"),
        ({"unit_price_net": "1", "unit_price_gross": "1", "tax_calculation_basis": "GROSS"}, "GROSS"),
        ({"unit_price_gross": "1", "tax_calculation_basis": "NET"}, "NET"),
    ],
)
def test_the_agreed_side_is_said_or_the_one_that_is_given(given: dict[str, Any], basis: str) -> None:
    assert basis_of(a_line(**given)) == basis


def test_amounts_follow_from_price_and_quantity() -> None:
    row = good(unit_price_net="3.335", quantity="3")
    assert (row.unit_price, row.quantity, row.total, row.basis) == (D("3.335"), D(3), D("10.01"), "NET")
    row = good(unit_price_gross="2", quantity="3", unit_price_net="9", tax_calculation_basis="GROSS")
    assert (row.unit_price, row.total, row.basis) == (D(2), D(6), "GROSS")
    row = good(row_total_net="12.50")
    assert (row.unit_price, row.quantity, row.total) == (D("12.50"), D(1), D("12.50"))


def test_what_reduces_or_adds_is_part_of_the_total() -> None:
    extras = [
        {"ident": "d", "name": "Discount", "amount_net": "-2"},
        {"ident": "p", "name": "Packing", "amount_net": "0.50"},
    ]
    row = good(unit_price_net="10", quantity="2", pre_tax_extras=extras)
    assert (row.total, [extra.total.net for extra in row.extras]) == (D("18.50"), [D(-2), D("0.50")])
    row = good(row_total_net="18.50", pre_tax_extras=extras)
    assert (row.unit_price, row.total) == (D(20), D("18.50"))
    gross = [{"ident": "d", "name": "Discount", "amount_gross": "-3"}]
    assert good(unit_price_gross="10", pre_tax_extras=gross).total == D(7)


def test_what_pays_for_a_row_reduces_what_is_payable() -> None:
    row = good(unit_price_net="10", post_tax_extras=[{"ident": "v", "name": "Voucher", "amount_gross": "4"}])
    assert row.post_tax == (PostTaxItem(ident="v", name="Voucher", amount=D(-4)),)
    assert row.total == D(10)


def test_a_row_without_a_price_says_so() -> None:
    assert bad() == [("unit_price_missing", "lineItems[0].unitPriceGross")]
    assert bad(row_total_net="10", quantity="2") == [("unit_price_missing", "lineItems[0].unitPriceNet")]
    assert bad(unit_price_net="10", tax_calculation_basis="GROSS") == [("unit_price_missing", "lineItems[0].unitPriceGross")]


@pytest.mark.parametrize(
    ("given", "start", "end", "tax_date"),
    [
        ({}, None, None, None),
        ({"delivery_date": "2026-03-05"}, None, None, "2026-03-05"),
        ({"period_start_date": "2026-03-01", "period_end_date": "2026-03-31"}, "2026-03-01", "2026-04-01", "2026-03-31"),
        ({"period_end_date": "2026-03-31"}, "2026-03-31", "2026-04-01", "2026-03-31"),
        ({"period_start_date": "2026-03-01"}, "2026-03-01", "2026-03-02", "2026-03-01"),
        (
            {"period_start_date": "2026-03-01", "period_end_date": "2026-03-01", "delivery_date": "2026-05-01"},
            "2026-03-01",
            "2026-03-02",
            "2026-03-01",
        ),
    ],
)
def test_a_supply_is_completed_on_the_last_day_of_its_period(
    given: dict[str, str], start: str | None, end: str | None, tax_date: str | None
) -> None:
    row = good(unit_price_net="1", **{name: dt.date.fromisoformat(text) for name, text in given.items()})
    found = (row.service_start, row.service_end, row.tax_date)
    assert [day and day.isoformat() for day in found] == [start, end, tax_date]


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    dates = {"period_start_date": dt.date(2026, 3, 2), "period_end_date": dt.date(2026, 3, 1)}
    assert ("period_ends_before_it_starts", "lineItems[0].periodEndDate") in bad(unit_price_net="1", **dates)


@pytest.mark.parametrize(
    ("config", "is_wrong"),
    [
        (None, False),
        ({"type": "IMMEDIATELY"}, False),
        ({"type": "ON_HOLD"}, False),
        ({"type": "AT_DATE", "date": dt.date(2026, 3, 1)}, False),
        ({"type": "AT_DATE"}, True),
        ({"type": "ON_HOLD", "date": dt.date(2026, 3, 1)}, True),
    ],
)
def test_only_at_date_has_a_date(config: dict[str, Any] | None, is_wrong: bool) -> None:
    found = bad(unit_price_net="1", processing_config=config)
    assert found == ([("processing_date_unclear", "lineItems[0].processingConfig.date")] if is_wrong else [])


@pytest.mark.parametrize(
    ("given", "is_wrong"),
    [
        ({"row_total_net": "100", "tax": "19"}, False),
        ({"row_total_net": "100", "tax": "19.01"}, False),
        ({"row_total_net": "100", "tax": "19.02"}, True),
        ({"row_total_net": "100", "tax": "18.98"}, True),
        ({"row_total_gross": "119", "tax": "19"}, False),
        ({"row_total_gross": "119", "tax": "22.61"}, True),
        ({"unit_price_net": "100", "tax": "50"}, True),
        ({"unit_price_net": "100", "tax": "19"}, False),
    ],
)
def test_the_tax_that_a_customer_was_told_is_that_of_the_row(given: dict[str, str], is_wrong: bool) -> None:
    """To a cent; what has no total has the one that comes of its price."""
    tax = {"tax_rate": "19", "row_total_tax": given.pop("tax")}
    found = bad(**given, tax_information=[tax])
    assert found == ([("tax_differs", "lineItems[0].taxInformation[0].rowTotalTax")] if is_wrong else [])


def test_places_are_each_others_and_the_sellers() -> None:
    austria, france = Location(country="AT"), Location(country="FR")
    row = good(unit_price_net="1")
    assert (row.tax_location, row.performance_location) == (HOME, HOME)
    row = good(unit_price_net="1", tax_location=austria)
    assert (row.tax_location, row.performance_location) == (austria, austria)
    row = good(unit_price_net="1", performance_location=france)
    assert (row.tax_location, row.performance_location) == (france, france)
    row = good(unit_price_net="1", tax_location=austria, performance_location=france)
    assert (row.tax_location, row.performance_location) == (austria, france)
    assert bad(unit_price_net="1", tax_location=Location(country="QQ"))[0] == (
        "country_unknown",
        "lineItems[0].taxLocation.country",
    )


def test_findings_of_the_document_are_named_as_the_order_names_them() -> None:
    found = bad(unit_price_net="10", quantity="2", original_row_total_net="25", row_total_net="25")
    assert found and all(field is not None and field.startswith("lineItems[0].") for _, field in found)
    assert {field for _, field in found} <= {"lineItems[0].originalRowTotalNet", "lineItems[0].rowTotalNet"}


def an_allowance(kind: str, net: str, gross: str, rate: str = "19", **values: Any) -> AllowanceBody:
    body = {"ident": "a", "name": "Less", "item_type": kind, "row_total_net": net, "row_total_gross": gross}
    return validated(AllowanceBody, {**body, "tax_information": [{"tax_rate": rate}], **values})


@pytest.mark.parametrize(
    ("kind", "basis", "pays", "total"),
    [
        ("DISCOUNT_USE", "NET", False, "100"),
        ("DISCOUNT_USE", "GROSS", False, "119"),
        ("MULTI_PURPOSE_VOUCHER_USE", "NET", True, "119"),
        ("GOVERNMENT_GRANT", "NET", True, "119"),
        ("TRADE_IN", "GROSS", True, "119"),
    ],
)
def test_a_discount_reduces_on_the_orders_side_and_the_others_pay_their_gross(
    kind: str, basis: Any, pays: bool, total: str
) -> None:
    row, problems = allowance_row(an_allowance(kind, "100", "119"), "EUR", HOME, basis, "allowances[0]", lambda row: NOT_KNOWN)
    assert (problems, row.pays, row.total, row.unit_price, row.quantity) == ([], pays, D(total), D(total), D(1))
    assert (row.category, row.tax_location) == ("DISCOUNT", HOME)


@pytest.mark.parametrize(("gross", "is_wrong"), [("119", False), ("119.01", False), ("118.98", True), ("119.02", True)])
def test_the_gross_of_an_allowance_is_its_net_with_its_tax(gross: str, is_wrong: bool) -> None:
    for kind in ("DISCOUNT_USE", "TRADE_IN"):
        _, problems = allowance_row(an_allowance(kind, "100", gross), "EUR", HOME, "NET", "allowances[0]", lambda row: NOT_KNOWN)
        assert [problem.code for problem in problems] == (["gross_differs"] if is_wrong else [])


def test_what_pays_may_bear_no_tax() -> None:
    _, problems = allowance_row(an_allowance("TRADE_IN", "119", "119"), "EUR", HOME, "NET", "allowances[0]", lambda row: NOT_KNOWN)
    assert problems == []


def test_places_of_a_discount_are_each_others_and_the_sellers() -> None:
    austria, france = Location(country="AT"), Location(country="FR")
    for given, taxed, performed in (
        ({}, HOME, HOME),
        ({"tax_location": austria}, austria, austria),
        ({"performance_location": france}, france, france),
        ({"tax_location": austria, "performance_location": france}, austria, france),
    ):
        body = an_allowance("DISCOUNT_USE", "100", "119", **given)
        row, problems = allowance_row(body, "EUR", HOME, "NET", "allowances[0]", lambda row: NOT_KNOWN)
        assert (problems, row.tax_location, row.performance_location) == ([], taxed, performed)


def test_the_document_that_bills_a_discount_would_refuse_it_for_the_same_reasons() -> None:
    body = an_allowance("DISCOUNT_USE", "100", "100", rate="0", tax_information=[{"tax_rate": 0, "tax_category_code": "E"}])
    _, problems = allowance_row(body, "EUR", HOME, "NET", "allowances[0]", lambda row: NOT_KNOWN)
    assert [(problem.code, problem.field) for problem in problems] == [
        ("exemption_reason_missing", "allowances[0].taxInformation[0].taxExemptionReasonText")
    ]
    pays = an_allowance("TRADE_IN", "100", "100", rate="0", tax_information=[{"tax_rate": 0, "tax_category_code": "E"}])
    assert allowance_row(pays, "EUR", HOME, "NET", "allowances[0]", lambda row: NOT_KNOWN)[1] == []


def a_deposit(*rates: int, language: str = "de", **values: Any) -> tuple[BillableRow, list[Problem]]:
    body = validated(AgreedDepositBody, {"ident": "d", "gross_value": "119", **values})
    return deposit_row(body, "EUR", HOME, language, "agreedDeposits[0]", lambda row: Expected(tuple(map(D, rates))))


def test_a_deposit_is_agreed_in_gross() -> None:
    row, problems = a_deposit(tax_information=[{"tax_rate": 19}])
    assert problems == []
    assert (row.total, row.unit_price, row.basis, row.quantity, row.name) == (D(119), D(119), "GROSS", D(1), "Anzahlung")
    assert (row.tax_location, row.performance_location, [tax.rate for tax in row.taxes]) == (HOME, HOME, [D(19)])
    assert a_deposit(language="en")[0].name == "Deposit"
    assert a_deposit(name="First third")[0].name == "First third"


@pytest.mark.parametrize(
    ("given", "is_wrong"),
    [
        ({"net_value": "100"}, False),
        ({"net_value": "100.01"}, False),
        ({"net_value": "100.02"}, True),
        ({"net_value": "99.98"}, True),
        ({}, False),
    ],
)
def test_the_net_of_a_deposit_is_its_gross_without_tax(given: dict[str, str], is_wrong: bool) -> None:
    """Where its rate is said or known: without one, nobody knows yet how it will be taxed."""
    _, problems = a_deposit(19, **given)
    assert [(problem.code, problem.field) for problem in problems] == (
        [("net_differs", "agreedDeposits[0].netValue")] if is_wrong else []
    )
    assert a_deposit(**given)[1] == []


def test_findings_about_a_tax_have_the_names_of_orders() -> None:
    def named(**tax: Any) -> list[str | None]:
        return [field for _, field in bad(unit_price_net="1", tax_information=[{"tax_rate": 0, **tax}])]

    here = "lineItems[0].taxInformation[0]"
    assert named(tax_category_code="S") == [f"{here}.taxRate"]
    assert named(tax_rate=7, tax_category_code="E", tax_exemption_reason_text="frei") == [f"{here}.taxRate"]
    assert named(tax_rate=19, tax_exemption_reason_code="VATEX-EU-132") == [f"{here}.taxExemptionReasonCode"]
    assert named(tax_rate=19, tax_exemption_reason_text="frei") == [f"{here}.taxExemptionReasonText"]
    assert named(tax_category_code="E", tax_exemption_reason_code="VATEX-EU-IC") == [f"{here}.taxExemptionReasonCode"]
