"""Taxes: how they are determined, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.documents import calculation
from contor.tax import configuration, oss, rules, show_rates

_CONFIGURATION = "/v2/tax/configuration"
_THRESHOLD = "/v2/tax/oss-threshold"
_GROUP = f"{_CONFIGURATION}/billing-groups/{{billingGroupIdent}}"
_RULES, _RULE = "/v2/tax/rules", "/v2/tax/rules/{taxRuleIdent}"
_VARIANT = f"{_RULE}/variants/{{taxRuleVariantIdent}}"

_CALCULATE = "/v2/tax/calculate/documents"

TAX_ROUTES: list[Route] = [
    route("POST", _CALCULATE, calculation.calculate_document, body="body", id="calculateTaxOfDocument"),
    route("POST", f"{_CALCULATE}/batch", calculation.calculate_documents, body="body", id="calculateTaxOfDocuments"),
    route("GET", "/v2/tax/calculations/{requestId}", calculation.get_calculation),
    route("GET", _RULES, rules.list_rules, filterable=rules.RULES, output=rules.TaxRuleView),
    route("POST", _RULES, rules.create_rule, 201, body="body"),
    route("GET", _RULE, rules.get_rule),
    route("PUT", _RULE, rules.update_rule, body="body"),
    route("POST", f"{_RULE}/variants", rules.add_variant, 201, body="body"),
    route("GET", _VARIANT, rules.get_variant),
    route("PUT", _VARIANT, rules.change_variant, body="body"),
    route("GET", _CONFIGURATION, configuration.get_configuration, id="getTaxConfiguration"),
    route("POST", _CONFIGURATION, configuration.put_configuration, body="body", id="createOrUpdateTaxConfiguration", in_part=True),
    route("GET", _GROUP, configuration.get_group_configuration, id="getTaxConfigurationOfGroup"),
    route("POST", _GROUP, configuration.put_group_configuration, body="body", id="createOrUpdateTaxConfigurationOfGroup"),
    route("GET", _THRESHOLD, oss.get_threshold),
    route("PUT", f"{_THRESHOLD}/openings/{{year}}", oss.say_opening, body="body", id="sayOpeningOfOssThreshold"),
    route("POST", f"{_THRESHOLD}/waivers", oss.waive, 201, body="body", id="waiveOssThreshold"),
    route("POST", f"{_THRESHOLD}/actions/end-waiver", oss.end_waiver, body="body", id="endWaiverOfOssThreshold"),
    route("GET", "/v2/tax/rates", show_rates.list_tax_rates, parameters={"country": ("country", ""), "day": ("day", "")}),
]
