"""What was told to receivers, as a list: the model of a list and of a thing with a payload."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from contor.api.fynn.account.answers import NotificationShown
from contor.api.fynn.manners import known_when
from contor.api.route import By, Sought
from contor.kernel.operations import operation
from contor.notifications.log import (
    ListNotifications,
    NotificationView,
    OneNotification,
    get_notification,
    list_notifications,
)
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow

_WORDS: Final = {"waiting": "WAITING", "failed": "FAILED", "delivered": "DELIVERED"}
SOUGHT: Final = Sought(
    by={
        "id": By(field="ident"),
        "type": By(field="type"),
        "status": By(field="status", words=_WORDS),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"createdAt": "created_at", "sequence": "sequence"},
)


@dataclass(frozen=True, slots=True)
class Listed:
    query: ListQuery


@operation("fynn.notification_list", permission="notifications.read", reads=True)
def list_told(uow: Uow, command: Listed) -> Page:
    """Notifications, the earliest first."""
    page = list_notifications(uow, ListNotifications(command.query))
    return replace(page, items=tuple(_shown(cast(Sequence[NotificationView], page.items))))


@operation("fynn.notification_get", permission="notifications.read", reads=True)
def get_told(uow: Uow, command: OneNotification) -> NotificationShown:
    """One notification."""
    return _shown([get_notification(uow, command)])[0]


def _shown(found: Sequence[NotificationView]) -> list[NotificationShown]:
    return [
        NotificationShown(
            id=one.ident,
            sequence=one.sequence,
            type=one.type,
            status=cast(Literal["waiting", "failed", "delivered"] | None, one.status and one.status.lower()),
            url=one.url,
            tries=sum(delivery.tries for delivery in one.deliveries),
            payload=one.payload,
            created_at=known_when(one.created_at),
        )
        for one in found
    ]
