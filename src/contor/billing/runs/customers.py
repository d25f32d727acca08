"""Whom a run takes: customers with something due, locked until their transaction ends."""

import datetime as dt

from contor.billing.items import held_run
from contor.billing.runs.outcome import BillNext
from contor.customers.queries import BILLING_STOPPED
from contor.kernel.operations import operation
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

_LEFT_OUT = f"""customer_ident NOT IN (SELECT customer_ident FROM billing_parking UNION ALL {BILLING_STOPPED} AND %(all)s)"""
"""Those that are parked, and those for whom billing is stopped: few, so they are looked up once for a batch."""

_HELD = (
    "NOT EXISTS (SELECT 1 FROM billing_run_customer h WHERE h.run_ident = %(held)s AND h.customer_ident = {0}.customer_ident"
    " AND h.status = 'PREVIEWED')"
)
"""What a run previewed waits for its approval: nothing else bills these customers meanwhile."""

_CHOSEN = f"""customer_ident > %(after)s AND (%(only)s::text[] IS NULL OR customer_ident = ANY (%(only)s))
 AND customer_ident <> ALL (%(out)s::text[]) AND {_LEFT_OUT}"""

_CANDIDATES = f"""
SELECT customer_ident FROM (
  (SELECT DISTINCT customer_ident FROM contract
    WHERE next_proposal_at < %(cutoff)s AND {_CHOSEN} AND {_HELD.format("contract")}
    ORDER BY customer_ident LIMIT %(candidates)s)
  UNION
  (SELECT DISTINCT customer_ident FROM billable_item
    WHERE processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND processing_at < %(cutoff)s AND {_CHOSEN}
      AND (NOT %(all)s OR looked_on IS NULL
        OR looked_on < coalesce((%(days)s::jsonb ->> billing_group_ident)::date, %(today)s)) AND {_HELD.format("billable_item")}
    ORDER BY customer_ident LIMIT %(candidates)s)
) u ORDER BY customer_ident LIMIT %(candidates)s
"""
"""`looked_on`: an item whose document is too small is looked at once a day of its billing group, or when something joins it."""

_CLAIM = f"SELECT c.customer_ident FROM ({_CANDIDATES}) c WHERE {lock_if_free('billing', 'c.customer_ident')} LIMIT %(limit)s"


def claim(uow: Uow, command: BillNext) -> list[str]:
    """Customers with something due, locked until the end of the transaction; those that another worker holds are left to it, but not
    in a preview, which has to show everyone. Those whose billing is stopped are left out, unless they are asked for by name."""
    wanted = _chosen(uow, command, command.limit * 4)
    if wanted is None:
        return []
    if command.only is not None:
        uow.lock("billing", command.only)
    if command.is_preview:  # nobody is passed over: whom someone else holds is waited for, and is due still or has nothing to bill
        found = uow.column(str, _CANDIDATES, {**wanted, "candidates": command.limit})
        uow.lock("billing", found)
        return found
    # Some are locked by other workers: without further candidates batches would come out small.
    return uow.column(str, _CLAIM, {**wanted, "limit": command.limit, "tenant": uow.ctx.tenant_id})


def is_anyone_due(uow: Uow, cutoff: dt.datetime) -> bool:
    """Whether a run would find a customer."""
    wanted = _chosen(uow, BillNext(cutoff=cutoff), 1)
    return wanted is not None and bool(uow.column(str, _CANDIDATES, wanted))


def _chosen(uow: Uow, command: BillNext, candidates: int) -> dict[str, object] | None:
    """What the statement is given; None: nobody may be taken, because a run that takes everyone is being previewed."""
    hold = None if command.is_preview or command.is_asked_for else held_run(uow)
    out: list[str] = []
    if hold is not None and hold.status == "CREATED":  # whom it takes is not known yet
        if hold.debtor_idents is None:
            return None
        out = list(hold.debtor_idents)
    return {
        "held": hold.run_ident if hold is not None else None,
        "out": out,
        "cutoff": command.cutoff,
        "after": command.after,
        "candidates": candidates,
        "only": None if command.only is None else list(command.only),
        "all": not command.is_asked_for,
        "today": command.cutoff.astimezone(uow.ctx.zone).date(),
        "days": ENCODER.encode(
            {group: command.cutoff.astimezone(zone).date() for group, zone in days_of_groups(uow).own.items()}
        ).decode(),
    }


@operation("billing.next_customer", permission="contracts.write")
def next_customer(uow: Uow, command: BillNext) -> str | None:
    """Who comes next of those who have something due."""
    return next(iter(claim(uow, replace(command, limit=1))), None)
