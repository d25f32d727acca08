"""Bill a batch of customers: propose what began, take what is due, split it into documents, issue them; all in one transaction.

Per customer an advisory lock, so that two workers never bill the same one; what cannot be billed for a reason of its configuration
parks the customer and names the reason, and the others are billed (accounting reference 9, "concurrent change", "parking").
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.billing import tables
from contor.billing.events import ItemsBilled
from contor.billing.items import PRICED_WHEN_BILLED, End, Item, encoded, number_source, status, store, wait
from contor.billing.papers import Paper, Taxed, Taxes, as_proposed, first_open_day, hold_small, split, switches_of
from contor.billing.proposal import Earned, Filled, Proposed, earn, fill, keep_counted, propose, stored_due
from contor.billing.runs.bounds import bounds_of, last_bills
from contor.billing.runs.customers import claim
from contor.billing.runs.gate import NO_BOUNDS, NOTHING_YET, Bounds, Draft, beyond, drafts_of, lines_of
from contor.billing.runs.outcome import BilledBatch, BillNext, CustomerBill, added, added_taxes, sum_of, taxes_of
from contor.contracts.advance import advance
from contor.contracts.periods import instant
from contor.documents.issue import issue_requests
from contor.documents.issued import IssuedDocument
from contor.kernel.errors import Problem
from contor.kernel.operations import operation
from contor.rated_usage.aggregate import mark_rated_billed
from contor.runtime.uow import Uow
from contor.usage.rate import mark_billed

Result = IssuedDocument | tuple[Problem, ...]


@operation("billing.bill_next", permission="contracts.write")
def bill_next(uow: Uow, command: BillNext) -> BilledBatch:
    """Bill the next customers that have something due."""
    customers = claim(uow, command)
    return bill_customers(uow, customers, command) if customers else BilledBatch(last=None)


def bill_customers(uow: Uow, customers: Sequence[str], command: BillNext, expected: Mapping[str, str] | None = None) -> BilledBatch:
    """Bill these customers, which the caller has locked. `expected`: fingerprints of what was previewed; whoever would be billed
    something else is left out, and nothing of it moves."""
    ready = _prepare(uow, customers, command.cutoff)
    out = dict(ready.proposed.broken)
    needs_drafts = command.is_detailed or expected is not None
    bounds = NO_BOUNDS if command.is_asked_for else bounds_of(uow)
    drafts = drafts_of(ready.papers, [taxed.item for taxed in ready.due]) if needs_drafts or bounds != NO_BOUNDS else {}
    if bounds != NO_BOUNDS:
        out |= _beyond(uow, bounds, drafts, out)
    _park(uow, out)
    parked = dict(out)
    changed = {} if expected is None else _changed(drafts, expected, parked)
    out |= changed
    papers = [paper for paper in ready.papers if paper.request.customer_detail.customer_ident not in out] if out else ready.papers
    due = [taxed for taxed in ready.due if taxed.item.header.customer_ident not in out] if out else ready.due
    new = [item for item in ready.new if item.header.customer_ident not in out] if out else ready.new
    results = issue_requests(uow, [(paper.document_type, paper.request) for paper in papers]) if papers else []
    issued = [result for result in results if isinstance(result, IssuedDocument)]
    ends = _ends(papers, results, [taxed.item for taxed in due])
    _write(uow, ready, new, due, ends)
    wait(uow, ready.below, command.cutoff.astimezone(uow.ctx.zone).date())
    advance(uow, [step for customer, steps in ready.proposed.steps.items() if customer not in out for step in steps])
    _say(uow, papers, results)
    failed = sum(1 for end in ends.values() if end.error)
    return BilledBatch(
        last=customers[-1],
        customers=len(customers),
        documents=len(issued),
        billed=len(due) - failed,
        waiting=len(new) - sum(1 for item in new if item.item_id in ends),
        failed=failed,
        parked=tuple(sorted(parked)),
        sums=added(sum_of(draft) for draft in issued),
        bills=_bills(ready, ends, results, parked, changed, drafts) if command.is_detailed else (),
    )


class Ready(NamedTuple):
    """A batch before it is issued."""

    proposed: Proposed
    due: list[Taxed]
    new: list[Item]
    filled: Filled
    earned: Earned
    papers: list[Paper]
    below: frozenset[int]
    """Items whose documents are too small today."""


def _prepare(uow: Uow, customers: Sequence[str], cutoff: dt.datetime) -> Ready:
    next_id = number_source(uow).__next__
    proposed = propose(uow, customers, cutoff, next_id)
    stored = stored_due(uow, customers, cutoff)
    taxes, today = Taxes(uow, customers), cutoff.astimezone(uow.ctx.zone).date()
    contracts, plans = stored.contracts | proposed.contracts, stored.plans | proposed.plans
    ready = [item for item in [*stored.items, *proposed.items] if item.processing_at < cutoff]
    filled = fill(uow, ready, contracts, plans, next_id)
    earned = earn(uow, filled.items, contracts)
    filled = filled._replace(items=earned.items)
    broken = proposed.broken
    broken.update(filled.broken)
    due = [taxes.of(item, today) for item in [*filled.items, *filled.extra]]
    for taxed in due:
        if taxed.tax.problem is not None:
            broken.setdefault(taxed.item.header.customer_ident, taxed.tax.problem)
    due = [taxed for taxed in due if taxed.item.header.customer_ident not in broken]
    amounts = {item.item_id: item for item in filled.items}
    new = [amounts.get(item.item_id, item) for item in [*proposed.items, *filled.extra]]
    switches = switches_of(uow)
    papers, waiting = split(due, switches, today, first_open_day(uow), stored.deposits)
    papers, below = hold_small(papers, switches, contracts, today, uow.ctx.zone)
    new, waiting = as_proposed(new, proposed.items, below), waiting | below
    due = [taxed for taxed in due if taxed.item.item_id not in waiting] if waiting else due
    return Ready(proposed, due, new, filled, earned, papers, below)


def _beyond(uow: Uow, bounds: Bounds, drafts: Mapping[str, Draft], broken: Mapping[str, str]) -> dict[str, str]:
    """Who is billed more, or less, than can be right; and why."""
    last = last_bills(uow, bounds, [customer for customer in drafts if customer not in broken])
    found = {customer: beyond(draft, bounds, last.get(customer, NOTHING_YET)) for customer, draft in drafts.items()}
    return {customer: reason for customer, reason in found.items() if reason is not None and customer not in broken}


def _changed(drafts: Mapping[str, Draft], expected: Mapping[str, str], parked: Mapping[str, str]) -> dict[str, str]:
    reason = "it would be billed something else than was previewed"
    found = {customer: draft.fingerprint for customer, draft in drafts.items()}
    return {
        customer: reason for customer, wanted in expected.items() if customer not in parked and found.get(customer, "") != wanted
    }


def _park(uow: Uow, broken: Mapping[str, str]) -> None:
    now = uow.ctx.now()
    uow.insert(
        tables.billing_parking,
        [{"customer_ident": customer, "reason": reason, "parked_at": now} for customer, reason in sorted(broken.items())],
    )
    for customer, reason in broken.items():
        uow.audit("billing_parking", customer, {"parked": reason})


# --- what became of it -----------------------------------------------------------------------------------------------------------


def _ends(papers: Sequence[Paper], results: Sequence[Result], due: Sequence[Item]) -> dict[int, End]:
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


def _write(uow: Uow, ready: Ready, new: Sequence[Item], due: Sequence[Taxed], ends: Mapping[int, End]) -> None:
    """New items with what became of them, what became of the stored ones, and what they count."""
    store(uow, new, ends)
    fresh = {item.item_id for item in new}
    known = [(number, end) for number, end in ends.items() if number not in fresh]
    if known:
        _write_ends(uow, known)
    priced = [it for it in ready.filled.items if it.kind in PRICED_WHEN_BILLED and not it.is_new and it.item_id in ends]
    _write_amounts(uow, priced)
    keep_counted(uow, ready.earned.counted, {number for number, end in ends.items() if end.document_id is not None})
    mark_billed(uow, [(usage, item) for usage, item in ready.filled.usages if item in ends and not ends[item].error])
    mark_rated_billed(uow, [it.item_id for it, _ in due if it.kind == "RATED_USAGE" and not ends[it.item_id].error])


def _write_ends(uow: Uow, known: Sequence[tuple[int, End]]) -> None:
    """Of stored items; credits that waited for them are due now."""
    uow.run(
        "UPDATE billable_item i SET processing_status = x.status, processed_at = %s, document_id = x.document_id,"
        " status_reason = x.reason, processing_error = x.error"
        " FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[]) AS x(id, status, document_id, reason, error)"
        " WHERE i.item_id = x.id",
        (
            uow.ctx.now(), [number for number, _ in known], [status(end) for _, end in known], [end.document_id for _, end in known],
            [end.reason for _, end in known], [end.error for _, end in known],
        ),
    )  # fmt: skip
    uow.run(
        "UPDATE billable_item SET processing_status = 'NOT_STARTED', processing_at = greatest(processing_at, %s)"
        " WHERE related_item_id = ANY (%s) AND processing_status = 'RELATED_ITEM_PENDING'",
        (instant(uow.ctx.today(), uow.ctx.zone), [number for number, end in known if not end.error]),
    )


def _write_amounts(uow: Uow, items: Sequence[Item]) -> None:
    """What stored items of usages and commissions came to."""
    if items:
        uow.run(
            "UPDATE billable_item i SET total = x.total, content = x.content"
            " FROM unnest(%s::bigint[], %s::numeric[], %s::jsonb[]) AS x(id, total, content) WHERE i.item_id = x.id",
            ([item.item_id for item in items], [item.row.total for item in items], [encoded(item.row) for item in items]),
        )


def _say(uow: Uow, papers: Sequence[Paper], results: Sequence[Result]) -> None:
    billed = tuple((end.id, paper.items) for paper, end in zip(papers, results, strict=True) if isinstance(end, IssuedDocument))
    if billed:
        uow.emit(ItemsBilled(document_ids=tuple(number for number, _ in billed), papers=billed))


def _bills(
    ready: Ready, ends: Mapping[int, End], results: Sequence[Result], parked: Mapping[str, str], changed: Mapping[str, str],
    drafts: Mapping[str, Draft],
) -> tuple[CustomerBill, ...]:  # fmt: skip
    """What became of each customer that has something due."""
    issued: dict[str, list[IssuedDocument]] = defaultdict(list)
    for result in results:
        if isinstance(result, IssuedDocument):
            issued[result.document.customer_ident].append(result)
    items: dict[str, list[Item]] = defaultdict(list)
    for taxed in ready.due:
        items[taxed.item.header.customer_ident].append(taxed.item)
    made = []
    for customer in sorted({*items, *parked, *changed}):
        own, draft = items[customer], drafts.get(customer)
        reason = parked.get(customer) or changed.get(customer)
        errors = [end.error for item in own if (end := ends.get(item.item_id)) is not None and end.error]
        state = "PARKED" if customer in parked else "CHANGED" if customer in changed else "FAILED" if errors else "BILLED"
        made.append(
            CustomerBill(
                customer_ident=customer,
                status=state,  # type: ignore[arg-type]  # one of the four
                items=len(own),
                documents=len(issued[customer]),
                sums=added(sum_of(one) for one in issued[customer]),
                taxes=added_taxes(taxes_of(issued[customer])),
                lines=() if reason else lines_of(own),
                fingerprint=draft.fingerprint if draft is not None and customer not in parked else "",
                reason=reason or (errors[0] if errors else None),
            )
        )
    return tuple(made)
