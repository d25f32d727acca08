"""One step at the end of a transaction for all who want it."""

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from contor.runtime.uow import Uow

T = TypeVar("T")


def gather(uow: Uow, step: Callable[[Uow, list[T]], None], about: Iterable[T]) -> None:
    """Run `step` once, with all that is gathered for it until then, behind the steps that are registered by then: it reads what they
    write."""
    if step not in uow.gathered:
        uow.gathered[step] = []
        uow.finish(lambda: uow.finish(lambda: step(uow, cast("list[T]", uow.gathered.pop(step)))))
    uow.gathered[step] += about
