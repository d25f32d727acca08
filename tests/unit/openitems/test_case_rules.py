"""How an open item begins, moves and ends; every refusal."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_customer, a_document, a_seller, an_item, totals_of

from contor.assignment.discounts import cash_discount_amount, granted_cash_discount
from contor.documents.treatment import tax_parts
from contor.documents.types import (
    Address,
    CashDiscount,
    DocumentType,
    ExchangeRate,
    LedgerCurrency,
    PaymentTerm,
    PostTaxItem,
    Prepaid,
)
from contor.kernel.shapes import replace
from contor.openitems.bounces import reversed_movement
from contor.openitems.deposits import close_deposit, move_deposit, return_deposit
from contor.openitems.rules import (
    decide,
    moved,
    open_case,
    pay,
    why_not_decidable,
)
from contor.openitems.types import Case, DecisionType, MovementKind

D = Decimal
DAY = dt.date(2026, 11, 20)


def a_case(**overrides: Any) -> Case:
    case = open_case(a_document(**overrides))
    assert case is not None
    return case


def a_deposit(relevant: bool = True) -> Case:
    items = (an_item("1000.00"),)
    return a_case(document_type=DocumentType.DEPOSIT_INVOICE, items=items, deposit_receivable_relevant=relevant)


@pytest.mark.parametrize(
    ("document_type", "opening", "side", "payable"),
    [
        (DocumentType.INVOICE, "119.00", "DEBIT", False),
        (DocumentType.CREDIT_MEMO, "-119.00", "CREDIT", False),
        (DocumentType.DEPOSIT_INVOICE, "119.00", "DEBIT", False),
        (DocumentType.SELF_BILLING_INVOICE, "-119.00", "CREDIT", True),
        (DocumentType.SELF_BILLING_INVOICE_CORRECTION, "119.00", "DEBIT", True),
    ],
)
def test_opening_by_type(document_type: DocumentType, opening: str, side: str, payable: bool) -> None:
    parties = {"seller": a_customer(), "customer": a_seller()} if "SELF" in document_type else {}
    case = a_case(document_type=document_type, **parties)
    assert (case.opening, case.balance, case.ledger_balance) == (D(opening), D(opening), D(opening))
    assert (case.side, case.is_payable, case.outstanding, case.is_closed) == (side, payable, D("119.00"), False)
    assert (case.ident, case.document_ident, case.due_date) == ("RE-2026-000123", "RE-2026-000123", dt.date(2026, 12, 4))
    assert sum(part.gross for part in case.groups) == D(opening)


def test_a_deposit_correction_opens_no_case() -> None:
    assert open_case(a_document(document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION)) is None


@pytest.mark.parametrize("relevant", [True, False])
def test_a_deposit_without_receivable_is_a_memo(relevant: bool) -> None:
    assert a_deposit(relevant).is_memo is not relevant


def test_a_document_of_nothing_is_closed_at_once() -> None:
    case = a_case(items=(an_item("100.00"), an_item("-100.00", position=2)))
    assert (case.is_closed, case.balance, case.side) == (True, D(0), "DEBIT")


def test_vouchers_and_prepayments_are_no_open_item() -> None:
    voucher = PostTaxItem(ident="p-1", name="Gift card", amount=D("-50.00"))
    prepaid = Prepaid(reference="x", date=DAY, amount=D("9.00"))
    case = a_case(post_tax_items=(voucher,), prepaid=(prepaid,), totals=totals_of((an_item(),), prepaid="59.00"))
    assert (case.opening, case.ledger_opening) == (D("60.00"), D("60.00"))


# --- payments -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "balance", "side", "closed"),
    [
        (["119.00"], "0.00", "DEBIT", True),
        (["19.00"], "100.00", "DEBIT", False),
        (["19.00", "100.00"], "0.00", "DEBIT", True),
        (["120.00"], "-1.00", "CREDIT", False),
        (["120.00", "-1.00"], "0.00", "DEBIT", True),
        (["119.00", "-119.00"], "119.00", "DEBIT", False),
    ],
)
def test_payments_move_the_balance(amounts: list[str], balance: str, side: str, closed: bool) -> None:
    case = a_case()
    for amount in amounts:
        movement = pay(case, D(amount))
        assert (movement.kind, movement.amount, movement.parts) == (MovementKind.PAYMENT, -D(amount), ())
        case = moved(case, movement)
    assert (case.balance, case.side, case.is_closed) == (D(balance), side, closed)
    assert case.ledger_balance == case.balance


def test_paying_out_a_credit_memo() -> None:
    case = a_case(document_type=DocumentType.CREDIT_MEMO)
    assert moved(case, pay(case, D(-119))).is_closed


def test_an_overpayment_in_foreign_currency_keeps_the_rate_of_its_payment() -> None:
    case = replace(a_case(), currency="USD", ledger_currency="EUR", ledger_opening=D("109.68"), ledger_balance=D("109.68"))
    movement = pay(case, D("129.00"), D("117.27"))
    after = moved(case, movement)
    assert (after.balance, after.ledger_balance) == (D("-10.00"), D("-9.09"))


@pytest.mark.parametrize("relevant", [True, False])
def test_a_receipt_taken_back_is_untaxed_again(relevant: bool) -> None:
    case = a_deposit(relevant)
    movement = pay(case, D("400.00"))
    assert [(part.net, part.tax, part.gross) for part in movement.parts] == [(D("336.13"), D("63.87"), D("400.00"))]
    after = moved(moved(case, movement), reversed_movement(movement))
    assert after.balance == case.balance
    assert [part.gross for part in after.settled] == [D(0)]
    again = pay(after, D("1190.00"))
    assert [part.tax for part in again.parts] == [D("190.00")]


# --- Skonto -------------------------------------------------------------------------------------------------------------------


SKONTO = PaymentTerm(
    period_in_days=30, cash_discount=(CashDiscount(days=7, percentage=D(3)), CashDiscount(days=14, percentage=D(2)))
)


@pytest.mark.parametrize(
    ("amount", "day", "granted"),
    [
        ("115.43", 0, "3.57"),
        ("115.43", 7, "3.57"),
        ("115.43", 8, None),
        ("116.62", 7, "2.38"),
        ("116.62", 14, "2.38"),
        ("116.62", 15, None),
        ("116.61", 7, "2.39"),  # less than the higher one
        ("116.61", 14, None),
        ("116.63", 14, "2.37"),
        ("118.99", 14, "0.01"),
        ("118.99", 15, None),
        ("119.00", 7, None),
        ("0.00", 7, None),
        ("-3.57", 7, None),
        ("122.57", 7, None),
    ],
)
def test_skonto_is_earned_by_who_deducts_no_more_than_was_agreed_in_time(amount: str, day: int, granted: str | None) -> None:
    case = a_case(payment_term=SKONTO)
    found = granted_cash_discount(case, D(amount), case.document_date + dt.timedelta(days=day))
    assert found == (None if granted is None else D(granted))


@pytest.mark.parametrize(
    ("credited", "amount", "granted"),
    [
        ("0.00", "235.00", "3.00"),
        ("0.00", "233.23", None),
        ("119.00", "233.24", "2.38"),  # the credit is his, the discount of what it has left
        ("119.00", "235.00", "2.38"),
        ("119.00", "236.00", "2.00"),
        ("119.00", "200.00", None),
        ("119.00", "119.00", None),  # he has taken the credit off, and nothing else
        ("119.00", "117.00", "2.00"),
        ("119.00", "116.62", "2.38"),
        ("119.00", "116.61", None),
        ("238.00", "235.00", None),
    ],
)
def test_what_is_missing_is_granted(credited: str, amount: str, granted: str | None) -> None:
    """Of 238.00, with 2 % agreed."""
    term = replace(SKONTO, cash_discount=SKONTO.cash_discount[1:])
    case = replace(a_case(items=(an_item("200.00"),), payment_term=term), credited=D(credited))
    assert granted_cash_discount(case, D(amount), case.document_date) == (None if granted is None else D(granted))


@pytest.mark.parametrize(
    ("dated", "paid", "state", "in_time"),
    [
        (dt.date(2026, 11, 7), dt.date(2026, 11, 23), None, True),  # the 14th day is a Saturday
        (dt.date(2026, 11, 7), dt.date(2026, 11, 24), None, False),
        (dt.date(2026, 12, 11), dt.date(2026, 12, 28), None, True),  # Christmas, then a weekend
        (dt.date(2026, 12, 11), dt.date(2026, 12, 29), None, False),
        (dt.date(2026, 5, 21), dt.date(2026, 6, 5), "Bayern", True),  # Corpus Christi
        (dt.date(2026, 5, 21), dt.date(2026, 6, 5), "Berlin", False),
    ],
)
def test_the_last_day_of_skonto_is_a_working_day(dated: dt.date, paid: dt.date, state: str | None, in_time: bool) -> None:
    """Of the 14 days; section 193 BGB, by the company's holidays."""
    seller = a_seller(address=Address(street="Weg", zip="1000", city="Ort", state=state))
    case = a_case(document_date=dated, payment_term=SKONTO, seller=seller)
    assert granted_cash_discount(case, D("116.62"), paid) == (D("2.38") if in_time else None)
    late = moved(case, pay(case, D("19.00"), paid_on=paid))
    assert granted_cash_discount(late, D("97.62"), dated) == (D("2.38") if in_time else None)


def test_skonto_of_the_last_of_several_payments() -> None:
    case = a_case(payment_term=SKONTO)
    case = moved(case, pay(case, D("19.00")))
    assert granted_cash_discount(case, D("96.43"), case.document_date) == D("3.57")


@pytest.mark.parametrize(
    ("first", "on_day", "second", "day", "granted"),
    [
        ("19.00", 0, "96.43", 7, "3.57"),
        ("19.00", 8, "96.43", 7, None),  # what came first was too late for the higher one
        ("19.00", 8, "97.62", 14, "2.38"),
        ("19.00", 15, "97.62", 14, None),
        ("1.00", 15, "116.62", 14, "1.38"),  # paid in time without it: what is missing is granted
    ],
)
def test_all_that_skonto_rests_on_was_paid_in_time(first: str, on_day: int, second: str, day: int, granted: str | None) -> None:
    case = a_case(payment_term=SKONTO)

    def after(days: int) -> dt.date:
        return case.document_date + dt.timedelta(days=days)

    earlier = pay(case, D(first), paid_on=after(on_day))
    found = granted_cash_discount(moved(case, earlier), D(second), after(day))
    assert found == (None if granted is None else D(granted))
    gone = moved(moved(case, earlier), reversed_movement(earlier))
    assert granted_cash_discount(gone, D("116.62"), after(14)) == D("2.38")


def test_no_skonto_on_deposits_credits_and_payables() -> None:
    for document_type in DocumentType:
        case = open_case(a_document(document_type=document_type, payment_term=SKONTO))
        if case is not None:
            assert bool(case.cash_discount) is (document_type is DocumentType.INVOICE)


def test_skonto_is_rounded_half_away_from_zero() -> None:
    case = a_case(items=(an_item("0.50", "0"),), payment_term=SKONTO)
    assert cash_discount_amount(case, CashDiscount(days=7, percentage=D(3))) == D("0.02")


# --- decisions ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "balance", "codes"),
    [
        *[(decision, "119.00", []) for decision in DecisionType if decision is not DecisionType.OTHER_REVENUE],
        (DecisionType.OTHER_REVENUE, "119.00", ["decision_does_not_fit_side"]),
        (DecisionType.OTHER_REVENUE, "-1.00", []),
        (DecisionType.EXTERNAL_CLOSED, "-1.00", []),
        (DecisionType.DISCOUNT, "-1.00", ["decision_does_not_fit_side"]),
        (DecisionType.DISCOUNT, "0.00", ["opos_case_already_closed"]),
    ],
)
def test_a_decision_must_fit_the_side(decision: DecisionType, balance: str, codes: list[str]) -> None:
    case = replace(a_case(), balance=D(balance))
    assert [problem.code for problem in why_not_decidable(case, decision, None)] == codes


@pytest.mark.parametrize(
    ("amount", "codes"),
    [
        ("119.00", []),
        ("0.01", []),
        ("0.00", ["decision_amount_invalid"]),
        ("-1.00", ["decision_amount_invalid"]),
        ("1.001", ["decision_amount_invalid"]),
        ("119.01", ["decision_exceeds_balance"]),
    ],
)
def test_the_amount_of_a_decision(amount: str, codes: list[str]) -> None:
    assert [problem.code for problem in why_not_decidable(a_case(), DecisionType.DISCOUNT, D(amount))] == codes


def test_all_findings_at_once() -> None:
    case = replace(a_case(), prebooked=D("10.00"))
    assert [problem.code for problem in why_not_decidable(case, DecisionType.OTHER_REVENUE, None)] == [
        "decision_does_not_fit_side",
        "decision_amount_required",
    ]
    assert why_not_decidable(case, DecisionType.DISCOUNT, D("10.00")) == []


def test_doubtful_is_a_state_of_the_whole_case() -> None:
    case = a_case()
    assert [problem.code for problem in why_not_decidable(case, DecisionType.DOUBTFUL_RECEIVABLE, D("10.00"))] == [
        "doubtful_is_the_whole_balance"
    ]
    movement = decide(case, DecisionType.DOUBTFUL_RECEIVABLE)
    doubtful = moved(case, movement)
    assert (doubtful.balance, doubtful.doubtful) == (D("119.00"), True)
    assert [problem.code for problem in why_not_decidable(doubtful, DecisionType.DOUBTFUL_RECEIVABLE, None)] == [
        "case_already_doubtful"
    ]
    assert moved(doubtful, reversed_movement(movement)).doubtful is False


def test_the_rest_of_a_deposit_is_corrected_not_decided() -> None:
    for decision in DecisionType:
        codes = [problem.code for problem in why_not_decidable(a_deposit(), decision, None)]
        assert codes == (["decision_does_not_fit_side"] if decision is DecisionType.OTHER_REVENUE else ["deposit_needs_correction"])


def test_a_decision_is_split_over_the_tax_groups_by_gross() -> None:
    case = a_case(items=(an_item("100.00"), an_item("50.00", "7", 2)))
    movement = decide(case, DecisionType.CASH_DISCOUNT, D("3.45"))
    assert [(part.rate, part.net, part.tax, part.gross) for part in movement.parts] == [
        (D(19), D("2.00"), D("0.38"), D("2.38")),
        (D(7), D("1.00"), D("0.07"), D("1.07")),
    ]
    assert (movement.amount, movement.decision) == (D("-3.45"), DecisionType.CASH_DISCOUNT)
    assert moved(case, reversed_movement(movement)).balance == D("175.95")


@pytest.mark.parametrize("decision", [DecisionType.BANK_FEE, DecisionType.EXTERNAL_CLOSED])
def test_what_changes_no_consideration_has_no_tax(decision: DecisionType) -> None:
    assert decide(a_case(), decision).parts == ()


def test_a_deposit_in_foreign_currency_goes_back_at_the_rate_at_which_it_was_billed() -> None:
    exchange = ExchangeRate(rate=D("1.25"), date=DAY)
    ledger = LedgerCurrency(currency="EUR", exchange_rate=exchange, tax=D("152.00"), gross=D("952.00"))
    items = (an_item("1000.00"),)
    case = a_case(
        document_type=DocumentType.DEPOSIT_INVOICE, items=items, deposit_receivable_relevant=True, currency="USD", ledger=ledger
    )
    case = moved(case, pay(case, D("1190.00"), D("952.00")))
    back = return_deposit(case, D("595.00"))
    assert (back.amount, back.ledger_amount) == (D(0), D(0))
    assert [(part.net, part.tax, part.gross) for part in back.parts] == [(D("-500.00"), D("-95.00"), D("-595.00"))]
    assert [(part.net, part.tax, part.gross) for part in back.ledger_parts] == [(D("-400.00"), D("-76.00"), D("-476.00"))]


@pytest.mark.parametrize(("rounding", "prepaid", "received"), [("-0.01", "0", None), ("0.01", "0", None), ("0", "59.50", "59.50")])
def test_what_is_rounded_is_not_received(rounding: str, prepaid: str, received: str | None) -> None:
    paid = (Prepaid(reference="x", date=DAY, amount=D(prepaid)),) if D(prepaid) else ()
    totals = totals_of((an_item(),), prepaid=prepaid, rounding=rounding)
    case = open_case(a_document(prepaid=paid, totals=totals), cash_taxation=True)
    assert case is not None
    assert [part.gross for part in case.settled] == ([] if received is None else [D(received)])


def test_of_what_a_correction_closed_nothing_is_taxed_when_the_rest_is_paid() -> None:
    """1,190.00, of which 476.00 were corrected while nothing was paid: the rest of 714.00 holds 114.00."""
    corrected = tax_parts(a_document(items=(an_item("400.00"),)))
    for parts in (corrected, ()):
        case = a_deposit()
        case = moved(case, close_deposit(case, D("476.00"), parts))
        assert (case.balance, [part.gross for part in case.groups]) == (D("714.00"), [D("714.00")])
        first = pay(case, D("300.00"))
        case = moved(case, first)
        second = pay(case, D("414.00"))
        assert [(part.net, part.tax) for part in second.parts] == [
            (D("600.00") - first.parts[0].net, D("114.00") - first.parts[0].tax)
        ]
        assert moved(case, second).is_closed


def test_a_correction_says_which_of_several_rates_it_closes() -> None:
    items = (an_item("100.00"), an_item("100.00", "7", 2))
    case = a_case(document_type=DocumentType.DEPOSIT_INVOICE, items=items, deposit_receivable_relevant=True)
    seven = tax_parts(a_document(items=(an_item("100.00", "7"),)))
    closed = moved(case, close_deposit(case, D("107.00"), seven))
    assert [(part.rate, part.gross) for part in closed.groups] == [(D(19), D("119.00")), (D(7), D("0.00"))]
    assert [(part.rate, part.tax) for part in pay(closed, D("119.00")).parts] == [(D(19), D("19.00")), (D(7), D("0.00"))]
    opened = moved(closed, reversed_movement(close_deposit(case, D("107.00"), seven)))
    assert opened.groups == case.groups


def test_a_correction_of_paid_and_unpaid_closes_what_is_unpaid() -> None:
    case = moved(a_deposit(), pay(a_deposit(), D("595.00")))
    whole = tax_parts(a_document(items=(an_item("1000.00"),)))
    movement = close_deposit(case, D("1190.00"), whole)
    assert [(part.net, part.tax) for part in movement.closed] == [(D("500.00"), D("95.00"))]
    assert [(part.net, part.tax) for part in movement.parts] == [(D("-500.00"), D("-95.00"))]
    assert [part.gross for part in moved(case, movement).settled] == [D(0)]


def test_a_deposit_that_vouchers_paid_on_issuing_can_be_corrected() -> None:
    items = (an_item("1000.00"),)
    voucher = (PostTaxItem(ident="v", name="Gift card", amount=D("-1190.00")),)
    case = a_case(
        document_type=DocumentType.DEPOSIT_INVOICE, items=items, post_tax_items=voucher, totals=totals_of(items, prepaid="1190.00")
    )
    assert (case.opening, case.balance) == (D(0), D(0))
    movement = close_deposit(case, D("1190.00"))
    assert (movement.amount, movement.ledger_amount) == (D("-1190.00"), D("-1190.00"))


def test_only_what_settles_a_claim_is_taxed_on_receipt() -> None:
    """Money that is paid back taxes nothing, and what was paid back too much is no supply."""
    case = open_case(a_document(), cash_taxation=True)
    assert case is not None
    assert [part.gross for part in pay(case, D(129)).parts] == [D(119)]
    overpaid = moved(case, pay(case, D(129)))
    assert (overpaid.side, pay(overpaid, D(-10)).parts) == ("CREDIT", ())
    memo = open_case(a_document(document_type=DocumentType.CREDIT_MEMO), cash_taxation=True)
    assert memo is not None
    assert [part.gross for part in pay(memo, D(-119)).parts] == [D(-119)]
    too_much = moved(memo, pay(memo, D(-130)))
    assert (too_much.side, too_much.balance) == ("DEBIT", D(11))
    assert decide(too_much, DecisionType.BANK_FEE).parts == ()
    assert pay(too_much, D(11)).parts == ()


def test_a_payment_in_the_other_direction_settles_nothing() -> None:
    case = a_case()
    movement = pay(case, D(-20))
    assert (movement.amount, movement.ledger_amount) == (D(20), D(20))
    assert moved(case, movement).balance == D(139)


def test_a_decision_on_what_is_taxed_on_receipt_moves_the_tax_that_was_not_due() -> None:
    """The rest of the tax with the rest of the balance. A credit is no receipt: keeping it is a decision as any other."""
    case = open_case(a_document(items=(an_item("1000.00"),)), cash_taxation=True)
    assert case is not None
    case = moved(case, pay(case, D("400.00")))
    for amount, tax in ((None, "126.13"), (D("200.00"), "31.93")):
        (part,) = decide(case, DecisionType.BANK_FEE, amount).parts
        assert (part.tax, part.gross) == (D(tax), amount or D("790.00"))
    overpaid = moved(case, pay(case, D("909.00")))
    assert [part.tax for part in decide(overpaid, DecisionType.OTHER_REVENUE).parts] == [D("-19.00")]
    assert decide(overpaid, DecisionType.EXTERNAL_CLOSED).parts == ()
    memo = open_case(a_document(document_type=DocumentType.CREDIT_MEMO), cash_taxation=True)
    assert memo is not None
    assert decide(memo, DecisionType.EXTERNAL_CLOSED).parts == ()


# --- deposits -----------------------------------------------------------------------------------------------------------------


def test_the_correction_closes_what_is_unpaid() -> None:
    case = a_deposit()
    case = moved(case, pay(case, D("400.00")))
    movement = close_deposit(case, D("790.00"))
    assert (movement.kind, movement.amount, movement.parts) == (MovementKind.CORRECTION, D("-790.00"), ())
    assert moved(case, movement).is_closed


def test_a_correction_beyond_the_rest_takes_received_money_back_until_it_moves() -> None:
    case = a_deposit()
    case = moved(case, pay(case, D("400.00")))
    movement = close_deposit(case, D("1190.00"))
    assert movement.amount == D("-1190.00")
    assert [(part.net, part.tax, part.gross) for part in movement.parts] == [(D("-336.13"), D("-63.87"), D("-400.00"))]
    credit = moved(case, movement)
    assert (credit.balance, credit.side, [part.gross for part in credit.settled]) == (D("-400.00"), "CREDIT", [D(0)])
    gone = moved(credit, move_deposit(D("400.00"), D("400.00")))
    assert (gone.is_closed, gone.ledger_balance) == (True, D(0))
    assert moved(credit, pay(credit, D("-400.00"))).is_closed


def test_what_is_billed_for_a_partner_is_corrected_by_a_document() -> None:
    case = replace(a_case(), document_type=DocumentType.SELF_BILLING_INVOICE_CORRECTION)
    for decision in (DecisionType.DISCOUNT, DecisionType.UNCOLLECTABLE_RECEIVABLE, DecisionType.DOUBTFUL_RECEIVABLE):
        assert [it.code for it in why_not_decidable(case, decision, None)] == ["self_billing_needs_correction"]
    assert why_not_decidable(case, DecisionType.BANK_FEE, None) == []
