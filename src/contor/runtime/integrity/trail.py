"""What the trail said of things, for checks of what stands nowhere else."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow


class _Said(NamedTuple):
    subject_ident: str
    said: str | None


def said_last(uow: Uow, subject_kind: str, key: str, beside: str | None = None) -> dict[str, str | None]:
    """The last value of `key` in the changes of each thing of a kind, as text; `beside`: of changes that say this key, too."""
    return dict(
        uow.all(
            _Said,
            "SELECT DISTINCT ON (subject_ident) subject_ident, change->>%(key)s AS said FROM audit_entry WHERE subject_kind = %(kind)s"
            " AND change->>%(beside)s IS NOT NULL ORDER BY subject_ident, id DESC",
            {"kind": subject_kind, "key": key, "beside": beside or key},
        )
    )


class _Often(NamedTuple):
    subject_ident: str
    times: int


def said_often(uow: Uow, subject_kind: str, key: str) -> dict[str, int]:
    """How often changes of each thing of a kind say something of `key`."""
    sql = (
        "SELECT subject_ident, count(*) AS times FROM audit_entry WHERE subject_kind = %s AND change->>%s IS NOT NULL"
        " GROUP BY subject_ident"
    )
    return dict(uow.all(_Often, sql, (subject_kind, key)))


class Change(NamedTuple):
    """A change of a thing, as the trail tells it."""

    subject_ident: str
    at: dt.datetime
    change: Mapping[str, Any]


def changes_that_say(uow: Uow, subject_kind: str, key: str) -> list[Change]:
    """Every change of a thing of this kind that says something of `key`, in order."""
    return uow.all(
        Change,
        "SELECT subject_ident, at, change FROM audit_entry WHERE subject_kind = %s AND change->>%s IS NOT NULL ORDER BY id",
        (subject_kind, key),
    )


class TrailRow(NamedTuple):
    """An entry of the trail."""

    id: int
    at: dt.datetime
    actor: str
    operation: str
    request_id: str
    subject_kind: str | None
    subject_ident: str | None
    change: str | None
    """JSON, as it was written then."""


def trail_between(
    uow: Uow, first: dt.datetime, until: dt.datetime, mark: int, kinds: Sequence[str] | None = None, *, name: str = "trail"
) -> Iterator[TrailRow]:
    """What was done from `first` on and before `until`, in order, in constant memory; none whose id is not below `mark`. `kinds`: of things
    of these kinds alone."""
    sql = (
        "SELECT id, at, actor, operation, request_id, subject_kind, subject_ident, change::text AS change FROM audit_entry"
        " WHERE at >= %(first)s AND at < %(until)s AND id < %(mark)s"
        " AND (%(kinds)s::text[] IS NULL OR subject_kind = ANY (%(kinds)s)) ORDER BY id"
    )
    given = {"first": first, "until": until, "mark": mark, "kinds": None if kinds is None else list(kinds)}
    return streamed(uow, TrailRow, sql, given, name=name)
