"""What must hold of billing: every period of every contract billed once, and what is billed stands on its document."""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.items import OPEN, UNTOUCHED, WAIT_FOR_MORE, Item, held_run
from contor.billing.proposal import World, as_proposed_then, items_of, world_of
from contor.catalogue.types import Plan
from contor.contracts.calendar import BillingPeriod, billing_periods
from contor.contracts.course import stretches_of
from contor.contracts.queries import contracts_after, contracts_by_id, plans_of
from contor.contracts.types import Contract
from contor.documents.queries import documents_by_id
from contor.kernel.checks import check
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

BATCH = 500
Span = tuple[dt.date, dt.date]
Cost = tuple[str, str, dt.date]
"""Origin type and ident (option or allowance), start of the period."""


class _Period(NamedTuple):
    contract_id: int
    origin_ident: str
    period_start: dt.date
    period_end: dt.date


class _Lonely(NamedTuple):
    """An allowance without an item of its option."""

    contract_ident: str
    origin_ident: str
    period_start: dt.date


class _Standing(NamedTuple):
    """What stands of a cost, what was credited of it by hand, and what a change of the contract gave back less, or more, than it costs."""

    contract_id: int
    origin_type: str
    origin_ident: str
    period_start: dt.date
    stands: Decimal
    granted: Decimal
    kept: Decimal


class _OnDocument(NamedTuple):
    item_id: int
    document_id: int
    total: Decimal


class _Credited(NamedTuple):
    item_id: int
    total: Decimal
    document_id: int | None
    credited: Decimal


class _Billed(NamedTuple):
    """When an item was due, None: it was on hold; and when it was billed."""

    item_id: int
    processing_at: dt.datetime | None
    processed_at: dt.datetime | None


@check("billing.every_period_of_a_contract_has_its_items_once")
def periods(uow: Uow) -> Iterable[str]:
    """From the billing start to where the contract was proposed: for each recurring option, the periods of its items are those of its
    plan, without hole and overlap."""
    last = 0
    while ids := contracts_after(uow, last, BATCH):
        last = ids[-1]
        contracts = contracts_by_id(uow, ids)
        plans = plans_of(uow, contracts.values())
        found: dict[tuple[int, str], list[Span]] = defaultdict(list)
        for row in uow.all(
            _Period,
            "SELECT contract_id, origin_ident, period_start, max(period_end) AS period_end FROM billable_item"
            " WHERE contract_id = ANY (%s) AND kind = 'RECURRING' AND processing_status <> 'TERMINATED' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            (ids,),
        ):
            found[row.contract_id, row.origin_ident].append((row.period_start, row.period_end))
        yield from _allowances_within_their_options(uow, ids)
        for contract in contracts.values():
            if contract.start_on is not None and contract.proposed_through is not None and contract.end_kind != "CANCELLED":
                plan = plans[contract.contract_id]
                own = {option: spans for (number, option), spans in found.items() if number == contract.contract_id}
                yield from _of_contract(contract, plan, own)


def _of_contract(contract: Contract, plan: Plan, found: dict[str, list[Span]]) -> Iterable[str]:
    begin, reached, end = contract.start_on, contract.proposed_through, contract.end_on
    assert begin is not None and reached is not None
    due = billing_periods(plan, begin, contract.billing_start_on, end, begin, reached, contract.life)
    ends = [one.ended_on for one in contract.life.former_ends] if contract.life is not None else []
    if contract.content.amended is not None:
        yield from _of_stretches(contract, [period for period in due if period.is_charged], found)
        return
    for option, spans in found.items():
        offered = {phase for phase, given in contract.content.quantities.items() if option in given}
        wanted = [period.start for period in due if period.phase_ident in offered and period.is_charged]
        # beyond an end what was billed is given back: that nothing of it stands is for `amounts` to say
        own = [
            span for span in spans if (end is None or span[0] < end) and (span[0] in wanted or not any(e <= span[0] for e in ends))
        ]
        starts = [start for start, _ in own]
        if starts != wanted:
            yield f"contract {contract.contract_ident}, option {option}: periods from {starts}, should be {wanted}"
        for (began, before), (start, _) in itertools.pairwise(own if ends else spans):
            if min([before, *(day for day in ends if began < day)]) > start:
                yield f"contract {contract.contract_ident}, option {option}: periods overlap at {start}"


def _of_stretches(contract: Contract, due: Sequence[BillingPeriod], found: Mapping[str, list[Span]]) -> Iterable[str]:
    """Each stretch of the contract's time line has its item. Others begin where a change was that another one took back; nothing stands of
    them (`billing.items_cost_what_their_contracts_say`)."""
    for option, spans in found.items():
        starts = {start for start, _ in spans}
        wanted = [stretch.start for period in due for stretch in stretches_of(contract, option, period)]
        if missing := [start for start in wanted if start not in starts]:
            yield f"contract {contract.contract_ident}, option {option}: no item begins on {missing}"


def _allowances_within_their_options(uow: Uow, ids: Sequence[int]) -> Iterable[str]:
    """An allowance has its item beside one of its option's, of its very period and on its document; what it gives later stands alone."""
    for row in uow.all(
        _Lonely,
        "SELECT c.contract_ident, i.origin_ident, i.period_start FROM billable_item i"
        " JOIN contract c ON c.tenant_id = i.tenant_id AND c.contract_id = i.contract_id"
        " LEFT JOIN contract_allowance a ON a.tenant_id = i.tenant_id AND a.contract_ident = c.contract_ident AND a.ident = i.origin_ident"
        " WHERE i.contract_id = ANY (%s) AND i.kind = 'ALLOWANCE' AND i.processing_status <> 'TERMINATED'"
        " AND i.related_item_id IS NULL AND NOT EXISTS (SELECT 1"
        " FROM billable_item o WHERE o.tenant_id = i.tenant_id AND o.contract_id = i.contract_id AND o.origin_ident = a.option_ident"
        " AND o.origin_type = 'OPTION' AND o.kind IN ('RECURRING', 'ONETIME') AND o.sequence = i.sequence"
        " AND o.period_start = i.period_start AND o.period_end = i.period_end"
        " AND o.document_id IS NOT DISTINCT FROM i.document_id)",
        (list(ids),),
    ):
        yield f"contract {row.contract_ident}, allowance {row.origin_ident} from {row.period_start}: its option has no such item"


@check("billing.items_cost_what_their_contracts_say")
def amounts(uow: Uow) -> Iterable[str]:
    """Recomputed from contract, plan, versions, modifiers and index: the amount of every period, as the contract stands now, is what
    was proposed for it less what was given back; credits that someone gave by hand may lower it further."""
    last = 0
    while ids := contracts_after(uow, last, BATCH):
        last = ids[-1]
        contracts = contracts_by_id(uow, ids)
        plans = plans_of(uow, contracts.values())
        world = world_of(uow, list(contracts.values()), plans, itertools.count().__next__)
        world = as_proposed_then(uow, world, contracts.values())
        stands = _standing(uow, ids)
        for contract in contracts.values():
            expected = _expected(contract, plans[contract.contract_id], world)
            found = stands.get(contract.contract_id, {})
            for key in sorted(expected.keys() | found.keys()):
                stand, granted, kept = found.get(key, (ZERO, ZERO, ZERO))
                # of a contract that was cancelled nothing stands, whatever its changes left
                cost = max(expected.get(key, ZERO) + kept, ZERO) if contract.end_kind != "CANCELLED" else ZERO
                if not cost - granted <= stand <= cost:
                    yield (
                        f"contract {contract.contract_ident}, {key[0].lower()} {key[1]} from {key[2]}: {stand} stand,"
                        f" it costs {cost}"
                    )


def _expected(contract: Contract, plan: Plan, world: World) -> dict[Cost, Decimal]:
    """What each period of each ordered option costs, and what its allowances give; a cancelled contract costs nothing."""
    costs: dict[Cost, Decimal] = defaultdict(Decimal)
    begin, reached = contract.start_on, contract.proposed_through
    if begin is None or reached is None or contract.end_kind == "CANCELLED":
        return costs
    periods = billing_periods(plan, begin, contract.billing_start_on, contract.end_on, begin, reached, contract.life)
    for item in items_of(contract, plan, periods, world):
        if isinstance(item, Item) and item.kind not in UNTOUCHED:
            costs[item.origin_type, item.origin_ident, item.period_start] += item.row.total
    return costs


def _standing(uow: Uow, contract_ids: Sequence[int]) -> dict[int, dict[Cost, tuple[Decimal, Decimal, Decimal]]]:
    """What stands of each cost, what was credited of it by hand, and what changes gave back less (or more) than was not used."""
    found: dict[int, dict[Cost, tuple[Decimal, Decimal, Decimal]]] = defaultdict(dict)
    for row in uow.all(
        _Standing,
        "SELECT i.contract_id, i.origin_type, i.origin_ident, i.period_start,"
        " sum(CASE WHEN i.kind = 'CREDIT' THEN -i.total ELSE i.total END) AS stands,"
        " coalesce(sum(i.total) FILTER (WHERE i.content ->> 'granted' = 'true'), 0) AS granted,"
        " coalesce(sum((i.content ->> 'kept')::numeric), 0) AS kept"
        " FROM billable_item i LEFT JOIN billable_item r ON r.tenant_id = i.tenant_id AND r.item_id = i.related_item_id"
        " WHERE i.contract_id = ANY (%s) AND i.kind <> ALL (%s) AND coalesce(r.kind, '') <> ALL (%s)"
        " AND i.origin_type <> 'LINE_ITEM' AND i.processing_status <> 'TERMINATED' GROUP BY 1, 2, 3, 4",
        (list(contract_ids), list(UNTOUCHED), list(UNTOUCHED)),
    ):
        found[row.contract_id][row.origin_type, row.origin_ident, row.period_start] = row.stands, row.granted, row.kept
    return found


@check("billing.billed_items_stand_on_their_documents")
def documents(uow: Uow) -> Iterable[str]:
    """Each billed item is one row of its document with its amount; each row of such a document is an item."""
    last = 0
    while rows := uow.all(
        _OnDocument,
        "SELECT item_id, document_id, total FROM billable_item WHERE document_id > %s AND document_id <= (SELECT max(document_id)"
        " FROM (SELECT DISTINCT document_id FROM billable_item WHERE document_id > %s ORDER BY document_id LIMIT %s) d)"
        " ORDER BY document_id, item_id",
        (last, last, BATCH),
    ):
        last = rows[-1].document_id
        papers = documents_by_id(uow, {row.document_id for row in rows})
        expected: dict[int, dict[str, object]] = defaultdict(dict)
        for row in rows:
            expected[row.document_id][f"i-{row.item_id}"] = row.total
        for number, items in expected.items():
            paper = papers[number]
            shown = {
                item.ident: abs(item.total.net if item.basis == "NET" else item.total.gross)
                for item in paper.items
                if item.deposit_ident is None
            }
            shown |= {entry.ident: -entry.amount for entry in paper.post_tax_items if entry.ident.startswith("i-")}
            if shown != items:
                yield f"document {paper.ident} bills {_amounts(shown)}, its items are {_amounts(items)}"


def _amounts(of: Mapping[str, object]) -> str:
    return ", ".join(f"{ident} {amount}" for ident, amount in sorted(of.items())) or "nothing"


@check("billing.credits_do_not_exceed_what_was_billed")
def credits(uow: Uow) -> Iterable[str]:
    """The credits of an item are together at most its amount, and in the opposite direction; a credit names an item that is billed."""
    for row in uow.all(
        _Credited,
        "SELECT i.item_id, i.total, i.document_id, sum(c.total) AS credited FROM billable_item c JOIN billable_item i"
        " ON i.tenant_id = c.tenant_id AND i.item_id = c.related_item_id WHERE c.kind = 'CREDIT' AND c.processing_status <> 'TERMINATED'"
        " GROUP BY i.item_id, i.total, i.document_id HAVING sum(c.total) > i.total OR bool_or(c.type = i.type)"
        " OR (i.document_id IS NULL AND bool_or(c.processing_status <> 'RELATED_ITEM_PENDING'))",
    ):
        yield f"item i-{row.item_id} of {row.total} is credited with {row.credited} (document {row.document_id})"


@check("billing.nothing_due_is_forgotten")
def due(uow: Uow) -> Iterable[str]:
    """What should have been billed a day ago is billed, has failed, its customer is parked or its billing stopped, or waits for the
    approval of a run; or its document is too small, for which it waits six months after the supply at most. What reduces or pays waits
    for an invoice that is large enough. Where billing is paused everything waits."""
    late = uow.ctx.now()
    hold = held_run(uow)
    if not tenant_settings(uow).active_billing_run or (hold is not None and hold.status == "CREATED"):
        return
    for number in uow.column(
        int,
        "SELECT item_id FROM billable_item i WHERE processing_status = ANY (%s) AND processing_at < %s - interval '1 day'"
        " AND (type = 'DEBIT' OR kind = 'CREDIT')"
        " AND NOT EXISTS (SELECT 1 FROM billing_parking p WHERE p.tenant_id = i.tenant_id AND p.customer_ident = i.customer_ident)"
        " AND NOT EXISTS (SELECT 1 FROM billing_run_customer r WHERE r.tenant_id = i.tenant_id AND r.run_ident = %s"
        " AND r.customer_ident = i.customer_ident AND r.status = 'PREVIEWED')"
        " AND NOT EXISTS (SELECT 1 FROM customer c WHERE c.tenant_id = i.tenant_id AND c.customer_ident = i.customer_ident"
        " AND c.billing_stop IS NOT NULL AND c.billing_stop <> 'false'::jsonb"
        " AND coalesce((c.billing_stop ->> 'until')::date, 'infinity') >= %s::date - 1)"
        " AND NOT (coalesce(status_reason, '') = ANY (%s)"
        " AND (i.content ->> 'tax_date')::date + interval '6 months 1 day' >= %s)",
        (list(OPEN), late, hold.run_ident if hold is not None else "", uow.ctx.today(), list(WAIT_FOR_MORE), uow.ctx.today()),
    ):
        yield f"item i-{number} is due since more than a day"


@check("billing.what_is_not_billed_says_why")
def unexplained(uow: Uow) -> Iterable[str]:
    """What ended without a document says why, and so does what could not be billed; of the others the state and the customer's say it."""
    for number in uow.column(
        int,
        "SELECT item_id FROM billable_item WHERE document_id IS NULL AND (processing_status IN ('COMPLETED', 'TERMINATED')"
        " AND coalesce(status_reason, '') = '' OR processing_status = 'ERROR' AND coalesce(processing_error, '') = '')",
    ):
        yield f"item i-{number} is not billed, and nothing says why"


@check("billing.nothing_is_billed_before_its_time")
def held(uow: Uow) -> Iterable[str]:
    """What is on hold is not billed, nor what is due later."""
    for row in uow.all(
        _Billed,
        "SELECT item_id, processing_at, processed_at FROM billable_item WHERE processing_status = 'COMPLETED'"
        " AND (processing_at IS NULL OR processing_at > processed_at)",
    ):
        yield f"item i-{row.item_id}, due at {row.processing_at or 'its release'}, was billed at {row.processed_at}"
