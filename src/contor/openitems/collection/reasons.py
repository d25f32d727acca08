"""What open items say of being collected and paid: why they are not, or later than they are due, and on which day they are."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.openitems.collection.pending import Collecting, collecting_of, paying_of
from contor.payments.intents import CHARGE_UNDER_WAY_ON, CHARGED_ON, Promised, is_processing
from contor.runtime.uow import Uow

_TASK = (
    "(SELECT ARRAY[{day}] FROM payment_intent_task t"
    " WHERE t.tenant_id = opos_case.tenant_id AND t.document_id = opos_case.document_id AND t.type = 'CHARGE' AND t.status IN ({which}))"
)
_OPEN_TASK, _OVER_TASK = (
    _TASK.format(day="t.due_on", which="'WAITING', 'ENABLED'"),
    _TASK.format(day="NULL::date", which="'DONE', 'CANCELLED'"),
)
COLLECTED_ON = (
    f"(coalesce(({CHARGE_UNDER_WAY_ON}), {_OPEN_TASK}, ({CHARGED_ON}), {_OVER_TASK},"
    " ARRAY[CASE opos_case.status WHEN 'OPEN' THEN opos_case.announced_on END]))[1]"
)
"""SQL: the day on which a row of `opos_case` is collected, or was: by its charge or its task, else as its document announces."""
SWITCHED_OFF = "Processing of payments is switched off: nothing is moved before somebody enables it."


class Asked(NamedTuple):
    """An open item that something is left of."""

    document_id: int
    balance: Decimal
    payment_collection: bool
    announced_because: str | None
    """Why the day that its document announces is later than when it is due."""


def reasons_of(uow: Uow, asked: Sequence[Asked], promised: Mapping[int, Promised]) -> dict[int, str]:
    """By document why nothing is collected or paid, or later than it is due. `promised`: what is under way for them."""
    on = is_processing(uow)
    collecting = collecting_of(uow, [it.document_id for it in asked if it.balance > 0])
    paying = paying_of(uow, [it.document_id for it in asked if it.balance < 0 and it.document_id not in promised])
    found = {}
    for it in asked:
        promise, how = promised.get(it.document_id), collecting.get(it.document_id)
        if promise is not None:
            said, waits = promise.moved_because, promise.status == "CREATED" and not promise.released
        elif it.balance < 0:
            said, waits = paying.get(it.document_id), False
        else:
            said, waits = _of_charge(it, how)
        if waits and not on:
            said = f"{SWITCHED_OFF} {said}" if said else SWITCHED_OFF
        if said:
            found[it.document_id] = said
    return found


def _of_charge(asked: Asked, how: Collecting | None) -> tuple[str | None, bool]:
    """Why it is not collected, or later, and whether it waits to be."""
    if how is None or not (asked.payment_collection or how.because):
        return None, False
    return how.because or asked.announced_because, how.pending
