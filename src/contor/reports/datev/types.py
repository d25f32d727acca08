"""What the export for DATEV is told, and the rows that it writes. Pure.

DATEV reads a journal as rows of two accounts each: account and contra account, one amount, the side of the account. An automatic account
(Automatikkonto) takes its tax out of the gross amount itself.
Source: DATEV format description, categories 21 and 16; accounting reference 8.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal, NamedTuple, Protocol

from pydantic import Field

from contor.bookkeeping.types import Side
from contor.kernel.shapes import shape, written

BatchVersion = Literal[13, 12, 9]
BATCH_FIELDS: Final[Mapping[int, int]] = {13: 125, 12: 124, 9: 120}
"""Fields of a row, by format version."""
MASTER_VERSION: Final = 5
MOST_ROWS: Final = 99_999
"""Rows of one file."""
Content = Literal["BATCH", "MASTER_DATA", "IMAGES"]
NO_AUTOMATIC: Final = "40"
"""BU key: both accounts of the row are posted as they stand, no tax is taken out."""


@shape
class DatevOptions:
    """What the export for DATEV can be told."""

    format_version: BatchVersion = 13
    """Of the booking batch."""
    periods: Literal["ALL", "CLOSED"] = "ALL"
    """CLOSED: only of closed periods; what is left out is named."""
    contents: Annotated[tuple[Content, ...], Field(min_length=1, max_length=3)] = ("BATCH", "MASTER_DATA")
    """The booking batch, debtors and creditors, and the pictures of the documents, to which the rows of the batch link."""


@shape
class DatevConfiguration:
    """The client in DATEV, as the tax adviser says it."""

    consultant_number: Annotated[int, Field(ge=1001, le=9_999_999)]
    """Beraternummer."""
    client_number: Annotated[int, Field(ge=1, le=99_999)]
    """Mandantennummer."""
    account_length: Annotated[int, Field(ge=4, le=8)] = 4
    """Digits of a booking account; personal accounts have one more."""
    fiscal_year_start_month: Annotated[int, Field(ge=1, le=12)] = 1
    """Month in which the fiscal year begins, on its first day."""
    initials: Annotated[str, written(r"^[A-Z]{2}$", "two capital letters")] | None = None
    """Diktatkürzel of who exports."""


class Posted(Protocol):
    """A line of the journal, as far as it decides about rows."""

    @property
    def account(self) -> int: ...
    @property
    def side(self) -> Side: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def tax_rate(self) -> Decimal | None: ...
    @property
    def tax_date(self) -> dt.date | None: ...
    @property
    def cost_centre(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def foreign_amount(self) -> Decimal | None: ...
    @property
    def foreign_currency(self) -> str | None: ...


class Books(NamedTuple):
    """What DATEV does with the accounts of the tenant, as it stood when the export was asked for."""

    currency: str
    """The ledger's."""
    automatic: Mapping[int, str]
    """Automatic accounts, with their tax keys (`docs/business/posting-table.md`)."""
    tax_accounts: Mapping[str, int]
    """By the tax key of an automatic account, where DATEV posts the tax that it takes out."""
    reverse_charge: tuple[int, int]
    """Where it posts the tax owed by the recipient: input tax, tax owed."""
    interim: int
    """The account between two others that may not stand in one row."""


class Foreign(NamedTuple):
    """The amount of a row in the document's currency."""

    amount: Decimal
    currency: str


class BatchRow(NamedTuple):
    """A row of a booking batch, in the order in which DATEV names its parts. Amounts are positive."""

    amount: Decimal
    side: Literal["S", "H"]
    """Of `account`: debit (Soll) or credit (Haben)."""
    account: int
    contra: int
    bu_key: str
    general_reversal: bool
    """The amount stands negative on the other side of both accounts (Generalumkehr)."""
    cost_centre: str | None = None
    tax_date: dt.date | None = None
    eu: str | None = None
    """Country of taxation (OSS), or VAT id of the customer (intra-community supplies and services)."""
    eu_rate: Decimal | None = None
    foreign: Foreign | None = None
