"""What must hold of statements."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.payments.statements.files import FILE, FileRow
from contor.payments.statements.kept import Kept, original
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.secrets import SealBroken
from contor.runtime.uow import Uow

NET = (
    "(CASE p.credit_debit_indicator WHEN 'CREDIT' THEN p.base_amount ELSE -p.base_amount END"
    " - (SELECT coalesce(sum((f ->> 'amount')::numeric), 0) FROM json_array_elements(p.content -> 'fees') f))"
)
"""SQL: what a payment moved on its account, signed."""
FILES_A_NIGHT = 200


class _Link(NamedTuple):
    account_ident: str
    position: int
    from_amount: Decimal
    to_amount: Decimal
    before: Decimal | None
    before_position: int | None
    booked: Decimal
    forced: bool


class _Entry(NamedTuple):
    ident: str
    amount: Decimal
    paid: Decimal


@check("statements.chain_is_unbroken")
def chain(uow: Uow) -> Iterable[str]:
    """Each statement of an account begins with what the one before ends with, and its bookings lead from one to the other."""
    rows = uow.all(
        _Link,
        "SELECT s.account_ident, s.position, s.from_amount, s.to_amount, lag(s.to_amount) OVER chain AS before,"
        " lag(s.position) OVER chain AS before_position, coalesce(e.booked, 0) AS booked, s.forced FROM bank_statement s"
        " LEFT JOIN (SELECT account_ident, statement_position, sum(amount) AS booked FROM bank_entry"
        "  WHERE statement_position IS NOT NULL GROUP BY account_ident, statement_position) e"
        " ON e.account_ident = s.account_ident AND e.statement_position = s.position"
        " WINDOW chain AS (PARTITION BY s.account_ident ORDER BY s.position) ORDER BY s.account_ident, s.position",
    )
    for row in rows:
        of = f"statement {row.position} of account {row.account_ident}"
        if row.before_position is not None and row.before_position != row.position - 1:
            yield f"{of}: the one before it is missing"
        if row.forced:
            continue
        if row.before is not None and row.before != row.from_amount:
            yield f"{of} begins with {row.from_amount}, the one before it ends with {row.before}"
        if row.from_amount + row.booked != row.to_amount:
            yield f"{of}: {row.from_amount} and bookings of {row.booked} do not come to {row.to_amount}"


@check("statements.bookings_are_proved_by_what_is_there")
def proved(uow: Uow) -> Iterable[str]:
    """A booking names no statement that does not exist."""
    sql = (
        "SELECT e.ident FROM bank_entry e WHERE e.statement_position IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bank_statement s"
        " WHERE s.tenant_id = e.tenant_id AND s.account_ident = e.account_ident AND s.position = e.statement_position)"
    )
    for ident in uow.column(str, sql):
        yield f"booking {ident}: the statement that proves it is gone"


@check("statements.payments_of_each_booking_add_up")
def payments(uow: Uow) -> Iterable[str]:
    """The payments that stand for a booking, less their fees, are what the bank booked."""
    rows = uow.all(
        _Entry,
        "SELECT e.ident, e.amount, coalesce(p.paid, 0) + coalesce(g.paid, 0) AS paid FROM bank_entry e LEFT JOIN"
        f" (SELECT p.bank_entry_ident, sum({NET}) AS paid FROM payment p WHERE p.bank_entry_ident IS NOT NULL AND p.replaced_at IS NULL"
        "  GROUP BY p.bank_entry_ident) p ON p.bank_entry_ident = e.ident LEFT JOIN"
        f" (SELECT p.ident, {NET} AS paid FROM payment p WHERE p.bank_entry_ident IS NULL AND p.replaced_at IS NULL) g"
        "  ON g.ident = e.payment_ident WHERE e.amount <> coalesce(p.paid, 0) + coalesce(g.paid, 0)",
    )
    for row in rows:
        yield f"booking {row.ident}: {row.amount} on the statement, payments of {row.paid}"
    sql = (
        "SELECT p.ident FROM payment p WHERE p.bank_entry_ident IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM bank_entry e WHERE e.tenant_id = p.tenant_id AND e.ident = p.bank_entry_ident)"
    )
    for ident in uow.column(str, sql):
        yield f"payment {ident}: the booking that it comes from is gone"


@check("statements.payments_given_are_one_booking")
def given(uow: Uow) -> Iterable[str]:
    """A payment that was given beside the statements is one booking of its account at most."""
    sql = "SELECT payment_ident FROM bank_entry WHERE payment_ident IS NOT NULL GROUP BY payment_ident HAVING count(*) > 1"
    for ident in uow.column(str, sql):
        yield f"payment {ident}: several bookings are it"


@check("statements.originals_are_as_they_came")
def originals(uow: Uow) -> Iterable[str]:
    """The files of banks, the latest of them each night, are there, and unchanged."""
    for row in uow.all(FileRow, FILE + "true ORDER BY id DESC LIMIT %s", (FILES_A_NIGHT,)):
        try:
            original(uow, Kept(row.sha256, row.blob))
        except (BlobMissing, BlobDamaged, SealBroken) as error:
            yield f"statement {row.ident}: {error}"
