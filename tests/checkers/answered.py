"""Whether every route of the dialects with paths was answered as published by some test of the whole run, whichever process ran it."""

import sys
from collections.abc import Iterable

Known = tuple[str, str]


def answered() -> list[Known]:
    """Of this process; nothing where no test has asked for anything."""
    module = sys.modules.get("tests.checkers.published")
    return sorted(module.SEEN) if module is not None else []


def unanswered(seen: Iterable[Known]) -> list[str]:
    """The routes that no test has got an answer of."""
    from contor.api.fynn.routes import ROUTES as FYNN
    from contor.api.management.routes import ROUTES as MANAGEMENT
    from contor.api.platform.routes import ROUTES as PLATFORM

    known = set(seen)
    return sorted(f"{row.method} {row.path}" for row in (*PLATFORM, *MANAGEMENT, *FYNN) if (row.method, row.path) not in known)
