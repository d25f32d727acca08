"""What each paper is called and which code it carries. Pure.

"Gutschrift" means self-billing in German VAT law (section 14 (4) no. 10 UStG) and nothing else: an invoice credited is a
"Rechnungskorrektur" (section 14c UStG; accounting reference 3).
"""

from collections.abc import Mapping
from typing import Final

from contor.documents.labels import Label
from contor.documents.types import Document, DocumentType, FinalInvoiceMethod

_TYPE_CODES: Final[Mapping[DocumentType, str]] = {
    DocumentType.INVOICE: "380",
    DocumentType.CREDIT_MEMO: "381",
    DocumentType.DEPOSIT_INVOICE: "386",
    DocumentType.DEPOSIT_INVOICE_CORRECTION: "384",
    DocumentType.SELF_BILLING_INVOICE: "389",
    DocumentType.SELF_BILLING_INVOICE_CORRECTION: "261",
}
_TITLES: Final[Mapping[DocumentType, Label]] = {
    DocumentType.INVOICE: Label.TITLE_INVOICE,
    DocumentType.CREDIT_MEMO: Label.TITLE_CREDIT_MEMO,
    DocumentType.DEPOSIT_INVOICE: Label.TITLE_DEPOSIT_INVOICE,
    DocumentType.DEPOSIT_INVOICE_CORRECTION: Label.TITLE_DEPOSIT_INVOICE_CORRECTION,
    DocumentType.SELF_BILLING_INVOICE: Label.TITLE_SELF_BILLING_INVOICE,
    DocumentType.SELF_BILLING_INVOICE_CORRECTION: Label.TITLE_SELF_BILLING_INVOICE_CORRECTION,
}
_FINAL_TITLES: Final[Mapping[FinalInvoiceMethod, Label]] = {
    "REMAINDER": Label.TITLE_REMAINDER,
    "FINAL": Label.TITLE_FINAL,
    "REVERSAL": Label.TITLE_FINAL,
}


def type_code(document_type: DocumentType, xrechnung: bool) -> str:
    """BT-3 by UNTDID 1001. XRechnung does not know 386: there a deposit invoice is a partial invoice, 326 (BR-DE-17)."""
    if xrechnung and document_type is DocumentType.DEPOSIT_INVOICE:
        return "326"
    return _TYPE_CODES[document_type]


def type_title(document_type: DocumentType, document: Document) -> str:
    """What a paper of this type is called by a document, where only its type is known, e.g. in a reference to it."""
    return _TITLES[document_type].said(document.language, document.texts)


def title(document: Document) -> str:
    """The document's title in its language, without its number; a self-billing correction names what it corrects."""
    if document.document_type is DocumentType.INVOICE and document.final_invoice_method:
        return _FINAL_TITLES[document.final_invoice_method].said(document.language, document.texts)
    name = type_title(document.document_type, document)
    if document.document_type is DocumentType.SELF_BILLING_INVOICE_CORRECTION and len(document.related) == 1:
        return Label.TITLE_CORRECTION_OF.said(document.language, document.texts, title=name, ident=document.related[0].ident)
    return name
