"""Ask for a document: judged at once, stored in one insert, answered 202; a worker issues it.

Its id is unique per tenant for good: a repetition is refused, also after FAILED, and creates nothing; a request that is refused
leaves its id free.
"""

from collections.abc import Collection

from contor.customers.queries import known_customers
from contor.documents.judge import CREDITING, Facts, request_findings
from contor.documents.keys import DRAFT_PREFIX
from contor.documents.naming import documents_named
from contor.documents.queries import packed
from contor.documents.request.facts import facts_of
from contor.documents.request.supporting import keep_supporting
from contor.documents.tables import document_queue, document_request
from contor.documents.types import DocumentRequest, DocumentType, SupportingDocument
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, few, operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.queries import billing_groups, known_sites


@shape
class RequestDocument:
    document_type: DocumentType
    request: DocumentRequest
    imported: bool = False
    """It repeats an e-invoice of another system, which no route can say."""
    supporting: tuple[SupportingDocument, ...] = ()
    """What came with that e-invoice (BG-24)."""


@shape
class Accepted:
    request_id: str
    status: str


def _known_documents(uow: Uow, idents: Collection[str]) -> list[str]:
    return [ident for ident, rows in documents_named(uow, idents).items() if rows]


REFERS = (
    Reference("customerDetail.customerIdent", "customer_unknown", known_customers),
    Reference("billingGroupIdent", "billing_group_unknown", billing_groups),
    Reference("operatingSiteIdent", "operating_site_unknown", known_sites),
    Reference("sellerOperatingSiteIdent", "operating_site_unknown", known_sites),
    Reference("relatedDocumentIdent", "related_document_unknown", _known_documents),
    Reference("relatedDocumentIdents", "related_document_unknown", _known_documents),
)


@operation("document.request", permission="documents.write", refers=REFERS)
@few
def request_document(uow: Uow, command: RequestDocument) -> Accepted:
    """Accept a document for issuing, or say everything that is wrong with it."""
    request, document_type = command.request, command.document_type
    if request.request_id.startswith(DRAFT_PREFIX):
        message = f"ids that begin with {DRAFT_PREFIX} are those of drafts"
        raise Refused(Kind.INVALID, Problem("request_id_reserved", message, "requestId", request.request_id))
    (facts,) = facts_of(uow, [(document_type, request)], imported=command.imported)
    if findings := [*archived_findings(request, document_type, facts), *request_findings(request, document_type, facts)]:
        # what is asked for is right, and yet nobody can say which document it means
        ambiguous = all(problem.code == "document_number_ambiguous" for problem in findings)
        raise Refused(Kind.CONFLICT if ambiguous else Kind.INVALID, *findings)
    row = request_row(uow, command, facts.is_small_business(document_type))
    known = known_request(request.request_id)
    uow.leave(document_request, [row], known)
    if command.supporting:
        keep_supporting(uow, request.request_id, command.supporting, known)
    uow.leave(document_queue, [{"id": row["id"], "request_id": request.request_id}])
    uow.audit("document_request", request.request_id)
    uow.mark("documents")
    return Accepted(request_id=request.request_id, status="RECEIVED")


def archived_findings(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> list[Problem]:
    """What is new is not asked for of who is archived; what he has can be taken back. One that was asked for before is issued."""
    if not facts.is_archived or facts.imported or document_type in CREDITING:
        return []
    customer = request.customer_detail.customer_ident
    return [Problem("customer_archived", "is archived: nothing new is issued to him", "customerDetail.customerIdent", customer)]


def known_request(request_id: str) -> Refused:
    message = f"The request id {request_id!r} was used before; the first request stands."
    return Refused(Kind.CONFLICT, Problem("document_request_exists", message, "requestId", request_id))


def request_row(uow: Uow, command: RequestDocument, small_business: bool) -> dict[str, object]:
    """A request as it is stored for good."""
    return {
        "request_id": command.request.request_id,
        "id": uow.next_id(),
        "document_type": command.document_type.value,
        "customer_ident": command.request.customer_detail.customer_ident,
        "received_at": uow.ctx.now(),
        "actor": uow.ctx.actor,
        "small_business": small_business,
        "payload": packed(command.request),
        "imported": command.imported,
    }
