"""Whether a statement can be believed, and of which transfers its bookings consist. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, is_amount, worded
from contor.payments.statements.types import Entry, Kind, Part, Statement


class Transfer(NamedTuple):
    """What becomes one payment: the transfer as it was ordered, and what banks kept of it."""

    amount: Decimal
    """Signed; less `fee` it is what is booked."""
    fee: Decimal
    """Positive: taken from the account."""
    part: Part


def statement_problems(statement: Statement) -> list[Problem]:
    """Why a statement is kept aside as it is: something is missing, or its bookings do not lead from one balance to the other."""
    problems = _currency_problems(statement)
    opening, closing = statement.opening, statement.closing
    if statement.kind is Kind.END_OF_DAY:
        which = "MT940 without :62F:" if statement.form == "MT940" else "no balance at the end of the day (CLBD)"
        if closing is None:
            problems.append(Problem("closing_balance_missing", f"The statement has no closing balance: {which}.", "file"))
        if opening is None:
            problems.append(Problem("opening_balance_missing", "The statement has no opening balance.", "file"))
    if problems or opening is None or closing is None or statement.kind is not Kind.END_OF_DAY:
        return problems
    total = sum((entry.amount for entry in statement.booked), ZERO)
    if opening.amount + total != closing.amount:
        money = closing.currency
        message = (
            f"{worded(opening.amount, money)} and the bookings of {worded(total, money)} come to"
            f" {worded(opening.amount + total, money)}, the statement closes with {worded(closing.amount, money)}:"
            f" {worded(closing.amount - opening.amount - total, money)} are missing."
        )
        problems.append(Problem("balance_differs", message, "file", closing.amount))
    return problems


def _currency_problems(statement: Statement) -> list[Problem]:
    money = statement.currency
    if money is None:
        return [] if not statement.entries else [Problem("currency_missing", "The statement names no currency.", "file")]
    others = sorted({balance.currency for balance in (statement.opening, statement.closing) if balance} - {money})
    problems = [
        Problem("balance_currency_differs", f"The account is kept in {money}, a balance is in {other}.", "file", other)
        for other in others
    ]
    others = sorted({entry.currency for entry in statement.booked} - {money})
    problems += [
        Problem("booking_currency_differs", f"The account is kept in {money}, a booking is in {other}.", "file", other)
        for other in others
    ]
    if any(not is_amount(entry.amount, money) for entry in statement.booked):
        problems.append(Problem("amount_not_in_currency", f"A booking has more decimals than {money}.", "file", money))
    return problems


def transfers_of(entry: Entry) -> list[Transfer] | None:
    """The transfers that a booking consists of: their amounts less what was kept of them are what is booked. None: the parts that the bank
    names do not come to it, and it stays one."""
    if not entry.parts:
        return [Transfer(entry.amount, ZERO, Part())]
    for amounts in _candidates(entry):
        for with_charges in (True, False):
            fees = [part.charges if with_charges else ZERO for part in entry.parts]
            if sum(amounts, ZERO) - sum(fees, ZERO) == entry.amount and all(amounts):
                return [Transfer(*made) for made in zip(amounts, fees, entry.parts, strict=True)]
    if len(entry.parts) == 1:
        (part,) = entry.parts
        return _returned(entry, part) or [Transfer(entry.amount, ZERO, part)]
    return None


def _candidates(entry: Entry) -> list[list[Decimal]]:
    """The amounts that the parts may have: what was ordered, or what each says; by the signs of their own, or all by the booking's."""
    sign = 1 if entry.amount > 0 else -1
    ordered, own = [], []
    for part in entry.parts:
        instructed = part.instructed.amount if part.instructed and part.instructed.currency in ("", entry.currency) else None
        signed = sign if part.amount is None or part.amount > 0 == (sign > 0) else -sign
        ordered.append(None if instructed is None else signed * instructed)
        own.append(part.amount)
    found: list[list[Decimal]] = []
    for amounts in (own, ordered, [a if a is not None else b for a, b in zip(own, ordered, strict=True)]):
        if all(amount is not None for amount in amounts):
            known = [amount for amount in amounts if amount is not None]
            found += [known, [sign * abs(amount) for amount in known]]
    charged = any(part.charges for part in entry.parts)
    if len(entry.parts) == 1 and charged and entry.parts[0].instructed is not None:
        found.sort(key=lambda amounts: amounts != ordered)  # what was ordered says more than what arrived
    return found


def _returned(entry: Entry, part: Part) -> list[Transfer] | None:
    """A return takes back what was ordered; what it costs beside that, the bank need not say by itself."""
    ordered = part.instructed
    if part.return_code in (None, "0000") or ordered is None or ordered.currency not in ("", entry.currency):
        return None
    fee = -entry.amount - ordered.amount
    return [Transfer(-ordered.amount, fee, part)] if entry.amount < 0 <= fee else None


def running(statement: Statement) -> list[Decimal]:
    """The balance after each booking, as far as the statement says where it begins."""
    start = statement.opening or statement.interim
    if start is None:
        return []
    balances, balance = [], start.amount
    for entry in statement.booked:
        balance += entry.amount
        balances.append(balance)
    return balances


def ordered(statements: Sequence[Statement]) -> list[Statement]:
    """As they follow each other: ends of days by their days, before what is reported of days that have none yet."""
    return sorted(statements, key=lambda one: (one.kind is not Kind.END_OF_DAY, one.closing.on.isoformat() if one.closing else ""))
