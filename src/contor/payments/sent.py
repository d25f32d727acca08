"""What went out in files of ours: the transactions behind one sum that a bank books for all of them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Sent(NamedTuple):
    """A transaction of a file that we gave to a bank."""

    end_to_end_ident: str
    amount: Decimal
    """Positive, whatever its direction."""
    currency: str
    mandate_reference: str | None
    """Of a direct debit."""
    counterpart_name: str | None
    """The debtor's; of a transfer the payee's."""
    document_ident: str
    message_ident: str | None
    """The file (MsgId)."""
    group_ident: str | None
    """The group in it (PmtInfId)."""


def transactions_sent(uow: Uow, references: Sequence[str]) -> list[Sent]:
    """The transactions of the files (MsgId) and groups (PmtInfId) that have one of these references, without those that the bank refused
    before it booked them, or holds because of their payees' names."""
    if not references:
        return []
    named, there = list(references), "state NOT IN ('FAILED', 'CANCELLED') AND NOT held"
    sql = (
        f"SELECT {columns(Sent)} FROM payment_attempt WHERE key IN (SELECT key FROM payment_attempt WHERE message_ident = ANY (%s)"
        f" UNION SELECT key FROM payment_attempt WHERE group_ident = ANY (%s)) AND {there} ORDER BY end_to_end_ident"
    )
    return uow.all(Sent, sql, (named, named))
