"""Requests that would still become documents of a time that somebody wants to be over."""

import datetime as dt
from typing import NamedTuple

from contor.documents.queries import requested
from contor.runtime.uow import Uow

MOST_READ = 10_000
"""Requests that are looked into; who has more waits for them first."""


class Unfinished(NamedTuple):
    """Requests that wait: those to be issued, those that failed for a fault of ours and are tried again, and those whose VAT ids are to be
    confirmed first, by whom we cannot hurry."""

    waiting: tuple[str, ...]
    failing: tuple[str, ...]
    held: tuple[str, ...]
    more: int
    """Those that were not looked into."""


class _Waiting(NamedTuple):
    request_id: str
    failures: int
    is_held: bool
    payload: bytes
    arrived_before: bool


def unfinished_until(uow: Uow, day: dt.date) -> Unfinished:
    """The requests whose document would be dated on `day` or before: that say so, or say nothing and arrived by then."""
    after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), uow.ctx.zone)
    rows = uow.all(
        _Waiting,
        "SELECT r.request_id, q.failures, q.waits_for IS NOT NULL AS is_held, r.payload, r.received_at < %s AS arrived_before"
        " FROM document_queue q"
        " CROSS JOIN LATERAL (SELECT r.request_id, r.payload, r.received_at FROM document_request r"
        " WHERE r.tenant_id = q.tenant_id AND r.request_id = q.request_id LIMIT 1) r"
        " ORDER BY q.id LIMIT %s",
        (after, MOST_READ),
    )
    found = [row for row in rows if _is_dated_by(row, day)]
    more = 0
    if len(rows) == MOST_READ:
        more = (uow.scalar(int, "SELECT count(*) FROM document_queue") or 0) - MOST_READ
    held = tuple([row.request_id for row in found if row.is_held])
    waiting, failing = (
        tuple([row.request_id for row in found if bool(row.failures) is fails and not row.is_held]) for fails in (False, True)
    )
    return Unfinished(waiting, failing, held, max(more, 0))


def _is_dated_by(row: _Waiting, day: dt.date) -> bool:
    dated = requested(row.payload).document_date
    return row.arrived_before if dated is None else dated <= day
