"""A document of every kind that can be issued, with amounts worked out by hand."""

from decimal import Decimal

from tests.factories.einvoices.builders import (
    AUSTRIAN,
    CUSTOMER,
    LEITWEG,
    MANDATE,
    PARTNER,
    SMALL,
    SMALL_BUSINESS_TEXT,
    SWISS,
    group,
    item,
    paper,
    reference,
    simple,
    totals,
    untaxed,
)
from tests.factories.einvoices.examples import (
    DEPOSITS,
    final,
    in_dollars,
    of_gross_prices,
    of_nothing,
    of_two_rates,
    with_everything,
)

from contor.documents.types import Address, Document, DocumentType, PaymentInformation, PostTaxItem
from contor.kernel.shapes import replace

PAPERS: dict[str, Document] = {
    "380": simple(),
    "380 XRechnung": simple(buyer_reference=LEITWEG),
    "380 English": simple(language="en", environment="TEST"),
    "380 two rates, allowance": of_two_rates(),
    "380 two rates, allowance, XRechnung": of_two_rates(buyer_reference=LEITWEG),
    "380 gross prices": of_gross_prices(),
    "380 everything": with_everything(),
    "380 zero": of_nothing(),
    "380 direct debit": simple(
        buyer_reference=LEITWEG, payment_information=PaymentInformation(payment_type="SEPA_DIRECT_DEBIT"), properties=MANDATE
    ),
    "380 card": simple(buyer_reference=LEITWEG, payment_information=PaymentInformation(payment_type="CREDIT_CARD")),
    "380 voucher pays": paper(
        (item(1, "100.00", "19.00"),),
        (group("100.00", "19.00"),),
        totals("100.00", "19.00", prepaid="50.00"),
        post_tax_items=(PostTaxItem(ident="p", name="Gutschein", amount=Decimal("-50.00")),),
    ),
    "380 REMAINDER": final("REMAINDER"),
    "380 REMAINDER at 16 %": paper(
        (item(1, "10000.00", "1900.00"), item(2, "-3000.00", "-480.00", "16", deposit_ident="AR-1")),
        (group("10000.00", "1900.00"), group("-3000.00", "-480.00", "16")),
        totals("7000.00", "1420.00"),
        deposits=DEPOSITS[:1],
        final_invoice_method="REMAINDER",
        buyer_reference=LEITWEG,
    ),
    "380 FINAL": final("FINAL"),
    "380 REVERSAL": final("REVERSAL"),
    "380 USD": in_dollars(),
    "380 USD XRechnung": in_dollars(buyer_reference=LEITWEG),
    "381": simple(document_type=DocumentType.CREDIT_MEMO, related=(reference("RE-2026-000001"),), ident="GS-1"),
    "381 XRechnung": of_two_rates(
        document_type=DocumentType.CREDIT_MEMO,
        related=(reference("RE-2026-000001"),),
        buyer_reference=LEITWEG,
        purchase_order_reference="B-1",
    ),
    "384": simple(
        document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION, related=(reference("AR-1", DocumentType.DEPOSIT_INVOICE),)
    ),
    "384 allowance XRechnung": of_two_rates(
        document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION, related=(reference("AR-1"),), buyer_reference=LEITWEG
    ),
    "386": simple(document_type=DocumentType.DEPOSIT_INVOICE),
    "326": simple(document_type=DocumentType.DEPOSIT_INVOICE, buyer_reference=LEITWEG),
    "389": simple(document_type=DocumentType.SELF_BILLING_INVOICE, customer=PARTNER),
    "389 XRechnung": simple(document_type=DocumentType.SELF_BILLING_INVOICE, customer=PARTNER, buyer_reference=LEITWEG),
    "389 small partner": untaxed(
        "E",
        None,
        SMALL_BUSINESS_TEXT,
        document_type=DocumentType.SELF_BILLING_INVOICE,
        customer=replace(PARTNER, vat_id=None, small_business=True),
    ),
    "261": simple(
        document_type=DocumentType.SELF_BILLING_INVOICE_CORRECTION,
        customer=PARTNER,
        related=(reference("GU-1", DocumentType.SELF_BILLING_INVOICE),),
    ),
    "AE": untaxed("AE", "VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers", customer=AUSTRIAN),
    "AE domestic": untaxed(
        "AE",
        "VATEX-EU-AE",
        "Steuerschuldnerschaft des Leistungsempfängers",
        customer=replace(CUSTOMER, vat_id=None, tax_number="71/222/33333"),
        buyer_reference=LEITWEG,
    ),
    "K": untaxed("K", "VATEX-EU-IC", "Steuerfreie innergemeinschaftliche Lieferung", customer=AUSTRIAN, buyer_reference=LEITWEG),
    "G": untaxed("G", "VATEX-EU-G", "Steuerfreie Ausfuhrlieferung", customer=SWISS, shipping_address=SWISS.address),
    "E": untaxed("E", "VATEX-EU-132-1I", "Steuerfrei nach § 4 Nr. 21 UStG", buyer_reference=LEITWEG),
    "O": untaxed("O", "VATEX-EU-O", "Nicht steuerbar", buyer_reference=LEITWEG),
    "Z": untaxed("Z", None, None),
    "small business": untaxed("E", None, SMALL_BUSINESS_TEXT, seller=SMALL, buyer_reference=LEITWEG),
    "OSS": paper(
        (item(1, "8.32", "1.67", "20"),),
        (group("8.32", "1.67", "20", country="FR"),),
        totals("8.32", "1.67"),
        customer=replace(CUSTOMER, vat_id=None, address=Address(street="Rue", zip="75001", city="Paris", country="FR")),
    ),
}
"""By what they are."""
