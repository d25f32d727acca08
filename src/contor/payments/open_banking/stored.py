"""Links to banks as they are stored and answered; what they are asked with is sealed."""

import base64
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.payments.open_banking import tables
from contor.payments.open_banking.banks import Access
from contor.payments.open_banking.types import BankProvider, Challenge, LinkStatus, LinkView
from contor.payments.tables import merchant_payment_account
from contor.runtime.query import ListQuery, Page, elsewhere, searchable
from contor.runtime.query.listed import listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

_OWN = tables.open_banking_account.c.account_ident

LINKS = searchable(
    tables.open_banking_account,
    LinkView,
    ("ident", "provider", "status", "valid_until", "created_at", "last_modified_at"),
    default_sort="ident",
    places={
        "merchant_payment_account_ident": "account_ident",
        "iban": elsewhere(_OWN, merchant_payment_account, "ident", merchant_payment_account.c.iban, "iban", str),
    },
)
"""`iban`: found by the whole number, and by what is shown of it, whose stars stand for any."""


@dataclass(frozen=True, slots=True)
class ListLinks:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneLink:
    open_banking_account_ident: str


class LinkRow(NamedTuple):
    """A link as it is stored."""

    ident: str
    account_ident: str
    provider: BankProvider
    alias: str | None
    bank_name: str
    url: str | None
    user_name: str | None
    tan_method: str | None
    tan_medium: str | None
    secrets: str | None
    challenge: Fields | None
    status: LinkStatus
    valid_until: dt.datetime | None
    last_accessed_at: dt.datetime | None
    last_informed_at: dt.datetime | None
    asked_at: dt.datetime | None
    tried_at: dt.datetime | None
    problem: str | None
    failing_since: dt.datetime | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class LinkSecrets:
    """What is sealed of a link: the PIN, and in base 64 what the bank's server told of itself and the conversation that waits for a TAN."""

    pin: str = ""
    known: str = ""
    dialog: str = ""


LINK = f"SELECT {columns(LinkRow)} FROM open_banking_account WHERE "


def links_by_ident(uow: Uow, idents: Iterable[str], *, lock: bool = False) -> dict[str, LinkRow]:
    """Those that exist."""
    sql = LINK + "ident = ANY (%s) ORDER BY ident" + (" FOR UPDATE" if lock else "")
    return {row.ident: row for row in uow.all(LinkRow, sql, (sorted(set(idents)),))}


class _Asked(NamedTuple):
    account_ident: str
    provider: BankProvider


def providers_of(uow: Uow, accounts: Iterable[str]) -> dict[str, BankProvider]:
    """By whom the banks of our accounts are asked; without accounts whose bank nobody asks."""
    sql = f"SELECT {columns(_Asked)} FROM open_banking_account WHERE account_ident = ANY (%s) ORDER BY created_at, ident"
    return {row.account_ident: row.provider for row in uow.all(_Asked, sql, (sorted(set(accounts)),))}


def require_link(uow: Uow, ident: str, *, lock: bool = False) -> LinkRow:
    """Raises NOT_FOUND."""
    found = links_by_ident(uow, [ident], lock=lock).get(ident)
    if found is None:
        raise not_found("open_banking_account", ident)
    return found


@operation("open_banking_account.list", permission="payments.read", reads=True)
def list_links(uow: Uow, command: ListLinks) -> Page:
    """Accounts of ours that banks are asked for."""
    return listed_by_key(uow, tables.open_banking_account, command.query, LINKS, "ident", lambda idents: views_of(uow, idents))


@operation("open_banking_account.get", permission="payments.read", reads=True)
def get_link(uow: Uow, command: OneLink) -> LinkView:
    """One of them; of what the bank is asked with only the user's name."""
    return one_view(uow, command.open_banking_account_ident)


def one_view(uow: Uow, ident: str) -> LinkView:
    """Raises NOT_FOUND."""
    require_link(uow, ident)
    return views_of(uow, [ident])[ident]


class _Iban(NamedTuple):
    ident: str
    iban: str | None


def ibans_of(uow: Uow, accounts: Iterable[str]) -> dict[str, str | None]:
    """The IBANs of accounts of ours, in clear."""
    sql = "SELECT ident, iban FROM merchant_payment_account WHERE ident = ANY (%s)"
    return dict(uow.all(_Iban, sql, (sorted(set(accounts)),)))


def views_of(uow: Uow, idents: Iterable[str]) -> dict[str, LinkView]:
    """Those that exist, by ident."""
    rows = links_by_ident(uow, idents)
    ibans = ibans_of(uow, [row.account_ident for row in rows.values()])
    return {ident: _view(row, ibans.get(row.account_ident)) for ident, row in rows.items()}


def _view(row: LinkRow, iban: str | None) -> LinkView:
    said = row._asdict()
    del said["account_ident"], said["secrets"], said["tried_at"], said["challenge"]
    return LinkView(
        **said,
        merchant_payment_account_ident=row.account_ident,
        iban=starred(iban) if iban else None,
        challenge=msgspec.convert(row.challenge, Challenge) if row.challenge else None,
    )


def starred(iban: str) -> str:
    """The first nine characters and the last four, as banks' answers show an account of one's own: DE1234567*********5678."""
    return f"{iban[:9]}{'*' * (len(iban) - 13)}{iban[-4:]}"


def sealed(uow: Uow, ident: str, secrets: LinkSecrets) -> str:
    return uow.runtime.secrets.seal(msgspec.json.encode(secrets).decode(), _place(uow, ident))


def unsealed(uow: Uow, row: LinkRow) -> LinkSecrets:
    """In clear: for the bank, never for answers or logs."""
    if row.secrets is None:
        return LinkSecrets()
    return msgspec.json.decode(uow.runtime.secrets.unseal(row.secrets, _place(uow, row.ident)), type=LinkSecrets)


def access_of(uow: Uow, row: LinkRow) -> Access:
    """What its bank is asked with."""
    secrets = unsealed(uow, row)
    return Access(
        account_ident=row.account_ident,
        iban=ibans_of(uow, [row.account_ident]).get(row.account_ident) or "",
        url=row.url or "",
        user_name=row.user_name or "",
        pin=secrets.pin,
        tan_method=row.tan_method,
        tan_medium=row.tan_medium,
        known=base64.b64decode(secrets.known),
    )


def _place(uow: Uow, ident: str) -> str:
    return f"{uow.ctx.tenant_id}/open_banking_account/{ident}"
