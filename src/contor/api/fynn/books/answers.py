"""What accounts, postings, settings of the books and their exports look like. Pure."""

from typing import Literal

from contor.api.fynn.manners import MoneyShown, When
from contor.kernel.shapes import shape

AccountTypeName = Literal[
    "bankAccount",
    "ledgerAccount",
    "revenueGermany",
    "revenueGermanyReduced",
    "salesDeductionAccount",
    "revenueEurope",
    "revenueTaxFree",
    "bankFees",
    "passiveDeferral",
    "debtor",
    "paypal",
    "stripe",
    "sepaDebit",
    "goCardless",
]


@shape
class AccountShown:
    """An account of the chart."""

    id: str
    name: str
    number: str
    """By SKR03 or SKR04."""
    type: AccountTypeName
    """What it is for; ledgerAccount: something else."""


@shape
class Pagination:
    total_items: int
    items_per_page: int
    current_page: int
    last_page: int
    page_total_items: int


@shape
class AccountsMeta:
    pagination: Pagination


@shape
class AccountsShown:
    """The chart, or the page of it that was asked for."""

    data: tuple[AccountShown, ...]
    meta: AccountsMeta


@shape
class ContraShown:
    """The other side of a posting."""

    account: str
    type: Literal["debit", "credit"]
    amount: MoneyShown


@shape
class PostingShown:
    """A posting on an account. A negative amount takes one back (Generalumkehr)."""

    id: str
    entry: str
    """What belongs together, and is even."""
    account: str
    type: Literal["debit", "credit"]
    amount: MoneyShown
    contra_accounts: tuple[ContraShown, ...]
    posting_date: When
    document_date: When
    transaction: str
    """What happened: invoice, payment, cancellation and so on."""
    text: str
    document_number: str | None = None
    customer: str | None = None
    dimension: dict[str, str]
    """`costCentre1`, where the row of the document says one."""
    tax_key: str | None = None
    country_code: str | None = None
    reversal_of: str | None = None
    created_at: When


@shape
class DatevShown:
    """The client as the tax adviser calls it."""

    consultant_number: int
    client_number: int
    account_length: int
    fiscal_year_start_month: int
    initials: str | None = None


@shape
class AccountingSettingsShown:
    """How the books are kept, and exported."""

    chart: Literal["SKR03", "SKR04"]
    currency_code: str
    deferred_income: Literal["none", "monthly"]
    """monthly: what is billed of later months is released by them."""
    datev: DatevShown | None = None


@shape
class ExportFileShown:
    name: str
    mime_type: str
    size: int
    sha256: str


@shape
class LeftOutShown:
    """What is not in the files, for one reason."""

    reason: str
    message: str
    count: int


@shape
class ExportShown:
    """An export of the books: asked for, made, and its files."""

    id: str
    type: Literal["datev"]
    status: Literal["queued", "running", "done", "failed"]
    from_date: When
    to_date: When
    fail_reason: str | None = None
    left_out: tuple[LeftOutShown, ...]
    files: tuple[ExportFileShown, ...]
    created_at: When
    completed_at: When | None = None
