"""Every text in both languages: no document can be issued that a missing text would leave without its files."""

import datetime as dt
import itertools
import string
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args

import pytest
from tests.factories.documents import a_customer, a_document, a_gross_item, a_seller, an_item, totals_of
from tests.factories.papers import PAPERS
from tests.factories.requests import a_request, facts, issued, related

from contor.documents.amounts.deposits import receipts
from contor.documents.einvoice.of_document.of_document import einvoice_of
from contor.documents.labels import NONE, Label
from contor.documents.references import OF_DOCUMENT, OF_ROW
from contor.documents.render import render_pdf
from contor.documents.render.pdf import picture
from contor.documents.titles import title
from contor.documents.types import (
    PAID_BEFORE,
    Address,
    BankAccount,
    CashDiscount,
    Contact,
    DepositDeduction,
    DepositGroup,
    Discount,
    Document,
    DocumentAllowanceCharge,
    DocumentExtra,
    DocumentItem,
    DocumentType,
    ExchangeRate,
    FinalInvoiceMethod,
    Gender,
    LedgerCurrency,
    Location,
    PaymentCollection,
    PaymentInformation,
    PaymentTerm,
    Period,
    PostTaxItem,
    Prepaid,
    PriceCalculationBasis,
    PriceTier,
    Property,
    RelatedDocument,
    TaxCategory,
)
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace

D = Decimal
DAY = dt.date(2026, 11, 3)
LANGUAGES = ("de", "en")
BASES = (
    PriceCalculationBasis(type="RECURRING", base_price=D(30), used_days=10, interval_days=30),
    PriceCalculationBasis(type="BLOCK", block_price=D(5), block_size=D(10), block_quantity=D(2), used_quantity=D(13)),
    PriceCalculationBasis(type="BLOCK", block_price=D(5), block_size=D(10), block_quantity=D(2)),
    PriceCalculationBasis(type="BLOCK", block_price=D(5), block_size=D(10), used_quantity=D(13)),
    PriceCalculationBasis(type="BLOCK", block_price=D(5), block_size=D(10)),
    PriceCalculationBasis(type="TIME_BASED_USAGE", used_quantity=D(90), quantity_type="MINUTE"),
    PriceCalculationBasis(type="TIER_SINGLE", used_quantity=D(7), tiers=(PriceTier(quantity=D(0), unit_price=D(2)),)),
    PriceCalculationBasis(type="TIER_PROGRESSIVE", tiers=(PriceTier(quantity=D(1), unit_price=D(2), above=True),)),
)
PAYMENT_TYPES = ("BANK_TRANSFER", "SEPA_DIRECT_DEBIT", "CREDIT_CARD")
MANDATE = (
    Property(key="mandateReference", value="M-1"),
    Property(key="creditorIdentifier", value="DE98ZZZ09999999999"),
    Property(key="debitedAccount", value="DE89370400440532013000"),
)


def full_rows(category: str, gross: bool, basis: PriceCalculationBasis) -> tuple[DocumentItem, ...]:
    """Two rows that were supplied at different times, the first with all that a row may say."""
    make = a_gross_item if gross else an_item
    rate = "19" if category in ("S", "L", "M") else "0"
    first: DocumentItem = make("119.00", rate)
    tax = replace(first.taxes[0], category_code=category)
    sides = first.total
    first = replace(
        first,
        taxes=(tax,),
        description="Webhosting",
        article_number="A-1",
        item_group="Server",
        price_base_quantity=D(100),
        extras=(
            DocumentExtra(ident="x", name="Rabatt", total=sides),
            DocumentExtra(ident="v", name="A", total=sides, type="VOUCHER"),
        ),
        refundability="REFUNDABLE",
        reference_ident="LV-1",
        performance_location=Location(country="DE", city="Bonn"),
        delivery_date=DAY,
        billing_period=Period(start=DAY, end=DAY),
        price_calculation_basis=basis,
        **{reference.field: f"{reference.key}-1" for reference in OF_ROW},
    )
    return first, replace(make("11.90", rate, 2), taxes=(tax,), service_period=None)


def a_full_document(**more: Any) -> Document:
    """All that a document of any type may say, whether or not it belongs together: the page must not fail on it."""
    category, basis = more.pop("category", "S"), more.pop("basis", BASES[0])
    items = more.pop("items", None) or full_rows(category, more.pop("gross", False), basis)
    part = DocumentAllowanceCharge(
        ident="a",
        type="ALLOWANCE",
        name="Bonus",
        net=D(1),
        tax=ZERO,
        gross=D(1),
        category_code=category,
        rate=items[0].rate,
        percentage=D(10),
    )
    fields: dict[str, Any] = {
        "environment": "TEST",
        "order_date": DAY,
        "items": items,
        "totals": totals_of(items, prepaid="1.00", rounding="0.01"),
        "seller": a_seller(trading_name="Musterwerke", small_business=False),
        "customer": a_customer(trading_name="Käsehaus", bank_accounts=(BankAccount(iban="AT611904300234573201", holder="K"),)),
        "shipping_address": Address(street="Lager", zip="1010", city="Wien", country="AT"),
        "allowances_charges": (part, replace(part, ident="b", type="CHARGE", percentage=None)),
        "post_tax_items": (
            PostTaxItem(ident="v", name="Gutschein", amount=D(-5), leftover_amount=D(2), refundability="NON_REFUNDABLE"),
        ),
        "prepaid": (Prepaid(reference="p", date=DAY, amount=D(1)),),
        "related": (
            RelatedDocument(ident="R-1", document_type=DocumentType.INVOICE, document_date=DAY),
            RelatedDocument(ident="X-9", document_type=None, document_date=None),
        ),
        "deposits": (
            DepositDeduction(
                ident="AR-7",
                document_date=DAY,
                received_on=DAY,
                groups=(DepositGroup(category_code="S", rate=D(19), net=D(100), tax=D(19), gross=D(119)),),
            ),
        ),
        "ledger": LedgerCurrency(currency="CHF", exchange_rate=ExchangeRate(rate=D("1.1"), date=DAY), tax=D(1), gross=D(2)),
        "payment_term": PaymentTerm(cash_discount=(CashDiscount(days=10, percentage=D(2)),)),
        "payment_information": PaymentInformation(payment_reference="V-1"),
        "note": "Danke",
        "properties": MANDATE,
        **{reference.field: f"{reference.key}-1" for reference in OF_DOCUMENT},
    }
    return a_document(**fields | more)


def documents() -> Iterator[Document]:
    """Every type, and of each what it may say in one way or another."""
    methods: tuple[FinalInvoiceMethod | None, ...] = (None, *get_args(FinalInvoiceMethod))
    for kind, method in itertools.product(DocumentType, methods):
        yield a_full_document(document_type=kind, final_invoice_method=method)
        yield a_full_document(document_type=kind, final_invoice_method=method, related=a_full_document().related[:1])
    for kind in DocumentType:
        rows = (an_item("100.00"), an_item("-100.00", position=2))
        yield a_full_document(document_type=kind, items=rows, totals=totals_of(rows))
        yield a_full_document(document_type=kind, supply_on_document_date=True, items=(an_item(service_period=None),))
        yield a_full_document(document_type=kind, customer=a_customer(vat_id=None, tax_number="22/1", bank_accounts=()))
    for category, basis, gross in itertools.product(get_args(TaxCategory), BASES, (False, True)):
        yield a_full_document(category=category, basis=basis, gross=gross)
    for small in (False, True):
        yield a_full_document(category="E", seller=a_seller(small_business=small))
    for payment_type, collect, due in itertools.product(PAYMENT_TYPES, (False, True), (DAY, dt.date(2026, 12, 4))):
        information = PaymentInformation(payment_type=payment_type)
        collection = PaymentCollection(collect=collect)
        told = {"payment_collection": collection, "collection_date": due if collect else None}
        yield a_full_document(payment_information=information, document_date=DAY, due_date=due, **told)
    yield a_full_document(properties=(PAID_BEFORE,))
    on_real_estate = (Property(key="workOnRealEstate", value="true"),)
    yield a_full_document(properties=on_real_estate, customer=a_customer(customer_type="B2C"))
    offered = (
        Property(key="paymentTerms", value="#SKONTO#TAGE=7#PROZENT=1.00#\n#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=50.00#\n"),
    )
    debit = PaymentInformation(payment_type="DIRECT_DEBIT")
    uncollected = PaymentCollection(collect=False)
    yield a_full_document(
        properties=offered, payment_information=debit, payment_collection=uncollected, due_date=DAY, document_date=DAY
    )
    yield PAPERS["paid-to-another"].document
    yield PAPERS["paid-to-another-en"].document
    rows = (an_item("-100.00"),)
    yield a_full_document(items=rows, totals=totals_of(rows))
    day = Period(start=DAY, end=DAY)
    yield a_full_document(items=(an_item(service_period=day),), seller=a_seller(contact=Contact(phone="1")))
    yield a_full_document(items=(an_item(),))
    for gender in get_args(Gender):
        yield a_full_document(items=(an_item(),), gender=gender, customer=a_customer(contact=Contact(name="Eva Kurz")))
    abroad = a_full_document(items=(an_item(),))
    yield replace(abroad, taxes=(replace(abroad.taxes[0], country="FR"),))
    reduced = [
        Discount(
            decision=decision, treatment="DOMESTIC", category_code="S", rate=D(19), net=D(2), tax=D("0.38"), gross=D("2.38"),
            ledger_tax=D("0.38"), ledger_gross=D("2.38"),
        )
        for decision in ("CASH_DISCOUNT", "DISCOUNT", "UNCOLLECTABLE_RECEIVABLE")
    ]  # fmt: skip
    yield a_full_document(items=(an_item(),), discounts=tuple(reduced))


def a_remainder_invoice(language: str) -> Document:
    """Its row that deducts the deposit is made when it is frozen."""
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    received = receipts(deposit, [D(50)])
    final = a_request(language=language, related_document_ident="AR-1")
    return issued(final, known=facts(related(deposit, received=received)))


def a_laid_out_credit(language: str) -> Document:
    """It says no reason: that it corrects is one."""
    known = facts(related(issued(a_request(), ident="RE-1")), shows_corrections=True)
    return issued(a_request(language=language, related_document_ident="RE-1"), DocumentType.CREDIT_MEMO, known, "GS-1")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> set[tuple[Label, str]]:
    """The labels that were said, with the language, while a test runs."""
    found: set[tuple[Label, str]] = set()
    honest = Label.said

    def said(label: Label, language: str, own: Mapping[str, str] = NONE, **values: object) -> str:
        found.add((label, language))
        return honest(label, language, own, **values)

    monkeypatch.setattr(Label, "said", said)
    return found


def test_every_label_is_shown_in_both_languages(said: set[tuple[Label, str]]) -> None:
    """A label that nothing shows is superfluous; one that cannot be filled fails here, and not on an issued invoice."""
    for document, language in itertools.product(documents(), LANGUAGES):
        spoken = replace(document, language=language)
        assert picture(spoken)["language"] == language
        einvoice_of(spoken)
    for language in LANGUAGES:
        a_remainder_invoice(language)
        picture(a_laid_out_credit(language))
    assert [label for label, language in itertools.product(Label, LANGUAGES) if (label, language) not in said] == []


def test_the_page_of_everything_is_made() -> None:
    for kind, language in itertools.product(DocumentType, LANGUAGES):
        document = a_full_document(document_type=kind, language=language)
        assert render_pdf(document, None).startswith(b"%PDF-1.7")
        assert title(document)


def test_both_languages_have_the_same_gaps() -> None:
    def gaps(text: str) -> list[str]:
        return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})

    assert [label for label in Label if gaps(label.de) != gaps(label.en)] == []
    assert [label for label in Label if not (label.de.strip() and label.en.strip())] == []
