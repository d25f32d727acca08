"""Look at drafts: the list, one of them, and what it would become if it were completed now: nothing is written, no number is taken."""

from contor.documents.amounts import Amounts, RowAmounts
from contor.documents.drafts import tables
from contor.documents.drafts.determined import asked_outside
from contor.documents.drafts.judge import Judged, judge
from contor.documents.drafts.queries import DRAFTS, Draft, draft_named, drafts_named, shown
from contor.documents.drafts.types import DraftView, Preview, RowAmountsView
from contor.documents.issue import freeze
from contor.documents.queries import documents_by_id
from contor.documents.request import known_request
from contor.documents.types import Document, DocumentItem, DocumentRequest, prices_view, tax_view, totals_view
from contor.kernel.context import Caller
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow
from contor.tax.providers import Foreseen, foreseen


@shape
class ListDrafts:
    query: ListQuery


@shape
class ReadDraft:
    draft_ident: str


@operation("draft.list", permission="documents.read", reads=True)
def list_drafts(uow: Uow, command: ListDrafts) -> Page:
    """Drafts, the newest first; completed ones among them, with the numbers of their documents."""
    return listed(uow, tables.draft, command.query, DRAFTS, Draft, lambda rows: shown(uow, rows))


@operation("draft.get", permission="documents.read", reads=True)
def get_draft(uow: Uow, command: ReadDraft) -> DraftView:
    """One draft as it is written so far."""
    return draft_view(uow, command.draft_ident)


def draft_view(uow: Uow, ident: str) -> dict[str, object]:
    return shown(uow, [draft_named(uow, ident)])[0]


def _ask(runtime: Runtime, command: ReadDraft, caller: Caller) -> Foreseen | None:
    return foreseen(runtime, caller, lambda uow: asked_outside(uow, drafts_named(uow, [command.draft_ident])))


@operation("draft.preview", permission="documents.read", reads=True, asks=_ask)
def preview_draft(uow: Uow, command: ReadDraft) -> Preview:
    """The findings, totals and tax groups of a draft, as issuing would say them; of a completed draft, what was issued."""
    draft = draft_named(uow, command.draft_ident)
    made = Preview(draft_ident=draft.ident, version=draft.version, findings=())
    if draft.document_id is not None:
        return _of_document(made, documents_by_id(uow, [draft.document_id])[draft.document_id])
    (judged,) = judge(uow, [draft])
    return _of_draft(uow, replace(made, findings=(*judged.findings, *_used(uow, judged.request))), draft, judged)


def _of_draft(uow: Uow, made: Preview, draft: Draft, judged: Judged) -> Preview:
    """The frozen document, if it could be issued; else the amounts as far as they can be computed."""
    request, facts, amounts = judged.request, judged.facts, judged.amounts
    if request is None or facts is None or amounts is None:
        return made
    if not made.findings:
        return _of_document(made, freeze(request, draft.type, facts, amounts, uow.ctx.now()))
    rows = [_row_view(item.ident, row) for item, row in zip(request.items, amounts.rows, strict=True)]
    rows += [_row_view(None, row.amounts) for row in amounts.deposit_rows]
    return _with_amounts(replace(made, currency=request.currency), amounts, rows)


def _of_document(made: Preview, document: Document) -> Preview:
    rows = [_row_view(item.ident, item) for item in document.items]
    dated = replace(
        made,
        currency=document.currency,
        document_date=document.document_date,
        due_date=document.due_date,
        tax_date=document.tax_date,
        ledger=document.ledger,
    )
    return _with_amounts(dated, document, rows)


def _with_amounts(made: Preview, computed: Document | Amounts, rows: list[RowAmountsView]) -> Preview:
    taxes = tuple(tax_view(group) for group in computed.taxes)
    return replace(made, totals=totals_view(computed.totals), taxes=taxes, items=tuple(rows))


def _row_view(ident: str | None, row: RowAmounts | DocumentItem) -> RowAmountsView:
    return RowAmountsView(ident=ident, prices=prices_view(row.unit, row.original_total, row.total))


def _used(uow: Uow, request: DocumentRequest | None) -> tuple[Problem, ...]:
    """A request id is used once."""
    if request is None or not uow.scalar(int, "SELECT 1 FROM document_request WHERE request_id = %s", (request.request_id,)):
        return ()
    return known_request(request.request_id).problems
