"""Open items and configurations as the rules of dunning see them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from contor.dunning.rules import Debtor, DunningConfiguration, OpenItem, Outcome, Proposal, ProposedLetter, propose
from contor.dunning.rules.interest import LEGAL
from contor.runtime.execute import validated

D = Decimal
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 4, 15)
RATES = {one.valid_from: one.rate for one in LEGAL}


def an_item(number: int = 1, balance: str = "100.00", **more: Any) -> OpenItem:
    """An invoice of 2026-02-02 that was due on 2026-02-16, a Monday."""
    given = {
        "document_id": number,
        "ident": f"RE-{number}",
        "currency": "EUR",
        "document_date": dt.date(2026, 2, 2),
        "created_on": dt.date(2026, 2, 2),
        "due_date": dt.date(2026, 2, 16),
        "opening": max(D(balance), D("100.00")),
        "balance": D(balance),
    }
    return OpenItem(**{**given, **more})


def in_default(number: int = 1, balance: str = "100.00", level: int = 1, **more: Any) -> OpenItem:
    """... that was dunned before, so that default has begun."""
    sent = {
        "level": level,
        "letter_date": dt.date(2026, 3, 2),
        "pay_until": dt.date(2026, 3, 9),
        "first_letter": dt.date(2026, 3, 2),
    }
    return an_item(number, balance, **{**sent, **more})


def levels(*given: dict[str, Any], **switches: Any) -> DunningConfiguration:
    """Levels after 14 days each, with what is given of each (default: two)."""
    made = [{"days_after": 14, "days_to_pay": 7, **one} for one in given or ({}, {})]
    return validated(DunningConfiguration, {"levels": made, **switches})


def proposed(*items: OpenItem, how: DunningConfiguration | None = None, today: dt.date = TODAY, **more: Any) -> Proposal:
    debtor = Debtor("c-1", more.pop("is_consumer", False), items, **more)
    return propose(debtor, how or levels(), RATES, today)


def the_letter(*items: OpenItem, **more: Any) -> ProposedLetter:
    (letter,) = proposed(*items, **more).letters
    return letter


def outcomes(found: Proposal) -> dict[str, Outcome]:
    """What becomes of each item, by its number."""
    rows = [*found.others, *(row for letter in found.letters for row in letter.rows)]
    return {row.item.ident: row.outcome for row in rows}
