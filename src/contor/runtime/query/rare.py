"""What few tenants have at all: in a transaction about a few things one statement asks for all of it, when something of it is asked for."""

from contor.runtime.uow import Uow

_TABLES: list[str] = []
_ASKED = "has_any"


def rare(table: str) -> str:
    """Declare a table of which most tenants have no row, and which nobody changes in an operation about a few things that asks for it."""
    _TABLES.append(table)
    return table


def has_any(uow: Uow, table: str) -> bool:
    """Whether the tenant has a row in a `rare` table."""
    if not uow.few:
        return uow.scalar(bool, f"SELECT EXISTS (SELECT 1 FROM {table})") is True
    known = uow.readings.held(_ASKED)
    if not isinstance(known, dict):
        row = uow.execute(f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {name})' for name in _TABLES)}").fetchone()
        known = uow.readings.hold(_ASKED, dict(zip(_TABLES, row or (), strict=True)))
    return bool(known[table])
