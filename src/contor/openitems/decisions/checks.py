"""What must hold of decisions and their counter decisions."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Decided(NamedTuple):
    """A decision, what it moved, and what its counter decision took back."""

    ident: str
    opos_case_ident: str
    type: str
    amount: Decimal
    moved: Decimal
    back: Decimal
    counter: str | None


class _Loose(NamedTuple):
    document_id: int
    source: str


_MOVED = (
    "coalesce(sum(m.amount) FILTER (WHERE m.reversal_of IS NULL), 0) AS moved,"
    " coalesce(sum(m.amount) FILTER (WHERE m.reversal_of IS NOT NULL), 0) AS back"
)


@check("openitems.decisions_move_what_they_say")
def decisions(uow: Uow) -> Iterable[str]:
    """A decision moved its case by its amount, against the side of the balance (doubt by nothing); it was taken back if there is a counter
    decision, and by as much as that says."""
    for row in uow.all(
        _Decided,
        f"SELECT d.ident, d.opos_case_ident, d.type, d.amount, {_MOVED}, r.ident AS counter FROM opos_decision d"
        " LEFT JOIN opos_movement m ON m.tenant_id = d.tenant_id AND m.source = 'decision:' || d.ident"
        " LEFT JOIN opos_decision r ON r.tenant_id = d.tenant_id AND r.reversion_target_ident = d.ident"
        " WHERE d.reversion_target_ident IS NULL GROUP BY d.tenant_id, d.ident, r.tenant_id, r.ident HAVING"
        " coalesce(sum(m.amount) FILTER (WHERE m.reversal_of IS NULL), 0) <> CASE WHEN d.type = 'DOUBTFUL_RECEIVABLE' THEN 0"
        "  WHEN d.debit_credit_indicator = 'CREDIT' THEN -d.amount ELSE d.amount END"
        " OR count(m.id) FILTER (WHERE m.reversal_of IS NULL) <> 1 OR bool_or(m.document_id <> d.document_id OR m.decision <> d.type)"
        " OR (r.ident IS NULL) <> (count(m.id) FILTER (WHERE m.reversal_of IS NOT NULL) = 0)"
        " OR r.document_id <> d.document_id OR r.type <> d.type OR r.debit_credit_indicator = d.debit_credit_indicator"
        " OR r.amount <> coalesce(nullif(abs(sum(m.amount) FILTER (WHERE m.reversal_of IS NOT NULL)), 0), d.amount)",
    ):
        yield (
            f"decision {row.ident} on case {row.opos_case_ident}: {row.type} of {row.amount} moved {row.moved}, and {row.back} by its"
            f" counter decision {row.counter}"
        )
    for loose in uow.all(
        _Loose,
        "SELECT m.document_id, m.source FROM opos_movement m WHERE m.source LIKE 'decision:%' AND NOT EXISTS"
        " (SELECT 1 FROM opos_decision d WHERE d.tenant_id = m.tenant_id AND 'decision:' || d.ident = m.source) ORDER BY m.id",
    ):
        yield f"document {loose.document_id}: its case was moved by {loose.source}, which nobody made"


@check("openitems.counter_decisions_name_what_they_revert")
def counters(uow: Uow) -> Iterable[str]:
    """A counter decision names a decision that there is, and no counter decision."""
    for ident in uow.column(
        str,
        "SELECT r.ident FROM opos_decision r LEFT JOIN opos_decision d ON d.tenant_id = r.tenant_id"
        " AND d.ident = r.reversion_target_ident WHERE r.reversion_target_ident IS NOT NULL"
        " AND (d.ident IS NULL OR d.reversion_target_ident IS NOT NULL) ORDER BY r.ident",
    ):
        yield f"counter decision {ident} reverts no decision"
