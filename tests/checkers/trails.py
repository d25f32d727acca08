"""Whoever changes a row of the business says so: every operation that the tests run is watched."""

import re
import weakref
from collections.abc import Callable
from functools import cache
from typing import Any

import psycopg
import pytest

from contor.kernel.operations import CATALOGUE
from contor.runtime import execute, transaction
from contor.runtime.db import Steady
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow

MACHINERY = frozenset(
    {
        "audit_entry", "directory.audit_entry", "event", "directory.event", "idempotency_key", "directory.work_mark",
        "directory.schedule", "directory.refresh_family", "check_run", "infra.pgqueuer", "infra.pgqueuer_log",
        "row_tally", "notification", "notification_counter", "notification_progress", "notification_delivery",
        "notification_attempt", "notification_term", "mail", "mail_attempt",
    }
)  # fmt: skip
"""Tables that are themselves a trail, or only say what is to be done or which token comes next."""
_WRITE = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+(?!pg_temp)(?:ONLY\s+)?\"?([a-z_.]+)")
_WRITTEN: "weakref.WeakKeyDictionary[psycopg.Connection[Any], set[str]]" = weakref.WeakKeyDictionary()


class WatchingCursor(Steady):
    """Remembers which tables the transaction changed."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        answered = super().execute(query, params, **options)
        if isinstance(query, str):
            if query.startswith("SELECT set_config('"):  # a tenant is entered again
                _WRITTEN.pop(self.connection, None)
            elif self.rowcount > 0 and "FOR UPDATE" not in query:
                _WRITTEN.setdefault(self.connection, set()).update(_writes(query))
        return answered


@cache
def _writes(query: str) -> list[str]:
    return _WRITE.findall(query)


def watch(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every operation fail that changed rows of the business and touched nothing. Before the database is opened."""
    runtime.database._pool.kwargs["cursor_factory"] = WatchingCursor
    monkeypatch.setattr(execute, "write_trail", _watched(execute.write_trail))
    monkeypatch.setattr(transaction, "begun", _forgetting(transaction.begun))
    monkeypatch.setattr(transaction, "_entry", _forgetting(transaction._entry))


def _forgetting(begins: Callable[..., Any]) -> Callable[..., Any]:
    """What a transaction begins with, or enters a tenant by."""

    def forgetting(connection: psycopg.Connection[Any], *args: Any, **named: Any) -> Any:
        _WRITTEN.pop(connection, None)
        return begins(connection, *args, **named)

    return forgetting


def _watched(write_trail: Callable[..., None]) -> Callable[..., None]:
    def watched(uow: Uow, operation: str, *, directory: bool) -> None:
        written = (_WRITTEN.pop(uow.connection, set()) | {one.table for one in uow.left if not one.is_read}) - MACHINERY
        is_kept = operation in CATALOGUE and not CATALOGUE[operation].undone  # what is undone changed nothing
        if is_kept and written and not uow.touched and not any(entered.touched for entered in uow.entered):
            raise AssertionError(f"{operation} changed {sorted(written)} and leaves no trail")
        write_trail(uow, operation, directory=directory)

    return watched
