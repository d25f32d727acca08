"""Who sends on a route: one process at a time, for as long as it says that it does. One that is killed is followed soon, and what it
has not said to be delivered is sent again."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications import tables
from contor.notifications.delivering.bodies import Due, Found, with_bodies
from contor.notifications.delivering.mailing import Mailing
from contor.notifications.formats import FORMATS, Format
from contor.notifications.mail.configuration import posting_of
from contor.notifications.routes import (
    NotificationSecurityView,
    security_of,
    signing_key,
    unsealed_credential,
    unsealed_password,
    unsealed_signing_secret,
    view_of,
)
from contor.notifications.types import Policy, mail_address
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

AT_ONCE = 256
"""Notifications of one turn of a route."""
LOOKED_AT = 2_000
"""Notifications that a route looks through in one turn, for those that it wants."""


@shape
class ClaimRoute:
    route_ident: str
    holder: str
    seconds: int


@shape
class KeepRoute:
    route_ident: str
    holder: str
    seconds: int
    url: str
    """Where one sends."""


@shape
class LetGo:
    route_ident: str
    holder: str


class Credentials(NamedTuple):
    """What receivers are told, with the secret in clear."""

    said: NotificationSecurityView
    secret: str
    version: int


class Claimed(NamedTuple):
    """A turn of a route."""

    url: str
    format: str
    policy: Policy
    failures: int
    keys: tuple[bytes, ...]
    credentials: Credentials | None
    due: tuple[Due, ...]
    is_more: bool
    """There may be more to do at once, also where nothing is due of what was looked at."""
    mailing: Mailing | None
    """How it is mailed, where it is."""


class _Route(NamedTuple):
    type: str
    url: str
    format: str
    resends: int
    first_pause_seconds: int
    within_hours: int
    signing_secret: str | None
    former_secret: str | None
    former_until: dt.datetime | None
    user_name: str | None
    password: str | None


class _Held(NamedTuple):
    position: int
    failures: int


@operation("notification_route.claim", permission="notifications.write")
def claim(uow: Uow, command: ClaimRoute) -> Claimed | None:
    """The next turn of a route for who sends on it; None: another one does, or it is paused or gone."""
    now = uow.runtime.clock()
    route = uow.first(
        _Route,
        f"SELECT {columns(_Route)} FROM notification_route WHERE ident = %s AND status = 'ACTIVE'",
        (command.route_ident,),
    )
    if route is None:
        return None
    held = uow.first(
        _Held,
        "UPDATE notification_progress SET holder = %(holder)s, held_until = %(until)s WHERE route_ident = %(route)s"
        " AND (holder = %(holder)s OR holder IS NULL OR held_until < %(now)s) RETURNING position, failures",
        {
            "holder": command.holder,
            "until": now + dt.timedelta(seconds=command.seconds),
            "route": command.route_ident,
            "now": now,
        },
    )
    if held is None:
        return None
    form = FORMATS[route.format]
    is_more = _fan_out(uow, command.route_ident, form, route.type, held.position, now)
    found = _due(uow, command.route_ident, now)
    return Claimed(
        route.url,
        route.format,
        form.policy or Policy(route.resends, route.first_pause_seconds, route.within_hours),
        held.failures,
        _keys(uow, command.route_ident, route, form, now),
        _credentials(uow, command.route_ident, route),
        with_bodies(uow, command.route_ident, form, route.type, found),
        is_more or len(found) == AT_ONCE,
        _mailing(uow, route.url),
    )


@operation("notification_route.keep", permission="notifications.write")
def keep(uow: Uow, command: KeepRoute) -> bool:
    """Say that one still sends there; False: no more, for another one does by now, or it was paused, deleted, or goes elsewhere."""
    until = uow.runtime.clock() + dt.timedelta(seconds=command.seconds)
    sql = (
        "UPDATE notification_progress p SET held_until = %s FROM notification_route r WHERE p.route_ident = %s AND p.holder = %s"
        " AND r.tenant_id = p.tenant_id AND r.ident = p.route_ident AND r.status = 'ACTIVE' AND r.url = %s"
    )
    return uow.run(sql, (until, command.route_ident, command.holder, command.url)) == 1


@operation("notification_route.let_go", permission="notifications.write")
def let_go(uow: Uow, command: LetGo) -> None:
    """Nothing more is to be sent there: another one may take it at once."""
    sql = "UPDATE notification_progress SET holder = NULL, held_until = NULL WHERE route_ident = %s AND holder = %s"
    uow.run(sql, (command.route_ident, command.holder))


class _New(NamedTuple):
    sequence: int
    type: str
    subject: str


class _Later(NamedTuple):
    subject: str
    due_at: dt.datetime


def _fan_out(uow: Uow, route_ident: str, form: Format, pattern: str, position: int, now: dt.datetime) -> bool:
    """Give the next notifications that the route wants their deliveries; whether there are more. Of a subject of which something waits to
    be tried again, nothing is due before that."""
    rows = uow.all(
        _New,
        "SELECT sequence, type, subject FROM notification WHERE sequence > %s ORDER BY sequence LIMIT %s",
        (position, LOOKED_AT),
    )
    if not rows:
        return False
    wanted = form.wanted(pattern, {row.type for row in rows})
    found = [row for row in rows if row.type in wanted]
    taken = found[:AT_ONCE]
    if taken:
        later = _waiting_until(uow, route_ident, {row.subject for row in taken})
        columns = ("route_ident", "sequence", "subject", "status", "tries", "due_at")
        uow.copy(
            tables.notification_delivery,
            columns,
            [(route_ident, row.sequence, row.subject, "WAITING", 0, later.get(row.subject, now)) for row in taken],
        )
    reached = taken[-1].sequence if len(taken) < len(found) else rows[-1].sequence
    uow.run("UPDATE notification_progress SET position = %s WHERE route_ident = %s", (reached, route_ident))
    return len(taken) < len(found) or len(rows) == LOOKED_AT


def _waiting_until(uow: Uow, route_ident: str, subjects: set[str]) -> dict[str, dt.datetime]:
    sql = (
        "SELECT subject, max(due_at) AS due_at FROM notification_delivery WHERE route_ident = %s AND status = 'WAITING'"
        " AND subject = ANY (%s) GROUP BY subject"
    )
    return dict(uow.all(_Later, sql, (route_ident, sorted(subjects))))


def _due(uow: Uow, route_ident: str, now: dt.datetime) -> list[Found]:
    return uow.all(
        Found,
        "SELECT n.ident, n.sequence, n.type, d.subject, n.payload, n.created_at, n.recorded_at, d.tries, d.first_try_at, d.body"
        " FROM notification_delivery d"
        " JOIN notification n ON n.tenant_id = d.tenant_id AND n.sequence = d.sequence"
        " WHERE d.route_ident = %s AND d.status = 'WAITING' AND d.due_at <= %s ORDER BY d.sequence LIMIT %s",
        (route_ident, now, AT_ONCE),
    )


def _keys(uow: Uow, route_ident: str, route: _Route, form: Format, now: dt.datetime) -> tuple[bytes, ...]:
    """The newest first."""
    former = route.former_secret if route.former_until is not None and route.former_until > now else None
    sealed: Sequence[str] = [secret for secret in (route.signing_secret, former) if secret is not None]
    secrets = [unsealed_signing_secret(uow, route_ident, secret) for secret in sealed]
    return tuple(secret.encode() if form.signs_body_alone else signing_key(secret) for secret in secrets)


def _mailing(uow: Uow, url: str) -> Mailing | None:
    if mail_address(url) is None:
        return None
    return Mailing(posting_of(uow, is_of_installation=False), uow.ctx.environment == "TEST")


def _credentials(uow: Uow, route_ident: str, route: _Route) -> Credentials | None:
    """The route's own, else what all receivers are told."""
    if route.user_name is not None and route.password is not None:
        own = NotificationSecurityView(type="BASIC", user_name=route.user_name)
        return Credentials(own, unsealed_password(uow, route_ident, route.password), 0)
    stored = security_of(uow)
    if stored is None or stored.secret is None:
        return None
    return Credentials(view_of(stored), unsealed_credential(uow, stored.secret), stored.version)
