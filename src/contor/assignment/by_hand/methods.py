"""How payments were made, in the words of the persons who recorded them."""

from collections.abc import Collection
from typing import NamedTuple

from contor.assignment.by_hand.paying import METHOD
from contor.payments.queries import published_payments
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_OF_ASSIGNMENT = "assignment:"


class _Put(NamedTuple):
    ident: str
    payment_ident: str


def methods_said(uow: Uow, sources: Collection[str]) -> dict[str, str]:
    """By the source of a movement (`assignment:…`) the method that was named of the payment which moved it; nothing where none was."""
    idents = sorted({it.removeprefix(_OF_ASSIGNMENT) for it in sources if it.startswith(_OF_ASSIGNMENT)})
    if not idents:
        return {}
    put = dict(uow.all(_Put, f"SELECT {columns(_Put)} FROM payment_assignment WHERE ident = ANY (%s)", (idents,)))
    payments = published_payments(uow, sorted(set(put.values())))
    named = {ident: entry.value for ident, it in payments.items() for entry in it.properties if entry.key == METHOD}
    return {f"{_OF_ASSIGNMENT}{ident}": named[payment] for ident, payment in put.items() if payment in named}
