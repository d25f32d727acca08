"""Whose statement it is: our account is found by what the bank calls it. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.kernel.errors import Problem
from contor.payments.statements.read import compact
from contor.payments.statements.types import Statement


class OwnAccount(NamedTuple):
    """A merchant payment account by its names at the bank."""

    ident: str
    currency: str
    iban: str | None
    other_idents: Sequence[str]


class Spread(NamedTuple):
    """The statements of a file, by the account of ours that they are of; and why some are of none."""

    by_account: Mapping[str, list[Statement]]
    problems: list[Problem]


def spread(statements: Sequence[Statement], accounts: Sequence[OwnAccount], addressed: str | None) -> Spread:
    """`addressed`: the account that a file was sent to; what names no account is taken for its."""
    by_account: dict[str, list[Statement]] = {}
    problems: dict[str, Problem] = {}
    for statement in statements:
        found = _account_of(statement, accounts, addressed)
        if isinstance(found, Problem):
            problems.setdefault(found.message, found)
        else:
            by_account.setdefault(found, []).append(statement)
    return Spread(by_account, list(problems.values()))


def _account_of(statement: Statement, accounts: Sequence[OwnAccount], addressed: str | None) -> str | Problem:
    if not statement.accounts:
        if addressed is not None:
            return addressed
        return Problem("account_missing", "The statement does not say whose account it is of.", "file")
    named = [account for account in accounts if _is_named(account, statement.accounts)]
    shown = masked_account(statement.accounts[0])
    if not named:
        message = (
            f"The statement is of the account {shown}, which is none of ours: no merchant payment account has that IBAN or ident."
        )
        return Problem("account_unknown", message, "file", shown)
    in_currency = [account for account in named if statement.currency in (None, account.currency)]
    if not in_currency:
        kept = ", ".join(sorted({account.currency for account in named}))
        message = f"The statement of {shown} is in {statement.currency}, the account is kept in {kept}."
        return Problem("account_currency_differs", message, "file", statement.currency)
    own = next((account for account in in_currency if account.ident == addressed), None)
    if own is None and len(in_currency) > 1:
        message = f"Several accounts of ours are called {shown}: {', '.join(account.ident for account in in_currency)}."
        return Problem("account_ambiguous", message, "file", shown)
    return (own or in_currency[0]).ident


def _is_named(account: OwnAccount, names: Sequence[str]) -> bool:
    own = {compact(name) for name in (account.ident, account.iban, *account.other_idents) if name}
    return any(name in own or _is_german(name, account.iban) for name in map(compact, names))


def _is_german(name: str, iban: str | None) -> bool:
    """Bank code and number parted by a slash, as German banks write it in MT940: both stand in the IBAN."""
    bank, _, number = name.partition("/")
    if iban is None or not iban.startswith("DE") or not number.isdigit():
        return False
    return bank == iban[4:12] and number.lstrip("0") == iban[12:].lstrip("0")


def masked_account(name: str) -> str:
    return f"{name[:4]}…{name[-4:]}" if len(name) > 10 else name
