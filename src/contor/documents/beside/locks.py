"""Lock a document: nobody corrects it by hand any more.

What was issued never changes anyhow (section 14 UStG, GoBD). Who locks a document says more: it was handed over, to a tax adviser or with
a filed return, and whoever finds a fault asks first. So a locked document is not cancelled, reissued or corrected by a person until
somebody unlocks it; both are in the trail. It is paid, dunned, mailed and commented as before. What the law or a contract brings about goes
on as well: billing credits what ends, and a credit memo that somebody asks for by its rows is issued, for tax that is not owed has to be
taken back (sections 14c and 17 UStG).
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from contor.documents.beside import tables
from contor.documents.naming import Named, documents_named, the_document
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class OneLock:
    document_ident: str


@shape
class LockView:
    document_ident: str
    document_id: int
    is_locked: bool
    locked_at: dt.datetime | None = None
    locked_by: str | None = None
    """As the audit trail names people and keys."""


class Lock(NamedTuple):
    document_id: int
    locked_at: dt.datetime
    locked_by: str


@operation("document_lock.set", permission="documents.write")
def lock_document(uow: Uow, command: OneLock) -> LockView:
    """Lock a document; one that is locked stays so."""
    row = _named(uow, command)
    lock = {"document_id": row.id, "locked_by": uow.ctx.actor, "locked_at": uow.ctx.now()}
    if uow.insert_once(tables.document_lock, lock):
        uow.audit("document", row.ident, {"locked": True})
    return _view(uow, row)


@operation("document_lock.remove", permission="documents.write")
def unlock_document(uow: Uow, command: OneLock) -> LockView:
    """Unlock a document, so that it can be corrected."""
    row = _named(uow, command)
    if uow.run("DELETE FROM document_lock WHERE document_id = %s", (row.id,)):
        uow.audit("document", row.ident, {"locked": False})
    return _view(uow, row)


@operation("document_lock.get", permission="documents.read", reads=True)
def get_lock(uow: Uow, command: OneLock) -> LockView:
    """Whether a document is locked, since when and by whom."""
    return _view(uow, _named(uow, command))


def locks_on(uow: Uow, ids: Collection[int]) -> dict[int, Lock]:
    """Of these documents those that are locked."""
    sql = f"SELECT {columns(Lock)} FROM document_lock WHERE document_id = ANY (%s)"
    return {row.document_id: row for row in uow.all(Lock, sql, (sorted(ids),))} if ids else {}


def require_unlocked(uow: Uow, document_id: int, ident: str) -> None:
    """Raises CONFLICT."""
    if (lock := locks_on(uow, [document_id]).get(document_id)) is not None:
        message = f"{ident} was locked on {lock.locked_at.date()} by {lock.locked_by}: unlock it first to correct it."
        raise Refused(Kind.CONFLICT, Problem("document_locked", message, "documentIdent", ident))


def _named(uow: Uow, command: OneLock) -> Named:
    name = command.document_ident
    return the_document(uow, name, documents_named(uow, [name])[name])


def _view(uow: Uow, row: Named) -> LockView:
    lock = locks_on(uow, [row.id]).get(row.id)
    return LockView(
        document_ident=row.ident,
        document_id=row.id,
        is_locked=lock is not None,
        locked_at=lock.locked_at if lock else None,
        locked_by=lock.locked_by if lock else None,
    )
