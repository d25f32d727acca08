"""The list of invoices: drafts and what was issued together, the newest first, by filters and orders as clients send them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contor.api.fynn.ids import CUSTOMER, SUBSCRIPTION
from contor.api.fynn.invoices.shown import InvoiceRow, InvoiceStatus, InvoiceType, invoice_number, invoice_rows
from contor.api.route import By, Sought
from contor.documents.after import BILLS_CONTRACTS
from contor.documents.cancelling import OF_KIND, OF_NO_OTHER_KIND, TAKEN_BACK_AS
from contor.documents.papers import CANCELLED, IS_CANCELLED, PaperKind, PaperOrder, papers_ordered
from contor.documents.papers import Sought as SoughtPapers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.openitems.standing import DECIDED, in_state
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.query.rsql import All, Comparison, Node
from contor.runtime.uow import Uow

FIELDS: Final = Filterable({}, default_sort="id,desc")
"""What may be asked is `SOUGHT`: the list is of several tables."""
_TYPES: Final[Mapping[InvoiceType, str]] = {
    "TYPE_INVOICE": "c.document_type IN ('INVOICE', 'DEPOSIT_INVOICE')",
    "TYPE_CANCEL": OF_KIND.format("CANCELLATION"),
    "TYPE_REFUND": OF_KIND.format("REFUND"),
    "TYPE_CREDIT": f"c.document_type IN ('CREDIT_MEMO', 'DEPOSIT_INVOICE_CORRECTION') AND {OF_NO_OTHER_KIND.format('CREDIT')}",
    "TYPE_REMINDER": "false",
    "TYPE_DUNNING": "false",
}
_MADE: Final = "c.status = 'COMPLETED'"
_STATES: Final[Mapping[InvoiceStatus, str]] = {
    "STATUS_NEW": "false",
    "STATUS_DRAFT": "false",
    "STATUS_FINALIZING": f"c.status IN ('CREATED', 'FINALIZING') AND c.settled <= 0 AND c.payable > 0 AND {CANCELLED} IS NOT TRUE",
    "STATUS_UNPAID": f"{in_state('unpaid')} AND c.dunning_level = 0 AND ({_MADE} OR c.settled > 0)",
    "STATUS_REMINDED": f"{in_state('unpaid')} AND c.dunning_level > 0 AND ({_MADE} OR c.settled > 0)",
    "STATUS_PAID": f"{in_state('paid')} AND NOT {DECIDED}",
    "STATUS_CLOSED": f"({IS_CANCELLED} AND {TAKEN_BACK_AS.format('CREDIT')}) OR ({in_state('paid')} AND {DECIDED})",
    "STATUS_REFUNDED": f"{IS_CANCELLED} AND {TAKEN_BACK_AS.format('REFUND')}",
    "STATUS_CANCELLED": f"{IS_CANCELLED} AND NOT ({TAKEN_BACK_AS.format('CREDIT')} OR {TAKEN_BACK_AS.format('REFUND')})",
}
_OF_DRAFTS: Final[Mapping[str, str]] = {
    "STATUS_NEW": "coalesce(jsonb_array_length(d.content -> 'items'), 0) = 0",
    "STATUS_DRAFT": "coalesce(jsonb_array_length(d.content -> 'items'), 0) > 0",
}
_ORDERS: Final[Mapping[str, PaperOrder]] = {
    "id": "NUMBER_OF_PAPER",
    "number": "NUMBER",
    "issued": "ISSUED",
    "due": "DUE",
}
SOUGHT: Final = Sought(
    by={
        "id": By(field="id"),
        "customer": By(field="customer"),
        "customer.id": By(field="customer"),
        "number": By(field="number"),
        "status": By(field="status", words={name: name for name in _STATES}),
        "type": By(field="type", words={name: name for name in _TYPES}),
        "subscription": By(field="subscription"),
        "finalizationDate": By(field="issued", form="DAY"),
        "dueDate": By(field="due", form="DAY"),
    },
    order={"creationDate": "id", "createdAt": "id", "number": "number", "finalizationDate": "issued", "dueDate": "due"},
)


@dataclass(frozen=True, slots=True)
class ListInvoices:
    query: ListQuery


@operation("fynn.invoice_list", permission="documents.read", reads=True)
def list_invoices(uow: Uow, command: ListInvoices) -> Page:
    """The invoices that the filters mean; drafts beside what was issued."""
    query = command.query
    order, descending = _order(query)
    sought = _sought(uow, list(_terms(query.where)))
    if sought is None:
        return Page((), _number(query), query.page.size, 0)
    found = papers_ordered(uow, sought, order, descending=descending, limit=query.page.size, offset=query.page.offset)
    rows: list[InvoiceRow] = invoice_rows(uow, [paper.id for paper in found.papers])
    return Page(tuple(rows), _number(query), query.page.size, found.total, found.at_least)


# helpers in calling order


def _number(query: ListQuery) -> int:
    return query.page.offset // query.page.size if query.page.size else 0


def _order(query: ListQuery) -> tuple[PaperOrder, bool]:
    if not query.order:
        return "NUMBER_OF_PAPER", True
    if len(query.order) > 1:
        raise Refused(Kind.INVALID, Problem("sort_several", "This list is ordered by one field at a time.", "order"))
    return _ORDERS[query.order[0].field], query.order[0].direction == "desc"


def _terms(where: Node | None) -> Iterable[Comparison]:
    if where is None:
        return ()
    terms = where.terms if isinstance(where, All) else (where,)
    return (term for term in terms if isinstance(term, Comparison))


def _sought(uow: Uow, terms: Sequence[Comparison]) -> SoughtPapers | None:
    """None: there can be nothing of the kind."""
    conditions, of_drafts, values = list[str](), list[str](), dict[str, object]()
    wanted = {term.field: [value.text for value in term.values] for term in terms if term.operator in ("==", "=in=")}
    kinds: tuple[PaperKind, ...] = ("draft", "outgoing", "credit")
    also_drafts = True
    customer = None
    if "customer" in wanted:
        found = CUSTOMER.find(uow, wanted["customer"])
        if len(wanted["customer"]) > 1:
            raise Refused(Kind.INVALID, Problem("parameter_repeated", "is said once", "customer"))
        customer = next(iter(found.values()), None)
        if customer is None:
            return None
    if "number" in wanted:
        conditions.append("c.ident = ANY (%(numbers)s)")
        values["numbers"] = wanted["number"]
        also_drafts = False
    if "type" in wanted:
        conditions.append(" OR ".join(f"({_TYPES[name]})" for name in wanted["type"]))  # type: ignore[index]  # words of the list alone
        also_drafts = also_drafts and "TYPE_INVOICE" in wanted["type"]
    if "status" in wanted:
        conditions.append(" OR ".join(f"({_STATES[name]})" for name in wanted["status"]))  # type: ignore[index]  # words of the list alone
        drafts = [_OF_DRAFTS[name] for name in wanted["status"] if name in _OF_DRAFTS]
        also_drafts = also_drafts and bool(drafts)
        of_drafts += [" OR ".join(drafts)] if drafts else []
        if all(name in _OF_DRAFTS for name in wanted["status"]):
            kinds = ("draft",) if also_drafts else ()
    if "subscription" in wanted:
        conditions.append(BILLS_CONTRACTS)
        values["contracts"] = list(SUBSCRIPTION.find(uow, wanted["subscription"]).values())
        also_drafts = False
    ids = None
    if "id" in wanted:
        ids = tuple(number for text in wanted["id"] if (number := invoice_number(uow, text)) is not None)
        if not ids:
            return None
    if not kinds:
        return None
    also_drafts = _dated(uow, terms, conditions, values) and also_drafts
    return SoughtPapers(
        ids=ids,
        customer_ident=customer,
        kinds=kinds if also_drafts else tuple(kind for kind in kinds if kind != "draft"),
        of_documents=tuple(conditions),
        of_drafts=tuple(of_drafts),
        also_drafts=also_drafts,
        values=values,
    )


def _dated(uow: Uow, terms: Sequence[Comparison], conditions: list[str], values: dict[str, object]) -> bool:
    """Adds the spans of dates; whether drafts, which have none of them, may be meant."""
    dated = [term for term in terms if term.field in ("issued", "due") and term.operator in ("<", "<=", ">", ">=")]
    for number, term in enumerate(dated):
        day, name = dt.date.fromisoformat(term.values[0].text[:10]), f"day{number}"
        if term.field == "due":
            conditions.append(f"c.due_date {term.operator} %({name})s::date")
            values[name] = day
            continue
        # a point in time is compared by the day that it is of where the tenant is
        is_behind = term.operator in ("<=", ">")
        begins = day + dt.timedelta(days=1) if is_behind else day
        conditions.append(f"c.created_at {'<' if term.operator in ('<', '<=') else '>='} %({name})s::timestamptz")
        values[name] = dt.datetime.combine(begins, dt.time(), uow.ctx.zone)
    return not dated
