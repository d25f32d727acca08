"""Which routes have something to send now, and when the next one has."""

import datetime as dt
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow


@shape
class FindDueRoutes:
    holder: str
    """Who asks: what this one holds is not waited for."""


class DueRoutes(NamedTuple):
    routes: tuple[str, ...]
    next_at: dt.datetime | None
    """When to look again (real time); None: nothing waits."""


class _Row(NamedTuple):
    ident: str
    is_behind: bool
    due_at: dt.datetime | None
    held_until: dt.datetime | None


_WAITING = (
    "SELECT {} FROM notification_delivery d WHERE d.tenant_id = r.tenant_id AND d.route_ident = r.ident AND d.status = 'WAITING'"
)


@operation("notification_route.find_due", permission="notifications.read", reads=True)
def find_due_routes(uow: Uow, command: FindDueRoutes) -> DueRoutes:
    """Active routes that are behind the last notification, or have deliveries whose time has come."""
    now = uow.runtime.clock()
    rows = uow.all(
        _Row,
        "SELECT r.ident, p.position + 1 < coalesce((SELECT c.next_sequence FROM notification_counter c), 1) AS is_behind,"
        # the earliest is looked for where none is due yet alone: of many that are due the first one is found at once
        f" CASE WHEN EXISTS ({_WAITING.format('1')} AND d.due_at <= %s) THEN %s ELSE ({_WAITING.format('min(d.due_at)')}) END AS due_at,"
        " CASE WHEN p.holder <> %s THEN p.held_until END AS held_until"
        " FROM notification_route r JOIN notification_progress p ON p.tenant_id = r.tenant_id AND p.route_ident = r.ident"
        " WHERE r.status = 'ACTIVE' ORDER BY r.ident",
        (now, now, command.holder),
    )
    routes, later = [], list[dt.datetime]()
    for row in rows:
        if not row.is_behind and (row.due_at is None or row.due_at > now):
            later += [row.due_at] if row.due_at is not None else []
        elif row.held_until is not None and row.held_until > now:
            later.append(row.held_until)
        else:
            routes.append(row.ident)
    return DueRoutes(tuple(routes), min(later, default=None))
