"""Which number of the return a line of the journal belongs to; whole euros, and what is to be paid."""

from decimal import Decimal

import pytest

from contor.bookkeeping.chart.chart import SKR03, SKR04
from contor.bookkeeping.roles import Role
from contor.reports.vat import LINES, declared, line_of, payable
from contor.reports.vat.lines import TAX_ROLES, is_uncollectable, tax_declared

D = Decimal


@pytest.mark.parametrize(
    ("role", "key", "country", "number"),
    [
        (Role.TAX_19, "S19", None, "81"),
        (Role.TAX_7, "S7", None, "86"),
        (Role.TAX_16, "S16", None, "35"),
        (Role.TAX_OTHER, "S", None, "35"),
        (Role.TAX_OTHER, "S", "DE", "35"),
        (Role.TAX_OTHER, "S", "CH", "ABROAD"),
        (Role.TAX_OSS_DIGITAL, "OSS-D", "FR", "OSS"),
        (Role.TAX_NOT_DUE_19, "S19", None, "NOT_DUE"),
        (Role.TAX_WRONGLY_SHOWN, "14C", None, "69"),
        (Role.TAX_REVERSE_CHARGE, "RC19", "IE", "46"),
        (Role.TAX_REVERSE_CHARGE, "RC19", "US", "84"),
        (Role.TAX_REVERSE_CHARGE, "RC19", "DE", "84"),
        (Role.TAX_REVERSE_CHARGE, "RC19", None, "84"),
        (Role.INPUT_TAX_19, "V19", None, "66"),
        (Role.INPUT_TAX_REVERSE_CHARGE, "RC19", "IE", "67"),
        (Role.REVENUE_INTRA_COMMUNITY, "K", None, "41"),
        (Role.REVENUE_REVERSE_CHARGE_EU, "AE-EU", None, "21"),
        (Role.REVENUE_TRIANGULAR, "AE-25B", None, "42"),
        (Role.CASH_DISCOUNT_REVERSE_CHARGE_EU, "AE-EU", None, "21"),
        (Role.REDUCTION_OTHER, "AE-EU", None, "21"),
        (Role.REVENUE_REVERSE_CHARGE_DOMESTIC, "AE-DE", None, "60"),
        (Role.REVENUE_THIRD_COUNTRY, "O-3RD", None, "45"),
        (Role.REVENUE_OSS_DIGITAL, "OSS-D", "FR", "45"),
        (Role.REVENUE_EXPORT, "G", None, "43"),
        (Role.REVENUE_EXEMPT, "E", None, "48"),
        (Role.REVENUE_ZERO_RATED, "Z", None, "87"),
        (Role.REVENUE_SMALL_BUSINESS, "E19", None, "E19"),
        (Role.REVENUE_19, "S19", None, None),  # its base stands with its tax
        (Role.OTHER_INCOME, "O", None, None),
        (None, None, None, None),
    ],
)
def test_a_line_has_its_number(role: Role | None, key: str | None, country: str | None, number: str | None) -> None:
    assert line_of(role, key, country, "DE") == number


def test_every_account_of_tax_has_a_number_that_the_form_lists() -> None:
    for chart in (SKR03, SKR04):
        for role, account in chart.items():
            found = line_of(role, account.tax_key, None, "DE")
            assert (role in TAX_ROLES) == (account.group == "TAX"), role
            assert found is None or found in LINES
            assert found is not None or account.group != "TAX"


@pytest.mark.parametrize(
    ("base", "whole"), [("1080.99", 1080), ("0.99", 0), ("-0.99", 0), ("-20.01", -20), ("100.00", 100), ("0", 0)]
)
def test_cents_of_a_base_are_cut_off(base: str, whole: int) -> None:
    assert declared(D(base)) == whole


def test_the_form_computes_the_tax_of_known_rates_only() -> None:
    assert tax_declared(LINES["81"], D("1080.54"), D("205.31")) == D("205.20")
    assert tax_declared(LINES["86"], D("200.30"), D("14.02")) == D("14.00")
    assert tax_declared(LINES["35"], D("50.40"), D("8.06")) == D("8.06")


def test_what_is_to_be_paid_is_what_is_owed_less_what_is_deducted() -> None:
    taxes = {
        "81": D("190.00"),
        "47": D(0),
        "46": D("19.00"),
        "66": D("50.00"),
        "67": D("19.00"),
        "50": D("7.00"),
        "NOT_DUE": D("3.00"),
    }
    del taxes["47"]
    assert payable(taxes) == D("140.00")


@pytest.mark.parametrize(
    ("kind", "line", "is_named"),
    [("UNCOLLECTABLE_RECEIVABLE", "81", True), ("UNCOLLECTABLE_RECEIVABLE", "NOT_DUE", False), ("CASH_DISCOUNT", "81", False)],
)
def test_only_what_was_due_and_is_lost_is_named_as_a_reduction(kind: str, line: str, is_named: bool) -> None:
    assert is_uncollectable(kind, line) is is_named
