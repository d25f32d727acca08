"""Issue: freeze the requested documents, give each its number, make them facts (section 14 UStG: unique, in sequence).

Everything heavy is written before the counter's row is locked; then one UPDATE takes the numbers of the whole batch, only narrow
rows follow, and the transaction commits. A document that cannot be issued leaves no number and no trace but its own request.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from contor.documents import tables
from contor.documents.events import DocumentsIssued
from contor.documents.issue.closing import close_open_rests, mark_deposits
from contor.documents.issue.crediting import credited_rows
from contor.documents.issue.freezing import freeze
from contor.documents.issue.queue import claim, may_drain, to_be_retried
from contor.documents.issue.taxes import count_distance_sales, set_aside
from contor.documents.judge import IssuedDocument, Repeated, examine, related_idents
from contor.documents.matters import lock_matters
from contor.documents.naming import documents_named
from contor.documents.properties import ORIGINAL_NUMBER
from contor.documents.queries import DOCUMENT, packed, requested
from contor.documents.request import FactsSource
from contor.documents.said import Said, document_said, said_by
from contor.documents.types import DocumentRequest, DocumentType, completed_on
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.copying import Left
from contor.runtime.integrity import add_links
from contor.runtime.uow import Uow
from contor.settings.numbers import Series, draw_numbers
from contor.tax.rules import mark_used, widened

LONGEST_LABEL: Final = 100
NOTHING: Final[Mapping[str, Repeated]] = MappingProxyType({})


@shape
class IssueWaiting:
    limit: int
    only: int | None = None
    """The place in the queue of the one request that is meant."""


@shape
class Failure:
    request_id: str
    errors: tuple[Problem, ...]


@shape
class Outcome:
    completed: tuple[str, ...]
    failed: tuple[str, ...]
    retried: tuple[int, ...] = ()
    """Places of requests that failed before and are to be tried again now, each by itself."""
    waiting: tuple[str, ...] = ()
    """Put back until a VAT id was confirmed."""
    elsewhere: bool = False
    """Nothing was looked for: another worker issues what waits."""


@operation("document.issue_waiting", permission="documents.write")
def issue_waiting(uow: Uow, command: IssueWaiting) -> Outcome:
    """Take requests that wait, issue those that can be issued, and say of the others why not."""
    if command.only is None and not may_drain(uow, command.limit):
        return Outcome(completed=(), failed=(), elsewhere=True)
    claimed = claim(uow, command.limit, command.only)
    retried = to_be_retried(uow) if command.only is None and len(claimed) < command.limit else ()
    if not claimed:
        return Outcome(completed=(), failed=(), retried=retried)
    claims = [(row.queued, (DocumentType(row.document_type), requested(row.payload))) for row in claimed]
    imported = frozenset(row.request_id for row in claimed if row.imported)
    aside = set_aside(uow, claims, imported)
    requests = [claims[place][1] for place in aside.left]
    drafts, judged = draft_requests(uow, requests, [claimed[place].small_business for place in aside.left], imported=imported)
    failures = [Failure(request_id=request_id, errors=errors) for request_id, errors in aside.refused]
    failures += [
        Failure(request_id=request.request_id, errors=end)
        for (_, request), end in zip(requests, judged, strict=True)
        if isinstance(end, tuple)
    ]
    issue(uow, drafts)
    for failure in failures:
        fail(uow, failure.request_id, failure.errors)
    return Outcome(
        completed=tuple(draft.document.request_id for draft in drafts),
        failed=tuple(failure.request_id for failure in failures),
        retried=retried,
        waiting=aside.waiting,
    )


def issue_requests(
    uow: Uow,
    requests: Sequence[tuple[DocumentType, DocumentRequest]],
    judged_as: Sequence[bool] | None = None,
    repeats: Mapping[str, Repeated] = NOTHING,
) -> list[IssuedDocument | tuple[Problem, ...]]:
    """Issue documents in this transaction: for each request its document, or every reason against it. A document's number is known when
    the transaction ends: in steps given to `uow.finish` after this call. `judged_as`: for requests that are stored and were judged right
    before, whether the seller was a small business; None: requests of our own making. `repeats`: by request id, the document whose
    parties and references a request keeps as they stand there, whatever the master data say today."""
    drafts, judged = draft_requests(uow, requests, judged_as, repeats)
    issue(uow, drafts)
    return judged


def draft_requests(
    uow: Uow,
    requests: Sequence[tuple[DocumentType, DocumentRequest]],
    judged_as: Sequence[bool | None] | None = None,
    repeats: Mapping[str, Repeated] = NOTHING,
    imported: Collection[str] = (),
) -> tuple[list[IssuedDocument], list[IssuedDocument | tuple[Problem, ...]]]:
    """Judge and freeze each request in order: (all documents to issue, what became of each request). Nothing is written: who calls this
    decides which of the documents to `issue`, those of a customer all or none. Facts are as of now: what was true at the 202 may have
    changed since. `judged_as`: for stored requests, whether the seller was a small business when their rows were judged, None for one
    that was not; None instead: requests of our own billing, not judged yet. `imported`: ids of requests that repeat e-invoices of
    others."""
    named = documents_named(uow, {ident for _, request in requests for ident in related_idents(request)})
    # what is judged below is read under it: two credits at once would both find all of it left
    lock_matters(uow, {row.id for rows in named.values() for row in rows})
    own = judged_as is None
    judged: Sequence[bool | None] = [None] * len(requests) if judged_as is None else judged_as
    source = FactsSource(uow, requests, own)
    drafts: list[IssuedDocument] = []
    ends: list[IssuedDocument | tuple[Problem, ...]] = []
    ids = uow.next_ids(len(requests))
    now = uow.ctx.now()
    for document_id, (document_type, request), as_small in zip(ids, requests, judged, strict=True):
        drafts += close_open_rests(uow, source, document_type, request)  # before the facts are read: they see the rests closed
        facts = source.facts(document_type, request, request.request_id in imported)
        if (repeated := repeats.get(request.request_id)) is not None:
            facts = source.as_frozen(facts, request, repeated)
        # rows that were judged of another kind of seller, or never (None), are judged now
        findings, amounts = examine(request, document_type, facts, as_small == facts.is_small_business(document_type))
        if findings or amounts is None:
            ends.append(tuple(findings))
            continue
        document = freeze(request, document_type, facts, amounts, now)
        series = source.series(document_type, request)
        draft = IssuedDocument(document_id, document, facts, series, request.ident or "", requested=not own)
        drafts.append(draft)
        ends.append(draft)
        source.note(document, facts)
    return drafts, ends


def issue(uow: Uow, drafts: Sequence[IssuedDocument]) -> None:
    """Make the drafts facts. Numbers are drawn, and headers written, when the transaction ends."""
    if drafts:
        store(uow, drafts)
        mark_used(uow, _decided_by_rules(drafts))
        count_distance_sales(uow, drafts)
        uow.emit(DocumentsIssued(document_ids=tuple(draft.id for draft in drafts), documents=tuple(drafts)))


def store(uow: Uow, drafts: Sequence[IssuedDocument]) -> None:
    """Keep them as they are frozen."""
    uow.later(tables.document_content, ("document_id", "snapshot"), [(draft.id, packed(draft.document)) for draft in drafts])
    uow.later(document_said, Said._fields, list(said_by((draft.id, draft.document) for draft in drafts)))
    named = [(draft, [(one.id, one.left.document) for one in draft.facts.related.values()]) for draft in drafts]
    credited = [row._asdict() for draft, related in named for row in credited_rows(draft.id, draft.document, related)]
    uow.insert(tables.document_credit, credited)
    uow.insert(
        tables.document_relation,
        [{"document_id": draft.id, "related_id": related.id} for draft in drafts for related in draft.facts.related.values()],
    )
    uow.finish(lambda: _number(uow, drafts))


def _decided_by_rules(drafts: Sequence[IssuedDocument]) -> dict[str, tuple[dt.date, dt.date]]:
    """Which variants of tax rules decided of which days. A credit says what its original said."""
    used: dict[str, tuple[dt.date, dt.date]] = {}
    for document in [draft.document for draft in drafts if draft.document.sign > 0]:
        for item in document.items:
            for tax in item.taxes:
                if tax.determined_by is not None:
                    widened(used, tax.determined_by, completed_on(item) or document.document_date)
    return used


def _number(uow: Uow, drafts: Sequence[IssuedDocument]) -> None:
    """Draw the numbers of the batch, series by series in one order for all workers, and write the headers."""
    wanted: dict[tuple[Series, dt.date], list[IssuedDocument]] = defaultdict(list)
    for draft in drafts:
        if draft.series is not None:
            wanted[draft.series, draft.document.document_date].append(draft)
    for draft, (value, ident) in draw_numbers(uow, [(draft, s, date) for (s, date), group in wanted.items() for draft in group]):
        draft.number, draft.ident = value, ident
    uow.later(tables.document, _HEADER_COLUMNS, [_header(draft) for draft in drafts])
    uow.insert(tables.document_label, [label for draft in drafts if draft.facts.imported for label in _former_number(draft)])
    add_links(uow, DOCUMENT, [(draft.document.document_date.year, draft.id) for draft in drafts])
    _use_master_data(uow, drafts)
    for draft in drafts:
        uow.audit("document", draft.ident)
    mark_deposits(uow, drafts)


def _former_number(draft: IssuedDocument) -> list[dict[str, object]]:
    """The label by which who knows the number of an imported e-invoice finds what it has become."""
    numbers = [entry.value[:LONGEST_LABEL] for entry in draft.document.properties if entry.key == ORIGINAL_NUMBER]
    return [{"document_id": draft.id, "label": number, "created_at": draft.document.created_at} for number in numbers]


def _use_master_data(uow: Uow, drafts: Iterable[IssuedDocument]) -> None:
    named = {(d.document.customer_ident, d.document.operating_site_ident, d.document.billing_group_ident) for d in drafts}
    customers, sites, groups = zip(*sorted(named), strict=True)  # one order for all workers: inserts of one key wait for each other
    sql = (
        "INSERT INTO document_master (tenant_id, customer_ident, operating_site_ident, billing_group_ident)"
        " SELECT %s, n.* FROM unnest(%s::text[], %s::text[], %s::text[]) n ON CONFLICT DO NOTHING"
    )
    uow.leave_change(Left("document_master", sql, (uow.ctx.tenant_id, list(customers), list(sites), list(groups))))


_HEADER_COLUMNS = (
    "id",
    "ident",
    "document_type",
    "status",
    "request_id",
    "billing_group_ident",
    "customer_ident",
    "operating_site_ident",
    "counter_ident",
    "number_year",
    "number_value",
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
    "created_at",
    "legal_entity",
)


def _header(draft: IssuedDocument) -> tuple[object, ...]:
    document, series = draft.document, draft.series
    totals = document.totals
    request_id = document.request_id if draft.requested else None
    return (
        draft.id,
        draft.ident,
        document.document_type.value,
        "COMPLETED" if document.taken_over else "CREATED",
        request_id,
        document.billing_group_ident,
        document.customer_ident,
        document.operating_site_ident,
        series.counter_ident if series else None,
        series.year(document.document_date) if series else None,
        draft.number,
        document.currency,
        document.document_date,
        document.order_date,
        document.due_date,
        document.tax_date,
        totals.net,
        totals.tax,
        totals.gross,
        totals.payable,
        ZERO,
        document.created_at,
        draft.facts.legal_entity,
    )


def fail(uow: Uow, request_id: str, errors: Sequence[Problem]) -> None:
    """The request's end: every reason against it."""
    uow.insert(tables.document_refusal, [{"request_id": request_id, "errors": list(errors), "refused_at": uow.ctx.now()}])
    uow.audit("document_request", request_id, {"failed": [problem.code for problem in errors]})


@shape
class FailRequest:
    queued: int
    """Its place in the queue."""
    errors: tuple[Problem, ...]


@operation("document.fail_request", permission="documents.write")
def fail_request(uow: Uow, command: FailRequest) -> Outcome:
    """Give up a waiting request for what was found of it while it was issued."""
    gone = "DELETE FROM document_queue WHERE id = %s RETURNING request_id"
    named = tuple(uow.column(str, gone, (command.queued,)))
    for request_id in named:
        fail(uow, request_id, command.errors)
    return Outcome(completed=(), failed=named)
