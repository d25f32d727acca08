"""Merchant payment accounts as other packages read them."""

from typing import NamedTuple

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
