"""Read contracts, and what of them is due."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from contor.catalogue.coupons.types import ReducedBy
from contor.catalogue.queries import plans_by_id
from contor.catalogue.types import Plan
from contor.contracts import tables
from contor.contracts.calendar import instant
from contor.contracts.course import ending, plan_ids_of, plan_of
from contor.contracts.types import Allowance, Contract, ContractContent, EndKind
from contor.customers.queries import address_at, usual_days_at
from contor.runtime.query import Expression, FilterField, elsewhere
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.groups import Days

NUMBERED: Final = Numbered("contract", tables.contract, "contract_ident", "contract_id")
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
    joint_billing_ident: str | None
    has_allowances: bool
    usual_days: int | None
    """In how many days the customer pays where the contract says nothing."""
    address: Sequence[str | None]
    """Country, postal code and city."""
    content: str


_SELECT = (
    f"SELECT {', '.join(ContractRow._fields[:-3])}, {usual_days_at('contract')} AS usual_days, {address_at('contract')} AS address,"
    " content::text AS content FROM contract"
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


def contracts_of_customers(uow: Uow, customers: Collection[str]) -> list[Contract]:
    """All contracts of these customers, in the order of their numbers."""
    sql = f"{_SELECT} WHERE customer_ident = ANY (%s) ORDER BY contract_id"
    return [contract_of(row) for row in uow.all(ContractRow, sql, (sorted(customers),))]


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


class _Created(NamedTuple):
    contract_id: int
    created_at: dt.datetime


def created_of(uow: Uow, contract_ids: Collection[int]) -> dict[int, dt.datetime]:
    """By contract, when it was made."""
    sql = "SELECT contract_id, created_at FROM contract WHERE contract_id = ANY (%s)"
    return dict(uow.all(_Created, sql, (sorted(contract_ids),)))


class ReducedOption(NamedTuple):
    """Which option of a contract an allowance reduces."""

    contract_ident: str
    ident: str
    option_ident: str


def reduced_options(uow: Uow, contract_idents: Collection[str]) -> dict[tuple[str, str], str]:
    """By contract and ident of each of its allowances the option that it reduces."""
    sql = "SELECT contract_ident, ident, option_ident FROM contract_allowance WHERE contract_ident = ANY (%s)"
    rows = uow.all(ReducedOption, sql, (sorted(contract_idents),)) if contract_idents else []
    return {(row.contract_ident, row.ident): row.option_ident for row in rows}
