"""What a key or a user may do: scopes, which are chosen one by one, and roles, which give several. Pure.

A permission is what an operation asks for (`documents.write`). A scope is its name on the wire (OAuth2, RFC 6749, 3.3).
"""

from collections.abc import Iterable, Mapping
from typing import Literal, cast, get_args

from contor.kernel.context import EVERYTHING
from contor.organizations.rights.fynn import FYNN_SCOPES, FynnScope, spoken_by_fynn

Scope = Literal[
    "nbx-customer-management-read",
    "nbx-customer-management-write",
    "nbx-tenant-management-read",
    "nbx-tenant-management-write",
    "nbx-document-management-read",
    "nbx-document-management-write",
    "nbx-product-management-read",
    "nbx-product-management-write",
    "nbx-contract-order-management-read",
    "nbx-contract-order-management-write",
    "nbx-payment-management-read",
    "nbx-payment-management-write",
    "nbx-accounting-management-read",
    "nbx-accounting-management-write",
    "nbx-tax-management-read",
    "nbx-tax-management-write",
    "nbx-notification-management-read",
    "nbx-notification-management-write",
    "nbx-organization-management-read",
    "nbx-organization-management-write",
    "nbx-audit-management-read",
]
KeyScope = Scope | FynnScope
"""What a key may be given: keys also reach the fynn dialect, which has names of its own."""
_GIVES: Mapping[str, str] = {
    "customer": "customers",
    "tenant": "settings",
    "document": "documents",
    "product": "catalogue",
    "contract-order": "contracts",
    "payment": "payments",
    "accounting": "bookkeeping",
    "tax": "tax",
    "notification": "notifications",
    "organization": "organizations",
    "audit": "audit",
}


def _given_by(scope: str) -> frozenset[str]:
    area, right = scope.removeprefix("nbx-").split("-management-")
    return frozenset(f"{_GIVES[area]}.{kind}" for kind in (("read",) if right == "read" else ("read", "write")))


SCOPES: Mapping[Scope, frozenset[str]] = {scope: _given_by(scope) for scope in get_args(Scope)}
"""Reads need -read, every change -write; -write reads too. The audit trail is only read."""
PLATFORM_SCOPES = tuple(sorted(scope for scope in SCOPES if "-organization-" not in scope))
"""What a client of the platform API gets that asks for none (RFC 6749, 3.3)."""

ADMINISTRATOR, CUSTOM = "ADMINISTRATOR", "CUSTOM"
Role = Literal["ADMINISTRATOR", "ACCOUNTING", "BILLING", "SUPPORT", "READ_ONLY", "CUSTOM"]

READS = frozenset(permission for given in SCOPES.values() for permission in given if permission.endswith(".read"))
_BUSINESS = READS - {"organizations.read", "audit.read"}
ROLES: Mapping[str, frozenset[str]] = {
    ADMINISTRATOR: frozenset({EVERYTHING}),
    "ACCOUNTING": READS | {"bookkeeping.write", "payments.write", "tax.write"},
    "BILLING": _BUSINESS | {"customers.write", "catalogue.write", "contracts.write", "documents.write"},
    "SUPPORT": _BUSINESS | {"customers.write"},
    "READ_ONLY": READS,
}
"""Role -> permissions. Accounting reads all and keeps books, payments and tax; Billing sells and issues; Support looks into the business
and keeps customers; settings, keys and users are the Administrator's. CUSTOM is a list of scopes."""


def permissions_of(scopes: Iterable[str]) -> frozenset[str]:
    """What the scopes give together. Those of fynn give themselves: its dialect alone asks for them."""
    return frozenset(given for scope in scopes for given in ((scope,) if scope in FYNN_SCOPES else SCOPES[cast(Scope, scope)]))


def scopes_of(permissions: Iterable[str]) -> list[Scope]:
    """The scopes that the permissions cover, in the order of `SCOPES`; all of them for who may do everything."""
    held = frozenset(permissions)
    return [scope for scope, given in SCOPES.items() if EVERYTHING in held or given <= held]


def said_of(scope: str) -> str:
    """What the scope allows, in words."""
    area, right = scope.removeprefix("nbx-").split("-management-")
    return f"Read {_GIVES[area]}." if right == "read" else f"Read and change {_GIVES[area]}."


def granted(role: str | None, scopes: Iterable[str] | None) -> frozenset[str]:
    """The permissions of a role, or of scopes; of neither: everything."""
    if role is not None and role != CUSTOM:
        return ROLES[role]
    return permissions_of(scopes) if scopes is not None else ROLES[ADMINISTRATOR]


def within(asked: frozenset[str], held: frozenset[str]) -> frozenset[str]:
    """What is left of what was asked for, where only `held` may be had."""
    if EVERYTHING in held:
        return asked
    return held if EVERYTHING in asked else asked & held


def exceeds(wanted: frozenset[str], held: frozenset[str]) -> bool:
    """Whether somebody who holds `held` would give away more than that."""
    return within(wanted, held | spoken_by_fynn(held)) != wanted


# How much a tenant may ask of an interface that promises its callers a number

Plan = Literal["SOLO", "SOLO_PLUS", "PRO", "PREMIUM", "AUTOMATIC", "UNLIMITED"]
DEFAULT: Plan = "AUTOMATIC"
PLANS: Mapping[str, tuple[int, int] | None] = {
    "SOLO": (50, 3_600),
    "SOLO_PLUS": (100, 3_600),
    "PRO": (500, 3_600),
    "PREMIUM": (1_000, 3_600),
    "AUTOMATIC": (500, 60),
    "UNLIMITED": None,
}
"""Plan -> (requests, within seconds) as FastBill promises them; None: what this server lets anybody ask."""
