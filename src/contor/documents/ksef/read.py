"""The structured invoice of one document, made when it is asked for."""

from contor.documents.ksef.fa3 import Fa3Sender, fa3_of
from contor.documents.ksef.possible import why_no_fa3
from contor.documents.naming import documents_named, the_document
from contor.documents.queries import documents_by_id
from contor.documents.types import Document
from contor.kernel.errors import Kind, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.abroad import configuration_for


@shape
class ReadFa3:
    document_ident: str


@operation("document.get_fa3", permission="documents.read", reads=True)
def get_fa3(uow: Uow, command: ReadFa3) -> FileContent:
    """The document as KSeF takes it; the same bytes at each call. CONFLICT with every reason where it cannot be one."""
    name = command.document_ident
    number = the_document(uow, name, documents_named(uow, [name])[name]).id
    document = documents_by_id(uow, [number])[number]
    sender = sender_of(uow, document)
    if problems := why_no_fa3(document, sender.taxpayer_number):
        raise Refused(Kind.CONFLICT, *problems)
    return FileContent(fa3_of(document, sender), "application/xml", f"{document.ident}.fa3.xml")


def sender_of(uow: Uow, document: Document) -> Fa3Sender:
    """What is configured of who issued it, as on its date; of a self-billing paper the seller is the partner, of whom nothing is."""
    if document.is_self_billing:
        return Fa3Sender()
    found = configuration_for(uow, "PL", document.operating_site_ident, document.document_date)
    return Fa3Sender() if found is None else Fa3Sender(found.taxpayer_number, found.software_certificate)
