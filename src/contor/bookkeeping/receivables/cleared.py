"""Open items cleared with each other are in the books in the same transaction: posting table rows 28 and 32, and row 6 where what is
cleared is received (section 20 UStG).

Each pair is one entry under its source, for the customer's account is debited and credited by it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contor.bookkeeping.chart import accounts_of
from contor.bookkeeping.entries import (
    Posting,
    account_line,
    entries_under,
    entry_lines,
    personal_line,
    post,
    reversed_entry,
)
from contor.bookkeeping.posting import exchange_lines, post_tax_due
from contor.bookkeeping.roles import Role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line, Side
from contor.kernel.events import on
from contor.openitems.bounces import reversed_movement
from contor.openitems.events import CasesCleared, ClearingsReversed
from contor.openitems.types import Cleared, MovedCase, Movement
from contor.runtime.uow import Uow

Booked = tuple[int | None, Entry]
"""An entry with the document it is of."""


@on(CasesCleared)
def post_cleared(uow: Uow, fact: CasesCleared) -> None:
    """Under the source of the clearing, by which its reversal finds them."""
    accounts = _accounts(uow, fact.cleared)
    postings = []
    for done in fact.cleared:
        of_customer = accounts[done.debit.before.case.customer_ident]
        booked = _entries(done, done.debit.movement, done.credit.movement, of_customer)
        postings += [Posting(entry, document_id) for document_id, entry in booked]
    post(uow, postings)


@on(ClearingsReversed)
def post_uncleared(uow: Uow, fact: ClearingsReversed) -> None:
    """The same entries with negative amounts, on the account where the receivable stands now."""
    accounts = _accounts(uow, fact.cleared)
    before = entries_under(uow, sorted({_reference(done.source) for done in fact.cleared}))
    postings = []
    for done in fact.cleared:
        of_customer, reference = accounts[done.debit.before.case.customer_ident], _reference(done.source)
        standing = before.get(reference, [])
        there = (reversed_movement(done.debit.movement), reversed_movement(done.credit.movement))
        for document_id, entry in _entries(done, *there, of_customer):
            own = next((it for it in reversed(standing) if (it[1], it[2].kind) == (document_id, entry.kind)), None)
            if own is not None:
                standing.remove(own)
            back = reversed_entry(entry, done.debit.booked_on, "" if own is None else str(own[0]), reference)
            number = None if own is None else own[0]
            postings.append(Posting(back if own else back._replace(reversal_of=None), document_id, reversal_of=number))
    post(uow, postings)


def _entries(done: Cleared, debit: Movement, credit: Movement, accounts: Accounts) -> list[Booked]:
    """Row 32: what we owe pays what is owed to us."""
    ident, reference, on_day = done.debit.before.case.document_ident, _reference(done.source), done.debit.booked_on
    used, paid = credit.ledger_amount, -debit.ledger_amount
    lines = [_line(done.credit, "D", used, credit.amount, accounts), _line(done.debit, "C", paid, -debit.amount, accounts)]
    booked = entry_lines(sorted([*lines, *exchange_lines(accounts, used - paid)], key=lambda line: line.side == "C"))
    found: list[Booked] = []
    if booked:
        text = f"Verrechnung {ident} mit {done.credit.before.case.document_ident}"[:255]
        entry = Entry(EntryKind.CLEARING, text, on_day, on_day, None, ident, booked, reference)
        found.append((done.debit.before.document_id, entry))
    for happened, movement in ((done.debit, debit), (done.credit, credit)):
        if happened.before.case.taxed_on_receipt:
            due = post_tax_due(happened.before.case, movement.ledger_parts, on_day, reference, accounts)
            found += [(happened.before.document_id, entry) for entry in due]
    return found


def _line(happened: MovedCase, side: Side, amount: Decimal, foreign: Decimal, accounts: Accounts) -> Line:
    case = happened.before.case
    if case.doubtful:
        return account_line(accounts, accounts.chart[Role.DOUBTFUL], side, amount)._replace(party=accounts.party)
    if case.currency == case.ledger_currency:
        return personal_line(accounts, side, amount, payable=case.is_payable)
    return personal_line(accounts, side, amount, payable=case.is_payable, foreign=foreign, foreign_currency=case.currency)


def _reference(source: str) -> str:
    return source.removeprefix("clearing:")


def _accounts(uow: Uow, cleared: Sequence[Cleared]) -> Mapping[str, Accounts]:
    return accounts_of(uow, {done.debit.before.case.customer_ident for done in cleared})
