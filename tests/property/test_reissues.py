"""Laws of a reissue, over random documents: the credit memo takes all of it, the new one is the same again, what was paid is kept."""

import dataclasses
import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.documents import a_document, a_gross_item, an_item
from tests.factories.requests import TODAY, a_request, a_tax, facts, issued, related
from tests.factories.strategies import cents, frozen, rows

from contor.documents.amounts import after, amount_errors, what_is_left
from contor.documents.judge import Changes, examine, once_more, same_amounts, whole_credit
from contor.documents.types import DocumentRequest, DocumentType, Period, RequestedAllowanceCharge, with_number
from contor.kernel.money import CENT, ZERO, round_amount
from contor.kernel.shapes import replace
from contor.openitems.clearing.reissued import cleared
from contor.openitems.rules import moved, open_case, pay

LATER = TODAY + dt.timedelta(days=40)
KNOWN = facts(today=LATER)


@st.composite
def requests(draw: st.DrawFn) -> DocumentRequest:
    """Rows of both bases and signs; allowances and charges by percentage or amount, of all groups or of one."""
    items = draw(rows())
    only_one_side = len({item.tax_detail.calculation_basis for item in items}) == 1
    found = []
    for position in range(draw(st.integers(0, 3))):
        tax = a_tax(draw(st.sampled_from(("19", "7", "16"))), "S") if draw(st.booleans()) else None
        percentage, amount = Decimal(draw(st.integers(1, 3000))) * CENT, None
        if draw(st.booleans()) and (only_one_side or tax is not None):
            percentage, amount = None, draw(cents)  # type: ignore[assignment]
        kind = draw(st.sampled_from(("ALLOWANCE", "CHARGE")))
        found.append(
            RequestedAllowanceCharge(ident=f"d-{position}", type=kind, name="Rabatt", percentage=percentage, amount=amount, tax=tax)
        )
    return a_request(*items, allowances_charges=tuple(found), rounding=draw(st.sampled_from((ZERO, CENT))))


@settings(max_examples=200)
@given(requests())
def test_it_is_taken_back_as_a_whole_and_comes_again(request: DocumentRequest) -> None:
    made = frozen(request)
    if made is None:
        return
    old = with_number(made, "RE-1")
    asked = whole_credit(old, "r-credit", LATER)
    known = facts(related(old), today=LATER)
    assert examine(asked, DocumentType.CREDIT_MEMO, known)[0] == []
    memo = issued(asked, DocumentType.CREDIT_MEMO, known, "GS-1")
    assert amount_errors(memo) == []
    assert same_amounts(old, memo)
    assert after(what_is_left(old), memo).is_used_up
    new = issued(once_more(old, Changes("r-2", LATER, "de", "a-2")), known=KNOWN, ident="RE-2")
    assert amount_errors(new) == []
    assert same_amounts(old, new)
    pairs = list(zip(new.allowances_charges, old.allowances_charges, strict=True))
    # a percentage of all rows that comes to a cent or so may stand in one group alone: then it is an amount from now on
    kept = [now.percentage if now.percentage is not None else was.percentage for now, was in pairs]
    assert [replace(now, percentage=percentage) for (now, _), percentage in zip(pairs, kept, strict=True)] == [
        *old.allowances_charges
    ]
    dated = [replace(item, delivery_date=item.delivery_date or old.document_date) for item in old.items]
    assert list(new.items) == dated
    assert (new.tax_date, new.document_date, new.invoice_address_ident) == (old.tax_date, LATER, "a-2")


@given(st.lists(st.tuples(cents, st.booleans()), max_size=5), st.booleans(), st.sampled_from(["1", "0.9137", "1.2345"]))
def test_three_cases_are_cleared_with_nothing_left_over(payments: list[tuple[Decimal, bool]], cash: bool, rate: str) -> None:
    """Whatever was paid on the old one: it loses nothing and becomes no other amount, neither in the ledger's currency nor its tax."""
    document = a_document(items=(an_item("1000.00"), a_gross_item("333.33", "7", 2)))
    old, memo, new = (
        open_case(document if kind is None else replace(document, document_type=kind), cash_taxation=cash)
        for kind in (None, DocumentType.CREDIT_MEMO, None)
    )
    assert old is not None and memo is not None and new is not None
    old, memo, new = (
        dataclasses.replace(
            case,
            ledger_currency="EUR",
            ledger_opening=round_amount(case.ledger_opening * Decimal(rate), "EUR"),
            ledger_balance=round_amount(case.ledger_balance * Decimal(rate), "EUR"),
        )
        for case in (old, memo, new)
    )
    for amount, is_refund in payments:
        if is_refund and old.balance >= old.opening:
            continue
        signed = -min(amount, old.opening - old.balance) if is_refund else amount
        old = moved(old, pay(old, signed, round_amount(signed * Decimal(rate), "EUR")))
    before, taxed = (old.balance, old.ledger_balance), [part.tax for part in old.settled]
    for name in ("old", "new"):
        other = old if name == "old" else new
        if memo.balance * other.balance >= 0:
            continue
        one, two = cleared(memo, other)
        assert (one.amount + two.amount, one.ledger_amount + two.ledger_amount) == (0, 0)
        assert [a.tax + b.tax for a, b in zip(one.parts, two.parts, strict=True)] == [0] * len(one.parts)
        memo, other = moved(memo, one), moved(other, two)
        old, new = (other, new) if name == "old" else (old, other)
    assert memo.balance == 0
    assert old.balance <= 0
    assert (old.balance + new.balance, old.ledger_balance + memo.ledger_balance + new.ledger_balance) == before
    if before[0] >= 0 and not any(is_refund for _, is_refund in payments):
        assert [part.tax for part in new.settled] == taxed


def test_a_service_period_stays_and_our_own_words_change_their_language() -> None:
    """A reason that the client gave stays as it is."""
    exempt = an_item("100.00", "0", category_code="AE")
    said = "Steuerschuldnerschaft des Leistungsempfängers"
    ours = replace(exempt.taxes[0], exemption_reason_code="VATEX-EU-AE", exemption_reason_text=said)
    theirs = replace(ours, category_code="E", exemption_reason_code=None, exemption_reason_text="Steuerfrei nach § 4 Nr. 21 UStG")
    old = a_document(items=(replace(exempt, taxes=(ours,)), replace(an_item("5.00", "0", 2, category_code="E"), taxes=(theirs,))))
    asked = once_more(old, Changes("r-2", LATER, "en", "a-1"))
    assert [item.tax_detail.taxes[0].exemption_reason_text for item in asked.items] == [
        "Reverse charge",
        "Steuerfrei nach § 4 Nr. 21 UStG",
    ]
    assert {item.service_period for item in asked.items} == {Period(start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31))}
    assert whole_credit(old, "r-3", LATER).items[0].tax_detail.taxes[0] == ours
