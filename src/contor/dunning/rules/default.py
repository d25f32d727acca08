"""When default begins (section 286 BGB), and when a term ends (section 193 BGB). Pure."""

import datetime as dt
from typing import NamedTuple

from contor.dunning.rules.types import DunningConfiguration, OpenItem
from contor.kernel.days import next_working_day

_DAY = dt.timedelta(days=1)
WITHOUT_A_LETTER = dt.timedelta(days=30)
"""After due date and receipt of the invoice (section 286 (3) BGB)."""


class Begun(NamedTuple):
    """The first day of default, and by what it began."""

    day: dt.date
    by: str
    """AGREED_DATE, LETTER or THIRTY_DAYS."""


def term_ends(day: dt.date, country: str, state: str | None) -> dt.date:
    """The last day of a term: a Saturday, Sunday or public holiday moves it on."""
    return next_working_day(day, country, state)


def default_begins(item: OpenItem, configuration: DunningConfiguration, *, is_consumer: bool) -> Begun | None:
    """The day after the earliest of: the agreed calendar date, the receipt of a letter, 30 days after due date and receipt of the invoice
    (of a consumer only if the invoice said so); where we drew a debit, not before it came back. A date that the invoice alone sets starts
    none. Who was told that we collect, and we never did, owes no act of his own before a letter asks for it (section 286 (4) BGB).
    None: not yet by what there is."""
    found, waits = list[Begun](), item.told_to_wait and item.returned_on is None
    due = term_ends(item.due_date, item.country, item.state)
    if configuration.due_date_agreed and not waits:
        found.append(Begun(due + _DAY, "AGREED_DATE"))
    if (read := _received(item, configuration)) is not None:
        found.append(Begun(max(read, due) + _DAY, "LETTER"))
    if not waits and (not is_consumer or configuration.consumers_told_of_default):
        received = item.document_date + dt.timedelta(days=configuration.delivery_days)
        end = term_ends(max(item.due_date, received) + WITHOUT_A_LETTER, item.country, item.state)
        found.append(Begun(end + _DAY, "THIRTY_DAYS"))
    first = min(found, default=None)
    if first is not None and item.returned_on is not None:
        return first._replace(day=max(first.day, item.returned_on))
    return first


def _received(item: OpenItem, configuration: DunningConfiguration) -> dt.date | None:
    """When the first letter came. Posted: so many days after its date. By mail: the day it was sent, or the working day behind it, when
    mailboxes are looked into (section 130 (1) BGB)."""
    came = list[dt.date]()
    if item.first_letter is not None:
        came.append(item.first_letter + dt.timedelta(days=configuration.delivery_days))
    if item.first_mailed is not None:
        came.append(term_ends(item.first_mailed, item.country, item.state))
    return min(came, default=None)
