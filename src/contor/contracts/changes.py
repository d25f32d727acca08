"""Changes of contracts as they are kept: agreed, in effect, or no more."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec

from contor.contracts import tables
from contor.contracts.calendar import instant
from contor.contracts.course import next_opening, next_start, plan_ids_of
from contor.contracts.queries import plans_of, proposal_instant
from contor.contracts.terms import ChangeBody, ChangeStatus, ContractChangeView
from contor.contracts.types import Contract
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

SHOWN = 100
"""Changes that a contract shows itself, the latest ones."""
_READ = msgspec.json.Decoder(ChangeBody).decode


class ChangeRow(NamedTuple):
    """A row of `contract_change`, its body as JSON text."""

    change_id: int
    contract_id: int
    effective_on: dt.date
    status: ChangeStatus
    status_reason: str | None
    changed_by: str
    created_at: dt.datetime
    settled_at: dt.datetime | None
    body: str

    @property
    def change(self) -> ChangeBody:
        return _READ(self.body)


_NAMES = ", ".join(ChangeRow._fields)
_COLUMNS = ", ".join(ChangeRow._fields[:-1]) + ", body::text AS body"


def view_of(row: ChangeRow) -> ContractChangeView:
    return ContractChangeView(
        change_id=row.change_id,
        status=row.status,
        effective_date=row.effective_on,
        change=row.change,
        changed_by=row.changed_by,
        created_at=row.created_at,
        settled_at=row.settled_at,
        reason=row.status_reason,
    )


def changes_by_id(uow: Uow, ids: Collection[int]) -> dict[int, ContractChangeView]:
    sql = f"SELECT {_COLUMNS} FROM contract_change WHERE change_id = ANY (%s)"
    return {row.change_id: view_of(row) for row in uow.all(ChangeRow, sql, (list(ids),))}


def changed_contracts(uow: Uow, ids: Collection[int]) -> list[str]:
    """The contracts of changes."""
    return uow.column(str, "SELECT contract_ident FROM contract_change WHERE change_id = ANY (%s)", (list(ids),))


def changes_of(uow: Uow, contracts: Iterable[Contract]) -> dict[int, tuple[ContractChangeView, ...]]:
    """What each of these contracts shows, by its number; nothing is asked of those that were never changed."""
    ids = [it.contract_id for it in contracts if it.content.amended is not None or it.content.pending_from is not None]
    found: dict[int, list[ContractChangeView]] = {}
    if ids:
        sql = (
            f"SELECT {_COLUMNS} FROM (SELECT {_NAMES}, row_number() OVER (PARTITION BY contract_id ORDER BY change_id DESC) AS latest"
            " FROM contract_change WHERE contract_id = ANY (%s) AND status IN ('PENDING', 'EFFECTIVE')) c WHERE latest <= %s"
            " ORDER BY change_id"
        )
        for row in uow.all(ChangeRow, sql, (ids, SHOWN)):
            found.setdefault(row.contract_id, []).append(view_of(row))
    return {number: tuple(views) for number, views in found.items()}


def pending_of(uow: Uow, contract_id: int) -> list[ChangeRow]:
    """What is agreed of a contract and not in effect, in the order in which it will be."""
    sql = f"SELECT {_COLUMNS} FROM contract_change WHERE contract_id = %s AND status = 'PENDING' ORDER BY effective_on, change_id"
    return uow.all(ChangeRow, sql, (contract_id,))


def due_changes(uow: Uow, customers: Sequence[str], cutoff: dt.datetime) -> list[ChangeRow]:
    """Changes of contracts of these customers whose day has come before the cut-off, in the order in which they take effect."""
    sql = (
        f"SELECT {_COLUMNS} FROM contract_change WHERE customer_ident = ANY (%s) AND status = 'PENDING' AND takes_effect_at < %s"
        " ORDER BY effective_on, change_id"
    )
    return uow.all(ChangeRow, sql, (list(customers), cutoff))


def keep(uow: Uow, contract: Contract, number: int, day: dt.date, body: ChangeBody, status: ChangeStatus) -> None:
    """Write a change that was agreed; one that is in effect is settled."""
    now, zone = uow.ctx.now(), days_of_groups(uow).zone(contract.billing_group_ident)
    row = {
        "change_id": number,
        "contract_id": contract.contract_id,
        "contract_ident": contract.contract_ident,
        "customer_ident": contract.customer_ident,
        "effective_on": day,
        "takes_effect_at": instant(day, zone),
        "status": status,
        "body": body,
        "changed_by": uow.ctx.actor,
        "created_at": now,
        "settled_at": now if status == "EFFECTIVE" else None,
    }
    uow.insert(tables.contract_change, [row])


def settle(uow: Uow, ends: Sequence[tuple[int, ChangeStatus, str | None]]) -> None:
    """Changes that are pending no more: number, state, and why where they did not take effect."""
    if ends:
        ids, states, reasons = zip(*ends, strict=True)
        uow.run(
            "UPDATE contract_change c SET status = x.status, status_reason = x.reason, settled_at = %s"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS x(id, status, reason) WHERE c.change_id = x.id",
            (uow.ctx.now(), list(ids), list(states), list(reasons)),
        )


class _Next(NamedTuple):
    contract_id: int
    day: dt.date


def write(uow: Uow, contracts: Sequence[tuple[Contract, Contract]]) -> None:
    """Store contracts as they are now, given as they were and are: with the day of their next change, and how far they are proposed where
    their periods are others."""
    if not contracts:
        return
    ids = [after.contract_id for _, after in contracts]
    sql = (
        "SELECT contract_id, min(effective_on) AS day FROM contract_change WHERE contract_id = ANY (%s) AND status = 'PENDING'"
        " GROUP BY contract_id"
    )
    pending = dict(uow.all(_Next, sql, (ids,)))
    days, plans = days_of_groups(uow), plans_of(uow, [after for _, after in contracts])
    rows = []
    for before, changed in contracts:
        number = changed.contract_id
        after = replace(changed, content=replace(changed.content, pending_from=pending.get(number)))
        reached, plan = after.proposed_through, plans[number]
        if reached is not None and plan_ids_of(before) != plan_ids_of(after):
            # periods of the new plan that have begun are proposed with the change, later ones by runs
            tomorrow = days.today(after.billing_group_ident) + dt.timedelta(days=1)
            since = min(reached, tomorrow)
            reached = next_start(plan, after, since) or since
        following = next_opening(plan, after, reached) if reached is not None and after.end_kind != "CANCELLED" else None
        at = proposal_instant(days, after, following)
        rows.append(
            (
                number,
                ENCODER.encode(after.content).decode(),
                after.plan_id,
                after.business_segment_ident,
                after.billing_group_ident,
                reached,
                at,
            )
        )
    uow.run(
        "UPDATE contract c SET content = x.content, plan_id = x.plan, business_segment_ident = x.segment, billing_group_ident = x.grp,"
        " proposed_through = x.reached, next_proposal_at = x.at, last_modified_at = %s"
        " FROM unnest(%s::bigint[], %s::jsonb[], %s::bigint[], %s::text[], %s::text[], %s::date[], %s::timestamptz[])"
        " AS x(id, content, plan, segment, grp, reached, at) WHERE c.contract_id = x.id",
        (uow.ctx.now(), *[list(column) for column in zip(*rows, strict=True)]),
    )
