"""Collective bookings of files that we sent, which the bank does not spell out: we know what was in them."""

from collections.abc import Sequence

from contor.kernel.money import ZERO
from contor.payments.sent import Sent, transactions_sent
from contor.payments.statements.judged import Transfer
from contor.payments.statements.types import Batch, Entry, Part
from contor.runtime.uow import Uow


def sent_transfers(uow: Uow, entries: Sequence[tuple[str, Entry]]) -> dict[str, list[Transfer]]:
    """The transfers of those bookings, by their idents, that are files of ours without details; none where what we sent does not come to
    what was booked."""
    ours = [(ident, entry, entry.batch) for ident, entry in entries if entry.batch is not None and not is_spelled_out(entry)]
    references = {named for _, _, batch in ours for named in (batch.message, batch.payment_information) if named}
    sent = transactions_sent(uow, sorted(references))
    found = {}
    for ident, entry, batch in ours:
        if of_file := _of(batch, sent):
            found[ident] = transfers_sent(entry, of_file)
    return found


def is_spelled_out(entry: Entry) -> bool:
    """Whether the bank names the transfers: more than one, or one by its own reference."""
    return len(entry.parts) > 1 or any(part.end_to_end for part in entry.parts)


def _of(batch: Batch, sent: Sequence[Sent]) -> list[Sent]:
    """The group, where the bank names one that we know; else the file."""
    group = [one for one in sent if batch.payment_information and one.group_ident == batch.payment_information]
    return group or [one for one in sent if batch.message and one.message_ident == batch.message]


def transfers_sent(entry: Entry, sent: Sequence[Sent]) -> list[Transfer]:
    """What was sent as the transfers of its booking, if all of it is what was booked."""
    sign = 1 if entry.amount > 0 else -1
    total = sum((one.amount for one in sent), ZERO)
    if sign * total != entry.amount or any(one.currency != entry.currency for one in sent):
        return []
    return [
        Transfer(
            sign * one.amount,
            ZERO,
            Part(
                amount=sign * one.amount,
                name=one.counterpart_name,
                end_to_end=one.end_to_end_ident,
                mandate=one.mandate_reference,
                text=one.document_ident,
            ),
        )
        for one in sent
    ]
