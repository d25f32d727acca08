"""What must hold of payments."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.integrity import said_last
from contor.runtime.uow import Uow


class _External(NamedTuple):
    ident: str
    external_ident: str


class _Reason(NamedTuple):
    ident: str
    reason: str | None


@check("payments.reasons_are_those_of_the_trail")
def reasons(uow: Uow) -> Iterable[str]:
    """Why a payment waits is what was written into the trail when it was looked at last."""
    said = said_last(uow, "payment", "reason", beside="status")
    for row in uow.all(_Reason, "SELECT ident, reason FROM payment"):
        if row.ident in said and row.reason != said[row.ident]:
            yield f"payment {row.ident}: {row.reason} is stored, the trail says {said[row.ident]}"


@check("payments.all_that_came_are_there")
def there(uow: Uow) -> Iterable[str]:
    """Each payment that the trail tells of is there, and it tells of each that is."""
    came, kept = said_last(uow, "payment", "received"), dict(uow.all(_External, "SELECT ident, external_ident FROM payment"))
    for ident in sorted(came.keys() | kept.keys()):
        if came.get(ident) != kept.get(ident):
            yield f"payment {ident}: {came.get(ident) or 'none'} came, {kept.get(ident) or 'none'} is there"
