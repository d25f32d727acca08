"""What is told of documents: all their types share the prefix `invoice`."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.contracts.queries import contracts_by_ident_unlocked
from contor.documents.after import origins_of, views_of
from contor.documents.awaited import UPLOADED_PICTURE
from contor.documents.events import (
    DocumentAttachmentsArchived,
    DocumentsArchived,
    DocumentsIssued,
    DocumentsSettled,
    PicturesAwaited,
)
from contor.documents.issue import VAT_PROOF
from contor.documents.judge import REASON, IssuedDocument
from contor.documents.types import Document, DocumentView, FileView, Property
from contor.kernel.context import Ctx
from contor.kernel.money import shown
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.orders.told import parties_of_orders
from contor.runtime.uow import Uow

Origin = tuple[str, str]
"""ORDER or CONTRACT, and its ident."""
_ORIGINS = ("ORDER", "CONTRACT")


class Paper(NamedTuple):
    """A document, as far as it is told."""

    number: int
    ident: str
    kind: str
    customer_ident: str
    status: str
    outstanding: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    currency: str
    order_date: dt.date | None
    document_date: dt.date
    due_date: dt.date
    properties: Sequence[Property]
    related: str | None
    origins: Sequence[Origin]


@notified(DocumentsIssued, {"invoice.created": "A document of any type was issued; its files are made afterwards."})
def issued(uow: Uow, fact: DocumentsIssued) -> Iterator[Notice]:
    origins = origins_of(uow, fact.document_ids)
    papers = [_of_issued(draft, [(one.type, one.ident) for one in origins.get(draft.id, ())]) for draft in fact.documents]
    return _notices(uow, "invoice.created", papers)


@notified(
    PicturesAwaited,
    {
        "invoice.pictureRequested": "A document that was issued waits for its picture, which somebody uploads (customPicture of the"
        " tenant's settings): until when, and whether it gets the built-in one then."
    },
)
def awaited(uow: Uow, fact: PicturesAwaited) -> Iterator[Notice]:
    views = views_of(uow, fact.document_ids)
    papers = [_of_view(views[number]) for number in fact.document_ids]
    for notice in _notices(uow, "invoice.pictureRequested", papers):
        waits = views[int(str(notice.content["invoice_id"]))].finalizing
        if waits is not None:
            added = {"picture_until": int(waits.until.timestamp()), "built_in_then": waits.is_built_in_then}
            yield notice._replace(content={**notice.content, **added})


@notified(
    DocumentsArchived,
    {
        "invoice.archived": "The files of a document can be fetched.",
        "documentAttachment.archived": "A file beside the document's picture can be fetched: an electronic invoice, the proof of a VAT id"
        " or another attachment, or the letter by which documents are dunned.",
    },
)
def archived(uow: Uow, fact: DocumentsArchived) -> Iterator[Notice]:
    views = [views_of(uow, fact.document_ids)[number] for number in fact.document_ids]
    yield from _notices(uow, "invoice.archived", [_of_view(view) for view in views])
    for view in views:
        # what was kept beside it when it was issued was told then
        yield from _attached(view, [file for file in view.files if file.type not in ("PDF", VAT_PROOF, UPLOADED_PICTURE)])


@notified(DocumentAttachmentsArchived, {})
def attached(uow: Uow, fact: DocumentAttachmentsArchived) -> Iterator[Notice]:
    views, idents = views_of(uow, sorted(set(fact.document_ids))), set(fact.file_idents)
    for view in views.values():
        yield from _attached(view, [file for file in view.files if file.file_ident in idents])


def _attached(view: DocumentView, files: Iterable[FileView]) -> Iterator[Notice]:
    for file in files:
        content = {
            "documentIdent": view.ident,
            "documentId": view.document_id,
            "customerIdent": view.customer_detail.customer_ident,
            "attachmentIdent": file.file_ident,
            "attachmentType": file.type,
            "name": file.name,
        }
        yield Notice("documentAttachment.archived", f"document:{view.document_id}", content)


@notified(DocumentsSettled, {"invoice.updated": "What is outstanding on a document changed: it was paid, credited or decided on."})
def settled(uow: Uow, fact: DocumentsSettled) -> Iterator[Notice]:
    new = {number for other in uow.events if isinstance(other, DocumentsIssued) for number in other.document_ids}
    views = views_of(uow, sorted(set(fact.document_ids) - new))
    return _notices(uow, "invoice.updated", [_of_view(view) for view in views.values()])


def _of_issued(draft: IssuedDocument, origins: Sequence[Origin]) -> Paper:
    document: Document = draft.document
    totals = document.totals
    return Paper(
        draft.id,
        draft.ident,
        document.document_type,
        document.customer_ident,
        "CREATED",
        totals.payable,
        totals.net,
        totals.tax,
        totals.gross,
        document.currency,
        document.order_date,
        document.document_date,
        document.due_date,
        document.properties,
        next((reference.ident for reference in document.related if reference.document_type is not None), None),
        origins,
    )


def _of_view(view: DocumentView) -> Paper:
    return Paper(
        view.document_id,
        view.ident,
        view.document_type,
        view.customer_detail.customer_ident,
        view.status,
        view.outstanding,
        view.totals.net,
        view.totals.tax,
        view.totals.gross,
        view.currency,
        view.order_date,
        view.document_date,
        view.due_date,
        view.properties,
        view.related_document_ident,
        [(one.type, one.ident) for one in view.origin_references if one.type in _ORIGINS],
    )


def _notices(uow: Uow, type: str, papers: Sequence[Paper]) -> Iterator[Notice]:
    segments = _segments(uow, {origin for paper in papers for origin in paper.origins})
    for paper in papers:
        yield Notice(type, f"document:{paper.number}", _content(uow.ctx, paper, segments))


def _segments(uow: Uow, origins: Iterable[Origin]) -> Mapping[Origin, str]:
    """The business segment of each order and contract."""
    named = list(origins)
    orders = parties_of_orders(uow, {ident for type, ident in named if type == "ORDER"})
    contracts = {ident for type, ident in named if type == "CONTRACT"}
    found = contracts_by_ident_unlocked(uow, contracts) if contracts else {}
    return {
        **{("ORDER", ident): party.business_segment_ident for ident, party in orders.items()},
        **{("CONTRACT", ident): contract.business_segment_ident for ident, contract in found.items()},
    }


def _content(ctx: Ctx, paper: Paper, segments: Mapping[Origin, str]) -> Mapping[str, object]:
    of = sorted({segments[origin] for origin in paper.origins if origin in segments})
    return {
        "invoice_ident": paper.ident,
        "invoice_id": paper.number,
        "reference_ident": paper.origins[0][1] if len(paper.origins) == 1 else None,
        "invoice_origin_references": [{"reference_type": type, "reference_ident": ident} for type, ident in paper.origins],
        "debtor_ident": paper.customer_ident,
        "customer_ident": paper.customer_ident,
        "type": paper.kind,
        "status": paper.status,
        "next_status_timestamp": _overdue_from(ctx, paper.due_date) if paper.outstanding > 0 else None,
        "outstanding": shown(paper.outstanding, paper.currency),
        "invoice_total_exclusive_vat": shown(paper.net, paper.currency),
        "invoice_total_vat": shown(paper.tax, paper.currency),
        "invoice_total_inclusive_vat": shown(paper.gross, paper.currency),
        "currency": paper.currency,
        "order_date": paper.order_date,
        "invoice_date": paper.document_date,
        "business_segment_ident": of[0] if len(of) == 1 else None,
        "business_segment_idents": of,
        "document_reason": next((entry.value for entry in paper.properties if entry.key == REASON), None),
        "related_invoice_ident": paper.related,
    }


def _overdue_from(ctx: Ctx, due_date: dt.date) -> int:
    """The first second of the day after it is due, in the tenant's zone."""
    return int(dt.datetime.combine(due_date + dt.timedelta(days=1), dt.time(), ctx.zone).timestamp())
