"""What claims of default put into the books: posting table row 27. Damages without VAT. Pure."""

import datetime as dt
from decimal import Decimal

from contor.bookkeeping.entries import account_line, personal_line
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line
from contor.dunning.events import Claimed


def post_claim(claim: Claimed, amount: Decimal, accounts: Accounts) -> Entry:
    """The customer owes `amount` of a claim; negative: what was owed is given up, or was paid and is taken back (Generalumkehr)."""
    role, what = (Role.INTEREST_INCOME, "Verzugszinsen") if claim.is_interest else (Role.OTHER_INCOME, "Mahnkosten")
    income = account_line(accounts, accounts.chart[role], "C", amount)
    return _entry(EntryKind.DUNNING_CLAIM, what, claim, claim.booked_on, (personal_line(accounts, "D", amount), income))


def post_claim_paid(claim: Claimed, accounts: Accounts) -> Entry:
    """Row 15: money that waited on the interim account pays the claim; negative: it waits again."""
    money = account_line(accounts, accounts.chart[Role.PAYMENTS_UNASSIGNED], "D", claim.amount)
    lines = (money, personal_line(accounts, "C", claim.amount))
    return _entry(EntryKind.PAYMENT, "Zahlung Mahnkosten", claim, claim.booked_on, lines)


def _entry(kind: EntryKind, what: str, claim: Claimed, day: dt.date, lines: tuple[Line, ...]) -> Entry:
    return Entry(kind, f"{what} {claim.document_ident}", day, day, None, claim.document_ident, lines, claim.claim_ident)
