"""The rows of a request that bear no tax because the buyer has a VAT id of another member state: that has to be valid. Pure.

Source: section 6a (1) sentence 1 no. 4 UStG; section 3a (2) UStG with Article 196 MwStSystRL.
"""

from contor.documents.exemptions import complete
from contor.documents.judge import CREDITING, SELF_BILLING, Facts, depends_on_parties, state_of, vat_state
from contor.documents.types import Document, DocumentRequest, DocumentType


def may_depend_on_vat_id(request: DocumentRequest, document_type: DocumentType) -> bool:
    """Whether it is worth a look at the parties: what is credited stays as it was, and what partners supply has its tax by them."""
    if document_type in CREDITING or document_type in SELF_BILLING:
        return False
    return any(depends_on_parties(tax) for item in request.items for tax in item.tax_detail.taxes)


def taxes_by_vat_id(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> list[tuple[str, str]]:
    """Path and category of each such tax. What repeats the document of another system, or one of ours, is no new supply."""
    seller, buyer = facts.seller(document_type), facts.buyer(document_type)
    if seller is None or buyer is None or facts.imported or facts.repeats or vat_state(buyer) is None:
        return []
    is_abroad, found = vat_state(buyer) != state_of(seller), list[tuple[str, str]]()
    for index, item in enumerate(request.items):
        taxes = complete(item.tax_detail.taxes, facts.is_small_business(document_type), request.language)
        found += [
            (f"items[{index}].taxDetail.taxes[{position}].categoryCode", tax.category_code)
            for position, tax in enumerate(taxes)
            if tax.category_code == "K" or (tax.category_code == "AE" and is_abroad)
        ]
    return found


def is_taxed_by_vat_id(document: Document) -> bool:
    """Whether an issued document has such a row."""
    buyer = vat_state(document.customer)
    if buyer is None:
        return False
    categories = {group.category_code for group in document.taxes}
    return "K" in categories or ("AE" in categories and buyer != state_of(document.seller))
