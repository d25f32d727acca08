"""Why an item is not billed, by a code and in words: each that stands on no document says it, whatever keeps it."""

import datetime as dt
from collections.abc import Collection
from typing import Final, NamedTuple

from contor.billing.items.stored import StoredRow, content_of
from contor.billing.items.types import BELOW_MINIMUM, CREDIT_CARRIED, DEPOSIT_EXPECTED, GO_ON_BY_THEMSELVES, Code, ItemKind, Status
from contor.runtime.query import worked_out
from contor.runtime.query.filterable import Expression
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.groups import Days

FAILED: tuple[Status, ...] = ("ERROR", "CONFIG_ERROR", "RECALCULATION_ERROR")

CARRIED: Final = (
    "what a change of its contract gives back waits for what the contract is billed next; a credit memo gives it back when the contract"
    " ends, or six months after the supply"
)


class Why(NamedTuple):
    code: Code
    text: str
    said: str | None = None
    """What someone, or a run, said about it."""

    def __str__(self) -> str:
        return f"{self.code}: {self.said}" if self.said else self.code


class Holding(NamedTuple):
    """What holds up all that a customer is billed."""

    days: Days
    """What day it is for each billing group."""
    parked: str | None = None
    """The reason why runs leave the customer out."""
    stopped: str | None = None
    """Its billing is stopped; empty where no reason was given."""
    held_by: str | None = None
    """The run that has previewed the customer, or is about to, and waits for its approval."""
    is_paused: bool = False
    """The clock bills nothing in this tenant."""
    deposits_due: frozenset[int] = frozenset()
    """Numbers of the orders whose deposit invoices the next run makes."""

    @property
    def now(self) -> dt.datetime:
        return self.days.now

    def of_due(self) -> Why:
        """Why what is due is not billed."""
        if self.parked is not None:
            return Why("CUSTOMER_PARKED", f"runs leave the customer out until it is released: {self.parked}", self.parked)
        if self.stopped is not None:
            given = f": {self.stopped}" if self.stopped else ""
            return Why("BILLING_STOPPED", f"the billing of the customer is stopped{given}", self.stopped)
        if self.held_by is not None:
            return Why("RUN_TO_BE_APPROVED", f"it is part of {self.held_by}, which waits for its approval", self.held_by)
        if self.is_paused:
            return Why("BILLING_PAUSED", "billing by the clock is paused; a run that someone asks for takes it")
        return Why("DUE", "it is due; the next run takes it")


def reason_of_item(row: StoredRow, pays: bool, holding: Holding) -> Why:
    """Of a stored item that is not billed. `pays`: it is no row of its document but a payment."""
    status = row.processing_status
    if status == "TERMINATED":
        return Why("ENDED", row.status_reason or "it is not billed any more", row.status_reason)
    if status in ("RELATED_ITEM_PENDING", "RECALCULATION_PENDING"):
        return Why("RELATED_ITEM_PENDING", "it takes back an item that is not billed yet, and waits for that")
    if status in FAILED:
        return why_failed(row.status_reason, row.processing_error)
    if row.processing_at is None:
        if row.status_reason == DEPOSIT_EXPECTED:
            return Why("DEPOSIT_EXPECTED", "the deposits of its order are not paid yet")
        return Why("ON_HOLD", "someone holds it; it is billed once it is released")
    if row.processing_at >= holding.now:
        return Why("NOT_DUE_YET", f"a run takes it on {holding.days.day(row.processing_at, row.billing_group_ident)}")
    found = holding.of_due()
    if found.code != "DUE":
        return found
    if row.status_reason == BELOW_MINIMUM:
        return Why("BELOW_MINIMUM", "its document would be smaller than its billing group wants; it waits for more")
    if row.status_reason == CREDIT_CARRIED:
        return Why("CREDIT_CARRIED", CARRIED)
    if row.kind == "LINE_ITEM" and row.contract_id in holding.deposits_due:
        return Why("DEPOSIT_EXPECTED", "the deposit invoice of its order comes first; it is billed behind that")
    if pays:
        return Why("WAITS_FOR_INVOICE", "it pays: the next run takes it with an invoice that is large enough")
    if row.of_order and row.kind == "ALLOWANCE" and row.type == "CREDIT":
        rates = " and ".join(f"{tax.rate.normalize():f} %" for tax in content_of(row.content).taxes)
        return Why("WAITS_FOR_INVOICE", f"it reduces its order: the next run takes it with rows of the order that bear {rates} tax")
    return found


def why_failed(reason: str | None, error: str | None) -> Why:
    """Of an item that has an error, by what it keeps of it."""
    code: Code = next((code for code in GO_ON_BY_THEMSELVES if code == reason), "ERROR")
    return Why(code, error or "it could not be billed; retry it once the cause is mended")


def status_reason(row: StoredRow, pays: bool, holding: Holding) -> str | None:
    """As items answer it; None: it stands on a document."""
    if row.processing_status in ("COMPLETED", "TERMINATED"):
        return row.status_reason
    return str(reason_of_item(row, pays, holding))


# --- of those who show what is billed: orders, contracts

_FAILED = ", ".join(f"'{status}'" for status in FAILED)
_OF_THEMSELVES = ", ".join(f"'{code}'" for code in GO_ON_BY_THEMSELVES)


class Progress(NamedTuple):
    """How far the billing of what an item comes from is."""

    item_id: int
    origin_ident: str
    processing_status: str
    processing_at: dt.datetime | None
    status_reason: str | None
    processing_error: str | None

    @property
    def failed(self) -> Why | None:
        """Why it could not be billed; None: it could, or nobody tried yet."""
        return why_failed(self.status_reason, self.processing_error) if self.processing_status in FAILED else None


def progress_of(uow: Uow, number: int, kind: ItemKind) -> list[Progress]:
    """Of a contract's or order's items of one kind, in the order in which they came."""
    sql = f"SELECT {columns(Progress)} FROM billable_item WHERE contract_id = %s AND kind = %s ORDER BY item_id"
    return uow.all(Progress, sql, (number, kind))


class FailedPart(NamedTuple):
    """A part of a contract of which something could not be billed."""

    contract_id: int
    origin_ident: str
    """Of the option, line or the like."""
    status_reason: str | None
    processing_error: str | None
    since: dt.date
    until: dt.date
    """Exclusive."""

    @property
    def why(self) -> Why:
        return why_failed(self.status_reason, self.processing_error)


def failed_parts(uow: Uow, numbers: Collection[int]) -> list[FailedPart]:
    """Of these contracts, what failed for one reason together, in the order in which it came."""
    sql = (
        "SELECT contract_id, origin_ident, status_reason, processing_error, min(period_start) AS since, max(period_end) AS until"
        f" FROM billable_item WHERE contract_id = ANY (%s) AND processing_status IN ({_FAILED})"
        " GROUP BY contract_id, origin_ident, status_reason, processing_error ORDER BY min(item_id)"
    )
    return uow.all(FailedPart, sql, (sorted(numbers),)) if numbers else []


def failed_of(number: str, origin: str, kind: ItemKind) -> tuple[Expression, Expression]:
    """For lists of other packages: the code and the words of what failed first of what their columns name, as `Progress.failed` says."""
    return _first_failed(f"i.contract_id = {number} AND i.kind = '{kind}' AND i.origin_ident = {origin}")


def failed_by_item(item: str) -> tuple[Expression, Expression]:
    """As `failed_of`, of the item that their column names."""
    return _first_failed(f"i.item_id = {item}")


def _first_failed(condition: str) -> tuple[Expression, Expression]:
    first = f"FROM billable_item i WHERE {condition} AND i.processing_status IN ({_FAILED}) ORDER BY i.item_id LIMIT 1"
    code = f"SELECT CASE WHEN i.status_reason IN ({_OF_THEMSELVES}) THEN i.status_reason ELSE 'ERROR' END {first}"
    words = why_failed(None, None).text
    return worked_out(code, str), worked_out(f"SELECT coalesce(nullif(i.processing_error, ''), '{words}') {first}", str)
