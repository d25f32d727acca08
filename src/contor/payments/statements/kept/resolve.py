"""Collective bookings of files that we sent, which the bank does not spell out: we know what was in them."""

from collections.abc import Sequence

from contor.payments.statements.judged import Transfer
from contor.payments.statements.types import Entry
from contor.runtime.uow import Uow


def sent_transfers(uow: Uow, entries: Sequence[tuple[str, Entry]]) -> dict[str, list[Transfer]]:
    """The transfers of those bookings, by their idents, that are files of ours without details."""
    return {}
