"""What the books of a tenant come to."""

import datetime as dt
from decimal import Decimal
from typing import Any, NamedTuple

from tests.factories.desks import Desk
from tests.factories.tenants import Tenant


class LedgerLine(NamedTuple):
    """A line of the journal, without what is drawn for it."""

    posting_date: dt.date
    document_ident: str | None
    account: int
    side: str
    amount: Decimal
    tax_key: str | None
    tax_rate: Decimal | None


def ledger(tenant: Tenant) -> list[LedgerLine]:
    """The journal, as two companies that did the same have it alike."""
    rows = tenant.rows(
        "SELECT e.posting_date, e.document_ident, l.account, l.side, l.amount, l.tax_key, l.tax_rate FROM journal_entry e"
        " JOIN journal_line l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id"
    )
    return sorted((LedgerLine(*row) for row in rows), key=repr)


def owed(desk: Desk) -> Decimal:
    """What the customer owes."""
    return sum((row.balance for row in desk.tenant.rows("SELECT balance FROM opos_case")), Decimal(0))


def sound(tenant: Tenant) -> list[str]:
    """All that the checks find, but files, which the files' worker would have made meanwhile."""
    return tenant.unsound()


def billed(tenant: Tenant) -> list[tuple[Any, ...]]:
    """Contracts, periods and amounts, in an order of their own."""
    return [
        tuple(row)
        for row in tenant.rows(
            "SELECT c.contract_ident, i.origin_ident, i.kind, i.period_start, i.period_end, i.sequence, i.processing_status, i.total"
            " FROM billable_item i JOIN contract c USING (contract_id) ORDER BY 1, 2, 3, 4, 6, 8"
        )
    ]
