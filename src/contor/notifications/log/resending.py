"""Notifications are sent again: one, several, or all that a search finds; also those that were delivered, and to routes that came later."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, shape
from contor.notifications import tables
from contor.notifications.formats import FORMATS
from contor.notifications.log.listed import NOTIFICATIONS
from contor.notifications.recording import SENDING
from contor.runtime.query import ListQuery, PageRequest
from contor.runtime.query.listed import listed
from contor.runtime.query.rsql import parse
from contor.runtime.uow import Uow, not_found

MOST = 100_000
"""Notifications of one search."""
AT_ONCE = 1_000


@shape
class ResendBody:
    """Either `idents` or `search`."""

    idents: Annotated[tuple[Ident, ...], Field(max_length=1_000)] = ()
    search: Annotated[str, Field(max_length=4_000)] | None = None
    """As in the list of notifications."""
    route_ident: Ident | None = None
    """The only route that is meant; else all that want them."""


@shape
class Resent:
    notifications: int
    """Those that were found."""
    deliveries: int
    """How often they are sent again, over all routes."""


@dataclass(frozen=True, slots=True)
class ResendNotifications:
    body: ResendBody


@dataclass(frozen=True, slots=True)
class ResendNotification:
    notification_ident: str


class Chosen(NamedTuple):
    sequence: int
    type: str
    subject: str


class _Route(NamedTuple):
    ident: str
    type: str
    format: str
    position: int


@operation("notification.resend", permission="notifications.write")
def resend_notification(uow: Uow, command: ResendNotification) -> Resent:
    """Send a notification again to every route that wants it."""
    found = _named(uow, [command.notification_ident])
    if not found:
        raise not_found("notification", command.notification_ident)
    sent = _again(uow, _routes(uow, None), found)
    if not sent:
        message = f"No route wants {found[0].type}: nothing is sent."
        raise Refused(Kind.CONFLICT, Problem("notification_unrouted", message))
    return _done(uow, 1, sent)


@operation("notification.resend_batch", permission="notifications.write")
def resend_notifications(uow: Uow, command: ResendNotifications) -> Resent:
    """Send the notifications of a list or of a search again."""
    body = command.body
    if bool(body.idents) == (body.search is not None):
        message = "Either idents or search says which notifications are sent again."
        raise Refused(Kind.INVALID, Problem("resend_unclear", message, "idents"))
    routes = _routes(uow, body.route_ident)
    count = sent = 0
    for part in _listed(uow, body.idents) if body.search is None else _searched(uow, body.search):
        count += len(part)
        if count > MOST:
            message = f"finds more than {MOST} notifications; send them again in parts, such as sequence=gt=1;sequence=le={MOST}"
            raise Refused(Kind.INVALID, Problem("too_many_notifications", message, "search"))
        sent += _again(uow, routes, part)
    return _done(uow, count, sent)


def _done(uow: Uow, notifications: int, deliveries: int) -> Resent:
    uow.audit("notification", "resend", {"notifications": notifications, "deliveries": deliveries})
    uow.mark(SENDING)
    return Resent(notifications=notifications, deliveries=deliveries)


def _routes(uow: Uow, ident: str | None) -> list[_Route]:
    """How far each has come stays as it is until the end: what is beyond is sent anyway."""
    rows = uow.all(
        _Route,
        "SELECT r.ident, r.type, r.format, p.position FROM notification_route r JOIN notification_progress p"
        " ON p.tenant_id = r.tenant_id AND p.route_ident = r.ident ORDER BY r.ident FOR UPDATE OF p",
    )
    if ident is None:
        return rows
    if not (found := [row for row in rows if row.ident == ident]):
        raise Refused(Kind.INVALID, Problem("notification_route_unknown", "does not exist", "routeIdent", ident))
    return found


class _Named(NamedTuple):
    ident: str
    sequence: int
    type: str
    subject: str


def _named(uow: Uow, idents: Sequence[str]) -> list[Chosen]:
    rows = uow.all(
        _Named, "SELECT ident, sequence, type, subject FROM notification WHERE ident = ANY (%s) ORDER BY sequence", (list(idents),)
    )
    if missing := sorted(set(idents) - {row.ident for row in rows}):
        problems = [Problem("notification_not_found", f"No notification {ident!r} exists.", "idents", ident) for ident in missing]
        raise Refused(Kind.NOT_FOUND, *problems)
    return [Chosen(*row[1:]) for row in rows]


def _listed(uow: Uow, idents: Sequence[str]) -> Iterator[list[Chosen]]:
    yield _named(uow, idents)


def _searched(uow: Uow, search: str) -> Iterator[list[Chosen]]:
    query = ListQuery(parse(search), (), PageRequest(AT_ONCE))
    while True:
        found: list[Chosen] = []
        page = listed(uow, tables.notification, query, NOTIFICATIONS, Chosen, found.__iadd__)
        yield found
        if page.next_cursor is None:
            return
        query = ListQuery(query.where, (), query.page, page.next_cursor)


class _Later(NamedTuple):
    subject: str
    due_at: dt.datetime


def _again(uow: Uow, routes: Sequence[_Route], found: Sequence[Chosen]) -> int:
    """Let the routes that want them send them; how many deliveries that are."""
    sent, now = 0, uow.runtime.clock()
    for route in routes:
        types = FORMATS[route.format].wanted(route.type, {one.type for one in found})
        wanted = {one.sequence: one.subject for one in found if one.type in types and one.sequence <= route.position}
        sent += sum(one.type in types for one in found)
        if not wanted:
            continue
        later = dict(
            uow.all(
                _Later,
                "SELECT subject, max(due_at) AS due_at FROM notification_delivery WHERE route_ident = %s AND status = 'WAITING'"
                " AND subject = ANY (%s) GROUP BY subject",
                (route.ident, sorted(set(wanted.values()))),
            )
        )
        due = {number: later.get(subject, now) for number, subject in wanted.items()}
        known = uow.column(
            int,
            "UPDATE notification_delivery d SET status = 'WAITING', tries = 0, first_try_at = NULL, due_at = x.due"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS x(sequence, due) WHERE d.route_ident = %s AND d.sequence = x.sequence"
            " RETURNING d.sequence",
            (list(due), list(due.values()), route.ident),
        )
        columns = ("route_ident", "sequence", "subject", "status", "tries", "due_at")
        missing = sorted(wanted.keys() - set(known))
        uow.copy(
            tables.notification_delivery,
            columns,
            [(route.ident, number, wanted[number], "WAITING", 0, due[number]) for number in missing],
        )
    return sent
