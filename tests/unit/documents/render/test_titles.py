"""Titles and codes of the papers (accounting reference 3)."""

import pytest
from tests.factories.documents import a_document

from contor.documents.titles import title, type_code
from contor.documents.types import DocumentType, FinalInvoiceMethod, RelatedDocument

T = DocumentType


@pytest.mark.parametrize(
    ("kind", "code", "xrechnung", "german", "english"),
    [
        (T.INVOICE, "380", "380", "Rechnung", "Invoice"),
        (T.CREDIT_MEMO, "381", "381", "Rechnungskorrektur", "Credit note"),
        (T.DEPOSIT_INVOICE, "386", "326", "Anzahlungsrechnung", "Deposit invoice"),
        (T.DEPOSIT_INVOICE_CORRECTION, "384", "384", "Rechnungskorrektur", "Corrected deposit invoice"),
        (T.SELF_BILLING_INVOICE, "389", "389", "Gutschrift", "Self-billing invoice"),
        (T.SELF_BILLING_INVOICE_CORRECTION, "261", "261", "Korrektur der Gutschrift", "Correction of self-billing invoice"),
    ],
)
def test_types(kind: DocumentType, code: str, xrechnung: str, german: str, english: str) -> None:
    assert (type_code(kind, xrechnung=False), type_code(kind, xrechnung=True)) == (code, xrechnung)
    assert title(a_document(document_type=kind)) == german
    assert title(a_document(document_type=kind, language="sv")) == english


@pytest.mark.parametrize(
    ("method", "german", "english"),
    [
        ("REMAINDER", "Restrechnung", "Remainder invoice"),
        ("FINAL", "Schlussrechnung", "Final invoice"),
        ("REVERSAL", "Schlussrechnung", "Final invoice"),
    ],
)
def test_final_invoices(method: FinalInvoiceMethod, german: str, english: str) -> None:
    assert title(a_document(final_invoice_method=method)) == german
    assert title(a_document(final_invoice_method=method, language="en")) == english


def test_a_self_billing_correction_names_what_it_corrects() -> None:
    related = (RelatedDocument(ident="GS-1", document_type=T.SELF_BILLING_INVOICE, document_date=None),)
    assert (
        title(a_document(document_type=T.SELF_BILLING_INVOICE_CORRECTION, related=related))
        == "Korrektur der Gutschrift Nr.\u00a0GS-1"
    )
