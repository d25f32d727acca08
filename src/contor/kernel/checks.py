"""Executable invariants: run by `contor check`, nightly, and after every random step of the property tests."""

from collections.abc import Callable, Iterable
from typing import Any

Check = Callable[[Any], Iterable[str]]

CHECKS: dict[str, Check] = {}
"""Every check by name (`package.sentence_that_must_hold`). A check yields one sentence for each thing found wrong."""


def check(name: str) -> Callable[[Check], Check]:
    """Declare the decorated `(uow) -> findings` as an invariant of one tenant."""

    def declare(function: Check) -> Check:
        if name in CHECKS:
            raise ValueError(f"check {name} is declared twice")
        CHECKS[name] = function
        return function

    return declare
