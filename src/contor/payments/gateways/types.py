"""The values of gateways, providers and settlement sources (platform API 2.14). Pure."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from contor.kernel.shapes import PRINTABLE, Currency, Ident, Name255, shape
from contor.payments.servers import Host, HostKey, OneLine
from contor.payments.types import SettlementFormat, StatementFormat

ProviderName = Literal[
    "SEPA_FILE",
    "STRIPE",
    "GOCARDLESS",
    "SIMULATED",
    "ADYEN",
    "MOLLIE",
    "KLARNA",
    "CONTOWORKS",
    "OPTILE",
    "WORLDLINE",
    "COMMERZBANK",
    "PAYPAL",
    "OTHER",
]
"""The first four move money from here; of the others statements and settlements are read."""
CredentialName = Literal["apiKey", "accessToken", "webhookSecret", "publishableKey", "accountId", "password", "privateKey"]
SourceType = Literal["SFTP", "DIRECTORY", "UPLOAD", "API"]
SourceFormat = Literal[StatementFormat, SettlementFormat]
SourceSchedule = Literal["MANUAL", "QUARTER_HOURLY", "HOURLY", "DAILY"]
EVERY: dict[SourceSchedule, dt.timedelta | None] = {
    "MANUAL": None,
    "QUARTER_HOURLY": dt.timedelta(minutes=15),
    "HOURLY": dt.timedelta(hours=1),
    "DAILY": dt.timedelta(days=1),
}
"""How long after the last time a source is read again; None: only when somebody asks."""

ProviderId = Annotated[int, Field(ge=0, lt=2**62)]


@shape
class GatewayAccount:
    """Which merchant payment account takes and pays a currency."""

    merchant_payment_account_ident: Ident
    currency: Currency = "EUR"


@shape
class Credential:
    """Written, never answered."""

    name: CredentialName
    value: Annotated[str, Field(min_length=1, max_length=8000, pattern=PRINTABLE)]


Credentials = Annotated[tuple[Credential, ...], Field(max_length=5)]


@shape
class Capabilities:
    """What a provider can do from here."""

    methods: tuple[Literal["DIRECT_DEBIT", "CREDIT_CARD", "PAY_PAL"], ...] = ()
    """How it collects; an empty list: nothing is collected through it."""
    currencies: tuple[str, ...] = ()
    """In which currencies (ISO 4217); an empty list: in any that the account takes."""
    refunds: bool = False
    """What was collected can be given back."""
    partial_refunds: bool = False
    """... and in parts."""
    payouts: bool = False
    """Money can be sent that was not collected before."""


def due_again(schedule: SourceSchedule, last_read_at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """When a source is to be read again; None: only when somebody asks."""
    every = EVERY[schedule]
    return None if every is None else now if last_read_at is None else last_read_at + every


@shape
class GatewayBody:
    ident: Ident | None = None
    name: Name255
    accounts: Annotated[tuple[GatewayAccount, ...], Field(max_length=200)] = ()


@shape
class GatewayView:
    ident: str
    name: str
    accounts: tuple[GatewayAccount, ...]
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class ProviderBody:
    id: ProviderId | None = None
    """The number by which merchant payment accounts name it; without it, one is drawn."""
    name: ProviderName
    credentials: Credentials = ()
    """Kept encrypted, never answered."""


@shape
class ProviderChange:
    """What replaces the credentials of a provider."""

    credentials: Credentials = ()
    """Kept encrypted, never answered; without them those that it has stay."""


@shape
class ProviderView:
    id: int
    name: ProviderName
    credential_names: tuple[CredentialName, ...]
    """Which credentials it has."""
    capabilities: Capabilities
    created_at: dt.datetime
    last_modified_at: dt.datetime


@shape
class SourceBody:
    """Where files of a bank or provider come from."""

    ident: Ident | None = None
    type: SourceType
    """SFTP: files are fetched from a server. DIRECTORY: they lie in a folder of the tenant's watched directory. UPLOAD: somebody sends
    them. API: is refused, for no provider is asked for reports."""
    format: SourceFormat
    """CAMT, MT940 and CSV: statements of a bank; the others: settlement reports. A file of another format is not taken."""
    schedule: SourceSchedule = "MANUAL"
    """How often it is read; MANUAL: only when somebody asks."""
    merchant_payment_account_ident: Ident | None = None
    """Whose settlement reports they are, where several accounts are kept at the provider; of statements, the account of those that name
    none, and by whose mappings tables are read."""
    host: Host | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    directory: OneLine | None = None
    """Where on the server the files lie; without it, where the user begins. Of a DIRECTORY, the name of the folder."""
    user_name: OneLine | None = None
    host_key: HostKey | None = None
    """The only key that the server is believed."""
    remove: bool = False
    """true: a file is removed from the server once it is stored here."""
    credentials: Credentials = ()
    """`password` or `privateKey` of an SFTP server. Kept encrypted, never answered; on an update without them, those that it has stay."""


@shape
class SourceView:
    ident: str
    payment_provider_id: int
    type: SourceType
    format: SourceFormat
    schedule: SourceSchedule
    merchant_payment_account_ident: str | None = None
    host: str | None = None
    port: int
    directory: str | None = None
    user_name: str | None = None
    host_key: str | None = None
    remove: bool
    credential_names: tuple[CredentialName, ...]
    """Which credentials it has."""
    asked_at: dt.datetime | None = None
    """Since when somebody waits for it to be read."""
    last_read_at: dt.datetime | None = None
    """When its files were fetched last, or could not be."""
    problem: str | None = None
    """Why it could not be asked then, or what lay there and was not taken; without it, nothing was wrong."""
    failing_since: dt.datetime | None = None
    """Since when something is wrong with it, whatever that was first."""
    created_at: dt.datetime
    last_modified_at: dt.datetime
