"""Rules of mandates (SEPA rulebooks, accounting reference of money, section 2.4). Pure."""

import datetime as dt
from typing import Literal, NamedTuple

from contor.kernel.context import add_months
from contor.kernel.errors import Problem
from contor.payments.customer_accounts.types import HealthStatus, MandateStatus, Scheme
from contor.payments.sepa import consequence_of

LAPSES_AFTER = 36
"""Months after the due date of the last collection that was presented, be it returned or not."""


def mandate_key(creditor_identifier: str, reference: str) -> str:
    """What a mandate is known by for ever: the business code, characters 5 to 7, tells nothing of the creditor."""
    return f"{creditor_key(creditor_identifier)} {reference}"


def creditor_key(creditor_identifier: str) -> str:
    """A creditor identifier without its business code."""
    return creditor_identifier[:4] + creditor_identifier[7:]


def last_due_day(last_presented_on: dt.date | None) -> dt.date | None:
    """The last due date for which a mandate holds; None: it was never presented, and holds."""
    return None if last_presented_on is None else add_months(last_presented_on, LAPSES_AFTER)


class MandateRow(NamedTuple):
    """A mandate as it is stored."""

    key: str
    account_ident: str
    reference: str
    creditor_identifier: str
    creditor_name: str | None
    signed_on: dt.date
    scheme: Scheme
    kind: Literal["RECURRENT", "ONE_OFF"]
    pre_notification_days: int | None
    status: MandateStatus
    status_reason: str | None
    last_presented_on: dt.date | None
    amendment: dict[str, str | bool | None] | None
    amendment_pending: bool


def status_on(mandate: MandateRow, today: dt.date) -> MandateStatus:
    """As it is shown: one that would be refused for whatever is due from today on has lapsed."""
    last = last_due_day(mandate.last_presented_on)
    return "LAPSED" if mandate.status == "ACTIVE" and last is not None and today > last else mandate.status


def status_reason_on(mandate: MandateRow, today: dt.date) -> str | None:
    """Why it can be collected by no more."""
    last = last_due_day(mandate.last_presented_on)
    if mandate.status == "ACTIVE" and last is not None and today > last:
        return f"its last collection was due on {mandate.last_presented_on}, and {LAPSES_AFTER} months later it ended: a new one is signed"
    return mandate.status_reason


class CollectableAccount(NamedTuple):
    """What decides whether an account can be collected from."""

    ident: str
    has_iban: bool
    token: str | None
    """What a provider calls the means of payment."""
    health_status: HealthStatus
    health_reason: str | None
    mandate: MandateRow | None
    health_code: str | None = None
    """With which a bank or provider made it UNHEALTHY."""


def collectable(
    account: CollectableAccount, due: dt.date, today: dt.date, *, token_of: str | None = None, or_mandate: bool = False
) -> list[Problem]:
    """Why nothing that is due on the day can be collected from the account; nothing: it can. `token_of`: the provider that is called with
    a token of the customer's means of payment, which needs no mandate of ours; None: the bank, by a file. `or_mandate`: it does without a
    token where there is a mandate."""
    problems, named = [], f"The customer's payment account {account.ident!r}"
    if account.health_status == "UNHEALTHY":
        problems.append(Problem("account_unhealthy", f"{named} does not work{_why(account)}."))
    mandate = account.mandate
    if token_of is not None and (mandate is None or not (account.token or or_mandate)):
        return problems if account.token else [*problems, _without_token(account, named, token_of, or_mandate=or_mandate)]
    if not account.has_iban:
        problems.append(Problem("account_without_iban", f"{named} has no IBAN (iban)."))
    if mandate is None:
        problems.append(Problem("mandate_missing", f"{named} has no mandate (mandate)."))
        return problems
    if mandate.status == "REVOKED":
        problems.append(Problem("mandate_revoked", f"The mandate {mandate.reference} is revoked."))
    elif mandate.status == "LAPSED":
        problems.append(Problem("mandate_used_up", f"The mandate {mandate.reference} was for one collection, which was made."))
    last = last_due_day(mandate.last_presented_on)
    if last is not None and max(due, today) > last:
        message = (
            f"The mandate {mandate.reference} has lapsed: its last collection was due on {mandate.last_presented_on},"
            f" and {LAPSES_AFTER} months later, on {last}, it ended."
        )
        problems.append(Problem("mandate_lapsed", message))
    if mandate.signed_on > today:
        problems.append(Problem("mandate_not_signed", f"The mandate {mandate.reference} is signed on {mandate.signed_on} only."))
    return problems


def payable(account: CollectableAccount) -> list[Problem]:
    """Why nothing is paid to the account; nothing: it is. What a person calls unhealthy is paid to: that says nothing of its number."""
    if account.health_status != "UNHEALTHY" or not is_wrong(account.health_code):
        return []
    message = (
        f"The customer's payment account {account.ident!r} does not work{_why(account)}. Nothing is paid to it before somebody changes it,"
        " or says that it works."
    )
    return [Problem("account_not_payable", message)]


def is_wrong(code: str | None) -> bool:
    """Whether a bank says by it that there is no such account, or that it is closed or blocked."""
    return consequence_of(code or "").wrong


def _why(account: CollectableAccount) -> str:
    return f": {account.health_reason.rstrip('.')}" if account.health_reason else ""


def _without_token(account: CollectableAccount, named: str, provider: str, *, or_mandate: bool) -> Problem:
    message = f"{named} has no token of {provider} (paymentMethodReference)"
    if or_mandate:
        missing = "no mandate (mandate)" if account.has_iban else "no IBAN (iban) and no mandate (mandate)"
        message += f", and to be collected from without one it has {missing}"
    return Problem("account_without_token", f"{message}.")
