"""Who uses the tenant, the tenant itself, its settings, and what was told."""

from contor.api.fynn.account import notifications, settings, tenant, users
from contor.api.fynn.account.answers import NotificationShown, RoleShown, TenantSettingsShown, UserShown
from contor.api.fynn.kit import route
from contor.api.route import Route, Sought
from contor.notifications.log import NOTIFICATIONS

_READ, _WRITE = "user:read", "user:write"

ROUTES: list[Route] = [
    route("GET", "/users/me", users.me, permission=_READ, id="getCurrentUser", about="user"),
    route(
        "GET",
        "/users",
        users.list_users,
        permission=_READ,
        id="getUsers",
        about="user",
        filterable=users.LISTED,
        sought=users.SOUGHT,
        output=UserShown,
    ),
    route("GET", "/users/{id}", users.get_user, permission=_READ, id="getUser", about="user"),
    route("POST", "/users", users.invite_user, permission=_WRITE, id="inviteUser", about="user", body="body"),
    route("PUT", "/users/{id}/role", users.change_user, permission=_WRITE, id="changeUserRole", about="user", body="body"),
    route("PUT", "/users/{id}/lock", users.lock_user, permission=_WRITE, id="lockUser", about="user"),
    route("PUT", "/users/{id}/unlock", users.unlock_user, permission=_WRITE, id="unlockUser", about="user"),
    route("DELETE", "/users/{id}", users.remove_user, permission=_WRITE, id="deleteUser", about="user"),
    route(
        "GET",
        "/roles",
        users.list_roles,
        permission="role:read",
        id="getRoles",
        about="role",
        filterable=users.LISTED,
        sought=Sought(),
        output=RoleShown,
    ),
    route("GET", "/roles/{id}", users.get_role, permission="role:read", id="getRole", about="role"),
    route("GET", "/tenants/{id}", tenant.get_tenant, permission="tenant:read", id="getTenant", about="tenant"),
    route(
        "PATCH", "/tenants/{id}", tenant.update_tenant, permission="tenant:manager", id="updateTenant", about="tenant", body="body"
    ),
    route(
        "GET",
        "/settings",
        settings.list_contexts,
        permission="settings:read",
        id="getSettings",
        about="settings",
        filterable=users.LISTED,
        sought=Sought(),
        output=TenantSettingsShown,
    ),
    route(
        "GET", "/settings/{context}", settings.get_context, permission="settings:read", id="getSettingsContext", about="settings"
    ),
    route(
        "PATCH",
        "/settings/{context}",
        settings.change_context,
        permission="settings:write",
        id="updateSettingsContext",
        about="settings",
        body="body",
    ),
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
