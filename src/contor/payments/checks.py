"""What must hold of payments."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.kernel.checks import check
from contor.runtime.integrity import said_last
from contor.runtime.uow import Uow

_DECODER = msgspec.json.Decoder(dict[str, object], float_hook=Decimal)


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


class _Said(NamedTuple):
    ident: str
    category: str | None
    changed: Mapping[str, object] | None
    replaced: bool


@check("payments.what_was_said_later_is_that_of_the_trail")
def said_later(uow: Uow) -> Iterable[str]:
    """The category, what a person said in the place of what came, and whether others stand in its place."""
    category, changed = said_last(uow, "payment", "category"), said_last(uow, "payment", "changed")
    reason = said_last(uow, "payment", "reason", beside="status")
    for row in uow.all(_Said, "SELECT ident, category, changed, replaced_at IS NOT NULL AS replaced FROM payment"):
        if row.category != category.get(row.ident):
            yield f"payment {row.ident}: category {row.category} is stored, the trail says {category.get(row.ident)}"
        said: Mapping[str, object] = _DECODER.decode(changed.get(row.ident) or "{}")
        if bool(row.changed) != bool(said) or any((row.changed or {}).get(name) != value for name, value in said.items()):
            yield f"payment {row.ident}: what is stored of what was said later is not what the trail says"
        if row.replaced != (reason.get(row.ident) == "REPLACED"):
            yield f"payment {row.ident}: replaced {row.replaced}, the trail says {reason.get(row.ident)}"


@check("payments.all_that_came_are_there")
def there(uow: Uow) -> Iterable[str]:
    """Each payment that the trail tells of is there, and it tells of each that is."""
    came, kept = said_last(uow, "payment", "received"), dict(uow.all(_External, "SELECT ident, external_ident FROM payment"))
    for ident in sorted(came.keys() | kept.keys()):
        if came.get(ident) != kept.get(ident):
            yield f"payment {ident}: {came.get(ident) or 'none'} came, {kept.get(ident) or 'none'} is there"
