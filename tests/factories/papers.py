"""One example of each paper, with the words and amounts that a reader must find on it."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from tests.factories.documents import a_customer, a_document, a_gross_item, a_seller, an_item, totals_of

from contor.documents.types import (
    BankAccount,
    CashDiscount,
    DepositDeduction,
    DepositGroup,
    Document,
    DocumentType,
    ExchangeRate,
    LedgerCurrency,
    PaymentInformation,
    PaymentTerm,
    Prepaid,
    Property,
    RelatedDocument,
)

CII = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<rsm:CrossIndustryInvoice '
    b'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100">K\xc3\xa4se \xf0\x9f\xa7\x80</rsm:CrossIndustryInvoice>'
)


class Sample(NamedTuple):
    document: Document
    says: tuple[str, ...]
    never: tuple[str, ...] = ()


def _related(ident: str, kind: DocumentType | None) -> tuple[RelatedDocument, ...]:
    return (RelatedDocument(ident=ident, document_type=kind, document_date=dt.date(2026, 8, 1)),)


def _final(method: str, **overrides: Any) -> Document:
    deposit = DepositDeduction(
        ident="AR-7",
        document_date=dt.date(2026, 8, 1),
        received_on=dt.date(2026, 8, 12),
        groups=(DepositGroup(category_code="S", rate=Decimal(19), net=Decimal(300), tax=Decimal(57), gross=Decimal(357)),),
    )
    fields: dict[str, Any] = {
        "items": (an_item("1000.00"),),
        "totals": totals_of((an_item("1000.00"),), prepaid="357.00"),
        "related": _related("AR-7", DocumentType.DEPOSIT_INVOICE),
        "deposits": (deposit,),
        "final_invoice_method": method,
    }
    return a_document(**fields | overrides)


def _remainder() -> Document:
    rows = (an_item("1000.00"), an_item("-300.00", position=2, name="Anzahlung AR-7", deposit_ident="AR-7", service_period=None))
    return _final("REMAINDER", items=rows, totals=totals_of(rows))


PAPERS = {
    "invoice-de": Sample(
        a_document(payment_term=PaymentTerm(cash_discount=(CashDiscount(days=10, percentage=Decimal(2)),))),
        (
            "Rechnung Nr. RE-2026-000123",
            "19 % USt. auf 100,00 € 19,00 €",
            "Zahlbetrag 119,00 €",
            "Leistungszeitraum 01.10.2026 – 31.10.2026",
            "Bitte überweisen Sie 119,00 € bis zum 04.12.2026",
            "Bei Zahlung bis zum 30.11.2026: 2 % Skonto, zu zahlen 116,62 € (Abzug 2,38 €)",
            "DE89 3704 0044 0532 0130 00",
            "GiroCode",
            "Amtsgericht Hamburg HRB 123456",
            "USt-IdNr. DE136695976",
            "Seite 1 von 1",
        ),
        ("Gutschrift", "MUSTER"),
    ),
    "invoice-en": Sample(
        a_document(language="en", items=(an_item("1234567.89", quantity="12.50", unit_code="HUR"),)),
        (
            "Invoice No. RE-2026-000123",
            "12.5 hours",
            "19% VAT on €1,234,567.89 €234,567.90",
            "Amount due €1,469,135.79",
            "Please transfer €1,469,135.79 by 4 Dec 2026",
            "Page 1 of 1",
        ),
        ("Rechnung Nr", "SAMPLE"),
    ),
    "other-language": Sample(a_document(language="fr"), ("Invoice No. RE-2026-000123",)),
    "test-de": Sample(a_document(environment="TEST"), ("MUSTER / keine Rechnung",)),
    "test-en": Sample(a_document(environment="TEST", language="en"), ("SAMPLE / not an invoice",)),
    "gross": Sample(
        a_document(items=(a_gross_item("29.97"),)),
        ("Einzelpreis brutto", "Nettobetrag 25,18 €", "19 % USt. auf 25,18 € 4,79 €", "Zahlbetrag 29,97 €"),
    ),
    "credit-memo": Sample(
        a_document(document_type=DocumentType.CREDIT_MEMO, related=_related("RE-1", DocumentType.INVOICE)),
        (
            "Rechnungskorrektur Nr.",
            "Diese Rechnungskorrektur berichtigt: Rechnung RE-1 vom 01.08.2026",
            "Erstattungsbetrag 119,00 €",
            "Wir erstatten Ihnen 119,00 €",
        ),
        ("Gutschrift", "GiroCode", "Zahlbar bis"),
    ),
    "credit-memo-en": Sample(
        a_document(document_type=DocumentType.CREDIT_MEMO, language="en", related=_related("X-9", None)),
        ("Credit note No.", "This credit note corrects: Invoice X-9 of 1 Aug 2026", "Amount credited €119.00"),
    ),
    "deposit": Sample(
        a_document(document_type=DocumentType.DEPOSIT_INVOICE),
        ("Anzahlungsrechnung Nr.", "Die Leistung steht noch aus.", "Voraussichtliche Leistung", "GiroCode"),
    ),
    "deposit-correction": Sample(
        a_document(document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION, related=_related("AR-1", DocumentType.DEPOSIT_INVOICE)),
        (
            "Rechnungskorrektur Nr.",
            "berichtigt: Anzahlungsrechnung AR-1 vom 01.08.2026",
            "−1 Stk.",
            "19 % USt. auf −100,00 € −19,00 €",
            "Korrekturbetrag −119,00 €",
            "mindert sich um 119,00 €",
        ),
        ("GiroCode", "Gutschrift"),
    ),
    "self-billing": Sample(
        a_document(
            document_type=DocumentType.SELF_BILLING_INVOICE,
            seller=a_customer(bank_accounts=(BankAccount(iban="AT611904300234573201"),)),
            customer=a_seller(),
        ),
        (
            "Hanseatische Musterwerke GmbH · Speicherstraße 12a · 20457 Hamburg Käsehaus Süd GmbH & Co. KG Frau Özlem",
            "Gutschrift Nr.",
            "Leistender Unternehmer Käsehaus Süd GmbH & Co. KG",
            "Leistungsempfänger Hanseatische Musterwerke GmbH",
            "Auszahlungsbetrag 119,00 €",
            "Wir überweisen 119,00 € bis zum 04.12.2026 auf Ihr Konto AT61 1904 3002 3457 3201",
        ),
        ("GiroCode", "Bitte überweisen"),
    ),
    "self-billing-correction": Sample(
        a_document(
            document_type=DocumentType.SELF_BILLING_INVOICE_CORRECTION, related=_related("GS-1", DocumentType.SELF_BILLING_INVOICE)
        ),
        ("Korrektur der Gutschrift Nr. GS-1 Nr. RE-2026-000123", "Diese Korrektur berichtigt: Gutschrift GS-1"),
        ("GiroCode",),
    ),
    "final": Sample(
        _final("FINAL"),
        (
            "Schlussrechnung Nr.",
            "Gesamtbetrag 1.190,00 €",
            "abzüglich erhaltene Anzahlungen (brutto) −357,00 €",
            "Zahlbetrag 833,00 €",
            "AR-7 01.08.2026 12.08.2026 19 % 300,00 57,00 357,00",
            "Summe 300,00 57,00 357,00",
        ),
    ),
    "remainder": Sample(
        _remainder(), ("Restrechnung Nr.", "Anzahlung AR-7", "−300,00", "Zahlbetrag 833,00 €"), ("Erhaltene Anzahlungen",)
    ),
    "reversal": Sample(
        _final("REVERSAL", deposits=(), prepaid=(Prepaid(reference="AR-7", date=dt.date(2026, 8, 12), amount=Decimal(357)),)),
        ("Schlussrechnung Nr.", "abzüglich Zahlung vom 12.08.2026 (AR-7) −357,00 €", "Zahlbetrag 833,00 €"),
        ("Erhaltene Anzahlungen", "300,00"),
    ),
    "reverse-charge": Sample(
        a_document(items=(an_item(rate="0", category_code="AE"),)),
        ("Reverse Charge auf 100,00 € 0,00 €", "Steuerschuldnerschaft des Leistungsempfängers"),
        ("0 %",),
    ),
    "small-business": Sample(
        a_document(items=(an_item(rate="0", category_code="E"),), seller=a_seller(small_business=True)),
        ("Steuerfrei auf 100,00 € 0,00 €", "Steuerbefreiung für Kleinunternehmer nach § 19 UStG"),
    ),
    "direct-debit": Sample(
        a_document(
            payment_information=PaymentInformation(payment_type="DIRECT_DEBIT"),
            properties=(
                Property(key="mandateReference", value="M-42"),
                Property(key="creditorIdentifier", value="DE98ZZZ09999999999"),
            ),
        ),
        (
            "Wir ziehen 119,00 € zum 04.12.2026 per SEPA-Lastschrift von Ihrem Konto ein.",
            "Mandatsreferenz M-42 Gläubiger-ID DE98ZZZ09999999999",
        ),
        ("GiroCode", "Verwendungszweck"),
    ),
    **{
        name: Sample(
            a_document(
                language=language,
                due_date=dt.date(2026, 11, 20),
                properties=tuple(
                    Property(key=key, value=value)
                    for key, value in (
                        ("paymentTerms", "Die Hälfte bei Lieferung,\ndie Hälfte nach Abnahme"),
                        ("payeeName", "Faktor Nord GmbH"),
                        ("taxRepresentativeName", "Steuerhaus AG"),
                        ("taxRepresentativeVatId", "DE136695976"),
                        ("taxRepresentativeLine1", "Hafenstr. 3"),
                        ("taxRepresentativeCity", "Kiel"),
                        ("taxRepresentativePostCode", "24103"),
                        ("taxRepresentativeCountry", "DE"),
                    )
                ),
            ),
            ("Die Hälfte bei Lieferung,", "die Hälfte nach Abnahme", *says),
            ("sofort nach Erhalt", "upon receipt"),
        )
        for name, language, says in (
            (
                "paid-to-another",
                "de",
                (
                    "Bitte zahlen Sie 119,00 € wie vereinbart.",
                    "Zahlungsempfänger ist Faktor Nord GmbH.",
                    "Fiskalvertreter: Steuerhaus AG, Hafenstr. 3, 24103 Kiel, DE, USt-IdNr. DE136695976",
                ),
            ),
            (
                "paid-to-another-en",
                "en",
                (
                    "as agreed.",
                    "The payment is to be made to Faktor Nord GmbH.",
                    "Tax representative: Steuerhaus AG, Hafenstr. 3, 24103 Kiel, DE, VAT ID DE136695976",
                ),
            ),
        )
    },
    "supply-on-document-date": Sample(
        a_document(supply_on_document_date=True, items=(an_item(service_period=None),)),
        ("Leistungsdatum entspricht dem Rechnungsdatum", "Leistungsdatum 20.11.2026"),
    ),
    "dollar": Sample(
        a_document(
            currency="USD",
            ledger=LedgerCurrency(
                currency="EUR",
                exchange_rate=ExchangeRate(rate=Decimal("1.08500"), date=dt.date(2026, 11, 1)),
                tax=Decimal("17.51"),
                gross=Decimal("109.68"),
            ),
        ),
        ("Betrag USD", "Zahlbetrag 119,00 USD", "Umsatzsteuer in EUR: 17,51 € (1 EUR = 1,085 USD; BMF, 01.11.2026)"),
        ("GiroCode",),
    ),
}
