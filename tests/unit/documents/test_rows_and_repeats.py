"""Rows seen by themselves, documents that are asked for again, and what lies between gross and payable."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.documents import a_customer, a_document, a_seller, an_item, totals_of
from tests.factories.requests import TODAY, a_credit, a_request, a_row, a_tax, codes, facts, issued, related, with_property

from contor.documents.amounts import amounts, closing_request, what_is_left
from contor.documents.amounts.rows import sides_of
from contor.documents.exemptions import EXEMPTIONS
from contor.documents.judge import Changes, as_frozen, examine, once_more, whole_credit
from contor.documents.judge.parties import xrechnung_findings
from contor.documents.judge.rules import terms_of
from contor.documents.treatment import settled_at_issue
from contor.documents.treatment.parts import of_receipt, plus
from contor.documents.treatment.types import TaxPart, Treatment
from contor.documents.types import (
    Address,
    Contact,
    Document,
    DocumentType,
    ExchangeRate,
    LedgerCurrency,
    PostTaxItem,
    Prepaid,
    RelatedDocument,
    RequestedAllowanceCharge,
    TaxDetail,
)
from contor.kernel.shapes import replace

D = Decimal
CREDIT = DocumentType.CREDIT_MEMO


# --- rows -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agreed", "rate", "basis", "sides"),
    [
        ("100.00", "19", "NET", ("100.00", "19.00", "119.00")),
        ("119.00", "19", "GROSS", ("100.00", "19.00", "119.00")),
        ("-9.99", "19", "GROSS", ("-8.39", "-1.60", "-9.99")),
        ("0.03", "19", "NET", ("0.03", "0.01", "0.04")),
    ],
)
def test_both_sides_of_an_amount(agreed: str, rate: str, basis: Any, sides: tuple[str, str, str]) -> None:
    found = sides_of(D(agreed), D(rate), basis, "EUR")
    assert tuple(map(str, (found.net, found.tax, found.gross))) == sides


def test_an_original_total_may_differ_by_the_cent_that_is_tolerated() -> None:
    document = issued(a_request(a_row("i-1", "100.00", original="100.01", total="100.00")))
    (item,) = document.items
    assert (item.original_total.net, item.total.net, item.original_total.gross) == (D("100.01"), D("100.00"), D("119.01"))
    same = issued(a_request(a_row("i-1", "100.00"))).items[0]
    assert same.original_total == same.total


def test_extras_of_a_gross_row_add_up_on_both_sides() -> None:
    row = a_row("i-1", "10.00", basis="GROSS", total="8.00", extras=(("Discount", "-2.00"),))
    (item,) = issued(a_request(row)).items
    (extra,) = item.extras
    assert (item.original_total.gross, extra.total.gross, item.total.gross) == (D("10.00"), D("-2.00"), D("8.00"))
    assert item.original_total.net + extra.total.net == item.total.net
    assert item.original_total.tax + extra.total.tax == item.total.tax


@pytest.mark.parametrize(("basis", "unit", "sides"), [("NET", "10", ("10", "11.9")), ("GROSS", "11.9", ("10", "11.9"))])
def test_both_sides_of_a_unit_price(basis: str, unit: str, sides: tuple[str, str]) -> None:
    row = a_row("i-1", unit, basis=basis, original=f"{unit}0" if "." in unit else f"{unit}.00")
    (item,) = issued(a_request(row)).items
    assert (item.unit.net, item.unit.gross) == tuple(map(D, sides))
    untaxed = issued(a_request(a_row("i-1", "10.00", rate="0", category="Z", basis=basis))).items[0]
    assert (untaxed.unit.net, untaxed.unit.gross) == (D(10), D(10))


def test_a_row_without_its_agreed_price_is_a_bug_behind_the_gate() -> None:
    request = a_request(replace(a_row(), tax_detail=TaxDetail(taxes=(a_tax(),), calculation_basis="GROSS")))
    with pytest.raises(ValueError, match="was not refused"):
        amounts(request, terms_of(request, DocumentType.INVOICE, facts()))


# --- asked for again --------------------------------------------------------------------------------------------------------------


def reissued(old: Document, language: str = "de", **overrides: Any) -> Document:
    return issued(once_more(old, Changes("r-2", TODAY, language, "a-1")), known=facts(**overrides), ident="RE-2")


def test_our_own_reasons_change_their_language_and_the_callers_stay() -> None:
    own = issued(a_request(a_row("i-1", rate="0", category="AE")))
    german = EXEMPTIONS["AE"].text("de")
    english = EXEMPTIONS["AE"].text("en")
    assert german != english
    assert own.items[0].taxes[0].exemption_reason_text == german
    assert reissued(own, "en").items[0].taxes[0].exemption_reason_text == english
    assert reissued(own, "de").items[0].taxes[0].exemption_reason_text == german
    tax = a_tax("0", "E", exemption_reason_text="befreit nach Absprache")
    given = issued(a_request(replace(a_row(), tax_detail=TaxDetail(taxes=(tax,), calculation_basis="NET"))))
    assert reissued(given, "en").items[0].taxes[0].exemption_reason_text == "befreit nach Absprache"


def test_an_allowance_of_one_group_of_several_is_asked_for_again_in_that_group() -> None:
    rows = (a_row("i-1"), a_row("i-2", rate="7"))
    discount = RequestedAllowanceCharge(ident="d", type="ALLOWANCE", name="Rabatt", amount=D(5), tax=a_tax("7"))
    old = issued(a_request(*rows, allowances_charges=(discount,)))
    (again,) = once_more(old, Changes("r-2", TODAY, "de", "a-1")).allowances_charges
    assert (again.amount, again.percentage, again.tax and again.tax.rate) == (D(5), None, D(7))
    split = RequestedAllowanceCharge(ident="d", type="ALLOWANCE", name="Rabatt", percentage=D(10))
    of_all = issued(a_request(*rows, allowances_charges=(split,)))
    (again,) = once_more(of_all, Changes("r-2", TODAY, "de", "a-1")).allowances_charges
    assert (again.amount, again.percentage, again.tax) == (None, D(10), None)
    single = issued(a_request(a_row("i-1"), allowances_charges=(split,)))
    (again,) = once_more(single, Changes("r-2", TODAY, "de", "a-1")).allowances_charges
    assert (again.percentage, again.tax) == (D(10), None)


def test_a_repetition_has_the_deposit_terms_of_its_original() -> None:
    old = replace(issued(a_request()), deposit_receivable_relevant=True)
    group = as_frozen(facts(), old, old.customer).billing_group
    assert group is not None and group.deposit_receivable_relevant
    assert as_frozen(facts(billing_group=None), old, old.customer).billing_group is None


def test_rows_that_were_judged_are_judged_again_only_against_what_is_left() -> None:
    invoice = issued(a_request())
    wrong = a_request(a_row("i-1", "-100.00"))
    assert "unit_price_negative" in [problem.code for problem in examine(wrong, DocumentType.INVOICE, facts())[0]]
    assert "unit_price_negative" not in [problem.code for problem in examine(wrong, DocumentType.INVOICE, facts(), True)[0]]
    of_nobody = a_request(a_row("nobody"), related_document_ident="RE-1")
    found = examine(of_nobody, CREDIT, facts(related(invoice)), True)[0]
    assert [problem.code for problem in found] == ["related_item_unknown"]


def test_closing_a_deposit_with_a_reduction_in_it() -> None:
    """The row that reduced is closed by one that adds: its amounts are positive and its indicator says CREDIT."""
    rows = (a_row("i-1", "100.00"), a_row("i-2", "10.00", debit_credit_indicator="CREDIT"))
    deposit = issued(a_request(*rows), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    request = closing_request(what_is_left(deposit), "r-close", "a-1", TODAY)
    assert request is not None
    first, second = request.items
    assert (first.debit_credit_indicator, first.prices.total.net) == ("DEBIT", D(100))
    assert (second.debit_credit_indicator, second.prices.total.net, second.prices.unit.net) == ("CREDIT", D(10), D(10))
    correction = issued(request, DocumentType.DEPOSIT_INVOICE_CORRECTION, facts(related(deposit)), "AK-1")
    assert correction.totals == deposit.totals


def test_a_whole_credit_of_a_document_in_several_credits_comes_to_what_is_left() -> None:
    invoice = issued(a_request(a_row("i-1", "100.00"), a_row("i-2", "50.00")))
    part = a_credit(invoice, items=[a_row("i-1", "100.00")], ident="GS-1")
    request = whole_credit(invoice, "r-credit", TODAY)
    assert codes(request, CREDIT, facts(related(invoice, part))) == ["credit_exceeds_rest"]
    assert codes(request, CREDIT, facts(related(invoice))) == []


# --- the parties --------------------------------------------------------------------------------------------------------------------


def test_in_self_billing_the_sites_data_are_the_buyers() -> None:
    known = facts()
    assert (known.seller(DocumentType.INVOICE), known.buyer(DocumentType.INVOICE)) == (known.site, known.customer)
    own = DocumentType.SELF_BILLING_INVOICE
    assert (known.seller(own), known.buyer(own)) == (known.customer, known.site)


def test_what_is_missing_is_said_once() -> None:
    """An electronic address may be the e-mail: who has neither hears of both, of each once."""
    bare = replace(a_seller(), contact=Contact(), electronic_address=None, address=Address(country="DE"))
    found = xrechnung_findings(("operatingSite", bare), ("customer", a_customer()), False)
    assert [problem.field for problem in found] == [
        "operatingSite.address.zip",
        "operatingSite.address.city",
        "operatingSite.contact.name",
        "operatingSite.contact.phone",
        "operatingSite.contact.email",
        "operatingSite.electronicAddress",
    ]
    twice = xrechnung_findings(("party", bare), ("party", replace(bare, electronic_address=None)), False)
    assert len({problem.field for problem in twice}) == len(twice)
    assert xrechnung_findings(("operatingSite", a_seller()), ("customer", a_customer()), False) == []


def test_a_way_to_a_german_authority_makes_an_xrechnung() -> None:
    bare = replace(a_seller(), contact=Contact(name="Ada", phone="1", email=None), electronic_address=None)
    asked = a_request(properties=with_property("buyerReference", "04011000-12345-34"))
    assert codes(asked, known=facts(site=bare)) == ["missing_for_xrechnung"] * 2
    assert codes(a_request(), known=facts(site=bare)) == []
    assert codes(a_request(), known=facts(site=bare, buyer_reference="04011000-12345-34")) == ["missing_for_xrechnung"] * 2


# --- between gross and payable ------------------------------------------------------------------------------------------------------


def prepaid(*pairs: tuple[str, str]) -> tuple[Prepaid, ...]:
    return tuple(Prepaid(reference=reference, date=TODAY, amount=D(amount)) for reference, amount in pairs)


@pytest.mark.parametrize("method", ["REVERSAL", "FINAL", None])
def test_payments_of_a_corrected_deposit_are_moved_by_reversal_only(method: Any) -> None:
    paid = prepaid(("AR-1", "10.00"), ("cash", "5.00"))
    deposit = RelatedDocument(ident="AR-1", document_type=DocumentType.DEPOSIT_INVOICE, document_date=TODAY)
    document = a_document(
        prepaid=paid, totals=totals_of((an_item(),), prepaid="15.00"), related=(deposit,), final_invoice_method=method
    )
    found = {key: amount for key, (amount, _) in settled_at_issue(document).items()}
    assert found == ({"MOVED": D(10), "PREPAID": D(5)} if method == "REVERSAL" else {"PREPAID": D(15)})


def test_what_pays_all_takes_the_rest_of_the_ledgers_gross() -> None:
    """Three dollars are a euro: 100.00 and 19.00 are 33.33 and 6.33, the whole is 39.67, so the last one takes 6.34."""
    ledger = LedgerCurrency(currency="EUR", exchange_rate=ExchangeRate(rate=D(3), date=TODAY), tax=D("6.33"), gross=D("39.67"))
    voucher = (PostTaxItem(ident="v", name="Voucher", amount=D("-100.00")),)
    document = a_document(
        post_tax_items=voucher,
        prepaid=prepaid(("x", "19.00")),
        totals=totals_of((an_item(),), prepaid="119.00"),
        currency="USD",
        ledger=ledger,
    )
    assert settled_at_issue(document) == {"VOUCHERS": (D(100), D("33.33")), "PREPAID": (D(19), D("6.34"))}
    half = replace(document, prepaid=(), totals=totals_of((an_item(),), prepaid="100.00"))
    assert settled_at_issue(half) == {"VOUCHERS": (D(100), D("33.33"))}


def test_the_tax_of_a_part_stays_within_what_its_rest_allows() -> None:
    part = TaxPart(
        treatment=Treatment.DOMESTIC, category_code="S", rate=D(19), net=D("0.10"), tax=D("0.02"), gross=D("0.12"), country=None
    )
    taxes = []
    settled: tuple[TaxPart, ...] = ()
    for number in range(12):
        (found,) = of_receipt((part,), settled, D("0.01"), "EUR", is_last=number == 11)
        taxes.append(found.tax)
        settled = plus(settled, (found,))
    assert sum(taxes) == D("0.02")
    assert min(taxes) >= 0
