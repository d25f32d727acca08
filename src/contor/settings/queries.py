"""Read a tenant's settings: the only SQL on them outside of this package."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from contor.runtime.rows import columns
from contor.runtime.uow import Params, Uow
from contor.settings.groups import Days, GroupTerms, LateUsages, LocaleFields, language_for, units_of
from contor.settings.numbers import StrategyKind
from contor.settings.stored import AccountFields, AddressFields, ContactFields, EndpointFields, NumberFields, RoundingFields
from contor.settings.types import LateUsageBehaviour

_VERSIONED = (
    "tenant_setting",
    "operating_site",
    "billing_group",
    "tax_registration",
    "number_strategy",
    "number_counter",
    "translation",
)
VERSION = (
    "SELECT sum(hash_record_extended(ROW(ctid, xmin), nr))::text AS version FROM ("
    + " UNION ALL ".join(f"SELECT ctid, xmin, {nr} AS nr FROM {table}" for nr, table in enumerate(_VERSIONED))
    + ") rows"
)
"""SQL: which rows the tenant's settings are made of. PostgreSQL writes a new row for whatever is changed, by whomever, and none is written
twice in the same place by the same transaction: what has the same version is the same, and no writer has to say that it changed."""


class Version(NamedTuple):
    version: str


class TenantSettings(NamedTuple):
    """How the tenant keeps its books, numbers its documents and runs its billing. The defaults are those of a tenant that is being
    founded."""

    ledger_currency: str = "EUR"
    chart: Literal["SKR03", "SKR04"] = "SKR03"
    number_strategy: StrategyKind = "DEFAULT"
    """EXTERNAL: callers give the numbers; else the most specific kind of strategy that decides."""
    closed_through: dt.date | None = None
    """The last day of the locked periods."""
    active_billing_run: bool = False
    billing_bounds: Mapping[str, object] = {}
    exchange_rate_rule: Literal["MONTHLY_AVERAGE", "DAILY"] = "MONTHLY_AVERAGE"
    """What documents in a foreign currency are converted at (section 16 (6) UStG)."""
    document_date_zone: Literal["UTC", "TENANT"] = "UTC"
    """Which day a document is dated that is asked for without a date; see `tenant_settings.Decided`."""
    backdating_limit_months: int = 24
    trial_notice_days: int = 3
    """How many days before its end it is told that a trial ends."""
    deferred_income: Literal["NONE", "MONTHLY"] = "NONE"
    """Whether a closing defers what belongs to later months; see `tenant_settings.Decided`."""
    revaluation: Literal["NONE", "YEAR_END", "MONTHLY"] = "NONE"
    """Which closings revalue what is open in foreign currency."""
    settings_valid_from: Mapping[str, str] = {}
    polish_credit_memo: bool = False
    """Credits say what they correct as before, after and difference."""
    draft_approval: Literal["NONE", "FOUR_EYES"] = "NONE"
    """Who completes a draft; see `tenant_settings.Decided`."""
    expense_posting: Literal["NONE", "POSTED"] = "NONE"
    custom_picture: Literal["NONE", "AWAITED"] = "NONE"
    """Whose picture documents get; see `tenant_settings.Decided`."""
    custom_picture_minutes: int = 60
    custom_picture_fallback: bool = True
    customer_hierarchy: bool = False

    def undated_on(self, days: Days, billing_group_ident: str) -> dt.date:
        """The date of a document that is asked for now and without one."""
        own = self.document_date_zone == "TENANT"
        return self.open_day(days.today(billing_group_ident) if own else days.now.astimezone(dt.UTC).date(), days)

    def open_day(self, day: dt.date, days: Days) -> dt.date:
        """The day, or the first of the open periods where it is in a closed one and that first day has come: a month is over by the
        tenant's zone, while elsewhere it still is its last day."""
        first = self.first_open_day
        return first if day < first <= days.now.astimezone(days.tenant).date() else day

    @property
    def first_open_day(self) -> dt.date:
        """The first day after the locked periods: a late event is posted there, with its true tax date (GoBD, Festschreibung)."""
        return self.closed_through + dt.timedelta(days=1) if self.closed_through else dt.date.min


def tenant_settings(uow: Uow, *, lock: bool = False, share: bool = False) -> TenantSettings:
    """The settings of the caller's tenant. `lock`: nobody else changes them, nor relies on them, until the transaction ends; `share`:
    nobody changes them until then, so that they are read once."""
    if not lock and isinstance(held := uow.readings.held(TenantSettings), TenantSettings):
        return held
    strength = " FOR UPDATE" if lock else " FOR SHARE" if share else ""
    sql = f"SELECT {columns(TenantSettings)} FROM tenant_setting{strength}"
    found = uow.readings.once(sql, lambda: uow.first(TenantSettings, sql) or TenantSettings())
    return uow.readings.hold(TenantSettings, found) if share else found


def change_tenant_settings(uow: Uow, changes: str, params: Params) -> None:
    """Change them by `changes`, SQL behind SET: the one way to, for they are read anew behind it."""
    uow.readings.let_go(TenantSettings)
    uow.run(f"UPDATE tenant_setting SET {changes}", params)


class Site(NamedTuple):
    """An operating site: who issues documents."""

    ident: str
    name: str
    company_name: str
    address: AddressFields
    vat_id: str | None
    tax_number: str | None
    register_number: str | None
    register_court: str | None
    managing_directors: Sequence[str] | None
    contact: ContactFields | None
    bank_accounts: Sequence[AccountFields] | None
    electronic_address: EndpointFields | None
    small_business: bool
    taxation_mode: Literal["ACCRUAL", "CASH"]
    default: bool
    legal_entity: str
    """Sites with the same one are one company."""


def sites(uow: Uow) -> dict[str, Site]:
    """Every operating site, by ident and in its order."""
    return {row.ident: row for row in uow.all(Site, f"SELECT {columns(Site)} FROM operating_site ORDER BY ident")}


def default_site(uow: Uow) -> str | None:
    """The operating site of what names none; None: there is no site yet."""
    return uow.scalar(str, 'SELECT ident FROM operating_site WHERE "default"')


class Home(NamedTuple):
    """Where the company receives what is supplied to it, and whether it deducts no input tax (section 19 UStG)."""

    country: str
    small_business: bool


def home(uow: Uow) -> Home | None:
    """The default site's; None: there is no site yet."""
    sql = "SELECT address ->> 'country' AS country, small_business FROM operating_site WHERE \"default\""
    return uow.readings.once(sql, lambda: uow.first(Home, sql))


class Registration(NamedTuple):
    """The VAT id that a site has in another country, or for a scheme of it."""

    operating_site_ident: str
    country: str
    region: str | None
    """None: of the whole country."""
    scheme: Literal["DEFAULT", "OSS", "IOSS"]
    vat_id: str
    tax_number: str | None
    valid_from: dt.date | None


def registrations(uow: Uow) -> list[Registration]:
    """Every VAT id of the sites beside their own, the newest last."""
    sql = f"SELECT {columns(Registration)} FROM tax_registration WHERE vat_id IS NOT NULL ORDER BY valid_from NULLS FIRST, ident"
    return uow.all(Registration, sql)


def cash_sites(uow: Uow) -> frozenset[str]:
    """The operating sites that tax on receipt (section 20 UStG)."""
    return frozenset(uow.column(str, "SELECT ident FROM operating_site WHERE taxation_mode = 'CASH'"))


def known_sites(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those of the idents that are operating sites."""
    return frozenset(uow.column(str, "SELECT ident FROM operating_site WHERE ident = ANY (%s)", (sorted(set(idents)),)))


class BillingGroup(NamedTuple):
    """What a billing group says of the documents that it makes."""

    billing_group_ident: str
    billing: Literal["NBX_BILLING", "EXTERNAL_BILLING"]
    deposit_receivable_relevant: bool
    final_invoice_method: Literal["REMAINDER", "FINAL", "REVERSAL"]
    document_number_configuration: Sequence[NumberFields]
    document_correction_mode: Literal["ITEM_BASED", "DOCUMENT_BASED"]
    contract_document_date_determination: Literal["DOCUMENT_CREATION", "BILLING_PERIOD"]
    splitting_config: Mapping[str, bool]
    issue_zero: bool
    carry_credits: bool
    minimum_amounts: Sequence[Mapping[str, str | int | Decimal]]
    currency_rounding_overrides: Sequence[RoundingFields]


def billing_groups(uow: Uow, idents: Iterable[str] | None = None) -> dict[str, BillingGroup]:
    """The named billing groups that exist, by ident; None: all."""
    named = None if idents is None else sorted(set(idents))
    sql = (
        f"SELECT {columns(BillingGroup)} FROM billing_group"
        " WHERE %(named)s::text[] IS NULL OR billing_group_ident = ANY (%(named)s)"
    )
    return {row.billing_group_ident: row for row in uow.all(BillingGroup, sql, {"named": named})}


class TermsRow(NamedTuple):
    billing_group_ident: str
    option_price_determination: str
    currency_rounding_overrides: Sequence[RoundingFields]


class LateRow(NamedTuple):
    billing_group_ident: str
    late_usage_behaviour: LateUsageBehaviour
    late_usage_limit_months: int


def group_terms(uow: Uow) -> dict[str, GroupTerms]:
    """Of every billing group, by its ident."""
    return {
        row.billing_group_ident: GroupTerms(
            row.option_price_determination == "PERFORMANCE_LOCATION", units_of(row.currency_rounding_overrides)
        )
        for row in uow.all(TermsRow, f"SELECT {columns(TermsRow)} FROM billing_group")
    }


class ZoneRow(NamedTuple):
    billing_group_ident: str
    time_zone: str


def days_of_groups(uow: Uow) -> Days:
    """Which day it is for each billing group."""
    sql = f"SELECT {columns(ZoneRow)} FROM billing_group WHERE time_zone IS NOT NULL"
    rows = uow.readings.once(sql, lambda: uow.all(ZoneRow, sql))
    return Days(uow.ctx.now(), uow.ctx.zone, {row.billing_group_ident: ZoneInfo(row.time_zone) for row in rows})


def late_usages(uow: Uow) -> dict[str, LateUsages]:
    """Of every billing group, by its ident."""
    rows = uow.all(LateRow, f"SELECT {columns(LateRow)} FROM billing_group")
    return {row.billing_group_ident: LateUsages(row.late_usage_behaviour, row.late_usage_limit_months) for row in rows}


class Locales(NamedTuple):
    locale_configuration: Sequence[LocaleFields]


def language_in(uow: Uow, billing_group_ident: str, country: str, wanted: str | None, own: str | None) -> str:
    """The language of what the group bills to a country: see `language_for`."""
    found = uow.first(
        Locales, f"SELECT {columns(Locales)} FROM billing_group WHERE billing_group_ident = %s", (billing_group_ident,)
    )
    return language_for(found.locale_configuration if found else (), country, wanted, own)


class OutputSwitches(NamedTuple):
    """Which files an issued document gets, and what is attached to them."""

    pdf: bool = True
    cii: bool = True
    ubl: bool = True
    attach_order_files: bool = False
    attach_contract_files: bool = False
    embed_attachments: bool = True
    """Whether what is attached stands within the PDF, too."""


def output_switches(uow: Uow) -> OutputSwitches:
    """The tenant's document creation configuration."""
    sql = f"SELECT {columns(OutputSwitches)} FROM document_output_configuration"
    return uow.first(OutputSwitches, sql) or OutputSwitches()


def aggregation_strategies(uow: Uow, document_type: str, operating_site_ident: str | None) -> tuple[str, ...]:
    """How the rows of a document are summed up: as configured for its type and site, else for its type; empty: not configured."""
    found = uow.scalar(
        list,
        "SELECT aggregation_strategies FROM aggregation_configuration WHERE invoice_type = %s"
        " AND (operating_site_ident IS NULL OR operating_site_ident = %s) ORDER BY operating_site_ident NULLS LAST LIMIT 1",
        (document_type, operating_site_ident),
    )
    return tuple(found or ())
