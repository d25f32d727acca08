"""What becomes of letters on their way to the customer: who mails them writes it down here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.runtime.uow import Uow

NOT_SENT = "no mail is configured"
"""Of a letter that went out and of which nothing is written down."""
NOT_OUT = {
    "PREVIEWED": "its run is not approved yet",
    "CHANGED": "it did not go out",
    "CANCELLED": "its run was cancelled",
}
"""By the status of a letter."""


class Posted(NamedTuple):
    """How a letter stands: sent when and to whom, or why not. `recipient` without `sent_at`: whom a mail is to bring it."""

    letter_ident: str
    sent_at: dt.datetime | None = None
    recipient: str | None = None
    not_sent_reason: str | None = None

    def told(self) -> Mapping[str, object]:
        """For the trail: by it checks know what became of a letter."""
        return {"sent_at": self.sent_at, "recipient": self.recipient, "not_sent_reason": self.not_sent_reason}


def write_posted(uow: Uow, letters: Sequence[Posted]) -> None:
    """What was sent once stays sent, from then on: a second mail with it moves neither instant nor recipient."""
    if not letters:
        return
    changed = uow.column(
        str,
        "UPDATE dunning_letter l SET sent_at = x.sent_at, recipient = x.recipient, not_sent_reason = x.reason"
        " FROM unnest(%s::text[], %s::timestamptz[], %s::text[], %s::text[]) AS x(ident, sent_at, recipient, reason)"
        " WHERE l.letter_ident = x.ident AND l.sent_at IS NULL RETURNING l.letter_ident",
        tuple(list(values) for values in zip(*letters, strict=True)),
    )
    said = {one.letter_ident: one for one in letters}
    for ident in changed:
        uow.audit("dunning_letter", ident, said[ident].told())


def why_not_sent(status: str, reason: str | None) -> str:
    """Of a letter that was not sent."""
    return reason or NOT_OUT.get(status, NOT_SENT)


def _case() -> str:
    cases = " ".join(f"WHEN '{status}' THEN '{why}'" for status, why in NOT_OUT.items())
    return (
        "CASE WHEN dunning_letter.sent_at IS NULL THEN"
        f" coalesce(dunning_letter.not_sent_reason, CASE dunning_letter.status {cases} ELSE '{NOT_SENT}' END) END"
    )


WHY_NOT_SENT = _case()
"""SQL: the same."""
