"""Waiting for what comes at the machine's own speed: by condition, with a bound that only says that something hangs."""

import time
from collections.abc import Callable
from typing import Any

MINUTES = 600
"""Seconds."""


def eventually(holds: Callable[[], Any]) -> bool:
    """Whether it comes to hold at all."""
    deadline = time.monotonic() + MINUTES
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


def until(true: Callable[[], Any], what: str) -> None:
    """Fails with `what` where it does not."""
    assert eventually(true), f"it hangs: {what}"
