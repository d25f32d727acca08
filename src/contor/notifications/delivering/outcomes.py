"""How tries ended: logged, and what becomes of their notifications."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications import tables
from contor.notifications.delivering.plan import MOST_FAILURES, Verdict
from contor.notifications.events import RoutesPaused
from contor.notifications.recording import SENDING
from contor.runtime.uow import Uow

LONGEST_ANSWER = 2048
"""Bytes of an answer that are kept."""


@shape
class Outcome:
    sequence: int
    subject: str
    tries: int
    """With this one."""
    first_try_at: dt.datetime
    at: dt.datetime
    milliseconds: int
    verdict: Verdict
    due_at: dt.datetime | None = None
    http_status: int | None = None
    failure: str | None = None
    answer: str | None = None


@shape
class RecordOutcomes:
    route_ident: str
    holder: str
    url: str
    outcomes: tuple[Outcome, ...]
    """In the order in which they ended."""


class _Failures(NamedTuple):
    failures: int


@operation("notification_route.record", permission="notifications.write")
def record_outcomes(uow: Uow, command: RecordOutcomes) -> bool:
    """Write down how tries ended; False: another one sends on the route by now, and nothing is written. A route that fails again and again
    is paused."""
    sql = "SELECT failures FROM notification_progress WHERE route_ident = %s AND holder = %s FOR UPDATE"
    held = uow.first(_Failures, sql, (command.route_ident, command.holder))
    if held is None:
        return False
    _log(uow, command)
    _move(uow, command.route_ident, command.outcomes)
    failures = held.failures
    for outcome in command.outcomes:
        failures = 0 if outcome.verdict == "DELIVERED" else failures + 1
    uow.run("UPDATE notification_progress SET failures = %s WHERE route_ident = %s", (failures, command.route_ident))
    if failures >= MOST_FAILURES:
        _pause(uow, command.route_ident, failures, command.outcomes[-1])
    now = uow.runtime.clock()
    if waits := [(outcome.due_at - now).total_seconds() for outcome in command.outcomes if outcome.due_at is not None]:
        uow.mark(SENDING, max(0, int(min(waits)) + 1))
    return True


def _log(uow: Uow, command: RecordOutcomes) -> None:
    columns = ("sequence", "id", "route_ident", "url", "at", "milliseconds", "http_status", "failure", "answer")
    uow.copy(
        tables.notification_attempt,
        columns,
        [
            (
                outcome.sequence,
                number,
                command.route_ident,
                command.url,
                outcome.at,
                outcome.milliseconds,
                outcome.http_status,
                outcome.failure,
                outcome.answer,
            )
            for outcome, number in zip(command.outcomes, uow.next_ids(len(command.outcomes)), strict=True)
        ],
    )


def _move(uow: Uow, route_ident: str, outcomes: Sequence[Outcome]) -> None:
    uow.run(
        "UPDATE notification_delivery d SET status = x.status, tries = x.tries, first_try_at = x.first,"
        " due_at = coalesce(x.due, d.due_at)"
        " FROM unnest(%s::bigint[], %s::text[], %s::integer[], %s::timestamptz[], %s::timestamptz[])"
        " AS x(sequence, status, tries, first, due) WHERE d.route_ident = %s AND d.sequence = x.sequence",
        (
            [outcome.sequence for outcome in outcomes],
            [outcome.verdict for outcome in outcomes],
            [outcome.tries for outcome in outcomes],
            [outcome.first_try_at for outcome in outcomes],
            [outcome.due_at for outcome in outcomes],
            route_ident,
        ),
    )
    waiting = {outcome.subject: outcome.due_at for outcome in outcomes if outcome.verdict == "WAITING"}
    if waiting:  # what comes after them on the same subject waits for them
        uow.run(
            "UPDATE notification_delivery d SET due_at = x.due FROM unnest(%s::text[], %s::timestamptz[]) AS x(subject, due)"
            " WHERE d.route_ident = %s AND d.status = 'WAITING' AND d.subject = x.subject AND d.due_at < x.due",
            (list(waiting), list(waiting.values()), route_ident),
        )


def _pause(uow: Uow, route_ident: str, failures: int, last: Outcome) -> None:
    why = f"HTTP {last.http_status}" if last.http_status is not None else last.failure
    because = f"it failed {failures} times, one upon the other, the last time with: {why}"
    sql = (
        "UPDATE notification_route SET status = 'PAUSED', paused_because = %s, last_modified_at = %s"
        " WHERE ident = %s AND status = 'ACTIVE'"
    )
    if uow.run(sql, (because, uow.ctx.now(), route_ident)):
        uow.audit("notification_route", route_ident, {"status": "PAUSED", "because": because})
        uow.emit(RoutesPaused(route_idents=(route_ident,)))
