"""Decisions, listed over all open items or of one, and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from contor.kernel.operations import operation
from contor.openitems import tables
from contor.openitems.decisions.types import DecisionRow, DecisionView, view_of
from contor.openitems.queries import case_id
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found

_REVERTED_BY = (
    "SELECT r.ident FROM opos_decision r WHERE r.tenant_id = opos_decision.tenant_id"
    " AND r.reversion_target_ident = opos_decision.ident"
)
_FIELDS = ", ".join(name for name in DecisionRow._fields if name != "reverted_by_ident")
_SELECT = f"SELECT {_FIELDS}, ({_REVERTED_BY}) AS reverted_by_ident FROM opos_decision WHERE "
DECISIONS = searchable(
    tables.opos_decision,
    DecisionView,
    (
        "ident",
        "opos_case_ident",
        "customer_ident",
        "currency",
        "type",
        "amount",
        "debit_credit_indicator",
        "decided_on",
        "created_at",
    ),
    default_sort="created_at,desc",
    places={"reverted_by_ident": worked_out(_REVERTED_BY, str)},
)


@dataclass(frozen=True, slots=True)
class ListDecisions:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListCaseDecisions:
    opos_case_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneDecision:
    opos_case_ident: str
    decision_ident: str


@operation("opos_decision.list", permission="bookkeeping.read", reads=True)
def list_decisions(uow: Uow, command: ListDecisions) -> Page:
    """What was decided on open items, of all of them."""
    return listed_by_key(
        uow, tables.opos_decision, command.query, DECISIONS, "ident", lambda idents: decisions_by_ident(uow, idents)
    )


@operation("opos_case.list_decisions", permission="bookkeeping.read", reads=True)
def list_case_decisions(uow: Uow, command: ListCaseDecisions) -> Page:
    """What was decided on one open item."""
    scope = {"document_id": case_id(uow, command.opos_case_ident)}
    return listed_by_key(uow, tables.opos_decision, command.query, DECISIONS, "ident", partial(decisions_by_ident, uow), scope)


@operation("opos_decision.get", permission="bookkeeping.read", reads=True)
def get_decision(uow: Uow, command: OneDecision) -> DecisionView:
    """One decision."""
    return view_of(decision_of(uow, case_id(uow, command.opos_case_ident), command.decision_ident))


def decision_of(uow: Uow, document_id: int, ident: str) -> DecisionRow:
    """Raises NOT_FOUND, also where it is of another case."""
    row = uow.first(DecisionRow, _SELECT + "ident = %s AND document_id = %s", (ident, document_id))
    if row is None:
        raise not_found("opos_decision", ident)
    return row


def decisions_by_ident(uow: Uow, idents: Sequence[str]) -> dict[str, DecisionView]:
    """Decisions as they are answered; those that do not exist are left out."""
    return {row.ident: view_of(row) for row in uow.all(DecisionRow, _SELECT + "ident = ANY (%s)", (list(idents),))}
