"""Notifications and where they go, in `/v2`."""

from contor.api.kit import resource_route, route
from contor.api.route import Route
from contor.notifications import log, routes

_NOTIFICATIONS = "/v2/notifications"
_ONE = f"{_NOTIFICATIONS}/{{notificationIdent}}"
_CONFIGURATION = f"{_NOTIFICATIONS}/configuration"
_ROUTES, _SECURITY = f"{_CONFIGURATION}/routes", f"{_CONFIGURATION}/security"
_ROUTE = f"{_ROUTES}/{{routeIdent}}"

NOTIFICATION_ROUTES: list[Route] = [
    route("GET", _NOTIFICATIONS, log.list_notifications, filterable=log.NOTIFICATIONS, output=log.NotificationView),
    route("POST", f"{_NOTIFICATIONS}/actions/resend", log.resend_notifications, 202, body="body", id="resendNotifications"),
    resource_route("GET", _ROUTES, routes.ROUTES, "list", 200),
    resource_route("POST", _ROUTES, routes.ROUTES, "create", 201),
    resource_route("GET", _ROUTE, routes.ROUTES, "get", 200),
    resource_route("PUT", _ROUTE, routes.ROUTES, "update", 200),
    resource_route("DELETE", _ROUTE, routes.ROUTES, "delete", 204),
    route("GET", f"{_CONFIGURATION}/types", routes.list_types),
    route("GET", _SECURITY, routes.get_security),
    route("PUT", _SECURITY, routes.update_security, body="body"),
    route("POST", _SECURITY, routes.create_security, 201, body="body"),
    route("DELETE", _CONFIGURATION, routes.delete_configuration, 204),
    route("GET", _ONE, log.get_notification),
    route("POST", f"{_ONE}/actions/resend", log.resend_notification, 202),
]
