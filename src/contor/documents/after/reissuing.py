"""Reissue: a wrong invoice is taken back as a whole and issued anew, once per document (platform API 4.5, operation 123).

What was issued never changes; who finds the wrong address, language or reference on it gets a credit memo over all of it and a new
invoice with the same rows, prices, taxes and dates of supply (section 31 (5) UStDV). Both show what the old document shows, whatever
the master data say today; the new one is different only in what the caller corrects. A new address becomes the customer's. Both are
issued in one transaction, or neither.

What is refused, and why: a document that is no invoice; one that was reissued before (CONFLICT) or credited in part; a final invoice,
whose received deposits were deducted by it and cannot be deducted again. What was paid on the old one is cleared with the new one
(`openitems.reissued`), and what the billing engine billed on it stands on the new one from then on (`billing.reissued`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from contor.customers.customers import AddressUpdate, update_address
from contor.customers.queries import address_types
from contor.documents import tables
from contor.documents.after.attached import attach_to_documents, attached_to
from contor.documents.after.settling import DecidedOff, record_discounts
from contor.documents.beside import require_unlocked
from contor.documents.events import DocumentReissued
from contor.documents.issue import issue_requests
from contor.documents.judge import CREDITING, Changes, IssuedDocument, Repeated, dated_before, once_more, same_amounts, whole_credit
from contor.documents.matters import lock_matters
from contor.documents.naming import documents_named, the_document
from contor.documents.queries import Numbered, documents_by_id
from contor.documents.request import RequestDocument, known_request, related_documents, request_row
from contor.documents.types import Document, DocumentRequest, DocumentType, Property, RequestId
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import CONFIG, Ident, Language, replace, shape
from contor.runtime.resource import Written
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, tenant_settings

CREDITED_BY = {CREDITING[kind]: kind for kind in (DocumentType.CREDIT_MEMO, DocumentType.SELF_BILLING_INVOICE_CORRECTION)}
"""What can be reissued, and the paper that takes it back."""


@shape
class ReissueBody:
    """What is to be different on the new document; all else is as on the old one, whatever the master data say today."""

    request_id: RequestId | None = None
    """Of the new document; default: a random one."""
    invoice_address_ident: Ident | None = None
    """The invoice address of the customer as it is today, another one or the same; default: as on the old document."""
    invoice_address: AddressUpdate | None = None
    """The corrected address: it replaces the one named by `invoiceAddressIdent` in the customer's master data."""
    language: Language | None = None
    document_date: dt.date | None = None
    """Of both new documents; default: today."""
    properties: Annotated[tuple[Property, ...], Field(max_length=100)] = ()
    """E.g. buyerReference; the others stay as they are on the old document."""
    ident: Ident | None = None
    """Number of the new document, where the number configuration wants the caller's."""
    credit_memo_ident: Ident | None = None
    """Number of the credit memo, likewise."""


@shape
class Reissue:
    document_ident: str
    body: ReissueBody


@dataclass(slots=True, kw_only=True)
class Reissued:
    """The answer; its numbers are set when they are drawn, at the end of the transaction."""

    request_id: str
    status: str
    document_ident: str
    """The new document."""
    credit_memo_ident: str
    reissued_document_ident: str


Reissued.__pydantic_config__ = CONFIG  # type: ignore[attr-defined]  # where pydantic looks for it


@operation("document.reissue", permission="documents.write")
def reissue(uow: Uow, command: Reissue) -> Reissued:
    """Take a whole invoice back by a credit memo and issue it anew with what is corrected. Once per document; a new address becomes the
    customer's own."""
    body = command.body
    document_id, old = locked_to_reissue(uow, command.document_ident)
    request_id = body.request_id or str(uow.new_uuid())
    address_ident = body.invoice_address_ident or old.invoice_address_ident or ""
    problems = _correct_address(uow, old.customer_ident, address_ident, body.invoice_address)
    date = body.document_date or tenant_settings(uow).undated_on(days_of_groups(uow), old.billing_group_ident)
    problems += dated_before(old, date)
    credit = whole_credit(old, f"{request_id[:150]}~credits~{old.ident}", date, body.credit_memo_ident)
    changes = Changes(request_id, date, body.language or old.language, address_ident, body.ident, body.properties)
    wanted = once_more(old, changes)
    repeats = {credit.request_id: Repeated(old), request_id: Repeated(old, corrects_address=_corrects_address(body))}
    memo, new = issue_anew(uow, document_id, credit, wanted, repeats, problems)
    # no number is drawn yet: a refusal takes all of it back
    if not (same_amounts(old, memo.document) and same_amounts(old, new.document)):
        message = f"{old.ident} would not come to the same amounts again; credit it and issue a new document."
        raise Refused(Kind.ILLEGAL_STATE, Problem("reissue_amounts_differ", message))
    answer = Reissued(
        request_id=request_id, status="COMPLETED", document_ident="", credit_memo_ident="", reissued_document_ident=old.ident
    )
    uow.finish(lambda: _tell(uow, answer, memo, new))
    return answer


def locked_to_reissue(uow: Uow, ident: str) -> tuple[int, Document]:
    """The document, locked against everything that credits or pays it. The customer's billing waits as well, and is locked first, as by the
    billing run: it must not find the old document while its items move to the new one. Raises where it cannot be issued anew."""
    row = the_document(uow, ident, documents_named(uow, [ident])[ident])
    uow.lock("billing", [row.customer_ident])
    lock_matters(uow, [row.id])
    document = documents_by_id(uow, [row.id])[row.id]
    require_unlocked(uow, row.id, row.ident)
    _require_reissuable(uow, row.id, document)
    return row.id, document


def issue_anew(
    uow: Uow,
    document_id: int,
    credit: DocumentRequest,
    wanted: DocumentRequest,
    repeats: Mapping[str, Repeated],
    known: Sequence[Problem] = (),
) -> tuple[IssuedDocument, IssuedDocument]:
    """The credit memo and the new document on their way, in the place of the old one. Raises INVALID with every finding, `known` first."""
    kind = repeats[wanted.request_id].document.document_type
    memo, new = issue_requests(uow, [(CREDITED_BY[kind], credit), (kind, wanted)], repeats=repeats)
    problems = [*known, *_findings(new, _NEW_NAMES), *_findings(memo, _MEMO_NAMES)]
    if problems or not isinstance(memo, IssuedDocument) or not isinstance(new, IssuedDocument):
        # both requests may find the same
        raise Refused(Kind.INVALID, *(problem for at, problem in enumerate(problems) if problem not in problems[:at]))
    _write(uow, document_id, memo, new, wanted)
    return memo, new


# helpers in calling order


def _require_reissuable(uow: Uow, document_id: int, document: Document) -> None:
    """Every reason in the document's state; that it was reissued before explains its credit."""
    done = uow.scalar(
        str,
        "SELECT d.ident FROM document_reissue r JOIN document d ON d.tenant_id = r.tenant_id AND d.id = r.new_document_id"
        " WHERE r.document_id = %s",
        (document_id,),
    )
    if done is not None:
        raise _reissued_before(document.ident, done)
    problems = []
    if document.document_type not in CREDITED_BY:
        message = f"A {document.document_type} cannot be reissued, only an {' or '.join(CREDITED_BY)}."
        problems.append(Problem("document_type_not_reissuable", message))
    elif credits := _credits(uow, document_id):
        message = f"{document.ident} was credited by {', '.join(credits)}; only an invoice that stands as a whole is reissued."
        problems.append(Problem("document_already_credited", message))
    elif by := _netted_by(uow, document_id, document):
        message = f"{document.ident} was taken back in part by rows of {by}; only an invoice that stands as a whole is reissued."
        problems.append(Problem("document_already_credited", message))
    if document.final_invoice_method is not None or document.deposits:
        deducted = ", ".join(other.ident for other in document.related)
        message = f"{document.ident} deducts the deposits of {deducted}, which cannot be deducted again; credit it and issue anew."
        problems.append(Problem("deposits_were_deducted", message))
    if problems:
        raise Refused(Kind.ILLEGAL_STATE, *problems)


def _reissued_before(ident: str, new: str) -> Refused:
    return Refused(
        Kind.CONFLICT, Problem("document_already_reissued", f"{ident} was reissued as {new}; a document is reissued once.")
    )


def _credits(uow: Uow, document_id: int) -> list[str]:
    rows = uow.all(
        Numbered,
        "SELECT DISTINCT d.id, d.ident FROM document d JOIN document_credit c ON c.tenant_id = d.tenant_id AND c.document_id = d.id"
        " WHERE c.credited_document_id = %s ORDER BY d.id",
        (document_id,),
    )
    return [row.ident for row in rows]


def _netted_by(uow: Uow, document_id: int, document: Document) -> str:
    """The documents of which rows take something of it back."""
    left = related_documents(uow, {document_id: document.document_type})[document_id].left
    return ", ".join(sorted({ident for row in left.rows.values() if row.netted for ident in row.netted_by}))


def _corrects_address(body: ReissueBody) -> bool:
    return body.invoice_address is not None or body.invoice_address_ident is not None


def _correct_address(uow: Uow, customer_ident: str, address_ident: str, content: object) -> list[Problem]:
    """Write the new address back to the customer, or every reason against it. Who may reissue may do so: it is part of the verb."""
    if content is None:
        return []
    if address_types(uow, customer_ident).get(address_ident) != "INVOICE":
        return []  # the new document does not know it either, and says so
    try:
        update_address(uow, Written((customer_ident, address_ident), content))
    except Refused as refused:
        return [replace(problem, field=f"invoiceAddress.{problem.field}") for problem in refused.problems]
    return []


_NEW_NAMES = {"customerDetail.invoiceAddressIdent": "invoiceAddressIdent"}
_MEMO_NAMES = {"ident": "creditMemoIdent", "documentDate": "documentDate"}
"""What a finding of the two requests is about in the body; of the others the path begins with the document."""


def _findings(end: IssuedDocument | tuple[Problem, ...], names: dict[str, str]) -> list[Problem]:
    if isinstance(end, IssuedDocument):
        return []
    prefix = "creditMemo." if names is _MEMO_NAMES else ""
    return [replace(problem, field=names.get(problem.field or "", f"{prefix}{problem.field or ''}") or None) for problem in end]


def _write(uow: Uow, document_id: int, memo: IssuedDocument, new: IssuedDocument, wanted: DocumentRequest) -> None:
    """The request whose end the new document is, the relation of the three, the attached files, and the fact."""
    command = RequestDocument(document_type=new.document.document_type, request=wanted)
    if not uow.insert_once(tables.document_request, request_row(uow, command, new.facts.is_small_business(command.document_type))):
        raise known_request(wanted.request_id)
    new.requested = True  # its header, written at the end, names the request
    row = {
        "document_id": document_id,
        "credit_memo_id": memo.id,
        "new_document_id": new.id,
        "reissued_at": uow.ctx.now(),
    }
    uow.insert(tables.document_reissue, [row])
    if granted := memo.facts.related[memo.document.related[0].ident].discounts:
        # counts for the new document from now on
        uow.finish(lambda: record_discounts(uow, [DecidedOff(new.id, granted, f"document:{new.id}")]))
    attach_to_documents(uow, [file._replace(document_id=new.id) for file in attached_to(uow, [document_id])[document_id]])
    uow.emit(DocumentReissued(old_id=document_id, credit_memo_id=memo.id, new_id=new.id))


def _tell(uow: Uow, answer: Reissued, memo: IssuedDocument, new: IssuedDocument) -> None:
    """The numbers, once they are drawn."""
    answer.document_ident, answer.credit_memo_ident = new.ident, memo.ident
    uow.audit("document_request", answer.request_id)
    uow.audit("document", answer.reissued_document_ident, {"reissued_as": new.ident, "credited_by": memo.ident})
