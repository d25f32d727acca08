"""What holds up all that customers are billed: they are parked or stopped, a run is to be approved, the clock is paused."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from contor.billing.items.reasons import Holding
from contor.customers.queries import billing_stops
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.runtime.work.held import OPEN
from contor.settings.queries import days_of_groups, tenant_settings


class Hold(NamedTuple):
    """The run that someone holds."""

    run_ident: str
    status: str
    debtor_idents: Sequence[str] | None


def held_run(uow: Uow) -> Hold | None:
    """The run whose customers wait for its approval."""
    sql = f"SELECT {columns(Hold)} FROM billing_run WHERE status IN {OPEN}"
    return uow.first(Hold, sql)


class ParkedReason(NamedTuple):
    customer_ident: str
    reason: str


def reasons_of_parked(uow: Uow, customers: Iterable[str]) -> dict[str, str]:
    """Why those of these customers are left out who are, by ident."""
    sql = f"SELECT {columns(ParkedReason)} FROM billing_parking WHERE customer_ident = ANY (%s)"
    return dict(uow.all(ParkedReason, sql, (list(customers),)))


def holdings_of(uow: Uow, customers: Collection[str]) -> dict[str, Holding]:
    """By customer, of all of these."""
    base = Holding(days_of_groups(uow))
    if not customers:
        return {}
    base = base._replace(is_paused=not tenant_settings(uow).active_billing_run)
    parked, stopped = reasons_of_parked(uow, customers), billing_stops(uow, customers, uow.ctx.today())
    hold = held_run(uow)
    held = _held(uow, hold, customers) if hold is not None else set()
    deposits = _deposits_due(uow, customers)
    return {
        customer: base._replace(
            parked=parked.get(customer),
            stopped=stopped.get(customer),
            held_by=hold.run_ident if hold is not None and customer in held else None,
            deposits_due=frozenset(deposits.get(customer, ())),
        )
        for customer in customers
    }


class DepositDue(NamedTuple):
    customer_ident: str
    contract_id: int


def _deposits_due(uow: Uow, customers: Collection[str]) -> dict[str, list[int]]:
    """The orders of each of the customers whose deposit is due and not yet asked for: what it is asked for waits for it."""
    sql = (
        f"SELECT {columns(DepositDue)} FROM billable_item WHERE customer_ident = ANY (%s) AND kind = 'DEPOSIT'"
        " AND processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND processing_at < %s"
    )
    found: dict[str, list[int]] = {}
    for row in uow.all(DepositDue, sql, (sorted(customers), uow.ctx.now())):
        found.setdefault(row.customer_ident, []).append(row.contract_id)
    return found


def _held(uow: Uow, hold: Hold, customers: Collection[str]) -> set[str]:
    """Those of the customers whom a run keeps to itself: whom it previewed; while it still previews, all that it may come to."""
    if hold.status == "CREATED":
        return set(customers) if hold.debtor_idents is None else set(customers) & set(hold.debtor_idents)
    sql = "SELECT customer_ident FROM billing_run_customer WHERE run_ident = %s AND status = 'PREVIEWED' AND customer_ident = ANY (%s)"
    return set(uow.column(str, sql, (hold.run_ident, sorted(customers))))
