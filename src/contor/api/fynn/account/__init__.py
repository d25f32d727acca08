"""Who uses the tenant, and the tenant itself."""

from contor.api.fynn.account.users import me
from contor.api.fynn.kit import route
from contor.api.route import Route

ROUTES: list[Route] = [
    route("GET", "/users/me", me, permission="user:read", id="getCurrentUser", about="user"),
]
