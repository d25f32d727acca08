"""A company whose master data say everything that a document can show, at one instant: what it issues is the same at every run."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.factories.companies import BANK
from tests.factories.tenants import Tenant

from contor.documents.issue import worker

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)

_SITE: dict[str, Any] = {
    "name": "Elbwerk",
    "companyName": "Elbwerk Maschinen GmbH",
    "vatId": "DE136695976",
    "taxNumber": "22/815/08154",
    "registerNumber": "HRB 815",
    "registerCourt": "Amtsgericht Hamburg",
    "managingDirectors": ["Ada Peters", "Jörg Weiß"],
    "address": {
        "street": "Am Kai",
        "streetNo": "7",
        "addition": "Tor 3",
        "zip": "20457",
        "city": "Hamburg",
        "state": "Hamburg",
        "country": "DE",
    },
    "contact": {"name": "Rechnungsstelle", "phone": "+49 40 1234", "email": "rechnung@elbwerk.example"},
    "bankAccounts": [{"iban": "DE02120300000000202051", "bic": "BYLADEM1001", "bankName": "DKB", "holder": "Elbwerk GmbH"}],
    "electronicAddress": {"scheme": "0204", "identifier": "04011000-12345-34"},
}
_SMALL_SITE: dict[str, Any] = {
    "name": "Atelier",
    "companyName": "Atelier Peters",
    "taxNumber": "22/815/00001",
    "smallBusiness": True,
    "address": {"street": "Hof", "streetNo": "1", "zip": "20457", "city": "Hamburg", "country": "DE"},
    "contact": {"email": "atelier@peters.example"},
}
_GROUP: dict[str, Any] = {
    "name": "External",
    "billing": "EXTERNAL_BILLING",
    "depositReceivableRelevant": True,
    "businessSegments": [{"segmentIdent": "main", "name": "Main"}],
    "localeConfiguration": [
        {"country": "DE", "regions": [{"languages": ["de", "en"]}], "defaultLanguage": "de", "fallbackLanguage": "en"}
    ],
}
_NUMBERED = {
    "documentNumberConfiguration": [{"documentType": "INVOICE", "externalNumber": "REQUIRED"}],
    "businessSegments": [{"segmentIdent": "other", "name": "Other"}],
}
_CUSTOMERS: tuple[dict[str, Any], ...] = (
    {
        "customerIdent": "c-full",
        "customerType": "B2B",
        "company": "Kunde AG",
        "email": "einkauf@kunde.example",
        "phone": "+49 30 77",
        "language": "de",
        "currency": "EUR",
        "vatId": "DE129273398",
        "taxNumber": "30/123/45678",
        "electronicAddress": {"scheme": "EM", "identifier": "rechnungen@kunde.example"},
        "bankAccounts": [
            {
                "ident": "acc-1",
                "iban": "DE89370400440532013000",
                "bic": "COBADEFFXXX",
                "bankName": "Commerzbank",
                "holder": "Kunde AG",
            }
        ],
        "addresses": [
            {
                "addressIdent": "bill",
                "addressType": "INVOICE",
                "company": "Kunde AG",
                "academicTitle": "Dr.",
                "firstName": "Eva",
                "gender": "FEMALE",
                "lastName": "Kurz",
                "department": "Einkauf",
                "street": "Allee",
                "streetNo": "1",
                "addressAddition": "Haus B",
                "zip": "10115",
                "city": "Berlin",
                "state": "Berlin",
                "country": "DE",
            },
            {
                "addressIdent": "ship",
                "addressType": "SHIPPING",
                "company": "Kunde AG",
                "street": "Rampe",
                "streetNo": "2",
                "addressAddition": "Lager",
                "zip": "6020",
                "city": "Innsbruck",
                "state": "Tirol",
                "country": "AT",
            },
        ],
    },
    {
        "customerIdent": "c-private",
        "customerType": "B2C",
        "firstName": "Anne",
        "lastName": "Petit",
        "email": "anne@petit.example",
        "addresses": [
            {
                "addressIdent": "home",
                "addressType": "INVOICE",
                "firstName": "Anne",
                "lastName": "Petit",
                "street": "Rue",
                "streetNo": "5",
                "zip": "75001",
                "city": "Paris",
                "country": "FR",
            }
        ],
    },
    {
        "customerIdent": "c-sister",
        "customerType": "AFFILIATED",
        "company": "Elbwerk Inc.",
        "email": "billing@elbwerk.example",
        "taxNumber": "98-7654321",
        "addresses": [
            {
                "addressIdent": "hq",
                "addressType": "INVOICE",
                "company": "Elbwerk Inc.",
                "street": "Main Street",
                "streetNo": "9",
                "zip": "94105",
                "city": "San Francisco",
                "state": "California",
                "country": "US",
            }
        ],
    },
    {
        "customerIdent": "c-partner",
        "customerType": "B2B",
        "company": "Partner KG",
        "email": "provision@partner.example",
        "phone": "+49 89 1",
        "vatId": "DE811907980",
        "taxNumber": "143/200/12345",
        "selfBillingAgreementOn": "2025-01-01",
        "addresses": [
            {
                "addressIdent": "bill",
                "addressType": "INVOICE",
                "company": "Partner KG",
                "firstName": "Max",
                "lastName": "Lang",
                "street": "Weg",
                "streetNo": "3",
                "zip": "80337",
                "city": "München",
                "country": "DE",
            }
        ],
    },
)
_SEPA = {"holderName": "Elbwerk GmbH", "creditorIdentifier": "DE98ZZZ09999999999", "preNotificationDays": 14, "leadDays": 1}
_DEBITS = {
    **BANK,
    "ident": "debits",
    "paymentServiceProviderId": 9,
    "iban": "DE75512108001245126199",
    "bic": "SOGEDEFFXXX",
    "sepa": _SEPA,
}
_COLLECTING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/payment-providers", {"id": 9, "name": "SEPA_FILE"}),
    ("/merchant-payment-accounts", _DEBITS),
    (
        "/merchant-payment-gateways",
        {"ident": "debits", "name": "Debits", "accounts": [{"merchantPaymentAccountIdent": "debits", "currency": "EUR"}]},
    ),
    (
        "/customer-payment-accounts",
        {
            "ident": "partner-debits",
            "debtorIdent": "c-partner",
            "merchantPaymentGatewayIdent": "debits",
            "accountHolderName": "Partner KG",
            "iban": "DE02120300000000202051",
            "bic": "BYLADEM1001",
            "mandate": {"reference": "M-1", "signedOn": "2025-05-01"},
        },
    ),
)
"""By which the partner is debited."""


_VOUCHERS = {
    "taxRuleVariantIdent": "since-2020",
    "applicableFrom": "2020-01-01",
    "taxRate": 0,
    "taxExemptionIdent": "VATEX-EU-132",
    "taxExemptionReason": "Steuerfrei nach § 4 Nr. 21 UStG",
}


class GoldenCompany:
    """Requests documents through the platform API and lets them be issued, one after the other."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.receipts = tenant, 0
        with tenant.runtime.transaction(tenant.caller(), directory=True) as uow:
            uow.run("UPDATE directory.environment SET clock_at = %s WHERE id = %s", (NOW, tenant.id))
        self.call("POST", "/billing/configuration/operating-sites", {"ident": "elbe", "default": True, **_SITE}, 201)
        self.call("POST", "/billing/configuration/operating-sites", {"ident": "atelier", **_SMALL_SITE}, 201)
        self.call("POST", "/billing-groups", {"billingGroupIdent": "external", **_GROUP}, 201)
        self.call("POST", "/billing-groups", {"billingGroupIdent": "numbered", **_GROUP, **_NUMBERED}, 201)
        for customer in _CUSTOMERS:
            self.call("POST", "/customers", customer, 201)
        self.call("POST", "/tax/rules", {"ident": "vouchers", "itemCategory": "VOUCHER", "variants": [_VOUCHERS]}, 201)
        self.call("POST", "/merchant-payment-accounts", {**BANK, "additionallyAcceptedCurrencies": ["USD"]}, 201)
        for path, body in _COLLECTING:
            self.call("POST", path, body, 201)
        parts = {"overpaymentAssignmentToDocuments": True, "underpaymentAssignmentToDocuments": True}
        self.call("POST", "/merchant-payment-accounts/bank/assignment-configuration", parts, 201)

    def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.tenant.call(method, path, body)
        assert answer.status == status, (path, answer.body)
        return answer.body

    @contextmanager
    def laid_out(self, wanted: bool) -> Iterator[None]:
        """Meanwhile credits are issued with what they correct as before and after, where that is wanted."""
        flag = "/billing/configuration/tenant/polish-credit-memo"
        if wanted:
            self.call("POST", flag, {"polishCreditMemo": True})
        yield
        if wanted:
            self.call("POST", flag, {"polishCreditMemo": False})

    def issue(self, path: str, request: dict[str, Any]) -> str:
        """The number of the document that a request became."""
        self.call("POST", f"/documents/{path}", request, 202)
        return self.drained(request["requestId"])

    def drained(self, request_id: str) -> str:
        worker.drain(self.tenant.runtime, self.tenant.id)
        state = self.call("GET", f"/documents/requests/{request_id}")
        assert state["status"] == "COMPLETED", state
        return str(state["documentIdent"])

    def receive(self, ident: str, amount: str, sent: dict[str, str] | None = None) -> None:
        """The customer pays on a document; `sent`: what he sent, where that is another currency."""
        self.receipts += 1
        body = {
            "externalIdent": f"bank-{self.receipts}",
            "baseAmount": {"amount": amount, "currency": "EUR"},
            "bookingDate": NOW.date().isoformat(),
            "creditDebitIndicator": "CREDIT",
            "description": f"Zahlung {ident}",
        }
        if sent is not None:
            body |= {"originalAmount": sent, "exchangeRate": "1.19"}
        paid = self.call("POST", "/merchant-payment-accounts/bank/payments", body, 201)
        assert paid["status"] == "ASSIGNED", paid
