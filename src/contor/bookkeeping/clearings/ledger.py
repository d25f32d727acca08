"""Clear postings of an account with each other: what came in and what went out of an interim account, money in transit, a deposit.

A customer's own account is cleared by itself: whatever is booked for an open item is cleared when that closes, and is open again when it
opens. So its list has the closed open items, and nobody clears it by hand.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.bookkeeping import tables
from contor.bookkeeping.chart import CREDITORS, DEBTORS, require_account
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, worded
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape, written
from contor.openitems.clearing import Closed, closed_case, closed_cases
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import tenant_settings

EntryId = Annotated[str, written(r"^[0-9]{1,18}-[0-9]{1,6}$", "the id of a booking entry, as its list says it", examples=["101-0"])]
EntryIds = Annotated[tuple[EntryId, ...], Field(min_length=1, max_length=1000)]


@shape
class LedgerClearingBody:
    debit_booking_entry_ids: EntryIds
    credit_booking_entry_ids: EntryIds


@shape
class LedgerClearingView:
    clearing_id: int
    account_number: int
    currency: str
    amount: Money
    """The sum of each side."""
    automatic: bool
    """true: an open item that closed, on a customer's own account. false: cleared by hand."""
    opos_case_ident: str | None = None
    """Of an automatic one: the open item; its postings are those of its document."""
    debit_booking_entry_ids: tuple[str, ...] = ()
    credit_booking_entry_ids: tuple[str, ...] = ()
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ListClearings:
    account_number: str
    account_currency: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ClearEntries:
    account_number: str
    account_currency: str
    body: LedgerClearingBody


@dataclass(frozen=True, slots=True)
class OneClearing:
    account_number: str
    account_currency: str
    clearing_id: int


class _Clearing(NamedTuple):
    clearing_id: int
    account: int
    currency: str
    amount: Decimal
    created_at: dt.datetime


class _Posted(NamedTuple):
    """A posting, and the clearing it is in."""

    entry_id: int
    position: int
    account: int
    side: str
    amount: Decimal
    currency: str
    clearing_id: int | None

    @property
    def effect(self) -> Decimal:
        """In the debit direction: a reversal counts on the other side."""
        return self.amount if self.side == "D" else -self.amount


class _Line(NamedTuple):
    clearing_id: int
    entry_id: int
    position: int
    side: str


CLEARINGS = searchable(
    tables.ledger_clearing,
    LedgerClearingView,
    ("clearing_id", "amount", "created_at"),
    default_sort="created_at,desc",
    places={
        "account_number": "account",
        "currency": "currency",
        "automatic": worked_out("false::boolean", bool),
        "opos_case_ident": worked_out("NULL::text", str),
    },
)
_SELECT = f"SELECT {columns(_Clearing)} FROM ledger_clearing WHERE "


@operation("ledger_clearing.list", permission="bookkeeping.read", reads=True)
def list_clearings(uow: Uow, command: ListClearings) -> Page:
    """What was cleared on an account; of a customer's own the open items that closed, for it is cleared by itself."""
    number, currency = command.account_number, command.account_currency
    if (customer := _customer_of(uow, number, currency)) is not None:
        return closed_cases(
            uow, customer, (int(number), currency), command.query, lambda row: _automatic(row, int(number), currency)
        )
    account = require_account(uow, number, currency)

    def read(ids: list[int]) -> dict[int, LedgerClearingView]:
        return {view.clearing_id: view for view in _views(uow, uow.all(_Clearing, _SELECT + "clearing_id = ANY (%s)", (ids,)))}

    scope = {"account": account.account_number, "currency": account.currency}
    return listed_by_key(uow, tables.ledger_clearing, command.query, CLEARINGS, "clearing_id", read, scope)


@operation("ledger_clearing.get", permission="bookkeeping.read", reads=True)
def get_clearing(uow: Uow, command: OneClearing) -> LedgerClearingView:
    """One clearing."""
    number, currency = command.account_number, command.account_currency
    if (customer := _customer_of(uow, number, currency)) is None:
        return _views(uow, [_require(uow, command)])[0]
    row = closed_case(uow, customer, command.clearing_id)
    if row is None:
        raise not_found("ledger_clearing", command.clearing_id)
    return _automatic(row, int(number), currency)


@operation("ledger_clearing.create", permission="bookkeeping.write")
def clear_entries(uow: Uow, command: ClearEntries) -> LedgerClearingView:
    """Say that debits and credits of an account belong together and are even; each posting is in one clearing at most."""
    number, currency, body = command.account_number, command.account_currency, command.body
    _refuse_personal(uow, number, currency)
    account = require_account(uow, number, currency)
    if not account.opos_account:
        message = f"Entries of account {number} are not cleared: it is no OPOS account."
        raise Refused(Kind.ILLEGAL_STATE, Problem("account_not_cleared", message))
    uow.lock("ledger_clearing", [f"{account.account_number}/{account.currency}"])  # two at once could each find them free
    posted = _posted(uow, [*body.debit_booking_entry_ids, *body.credit_booking_entry_ids])
    problems = _why_not(body, posted, account.account_number, account.currency)
    debit = sum((posted[it].effect for it in set(body.debit_booking_entry_ids) if it in posted), ZERO)
    credit = -sum((posted[it].effect for it in set(body.credit_booking_entry_ids) if it in posted), ZERO)
    if not problems and debit != credit:
        message = f"Debits are {worded(debit, currency)}, credits {worded(credit, currency)}: what is cleared is even."
        problems.append(Problem("clearing_not_even", message))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    row = _Clearing(uow.next_id(), account.account_number, account.currency, debit, uow.ctx.now())
    uow.insert(tables.ledger_clearing, [row._asdict()])
    uow.insert(
        tables.ledger_clearing_line,
        [
            {"entry_id": posted[it].entry_id, "position": posted[it].position, "clearing_id": row.clearing_id, "side": side}
            for side, ids in (("D", body.debit_booking_entry_ids), ("C", body.credit_booking_entry_ids))
            for it in ids
        ],
    )
    change = {"account": row.account, "debit": body.debit_booking_entry_ids, "credit": body.credit_booking_entry_ids}
    uow.audit("ledger_clearing", str(row.clearing_id), {"cleared": change})
    return _views(uow, [row])[0]


@operation("ledger_clearing.delete", permission="bookkeeping.write")
def delete_clearing(uow: Uow, command: OneClearing) -> None:
    """Undo a clearing: its postings are open again."""
    _refuse_personal(uow, command.account_number, command.account_currency)
    row = _require(uow, command)
    uow.run("DELETE FROM ledger_clearing WHERE clearing_id = %s", (row.clearing_id,))
    uow.audit("ledger_clearing", str(row.clearing_id), {"undone": True})


def _require(uow: Uow, command: OneClearing) -> _Clearing:
    account = require_account(uow, command.account_number, command.account_currency)
    values = (command.clearing_id, account.account_number, account.currency)
    row = uow.first(_Clearing, _SELECT + "clearing_id = %s AND account = %s AND currency = %s", values)
    if row is None:
        raise not_found("ledger_clearing", command.clearing_id)
    return row


def _is_personal(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) == 5 and int(number) in range(DEBTORS.start, CREDITORS.stop)


def _customer_of(uow: Uow, number: str, currency: str) -> str | None:
    """Whose own account it is; None: it is an account of the chart. Raises NOT_FOUND where nothing was ever booked on it."""
    if not _is_personal(number):
        return None
    sql = "SELECT party FROM journal_line WHERE account = %s AND party IS NOT NULL LIMIT 1"
    found = uow.scalar(str, sql, (int(number),)) if currency == tenant_settings(uow).ledger_currency else None
    if found is None:
        raise not_found("booking_account", f"{number}/{currency}")
    return found


def _refuse_personal(uow: Uow, number: str, currency: str) -> None:
    if _customer_of(uow, number, currency) is not None:
        message = (
            f"{number} is a customer's own account: it is cleared by itself, when an open item closes, until that opens again."
        )
        raise Refused(Kind.ILLEGAL_STATE, Problem("account_cleared_by_itself", message))


def _posted(uow: Uow, ids: Sequence[str]) -> dict[str, _Posted]:
    pairs = [it.split("-") for it in ids]
    rows = uow.all(
        _Posted,
        "SELECT l.entry_id, l.position, l.account, l.side, l.amount, l.currency, c.clearing_id"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS x(entry_id, position) JOIN journal_line l"
        " ON l.entry_id = x.entry_id AND l.position = x.position LEFT JOIN ledger_clearing_line c"
        " ON c.tenant_id = l.tenant_id AND c.entry_id = l.entry_id AND c.position = l.position",
        ([int(entry) for entry, _ in pairs], [int(position) for _, position in pairs]),
    )
    return {f"{row.entry_id}-{row.position}": row for row in rows}


def _why_not(body: LedgerClearingBody, posted: dict[str, _Posted], account: int, currency: str) -> list[Problem]:
    """Every finding, each at its id."""
    problems, seen = list[Problem](), set[str]()
    sides = (
        ("debitBookingEntryIds", body.debit_booking_entry_ids, 1),
        ("creditBookingEntryIds", body.credit_booking_entry_ids, -1),
    )
    for name, ids, sign in sides:
        for at, it in enumerate(ids):
            place, row = f"{name}[{at}]", posted.get(it)
            if row is None:
                problems.append(Problem("booking_entry_not_found", f"No booking entry {it!r} exists.", place, it))
            elif (row.account, row.currency) != (account, currency):
                message = f"It is on account {row.account}/{row.currency}."
                problems.append(Problem("booking_entry_elsewhere", message, place, it))
            elif row.effect * sign <= 0:
                side = "credit" if sign > 0 else "debit"
                problems.append(
                    Problem("booking_entry_other_side", f"It counts as a {side}; a reversal counts opposite.", place, it)
                )
            elif row.clearing_id is not None:
                problems.append(Problem("booking_entry_cleared", f"Clearing {row.clearing_id} has it already.", place, it))
            elif it in seen:
                problems.append(Problem("booking_entry_repeated", "It is named twice.", place, it))
            seen.add(it)
    return problems


def _views(uow: Uow, rows: Sequence[_Clearing]) -> list[LedgerClearingView]:
    sql = f"SELECT {columns(_Line)} FROM ledger_clearing_line WHERE clearing_id = ANY (%s) ORDER BY entry_id, position"
    lines = uow.all(_Line, sql, ([row.clearing_id for row in rows],))

    def of(row: _Clearing, side: str) -> tuple[str, ...]:
        return tuple(f"{it.entry_id}-{it.position}" for it in lines if (it.clearing_id, it.side) == (row.clearing_id, side))

    return [
        LedgerClearingView(
            clearing_id=row.clearing_id,
            account_number=row.account,
            currency=row.currency,
            amount=row.amount,
            automatic=False,
            debit_booking_entry_ids=of(row, "D"),
            credit_booking_entry_ids=of(row, "C"),
            created_at=row.created_at,
        )
        for row in rows
    ]


def _automatic(row: Closed, account: int, currency: str) -> LedgerClearingView:
    return LedgerClearingView(
        clearing_id=row.document_id,
        account_number=account,
        currency=currency,
        amount=abs(row.opening),
        automatic=True,
        opos_case_ident=row.ident,
        created_at=row.closed_at,
    )
