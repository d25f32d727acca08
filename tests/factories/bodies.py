"""Bodies that are accepted as they stand; tests change one thing in them."""

from typing import Any

SITE: dict[str, Any] = {
    "ident": "hh",
    "name": "Hamburg",
    "companyName": "Elbe GmbH",
    "address": {"street": "Am Kai", "streetNo": "7", "zip": "20457", "city": "Hamburg", "country": "DE"},
    "vatId": "DE136695976",
    "taxNumber": "22/815/08154",
    "registerNumber": "HRB 815",
    "registerCourt": "Amtsgericht Hamburg",
    "managingDirectors": ["Ada Peters"],
    "contact": {"name": "Rechnungsstelle", "phone": "+49 40 1234", "email": "rechnung@elbe.example"},
    "bankAccounts": [{"iban": "DE02120300000000202051", "bic": "BYLADEM1001", "bankName": "DKB"}],
    "electronicAddress": {"scheme": "EM", "identifier": "rechnung@elbe.example"},
    "smallBusiness": False,
    "taxationMode": "ACCRUAL",
}
ADDRESS: dict[str, Any] = {
    "addressIdent": "a-1",
    "addressType": "INVOICE",
    "company": "Kunde AG",
    "street": "Allee",
    "streetNo": "1",
    "zip": "10115",
    "city": "Berlin",
    "stateCode": "DE-BE",
    "country": "DEU",
}
CUSTOMER: dict[str, Any] = {
    "customerIdent": "c-1",
    "customerType": "B2B",
    "company": "Kunde AG",
    "email": "einkauf@kunde.example",
    "language": "de",
    "currency": "EUR",
    "vatId": "DE 136 695 976",
    "taxNumber": "30/123/45678",
    "buyerReference": "04011000-12345-34",
    "electronicAddress": {"scheme": "0204", "identifier": "04011000-12345-34"},
    "properties": [{"key": "crm", "value": "77"}],
    "addresses": [ADDRESS],
}
GROUP: dict[str, Any] = {
    "billingGroupIdent": "g-1",
    "name": "Online",
    "billing": "EXTERNAL_BILLING",
    "businessSegments": [
        {"segmentIdent": "s-1", "name": "Shop"},
        {"segmentIdent": "s-2", "name": "Fair", "description": "Trade fairs"},
    ],
    "localeConfiguration": [
        {"country": "DE", "regions": [{"languages": ["de", "en"]}], "defaultLanguage": "de", "fallbackLanguage": "en"}
    ],
    "currencyRoundingOverrides": [{"currency": "EUR", "decimals": 2}],
    "depositReceivableRelevant": True,
    "documentNumberConfiguration": [{"documentType": "INVOICE", "externalNumber": "FORBIDDEN"}],
}
COUNTER: dict[str, Any] = {"ident": "web", "prefix": "WEB-##YEAR##-", "mask": "0000", "reset": "NEW_YEAR"}
AGGREGATION: dict[str, Any] = {
    "aggregationConfigurationIdent": "agg",
    "invoiceType": "INVOICE",
    "aggregationStrategies": ["BY_TAX_RATE", "BY_ITEM_GROUP"],
}


def but(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """`body` with other values; None takes a field out."""
    return {name: value for name, value in {**body, **changes}.items() if value is not None}
