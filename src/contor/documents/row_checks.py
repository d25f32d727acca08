"""What must hold of what moves and stands beside a document: it is as its content or the trail says, none is missing, none too many."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from contor.documents.amounts import exceeds
from contor.documents.issue import CreditedRow, credited_rows
from contor.documents.netting import NettingRow, named_rows
from contor.documents.queries import Snapshot, documents_by_id, frozen
from contor.documents.request import related_documents
from contor.documents.types import Document
from contor.kernel.checks import check
from contor.runtime.integrity import changes_that_say, said_often
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

BATCH = 1_000


class _Named(NamedTuple):
    """A document that another one names; without a number: it is gone."""

    document_id: int
    related_id: int
    ident: str | None
    document_type: str | None
    document_date: dt.date | None


class _OfType(NamedTuple):
    id: int
    document_type: str


class _Lost(NamedTuple):
    kind: str
    document_id: int


class _Reissue(NamedTuple):
    ident: str | None
    new: str | None
    credit_memo: str | None
    at: dt.datetime


class _Files(NamedTuple):
    """The kinds of a document's files, in order."""

    ident: str
    types: Sequence[str]


class _Marked(NamedTuple):
    """A deposit invoice and what its receipt says it was deducted by; None: no document."""

    deposit: str
    final: str | None


@check("documents.named_documents_and_credited_rows_are_those_of_the_content")
def named_documents(uow: Uow) -> Iterable[str]:
    """What a document names, and which rows it takes back, is kept as rows: exactly what its content says."""
    last = 0
    while rows := uow.all(
        Snapshot,
        "SELECT d.id, d.ident, c.snapshot FROM document d JOIN document_content c ON c.tenant_id = d.tenant_id AND c.document_id = d.id"
        " WHERE d.id > %s ORDER BY d.id LIMIT %s",
        (last, BATCH),
    ):
        last = rows[-1].id
        documents = {row.id: frozen(row.ident, row.snapshot) for row in rows}
        named = _named_by(uow, documents)
        for number, document in documents.items():
            says = {(it.ident, it.document_type, it.document_date) for it in document.related if it.document_type is not None}
            kept = {(it.ident, it.document_type, it.document_date) for it in named.get(number, ())}
            if says != kept:
                yield f"document {document.ident} names {_idents(says)}, kept is {_idents(kept)}"
        yield from _credited(uow, documents, named)
        yield from _netted(uow, documents)
    for lost in uow.all(
        _Lost,
        "SELECT 'relation' AS kind, r.document_id FROM document_relation r WHERE NOT EXISTS (SELECT 1 FROM document d"
        " WHERE d.tenant_id = r.tenant_id AND d.id = r.document_id) UNION"
        " SELECT 'credited row', c.document_id FROM document_credit c WHERE NOT EXISTS (SELECT 1 FROM document d"
        " WHERE d.tenant_id = c.tenant_id AND d.id = c.document_id)",
    ):
        yield f"a {lost.kind} is kept of document {lost.document_id}, which does not exist"


def _named_by(uow: Uow, documents: Mapping[int, Document]) -> dict[int, list[_Named]]:
    """What is kept of the documents that each of these names, in the order of its content."""
    found: dict[int, list[_Named]] = defaultdict(list)
    for row in uow.all(
        _Named,
        "SELECT r.document_id, r.related_id, d.ident, d.document_type, d.document_date FROM document_relation r LEFT JOIN document d"
        " ON d.tenant_id = r.tenant_id AND d.id = r.related_id WHERE r.document_id = ANY (%s) ORDER BY r.document_id, r.related_id",
        (list(documents),),
    ):
        found[row.document_id].append(row)
    for number, rows in found.items():
        order = {it.ident: place for place, it in enumerate(documents[number].related)}
        rows.sort(key=lambda row: order.get(row.ident or "", len(order)))
    return found


def _credited(uow: Uow, documents: Mapping[int, Document], named: Mapping[int, Sequence[_Named]]) -> Iterator[str]:
    originals = documents_by_id(uow, {it.related_id for rows in named.values() for it in rows})
    kept: dict[int, set[CreditedRow]] = defaultdict(set)
    sql = f"SELECT {columns(CreditedRow)} FROM document_credit WHERE document_id = ANY (%s)"
    for row in uow.all(CreditedRow, sql, (list(documents),)):
        kept[row.document_id].add(row)
    for number, document in documents.items():
        known = [(it.related_id, originals[it.related_id]) for it in named.get(number, ()) if it.related_id in originals]
        says = set(credited_rows(number, document, known))
        if says != kept.get(number, set()):
            missing, added = len(says - kept[number]), len(kept[number] - says)
            yield f"document {document.ident}: {missing} of the rows that it takes back are not kept as it says, {added} are kept else"


def _netted(uow: Uow, documents: Mapping[int, Document]) -> Iterator[str]:
    """What a row takes back of another document beside credits is kept as it says. Until it said so, the items that it bills said it."""
    kept: dict[int, dict[str, NettingRow]] = defaultdict(dict)
    for row in uow.all(
        NettingRow, f"SELECT {columns(NettingRow)} FROM document_netting WHERE document_id = ANY (%s)", (list(documents),)
    ):
        kept[row.document_id][row.item_ident] = row
    originals = documents_by_id(uow, {row.netted_document_id for rows in kept.values() for row in rows.values()})
    for number, document in documents.items():
        rows, idents = kept.get(number, {}), {item.ident for item in document.items}
        found = {ident: (originals[row.netted_document_id].ident, row.netted_item_ident) for ident, row in rows.items()}
        for ident, said in named_rows(document).items():
            if found.get(ident) != said:
                yield f"document {document.ident} row {ident} takes something back of row {said[1]} of {said[0]}, and that is not kept"
        for ident, row in rows.items():
            taken = {item.ident for item in originals[row.netted_document_id].items}
            if ident not in idents or row.netted_item_ident not in taken:
                yield f"document {document.ident} has no row {ident} that takes something back of row {row.netted_item_ident}"


@check("documents.rows_are_taken_back_once")
def taken_back_once(uow: Uow) -> Iterable[str]:
    """Per row of which rows of other documents take something back: with its credits they take at most the row."""
    last = 0
    while ids := uow.column(
        int,
        "SELECT DISTINCT netted_document_id FROM document_netting WHERE netted_document_id > %s ORDER BY 1 LIMIT 1000",
        (last,),
    ):
        types = uow.all(_OfType, "SELECT id, document_type FROM document WHERE id = ANY (%s)", (ids,))
        for related in related_documents(uow, dict(types)).values():
            for row in related.left.rows.values():
                if exceeds(row.netted, row.agreed):
                    by = ", ".join(row.netted_by)
                    taken = f"{row.netted} taken back by rows of {by}, of {row.agreed} left"
                    yield f"document {row.document.ident} row {row.item.ident}: {taken}"
        last = ids[-1]


def _idents(named: Iterable[tuple[object, ...]]) -> str:
    return ", ".join(sorted(str(ident) for ident, *_ in named)) or "nothing"


@check("documents.reissues_are_those_of_the_trail")
def reissues(uow: Uow) -> Iterable[str]:
    """Which document was reissued as which is kept as the trail told it."""
    said = {
        _Reissue(it.subject_ident, it.change["reissued_as"], it.change.get("credited_by"), it.at)
        for it in changes_that_say(uow, "document", "reissued_as")
    }
    kept = set(
        uow.all(
            _Reissue,
            "SELECT o.ident, n.ident AS new, m.ident AS credit_memo, r.reissued_at AS at FROM document_reissue r"
            " LEFT JOIN document o ON o.tenant_id = r.tenant_id AND o.id = r.document_id"
            " LEFT JOIN document m ON m.tenant_id = r.tenant_id AND m.id = r.credit_memo_id"
            " LEFT JOIN document n ON n.tenant_id = r.tenant_id AND n.id = r.new_document_id",
        )
    )
    for row in said - kept:
        yield f"document {row.ident} was reissued as {row.new} and credited by {row.credit_memo}, and that is not kept"
    for row in kept - said:
        yield f"document {row.ident} is kept as reissued as {row.new}, and the trail does not tell it so"


@check("documents.files_are_those_that_were_made")
def made_files(uow: Uow) -> Iterable[str]:
    """Each file that was made for a document is kept. Who was filed before the trail told of the files has a picture, unless the tenant
    ever chose what is made."""
    kept: dict[str, list[Sequence[str]]] = defaultdict(list)
    for row in uow.all(
        _Files,
        "SELECT d.ident, coalesce(array_agg(f.type ORDER BY f.type) FILTER (WHERE f.ident IS NOT NULL), '{}') AS types FROM document d"
        " LEFT JOIN document_file f ON f.tenant_id = d.tenant_id AND f.document_id = d.id"
        " AND f.type <> 'VAT_PROOF' WHERE d.status = 'COMPLETED'"
        " GROUP BY d.tenant_id, d.id, d.ident",
    ):
        kept[row.ident].append(row.types)
    made: dict[str, list[Sequence[str] | None]] = defaultdict(list)  # one number may be several companies'
    for said in changes_that_say(uow, "document", "status"):
        made[said.subject_ident].append(said.change.get("files"))
    for said in changes_that_say(uow, "document", "picture"):  # of what another system issued, where it came later
        if [] in made[said.subject_ident]:
            made[said.subject_ident][made[said.subject_ident].index([])] = ["PDF"]
    chosen = bool(changes_that_say(uow, "document_output_configuration", "after"))
    for ident, files in kept.items():
        told = [sorted(it) for it in made.get(ident, ()) if it is not None]
        if len(told) == len(files):
            if sorted(told) != sorted(sorted(it) for it in files):
                yield f"document {ident}: the files made of it are {_kinds(told)}, kept are {_kinds(files)}"
        elif not chosen and not all("PDF" in it for it in files):
            yield f"document {ident}: its files are gone"


def _kinds(files: Iterable[Sequence[str]]) -> str:
    return "; ".join(", ".join(it) or "none" for it in files)


@check("documents.receipts_are_deducted_by_who_names_their_deposit")
def marked_receipts(uow: Uow) -> Iterable[str]:
    """What says of a receipt that it was deducted is a final invoice that names the deposit invoice, or its correction."""
    for row in uow.all(
        _Marked,
        "SELECT DISTINCT d.ident AS deposit, f.ident AS final FROM deposit_receipt r"
        " JOIN document d ON d.tenant_id = r.tenant_id AND d.id = r.document_id"
        " LEFT JOIN document f ON f.tenant_id = r.tenant_id AND f.id = r.final_document_id WHERE r.final_document_id IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM document_relation a WHERE a.tenant_id = r.tenant_id AND a.document_id = r.final_document_id"
        " AND f.document_type = 'INVOICE' AND (a.related_id = r.document_id OR EXISTS (SELECT 1 FROM document_relation b"
        " WHERE b.tenant_id = a.tenant_id AND b.document_id = a.related_id AND b.related_id = r.document_id)))",
    ):
        yield f"a receipt of deposit invoice {row.deposit} is deducted by {row.final or 'nothing that exists'}, which does not name it"


class _Moving(NamedTuple):
    """The documents of one number."""

    ident: str
    documents: int
    completed: int
    status: str


_OF_EACH_NUMBER = (
    "SELECT ident, count(*) AS documents, count(*) FILTER (WHERE status = 'COMPLETED') AS completed, max(status) AS status"
    " FROM document GROUP BY ident ORDER BY min(id)"
)


@check("documents.what_moves_is_as_it_was_moved")
def moving(uow: Uow) -> Iterable[str]:
    """A document is COMPLETED since its files were made, of which the trail tells; before, it may be FINALIZING."""
    filed = said_often(uow, "document", "status")
    # the trail names documents by their numbers, and several companies may have one
    for row in uow.all(_Moving, _OF_EACH_NUMBER):
        made = filed.get(row.ident, 0)
        if row.documents > 1 and row.completed != made:
            yield f"{row.documents} documents are {row.ident}, {row.completed} COMPLETED, of {made} the files were made"
        if row.documents == 1 and row.status not in (("COMPLETED",) if made else ("CREATED", "FINALIZING")):
            yield f"document {row.ident} is {row.status}, its files were {'' if made else 'not '}made"
