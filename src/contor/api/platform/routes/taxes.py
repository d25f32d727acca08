"""Taxes: how they are determined, and whose VAT numbers are confirmed, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.tax import configuration, vat_numbers

_CONFIGURATION = "/v2/tax/configuration"
_CHECKS = "/v2/customers/{customerIdent}/vat-number-checks"
_CHECK = f"{_CHECKS}/{{vatNumberCheckIdent}}"
_GROUP = f"{_CONFIGURATION}/billing-groups/{{billingGroupIdent}}"

TAX_ROUTES: list[Route] = [
    route("GET", _CONFIGURATION, configuration.get_configuration, id="getTaxConfiguration"),
    route("POST", _CONFIGURATION, configuration.put_configuration, body="body", id="createOrUpdateTaxConfiguration", in_part=True),
    route("GET", _GROUP, configuration.get_group_configuration, id="getTaxConfigurationOfGroup"),
    route("POST", _GROUP, configuration.put_group_configuration, body="body", id="createOrUpdateTaxConfigurationOfGroup"),
    route("POST", _CHECKS, vat_numbers.check_vat_number, 202, body="body", may_be_empty=True, id="requestVatNumberCheck"),
    route(
        "GET",
        _CHECKS,
        vat_numbers.list_vat_number_checks,
        filterable=vat_numbers.CHECKS,
        output=vat_numbers.VatNumberCheckView,
    ),
    route("GET", _CHECK, vat_numbers.get_vat_number_check, pending=vat_numbers.is_requested),
    route("GET", f"{_CHECK}/answer", vat_numbers.get_answer, id="getVatNumberCheckAnswer"),
    route("POST", "/v2/vat-number-checks/actions/check-all", vat_numbers.check_all, 202, id="checkAllVatNumbers"),
    route("GET", "/v2/vat-number-checks/jobs/{jobIdent}", vat_numbers.get_check_all, id="getVatNumberCheckJob"),
]
