"""invoice.get, item.get: drafts and documents in the order of their numbers, a page in a fixed number of statements."""

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.api.fastbill.account.templates import named
from contor.api.fastbill.invoices.entity import Beside, Payment, invoice, item_in_texts
from contor.api.fastbill.invoices.known import customer_named, paper_of
from contor.api.fastbill.invoices.shown import Shown, of_document, of_draft
from contor.api.fastbill.invoices.types import InvoiceFilter, OneInvoice
from contor.api.fastbill.writing import Fields, flagged, listed, moment
from contor.assignment.by_hand import methods_said
from contor.contracts.queries import contract_numbers
from contor.customers.billed import NumbersBilled, numbers_billed
from contor.documents.beside import CommentView, comments_on
from contor.documents.drafts import Draft, drafts_by_id, judge_drafts
from contor.documents.papers import IS_CANCELLED, PROJECT, Issued, Paper, PaperKind, Sought, issued_papers, paper_url, papers_sought
from contor.kernel.errors import Refused
from contor.kernel.operations import operation
from contor.openitems.standing import MOVED, Moved, in_state, moved_of, paid_between, payments_among
from contor.projects.queries import project_numbers, projects_numbered
from contor.runtime.uow import Uow


@operation("fastbill.invoice_get", permission="documents.read", reads=True)
def get_invoices(uow: Uow, where: InvoiceFilter) -> Fields:
    """The papers that the filter means, the oldest first."""
    sought = _sought(uow, where)
    papers = papers_sought(uow, sought, where.limit, where.offset) if sought is not None else []
    return listed("invoices", [invoice(shown, beside) for shown, beside in read(uow, papers)])


@operation("fastbill.item_get", permission="documents.read", reads=True)
def get_items(uow: Uow, where: OneInvoice) -> Fields:
    """The rows of an invoice."""
    ((shown, beside),) = read(uow, [paper_of(uow, where.invoice_id)])
    rows = enumerate(shown.rows, 1)
    return listed("items", [item_in_texts(row, place, shown, beside.customer_id) for place, row in rows])


class _Facts(NamedTuple):
    """What a page is made of, each read once."""

    issued: Mapping[int, Issued]
    drafts: Mapping[int, Draft]
    moves: Mapping[int, Sequence[Moved]]
    shown: Mapping[int, Shown]
    billed: Mapping[tuple[str, str], NumbersBilled]
    contracts: Mapping[str, int]
    comments: Mapping[int, Sequence[CommentView]]
    methods: Mapping[str, str]
    """How what moved something was paid, by its source."""
    projects: Mapping[str, int]


def read(uow: Uow, papers: Sequence[Paper]) -> list[tuple[Shown, Beside]]:
    """Each paper with what is known beside it, in their order."""
    today = uow.ctx.today()
    issued = issued_papers(uow, [paper.document_id for paper in papers if paper.document_id is not None])
    drafts = drafts_by_id(uow, [paper.id for paper in papers if paper.document_id is None])
    shown = {paper.id: of_document(paper.id, issued[paper.document_id]) for paper in papers if paper.document_id is not None}
    if drafts:
        found = list(drafts.values())
        shown |= {draft.id: of_draft(draft, judged, today) for draft, judged in zip(found, judge_drafts(uow, found), strict=True)}
    contracts = {one.contract_ident for one in issued.values() if one.contract_ident is not None}
    moves = moved_of(uow, issued)
    facts = _Facts(
        issued,
        drafts,
        moves,
        shown,
        numbers_billed(uow, {_billed(one) for one in shown.values()}),
        contract_numbers(uow, contracts),
        comments_on(uow, commented) if (commented := [one.id for one in issued.values() if one.has_comments]) else {},
        methods_said(uow, {one.source for of in moves.values() for one in payments_among(of)}),
        project_numbers(uow, projects) if (projects := {it for one in shown.values() if (it := one.said.get(PROJECT))}) else {},
    )
    return [(shown[paper.id], _beside(uow, paper, facts, today)) for paper in papers]


# helpers in calling order


def _billed(shown: Shown) -> tuple[str, str]:
    """Customer and address."""
    return shown.customer_ident, shown.contact_ident or ""


def _beside(uow: Uow, paper: Paper, facts: _Facts, today: dt.date) -> Beside:
    shown = facts.shown[paper.id]
    customer_id, contact_id = facts.billed.get(_billed(shown), (None, None))
    template = named(uow, shown.site) if shown.site else None
    project_id = facts.projects.get(shown.said.get(PROJECT, ""))
    if paper.document_id is None:
        changed_at = facts.drafts[paper.id].last_modified_at
        return Beside(customer_id, changed_at, shown.gross, contact_id=contact_id, template=template, project_id=project_id)
    issued, moves = facts.issued[paper.document_id], facts.moves.get(paper.document_id, ())
    payments = payments_among(moves)
    return Beside(
        customer_id=customer_id,
        changed_at=max([issued.created_at, *(one.created_at for one in moves)]),
        outstanding=shown.sign * issued.outstanding,
        is_cancelled=issued.is_cancelled,
        today=today,
        paid_on=_paid_on(issued, moves),
        comments=[_comment(one) for one in facts.comments.get(paper.document_id, ())],
        payments=[Payment(one.id, one.booked_on, -one.amount, facts.methods.get(one.source) or one.note) for one in payments],
        subscription_id=facts.contracts.get(issued.contract_ident or ""),
        counter=issued.counter,
        related_number=issued.related_number,
        contact_id=contact_id,
        template=template,
        project_id=project_id,
        # what another system issued has no picture but its own, which may not have come along
        document_url=paper_url(uow, paper.document_id) if issued.has_picture or not issued.document.taken_over else "",
    )


def _comment(comment: CommentView) -> Fields:
    is_public = comment.kind == "PUBLIC"
    return {"date": moment(comment.created_at), "comment": comment.text, "comment_public": flagged(is_public)}


def _paid_on(issued: Issued, moves: Sequence[Moved]) -> dt.date | None:
    """The day of the last that moved it, where nothing is open; what was cancelled was not paid."""
    if issued.outstanding or issued.is_cancelled or issued.document.sign < 0:
        return None
    return max((one.booked_on for one in moves), default=None)


def _sought(uow: Uow, where: InvoiceFilter) -> Sought | None:
    """None: there can be nothing of the kind."""
    conditions, values = list[str](), dict[str, object]()
    if where.state is not None:
        conditions.append(in_state(where.state) if where.state != "canceled" else IS_CANCELLED)
    if where.start_paid_date is not None or where.end_paid_date is not None:
        condition, more = paid_between(where.start_paid_date, where.end_paid_date)
        conditions.append(condition)
        values |= more
    customer = None
    if where.customer_id is not None:
        try:
            customer = customer_named(uow, where.customer_id)
        except Refused:
            return None
    project = None
    if where.project_id is not None and (project := projects_numbered(uow, [where.project_id]).get(where.project_id)) is None:
        return None
    kinds: tuple[PaperKind, ...] = (where.type,) if where.type is not None else ("draft", "outgoing", "credit")
    return Sought(
        ids=where.invoice_id,
        number=where.invoice_number,
        title=where.invoice_title,
        external_ident=where.invoice_ext_uid,
        customer_ident=customer,
        project_ident=project,
        kinds=kinds,
        dated=_dated(where, uow.ctx.today()),
        due=(where.start_due_date, where.end_due_date),
        changed=(where.start_lastupdate, where.end_lastupdate),
        of_documents=tuple(conditions),
        values=values,
        moved=MOVED,
    )


def _dated(where: InvoiceFilter, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The span of the invoice's date: of MONTH and YEAR the narrower one counts. A month without a year is one of this year."""
    first, last = where.start_date, where.end_date
    if where.year is not None or where.month is not None:
        year = where.year if where.year is not None else today.year
        begins = dt.date(year, where.month or 1, 1)
        ends = dt.date(year, where.month or 12, calendar.monthrange(year, where.month or 12)[1])
        first, last = max(first or begins, begins), min(last or ends, ends)
    return first, last
