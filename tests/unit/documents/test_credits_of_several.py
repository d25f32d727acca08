"""One credit memo of several invoices: each is credited as if by a memo of its own, and nothing of one is lost on the other."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from tests.checkers.entries import balances
from tests.factories.requests import TODAY, a_request, a_row, amounts_of, codes, facts, issued, related
from tests.factories.sales import accounts, case_of

from contor.bookkeeping.posting.posting import post_document
from contor.documents.amounts import amount_errors, discounts_left, what_is_left
from contor.documents.einvoice import einvoice_of
from contor.documents.render.rows import details
from contor.documents.render.voice import voice
from contor.documents.types import Basis, Discount, Document, DocumentType, ExchangeRate, RequestedItem
from contor.openitems.rules import decide
from contor.openitems.types import DecisionType

D = Decimal
MEMO = DocumentType.CREDIT_MEMO


def of(document: str, net: str, rate: str = "19", basis: Basis = "NET") -> RequestedItem:
    return a_row(f"c-{document}-{net}", net, rate=rate, basis=basis, reference_ident="i-1", related_document_ident=document)


def credit(
    invoices: Sequence[Document], memos: Sequence[Document], *rows: RequestedItem, granted: Sequence[Sequence[Discount]] = ((), ())
) -> Document:
    """Over several invoices, after the memos that were issued before."""
    known = []
    for invoice, decided in zip(invoices, granted, strict=True):
        taken_back = [it for memo in memos for it in memo.discounts_on(invoice.ident)]
        crediting = [memo for memo in memos if invoice.ident in {it.ident for it in memo.related}]
        known.append(related(invoice, *crediting, discounts=discounts_left(decided, taken_back)))
    idents = tuple(invoice.ident for invoice in invoices)
    request = a_request(*rows, related_document_idents=idents, currency=invoices[0].currency)
    memo = issued(request, MEMO, facts(*known), f"GS-{len(memos) + 1}")
    assert amount_errors(memo) == []
    return memo


@pytest.mark.parametrize("basis", ["NET", "GROSS"])
@pytest.mark.parametrize(
    ("one", "other", "parts"),
    [
        ("100.00", "50.00", [("60.00", "50.00"), ("40.00", None)]),
        ("33.33", "7.77", [("11.11", "3.33"), ("11.11", "3.33"), ("11.11", "1.11")]),
        ("0.03", "0.03", [("0.01", "0.01"), ("0.01", "0.01"), ("0.01", "0.01")]),
        ("99.99", "0.01", [("99.99", "0.01")]),
    ],
)
@pytest.mark.parametrize("rate", [None, "1.0850", "0.7713"])
def test_several_memos_over_two_invoices_are_together_both(
    one: str, other: str, parts: list[tuple[str, str | None]], basis: Basis, rate: str | None
) -> None:
    more = {} if rate is None else {"currency": "USD", "exchange_rate": ExchangeRate(rate=D(rate), date=TODAY)}
    invoices = [issued(a_request(a_row(unit=net, basis=basis), **more), ident=f"RE-{n}") for n, net in enumerate((one, other), 1)]
    memos: list[Document] = []
    for first, second in parts:
        rows = [of("RE-1", first, basis=basis)]
        if second is None:
            known = related(invoices[0], *memos)
            asked = a_request(*rows, related_document_ident="RE-1", currency=invoices[0].currency)
            memos.append(issued(asked, MEMO, facts(known), "GS-9"))
        else:
            memos.append(credit(invoices, memos, *rows, of("RE-2", second, basis=basis)))
    for invoice in invoices:
        crediting = [memo for memo in memos if invoice.ident in {it.ident for it in memo.related}]
        rest = what_is_left(invoice, crediting)
        assert rest.is_used_up
        assert not any(group.left.tax for group in rest.groups.values())
    assert balances(*[entry for document in (*invoices, *memos) for entry in post_document(document, accounts())]) == {}


def test_the_second_of_two_memos_sees_what_the_first_has_left_of_each() -> None:
    invoices = [issued(a_request(a_row(unit=net)), ident=f"RE-{n}") for n, net in enumerate(("100.00", "80.00"), 1)]
    first = credit(invoices, [], of("RE-1", "90.00"), of("RE-2", "10.00"))
    assert amounts_of(first) == [("S 19", "100.00", "19.00", "119.00")]
    second = credit(invoices, [first], of("RE-1", "10.00"), of("RE-2", "70.00"))
    assert amounts_of(second) == [("S 19", "80.00", "15.20", "95.20")]
    known = [related(invoice, first) for invoice in invoices]
    too_much = a_request(of("RE-1", "10.01"), of("RE-2", "70.00"), related_document_idents=("RE-1", "RE-2"))
    assert codes(too_much, MEMO, facts(*known)) == ["credit_exceeds_rest"]


def granted_on(invoice: Document, amount: str) -> tuple[Discount, ...]:
    parts = decide(case_of(invoice), DecisionType.CASH_DISCOUNT, D(amount)).parts
    return tuple(
        Discount(
            decision="CASH_DISCOUNT",
            treatment=part.treatment.value,
            category_code=part.category_code,
            rate=part.rate,
            net=part.net,
            tax=part.tax,
            gross=part.gross,
            ledger_tax=part.tax,
            ledger_gross=part.gross,
        )
        for part in parts
    )


def test_each_invoice_gets_its_own_discount_back() -> None:
    invoices = [issued(a_request(a_row(unit=net)), ident=f"RE-{n}") for n, net in enumerate(("100.00", "50.00"), 1)]
    granted = (granted_on(invoices[0], "2.38"), ())
    first = credit(invoices, [], of("RE-1", "40.00"), of("RE-2", "50.00"), granted=granted)
    assert (first.discounts_of, str(first.totals.prepaid)) == (("RE-1",), "0.95")
    assert (first.totals.gross, first.totals.payable) == (D("107.10"), D("106.15"))
    granted = (granted[0], granted_on(invoices[1], "1.19"))
    again = credit(invoices, [], of("RE-1", "40.00"), of("RE-2", "25.00"), granted=granted)
    last = credit(invoices, [again], of("RE-1", "60.00"), of("RE-2", "25.00"), granted=granted)
    taken_back = [(of, str(it.gross)) for memo in (again, last) for it, of in zip(memo.discounts, memo.discounts_of, strict=True)]
    assert taken_back == [("RE-1", "0.95"), ("RE-2", "0.60"), ("RE-1", "1.43"), ("RE-2", "0.59")]


def test_each_row_says_whose_it_is() -> None:
    """On the paper with title and date, in the e-invoice by the number (BT-127)."""
    invoices = [issued(a_request(a_row(unit=net)), ident=f"RE-{n}") for n, net in enumerate(("10.00", "80.00"), 1)]
    memo = credit(invoices, [], of("RE-1", "10.00"), of("RE-2", "70.00"))
    printed = [details(item, memo, voice(memo.language)) for item in memo.items]
    assert [any(f"RE-{n}" in line for line in lines) for n, lines in enumerate(printed, 1)] == [True, True]
    assert [any(f"RE-{3 - n}" in line for line in lines) for n, lines in enumerate(printed, 1)] == [False, False]
    assert [line.note for line in einvoice_of(memo).lines] == ["RE-1", "RE-2"]
    alone = issued(
        a_request(a_row("c", "10.00", reference_ident="i-1"), related_document_ident="RE-1"), MEMO, facts(related(invoices[0]))
    )
    assert [line.note for line in einvoice_of(alone).lines] == [None]
