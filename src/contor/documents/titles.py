"""What each paper is called and which code it carries. Pure.

"Gutschrift" means self-billing in German VAT law (section 14 (4) no. 10 UStG) and nothing else: an invoice credited is a
"Rechnungskorrektur" (section 14c UStG; accounting reference 3).
"""

from contor.documents.types import Document, DocumentType, FinalInvoiceMethod

_TYPE_CODES = {
    DocumentType.INVOICE: "380",
    DocumentType.CREDIT_MEMO: "381",
    DocumentType.DEPOSIT_INVOICE: "386",
    DocumentType.DEPOSIT_INVOICE_CORRECTION: "384",
    DocumentType.SELF_BILLING_INVOICE: "389",
    DocumentType.SELF_BILLING_INVOICE_CORRECTION: "261",
}

_TITLES = {
    "de": {
        DocumentType.INVOICE: "Rechnung",
        DocumentType.CREDIT_MEMO: "Rechnungskorrektur",
        DocumentType.DEPOSIT_INVOICE: "Anzahlungsrechnung",
        DocumentType.DEPOSIT_INVOICE_CORRECTION: "Rechnungskorrektur",
        DocumentType.SELF_BILLING_INVOICE: "Gutschrift",
        DocumentType.SELF_BILLING_INVOICE_CORRECTION: "Korrektur der Gutschrift",
    },
    "en": {
        DocumentType.INVOICE: "Invoice",
        DocumentType.CREDIT_MEMO: "Credit note",
        DocumentType.DEPOSIT_INVOICE: "Deposit invoice",
        DocumentType.DEPOSIT_INVOICE_CORRECTION: "Corrected deposit invoice",
        DocumentType.SELF_BILLING_INVOICE: "Self-billing invoice",
        DocumentType.SELF_BILLING_INVOICE_CORRECTION: "Correction of self-billing invoice",
    },
}
_FINAL_TITLES: dict[str, dict[FinalInvoiceMethod, str]] = {
    "de": {"REMAINDER": "Restrechnung", "FINAL": "Schlussrechnung", "REVERSAL": "Schlussrechnung"},
    "en": {"REMAINDER": "Remainder invoice", "FINAL": "Final invoice", "REVERSAL": "Final invoice"},
}

_GERMAN = frozenset({"de", "deu", "ger"})


def printed_language(language: str) -> str:
    """The language a document is printed in: German or English; every other wish is answered in English."""
    return "de" if language in _GERMAN else "en"


def type_code(document_type: DocumentType, xrechnung: bool) -> str:
    """BT-3 by UNTDID 1001. XRechnung does not know 386: there a deposit invoice is a partial invoice, 326 (BR-DE-17)."""
    if xrechnung and document_type is DocumentType.DEPOSIT_INVOICE:
        return "326"
    return _TYPE_CODES[document_type]


def type_title(document_type: DocumentType, language: str) -> str:
    """What a paper of this type is called, where only its type is known, e.g. in a reference to it."""
    return _TITLES[printed_language(language)][document_type]


def title(document: Document) -> str:
    """The document's title in its language, without its number; a self-billing correction names what it corrects."""
    language = printed_language(document.language)
    if document.document_type is DocumentType.INVOICE and document.final_invoice_method:
        return _FINAL_TITLES[language][document.final_invoice_method]
    name = _TITLES[language][document.document_type]
    if document.document_type is DocumentType.SELF_BILLING_INVOICE_CORRECTION and len(document.related) == 1:
        number = "Nr." if language == "de" else "no."
        return f"{name} {number}\u00a0{document.related[0].ident}"
    return name
