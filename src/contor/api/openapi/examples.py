"""Bodies as they are sent, by operation id: one sale from the customer to the payment. Pure."""

from typing import Any, Final

_ITEM: Final = {
    "ident": "1",
    "category": "SERVICE",
    "name": "Consulting",
    "quantity": 1,
    "quantityType": "PC",
    "prices": {"unit": {"net": 100}, "originalTotal": {"net": 100}, "total": {"net": 100}},
    "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
    "performanceLocation": {"country": "DE"},
}
EXAMPLES: Final[dict[str, Any]] = {
    "createCustomer": {
        "customerIdent": "c-100",
        "customerType": "B2B",
        "company": "Beispiel GmbH",
        "language": "de",
        "currency": "EUR",
        "addresses": [
            {
                "addressIdent": "a-100",
                "addressType": "INVOICE",
                "company": "Beispiel GmbH",
                "street": "Allee",
                "streetNo": "1",
                "zip": "10115",
                "city": "Berlin",
                "country": "DE",
            }
        ],
    },
    "createPlanOption": {
        "optionIdent": "base-fee",
        "name": "Base fee",
        "type": "RECURRING",
        "status": "FINAL",
        "prices": [{"price": 29.90, "netGrossIndicator": "NET"}],
    },
    "createPlan": {
        "planIdent": "basic",
        "name": "Basic",
        "phases": [
            {
                "ident": "p-1",
                "name": "Endless",
                "billingConfig": {"billingInterval": {"value": 1, "unit": "MONTH"}},
                "linkedOptions": [{"optionIdent": "base-fee"}],
            }
        ],
    },
    "createContract": {
        "contractIdent": "v-100",
        "planIdent": "basic",
        "debtorIdent": "c-100",
        "invoiceAddressIdent": "a-100",
        "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "base-fee", "quantity": 1}]}],
    },
    "createOrder": {
        "orderIdent": "o-100",
        "debtorOrderDetails": {"debtorIdent": "c-100"},
        "lineItems": [{"ident": "1", "name": "Machine", "category": "PHYSICAL_PRODUCT", "unitPriceNet": 1200, "quantity": 2}],
    },
    "requestInvoice": {
        "requestId": "request-100",
        "billingGroupIdent": "external",
        "currency": "EUR",
        "language": "de",
        "customerDetail": {"customerIdent": "c-100", "invoiceAddressIdent": "a-100"},
        "items": [_ITEM],
        "paymentCollection": {"collect": False},
    },
    "createMerchantPaymentAccount": {
        "ident": "bank",
        "name": "House bank",
        "active": True,
        "country": "DE",
        "currency": "EUR",
        "paymentServiceProviderId": 1,
    },
    "createPayment": {
        "externalIdent": "statement-17-1",
        "baseAmount": {"amount": 119, "currency": "EUR"},
        "bookingDate": "2026-05-10",
        "creditDebitIndicator": "CREDIT",
        "description": "Transfer",
    },
    "authenticate": {"api_key": "test_4711_till", "api_secret": "the secret that was answered when the key was made"},
    "createOrganization": {
        "name": "Beispiel GmbH",
        "address_line1": "Allee 1",
        "zip": "10115",
        "town": "Berlin",
        "country_code": "DEU",
    },
    "createApiKey": {"name": "till", "status": "enabled"},
}
