"""What goes into SEPA files and what comes out of writing them. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.kernel.errors import Problem
from contor.payments.sepa.settings import SepaSettings

Sequencing = Literal["FRST", "RCUR", "FNAL", "OOFF"]
Scheme = Literal["CORE", "B2B"]
FileKind = Literal["CORE", "B2B", "SCT", "INST"]


class Address(NamedTuple):
    """Where the other one lives."""

    town: str
    country: str
    """ISO 3166-1, two letters."""
    street: str | None = None
    building_number: str | None = None
    post_code: str | None = None


class Amendment(NamedTuple):
    """What the bank still knows a mandate by, of what has changed."""

    reference: str | None = None
    creditor_identifier: str | None = None
    creditor_name: str | None = None
    iban: str | None = None
    """In clear, or sealed where it is stored."""
    iban_key: str | None = None
    other_bank: bool = False
    """The account is kept at another bank now: the file says SMNDA instead of the former IBAN."""


@dataclass(frozen=True, slots=True)
class OurAccount:
    """The account at the bank that gets the file: creditor of debits, debtor of transfers."""

    iban: str
    settings: SepaSettings
    bic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One transaction that is to be in a file."""

    reference: str
    """EndToEndId: what everybody finds it by, unique for ever."""
    amount: Decimal
    name: str
    """Of the other one."""
    iban: str
    text: str
    """What the other one reads."""
    on: dt.date
    """Of collection or execution."""
    currency: str = "EUR"
    bic: str | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit(Order):
    """A collection by a mandate."""

    mandate_reference: str
    signed_on: dt.date
    creditor_identifier: str
    """That of the mandate."""
    scheme: Scheme = "CORE"
    sequence: Sequencing = "RCUR"
    amendment: Amendment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Order):
    """A refund or payout."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A transaction that is in no file, and why."""

    index: int
    """Its place among those that were given."""
    reference: str
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class WrittenGroup:
    """Transactions of one file that the bank takes together (PmtInf)."""

    ident: str
    """PmtInfId."""
    on: dt.date
    sequence: Sequencing | None
    """None: transfers."""
    creditor_identifier: str | None
    count: int
    total: Decimal
    references: tuple[str, ...]
    """In their order."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file for the bank."""

    ident: str
    """MsgId."""
    kind: FileKind
    version: str
    content: bytes
    groups: tuple[WrittenGroup, ...]
    count: int
    total: Decimal
    verification: Literal["REQUESTED", "OPTED_OUT", "NONE"]
    """Whether the bank is to check the payees' names; NONE: of debits, there is nothing to check."""


class Written(NamedTuple):
    """What became of the transactions that were given."""

    files: tuple[WrittenFile, ...]
    left_out: tuple[LeftOut, ...]


class Run(NamedTuple):
    """One writing of files."""

    ident: str
    """Begins the idents of its files and groups; unique for ever, at most 20 characters."""
    now: dt.datetime
    today: dt.date
    """In the bank's zone."""


def sequence_of(kind: Literal["RECURRENT", "ONE_OFF"], settings: SepaSettings, *, presented: bool) -> Sequencing:
    """What a debit is to the bank. FRST and FNAL may be said, and need not be since 2016. FNAL is not: nobody knows that none follows."""
    if kind == "ONE_OFF":
        return "OOFF"
    return "FRST" if settings.first_and_final and not presented else "RCUR"
