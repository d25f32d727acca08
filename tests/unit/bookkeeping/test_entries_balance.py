"""Laws of the ledger: whatever document, receipt or decision, every entry balances, and what is settled leaves nothing behind."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checkers.entries import balances
from tests.factories.documents import a_document, a_gross_item, an_item
from tests.factories.sales import DAY, accounts, case_of, in_country

from contor.bookkeeping.entries import reversed_entry
from contor.bookkeeping.entries.entries import why_not_balanced
from contor.bookkeeping.posting.decisions import post_decision
from contor.bookkeeping.posting.payments import post_payment
from contor.bookkeeping.posting.posting import post_document
from contor.bookkeeping.types import Entry, Payment
from contor.documents.amounts.deposits import receipts
from contor.documents.types import Document, DocumentType, ExchangeRate, LedgerCurrency
from contor.kernel.money import ZERO, round_amount
from contor.kernel.shapes import replace
from contor.openitems.bounces import reversed_movement
from contor.openitems.rules import decide, moved, pay
from contor.openitems.types import DecisionType

cents = st.integers(-30_000, 90_000).map(lambda number: Decimal(number).scaleb(-2))
positive = st.integers(1, 90_000).map(lambda number: Decimal(number).scaleb(-2))
rates = st.sampled_from(["19", "7", "16", "5", "0", "12.5"])
centres = st.sampled_from([None, "A", "B"])
kinds = st.sampled_from(["SERVICE", "PHYSICAL_PRODUCT", "DIGITAL_PRODUCT", "DISCOUNT"])
types = st.sampled_from([kind for kind in DocumentType if kind is not DocumentType.DEPOSIT_INVOICE_CORRECTION])


@st.composite
def documents(
    draw: st.DrawFn, amounts: st.SearchStrategy[Decimal] = cents, types: st.SearchStrategy[DocumentType] = types
) -> Document:
    gross = draw(st.booleans())
    rows = draw(st.lists(st.tuples(amounts, rates, centres, kinds), min_size=1, max_size=6))
    items = tuple(
        (a_gross_item if gross else an_item)(str(amount), rate, position, cost_centre=centre, category=kind)
        for position, (amount, rate, centre, kind) in enumerate(rows, 1)
    )
    document = a_document(items=items, document_type=draw(types), deposit_receivable_relevant=draw(st.booleans()))
    if draw(st.booleans()):
        document = in_country(document, "FR")
    return document


@st.composite
def foreign(draw: st.DrawFn, documents: st.SearchStrategy[Document]) -> Document:
    """The document in dollars."""
    document = draw(documents)
    rate = Decimal(draw(st.integers(50_000, 200_000))).scaleb(-5)
    tax = sum((round_amount(group.amount / rate, "EUR") for group in document.taxes), ZERO)
    exchange = ExchangeRate(rate=rate, date=DAY)
    ledger = LedgerCurrency(
        currency="EUR", exchange_rate=exchange, tax=tax, gross=round_amount(document.totals.gross / rate, "EUR")
    )
    return replace(document, currency="USD", ledger=ledger)


@settings(max_examples=150, deadline=None)
@given(st.one_of(documents(), foreign(documents())), st.booleans())
def test_every_document_balances_and_its_reversal_takes_it_back(document: Document, cash: bool) -> None:
    entries = post_document(document, accounts(cash_taxation=cash))
    assert why_not_balanced(entries) == []
    assert balances(*entries, *[reversed_entry(entry, DAY, "1") for entry in entries]) == {}


@settings(max_examples=150, deadline=None)
@given(documents(types=st.just(DocumentType.INVOICE)))
def test_base_and_tax_of_each_group_are_booked_to_the_cent(document: Document) -> None:
    entries = post_document(document, accounts())
    for group in document.taxes if document.totals.gross else ():
        lines = [line for entry in entries for line in entry.lines if line.rate == group.rate]
        taxes = [line for line in lines if line.tax_base is not None]
        assert sum((line.amount for line in taxes), ZERO) == group.amount
        assert sum((line.amount for line in lines if line.tax_base is None), ZERO) == group.base
        if group.rate:  # also where the tax of it is less than a cent
            assert sum((line.tax_base or ZERO for line in taxes), ZERO) == group.base


def undeclared(entries: list[Entry]) -> dict[Decimal, Decimal]:
    """By rate, what is taxed at it and in no base of a tax, of what is booked on accounts of nets."""
    found: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in (line for entry in entries for line in entry.lines if line.rate):
        amount = line.amount if line.tax_base is None else -line.tax_base
        found[line.rate or ZERO] += amount if line.side == "C" else -amount
    return {rate: amount for rate, amount in found.items() if amount}


few_owed = st.integers(1, 9).map(lambda number: Decimal(number).scaleb(-2))
few = st.integers(-9, 9).map(lambda number: Decimal(number).scaleb(-2))


@settings(max_examples=300, deadline=None)
@given(st.one_of(documents(few), documents(), foreign(documents(few))), st.booleans())
def test_what_is_taxed_is_declared_however_little(document: Document, cash: bool) -> None:
    for entry in post_document(document, accounts(cash_taxation=cash)):
        assert undeclared([entry]) == {}


NOT_DUE = frozenset({1760, 1761, 1766})
receivables = st.sampled_from([DocumentType.INVOICE, DocumentType.DEPOSIT_INVOICE])


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(documents(positive, receivables), documents(few_owed, receivables), foreign(documents(positive, receivables))),
    st.booleans(),
    st.lists(st.integers(1, 99), max_size=4),
    st.sampled_from([None, DecisionType.DISCOUNT, DecisionType.UNCOLLECTABLE_RECEIVABLE]),
)
def test_a_settled_case_leaves_nothing_on_the_customer_and_no_tax_undue(
    document: Document, cash: bool, percents: list[int], decision: DecisionType | None
) -> None:
    books = accounts(cash_taxation=cash)
    case = case_of(document, cash_taxation=cash)
    entries = post_document(document, books)
    for percent in [*percents, 100]:
        if percent == 100 and decision is not None and not case.is_deposit and not case.is_closed:
            movement = decide(case, decision)
            entries += post_decision(case, movement, DAY, "d", books)
        else:
            amount = round_amount(case.balance * percent / 100, case.currency)
            if not amount:
                continue
            movement = pay(case, amount, round_amount(amount * 9 / 10, "EUR") if document.ledger else None)
            ledger_amount = round_amount(amount * 9 / 10, "EUR") if document.ledger else amount
            entries += post_payment(
                case, movement, Payment(ident="p", booked_on=DAY, amount=amount, ledger_amount=ledger_amount), books
            )
        assert moved(moved(case, movement), reversed_movement(movement)).balance == case.balance
        case = moved(case, movement)
    assert why_not_balanced(entries) == []
    assert undeclared(entries) == {}
    not_due = [line for entry in entries for line in entry.lines if line.account in NOT_DUE]
    undue = sum((line.tax_base or ZERO if line.side == "C" else -(line.tax_base or ZERO) for line in not_due), ZERO)
    # in foreign currency what a payment is worth is divided over the groups, a cent more for the one or the other each time
    assert abs(undue) <= (ZERO if document.ledger is None else Decimal("0.01") * len(document.taxes) * (len(percents) + 1))
    assert (case.balance, case.ledger_balance) == (ZERO, ZERO)
    left = balances(*entries)
    assert 10001 not in left
    assert 1593 not in left
    assert not NOT_DUE & left.keys()


@settings(max_examples=150, deadline=None)
@given(documents(positive, st.just(DocumentType.DEPOSIT_INVOICE)), st.lists(st.integers(1, 99), min_size=1, max_size=4))
def test_what_is_booked_of_a_deposit_is_what_the_final_invoice_deducts(document: Document, percents: list[int]) -> None:
    case = case_of(replace(document, taxes=tuple(replace(g, country=None) for g in document.taxes)))
    amounts = []
    for percent in percents:
        amounts.append(round_amount(case.balance * percent / 100, "EUR"))
        case = moved(case, pay(case, amounts[-1]))
    booked = {part.rate: (part.net, part.tax) for part in case.settled if part.gross}
    deducted: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for part in (part for receipt in receipts(document, amounts) for part in receipt):
        net, tax = deducted.get(part.rate, (ZERO, ZERO))
        deducted[part.rate] = (net + part.net, tax + part.tax)
    assert booked == deducted
