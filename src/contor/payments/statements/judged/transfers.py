"""Whether a statement can be believed, and of which transfers its bookings consist. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

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
    together = [entry.charges, entry.charges + entry.charges_apart, ZERO]
    if any(part.charges or part.charges_apart for part in entry.parts):
        together.reverse()  # the booking says again what its parts say
    for charges in dict.fromkeys(together):
        for found in _readings(entry):
            if sum((one.amount - one.fee for one in found), ZERO) - charges == entry.amount and all(one.amount for one in found):
                return _charged(found, charges)
    if len(entry.parts) == 1:
        return [_explained(entry.parts[0], entry, entry.amount)]
    return None


def _readings(entry: Entry) -> Iterator[list[Transfer]]:
    """What the parts may be: a bank gives as amount of a transfer what is booked of it, or what it was before charges, or only what was
    ordered; with a sign of its own, or the booking's."""
    sign = 1 if entry.amount > 0 else -1
    for is_signed in (True, False):
        of = [one if is_signed or one.amount is None else replace(one, amount=sign * abs(one.amount)) for one in entry.parts]
        for is_apart in (False, True):
            booked = [_explained(one, entry, one.amount) if one.amount is not None else None for one in of]
            gross = [_kept(one, one.amount, is_apart=is_apart) for one in of]
            ordered = [_kept(one, _ordered(one, entry), is_apart=is_apart) for one in of]
            for first, second in ((booked, ordered), (ordered, booked), (gross, ordered), (ordered, gross)):
                found = [one or other for one, other in zip(first, second, strict=True)]
                known = [one for one in found if one is not None]
                if len(known) == len(found):
                    yield known


def _kept(part: Part, amount: Decimal | None, *, is_apart: bool) -> Transfer | None:
    """`amount` as what it was before charges."""
    if amount is None:
        return None
    return Transfer(amount, part.charges + part.charges_apart if is_apart else part.charges, part)


def _ordered(part: Part, entry: Entry) -> Decimal | None:
    """What was ordered, in the booking's currency and direction of the transfer."""
    if part.instructed is None or part.instructed.currency not in ("", entry.currency):
        return None
    is_credit = part.amount > 0 if part.amount is not None else entry.amount > 0
    return part.instructed.amount if is_credit else -part.instructed.amount


def _explained(part: Part, entry: Entry, booked: Decimal) -> Transfer:
    """A transfer of which so much is booked, charges and all: what was ordered where the stated charges lead from it to what is booked. A
    return takes back what was ordered; what it costs beside that, the bank need not say by itself. Else the charges that the bank states
    are contained, unless what was ordered is booked without them."""
    own = part.amount if part.amount is not None and part.amount != booked else None  # before charges that are not stated
    ordered = _ordered(part, entry)
    for amount in (ordered, own):
        if amount is None or amount * booked <= 0:
            continue
        fee = amount - booked
        if fee in (part.charges, part.charges + part.charges_apart) or (fee >= 0 and part.return_code not in (None, "0000")):
            return Transfer(amount, fee, part)
    amount = booked + part.charges
    return Transfer(amount, part.charges, part) if amount * booked > 0 and ordered != booked else Transfer(booked, ZERO, part)


def _charged(found: list[Transfer], charges: Decimal) -> list[Transfer]:
    """What the bank took of all together, of the largest."""
    if not charges:
        return found
    place = max(range(len(found)), key=lambda at: abs(found[at].amount))
    return [one._replace(fee=one.fee + charges) if at == place else one for at, one in enumerate(found)]


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
