"""The whole configuration of notifications: the types that are known, and the end of all of it."""

from dataclasses import dataclass

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.notifications.kinds import known_types
from contor.notifications.types import NotificationType
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class OwnTypes:
    """No input."""


@dataclass(frozen=True, slots=True)
class OwnConfiguration:
    """No input: the caller's tenant."""


@operation("notification_type.list", permission="notifications.read", reads=True)
def list_types(uow: Uow, command: OwnTypes) -> tuple[NotificationType, ...]:
    """Every type that a route can choose."""
    return tuple(known_types())


@operation("notification_configuration.delete", permission="notifications.write")
def delete_configuration(uow: Uow, command: OwnConfiguration) -> None:
    """Routes, what waits on them, and the security configuration go; nothing is written any more. What was written stays for its 30 days,
    and where notifications are written again later their numbers go on."""
    tables = ("notification_delivery", "notification_progress", "notification_route", "notification_security", "notification_term")
    counts = {table: uow.run(f"DELETE FROM {table}") for table in tables}
    if not uow.run("DELETE FROM notification_configuration") + sum(counts.values()):
        message = "No notification configuration exists."
        raise Refused(Kind.NOT_FOUND, Problem("notification_configuration_not_found", message))
    uow.audit("notification_configuration", "", {"deleted": True, "routes": counts["notification_route"]})
