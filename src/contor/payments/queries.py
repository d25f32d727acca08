"""Merchant payment accounts as other packages read them."""

from collections.abc import Sequence
from typing import NamedTuple

from contor.payments.stored import PAYMENT, PaymentRow, view_of
from contor.payments.types import PaymentView
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class OnAccount(NamedTuple):
    """A merchant payment account, and the account of the chart that it names for its money."""

    ident: str
    booking_account: int
    currency: str


def accounts_on_chart(uow: Uow) -> list[OnAccount]:
    """Those that name an account, by ident; the money of the others stands on the chart's bank account."""
    sql = f"SELECT {columns(OnAccount)} FROM merchant_payment_account WHERE booking_account IS NOT NULL ORDER BY ident"
    return uow.all(OnAccount, sql)


def published_payments(uow: Uow, idents: Sequence[str]) -> dict[str, PaymentView]:
    """By ident, as they are answered."""
    return {row.ident: view_of(row) for row in uow.all(PaymentRow, PAYMENT + "ident = ANY (%s)", (list(idents),))}


class _Kept(NamedTuple):
    ident: str
    country: str


def countries_of_accounts(uow: Uow, idents: Sequence[str]) -> dict[str, str]:
    """Where each merchant payment account is kept."""
    return dict(uow.all(_Kept, "SELECT ident, country FROM merchant_payment_account WHERE ident = ANY (%s)", (list(idents),)))
