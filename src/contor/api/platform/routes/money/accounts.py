"""Customers' payment accounts, gateways, providers and settlement sources, in `/v2`."""

from contor.api.kit import route
from contor.api.route import Route
from contor.payments import customer_accounts, gateways, methods

_CUSTOMERS = "/v2/customer-payment-accounts"
_CUSTOMER = f"{_CUSTOMERS}/{{customerPaymentAccountIdent}}"
_METHODS = "/v2/payment-methods"
_METHOD = f"{_METHODS}/{{paymentMethodIdent}}"
_GATEWAYS = "/v2/merchant-payment-gateways"
_PROVIDERS = "/v2/payment-providers"
_PROVIDER = f"{_PROVIDERS}/{{paymentProviderId}}"
_SOURCES = f"{_PROVIDER}/settlement-sources"
_SOURCE = f"{_SOURCES}/{{settlementSourceIdent}}"

ACCOUNT_ROUTES: list[Route] = [
    route(
        "GET",
        _CUSTOMERS,
        customer_accounts.list_accounts,
        filterable=customer_accounts.ACCOUNTS,
        output=customer_accounts.CustomerAccountView,
    ),
    route("POST", _CUSTOMERS, customer_accounts.create_account, 201, body="body"),
    route("GET", _CUSTOMER, customer_accounts.get_account),
    route("PUT", _CUSTOMER, customer_accounts.update_account, body="body"),
    route("POST", f"{_CUSTOMER}/actions/change-health-status", customer_accounts.change_health_status, body="body"),
    route("POST", f"{_CUSTOMER}/actions/revoke-mandate", customer_accounts.revoke_mandate_of, body="body", may_be_empty=True),
    route("GET", _METHODS, methods.list_methods, filterable=methods.METHODS, output=methods.MethodView),
    route("POST", _METHODS, methods.create_method, 201, body="body"),
    route("GET", _METHOD, methods.get_method),
    route("PATCH", _METHOD, methods.update_method, body="body"),
    route("POST", f"{_METHOD}/actions/remove", methods.remove_method, 204, body="body", may_be_empty=True),
    route("GET", _GATEWAYS, gateways.list_gateways, filterable=gateways.GATEWAYS, output=gateways.GatewayView),
    route("POST", _GATEWAYS, gateways.create_gateway, 201, body="body"),
    route("PUT", f"{_GATEWAYS}/{{merchantPaymentGatewayIdent}}", gateways.update_gateway, body="body"),
    route("GET", _PROVIDERS, gateways.list_providers, filterable=gateways.PROVIDERS, output=gateways.ProviderView),
    route("POST", _PROVIDERS, gateways.create_provider, 201, body="body"),
    route("GET", _PROVIDER, gateways.get_provider),
    route("PUT", _PROVIDER, gateways.update_provider, body="body"),
    route("DELETE", _PROVIDER, gateways.delete_provider, 204),
    route("GET", _SOURCES, gateways.list_sources, filterable=gateways.SOURCES, output=gateways.SourceView),
    route("POST", _SOURCES, gateways.create_source, 201, body="body"),
    route("GET", _SOURCE, gateways.get_source),
    route("PUT", _SOURCE, gateways.update_source, body="body"),
    route("DELETE", _SOURCE, gateways.delete_source, 204),
    route("POST", f"{_SOURCE}/actions/fetch", gateways.fetch_source),
]
