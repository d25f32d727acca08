"""What must hold of customers' payment accounts and their mandates."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.payments.customer_accounts.mandates import mandate_key
from contor.payments.ibans import key_of, masked, read_iban
from contor.runtime.integrity import said_last
from contor.runtime.rows import columns
from contor.runtime.secrets import SealBroken
from contor.runtime.uow import Uow


class _Health(NamedTuple):
    ident: str
    health_status: str


class _Iban(NamedTuple):
    ident: str
    iban: str
    iban_key: str | None
    iban_shown: str | None


class _Mandate(NamedTuple):
    key: str
    account_ident: str
    reference: str
    creditor_identifier: str
    is_current: bool
    status: str
    kind: str
    amendment_pending: bool
    says_amendment: bool
    has_iban: bool


@check("payments.health_is_that_of_the_trail")
def health(uow: Uow) -> Iterable[str]:
    """How well an account works is what was written into the trail last; of which nothing was said, nothing is known."""
    said = said_last(uow, "customer_payment_account", "health_status")
    for row in uow.all(_Health, f"SELECT {columns(_Health)} FROM customer_payment_account"):
        wanted = said.get(row.ident, "UNKNOWN")
        if row.health_status != wanted:
            yield f"customer payment account {row.ident}: {row.health_status} is stored, the trail says {wanted}"


@check("payments.ibans_are_readable")
def ibans(uow: Uow) -> Iterable[str]:
    """An IBAN that is kept can be read again, is found by its key and shown as it is."""
    for row in uow.all(_Iban, f"SELECT {columns(_Iban)} FROM customer_payment_account WHERE iban IS NOT NULL"):
        try:
            iban = read_iban(uow, row.iban, row.iban_key or "")
        except SealBroken:
            yield f"customer payment account {row.ident}: its IBAN cannot be read"
            continue
        if (row.iban_key, row.iban_shown) != (key_of(uow, iban), masked(iban)):
            yield f"customer payment account {row.ident}: it is found or shown by another IBAN than its own"


@check("payments.mandates_are_known_by_their_key")
def mandates(uow: Uow) -> Iterable[str]:
    """A mandate's key is made of creditor and reference; one that can be collected by is the current one of an account with an IBAN; what
    the bank is still to be told is there."""
    sql = (
        "SELECT m.key, m.account_ident, m.reference, m.creditor_identifier, m.is_current, m.status, m.kind, m.amendment_pending,"
        " m.amendment IS NOT NULL AS says_amendment, a.iban IS NOT NULL AS has_iban FROM sepa_mandate m"
        " JOIN customer_payment_account a ON a.tenant_id = m.tenant_id AND a.ident = m.account_ident"
    )
    for row in uow.all(_Mandate, sql):
        named = f"mandate {row.reference} of the account {row.account_ident}"
        if row.key != mandate_key(row.creditor_identifier, row.reference):
            yield f"{named}: its key is {row.key}"
        if row.status == "ACTIVE" and not row.is_current:
            yield f"{named}: another one took its place, and it is still ACTIVE"
        if row.status == "ACTIVE" and not row.has_iban:
            yield f"{named}: the account has no IBAN"
        if row.status == "LAPSED" and row.kind != "ONE_OFF":
            yield f"{named}: it is for more than one collection, and used up"
        if row.amendment_pending and not row.says_amendment:
            yield f"{named}: the bank is to be told of a change that nobody knows"
