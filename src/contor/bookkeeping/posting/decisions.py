"""What a decision on an open item puts into the books: posting table rows 18 to 21, 23 and 31. Pure.

A decision that changes the consideration corrects the tax of its parts (section 17 UStG); DOUBTFUL never does, the claim stands.
"""

import datetime as dt
from decimal import Decimal

from contor.bookkeeping.entries import account_line, entry_lines, part_tax_line, personal_line
from contor.bookkeeping.posting.book import tax_due_lines
from contor.bookkeeping.posting.revenue import RoleOf
from contor.bookkeeping.roles import REDUCED_BY, Role, tax_role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line, Side
from contor.documents.treatment import TaxPart
from contor.kernel.money import ZERO
from contor.openitems.types import Case, DecisionType, Movement

_REDUCING = {
    DecisionType.CASH_DISCOUNT: "Skonto",
    DecisionType.DISCOUNT: "Nachlass",
    DecisionType.UNCOLLECTABLE_RECEIVABLE: "Forderungsausfall",
}
_CONTRA = {
    DecisionType.BANK_FEE: (Role.BANK_FEES, "Bankgebühr"),
    DecisionType.EXTERNAL_CLOSED: (Role.EXTERNAL_CLOSED, "Extern ausgeglichen"),
}


def post_decision(case: Case, movement: Movement, decided_on: dt.date, reference: str, accounts: Accounts) -> list[Entry]:
    """The entries of a decision; `case` is the case before `movement` (`openitems.rules.decide`), `reference` the decision's
    ident. A counter decision posts `entries.reversed_entry` of these instead. EXTERNAL_CLOSED without a configured account is
    refused (`booking_account_missing`)."""
    decision = movement.decision
    if decision is None:
        raise ValueError("a movement that is no decision")
    kind = EntryKind(decision.value)
    relieved = -movement.ledger_amount
    if decision is DecisionType.DOUBTFUL_RECEIVABLE:
        return _doubtful(case, decided_on, reference, accounts)
    if decision is DecisionType.OTHER_REVENUE:
        lines = [_customer(case, accounts, "D", -relieved), *_kept(movement, accounts)]
        return _entry(case, kind, "Sonstiger Erlös", decided_on, reference, lines, taxed=True)
    if decision in _REDUCING:
        lines = [*_reduced(case, movement, REDUCED_BY[decision], accounts), _customer(case, accounts, "C", relieved)]
        entries = _entry(case, kind, _REDUCING[decision], decided_on, reference, lines, taxed=True)
        return entries + post_tax_due(case, movement.ledger_due, decided_on, reference, accounts)
    role, what = _CONTRA[decision]
    contra = account_line(accounts, accounts.chart[role], "D", abs(relieved))
    lines = [contra, _customer(case, accounts, "C", abs(relieved))]
    if relieved < 0:  # a credit that another system has paid out
        lines = [_customer(case, accounts, "D", -relieved), contra._replace(side="C")]
    entries = _entry(case, kind, what, decided_on, reference, lines)
    if case.taxed_on_receipt:
        # Cash taxation: a bank's fee or money received elsewhere was paid by the customer all the same.
        entries += post_tax_due(case, movement.ledger_parts, decided_on, reference, accounts)
    return entries


def post_tax_due(case: Case, parts: tuple[TaxPart, ...], decided_on: dt.date, reference: str, accounts: Accounts) -> list[Entry]:
    """Row 6: tax that falls due without a payment: by a decision, by a credit."""
    lines = tax_due_lines(accounts, parts)
    return _entry(case, EntryKind.TAX_DUE, "Steuer fällig", decided_on, reference, lines, taxed=True) if lines else []


def _reduced(case: Case, movement: Movement, role_of: RoleOf, accounts: Accounts) -> list[Line]:
    """Rows 19 and 23: the net on the account of the reason, the tax taken back where it stands."""
    lines: list[Line] = []
    for part in movement.ledger_parts:
        line = account_line(accounts, accounts.chart[role_of(part.treatment, part.rate)], "D", part.net)
        lines.append(line._replace(rate=part.rate, country=part.country))
        taxed = accounts.chart[tax_role(part.treatment, part.rate, not_due=case.taxed_on_receipt)]
        lines.append(part_tax_line(accounts, taxed, "D", part))
    return lines


def _kept(movement: Movement, accounts: Accounts) -> list[Line]:
    """Row 18: an overpayment kept is consideration, taxed like the supply (UStAE 10.1 (3))."""
    lines: list[Line] = []
    for part in movement.ledger_parts:
        # the parts of a credit are negative
        line = account_line(accounts, accounts.chart[Role.OTHER_REVENUE], "C", -part.net)
        lines.append(line._replace(rate=part.rate, country=part.country))
        tax = part_tax_line(accounts, accounts.chart[tax_role(part.treatment, part.rate)], "C", part)
        lines.append(tax._replace(amount=-part.tax, tax_base=-part.net))
    return lines


def _doubtful(case: Case, decided_on: dt.date, reference: str, accounts: Accounts) -> list[Entry]:
    """Row 21: the receivable moves, tax and balance stay."""
    doubtful = account_line(accounts, accounts.chart[Role.DOUBTFUL], "D", case.ledger_balance)._replace(party=accounts.party)
    lines = [doubtful, personal_line(accounts, "C", case.ledger_balance, payable=case.is_payable)]
    return _entry(case, EntryKind.DOUBTFUL_RECEIVABLE, "Zweifelhafte Forderung", decided_on, reference, lines)


def _customer(case: Case, accounts: Accounts, side: Side, amount: Decimal) -> Line:
    if case.doubtful:
        return account_line(accounts, accounts.chart[Role.DOUBTFUL], side, amount)._replace(party=accounts.party)
    return personal_line(accounts, side, amount, payable=case.is_payable)


def _entry(
    case: Case, kind: EntryKind, what: str, decided_on: dt.date, reference: str, lines: list[Line], *, taxed: bool = False
) -> list[Entry]:
    """One entry; none where everything is less than the ledger's smallest unit."""
    if sum((line.amount if line.side == "D" else -line.amount for line in lines), ZERO):
        raise ValueError(f"{case.ident}: the parts of the decision are not its amount")
    booked = entry_lines(lines)
    if not booked:
        return []
    text = f"{what} {case.document_ident}"
    return [Entry(kind, text, decided_on, decided_on, decided_on if taxed else None, case.document_ident, booked, reference)]
