"""Read how a tenant has its taxes determined."""

from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.configuration.types import (
    Provider,
    TaxConfiguration,
    TaxConfigurationOverride,
    TaxConfigurations,
    WhenDown,
    overridden,
)


class _Row(NamedTuple):
    default_provider: Provider
    vat_id_validation: bool
    provider_down_behaviour: WhenDown
    max_proof_age_in_hours: int


class _GroupRow(NamedTuple):
    billing_group_ident: str
    default_provider: Provider | None
    vat_id_validation: bool | None
    provider_down_behaviour: WhenDown | None
    max_proof_age_in_hours: int | None


def configurations(uow: Uow) -> TaxConfigurations:
    """The tenant's, with what its billing groups say instead: two statements, for any number of documents."""
    of_tenant = configuration_of_tenant(uow)
    rows = uow.all(_GroupRow, f"SELECT {columns(_GroupRow)} FROM tax_group_configuration")
    return TaxConfigurations(of_tenant, {row.billing_group_ident: overridden(of_tenant, _override(row)) for row in rows})


def configuration_of_tenant(uow: Uow) -> TaxConfiguration:
    """The tenant's own; the defaults where nobody said anything."""
    row = uow.first(_Row, f"SELECT {columns(_Row)} FROM tax_configuration")
    return TaxConfiguration() if row is None else TaxConfiguration(**row._asdict())


def override_of(uow: Uow, billing_group_ident: str) -> TaxConfigurationOverride:
    """What a group says itself."""
    sql = f"SELECT {columns(_GroupRow)} FROM tax_group_configuration WHERE billing_group_ident = %s"
    row = uow.first(_GroupRow, sql, (billing_group_ident,))
    return TaxConfigurationOverride() if row is None else _override(row)


def _override(row: _GroupRow) -> TaxConfigurationOverride:
    return TaxConfigurationOverride(**{name: value for name, value in row._asdict().items() if name != "billing_group_ident"})
