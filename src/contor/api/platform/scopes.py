"""OAuth2 scopes of the platform API and the permissions that they give."""

_GIVES = {
    "customer-management": ("customers",),
    "tenant-management": ("settings",),
    "document-management": ("documents",),
    "product-management": ("catalogue",),
    "contract-order-management": ("contracts",),
    "payment-management": ("payments",),
    "accounting-management": ("bookkeeping",),
}
SCOPES: dict[str, frozenset[str]] = {
    f"nbx-{name}-{right}": frozenset(
        f"{noun}.{kind}" for noun in nouns for kind in (("read",) if right == "read" else ("read", "write"))
    )
    for name, nouns in _GIVES.items()
    for right in ("read", "write")
}
"""Reads need -read, every change -write; -write reads too."""


def permissions_of(scopes: list[str]) -> frozenset[str]:
    """What the scopes give together."""
    return frozenset(permission for scope in scopes for permission in SCOPES[scope])


def said_of(scope: str) -> str:
    """What the scope allows, in words."""
    name, _, right = scope.removeprefix("nbx-").rpartition("-")
    nouns = " and ".join(_GIVES[name])
    return f"Read {nouns}." if right == "read" else f"Read and change {nouns}."
