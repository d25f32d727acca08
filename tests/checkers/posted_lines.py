"""The journal of a company as its API tells it, posting by posting: what every report and export of its books must come to."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NamedTuple

from tests.factories.insistent import Api

DEBTORS, CREDITORS = range(10_000, 70_000), range(70_000, 100_000)
RECEIVABLES, PAYABLES = 1400, 1600
D = Decimal


class Posting(NamedTuple):
    """A line of the journal; `amount`: debit less credit."""

    entry: str
    """Fiscal year and number in it."""
    account: int
    month: str
    taxed_in: str
    """The month of its tax date; without one, that of the posting."""
    amount: Decimal
    party: str
    """The customer or partner of whom it is; empty: of none."""


def postings(api: Api) -> list[Posting]:
    """The whole journal."""
    found = []
    for row in api.all("/v2/bookingEntries?sort=entryId,asc"):
        amount = row["amount"]["amount"] if isinstance(row["amount"], dict) else row["amount"]
        signed = D(amount) if row["debitCreditIndicator"] == "DEBIT" else -D(amount)
        taxed_in = str(row.get("taxDate") or row["bookingDate"])[:7]
        entry = f"{row['fiscalYear']}/{row['journalNumber']}"
        found.append(Posting(entry, row["account"], row["period"], taxed_in, signed, row.get("customerIdent") or ""))
    return found


def summed(found: Iterable[Posting], key: Callable[[Posting], int] = lambda it: it.account) -> dict[int, Decimal]:
    """By account (or by `key`); what is even is left out."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for it in found:
        sums[key(it)] += it.amount
    return {number: amount for number, amount in sums.items() if amount}


def control(account: int) -> int:
    """Under which account it stands in a balance: personal ones under their control account."""
    return RECEIVABLES if account in DEBTORS else PAYABLES if account in CREDITORS else account


def balances(found: Iterable[Posting]) -> dict[int, Decimal]:
    """By account, personal ones in their control accounts."""
    return summed(found, lambda it: control(it.account))
