"""Documents at tax providers: recorded when they are issued, taken back when they are cancelled; what is not done there is tried again, and
shown."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.tax.providers import tables
from contor.tax.providers.quotes import FIRST_PAUSE, LONGEST_PAUSE, TAX_PROVIDERS
from contor.tax.providers.types import Outside, TaxTransactionView, TransactionStatus, TransactionType

TRANSACTIONS = searchable(
    tables.tax_transaction, TaxTransactionView, ("code", "provider", "type", "status", "created_at"), default_sort="created_at,desc"
)


class TransactionRow(NamedTuple):
    code: str
    provider: Outside
    type: TransactionType
    status: TransactionStatus
    failure: str | None
    tries: int
    try_at: dt.datetime | None
    created_at: dt.datetime
    done_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ListTransactions:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneTransaction:
    code: str


class ToRecord(NamedTuple):
    """A document that was issued."""

    document_id: int
    code: str
    provider: Outside
    type: str
    body: Fields


def record(uow: Uow, documents: Sequence[ToRecord]) -> None:
    """Let a worker record them after this transaction commits."""
    now, at = uow.ctx.now(), uow.runtime.clock()
    uow.insert(
        tables.tax_transaction,
        [{**one._asdict(), "status": "TO_COMMIT", "created_at": now, "try_at": at} for one in documents],
    )
    if documents:
        uow.mark(TAX_PROVIDERS)


def take_back(uow: Uow, document_ids: Sequence[int]) -> list[int]:
    """Let a worker take back what is recorded of these documents; of which that is."""
    sql = (
        "UPDATE tax_transaction SET status = 'TO_VOID', tries = 0, failure = NULL, done_at = NULL, try_at = %s"
        " WHERE document_id = ANY (%s) AND status NOT IN ('TO_VOID', 'VOIDED') RETURNING document_id"
    )
    found = uow.column(int, sql, (uow.runtime.clock(), list(document_ids)))
    if found:
        uow.mark(TAX_PROVIDERS)
    return found


@operation("tax_transaction.list", permission="tax.read", reads=True)
def list_transactions(uow: Uow, command: ListTransactions) -> Page:
    """Documents as they are recorded at tax providers, the latest first."""

    def views(rows: Iterable[TransactionRow]) -> Iterable[TaxTransactionView]:
        return [TaxTransactionView(**row._asdict()) for row in rows]

    return listed(uow, tables.tax_transaction, command.query, TRANSACTIONS, TransactionRow, views)


@operation("tax_transaction.retry", permission="tax.write")
def retry_transaction(uow: Uow, command: OneTransaction) -> TaxTransactionView:
    """Try again now what is not done, or was refused, once its cause is mended."""
    row = _last(uow, command.code, lock=True)
    if row.status in ("COMMITTED", "VOIDED"):
        raise Refused(Kind.ILLEGAL_STATE, Problem("tax_transaction_done", f"It is {row.status} at {row.provider}."))
    uow.run(
        "UPDATE tax_transaction SET status = CASE WHEN status = 'REFUSED' THEN 'TO_COMMIT' ELSE status END, try_at = %s WHERE code = %s"
        " AND status NOT IN ('COMMITTED', 'VOIDED')",
        (uow.runtime.clock(), command.code),
    )
    uow.audit("tax_transaction", command.code, {"retried": row.status})
    uow.mark(TAX_PROVIDERS)
    return TaxTransactionView(**_last(uow, command.code)._asdict())


def _last(uow: Uow, code: str, *, lock: bool = False) -> TransactionRow:
    sql = f"SELECT {columns(TransactionRow)} FROM tax_transaction WHERE code = %s ORDER BY document_id DESC LIMIT 1"
    found = uow.first(TransactionRow, f"{sql}{' FOR UPDATE' if lock else ''}", (code,))
    if found is None:
        raise not_found("tax_transaction", code)
    return found


class ToDo(NamedTuple):
    """What is to be done at a provider."""

    document_id: int
    code: str
    provider: Outside
    status: Literal["TO_COMMIT", "TO_VOID"]
    body: Fields


def due_transactions(uow: Uow, limit: int) -> list[ToDo]:
    """What is to be done now, the first document first."""
    sql = f"SELECT {columns(ToDo)} FROM tax_transaction WHERE try_at <= %s ORDER BY try_at, document_id LIMIT %s"
    return uow.all(ToDo, sql, (uow.runtime.clock(), limit))


def next_transaction(uow: Uow) -> dt.datetime | None:
    """Real time; None: nothing is to be done."""
    return uow.scalar(dt.datetime, "SELECT min(try_at) FROM tax_transaction WHERE try_at IS NOT NULL")


@shape
class Done:
    """What came of it. `status` as before: nothing, it is tried again."""

    document_id: int
    code: str
    before: TransactionStatus
    status: TransactionStatus
    failure: str | None = None


@shape
class KeepDone:
    done: tuple[Done, ...]


@operation("tax_transaction.keep", permission="tax.write")
def keep_done(uow: Uow, command: KeepDone) -> None:
    """Store what was done at providers. What was decided otherwise meanwhile, such as that it is taken back, stays to be done."""
    for one in command.done:
        if one.status == one.before:
            uow.run(
                "UPDATE tax_transaction SET failure = %s, tries = tries + 1,"
                " try_at = %s + make_interval(secs => least(%s * 2 ^ least(tries, 10), %s)) WHERE document_id = %s AND status = %s",
                (one.failure, uow.runtime.clock(), FIRST_PAUSE, LONGEST_PAUSE, one.document_id, one.before),
            )
        else:
            uow.run(
                "UPDATE tax_transaction SET status = %s, failure = %s, tries = tries + 1, try_at = NULL, done_at = %s"
                " WHERE document_id = %s AND status = %s",
                (one.status, one.failure, uow.ctx.now(), one.document_id, one.before),
            )
        uow.audit("tax_transaction", one.code, {"status": one.status, "failure": one.failure})
