"""Executable invariants: run by `contor check`, nightly, and after every random step of the property tests."""

from collections.abc import Callable, Iterable
from typing import Any

Check = Callable[[Any], Iterable[str]]

CHECKS: dict[str, Check] = {}
"""Every check by name (`package.sentence_that_must_hold`). A check yields one sentence for each thing found wrong."""


ON_DEMAND: dict[str, Check] = {}
"""Checks that take long, e.g. because they read every file: run when they are asked for, and never at night."""


def check(name: str, *, on_demand: bool = False) -> Callable[[Check], Check]:
    """Declare the decorated `(uow) -> findings` as an invariant of one tenant."""

    def declare(function: Check) -> Check:
        if name in CHECKS or name in ON_DEMAND:
            raise ValueError(f"check {name} is declared twice")
        (ON_DEMAND if on_demand else CHECKS)[name] = function
        return function

    return declare
