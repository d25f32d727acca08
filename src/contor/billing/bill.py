"""Bill a batch of customers: propose what began, take what is due, split it into documents, issue them; all in one transaction.

Per customer an advisory lock, so that two workers never bill the same one; what cannot be billed for a reason of its configuration
parks the customer and names the reason, and the others are billed (accounting reference 9, "concurrent change", "parking").
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing import tables
from contor.billing.commission import earn, keep_counted
from contor.billing.events import ItemsBilled
from contor.billing.facts import (
    Taxes,
    claim,
    credited_documents,
    first_open_day,
    holders,
    item_of,
    number_source,
    open_items,
    switches_of,
    world_of,
)
from contor.billing.items import End, encoded, status, store
from contor.billing.papers import Paper
from contor.billing.proposal import Unpriced, header_of, items_of
from contor.billing.split import split
from contor.billing.types import PRICED_WHEN_BILLED, Holder, Item, ReceivedDeposit
from contor.billing.usage_items import fill
from contor.catalogue.queries import plans_by_id
from contor.catalogue.types import Plan
from contor.contracts.advance import Step, advance
from contor.contracts.periods import instant
from contor.contracts.queries import contracts_by_id, due_contracts, next_start, periods_to_propose, proposal_instant
from contor.contracts.types import Contract
from contor.documents.issue import issue_requests
from contor.documents.issued import IssuedDocument
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.rated_usage.aggregate import mark_rated_billed
from contor.runtime.uow import Uow
from contor.usage.rate import mark_billed

DAY = dt.timedelta(days=1)


@shape
class BillNext:
    cutoff: dt.datetime
    """What is due before this instant; fixed when a run begins."""
    after: str = ""
    """Customers behind this ident, in their order."""
    limit: int = 250
    only: str | None = None


@shape
class Sum:
    """Of one currency; credit memos count negative, and so does what partners earn."""

    currency: str
    documents: int
    net: Decimal
    tax: Decimal
    gross: Decimal


@shape
class BilledBatch:
    """What became of a batch. `last`: the ident behind which the next batch begins; None: nothing was due."""

    last: str | None
    customers: int = 0
    documents: int = 0
    billed: int = 0
    """Items on documents, or of no value."""
    waiting: int = 0
    """Items proposed now and due later."""
    failed: int = 0
    parked: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()


class Proposed(NamedTuple):
    items: list[Item]
    steps: list[Step]
    broken: dict[str, str]
    """Customer: why it cannot be billed."""
    contracts: dict[int, Contract]
    plans: dict[int, Plan]


@operation("billing.bill_next", permission="contracts.write")
def bill_next(uow: Uow, command: BillNext) -> BilledBatch:
    """Bill the next customers that have something due."""
    customers = claim(uow, command.cutoff, command.after, command.limit, command.only)
    if not customers:
        return BilledBatch(last=None)
    next_id = number_source(uow).__next__
    proposed = _propose(uow, customers, command.cutoff, next_id)
    stored = _stored(uow, customers, command.cutoff)
    taxes, cutoff_day = Taxes(uow, customers), command.cutoff.astimezone(uow.ctx.zone).date()
    contracts, plans = stored.contracts | proposed.contracts, stored.plans | proposed.plans
    ready = [item for item in [*stored.items, *proposed.items] if item.processing_at < command.cutoff]
    filled = fill(uow, ready, contracts, plans, next_id)
    earned = earn(uow, filled.items, contracts)
    filled = filled._replace(items=earned.items)
    proposed.broken.update(filled.broken)
    due = [taxes.of(item, cutoff_day) for item in [*filled.items, *filled.extra]]
    for taxed in due:
        if taxed.tax.problem is not None:
            proposed.broken.setdefault(taxed.item.header.customer_ident, taxed.tax.problem)
    _park(uow, proposed.broken)
    due = [taxed for taxed in due if taxed.item.header.customer_ident not in proposed.broken]
    amounts = {item.item_id: item for item in filled.items}
    new = [
        amounts.get(item.item_id, item)
        for item in [*proposed.items, *filled.extra]
        if item.header.customer_ident not in proposed.broken
    ]
    papers, waiting = split(due, switches_of(uow), cutoff_day, first_open_day(uow), stored.deposits)
    due = [taxed for taxed in due if taxed.item.item_id not in waiting] if waiting else due
    results = issue_requests(uow, [(paper.document_type, paper.request) for paper in papers]) if papers else []
    issued = [result for result in results if isinstance(result, IssuedDocument)]
    ends = _ends(papers, results, [taxed.item for taxed in due])
    write_items(uow, new, ends)
    _write_amounts(
        uow, [item for item in filled.items if item.kind in PRICED_WHEN_BILLED and not item.is_new and item.item_id in ends]
    )
    keep_counted(uow, earned.counted, {number for number, end in ends.items() if end.document_id is not None})
    mark_billed(uow, [(usage, item) for usage, item in filled.usages if item in ends and not ends[item].error])
    mark_rated_billed(uow, [it.item_id for it, _ in due if it.kind == "RATED_USAGE" and not ends[it.item_id].error])
    advance(uow, proposed.steps)
    _say(uow, papers, results)
    failed = sum(1 for end in ends.values() if end.error)
    return BilledBatch(
        last=customers[-1],
        customers=len(customers),
        documents=len(issued),
        billed=len(due) - failed,
        waiting=len(new) - sum(1 for item in new if item.item_id in ends),
        failed=failed,
        parked=tuple(sorted(proposed.broken)),
        sums=added(_sum(draft) for draft in issued),
    )


# --- propose ---------------------------------------------------------------------------------------------------------------------


def _propose(uow: Uow, customers: Sequence[str], cutoff: dt.datetime, next_id: Callable[[], int]) -> Proposed:
    """The items of every period that has begun. A contract whose option has no price breaks its customer: nothing of it moves."""
    contracts = due_contracts(uow, cutoff, customers)
    if not contracts:
        return Proposed([], [], {}, {}, {})
    plans = plans_by_id(uow, {contract.plan_id for contract in contracts})
    world = world_of(uow, contracts, plans, next_id)
    until = (cutoff - dt.timedelta(microseconds=1)).astimezone(uow.ctx.zone).date() + DAY
    items: list[Item] = []
    steps: dict[str, list[Step]] = {}
    broken: dict[str, str] = {}
    for contract in contracts:
        plan = plans[contract.plan_id]
        periods = periods_to_propose(contract, plan, until)
        for found in items_of(contract, plan, periods, world):
            if isinstance(found, Unpriced):
                broken.setdefault(contract.customer_ident, f"contract {contract.contract_ident}: {found.reason}")
                break
            items.append(found)
        following = next_start(plan, contract, until)
        stood = contract.proposed_through
        assert stood is not None
        reached = following or (periods[-1].end if periods else stood)
        at = proposal_instant(uow, following)
        steps.setdefault(contract.customer_ident, []).append((contract.contract_id, stood, reached, at))
    made = [step for customer, of in steps.items() if customer not in broken for step in of]
    return Proposed(items, made, broken, {contract.contract_id: contract for contract in contracts}, plans)


class Waiting(NamedTuple):
    """Stored items that are due, and what they are billed by."""

    items: list[Item]
    contracts: dict[int, Contract]
    plans: dict[int, Plan]
    deposits: dict[str, tuple[ReceivedDeposit, ...]]
    """By order."""


def _stored(uow: Uow, customers: Sequence[str], cutoff: dt.datetime) -> Waiting:
    """Items that wait and are due, with their contracts, plans and orders."""
    rows = open_items(uow, customers, cutoff)
    if not rows:
        return Waiting([], {}, {}, {})
    contracts = contracts_by_id(uow, {row.contract_id for row in rows if not row.of_order})
    plans = plans_by_id(uow, {contract.plan_id for contract in contracts.values()})
    held = holders(uow, {row.contract_id for row in rows if row.of_order})
    deposits = {holder.ident: holder.deposits for holder in held.values() if holder.deposits}
    for number, contract in contracts.items():
        header = header_of(contract, plans[contract.plan_id])
        held[number] = Holder(contract.contract_ident, contract.business_segment_ident, header)
    credited = credited_documents(uow, {row.related_item_id for row in rows if row.kind == "CREDIT"})
    items = [
        item_of(row, held[row.contract_id], credited.get(row.related_item_id) if row.kind == "CREDIT" else None) for row in rows
    ]
    return Waiting(items, contracts, plans, deposits)


def _park(uow: Uow, broken: dict[str, str]) -> None:
    now = uow.ctx.now()
    uow.insert(
        tables.billing_parking,
        [{"customer_ident": customer, "reason": reason, "parked_at": now} for customer, reason in sorted(broken.items())],
    )
    for customer, reason in broken.items():
        uow.audit("billing_parking", customer, {"parked": reason})


# --- issue and write -------------------------------------------------------------------------------------------------------------


def _sum(draft: IssuedDocument) -> Sum:
    document = draft.document
    totals, sign = document.totals, -document.sign if document.is_self_billing else document.sign
    return Sum(currency=document.currency, documents=1, net=sign * totals.net, tax=sign * totals.tax, gross=sign * totals.gross)


def added(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    """The sums of each currency."""
    found: dict[str, tuple[int, Decimal, Decimal, Decimal]] = {}
    for one in sums:
        count, net, tax, gross = found.get(one.currency, (0, ZERO, ZERO, ZERO))
        found[one.currency] = (count + one.documents, net + one.net, tax + one.tax, gross + one.gross)
    return tuple(
        Sum(currency=currency, documents=count, net=net, tax=tax, gross=gross)
        for currency, (count, net, tax, gross) in sorted(found.items())
    )


def _ends(papers: Sequence[Paper], results: Sequence[IssuedDocument | tuple[Problem, ...]], due: Sequence[Item]) -> dict[int, End]:
    """What became of each due item; one of no value that stands on no paper is billed by that."""
    ends: dict[int, End] = {}
    for paper, result in zip(papers, results, strict=True):
        if isinstance(result, IssuedDocument):
            end = End(result.id)
        else:
            said = "; ".join(f"{problem.field or 'document'}: {problem.message}" for problem in result)[:1000]
            end = End(None, None, said)
        ends.update((item.item_id, end) for item in paper.items)
    for item in due:
        ends.setdefault(item.item_id, End(None, "ZERO"))
    return ends


def _say(uow: Uow, papers: Sequence[Paper], results: Sequence[IssuedDocument | tuple[Problem, ...]]) -> None:
    billed = tuple((end.id, paper.items) for paper, end in zip(papers, results, strict=True) if isinstance(end, IssuedDocument))
    if billed:
        uow.emit(ItemsBilled(document_ids=tuple(number for number, _ in billed), papers=billed))


def write_items(uow: Uow, new: Sequence[Item], ends: dict[int, End]) -> None:
    """New items with what became of them, and what became of the stored ones; credits that waited for them are due now."""
    now = uow.ctx.now()
    store(uow, new, ends)
    fresh = {item.item_id for item in new}
    known = [(number, status(end), end) for number, end in ends.items() if number not in fresh]
    if known:
        uow.run(
            "UPDATE billable_item i SET processing_status = x.status, processed_at = %s, document_id = x.document_id,"
            " status_reason = x.reason, processing_error = x.error"
            " FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[]) AS x(id, status, document_id, reason, error)"
            " WHERE i.item_id = x.id",
            (
                now, [number for number, _, _ in known], [state for _, state, _ in known], [end.document_id for _, _, end in known],
                [end.reason for _, _, end in known], [end.error for _, _, end in known],
            ),
        )  # fmt: skip
        uow.run(
            "UPDATE billable_item SET processing_status = 'NOT_STARTED', processing_at = greatest(processing_at, %s)"
            " WHERE related_item_id = ANY (%s) AND processing_status = 'RELATED_ITEM_PENDING'",
            (instant(uow.ctx.today(), uow.ctx.zone), [number for number, _, end in known if not end.error]),
        )


def _write_amounts(uow: Uow, items: Sequence[Item]) -> None:
    """What stored items of usages and commissions came to."""
    for item in items:
        uow.run(
            "UPDATE billable_item SET total = %s, content = %s WHERE item_id = %s",
            (item.row.total, encoded(item.row), item.item_id),
        )
