"""What must hold of orders: every line is billed for what it says, a cancelled one for nothing; deposits are deducted once, and no more
than was received."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import in_unit
from contor.contracts.queries import contracts_by_id
from contor.contracts.types import Contract
from contor.documents.queries import deposits_given_back, documents_by_id
from contor.documents.types import Basis
from contor.kernel.checks import check
from contor.kernel.money import ZERO
from contor.orders.queries import Order, orders_by_id
from contor.orders.rules import NOT_KNOWN, allowance_row, line_row
from contor.orders.types import AllowanceBody, LineItemBody
from contor.runtime.execute import validated
from contor.runtime.uow import Uow
from contor.settings.groups import USUAL
from contor.settings.queries import group_terms

BATCH = 500
STANDING = """
SELECT l.contract_id, l.ident, l.kind, l.content, l.cancelled_at IS NOT NULL AS is_cancelled, first.currency,
  first.content ->> 'basis' AS basis, i.stands, i.granted
FROM line_item l
JOIN billable_item first ON first.tenant_id = l.tenant_id AND first.item_id = l.item_id
CROSS JOIN LATERAL (
  SELECT coalesce(sum(CASE WHEN i.kind = 'CREDIT' THEN -i.total ELSE i.total END), 0) AS stands,
    coalesce(sum(i.total) FILTER (WHERE i.content ->> 'granted' = 'true'), 0) AS granted
  FROM billable_item i LEFT JOIN billable_item r
    ON r.tenant_id = i.tenant_id AND r.item_id = i.related_item_id AND i.kind = 'CREDIT'
  WHERE i.tenant_id = l.tenant_id AND i.contract_id = l.contract_id AND i.origin_ident = l.ident
    AND i.processing_status <> 'TERMINATED' AND coalesce(r.kind, i.kind) = l.kind
    AND NOT (l.cancelled_at IS NOT NULL AND coalesce((i.content ->> 'pays')::boolean, false))
) i
WHERE (l.contract_id, l.ident) > (%s, %s) ORDER BY l.contract_id, l.ident LIMIT %s
"""
"""Each line with what is billed or waits, less what is given back; what a cancelled allowance has paid stays paid."""


class Standing(NamedTuple):
    """A line, and what stands of its items; `granted`: what was credited by hand."""

    contract_id: int
    ident: str
    kind: str
    content: Mapping[str, object]
    is_cancelled: bool
    currency: str
    basis: Basis
    stands: Decimal
    granted: Decimal


class Received(NamedTuple):
    """What was received on the deposits that a final invoice deducts."""

    final_document_id: int
    gross: Decimal


class Deducted(NamedTuple):
    """A deposit invoice and a final invoice that deducts it: ids and numbers."""

    deposit_id: int
    deposit: str
    final_id: int
    final: str


@check("orders.lines_stand_with_what_they_say")
def lines(uow: Uow) -> Iterable[str]:
    """Computed again from its content: a line, billed or not, stands with its amount, less at most what someone credited by hand; a
    cancelled one stands with nothing."""
    last: tuple[int, str] = (0, "")
    while rows := uow.all(Standing, STANDING, (*last, BATCH)):
        last = (rows[-1].contract_id, rows[-1].ident)
        numbers = {row.contract_id for row in rows}
        groups = group_terms(uow)
        holders: dict[int, Order | Contract] = {**orders_by_id(uow, numbers), **contracts_by_id(uow, numbers)}
        for row in rows:
            holder = holders[row.contract_id]
            name = holder.order_ident if isinstance(holder, Order) else holder.contract_ident
            unit = groups.get(holder.billing_group_ident, USUAL).units.get(row.currency)
            says = ZERO if row.is_cancelled else _amount(row, holder, unit)
            if not says - row.granted <= row.stands <= says:
                state = "is cancelled" if row.is_cancelled else f"says {says}"
                yield f"{name}, {row.kind.lower()} {row.ident} {state}: {row.stands} stand"


def _amount(row: Standing, holder: Order | Contract, unit: Decimal | None) -> Decimal:
    """What the line costs or gives, rounded to `unit`."""
    home = holder.places.tax_location if isinstance(holder, Contract) else holder.home
    if row.kind == "LINE_ITEM":
        made, _ = line_row(validated(LineItemBody, row.content), row.currency, home, "", lambda *_: NOT_KNOWN)
        assert made is not None
    else:
        made, _ = allowance_row(validated(AllowanceBody, row.content), row.currency, home, row.basis, "", lambda _: NOT_KNOWN)
    return in_unit(made, row.currency, unit, holder.content.language).total


@check("orders.deposits_are_deducted_as_received_once")
def deductions(uow: Uow) -> Iterable[str]:
    """What a final invoice deducts is what was received on its deposit invoices and is marked as deducted by it; no deposit invoice is
    deducted by two."""
    last = 0
    while ids := uow.column(
        int,
        "SELECT DISTINCT r.document_id FROM document_relation r JOIN document d ON d.tenant_id = r.tenant_id AND d.id = r.document_id"
        " WHERE r.document_id > %s AND d.document_type = 'INVOICE' ORDER BY r.document_id LIMIT %s",
        (last, BATCH),
    ):
        last = ids[-1]
        yield from _deducted(uow, ids)


def _deducted(uow: Uow, ids: Sequence[int]) -> Iterable[str]:
    received = dict(
        uow.all(
            Received,
            "SELECT final_document_id, sum(gross) AS gross FROM deposit_receipt WHERE final_document_id = ANY (%(ids)s) AND document_id IN"
            " (SELECT related_id FROM document_relation WHERE document_id = ANY (%(ids)s) UNION"
            " SELECT b.related_id FROM document_relation a JOIN document_relation b"
            " ON b.tenant_id = a.tenant_id AND b.document_id = a.related_id WHERE a.document_id = ANY (%(ids)s))"
            " GROUP BY 1",
            {"ids": list(ids)},  # the corrections of deposits stand for them
        )
    )
    given_back = deposits_given_back(uow, ids)
    for number, document in documents_by_id(uow, ids).items():
        deducted = sum((group.gross for deposit in document.deposits for group in deposit.groups), ZERO)
        if document.final_invoice_method == "REVERSAL":
            named = {related.ident for related in document.related}
            deducted = sum((payment.amount for payment in document.prepaid if payment.reference in named), ZERO)
        deducted += given_back.get(number, ZERO)  # of rows below zero
        if deducted != received.get(number, ZERO):
            yield f"final invoice {document.ident} deducts {deducted}, {received.get(number, ZERO)} was received for it"
    finals: dict[int, dict[int, Deducted]] = defaultdict(dict)
    for row in uow.all(
        Deducted,
        "SELECT d.id AS deposit_id, d.ident AS deposit, f.id AS final_id, f.ident AS final FROM document_relation r"
        " JOIN document f ON f.tenant_id = r.tenant_id AND f.id = r.document_id AND f.document_type = 'INVOICE'"
        # the percent sign is doubled, because the statement has parameters
        " JOIN document d ON d.tenant_id = r.tenant_id AND d.id = r.related_id AND d.document_type LIKE 'DEPOSIT_INVOICE%%'"
        " WHERE r.related_id IN (SELECT related_id FROM document_relation WHERE document_id = ANY (%s)) ORDER BY d.id, f.id",
        (list(ids),),
    ):
        finals[row.deposit_id][row.final_id] = row
    credited = deposits_given_back(uow, {final for rows in finals.values() for final in rows})  # they may be deducted again
    for rows in finals.values():
        if len(rows.keys() - credited.keys()) > 1:
            numbers = sorted({row.final for row in rows.values()})
            yield f"deposit invoice {next(iter(rows.values())).deposit} is deducted by {', '.join(numbers)}"
