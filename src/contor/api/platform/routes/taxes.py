"""Taxes: how they are determined, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.tax import configuration, show_rates

_CONFIGURATION = "/v2/tax/configuration"
_GROUP = f"{_CONFIGURATION}/billing-groups/{{billingGroupIdent}}"

TAX_ROUTES: list[Route] = [
    route("GET", _CONFIGURATION, configuration.get_configuration, id="getTaxConfiguration"),
    route("POST", _CONFIGURATION, configuration.put_configuration, body="body", id="createOrUpdateTaxConfiguration", in_part=True),
    route("GET", _GROUP, configuration.get_group_configuration, id="getTaxConfigurationOfGroup"),
    route("POST", _GROUP, configuration.put_group_configuration, body="body", id="createOrUpdateTaxConfigurationOfGroup"),
    route("GET", "/v2/tax/rates", show_rates.list_tax_rates, parameters={"country": ("country", ""), "day": ("day", "")}),
]
