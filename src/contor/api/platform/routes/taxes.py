"""Taxes: how they are determined, and whose VAT numbers are confirmed, in `/v2`."""

from contor.api.kit import route
from contor.api.platform.answers import still
from contor.api.route import Route
from contor.documents import calculation
from contor.tax import configuration, oss, providers, rules, show_rates, vat_numbers

_CONFIGURATION = "/v2/tax/configuration"
_PROVIDERS = "/v2/tax/providers"
_PROVIDER = f"{_PROVIDERS}/{{provider}}"
_MAPPINGS = f"{_PROVIDERS}/configurations"
_TRANSACTIONS = f"{_PROVIDERS}/transactions"
_CHECKS = "/v2/customers/{customerIdent}/vat-number-checks"
_CHECK = f"{_CHECKS}/{{vatNumberCheckIdent}}"
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
    route("GET", _PROVIDERS, providers.list_providers, id="listEnabledTaxProviders"),
    route("GET", _MAPPINGS, providers.list_mappings, id="listTaxProviderConfigurations"),
    route("POST", f"{_MAPPINGS}/{{country}}", providers.map_provider, body="body", id="createOrUpdateTaxProviderConfiguration"),
    route("DELETE", f"{_MAPPINGS}/{{country}}", providers.unmap_country, 204, id="deleteTaxProviderConfiguration"),
    route(
        "DELETE",
        f"{_MAPPINGS}/{{country}}/billing-groups/{{billingGroupIdent}}",
        providers.unmap_country_of_group,
        204,
        id="deleteTaxProviderConfigurationOfGroup",
    ),
    route("GET", f"{_PROVIDERS}/credentials", providers.list_credentials, id="listTaxProviderCredentials"),
    route(
        "GET", _TRANSACTIONS, providers.list_transactions, filterable=providers.TRANSACTIONS, output=providers.TaxTransactionView
    ),
    route("POST", f"{_TRANSACTIONS}/{{code}}/actions/retry", providers.retry_transaction, id="retryTaxTransaction"),
    route("GET", f"{_PROVIDER}/credentials", providers.get_credentials, id="getTaxProviderCredentials"),
    route("POST", f"{_PROVIDER}/credentials", providers.put_credentials, body="body", id="createOrUpdateTaxProviderCredentials"),
    route("DELETE", f"{_PROVIDER}/credentials", providers.delete_credentials, 204, id="deleteTaxProviderCredentials"),
    route("GET", f"{_PROVIDER}/properties", providers.get_properties, id="getTaxProviderProperties"),
    route("POST", f"{_PROVIDER}/properties", providers.create_properties, 201, body="body", id="createTaxProviderProperties"),
    route("PUT", f"{_PROVIDER}/properties", providers.update_properties, body="body", id="updateTaxProviderProperties"),
    route("DELETE", f"{_PROVIDER}/properties", providers.delete_properties, 204, id="deleteTaxProviderProperties"),
    route("POST", _CHECKS, vat_numbers.check_vat_number, 202, body="body", may_be_empty=True, id="requestVatNumberCheck"),
    route(
        "GET",
        _CHECKS,
        vat_numbers.list_vat_number_checks,
        filterable=vat_numbers.CHECKS,
        output=vat_numbers.VatNumberCheckView,
    ),
    route("GET", _CHECK, vat_numbers.get_vat_number_check, pending=still("REQUESTED")),
    route("GET", f"{_CHECK}/answer", vat_numbers.get_answer, id="getVatNumberCheckAnswer"),
    route("POST", "/v2/vat-number-checks/actions/check-all", vat_numbers.check_all, 202, id="checkAllVatNumbers"),
    route(
        "GET",
        "/v2/vat-number-checks/jobs/{jobIdent}",
        vat_numbers.get_check_all,
        id="getVatNumberCheckJob",
        pending=still("RUNNING"),
    ),
    route("GET", _THRESHOLD, oss.get_threshold),
    route("PUT", f"{_THRESHOLD}/openings/{{year}}", oss.say_opening, body="body", id="sayOpeningOfOssThreshold"),
    route("POST", f"{_THRESHOLD}/waivers", oss.waive, 201, body="body", id="waiveOssThreshold"),
    route("POST", f"{_THRESHOLD}/actions/end-waiver", oss.end_waiver, body="body", id="endWaiverOfOssThreshold"),
    route("GET", "/v2/tax/rates", show_rates.list_tax_rates, parameters={"country": ("country", ""), "day": ("day", "")}),
]
