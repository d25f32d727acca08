"""What was paid beyond a document, and what that was used for since: cleared with other open items, paid out."""

from decimal import Decimal
from typing import NamedTuple

from contor.kernel.money import ZERO
from contor.openitems.clearing.offset import unclear
from contor.openitems.types import REDUCING, StoredCase
from contor.runtime.uow import Uow


class Use(NamedTuple):
    """A movement that took something of a surplus."""

    source: str
    name: str
    """What it is, for people."""
    is_clearing: bool


class Surplus(NamedTuple):
    """What of a surplus was used, once the money of one source is gone."""

    missing: Decimal
    """By so much more would be owed than the document asks for; not below nothing."""
    uses: tuple[Use, ...]
    """In order."""


class _Moved(NamedTuple):
    source: str
    kind: str
    decision: str | None
    amount: Decimal
    before: Decimal
    """What was open before it."""
    run_ident: str | None


_STANDING = (
    "SELECT x.source, x.kind, x.decision, x.amount, x.before, i.run_ident FROM (SELECT m.tenant_id, m.id, m.source, m.kind, m.decision,"
    " m.amount, m.reversal_of, c.opening + sum(m.amount) OVER (ORDER BY m.id) - m.amount AS before"
    " FROM opos_movement m JOIN opos_case c ON c.tenant_id = m.tenant_id AND c.document_id = m.document_id WHERE m.document_id = %s) x"
    " LEFT JOIN clearing_run_item i ON i.tenant_id = x.tenant_id AND i.movement_id = x.id WHERE x.reversal_of IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM opos_movement r WHERE r.tenant_id = x.tenant_id AND r.reversal_of = x.id) ORDER BY x.id"
)


def surplus_of(uow: Uow, stored: StoredCase, without: str, part: Decimal | None = None) -> Surplus:
    """Of a case, without what the source `without` brought, or without that `part` of it, signed as money. A document that asks for nothing
    has no surplus that anything is missing of. What the case and others in its place say to each other is no money: what is owed on the one
    is owed on the other."""
    case = stored.case
    sign = 1 if case.opening >= 0 else -1  # what we owe is paid out, and too much of it is the customer's debt
    rows = uow.all(_Moved, _STANDING, (stored.document_id,))
    moved = [row for row in rows if row.decision not in REDUCING and not _is_of_places(row)]
    money = sum((sign * row.amount for row in moved if part is not None or row.source != without), sign * (part or ZERO))
    uses = tuple(_use(row) for row in rows if row.source != without and sign * row.before < 0 and sign * row.amount > 0)
    return Surplus(max(ZERO, money), uses)


def free(uow: Uow, surplus: Surplus) -> bool:
    """Take back the last of what was cleared with it; whether there was any. The run that had cleared it says so."""
    source = next((use.source for use in reversed(surplus.uses) if use.is_clearing), None)
    if source is None:
        return False
    gone = [moved.reversal_of for done in unclear(uow, [source]) for moved in (done.debit, done.credit)]
    uow.run("UPDATE clearing_run_item SET status = 'REVERSED' WHERE movement_id = ANY (%s)", (gone,))
    return bool(gone)


def _is_of_places(row: _Moved) -> bool:
    """Cleared by a reissue, or with what stands in the place of it."""
    return row.kind == "CLEARING" and row.source.startswith("document:")


def _use(row: _Moved) -> Use:
    kind, _, name = row.source.partition(":")
    is_clearing = kind == "clearing" and row.kind == "CLEARING"
    if row.run_ident is not None:
        return Use(row.source, f"clearing run {row.run_ident}", is_clearing)
    if is_clearing:  # under the name of the payment that named the credit
        return Use(row.source, f"the clearing with assignment {name.removeprefix('credits-')}", is_clearing)
    return Use(row.source, f"{kind} {name}", is_clearing)
