"""Which case a payment goes to: the text, the strategies, the amount check."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_document, an_item

from contor.assignment.matching import candidates, document_numbers, found_by, why_not_a_strategy
from contor.assignment.rules import outcome
from contor.assignment.types import Assign, AssignmentConfiguration, Outcome, Reason, RegexStrategy
from contor.documents.types import CashDiscount, DocumentType, PaymentTerm
from contor.openitems.rules import open_case
from contor.openitems.types import Case

D = Decimal
DAY = dt.date(2026, 11, 25)


def a_strategy(expression: str, replace_with: str | None = None, **overrides: Any) -> RegexStrategy:
    return RegexStrategy(ident="s-1", regular_expression=expression, replace_with=replace_with, target_type="DOCUMENT", **overrides)


# --- the text -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("RE-2026-000123", ("RE-2026-000123",)),
        ("Rechnung RE-2026-000123, danke", ("RE-2026-000123",)),
        ("Rg.:RE-2026-000123.", ("RE-2026-000123.", "RE-2026-000123")),
        ("EREF+RE-2026-000123/KD4711", ("RE-2026-000123", "KD4711")),
        ("RE-1 RE-2 RE-1", ("RE-1", "RE-2")),
        ("XRE-2026-0001234", ("XRE-2026-0001234",)),
        ("Miete November", ()),
        ("Größe4", ("e4",)),
        ("", ()),
        ("9" * 101, ()),
        ("9" * 100, ("9" * 100,)),
    ],
)
def test_document_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert document_numbers(text) == numbers


def test_a_flood_of_numbers_is_cut_off() -> None:
    assert len(document_numbers(" ".join(str(number) for number in range(5000)))) == 100


@pytest.mark.parametrize(
    ("expression", "replace_with", "text", "found"),
    [
        (r"RE-\d+", None, "RE-1, RE-22 RE-1", ("RE-1", "RE-22")),
        (r"RG (\d{4})/(\d+)", "RE-$1-$2", "zu RG 2026/77", ("RE-2026-77",)),
        (r"(?P<year>\d{4})/(?P<no>\d+)", "${no}.${year}", "2026/77", ("77.2026",)),
        (r"(?<no>\d+)", "A${no}", "7", ("A7",)),
        (r"(\d+) EUR", r"\$$1", "12 EUR", ("$12",)),
        (r"(\d+)", r"\\$1", "12", ("\\12",)),
        (r"(\d)(\d)?x", "$1-$2", "3x", ("3-",)),
        (r"(\d)", "$12", "3", ("32",)),
        (r"(\d)", "$0!", "3", ("3!",)),
        (r"(?i)re-\d+", None, "re-1", ("re-1",)),
        (r"a*", None, "bbb", ()),
        (r"RE-\d+", None, "nothing", ()),
        (r"ß+", None, "Straße", ("ß",)),
    ],
)
def test_regex_strategies(expression: str, replace_with: str | None, text: str, found: tuple[str, ...]) -> None:
    strategy = a_strategy(expression, replace_with)
    assert why_not_a_strategy(strategy) == []
    assert found_by(strategy, text) == found


@pytest.mark.parametrize(
    ("expression", "replace_with", "codes"),
    [
        (" RE", None, ["regular_expression_has_outer_blanks"]),
        ("RE ", None, ["regular_expression_has_outer_blanks"]),
        ("(RE", None, ["regular_expression_invalid"]),
        (" (RE", None, ["regular_expression_has_outer_blanks", "regular_expression_invalid"]),
        (r"(a)\1", None, ["regular_expression_invalid"]),
        (r"(?=a)", None, ["regular_expression_invalid"]),
        (r"((a{100}){100}){100}", None, ["regular_expression_invalid"]),
        ("(a)", "$2", ["replacement_group_unknown"]),
        ("(a)", "$12", []),
        ("(a)", "$22", ["replacement_group_unknown"]),
        ("(a)", "${b}", ["replacement_group_unknown"]),
        ("a", r"\$1", []),
    ],
)
def test_what_is_no_strategy(expression: str, replace_with: str | None, codes: list[str]) -> None:
    assert [problem.code for problem in why_not_a_strategy(a_strategy(expression, replace_with))] == codes


@pytest.mark.parametrize(
    ("strategy", "text", "expected"),
    [
        (None, "RE-1 und RE-2", ("RE-1", "RE-2")),
        (None, "Danke", Reason.NO_MATCH),
        (a_strategy(r"RE-\d+"), "RE-1 und RE-2", ("RE-1", "RE-2")),
        (a_strategy(r"RE-\d+"), "Danke", Reason.NO_MATCH),
        (a_strategy(r"RE-\d+", fail_on_multiple_matches=True), "RE-1 und RE-2", Reason.SEVERAL_MATCHES),
        (a_strategy(r"RE-\d+", fail_on_multiple_matches=True), "RE-1 und RE-1", ("RE-1",)),
    ],
)
def test_candidates(strategy: RegexStrategy | None, text: str, expected: tuple[str, ...] | Reason) -> None:
    assert candidates(strategy, text) == expected


def test_an_expression_that_hangs_other_engines_does_not_hang() -> None:
    """It would take them longer than the universe has, and the test run with it."""
    assert found_by(a_strategy("(a+)+$"), "a" * 9_999 + "!") == ()


# --- the amount ---------------------------------------------------------------------------------------------------------------


SKONTO = PaymentTerm(period_in_days=30, cash_discount=(CashDiscount(days=10, percentage=D(2)),))
NOTHING, BOTH = (
    AssignmentConfiguration(),
    AssignmentConfiguration(overpayment_assignment_to_documents=True, underpayment_assignment_to_documents=True),
)


def a_case(ident: str = "RE-1", net: str = "100.00", **overrides: Any) -> Case:
    case = open_case(a_document(ident=ident, items=(an_item(net),), **overrides))
    assert case is not None
    return case


def to(*parts: tuple[str, str] | tuple[str, str, str]) -> Outcome:
    return Outcome(
        assignments=tuple(
            Assign(case_ident=part[0], amount=D(part[1]), cash_discount=D(part[2]) if len(part) == 3 else None) for part in parts
        )
    )


def because(reason: Reason) -> Outcome:
    return Outcome(reason=reason)


ONE, TWO = a_case("RE-1"), a_case("RE-2", "50.00")


@pytest.mark.parametrize(
    ("amount", "cases", "configuration", "expected"),
    [
        ("119.00", [ONE], NOTHING, to(("RE-1", "119.00"))),
        ("119.01", [ONE], NOTHING, because(Reason.OVERPAID)),
        ("119.01", [ONE], BOTH, to(("RE-1", "119.01"))),
        ("118.99", [ONE], NOTHING, because(Reason.UNDERPAID)),
        ("118.99", [ONE], BOTH, to(("RE-1", "118.99"))),
        ("59.50", [ONE, TWO], NOTHING, to(("RE-2", "59.50"))),
        ("178.50", [ONE, TWO], NOTHING, to(("RE-1", "119.00"), ("RE-2", "59.50"))),
        ("178.49", [ONE, TWO], NOTHING, because(Reason.UNDERPAID)),
        ("178.51", [ONE, TWO], NOTHING, because(Reason.OVERPAID)),
        ("178.51", [ONE, TWO], BOTH, to(("RE-1", "119.00"), ("RE-2", "59.51"))),
        ("10.00", [ONE, TWO], NOTHING, because(Reason.UNDERPAID)),
        ("10.00", [ONE, TWO], BOTH, because(Reason.EQUALLY_DUE)),
        ("119.00", [], NOTHING, because(Reason.TARGET_NOT_FOUND)),
        ("119.00", [a_case(document_type=DocumentType.CREDIT_MEMO)], NOTHING, because(Reason.TARGET_NOT_FOUND)),
        ("119.00", [a_case(net="0.00")], BOTH, because(Reason.TARGET_CLOSED)),
        ("-119.00", [ONE], BOTH, because(Reason.NOT_A_RECEIPT)),
        ("119.00", [a_case(currency="USD")], BOTH, because(Reason.CURRENCY_DIFFERS)),
        ("116.62", [a_case(payment_term=SKONTO)], NOTHING, to(("RE-1", "116.62", "2.38"))),
        ("119.00", [a_case(payment_term=SKONTO)], NOTHING, to(("RE-1", "119.00"))),
        ("117.00", [a_case(payment_term=SKONTO)], NOTHING, to(("RE-1", "117.00", "2.00"))),
        ("116.61", [a_case(payment_term=SKONTO)], NOTHING, because(Reason.UNDERPAID)),
        # who pays another one in full, or less all of its Skonto, has not deducted a part of it
        ("117.00", [a_case(payment_term=SKONTO), a_case("RE-3", "98.32")], NOTHING, to(("RE-3", "117.00"))),
        (
            "117.06",
            [a_case(payment_term=SKONTO), a_case("RE-4", "100.38", payment_term=SKONTO)],
            NOTHING,
            to(("RE-4", "117.06", "2.39")),
        ),
        ("176.12", [a_case(payment_term=SKONTO), TWO], NOTHING, to(("RE-1", "116.62", "2.38"), ("RE-2", "59.50"))),
    ],
)
def test_the_amount_check(amount: str, cases: list[Case], configuration: AssignmentConfiguration, expected: Outcome) -> None:
    assert outcome(D(amount), "EUR", DAY, cases, configuration) == expected


def test_skonto_too_late_is_an_underpayment() -> None:
    case = a_case(payment_term=SKONTO)
    late = case.document_date + dt.timedelta(days=11)
    assert outcome(D("116.62"), "EUR", late, [case], NOTHING) == because(Reason.UNDERPAID)
    assert outcome(D("116.62"), "EUR", late, [case], BOTH) == to(("RE-1", "116.62"))


@pytest.mark.parametrize(("amount", "expected"), [("118.00", to(("RE-1", "118.00"))), ("120.00", because(Reason.OVERPAID))])
def test_orders_have_switches_of_their_own(amount: str, expected: Outcome) -> None:
    assert outcome(D(amount), "EUR", DAY, [ONE], NOTHING, target_type="ORDER") == expected
