"""Who writes to whom today about what was issued before: the document stays frozen, a letter about it goes to where the customer is now."""

from collections.abc import Sequence
from typing import NamedTuple

from contor.documents.request.master_data import master_data
from contor.documents.request.parties import customer_party, gender_of
from contor.documents.types import Document
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow


class Issued(NamedTuple):
    """A frozen document, and the legal entity whose it is."""

    document: Document
    company: str


def with_parties_of_today(uow: Uow, issued: Sequence[Issued]) -> list[Document]:
    """The documents, in their order, with both parties as they are now: the customer at the address that the document was sent to, and
    the site that issued it. What is not there any more stays as it was frozen, and so does a site that belongs to another company now:
    nothing is owed to that one."""
    named = [(it.document.customer_ident, [it.document.invoice_address_ident or ""]) for it in issued]
    known = master_data(uow, named)
    found = []
    for document, company in issued:
        seller, customer, gender = document.seller, document.customer, document.gender
        if known.master.companies.get(document.operating_site_ident) == company:
            seller = known.master.sites[document.operating_site_ident]
        row = known.customers.get(document.customer_ident)
        address = known.addresses.get((document.customer_ident, document.invoice_address_ident or ""))
        if row is not None and address is not None:
            customer, gender = customer_party(row, address), gender_of(address)
        found.append(replace(document, seller=seller, customer=customer, gender=gender))
    return found
