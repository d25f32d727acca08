"""What a tenant, or one of its billing groups, decides of how taxes are determined. Pure."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from contor.kernel.partial import partial
from contor.kernel.shapes import Sent, shape

Provider = Literal["NITROBOX", "AVALARA", "FINANCE_ENABLER"]
"""Who determines taxes: NITROBOX is what is built in, by rules and law."""
WhenDown = Literal["ISSUE_WITH_LAST_PROOF", "TAX_AS_B2C", "HOLD"]
"""What becomes of a supply to a business whose VAT id cannot be checked now: its last proof holds; it is taxed as to a private person; it
waits."""


class TaxConfiguration(Sent, frozen=True):
    """How taxes are determined."""

    default_provider: Provider = "NITROBOX"
    """Where no country has a provider of its own."""
    vat_id_validation: bool = False
    """Whether VAT ids are confirmed by the authorities before a supply bears no tax for them."""
    provider_down_behaviour: WhenDown = "ISSUE_WITH_LAST_PROOF"
    """What is done while the authorities, or the provider, give no answer."""
    max_proof_age_in_hours: Annotated[int, Field(ge=1, le=8784)] = 24
    """How old the confirmation of a VAT id may be when a document is issued."""


class TaxConfigurationOverride(Sent, frozen=True):
    """What a billing group decides instead of its tenant; null: as the tenant."""

    default_provider: Provider | None = None
    vat_id_validation: bool | None = None
    provider_down_behaviour: WhenDown | None = None
    max_proof_age_in_hours: Annotated[int, Field(ge=1, le=8784)] | None = None


TaxConfigurationBody: Any = partial(TaxConfiguration, "TaxConfigurationBody")
"""What is not said stays; null is the default again."""


@shape
class GroupTaxConfiguration:
    """What a billing group decides instead of its tenant, and what holds by both."""

    billing_group_ident: str
    default_provider: Provider | None
    """null: as the tenant; so for each of the next."""
    vat_id_validation: bool | None
    provider_down_behaviour: WhenDown | None
    max_proof_age_in_hours: int | None
    effective: TaxConfiguration


class TaxConfigurations(NamedTuple):
    """A tenant's, with what its billing groups say instead."""

    of_tenant: TaxConfiguration
    of_groups: Mapping[str, TaxConfiguration]

    def of(self, billing_group_ident: str | None) -> TaxConfiguration:
        """What holds for what this group bills; None: for what belongs to no group."""
        return self.of_tenant if billing_group_ident is None else self.of_groups.get(billing_group_ident, self.of_tenant)


FIELDS = TaxConfiguration.__struct_fields__


def overridden(of_tenant: TaxConfiguration, override: TaxConfigurationOverride) -> TaxConfiguration:
    """The tenant's, but for what the group says itself."""
    validates, age = override.vat_id_validation, override.max_proof_age_in_hours
    provider, when_down = override.default_provider, override.provider_down_behaviour
    return TaxConfiguration(
        default_provider=of_tenant.default_provider if provider is None else provider,
        vat_id_validation=of_tenant.vat_id_validation if validates is None else validates,
        provider_down_behaviour=of_tenant.provider_down_behaviour if when_down is None else when_down,
        max_proof_age_in_hours=of_tenant.max_proof_age_in_hours if age is None else age,
    )
