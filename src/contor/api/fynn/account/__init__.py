"""Who uses the tenant, the tenant itself, and what was told."""

from contor.api.fynn.account import notifications
from contor.api.fynn.account.answers import NotificationShown
from contor.api.fynn.account.users import me
from contor.api.fynn.kit import route
from contor.api.route import Route
from contor.notifications.log import NOTIFICATIONS

ROUTES: list[Route] = [
    route("GET", "/users/me", me, permission="user:read", id="getCurrentUser", about="user"),
    route(
        "GET",
        "/notifications",
        notifications.list_told,
        permission="notification:read",
        id="getNotifications",
        about="notification",
        filterable=NOTIFICATIONS,
        sought=notifications.SOUGHT,
        output=NotificationShown,
    ),
    route(
        "GET",
        "/notifications/{id}",
        notifications.get_told,
        permission="notification:read",
        id="getNotification",
        about="notification",
        rename={"id": "notification_ident"},
    ),
]
