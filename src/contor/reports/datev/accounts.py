"""Account numbers as DATEV has them: booking accounts of the length that was agreed, personal accounts one digit longer. Pure.

Our charts have four digits, personal accounts five, and nine when those are used up (`customers`). A longer length appends zeros, as DATEV
does when a client's is extended. With the length 8 the personal accounts of five digits would meet those of nine: they go behind them.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from contor.kernel.errors import Problem

CHART_DIGITS: Final = 4
_PERSONAL: Final = range(10_000, 100_000)
_FIRST_CREDITOR: Final = 70_000
_FURTHER: Final = 100_000_000
"""The first personal account of nine digits."""
_LONGEST: Final = 8
_DEBTORS_BEHIND, _CREDITORS_BEHIND = 600_000_000, 900_000_000


def datev_account(number: int, length: int) -> int:
    """The number that an account has in DATEV. `length`: digits of a booking account, 4 to 8."""
    if number in _PERSONAL:
        if length == _LONGEST:
            return number + (_CREDITORS_BEHIND if number >= _FIRST_CREDITOR else _DEBTORS_BEHIND)
        return number * int(10 ** (length - CHART_DIGITS))
    if number >= _FURTHER:
        return number
    return number * int(10 ** (length - CHART_DIGITS)) if number < 10**CHART_DIGITS else number


def account_problems(booking_accounts: Iterable[int], most_personal: int | None, length: int) -> list[Problem]:
    """Why the accounts of a tenant cannot have this length in DATEV. `most_personal`: the highest personal account."""
    problems, taken = [], dict[int, int]()
    for number in sorted(booking_accounts):
        if len(str(number)) > length:
            problems.append(_too_long(f"booking account {number} has {len(str(number))} digits", length))
            continue
        other = taken.setdefault(datev_account(number, length), number)
        if other != number:
            message = f"the booking accounts {other} and {number} would be the same in DATEV with accounts of {length} digits"
            problems.append(Problem("datev_accounts_meet", message, "accountLength", length))
    if most_personal is not None and most_personal >= _FURTHER and length < _LONGEST:
        problems.append(_too_long(f"the personal account {most_personal} has nine digits", length))
    return problems


def _too_long(what: str, length: int) -> Problem:
    return Problem("datev_account_too_long", f"{what}, and accounts are configured to have {length}", "accountLength", length)


def frozen_keys(accounts: Mapping[str, str]) -> dict[int, str]:
    """Accounts by number, as JSON keeps them by text."""
    return {int(number): key for number, key in accounts.items()}
