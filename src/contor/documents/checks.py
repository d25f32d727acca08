"""What must hold of the papers."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import KeptFile, damaged, kept_files, sample
from contor.documents.amounts import amount_errors
from contor.documents.issue import miscounted
from contor.documents.queries import DOCUMENT, credited_documents, documents_by_id, frozen
from contor.documents.request import related_documents
from contor.documents.said import unlike_content
from contor.kernel.checks import check
from contor.runtime.integrity import in_pages, unlinked
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.numbers import EVERY_SERIES

LATE_MINUTES = 15


class _Series(NamedTuple):
    """A series of numbers, and the documents that are numbered by it."""

    legal_entity: str
    counter_ident: str
    year: int
    next_value: int
    first_value: int
    documents: int
    low: int | None
    high: int | None


class _Ends(NamedTuple):
    """The ends of a request."""

    request_id: str
    requested: bool
    waits: bool
    refused: bool
    ident: str | None


class _Stored(NamedTuple):
    """A document's header and its frozen content."""

    id: int
    ident: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    payable: Decimal
    snapshot: bytes


class _File(NamedTuple):
    ident: str
    type: str
    findings: Sequence[object] | None


class _Taken(NamedTuple):
    """What credits take of a row together."""

    document: int
    position: int
    net: Decimal
    gross: Decimal


class _Half(NamedTuple):
    """The number of a header and that of a content; one of them is not there."""

    id: int | None
    document_id: int | None


class _Reissue(NamedTuple):
    """The numbers of a document, of what took it back, and of what is in its place."""

    ident: str
    credit_memo: str
    new: str


@check("documents.numbers_have_no_gap_and_no_duplicate")
def numbers(uow: Uow) -> Iterable[str]:
    """Per company, counter and year: as many documents as numbers drawn, from the first to the last (our promise; § 14 UStG asks for
    unique ones)."""
    for row in uow.all(
        _Series,
        # a series that is gone has drawn nothing, and documents
        "SELECT coalesce(s.legal_entity, d.legal_entity) AS legal_entity,"
        " coalesce(s.counter_ident, d.counter_ident) AS counter_ident, coalesce(s.year, d.number_year) AS year,"
        " coalesce(s.next_value, 0) AS next_value, coalesce(s.first_value, 0) AS first_value, count(d.id) AS documents,"
        " min(d.number_value) AS low, max(d.number_value) AS high"
        f" FROM {EVERY_SERIES} s"
        " FULL JOIN (SELECT tenant_id, id, legal_entity, counter_ident, number_year, number_value"
        " FROM document WHERE counter_ident IS NOT NULL) d ON d.tenant_id = s.tenant_id"
        " AND d.legal_entity = s.legal_entity AND d.counter_ident = s.counter_ident AND d.number_year = s.year GROUP BY 1, 2, 3, 4, 5",
    ):
        drawn = row.next_value - row.first_value
        # a series that has drawn nothing has no lowest and no highest number
        if drawn != row.documents or (drawn and (row.low != row.first_value or row.high != row.next_value - 1)):
            yield (
                f"counter {row.counter_ident} {row.year}: {drawn} numbers drawn ({row.first_value}..{row.next_value - 1}),"
                f" {row.documents} documents ({row.low}..{row.high})"
            )


@check("documents.every_request_has_one_end")
def requests(uow: Uow) -> Iterable[str]:
    """A request waits, was refused, or has its document: exactly one of these; no requested document without its request."""
    for row in uow.all(
        _Ends,
        "SELECT coalesce(r.request_id, d.request_id) AS request_id, r.id IS NOT NULL AS requested, q.id IS NOT NULL AS waits,"
        " f.request_id IS NOT NULL AS refused, d.ident FROM document_request r"
        " FULL JOIN document d ON d.tenant_id = r.tenant_id AND d.request_id = r.request_id"
        " LEFT JOIN document_queue q ON q.tenant_id = r.tenant_id AND q.id = r.id"
        " LEFT JOIN document_refusal f ON f.tenant_id = r.tenant_id AND f.request_id = r.request_id"
        " WHERE r.id IS NULL AND d.request_id IS NOT NULL"
        " OR r.id IS NOT NULL AND (q.id IS NOT NULL)::int + (f.request_id IS NOT NULL)::int + (d.id IS NOT NULL)::int <> 1",
    ):
        yield (
            f"request {row.request_id}: requested {row.requested}, waits {row.waits}, refused {row.refused}, document {row.ident}"
        )


class _Kept(NamedTuple):
    """A request that a fault keeps waiting."""

    request_id: str
    failures: int
    failure: str


@check("documents.no_request_waits_because_of_a_fault")
def kept_waiting(uow: Uow) -> Iterable[str]:
    """A request that could not be issued several times, for no reason of its own, needs a person."""
    for row in uow.all(
        _Kept, f"SELECT {columns(_Kept)} FROM document_queue WHERE due_at IS NOT NULL AND failures >= 3 ORDER BY id"
    ):
        yield f"request {row.request_id} could not be issued {row.failures} times: {row.failure}"


@check("documents.amounts_are_those_of_the_law")
def amounts(uow: Uow) -> Iterable[str]:
    """The identities of EN 16931 and our own tax rule, recomputed from the frozen rows; the header repeats the totals, and what a document
    is found by is what it says."""
    sql = (
        "SELECT d.id, d.ident, d.net, d.tax, d.gross, d.payable, c.snapshot FROM document d"
        " JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.id > %s"
    )
    for rows in in_pages(uow, _Stored, sql, "id"):
        documents = {row.id: frozen(row.ident, row.snapshot) for row in rows}
        for number in unlike_content(uow, documents):
            yield f"document {documents[number].ident} is found by something else than it says"
        for row in rows:
            document = documents[row.id]
            totals = document.totals
            if (row.net, row.tax, row.gross, row.payable) != (totals.net, totals.tax, totals.gross, totals.payable):
                yield f"document {row.ident}: header and content differ"
            for error in amount_errors(document):
                yield f"document {row.ident}: {error}"
        for number in miscounted(uow, documents):
            yield f"document {documents[number].ident} counts something else of distance sales than it supplies"
    strange = "SELECT document_id FROM document_said s WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.id = s.document_id)"
    yield from (f"document {number} is found, and does not exist" for number in uow.column(int, strange))


@check("documents.files_are_there")
def files(uow: Uow) -> Iterable[str]:
    """Every document has its files soon, every file its bytes, every XML passes the official rules."""
    for ident in uow.column(
        str,
        "SELECT ident FROM document WHERE status = 'CREATED' AND created_at < %s - make_interval(mins => %s) ORDER BY id",
        (uow.ctx.now(), LATE_MINUTES),
    ):
        yield f"document {ident} still has no files"
    for file in kept_files(uow):
        size = uow.runtime.blobs.size(uow.ctx.tenant_id, file.sha256)
        if size != file.size:
            state = "is missing" if size is None else f"has {size} bytes of {file.size}"
            yield f"document {file.ident}: the {file.type} file {state}"
    for row in uow.all(
        _File,
        "SELECT d.ident, f.type, f.findings FROM document_file f JOIN document d"
        " ON d.tenant_id = f.tenant_id AND d.id = f.document_id WHERE NOT f.sendable ORDER BY d.id",
    ):
        yield f"document {row.ident}: the {row.type} is not sendable: {row.findings}"


@check("documents.files_are_as_they_were_made")
def files_sampled(uow: Uow) -> Iterable[str]:
    """The files whose turn it is tonight have the content that they are named by."""
    yield from _damaged(uow, sample(uow))


@check("documents.all_files_are_as_they_were_made", on_demand=True)
def files_all(uow: Uow) -> Iterable[str]:
    """Every file has the content that it is named by."""
    yield from _damaged(uow, kept_files(uow))


def _damaged(uow: Uow, chosen: Iterable[KeptFile]) -> Iterable[str]:
    for file, state in damaged(uow, chosen):
        yield f"document {file.ident}: the {file.type} file {state}"


@check("documents.every_document_is_in_the_chain")
def in_chain(uow: Uow) -> Iterable[str]:
    """Each document since the first that has a link has one."""
    for number in unlinked(uow, DOCUMENT, "document"):
        yield f"document {number} has no link in the chain"


@check("documents.credits_do_not_exceed_what_they_credit")
def credited_rows(uow: Uow) -> Iterable[str]:
    """Per row: the credits together take at most the row."""
    taken = {
        (row.document, row.position): row
        for row in uow.all(
            _Taken,
            "SELECT credited_document_id AS document, credited_position AS position, sum(net) AS net, sum(gross) AS gross"
            " FROM document_credit GROUP BY credited_document_id, credited_position",
        )
    }
    documents = documents_by_id(uow, {document for document, _ in taken})
    for (number, position), row in sorted(taken.items()):
        total = documents[number].items[position - 1].total
        # the agreed side is exact, and only the content knows which it is; the other may be off by roundings: both must exceed
        if abs(row.net) > abs(total.net) and abs(row.gross) > abs(total.gross):
            yield f"document {documents[number].ident} row {position}: {row.gross} credited of {total.gross}"


@check("documents.credits_take_back_no_more_than_was_granted")
def discounts_taken_back(uow: Uow) -> Iterable[str]:
    """Per invoice and tax group: the credits together take back at most the discounts and losses that were decided on it; all of them,
    once nothing of its rows is left."""
    last = 0
    while ids := uow.column(
        int,
        "SELECT DISTINCT credited_document_id FROM document_credit WHERE credited_document_id > %s ORDER BY 1 LIMIT 1000",
        (last,),
    ):
        # of a reissued document they count for the one in its place
        replaced = set(uow.column(int, "SELECT document_id FROM document_reissue WHERE document_id = ANY (%s)", (ids,)))
        for related in related_documents(uow, credited_documents(uow, ids)).values():
            for it in (*related.discounts, *related.price_reductions):
                ident, group = related.left.document.ident, f"category {it.category_code} at {it.rate} %"
                if it.gross < 0:
                    yield f"document {ident}: credits take back {-it.gross} more of {it.decision} than was granted, {group}"
                elif it not in related.discounts or related.id in replaced:
                    continue  # a price reduction of rows that nobody took back stands
                elif not any(row.agreed for row in related.left.rows.values() if row.item.deposit_ident is None):
                    yield f"document {ident}: its rows were taken back, of {it.decision} {it.gross} were not, {group}"
        last = ids[-1]


@check("documents.header_and_content_belong_together")
def contents(uow: Uow) -> Iterable[str]:
    """Each header has its content and each content its header."""
    for row in uow.all(
        _Half,
        "SELECT d.id, c.document_id FROM document d FULL JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id"
        " WHERE d.id IS NULL OR c.document_id IS NULL",
    ):
        yield f"document {row.id or row.document_id} lacks its {'content' if row.id else 'header'}"


@check("documents.a_reissue_takes_all_back_and_demands_it_again")
def reissues(uow: Uow) -> Iterable[str]:
    """The credit memo credits every row of the old document, and the new one has its amounts; but that of the second half of 2020 the net
    stays and the tax may fall (`cancelling.vat_2020`)."""
    for row in uow.all(
        _Reissue,
        "SELECT o.ident, m.ident AS credit_memo, n.ident AS new FROM document_reissue r"
        " JOIN document o ON o.tenant_id = r.tenant_id AND o.id = r.document_id"
        " JOIN document m ON m.tenant_id = r.tenant_id AND m.id = r.credit_memo_id"
        " JOIN document n ON n.tenant_id = r.tenant_id AND n.id = r.new_document_id"
        " WHERE (o.net, o.tax, o.gross, o.payable, o.currency, o.customer_ident)"
        " IS DISTINCT FROM (m.net, m.tax, m.gross, m.payable, m.currency, m.customer_ident)"
        " OR (o.net, o.tax, o.gross, o.payable, o.currency, o.customer_ident, o.document_type)"
        " IS DISTINCT FROM (n.net, n.tax, n.gross, n.payable, n.currency, n.customer_ident, n.document_type)"
        " AND ((o.net, o.currency, o.customer_ident, o.document_type)"
        " IS DISTINCT FROM (n.net, n.currency, n.customer_ident, n.document_type)"
        " OR n.tax >= o.tax OR n.tax_date = o.tax_date OR o.tax_date < DATE '2020-07-01')"
        " OR EXISTS (SELECT 1 FROM document_credit c WHERE c.tenant_id = r.tenant_id AND c.credited_document_id = r.document_id"
        " AND c.document_id <> r.credit_memo_id)",
    ):
        yield f"document {row.ident}: its credit memo {row.credit_memo} or its new document {row.new} is not all of it"
