"""Read documents, their requests and labels: what was frozen, with what has moved since."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, NotRequired, TypedDict

from contor.documents import tables
from contor.documents.after.origins import origins_of
from contor.documents.awaited import finalizing_of
from contor.documents.naming import documents_named, the_document
from contor.documents.queries import frozen
from contor.documents.said import ORIGINS, RELATED, places_of
from contor.documents.types import (
    DocumentStatus,
    DocumentType,
    DocumentView,
    FileView,
    OriginReference,
    RuleFinding,
    State,
    view_of,
)
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.query import ListQuery, Page, any_named, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

DOCUMENTS = searchable(
    tables.document,
    DocumentView,
    (
        "ident",
        "document_type",
        "status",
        "request_id",
        "billing_group_ident",
        "customer_ident",
        "operating_site_ident",
        "currency",
        "document_date",
        "order_date",
        "due_date",
        "tax_date",
        "net",
        "tax",
        "gross",
        "payable",
        "settled",
        "dunning_level",
        "created_at",
    ),
    default_sort="created_at",
    places={
        "document_id": "id",
        "customer_detail.customer_ident": "customer_ident",
        "totals.net": "net",
        "totals.tax": "tax",
        "totals.gross": "gross",
        "totals.payable": "payable",
        "outstanding": tables.document.c.payable - tables.document.c.settled,
    },
)
DOCUMENTS.fields.update(places_of(tables.document.c.id))
DOCUMENTS.fields["labels"] = any_named(tables.document.c.id, tables.document_label, "document_id", "label")
DOCUMENTS.fields["origin_references.ident"] = any_named(tables.document.c.id, ORIGINS, "document_id", "ident")
DOCUMENTS.fields["related_document_idents"] = any_named(tables.document.c.id, RELATED, "document_id", "ident")


_RELATED_BY = (
    "SELECT r.related_id, d.ident FROM ("
    "SELECT tenant_id, related_id, document_id FROM document_relation WHERE related_id = ANY (%s)"
    " UNION ALL SELECT tenant_id, document_id, new_document_id FROM document_reissue WHERE document_id = ANY (%s)"
    ") r JOIN document d ON d.tenant_id = r.tenant_id AND d.id = r.document_id ORDER BY d.id"
)
"""What credits, corrects or deducts a document, and what takes its place."""
_REISSUED_FROM = (
    "SELECT r.new_document_id, d.ident, m.ident AS credit_memo FROM document_reissue r"
    " JOIN document d ON d.tenant_id = r.tenant_id AND d.id = r.document_id"
    " JOIN document m ON m.tenant_id = r.tenant_id AND m.id = r.credit_memo_id WHERE r.new_document_id = ANY (%s)"
)


REQUEST_ENDS = (
    "SELECT r.request_id, d.ident AS document_ident, d.id AS document_id, f.errors, coalesce(q.failures, 0) AS failures,"
    " CASE WHEN q.waits_for IS NOT NULL THEN q.failure END AS waits,"
    " CASE WHEN d.id IS NOT NULL THEN 'COMPLETED'"
    " WHEN f.request_id IS NOT NULL THEN 'FAILED' ELSE 'RECEIVED' END AS status FROM document_request r"
    " LEFT JOIN document d ON d.tenant_id = r.tenant_id AND d.request_id = r.request_id"
    " LEFT JOIN document_refusal f ON f.tenant_id = r.tenant_id AND f.request_id = r.request_id"
    " LEFT JOIN document_queue q ON q.tenant_id = r.tenant_id AND q.id = r.id"
)
"""What became of each request: its document, or the reasons against it."""


class StoredProblem(TypedDict):
    """A reason against a request, as it is stored."""

    code: str
    message: str
    field: NotRequired[str | None]
    rejected_value: NotRequired[object]


class RequestEnd(NamedTuple):
    """A row of `REQUEST_ENDS`."""

    request_id: str
    document_ident: str | None
    document_id: int | None
    errors: Sequence[StoredProblem] | None
    failures: int
    """How often a fault of ours kept it waiting."""
    waits: str | None
    """Why it waits for the customer's VAT id to be confirmed."""
    status: str


class IdentRow(NamedTuple):
    id: int
    document_type: str


class StateRow(NamedTuple):
    """A document's number, what has moved since issuing, and its frozen content."""

    id: int
    ident: str
    status: DocumentStatus
    settled: Decimal
    dunning_level: int
    snapshot: bytes


class LabelRow(NamedTuple):
    document_id: int
    label: str


class FileRow(NamedTuple):
    document_id: int
    ident: str
    type: str
    name: str
    size: int
    sha256: str
    sendable: bool
    findings: list[dict[str, str]] | None


class RelatedRow(NamedTuple):
    """A document, and the number of one that refers to it."""

    related_id: int
    ident: str


class OriginRow(NamedTuple):
    """A document, the number of the one whose place it takes, and of the credit memo over that."""

    new_document_id: int
    ident: str
    credit_memo: str


@shape
class ListDocuments:
    query: ListQuery


@shape
class ReadDocument:
    document_ident: str
    document_type: DocumentType | None = None
    """None: whatever it is."""


@operation("document.list", permission="documents.read", reads=True)
def list_documents(uow: Uow, command: ListDocuments) -> Page:
    """Documents of all types, as they are now."""
    return listed_by_key(uow, tables.document, command.query, DOCUMENTS, "id", lambda ids: views_of(uow, ids))


@operation("document.get", permission="documents.read", reads=True)
def get_document(uow: Uow, command: ReadDocument) -> DocumentView:
    """One document by its number."""
    number = document_id(uow, command.document_ident, command.document_type)
    return views_of(uow, [number])[number]


def document_id(uow: Uow, ident: str, document_type: DocumentType | None = None) -> int:
    """The internal id behind a number, or behind the id itself; raises NOT_FOUND, and CONFLICT where several companies have it."""
    rows = [row for row in documents_named(uow, [ident])[ident] if document_type in (None, row.document_type)]
    return the_document(uow, ident, rows).id


def views_of(uow: Uow, ids: Sequence[int]) -> dict[int, DocumentView]:
    """The answers for documents, read in a fixed number of queries."""
    wanted = (list(ids),)
    rows = uow.all(
        StateRow,
        # one by one, as `documents_by_id`
        "SELECT d.id, d.ident, d.status, d.settled, d.dunning_level, d.snapshot FROM unnest(%s::bigint[]) k(id) CROSS JOIN LATERAL"
        " (SELECT d.id, d.ident, d.status, d.settled, d.dunning_level, c.snapshot FROM document d"
        " JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.id = k.id LIMIT 1) d",
        wanted,
    )
    labels: dict[int, list[str]] = defaultdict(list)
    of_documents = "WHERE document_id = ANY (%s) ORDER BY"
    for label in uow.all(LabelRow, f"SELECT {columns(LabelRow)} FROM document_label {of_documents} label", wanted):
        labels[label.document_id].append(label.label)
    files: dict[int, list[FileView]] = defaultdict(list)
    for file in uow.all(FileRow, f"SELECT {columns(FileRow)} FROM document_file {of_documents} type DESC", wanted):
        files[file.document_id].append(file_view(file))
    related: dict[int, list[str]] = defaultdict(list)
    for other in uow.all(RelatedRow, _RELATED_BY, (*wanted, *wanted)):
        related[other.related_id].append(other.ident)
    origins: dict[int, tuple[OriginReference, ...]] = {
        number: tuple(OriginReference(type=one.type, ident=one.ident) for one in found)
        for number, found in origins_of(uow, [row.id for row in rows]).items()
    }
    for origin in uow.all(OriginRow, _REISSUED_FROM, wanted):
        origins[origin.new_document_id] = (
            *origins.get(origin.new_document_id, ()),
            OriginReference(type="REISSUED_DOCUMENT", ident=origin.ident),
            OriginReference(type="REISSUE_CREDIT_MEMO", ident=origin.credit_memo),
        )
    finalizing = finalizing_of(uow, [row.id for row in rows if row.status != "COMPLETED"])
    return {
        row.id: view_of(
            frozen(row.ident, row.snapshot),
            State(
                document_id=row.id,
                status=row.status,
                settled=row.settled,
                dunning_level=row.dunning_level,
                labels=tuple(labels[row.id]),
                files=tuple(files[row.id]),
                related_by=tuple(related[row.id]),
                origin_references=origins.get(row.id, ()),
                finalizing=finalizing.get(row.id),
            ),
        )
        for row in rows
    }


def file_view(row: FileRow) -> FileView:
    return FileView(
        file_ident=row.ident,
        type=row.type,
        name=row.name,
        size=row.size,
        sha256=row.sha256,
        sendable=row.sendable,
        findings=rule_findings(row.findings),
    )


def rule_findings(stored: list[dict[str, str]] | None) -> tuple[RuleFinding, ...]:
    return tuple([RuleFinding(**one) for one in stored or ()])


@shape
class ReadRequest:
    request_id: str


@shape
class RequestState:
    request_id: str
    status: str
    document_ident: str | None
    document_id: int | None
    errors: tuple[Problem, ...]


@operation("document_request.get", permission="documents.read", reads=True)
def get_request(uow: Uow, command: ReadRequest) -> RequestState:
    """How far a requested document is: RECEIVED, COMPLETED with its number, or FAILED with every reason. One that waits because of a fault
    of the server, or for a VAT id to be confirmed, says so."""
    row = uow.first(RequestEnd, f"{REQUEST_ENDS} WHERE r.request_id = %s", (command.request_id,))
    if row is None:
        raise not_found("document_request", command.request_id)
    errors = tuple(Problem(e["code"], e["message"], e.get("field"), e.get("rejected_value")) for e in row.errors or ())
    if row.failures and not errors:
        message = f"could not be issued because of a fault of the server ({row.failures} times); it waits, and is tried again"
        errors = (Problem("internal_error", message),)
    if row.waits is not None:
        errors = (*errors, Problem("vat_proof_awaited", row.waits, "customerDetail.customerIdent"))
    return RequestState(
        request_id=command.request_id,
        status=row.status,
        document_ident=row.document_ident,
        document_id=row.document_id,
        errors=errors,
    )
