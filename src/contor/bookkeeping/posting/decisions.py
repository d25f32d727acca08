"""What a decision on an open item puts into the books: posting table rows 18 to 24 and 31. Pure.

A decision that changes the consideration corrects the tax of its parts (section 17 UStG); DOUBTFUL never does, the claim stands.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from contor.bookkeeping.entries import account_line, entry_lines, part_tax_line, personal_line
from contor.bookkeeping.posting.book import exchange_lines, line_of_supply, tax_due_lines
from contor.bookkeeping.posting.revenue import RoleOf
from contor.bookkeeping.roles import REDUCED_BY, Role, tax_role
from contor.bookkeeping.types import Accounts, Entry, EntryKind, Line, Side
from contor.documents.treatment import TaxPart, Treatment
from contor.kernel.money import ZERO, split
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
        return _doubtful(case, movement, decided_on, reference, accounts)
    if decision is DecisionType.UNCOLLECTABLE_RECEIVABLE and movement.allowance:
        entries = _lost(case, movement, decided_on, reference, accounts)
        return entries + post_tax_due(case, movement.ledger_due, decided_on, reference, accounts)
    if decision is DecisionType.OTHER_REVENUE:
        lines = [_customer(case, accounts, "D", -relieved), *_kept(movement, accounts)]
        return _entry(case, kind, "Sonstiger Erlös", decided_on, reference, lines, taxed=True)
    if decision in _REDUCING:
        lines = [*_reduced(case, movement, REDUCED_BY[decision], accounts), _customer(case, accounts, "C", relieved)]
        entries = _entry(case, kind, _REDUCING[decision], decided_on, reference, lines, taxed=True)
        entries += post_tax_due(case, movement.ledger_due, decided_on, reference, accounts)
        return entries + post_release(case, movement, decided_on, reference, accounts)
    role, what = _CONTRA[decision]
    contra = account_line(accounts, accounts.chart[role], "D", abs(relieved))
    lines = [contra, _customer(case, accounts, "C", abs(relieved))]
    if relieved < 0:  # a credit that another system has paid out
        lines = [_customer(case, accounts, "D", -relieved), contra._replace(side="C")]
    entries = _entry(case, kind, what, decided_on, reference, lines)
    if case.taxed_on_receipt:
        # Cash taxation: a bank's fee or money received elsewhere was paid by the customer all the same.
        entries += post_tax_due(case, movement.ledger_parts, decided_on, reference, accounts)
    return entries + post_release(case, movement, decided_on, reference, accounts)


def post_release(case: Case, movement: Movement, on: dt.date, reference: str, accounts: Accounts) -> list[Entry]:
    """Row 21: what a settled part of a doubtful receivable was written down by was not lost."""
    if not movement.allowance:
        return []
    lines = [
        account_line(accounts, accounts.chart[Role.ALLOWANCE], "D", -movement.allowance)._replace(party=accounts.party),
        account_line(accounts, accounts.chart[Role.ALLOWANCE_RELEASED], "C", -movement.allowance),
    ]
    return _entry(case, EntryKind.ALLOWANCE, "Auflösung Wertberichtigung", on, reference, lines)


def recovered_lines(case: Case, recovered: Movement, accounts: Accounts) -> list[Line]:
    """Row 24: what comes in of a receivable that was written off, and its tax, which is owed again (section 17 (2) no. 1 sentence 2
    UStG). `recovered`: `openitems.decisions.recovered`."""
    lines: list[Line] = []
    for part in recovered.ledger_parts:  # negative, as the way back of the loss
        lines.append(line_of_supply(accounts, Role.BAD_DEBT_RECOVERED, "C", -part.net, part.treatment, part.rate, part.country))
        taxed = accounts.chart[tax_role(part.treatment, part.rate, not_due=case.taxed_on_receipt)]
        tax = part_tax_line(accounts, taxed, "C", part)
        lines.append(tax._replace(amount=-part.tax, tax_base=-part.net))
    return lines


def post_divided_anew(case: Case, movement: Movement, on: dt.date, reference: str, accounts: Accounts) -> list[Entry]:
    """Row 24: what of the money that is there pays what was written off, or does so no more, once an earlier payment is gone; with its part
    of an allowance. `movement`: `openitems.decisions.divided_anew`."""
    entries: list[Entry] = []
    if movement.decision is not None:
        worth = movement.ledger_amount
        lines = [_customer(case, accounts, "D", worth), *recovered_lines(case, movement, accounts)]
        lines += exchange_lines(accounts, worth + sum((part.gross for part in movement.ledger_parts), ZERO))
        kind = EntryKind.UNCOLLECTABLE_RECEIVABLE
        entries += _entry(case, kind, "Ausgebuchte Forderung bezahlt", on, reference, lines, taxed=True)
    return entries + post_release(case, movement, on, reference, accounts)


def on_its_account(entry: Entry, case: Case, accounts: Accounts) -> Entry:
    """The entry where the receivable stands now: what was booked before it was doubtful, or while it was, is taken back there."""
    personal, doubtful = accounts.personal(payable=case.is_payable), accounts.chart[Role.DOUBTFUL].number
    there, elsewhere = (doubtful, personal) if case.doubtful else (personal, doubtful)
    lines = tuple(
        line._replace(account=there) if line.account == elsewhere and line.party == accounts.party else line for line in entry.lines
    )
    return entry._replace(lines=lines)


def post_tax_due(case: Case, parts: tuple[TaxPart, ...], decided_on: dt.date, reference: str, accounts: Accounts) -> list[Entry]:
    """Row 6: tax that falls due without a payment: by a decision, by a credit."""
    lines = tax_due_lines(accounts, parts)
    return _entry(case, EntryKind.TAX_DUE, "Steuer fällig", decided_on, reference, lines, taxed=True) if lines else []


def _reduced(case: Case, movement: Movement, role_of: RoleOf, accounts: Accounts) -> list[Line]:
    """Rows 19 and 23: the net on the account of the reason, the tax taken back where it stands."""
    lines: list[Line] = []
    for part in movement.ledger_parts:
        role = role_of(part.treatment, part.rate)
        lines.append(line_of_supply(accounts, role, "D", part.net, part.treatment, part.rate, part.country))
        taxed = accounts.chart[tax_role(part.treatment, part.rate, not_due=case.taxed_on_receipt)]
        lines.append(part_tax_line(accounts, taxed, "D", part))
    return lines


def _kept(movement: Movement, accounts: Accounts) -> list[Line]:
    """Row 18: an overpayment kept is consideration, taxed like the supply (UStAE 10.1 (3))."""
    lines: list[Line] = []
    for part in movement.ledger_parts:
        # the parts of a credit are negative
        lines.append(line_of_supply(accounts, Role.OTHER_REVENUE, "C", -part.net, part.treatment, part.rate, part.country))
        tax = part_tax_line(accounts, accounts.chart[tax_role(part.treatment, part.rate)], "C", part)
        lines.append(tax._replace(amount=-part.tax, tax_base=-part.net))
    return lines


def _lost(case: Case, movement: Movement, decided_on: dt.date, reference: str, accounts: Accounts) -> list[Entry]:
    """Rows 22 and 23 of a receivable that was written down: first its tax goes back, then its net, out of the allowance as far as that
    goes. What was written down beyond it was not lost."""
    net = sum((part.net for part in movement.ledger_parts), ZERO)
    tax = -movement.ledger_amount - net
    lines = [
        part_tax_line(accounts, accounts.chart[tax_role(part.treatment, part.rate, not_due=case.taxed_on_receipt)], "D", part)
        for part in movement.ledger_parts
    ]
    kind = EntryKind.UNCOLLECTABLE_RECEIVABLE
    corrected = [*lines, _customer(case, accounts, "C", tax)]
    entries = _entry(case, kind, "Umsatzsteuer berichtigt", decided_on, reference, corrected, taxed=True)
    written_down = -movement.allowance
    used = min(written_down, net) if net > 0 else max(written_down, net)
    lines = [*_lost_lines(movement, used, accounts), _customer(case, accounts, "C", net)]
    entries += _entry(case, kind, "Forderungsausfall", decided_on, reference, lines, taxed=True)
    rest = dataclasses.replace(movement, allowance=used - written_down)
    return entries + post_release(case, rest, decided_on, reference, accounts)


def _lost_lines(movement: Movement, used: Decimal, accounts: Accounts) -> Iterator[Line]:
    """The net that is lost, of which `used` was written down before. What of it bears no domestic tax says which kind of supply it was, and
    is declared by its net."""
    parts = movement.ledger_parts
    shares = split(used, [part.net for part in parts], accounts.currency)
    for role in (Role.ALLOWANCE, Role.BAD_DEBT_OTHER):
        taxed, named = ZERO, list[Line]()
        for part, of_allowance in zip(parts, shares, strict=True):
            net = of_allowance if role is Role.ALLOWANCE else part.net - of_allowance
            if part.treatment is Treatment.DOMESTIC:
                taxed += net
            else:
                named.append(line_of_supply(accounts, role, "D", net, part.treatment, part.rate, part.country))
        for line in (account_line(accounts, accounts.chart[role], "D", taxed), *named):
            yield line._replace(party=accounts.party) if role is Role.ALLOWANCE else line


def _doubtful(case: Case, movement: Movement, decided_on: dt.date, reference: str, accounts: Accounts) -> list[Entry]:
    """Row 21: the receivable moves, tax and balance stay; its net is written down by the allowance."""
    kind = EntryKind.DOUBTFUL_RECEIVABLE
    doubtful = account_line(accounts, accounts.chart[Role.DOUBTFUL], "D", case.ledger_balance)._replace(party=accounts.party)
    lines = [doubtful, personal_line(accounts, "C", case.ledger_balance, payable=case.is_payable)]
    entries = _entry(case, kind, "Zweifelhafte Forderung", decided_on, reference, lines)
    if movement.allowance:
        lines = [
            account_line(accounts, accounts.chart[Role.ALLOWANCE_ADDED], "D", movement.allowance),
            account_line(accounts, accounts.chart[Role.ALLOWANCE], "C", movement.allowance)._replace(party=accounts.party),
        ]
        entries += _entry(case, EntryKind.ALLOWANCE, "Einzelwertberichtigung", decided_on, reference, lines)
    return entries


def _customer(case: Case, accounts: Accounts, side: Side, amount: Decimal) -> Line:
    if case.doubtful:
        return account_line(accounts, accounts.chart[Role.DOUBTFUL], side, amount)._replace(party=accounts.party)
    return personal_line(accounts, side, amount, payable=case.is_payable)


def _entry(
    case: Case, kind: EntryKind, what: str, decided_on: dt.date, reference: str, lines: list[Line], *, taxed: bool = False
) -> list[Entry]:
    """One entry; none where everything is less than the ledger's smallest unit. No tax is corrected before it has arisen: of what is billed
    in advance, with the supply; what is kept or comes in is received."""
    corrects = kind.value in REDUCED_BY and not case.taxed_on_receipt and case.supplied_from is not None
    tax_date = max(decided_on, case.supplied_from or decided_on) if corrects else decided_on
    if sum((line.amount if line.side == "D" else -line.amount for line in lines), ZERO):
        raise ValueError(f"{case.ident}: the parts of the decision are not its amount")
    booked = entry_lines(lines)
    if not booked:
        return []
    text = f"{what} {case.document_ident}"
    return [Entry(kind, text, decided_on, decided_on, tax_date if taxed else None, case.document_ident, booked, reference)]
