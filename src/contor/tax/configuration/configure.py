"""Say how taxes are determined: for the tenant, and for a billing group instead."""

from dataclasses import dataclass

from contor.kernel.operations import operation
from contor.kernel.partial import said
from contor.runtime.uow import Uow
from contor.settings.groups import BILLING_GROUPS
from contor.tax.configuration import tables
from contor.tax.configuration.events import TaxConfigurationChanged
from contor.tax.configuration.queries import configuration_of_tenant, override_of
from contor.tax.configuration.types import (
    FIELDS,
    GroupTaxConfiguration,
    TaxConfiguration,
    TaxConfigurationBody,
    TaxConfigurationOverride,
    overridden,
)


@dataclass(frozen=True, slots=True)
class OwnTaxConfiguration:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class PutTaxConfiguration:
    body: TaxConfigurationBody


@dataclass(frozen=True, slots=True)
class OneGroup:
    billing_group_ident: str


@dataclass(frozen=True, slots=True)
class PutGroupTaxConfiguration:
    billing_group_ident: str
    body: TaxConfigurationOverride


@operation("tax_configuration.get", permission="tax.read", reads=True)
def get_configuration(uow: Uow, command: OwnTaxConfiguration) -> TaxConfiguration:
    """The tenant's; the defaults where nobody said anything."""
    return configuration_of_tenant(uow)


@operation("tax_configuration.put", permission="tax.write")
def put_configuration(uow: Uow, command: PutTaxConfiguration) -> TaxConfiguration:
    """Create or change the tenant's. What is issued keeps its tax."""
    uow.lock("tax_configuration", [""])
    before, defaults = configuration_of_tenant(uow), TaxConfiguration()
    wanted = {name: getattr(defaults, name) if value is None else value for name, value in said(command.body).items()}
    after = TaxConfiguration(**{name: wanted.get(name, getattr(before, name)) for name in FIELDS})
    uow.run("DELETE FROM tax_configuration")
    row = {name: getattr(after, name) for name in FIELDS}
    uow.insert(tables.tax_configuration, [{**row, "last_modified_at": uow.ctx.now()}])
    uow.audit("tax_configuration", "", {"before": before, "after": after})
    uow.emit(TaxConfigurationChanged(billing_group_idents=()))
    return after


@operation("tax_configuration.get_of_group", permission="tax.read", reads=True)
def get_group_configuration(uow: Uow, command: OneGroup) -> GroupTaxConfiguration:
    """What a billing group decides instead of its tenant, and what holds by both."""
    BILLING_GROUPS.require(uow, (command.billing_group_ident,))
    return _shown(uow, command.billing_group_ident, override_of(uow, command.billing_group_ident))


@operation("tax_configuration.put_of_group", permission="tax.write")
def put_group_configuration(uow: Uow, command: PutGroupTaxConfiguration) -> GroupTaxConfiguration:
    """Say all that a billing group decides instead; what is not said, or null, is as the tenant has it."""
    ident, body = command.billing_group_ident, command.body
    BILLING_GROUPS.require(uow, (ident,), lock=True)
    before = override_of(uow, ident)
    uow.run("DELETE FROM tax_group_configuration WHERE billing_group_ident = %s", (ident,))
    row = {name: getattr(body, name) for name in FIELDS}
    uow.insert(tables.tax_group_configuration, [{"billing_group_ident": ident, **row, "last_modified_at": uow.ctx.now()}])
    uow.audit("tax_configuration", ident, {"before": before, "after": body})
    uow.emit(TaxConfigurationChanged(billing_group_idents=(ident,)))
    return _shown(uow, ident, body)


def _shown(uow: Uow, ident: str, override: TaxConfigurationOverride) -> GroupTaxConfiguration:
    own = {name: getattr(override, name) for name in FIELDS}
    return GroupTaxConfiguration(billing_group_ident=ident, **own, effective=overridden(configuration_of_tenant(uow), override))
