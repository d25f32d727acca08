"""Read contracts, and what of them is due."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.catalogue.coupons.types import ReducedBy
from contor.catalogue.queries import plans_by_id
from contor.catalogue.types import Plan
from contor.contracts import tables
from contor.contracts.calendar import FOREVER, BillingPeriod, Life, add, billing_periods, instant
from contor.contracts.course import plan_ids_of, plan_of
from contor.contracts.types import Allowance, Contract, ContractContent, EndKind
from contor.customers.queries import address_at
from contor.runtime.query import Expression, FilterField, elsewhere
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.groups import Days

_READ = msgspec.json.Decoder(ContractContent).decode


class ContractRow(NamedTuple):
    """A row of `contract`, its content as JSON text, which is decoded once, into its own shape."""

    contract_id: int
    contract_ident: str
    customer_ident: str
    plan_id: int
    business_segment_ident: str
    billing_group_ident: str
    signed_on: dt.date
    start_on: dt.date | None
    billing_start_on: dt.date | None
    end_on: dt.date | None
    end_kind: EndKind | None
    notice_on: dt.date | None
    reason: str | None
    price_adaptation_ident: str | None
    proposed_through: dt.date | None
    has_allowances: bool
    address: Sequence[str | None]
    """Country, postal code and city."""
    content: str


_SELECT = (
    f"SELECT {', '.join(ContractRow._fields[:-2])}, {address_at('contract')} AS address, content::text AS content FROM contract"
)


WITH_CONTRACT = (
    "JOIN (SELECT tenant_id, contract_id, contract_ident, customer_ident, plan_id FROM contract) contract"
    " USING (tenant_id, contract_id)"
)
"""SQL: joins the contract, by its number, to rows of what is used of it."""


def contract_of(row: ContractRow) -> Contract:
    country, postal_code, city = row.address
    own = {name: value for name, value in row._asdict().items() if name != "address"}
    return Contract(**{**own, "country": country, "postal_code": postal_code, "city": city, "content": _READ(row.content)})


def contracts_by_id(uow: Uow, ids: Collection[int], *, lock: bool = False) -> dict[int, Contract]:
    """The contracts, in the order of their ids."""
    sql = f"{_SELECT} WHERE contract_id = ANY (%s) ORDER BY contract_id{' FOR UPDATE' if lock else ''}"
    return {row.contract_id: contract_of(row) for row in uow.all(ContractRow, sql, (sorted(ids),))}


def contracts_by_ident(uow: Uow, idents: Iterable[str]) -> dict[str, Contract]:
    """The contracts that exist, locked in one order for all callers."""
    sql = f"{_SELECT} WHERE contract_ident = ANY (%s) ORDER BY contract_id FOR UPDATE"
    return {row.contract_ident: contract_of(row) for row in uow.all(ContractRow, sql, (sorted(set(idents)),))}


def contracts_by_ident_unlocked(uow: Uow, idents: Iterable[str]) -> dict[str, Contract]:
    """The contracts that exist, for readers."""
    sql = f"{_SELECT} WHERE contract_ident = ANY (%s)"
    return {row.contract_ident: contract_of(row) for row in uow.all(ContractRow, sql, (sorted(set(idents)),))}


def contract_by_ident(uow: Uow, ident: str) -> Contract:
    """Raises NOT_FOUND."""
    row = uow.first(ContractRow, f"{_SELECT} WHERE contract_ident = %s", (ident,))
    if row is None:
        raise not_found("contract", ident, "ident")
    return contract_of(row)


def due_contracts(uow: Uow, cutoff: dt.datetime, customers: Sequence[str]) -> list[Contract]:
    """Contracts of these customers of which a period has begun before the cut-off and is not proposed yet."""
    sql = f"{_SELECT} WHERE customer_ident = ANY (%s) AND next_proposal_at < %s ORDER BY contract_id"
    return [contract_of(row) for row in uow.all(ContractRow, sql, (list(customers), cutoff))]


def periods_to_propose(contract: Contract, plan: Plan, until: dt.date) -> tuple[BillingPeriod, ...]:
    """The periods that begin, and can be proposed, before `until` and are not proposed yet."""
    start, reached = contract.start_on, contract.proposed_through
    if start is None or reached is None:
        return ()
    life = contract.life
    found = billing_periods(plan, start, contract.billing_start_on, contract.end_on, reached, until, life)
    # what is withheld in a pause opens later than it begins
    return found if life is None else tuple(period for period in found if period.opens < until)


def proposed_periods(contract: Contract, plan: Plan) -> tuple[BillingPeriod, ...]:
    """The periods that have been proposed, as far as the contract has them still."""
    start, reached = contract.start_on, contract.proposed_through
    if start is None or reached is None:
        return ()
    return billing_periods(plan, start, contract.billing_start_on, contract.end_on, start, reached, contract.life)


def next_period(plan: Plan, contract: Contract, since: dt.date) -> BillingPeriod | None:
    """The first period that begins on or after `since`; None: none comes any more."""
    if contract.start_on is None:
        return None
    return _first_period(plan, contract.start_on, contract.billing_start_on, contract.end_on, since, contract.life)


def next_start(plan: Plan, contract: Contract, since: dt.date) -> dt.date | None:
    """When the first period on or after `since` begins; None: none comes any more."""
    found = next_period(plan, contract, since)
    return found.start if found else None


def next_opening(plan: Plan, contract: Contract, since: dt.date) -> dt.date | None:
    """The day on which that period can be proposed; None: none comes, or nobody knows when."""
    return opening_of(next_period(plan, contract, since))


def opening_of(period: BillingPeriod | None) -> dt.date | None:
    """The day on which a period can be proposed; None: nobody knows yet."""
    return None if period is None or period.opens == FOREVER else period.opens


def first_start(plan: Plan, start_on: dt.date, billing_start_on: dt.date | None, life: Life | None = None) -> dt.date | None:
    """When the first period begins that is billed of a contract with these dates."""
    found = _first_period(plan, start_on, billing_start_on, None, start_on, life)
    return found.start if found else None


def _first_period(
    plan: Plan,
    start_on: dt.date,
    billing_start_on: dt.date | None,
    end_on: dt.date | None,
    since: dt.date,
    life: Life | None,
) -> BillingPeriod | None:
    begin = max(since, billing_start_on or since)
    if end_on is not None and begin >= end_on:
        return None
    # periods leave no hole but where a contract had ended: the next begins within one interval, so two are sure to hold it
    late = max([begin, *(one.restarts_on for one in life.former_ends)]) if life is not None else begin
    longest = max((add(late, 2, phase.billing_config.billing_interval) for phase in plan.content.phases), default=late)
    found = billing_periods(plan, start_on, billing_start_on, end_on, begin, longest, life)
    return found[0] if found else None


class AllowanceRow(NamedTuple):
    """A row of `contract_allowance`: its contract, then the fields of `Allowance` in their order."""

    contract_ident: str
    ident: str
    option_ident: str
    name: str
    amount: Decimal | None
    percentage: Decimal | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    amount_on: ReducedBy
    intervals: int | None
    redemption_id: int | None


def allowances_of(uow: Uow, contracts: Iterable[Contract], plans: Mapping[int, Plan]) -> dict[int, list[Allowance]]:
    """The allowances of those contracts that have some, in the order of their idents; nothing is asked where none has."""
    marked = {contract.contract_ident: contract for contract in contracts if contract.has_allowances}
    found: dict[int, list[Allowance]] = {}
    if marked:
        where = "WHERE contract_ident = ANY (%s) ORDER BY contract_ident, ident"
        for row in uow.all(AllowanceRow, f"SELECT {columns(AllowanceRow)} FROM contract_allowance {where}", (sorted(marked),)):
            contract = marked[row.contract_ident]
            one = ending(contract, plans[contract.contract_id], Allowance(*row[1:]))
            found.setdefault(contract.contract_id, []).append(one)
    return found


def ending(contract: Contract, plan: Plan, allowance: Allowance) -> Allowance:
    """The allowance with its last day, where it is for a number of intervals: the first one of the last of those that are billed from its
    first day on. Intervals that are not billed are not counted."""
    start = contract.start_on
    if allowance.intervals is None or start is None:
        return allowance
    since, wanted = max(allowance.valid_from or start, contract.billing_start_on or start, start), allowance.intervals
    for longer in (1, 2, 4, 8):  # what a pause leaves out is looked for behind it
        # so many intervals of the longest phase hold as many periods, whichever phases they are of
        until = max(add(since, longer * (wanted + 1), phase.billing_config.billing_interval) for phase in plan.content.phases)
        found = billing_periods(plan, start, contract.billing_start_on, contract.end_on, since, until, contract.life)
        periods = [period for period in found if period.is_charged]
        if len(periods) >= wanted or contract.life is None:
            break
    if len(periods) < wanted:
        return allowance
    last = periods[wanted - 1].start
    return allowance._replace(valid_to=last if allowance.valid_to is None else min(last, allowance.valid_to))


def proposal_instant(days: Days, contract: Contract, day: dt.date | None) -> dt.datetime | None:
    """The instant at which the contract's period that begins on a day may be proposed, or a change that was agreed takes effect."""
    first = min((one for one in (day, contract.content.pending_from) if one is not None), default=None)
    return None if first is None else instant(first, days.zone(contract.billing_group_ident))


def plans_of(uow: Uow, contracts: Iterable[Contract]) -> dict[int, Plan]:
    """The plan of each contract, by the contract's number; of one that had several, all of them as they follow each other."""
    known = list(contracts)
    found = plans_by_id(uow, {number for contract in known for number in plan_ids_of(contract)})
    return {contract.contract_id: plan_of(contract, found) for contract in known}


def next_proposal_of(uow: Uow, contract_id: int) -> dt.datetime | None:
    """The instant at which the contract's next period may be proposed; None: nothing more comes."""
    return uow.scalar(dt.datetime, "SELECT next_proposal_at FROM contract WHERE contract_id = %s", (contract_id,))


def contracts_of_customer(uow: Uow, customer_ident: str, most: int) -> list[int]:
    """The numbers of a customer's contracts, those first that propose something next."""
    sql = "SELECT contract_id FROM contract WHERE customer_ident = %s ORDER BY next_proposal_at NULLS LAST, contract_id LIMIT %s"
    return uow.column(int, sql, (customer_ident, most))


def customers_of(uow: Uow, ids: Collection[int]) -> frozenset[str]:
    """Whose contracts these are."""
    sql = "SELECT DISTINCT customer_ident FROM contract WHERE contract_id = ANY (%s)"
    return frozenset(uow.column(str, sql, (sorted(ids),)))


def contracts_after(uow: Uow, last: int, most: int) -> list[int]:
    """The next numbers behind `last`, for who goes through all contracts."""
    sql = "SELECT contract_id FROM contract WHERE contract_id > %s ORDER BY contract_id LIMIT %s"
    return uow.column(int, sql, (last, most))


class Follower(NamedTuple):
    """A contract whose prices follow an index, and from when on."""

    contract_id: int
    start_on: dt.date


def followers_of(uow: Uow, price_adaptation_ident: str) -> list[Follower]:
    """The contracts that began and follow an index; cancelled ones cost nothing."""
    sql = (
        f"SELECT {columns(Follower)} FROM contract WHERE price_adaptation_ident = %s AND start_on IS NOT NULL"
        " AND end_kind IS DISTINCT FROM 'CANCELLED'"
    )
    return uow.all(Follower, sql, (price_adaptation_ident,))


class BegunOrEnded(NamedTuple):
    """Whether a contract was made or began lately (None: it never began), and whether it has ended."""

    contract_ident: str
    is_new: bool | None
    has_ended: bool


def begun_and_ended(uow: Uow, idents: Collection[str], since: dt.datetime) -> tuple[frozenset[str], frozenset[str]]:
    """Of these contracts those that were made or began after an instant, and those that have ended by today."""
    rows = uow.all(
        BegunOrEnded,
        # a start is a day of the tenant's zone, a creation is an instant
        "SELECT contract_ident, created_at > %(since)s OR start_on > (%(since)s::timestamptz AT TIME ZONE %(zone)s)::date AS is_new,"
        " end_on IS NOT NULL AND end_on <= %(today)s AS has_ended FROM contract WHERE contract_ident = ANY (%(named)s)",
        {"since": since, "zone": str(uow.ctx.zone), "today": uow.ctx.today(), "named": sorted(idents)},
    )
    return frozenset(row.contract_ident for row in rows if row.is_new), frozenset(
        row.contract_ident for row in rows if row.has_ended
    )


class NextProposals(NamedTuple):
    next_at: dt.datetime | None
    is_waiting: bool


def next_proposals(uow: Uow, since: dt.datetime) -> tuple[dt.datetime | None, bool]:
    """When the next period begins at `since` or later, and whether any contract waits for a period at all."""
    row = uow.first(
        NextProposals,
        "SELECT min(next_proposal_at) FILTER (WHERE next_proposal_at >= %s) AS next_at, count(*) > 0 AS is_waiting"
        " FROM contract WHERE next_proposal_at IS NOT NULL",
        (since,),
    )
    return (row.next_at, row.is_waiting) if row else (None, False)


def contract_ident_of(contract_id: Expression) -> FilterField:
    """The contract's ident, where a list of another package has its number."""
    return elsewhere(contract_id, tables.contract, "contract_id", tables.contract.c.contract_ident, "contract_ident", str)


class _Segment(NamedTuple):
    ident: str
    segment: str


def segments_of_contracts(uow: Uow, idents: Collection[str]) -> dict[str, str]:
    """The business segment of each of these contracts."""
    sql = "SELECT contract_ident AS ident, business_segment_ident AS segment FROM contract WHERE contract_ident = ANY (%s)"
    return dict(uow.all(_Segment, sql, (sorted(idents),))) if idents else {}


class _Numbered(NamedTuple):
    contract_ident: str
    contract_id: int


def contract_numbers(uow: Uow, idents: Collection[str]) -> dict[str, int]:
    """The numbers of contracts, by their idents."""
    sql = f"SELECT {columns(_Numbered)} FROM contract WHERE contract_ident = ANY (%s)"
    return dict(uow.all(_Numbered, sql, (sorted(idents),))) if idents else {}
