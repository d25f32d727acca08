"""The log of notifications: what was told, to whom, and how that went."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.notifications import tables
from contor.runtime.query import FilterField, ListQuery, Page, any_named, searchable
from contor.runtime.query.filterable import CHOICE, TEXT
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class ListNotifications:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneNotification:
    notification_ident: str


@shape
class NotificationAttempt:
    time: dt.datetime
    """Real time, whatever the tenant's clock says."""
    route_ident: str
    url: str
    http_status: int | None = None
    failure: str | None = None
    """Why there was no answer."""
    milliseconds: int
    answer: str | None = None
    """The first 2 KB of it."""


@shape
class NotificationDelivery:
    route_ident: str
    url: str
    status: str
    tries: int
    """Since it was to be sent, or to be sent again."""
    next_try_at: dt.datetime | None = None
    """Of one that waits."""
    body: str | None = None
    """What is sent, where the form of the route writes its own."""


@shape
class NotificationView:
    ident: str
    sequence: int
    """Without gaps over all notifications of the tenant, in the order of the commits."""
    type: str
    subject: str
    """What it is about: notifications of one subject are sent in their order."""
    payload: Fields
    """As it is sent."""
    url: str | None = None
    """Where it goes, if there is one place only."""
    status: Literal["WAITING", "FAILED", "DELIVERED"] | None = None
    """Not there where no route wanted it so far."""
    deliveries: tuple[NotificationDelivery, ...] = ()
    attempts: tuple[NotificationAttempt, ...] = ()
    created_at: dt.datetime


_READ = msgspec.json.Decoder(Fields, float_hook=Decimal).decode
_STATES: tuple[Literal["WAITING", "FAILED", "DELIVERED"], ...] = ("WAITING", "FAILED", "DELIVERED")
"""Of several deliveries the first of these says how it stands with all."""
NOTIFICATIONS = searchable(
    tables.notification,
    NotificationView,
    ("ident", "sequence", "type", "subject", "created_at"),
    default_sort="sequence",
    places={
        "status": replace(
            any_named(tables.notification.c.sequence, tables.notification_delivery, "sequence", "status"),
            type=CHOICE,
            choices=_STATES,
        )
    },
)
"""A notification is found by how it stands with any of its deliveries."""
# codes called so are in capitals elsewhere, whatever a search writes
NOTIFICATIONS.fields["type"] = FilterField(tables.notification.c.type, TEXT)


class NotificationRow(NamedTuple):
    ident: str
    sequence: int
    type: str
    subject: str
    payload: str
    created_at: dt.datetime


class _Delivery(NamedTuple):
    sequence: int
    route_ident: str
    url: str
    status: str
    tries: int
    due_at: dt.datetime
    body: str | None


class _Attempt(NamedTuple):
    sequence: int
    at: dt.datetime
    route_ident: str
    url: str
    http_status: int | None
    failure: str | None
    milliseconds: int
    answer: str | None


@operation("notification.list", permission="notifications.read", reads=True)
def list_notifications(uow: Uow, command: ListNotifications) -> Page:
    """What was told, the earliest first: who has seen it up to a number reads on from there."""
    return listed(uow, tables.notification, command.query, NOTIFICATIONS, NotificationRow, lambda rows: views_of(uow, rows))


@operation("notification.get", permission="notifications.read", reads=True)
def get_notification(uow: Uow, command: OneNotification) -> NotificationView:
    """One notification with its payload and every try."""
    sql = f"SELECT {columns(NotificationRow)} FROM notification WHERE ident = %s"
    row = uow.first(NotificationRow, sql, (command.notification_ident,))
    if row is None:
        raise not_found("notification", command.notification_ident)
    return views_of(uow, [row])[0]


def views_of(uow: Uow, rows: Sequence[NotificationRow]) -> list[NotificationView]:
    sequences = [row.sequence for row in rows]
    deliveries: dict[int, list[_Delivery]] = defaultdict(list)
    for delivery in uow.all(
        _Delivery,
        "SELECT d.sequence, d.route_ident, r.url, d.status, d.tries, d.due_at, d.body FROM notification_delivery d"
        " JOIN notification_route r ON r.tenant_id = d.tenant_id AND r.ident = d.route_ident"
        " WHERE d.sequence = ANY (%s) ORDER BY d.sequence, d.route_ident",
        (sequences,),
    ):
        deliveries[delivery.sequence].append(delivery)
    attempts: dict[int, list[_Attempt]] = defaultdict(list)
    sql = f"SELECT {columns(_Attempt)} FROM notification_attempt WHERE sequence = ANY (%s) ORDER BY sequence, at, id"
    for attempt in uow.all(_Attempt, sql, (sequences,)):
        attempts[attempt.sequence].append(attempt)
    return [_view(row, deliveries[row.sequence], attempts[row.sequence]) for row in rows]


def _view(row: NotificationRow, deliveries: Sequence[_Delivery], attempts: Sequence[_Attempt]) -> NotificationView:
    return NotificationView(
        ident=row.ident,
        sequence=row.sequence,
        type=row.type,
        subject=row.subject,
        payload=_READ(row.payload),
        url=deliveries[0].url if len(deliveries) == 1 else None,
        status=_status({delivery.status for delivery in deliveries}),
        deliveries=tuple(
            NotificationDelivery(
                route_ident=one.route_ident,
                url=one.url,
                status=one.status,
                tries=one.tries,
                next_try_at=one.due_at if one.status == "WAITING" else None,
                body=one.body,
            )
            for one in deliveries
        ),
        attempts=tuple(
            NotificationAttempt(
                time=one.at,
                route_ident=one.route_ident,
                url=one.url,
                http_status=one.http_status,
                failure=one.failure,
                milliseconds=one.milliseconds,
                answer=one.answer,
            )
            for one in attempts
        ),
        created_at=row.created_at,
    )


def _status(found: Collection[str]) -> Literal["WAITING", "FAILED", "DELIVERED"] | None:
    return next((status for status in _STATES if status in found), None)
