"""`execute`: the only door. Permission, validation, transaction, tenant, idempotency, audit, events and dry run live here, once."""

import copy
import dataclasses
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from decimal import Decimal
from functools import cache
from typing import Any, Never, TypeVar, overload

import msgspec
import psycopg
from psycopg import errors as pg
from pydantic import TypeAdapter, ValidationError

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.exact import AGREEING
from contor.kernel.operations import Operation
from contor.kernel.partial import Content, patched
from contor.kernel.shapes import Sent
from contor.runtime.blobs import BlobStore, PassingBlobs
from contor.runtime.config import Config
from contor.runtime.db import Database
from contor.runtime.idempotency import keep_answer, known_answer, may_be_keyed
from contor.runtime.refusals import problems_of
from contor.runtime.secrets import Secrets
from contor.runtime.tracing import span
from contor.runtime.transaction import enter_again, transaction, write_trail
from contor.runtime.uow import Installation, Uow

T = TypeVar("T")
ATTEMPTS = 4


class _Undo(Exception):
    """Raised inside the transaction of a dry run: everything ran for real, nothing stays."""


class Runtime(Installation):
    """What every process of Contor holds, and the door to all operations."""

    def __init__(
        self,
        config: Config,
        database: Database,
        blobs: BlobStore,
        secrets: Secrets,
        enqueue_followers: Callable[[Uow, Iterable[object]], None] = lambda uow, facts: None,
    ) -> None:
        """`enqueue_followers` stores the jobs that follow from events."""
        super().__init__(config, database, blobs, secrets)
        self.enqueue_followers = enqueue_followers

    def execute(
        self,
        operation: Operation[Never, T],
        command: object,
        caller: Caller,
        *,
        key: str | None = None,
        dry_run: bool = False,
        render: Callable[[object], object] | None = None,
    ) -> T:
        """Run `operation` for `caller` in one transaction, and answer its result (rendered inside the transaction).

        `command` is the operation's input, or what validates to it. With `key`, a repetition with the same input answers the
        first result; with another input it is refused. Raises `Refused`; anything else is a bug."""
        if dry_run and not operation.permission:
            raise Refused(Kind.INVALID, Problem("dry_run_unknown", "Credentials are not tried: a dry run of a login is none."))
        require_permission(operation, caller)
        with span(operation.name, tenant=caller.tenant_id, request_id=caller.request_id):
            made = validated(operation.input, command)
            brought = None if operation.asks is None else operation.asks(self, made, caller)
            answer = self._tried(operation, made, caller, key, dry_run, render, brought)
            further = operation.then(self, caller, answer) if operation.then is not None and not dry_run else None
            return answer if further is None else render(further) if render else further  # type: ignore[return-value]  # as it answers

    def _tried(
        self,
        operation: Operation[Never, T],
        made: Any,
        caller: Caller,
        key: str | None,
        dry_run: bool,
        render: Callable[[object], object] | None,
        brought: object,
    ) -> T:
        """The operation, begun again as long as others were in its way."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer: T = self._attempt(operation, made, caller, key, dry_run, render, brought)
                return answer
            except (pg.DeadlockDetected, pg.SerializationFailure, pg.LockNotAvailable) as error:  # nothing of it is left
                if attempt == ATTEMPTS or not self.database.may_begin_again(error, caller.tenant_id):
                    raise refusal_of(error, operation) from error
                time.sleep(0.02 * attempt)
            except pg.UniqueViolation as error:
                # who had it a moment before is there by now: the operation itself finds him, and says of which field it is
                if attempt > 1:
                    raise refusal_of(error, operation) from error
            except psycopg.Error as error:
                raise refusal_of(error, operation) from error
        raise AssertionError("unreachable")

    def _attempt(
        self,
        operation: Operation[Never, T],
        command: Any,
        caller: Caller,
        key: str | None,
        dry_run: bool,
        render: Callable[[object], object] | None,
        brought: object,
    ) -> Any:
        answer: object = None
        refused: Refused | None = None
        try:
            passing = self._passing() if dry_run or operation.undone else self
            how = {"directory": operation.directory, "reads": operation.reads, "few": operation.few}
            with transaction(passing, caller, snapshot=operation.reads, **how) as uow:
                uow.brought = brought
                keyed = key if may_be_keyed(operation, caller) else None
                if keyed is not None and (known := known_answer(uow, operation, command, keyed)) is not None:
                    return known["answer"]
                try:
                    result = operation.function(uow, command)
                except Refused as error:
                    if not error.stays:
                        raise
                    refused = error
                for step in uow.last_steps:  # a step may add further ones, which this loop reaches
                    step()
                if refused is None:
                    answer = render(result) if render else result
                if not operation.reads:
                    self._leave_trail(uow, operation)
                if keyed is not None and refused is None:
                    keep_answer(uow, operation, keyed, answer)
                if dry_run or operation.undone:
                    raise _Undo
        except _Undo:
            pass
        if refused is not None:
            raise refused
        return answer

    def _passing(self) -> Installation:
        """This installation for a transaction of which nothing stays: not even its files, which are on disk before a commit."""
        passing = copy.copy(self)
        passing.blobs = PassingBlobs(self.blobs)
        return passing

    def _leave_trail(self, uow: Uow, operation: Operation[Never, object]) -> None:
        """Of the transaction's own tenant or of the directory, and of each tenant that it entered."""
        write_trail(uow, operation.name, directory=operation.directory)
        self.enqueue_followers(uow, uow.events)
        for entered in uow.entered:
            if entered.touched or entered.events or entered.marks or entered.grown or entered.left:
                enter_again(entered)
                write_trail(entered, operation.name, directory=False)
                self.enqueue_followers(entered, entered.events)

    def transaction(
        self, caller: Caller, *, directory: bool = False, reads: bool = False, snapshot: bool = False
    ) -> AbstractContextManager[Uow]:
        """A transaction outside of an operation, see `contor.runtime.transaction`."""
        return transaction(self, caller, directory=directory, reads=reads, snapshot=snapshot)


_AREAS: Mapping[str, str] = {
    "catalogue": "options and plans",
    "contracts": "contracts and orders",
    "bookkeeping": "the books",
    "audit": "the audit trail",
}
"""What the areas of permissions are called where they have no name of their own."""


def require_permission(operation: Operation[Never, object], caller: Caller) -> None:
    """Raises FORBIDDEN where the caller may not do this."""
    if operation.permission and not caller.may(operation.permission):
        area, _, right = operation.permission.partition(".")
        message = f"This needs the right to {'read' if right == 'read' else 'change'} {_AREAS.get(area, area)}."
        raise Refused(Kind.FORBIDDEN, Problem("permission_missing", message))


_BUILDING = threading.RLock()
"""Validators are built one after the other: Pydantic reads the source of shapes, and Python's parser fails where two threads are in it."""


@cache
def adapter(kind: Any) -> TypeAdapter[object]:
    """The validator of a shape, built once."""
    with _BUILDING:
        return TypeAdapter(kind)


def agreed(kind: object, content: object, *, by_alias: bool, context: object) -> object | None:
    """What `adapter` makes of plain values, in half of the time; None: they are not right, or this shape is not made so. The rules of
    each field are the same, but no finding is kept, and msgspec makes all the objects at once instead of Pydantic one by one."""
    judge = _agreeing(kind) if isinstance(kind, type) and issubclass(kind, Sent) else None
    if judge is None:
        return None
    try:
        found: object = msgspec.convert(
            judge.validate_python(content, by_alias=by_alias, by_name=not by_alias, context=context), kind
        )
        return found
    except (ValidationError, msgspec.ValidationError):
        return None


@cache
def _agreeing(kind: type[Sent]) -> TypeAdapter[object]:
    token = AGREEING.set(True)
    try:
        with _BUILDING:
            return TypeAdapter(kind)
    finally:
        AGREEING.reset(token)


@overload
def validated(kind: type[T], command: object) -> T: ...


@overload
def validated(kind: object, command: object) -> object: ...


def validated(kind: object, command: object) -> object:
    """`command` as an instance of `kind`; what is one already was validated when it was made at the border."""
    if kind is None or kind is type(None) or (isinstance(kind, type) and isinstance(command, kind)):
        return command
    return _judged(kind, command, published=False)


def _judged(kind: object, command: object, *, published: bool) -> object:
    """`published`: findings name the fields as callers know them, which may be other names than ours."""
    try:
        return adapter(kind).validate_python(command, by_alias=published, by_name=True)
    except ValidationError as error:
        raise Refused(Kind.INVALID, *problems_of(error)) from None


def changed(kind: type[T], value: object, patch: Content) -> T:
    """A `kind`, a shape whose fields `value` has, with what the patch says instead (RFC 7396); every finding where that is no `kind`."""
    names = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type]  # every shape is a dataclass
    plain = {name: msgspec.to_builtins(getattr(value, name), builtin_types=(Decimal, dt.date)) for name in names}
    made = _judged(kind, patched(patched({}, plain), patch), published=True)
    assert isinstance(made, kind)
    return made


_PASSING = (psycopg.OperationalError, psycopg.InterfaceError, pg.ReadOnlySqlTransaction)
"""Not the request's fault: a lock or connection not had in time, deadlocks, cancelled statements, a full disk, a server that restarts."""


def is_passing(error: BaseException) -> bool:
    """Whether an error says nothing about the command that met it: the same may go well in a while."""
    if isinstance(error, Refused):
        return error.kind is Kind.UNAVAILABLE
    return isinstance(error, (*_PASSING, OSError, MemoryError))


def is_finding(error: BaseException) -> bool:
    """Whether it says what is wrong with the command. What only the database refused, no rule foresaw: a fault of ours."""
    return isinstance(error, Refused) and not is_passing(error) and not isinstance(error.__cause__, psycopg.Error)


def is_lock(error: BaseException) -> bool:
    """Whether it only waited too long for somebody else."""
    return isinstance(error.__cause__, pg.LockNotAvailable)


def refusal_of(error: psycopg.Error, operation: Operation[Never, object]) -> Exception:
    """What the database refuses, as the refusal it means; an unexpected error stays what it is: a bug."""
    noun = operation.thing
    if isinstance(error, pg.UniqueViolation):
        return Refused(Kind.CONFLICT, Problem(f"{noun}_exists", f"This {noun.replace('_', ' ')} exists already."))
    if isinstance(error, pg.ForeignKeyViolation):
        # the same violation from the other end: what is deleted is referred to, or what is written refers to nothing
        if operation.deletes:
            return Refused(Kind.CONFLICT, Problem(f"{noun}_in_use", f"This {noun.replace('_', ' ')} is in use."))
        return Refused(Kind.INVALID, Problem("reference_unknown", "A thing that is referred to does not exist."))
    if isinstance(error, pg.LockNotAvailable):
        return Refused(Kind.UNAVAILABLE, Problem("try_again", "Somebody else is changing the same just now; try again."))
    # an operation that says it reads and writes is a bug; any other meets a server that is only a copy just now
    if isinstance(error, _PASSING) and not (operation.reads and isinstance(error, pg.ReadOnlySqlTransaction)):
        return Refused(Kind.UNAVAILABLE, Problem("try_again", "The server is busy; try again."))
    # psycopg itself refuses a NUL, before the server sees it: only then the class has no SQLSTATE of its own
    if isinstance(error, (pg.UntranslatableCharacter, pg.CharacterNotInRepertoire)) or type(error) is psycopg.DataError:
        return Refused(Kind.INVALID, Problem("character_invalid", "A text has a character that cannot be stored."))
    if isinstance(error, (pg.NumericValueOutOfRange, pg.CheckViolation)):
        return Refused(Kind.INVALID, Problem("value_out_of_range", "A value is out of range."))
    return error
