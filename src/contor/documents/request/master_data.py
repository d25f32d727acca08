"""What requests are judged by: the tenant's settings, kept as long as nobody changes them, and the customers that are named."""

import weakref
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from contor.customers.queries import Address, Customer, named_beside
from contor.documents.judge import BillingGroup
from contor.documents.request.parties import site_party
from contor.documents.types import Party, PaymentTerm
from contor.runtime.uow import Installation, Uow
from contor.settings.groups import units_of
from contor.settings.numbers import Counter, Strategy, numbering
from contor.settings.queries import (
    VERSION,
    Registration,
    TenantSettings,
    Version,
    billing_groups,
    days_of_groups,
    registrations,
    sites,
    tenant_settings,
)
from contor.settings.translations import Texts, texts_by_locale
from contor.tax.rules import VERSION as VERSION_OF_RULES
from contor.tax.rules import Rules, rules_of

ExternalNumber = Literal["REQUIRED", "FORBIDDEN"]
"""Whether the caller gives the number of a type of document."""
MOST_KEPT = 500
"""Tenants whose settings one process keeps."""


class MasterData(NamedTuple):
    """A tenant's settings, as they stand."""

    settings: TenantSettings
    groups: Mapping[str, tuple[BillingGroup, Mapping[str, ExternalNumber]]]
    """(group, per document type whether the caller gives the number), by ident."""
    zones: Mapping[str, ZoneInfo]
    """Of the billing groups that have one of their own."""
    sites: Mapping[str, Party]
    """Every operating site as our party."""
    companies: Mapping[str, str]
    """The legal entity of each site."""
    default_site: str | None
    cash: frozenset[str]
    """The sites that tax on receipt."""
    registrations: list[Registration]
    strategies: list[Strategy]
    counters: Mapping[str, Counter]
    texts: Mapping[str, Texts]
    """The tenant's own words for texts, by locale."""
    tax_rules: Rules


class Known(NamedTuple):
    """What is known of a tenant for some requests."""

    master: MasterData
    customers: dict[str, Customer]
    addresses: dict[tuple[str, str], Address]


Kept = dict[int, tuple[str, MasterData]]
_KEPT: "weakref.WeakKeyDictionary[Installation, Kept]" = weakref.WeakKeyDictionary()
"""(version, settings) of tenants."""

_VERSION = f"SELECT s.version || ':' || r.version AS version FROM ({VERSION}) s, ({VERSION_OF_RULES}) r"
"""SQL: of the tenant's settings, and of its tax rules."""
_READ = named_beside(_VERSION, Version)
"""One round trip, for a request as for a batch."""


def master_data(uow: Uow, named: Collection[tuple[str, Collection[str]]]) -> Known:
    """The settings, and the customers that are named with the idents of addresses, as they are now."""
    wanted = {"customers": sorted({ident for ident, _ in named}), "addresses": sorted({ident for _, of in named for ident in of})}
    rows = uow.joined(Version, Customer, Address, _READ, wanted)
    customers = {customer.customer_ident: customer for _, customer, _ in rows if customer is not None}
    addresses = {(address.customer_ident, address.address_ident): address for _, _, address in rows if address is not None}
    return Known(_settings(uow, rows[0][0].version), customers, addresses)


def _settings(uow: Uow, version: str) -> MasterData:
    """Of this version, if the process has it; else they are read, and kept if they have not changed meanwhile."""
    kept, tenant = _KEPT.setdefault(uow.runtime, {}), uow.ctx.tenant_id
    known = kept.get(tenant)
    if known is not None and known[0] == version:
        return known[1]
    made = settings_now(uow)
    if uow.scalar(str, _VERSION) == version:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[tenant] = (version, made)
    return made


def settings_now(uow: Uow) -> MasterData:
    """As the tables say."""
    settings, rows = tenant_settings(uow), sites(uow)
    strategies, counters = numbering(uow, settings.number_strategy)
    return MasterData(
        settings,
        _groups(uow),
        days_of_groups(uow).own,
        {ident: site_party(row) for ident, row in rows.items()},
        {ident: row.legal_entity for ident, row in rows.items()},
        next((ident for ident, row in rows.items() if row.default), None),
        frozenset(ident for ident, row in rows.items() if row.taxation_mode == "CASH"),
        registrations(uow),
        strategies,
        counters,
        texts_by_locale(uow),
        rules_of(uow),
    )


def _groups(uow: Uow) -> dict[str, tuple[BillingGroup, Mapping[str, ExternalNumber]]]:
    return {
        ident: (
            BillingGroup(
                ident=ident,
                external_billing=row.billing == "EXTERNAL_BILLING",
                deposit_receivable_relevant=row.deposit_receivable_relevant,
                final_invoice_method=row.final_invoice_method,
                payment_term=PaymentTerm(),
                units=units_of(row.currency_rounding_overrides),
            ),
            {entry["document_type"]: entry["external_number"] for entry in row.document_number_configuration or ()},
        )
        for ident, row in billing_groups(uow).items()
    }
