"""Which foreign e-invoices are refused, and the reason each is told."""

from decimal import Decimal

import pytest
from tests.factories.einvoices.builders import simple

from contor.documents.after.official_rules import findings
from contor.documents.einvoice import imported, read_einvoice
from contor.documents.einvoice.model.groups import Identifier
from contor.documents.einvoice.model.invoice import EInvoice, ThirdPartyPayment
from contor.documents.einvoice.of_document.of_document import einvoice_of
from contor.documents.einvoice.write.cii import cii
from contor.documents.einvoice.write.ubl import ubl
from contor.kernel.errors import Kind, Refused
from contor.kernel.shapes import replace


def reasons(invoice: EInvoice) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        imported(invoice, billing_group_ident="external")
    assert refused.value.kind is Kind.INVALID
    return [(problem.code, problem.message) for problem in refused.value.problems]


def of_100_and_19(**totals: str) -> EInvoice:
    base = einvoice_of(simple())
    return replace(base, totals=replace(base.totals, **{name: Decimal(value) for name, value in totals.items()}))


BASE = einvoice_of(simple())
LINE = BASE.lines[0]
WRONG_TAX = replace(
    of_100_and_19(tax="19.99", gross="119.99", payable="119.99"),
    breakdown=(replace(BASE.breakdown[0], amount=Decimal("19.99")),),
)


@pytest.mark.parametrize(
    ("invoice", "codes"),
    [
        (of_100_and_19(payable="119.01"), ["payable_differs"]),
        (of_100_and_19(tax="19.01", gross="119.01", payable="119.01"), ["total_differs"] * 3),
        (
            WRONG_TAX,
            ["tax_amount_differs"] + ["total_differs"] * 3,
        ),
        (replace(BASE, breakdown=(replace(BASE.breakdown[0], base=Decimal(99)),)), ["tax_base_differs"]),
        (
            replace(of_100_and_19(gross="-1.00", payable="-1.00"), type_code="381"),
            ["credit_note_negative"],
        ),
        (replace(BASE, lines=(LINE,) * 101), ["too_many_rows"]),
        (replace(BASE, currency="USD"), ["exchange_rate_unknown"]),
        (replace(BASE, lines=(replace(LINE, price=Decimal("-1")),)), ["price_negative"]),
        (replace(BASE, seller=replace(BASE.seller, endpoint=Identifier(value="4711", scheme="9958"))), ["code_unknown"]),
        (replace(BASE, buyer=replace(BASE.buyer, endpoint=Identifier(value="4711", scheme="DUNS"))), ["code_unknown"]),
        (replace(BASE, lines=()), ["lines_missing"]),
        (replace(BASE, lines=(replace(LINE, category=""),)), ["category_missing"]),
        (replace(BASE, lines=(replace(LINE, quantity=Decimal("0.00001")),)), ["not_representable"]),
        (of_100_and_19(prepaid="-1", payable="120.00"), ["prepaid_negative"]),
        (replace(BASE, third_party_payments=(ThirdPartyPayment(kind="x", amount=Decimal(1)),)), ["third_party_payments"]),
    ],
)
def test_refused_with_the_reason(invoice: EInvoice, codes: list[str]) -> None:
    assert [code for code, _ in reasons(invoice)] == codes


def test_a_wrong_tax_is_named_by_its_group() -> None:
    assert [found.rule for found in findings(ubl(WRONG_TAX)) if found.level == "fatal"] == []  # the official rules tolerate it
    assert reasons(WRONG_TAX)[0] == (
        "tax_amount_differs",
        "The VAT of category S at 19 % is 19.00, the breakdown says 19.99 (BT-117)",
    )
    assert reasons(read_einvoice(cii(WRONG_TAX))) == reasons(WRONG_TAX)


def test_payments_for_third_parties_have_no_place() -> None:
    parts = (ThirdPartyPayment(kind="x", amount=Decimal("19.96")), ThirdPartyPayment(kind="x", amount=Decimal("10.00")))
    assert reasons(replace(of_100_and_19(payable="148.96"), third_party_payments=parts)) == [
        (
            "third_party_payments",
            "29.96 EUR are collected for third parties beside the invoice (XRechnung extension, BG-DEX-09): "
            "EN 16931 and our own documents have no place for them",
        )
    ]


def test_what_a_request_cannot_hold_is_told_with_its_place() -> None:
    invoice = replace(BASE, lines=(LINE, replace(LINE, quantity=Decimal("0.00001")), replace(LINE, unit="ganzlang")))
    assert reasons(invoice) == [
        ("not_representable", "Line 1: Quantity (BT-129) is 0.00001, expected: at most 4 decimals"),
        (
            "not_representable",
            "Line 1: Unit (BT-130) is ganzlang, expected: a code of two or three letters or digits (UN/ECE Recommendation 20)",
        ),
    ]
