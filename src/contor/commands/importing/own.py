"""Whether a file is one of a document that was issued here."""

from collections.abc import Sequence

from contor.documents.einvoice import EInvoice, einvoice_of, identity_of, unlike, why_no_xml
from contor.documents.naming import documents_named
from contor.documents.queries import documents_by_id
from contor.documents.request import with_iban
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.uow import Uow


def issued_here(uow: Uow, invoice: EInvoice) -> str | None:
    """The number of the document of this seller, number and year. Raises `Refused` where it says another day or other amounts."""
    ids = [named.id for named in documents_named(uow, [invoice.number])[invoice.number]]
    for kept in documents_by_id(uow, ids).values() if ids else ():
        document = with_iban(uow, kept)
        if why_no_xml(document):
            continue  # it has no such file
        issued = einvoice_of(document)
        if identity_of(issued) == identity_of(invoice):
            if differences := unlike(invoice, issued):
                raise Refused(Kind.CONFLICT, number_taken(document.ident, differences))
            return document.ident
    return None


def number_taken(number: str, differences: Sequence[str]) -> Problem:
    message = f"{number} is another invoice of this seller with the same number and year: {'; '.join(differences)}."
    return Problem("number_taken", message)
