"""What the accounting reference decides of rests and credits, on exact numbers: nothing is taxed twice, and nothing stays behind."""

from decimal import Decimal

import pytest
from tests.checkers.entries import balances, written
from tests.factories.deposited_sales import DepositedSale
from tests.factories.requests import TODAY, a_credit, a_request, a_row, codes, facts, issued, related
from tests.factories.sales import DAY, accounts, case_of, money

from contor.bookkeeping.posting.decisions import post_decision
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.documents.amounts import amount_errors, discounts_left
from contor.documents.amounts.deposits import receipts
from contor.documents.treatment import reducible_parts
from contor.documents.types import Discount, Document, DocumentType, ExchangeRate, RequestedItem
from contor.kernel.shapes import replace
from contor.openitems.rules import decide, moved, pay, why_not_decidable
from contor.openitems.types import Case, DecisionType, Movement

D = Decimal
MEMO = DocumentType.CREDIT_MEMO


def two_rates(first: str = "100.00", second: str = "50.00", basis: str = "NET") -> tuple[RequestedItem, ...]:
    return a_row("i-1", first, basis=basis), a_row("i-2", second, rate="7", basis=basis)


@pytest.mark.parametrize(
    ("rows", "received", "rest", "payable"),
    [
        (two_rates(), "100.00", ["42.03 7.98", "21.02 1.47"], "72.50"),
        # 33.33 and 6.33, of it 13.89 and 2.64 received; 7.77 and 0.54, of it 3.24 and 0.22
        (two_rates("33.33", "7.77"), "19.99", ["19.44 3.69", "4.53 0.32"], "27.98"),
        (two_rates("59.50", "10.70", "GROSS"), "35.10", ["25.00 4.75", "5.00 0.35"], "35.10"),
    ],
)
def test_the_tax_of_a_rest_is_what_the_whole_has_left(
    rows: tuple[object, ...], received: str, rest: list[str], payable: str
) -> None:
    deposit = issued(a_request(*rows), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    parts = receipts(deposit, [D(received)])
    final = issued(a_request(*rows, related_document_ident="AR-1"), known=facts(related(deposit, received=parts)))
    assert [f"{group.base} {group.amount}" for group in final.taxes] == rest
    assert final.totals.payable == D(payable) == deposit.totals.gross - D(received)
    taxed = {group.rate: group.tax for group in parts[0]}
    assert {group.rate: group.amount + taxed[group.rate] for group in final.taxes} == {g.rate: g.amount for g in deposit.taxes}
    assert amount_errors(final) == []


def decided(invoice: Document, decision: DecisionType, amount: str) -> Discount:
    (found,) = discounts_of(decide(case_of(invoice), decision, D(amount)))
    return found


def discounts_of(movement: Movement) -> tuple[Discount, ...]:
    return tuple(
        Discount(
            decision=str(movement.decision), treatment=part.treatment.value, category_code=part.category_code, rate=part.rate,
            net=part.net, tax=part.tax, gross=part.gross, ledger_tax=part.tax, ledger_gross=part.gross,
        )
        for part in movement.parts
    )  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "granted", "paid", "entry"),
    [
        (DecisionType.CASH_DISCOUNT, "2.38", "116.62", "CASH_DISCOUNT: D 8736 -2.00, D 1776 -0.38, C 10001 -2.38"),
        (DecisionType.DISCOUNT, "9.00", "110.00", "DISCOUNT: D 8720 -7.56, D 1776 -1.44, C 10001 -9.00"),
        (
            DecisionType.UNCOLLECTABLE_RECEIVABLE, "69.00", "50.00",
            "UNCOLLECTABLE_RECEIVABLE: D 2406 -57.98, D 1776 -11.02, C 10001 -69.00",
        ),
    ],
)  # fmt: skip
def test_a_credit_takes_back_what_was_granted_on_its_rows(decision: DecisionType, granted: str, paid: str, entry: str) -> None:
    books, invoice = accounts(), issued(a_request())
    entries, case = post_document(invoice, books), case_of(invoice)
    payment = pay(case, D(paid))
    entries += post_payment(case, payment, money(paid), books)
    case = moved(case, payment)
    entries += post_decision(case, decide(case, decision), DAY, "d-1", books)
    known = facts(related(invoice, discounts=(decided(invoice, decision, granted),)))
    memo = issued(a_request(a_row(), related_document_ident="RE-1"), MEMO, known, "GS-1")
    totals = memo.totals
    assert (totals.net, totals.tax, totals.prepaid, totals.payable) == (D(100), D(19), D(granted), D(paid))
    assert amount_errors(memo) == []
    of_memo = post_document(memo, books)
    assert written(of_memo) == ["REVERSING_CREDIT: D 10001 -119.00, C 8400 -100.00, C 1776 -19.00", entry]
    refund = pay(case_of(memo), -D(paid))
    assert balances(*entries, *of_memo, *post_payment(case_of(memo), refund, money(f"-{paid}"), books)) == {}


def test_the_last_of_several_credits_takes_the_rest_of_what_was_granted() -> None:
    invoice = issued(a_request())
    granted = decided(invoice, DecisionType.CASH_DISCOUNT, "2.38")
    memos: list[Document] = []
    for part in ("33.33", "33.33", "33.34"):
        rest = discounts_left([granted], [entry for memo in memos for entry in memo.discounts])
        known = facts(related(invoice, *memos, discounts=rest))
        memos.append(issued(a_request(a_row("i-1", part), related_document_ident="RE-1"), MEMO, known, f"GS-{len(memos)}"))
    assert [str(memo.totals.prepaid) for memo in memos] == ["0.79", "0.79", "0.80"]
    assert sum(entry.tax for memo in memos for entry in memo.discounts) == D("0.38")


@pytest.mark.parametrize(
    ("net", "rate", "ledger"),
    [("1000.00", "1.0850", "1096.77 175.12"), ("77.77", "1.3333", "69.41 11.09"), ("0.05", "0.9", "0.07 0.01")],
)
def test_a_credit_without_a_rate_takes_back_what_was_booked(net: str, rate: str, ledger: str) -> None:
    exchange = ExchangeRate(rate=D(rate), date=TODAY)
    invoice = issued(a_request(a_row("i-1", net), currency="USD", exchange_rate=exchange))
    assert invoice.ledger is not None
    assert f"{invoice.ledger.gross} {invoice.ledger.tax}" == ledger
    asked = a_request(a_row("i-1", net), currency="USD", related_document_ident="RE-1")
    memo = issued(asked, MEMO, facts(related(invoice)), "GS-1")
    assert balances(*post_document(invoice, accounts()), *post_document(memo, accounts())) == {}
    other = a_request(
        a_row("i-1", net), currency="USD", related_document_ident="RE-1", exchange_rate=ExchangeRate(rate=D("1.2"), date=TODAY)
    )
    assert codes(other, MEMO, facts(related(invoice))) == ["exchange_rate_differs_from_related"]


def test_parts_of_a_dollar_invoice_are_together_what_was_booked() -> None:
    invoice = issued(a_request(a_row("i-1", "1000.00"), currency="USD", exchange_rate=ExchangeRate(rate=D("1.0850"), date=TODAY)))
    entries, memos = post_document(invoice, accounts()), list[Document]()
    for part in ("333.33", "333.33", "333.34"):
        asked = a_request(a_row("i-1", part), currency="USD", related_document_ident="RE-1")
        memos.append(issued(asked, MEMO, facts(related(invoice, *memos)), f"GS-{len(memos)}"))
        assert amount_errors(memos[-1]) == []
        entries += post_document(memos[-1], accounts())
    assert balances(*entries) == {}


def test_the_credit_of_a_final_invoice_gives_the_deposit_back() -> None:
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    parts = receipts(deposit, [D("119.00")])
    final = issued(a_request(a_row("i-1", "500.00"), related_document_ident="AR-1"), known=facts(related(deposit, received=parts)))
    deducted = a_row("deposit-2", "100.00", debit_credit_indicator="CREDIT")
    whole = a_request(a_row("i-1", "500.00"), deducted, related_document_ident="RE-1")
    memo = issued(whole, MEMO, facts(related(final)), "GS-1")
    assert [(item.category, item.deposit_ident) for item in memo.items] == [("SERVICE", None), ("DEPOSIT", "AR-1")]
    assert written(post_document(memo, accounts())) == [
        "REVERSING_CREDIT: D 10001 -476.00, C 8400 -500.00, D 1718 -100.00, C 1776 -76.00"
    ]
    part = a_request(
        a_row("i-1", "500.00"), a_row("deposit-2", "60.00", debit_credit_indicator="CREDIT"), related_document_ident="RE-1"
    )
    assert "deposit_row_credited_in_part" in codes(part, MEMO, facts(related(final)))


@pytest.mark.parametrize(
    ("deposit", "net", "percent", "parts", "taken_back"),
    [
        ("1000.00", "2000.00", "0.03", ("2000.00",), ["35.70"]),
        ("1000.00", "2000.00", "0.03", ("500.00", "1500.00"), ["8.93", "26.77"]),
        ("500.00", "800.00", "0.02", ("200.00", "600.00"), ["1.79", "5.35"]),
    ],
)
def test_credits_of_a_final_invoice_take_back_what_was_granted_on_its_rest(
    deposit: str, net: str, percent: str, parts: tuple[str, ...], taken_back: list[str]
) -> None:
    """Skonto is granted on what a final invoice leaves to pay, credits take back the whole supply: together no more than was granted."""
    asked = issued(a_request(a_row("i-1", deposit)), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    received = receipts(asked, [D(deposit) * D("1.19")])
    final = issued(a_request(a_row("i-1", net), related_document_ident="AR-1"), known=facts(related(asked, received=received)))
    granted = decided(final, DecisionType.CASH_DISCOUNT, str(final.totals.payable * D(percent)))
    memos: list[Document] = []
    for part in parts:
        rest = discounts_left([granted], [entry for memo in memos for entry in memo.discounts])
        known = facts(related(final, *memos, discounts=rest))
        memos.append(issued(a_request(a_row("i-1", part), related_document_ident="RE-1"), MEMO, known, f"GS-{len(memos)}"))
        assert amount_errors(memos[-1]) == []
    assert [str(memo.totals.prepaid) for memo in memos] == taken_back


def granted_in(case: Case, amount: str) -> list[str]:
    """The parts of a Skonto: rate, net and tax."""
    return [f"{part.rate}: {part.net} {part.tax}" for part in decide(case, DecisionType.CASH_DISCOUNT, D(amount)).parts]


@pytest.mark.parametrize(
    ("deposited", "rows", "amount", "parts"),
    [
        (a_row("i-1", "100.00", rate="7"), (a_row("i-1", "333.33"),), "8.69", ["19: 7.30 1.39"]),
        # all of it, of which nobody pays the rest: the deposit stays received for a supply at 19 %
        (a_row("i-1", "100.00", rate="7"), (a_row("i-1", "333.33"),), "289.66", ["19: 243.41 46.25"]),
        # 119.00 and 21.40 are left of 172.50
        (a_row("i-1", "30.00", rate="7"), two_rates(), "2.81", ["19: 2.00 0.38", "7: 0.40 0.03"]),
        # what was received stays received with its tax: of a rest that is lost just the tax of the rest falls away
        (a_row("i-1", "30.00", rate="7"), two_rates(), "140.40", ["19: 100.00 19.00", "7: 20.00 1.40"]),
        # 64.30 and 50.00 of 150.00
        (a_row("i-1", "30.00"), two_rates(basis="GROSS"), "2.29", ["19: 1.08 0.21", "7: 0.93 0.07"]),
    ],
)
def test_a_discount_of_a_final_invoice_is_one_on_its_rest(
    deposited: RequestedItem, rows: tuple[RequestedItem, ...], amount: str, parts: list[str]
) -> None:
    """Accounting reference 8: over the document's groups. By REMAINDER these are what the deposits have left."""
    deposit = issued(a_request(deposited), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    received = receipts(deposit, [deposit.totals.gross])
    final = issued(a_request(*rows, related_document_ident="AR-1"), known=facts(related(deposit, received=received)))
    assert granted_in(case_of(final), amount) == parts


@pytest.mark.parametrize("method", ["FINAL", "REVERSAL"])
def test_a_discount_of_a_final_invoice_in_full_is_one_on_its_groups(method: str) -> None:
    """119.00 and 53.50: what pays a part of them is no group of these documents."""
    sale = DepositedSale(method, currency="EUR")
    sale.pay(sale.deposit([a_row("i-1", "30.00", rate="7")], D(1)), D("32.10"))
    sale.final(two_rates(), D(1))
    assert granted_in(sale.cases["SR-1"], "2.81") == ["19: 1.63 0.31", "7: 0.81 0.06"]


def test_of_what_a_credit_left_of_a_rest_no_more_is_reduced() -> None:
    """A final invoice of which a credit takes more than its rest: the customer owes nothing, at whatever rate another deposit was taxed."""
    sale = DepositedSale("REMAINDER", currency="EUR")
    sale.pay(sale.deposit([a_row("d-1", "30.00")], D(1)), D("35.70"))
    sale.final([a_row("i-1", "100.00", rate="7")], D(1))
    sale.credit([a_row("i-1", "80.00", rate="7")])
    movement = sale.grant(DecisionType.DISCOUNT, D("21.40"))
    assert [(part.rate, part.gross) for part in movement.parts] == [(D(7), D("21.40"))]
    problems = why_not_decidable(sale.cases["SR-1"], DecisionType.DISCOUNT, D("0.01"))
    assert [problem.code for problem in problems] == ["decision_exceeds_supply"]


@pytest.mark.parametrize(
    ("rows", "credited", "amount", "parts", "payable"),
    [
        (two_rates(), (a_row("i-1"),), "3.45", ["7: 3.22 0.23"], "50.05"),
        (two_rates(), (a_row("i-2", "50.00", rate="7"),), "3.45", ["19: 2.90 0.55"], "115.55"),
        (two_rates(), (a_row("i-1", "60.00"),), "2.02", ["19: 0.80 0.15", "7: 1.00 0.07"], "99.08"),
    ],
)
def test_a_discount_after_a_credit_is_one_on_the_rest(
    rows: tuple[RequestedItem, ...], credited: tuple[RequestedItem, ...], amount: str, parts: list[str], payable: str
) -> None:
    invoice = issued(a_request(*rows))
    first = a_credit(invoice, items=credited, ident="GS-1")
    left = related(invoice, first).left
    case = case_of(invoice)
    case = replace(case, reducible=reducible_parts(case.reducible, left, ()))
    assert granted_in(case, amount) == parts
    granted = discounts_of(decide(case, DecisionType.CASH_DISCOUNT, D(amount)))
    rest = [a_row(row.item.ident, str(row.agreed), rate=str(row.item.rate)) for row in left.rows.values() if row.agreed]
    known = facts(related(invoice, first, discounts=granted))
    last = issued(a_request(*rest, related_document_ident="RE-1"), MEMO, known, "GS-2")
    assert last.totals.payable == D(payable)
    assert discounts_left(granted, last.discounts) == ()


def test_no_decision_reduces_what_credits_took_back() -> None:
    """Its tax was taken back already: who owes nothing any more has a credit to clear."""
    invoice = issued(a_request(*two_rates()))
    case = case_of(invoice)
    credited = a_credit(invoice, items=[a_row("i-1")], ident="GS-1")
    case = replace(case, reducible=reducible_parts(case.reducible, related(invoice, credited).left, ()))
    assert [problem.code for problem in why_not_decidable(case, DecisionType.DISCOUNT, None)] == ["decision_exceeds_supply"]
    assert [problem.code for problem in why_not_decidable(case, DecisionType.DISCOUNT, D("53.51"))] == ["decision_exceeds_supply"]
    assert why_not_decidable(case, DecisionType.DISCOUNT, D("53.50")) == []
    assert why_not_decidable(case, DecisionType.EXTERNAL_CLOSED, None) == []


def test_what_is_set_off_within_an_invoice_has_no_part_of_a_discount() -> None:
    """A return at 7 % beside a sale at 19 %: the discount of the sale does not raise the tax at 7 %."""
    invoice = issued(a_request(a_row("i-1"), a_row("i-2", "20.00", rate="7", debit_credit_indicator="CREDIT")))
    assert granted_in(case_of(invoice), "1.95") == ["19: 1.64 0.31"]
