"""How customers pay, over the API: accounts, mandates, health; gateways between them and our accounts."""

from typing import Any

import pytest
from tests.factories.bodies import CUSTOMER, but
from tests.factories.payers import CREDITOR, GATEWAY, IBAN, MANDATE, MERCHANT, OTHER_IBAN, PAYER, stock
from tests.factories.tenants import Tenant

ACCOUNTS = "/customer-payment-accounts"
ACCOUNT = f"{ACCOUNTS}/acc"


@pytest.fixture
def stocked(tenant: Tenant) -> Tenant:
    return stock(tenant)


def refused(answer: Any) -> list[str]:
    """The fields that are wrong."""
    return sorted(error["fieldName"] for error in answer.body["errors"])


def everything_stored(tenant: Tenant) -> str:
    """The rows that tell of accounts, and the trail."""
    tables = ("customer_payment_account", "sepa_mandate", "audit_entry", "payment_provider", "settlement_source")
    return str([tenant.rows(f"SELECT to_jsonb(t)::text FROM {table} t") for table in tables])


def test_an_account_with_a_mandate(stocked: Tenant) -> None:
    made = stocked.call("POST", ACCOUNTS, PAYER)
    assert made.status == 201, made.body
    shown = {
        **but(PAYER, mandate=None, iban="DE02…2051"),
        "mandate": {
            "reference": "M-1",
            "signedOn": "2025-05-01",
            "scheme": "CORE",
            "kind": "RECURRENT",
            "creditorIdentifier": CREDITOR,
        },
        "mandateStatus": "ACTIVE",
        "amendmentPending": False,
        "healthStatus": "UNKNOWN",
    }
    assert {name: made.body.get(name) for name in shown} == shown
    assert stocked.call("GET", ACCOUNT).body == made.body
    (listed,) = stocked.call("GET", f"{ACCOUNTS}?search=debtorIdent==c-1").body["_embedded"]
    assert listed == made.body
    assert IBAN not in everything_stored(stocked)
    assert IBAN[4:] not in everything_stored(stocked)
    assert stocked.broken() == []


def test_what_was_read_is_sent_back(stocked: Tenant) -> None:
    made = stocked.call("POST", ACCOUNTS, PAYER).body
    again = stocked.call("PUT", ACCOUNT, made)
    assert again.status == 200, again.body
    assert but(again.body, lastModifiedAt=None) == but(made, lastModifiedAt=None)


def test_a_token_of_a_provider_needs_no_bank_data(stocked: Tenant) -> None:
    body = but(PAYER, iban=None, bic=None, mandate=None, paymentMethodReference="pm_1Nx", ident=None)
    made = stocked.call("POST", ACCOUNTS, body)
    assert (made.status, made.body["paymentMethodReference"]) == (201, "pm_1Nx")
    assert "mandate" not in made.body or made.body["mandate"] is None


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"debtorIdent": "nobody"}, ["debtorIdent"]),
        (
            {"debtorIdent": "nobody", "merchantPaymentGatewayIdent": "none"},
            ["debtorIdent", "merchantPaymentGatewayIdent"],
        ),
        ({"iban": "DE02120300000000202052"}, ["iban"]),
        ({"iban": None}, ["iban"]),
        ({"iban": "DE02…2051"}, ["iban"]),
        ({"mandate": {**MANDATE, "signedOn": "2999-01-01"}}, ["mandate.signedOn"]),
        ({"mandate": {**MANDATE, "creditorIdentifier": "DE97ZZZ09999999999"}}, None),
        ({"mandate": {**MANDATE, "reference": "a//b"}}, None),
        ({"mandate": {**MANDATE, "reference": "/ab"}}, None),
        ({"mandate": {**MANDATE, "reference": "ä"}}, None),
        ({"displayName": "Visa 4242 4242 4242 4242"}, ["displayName"]),
    ],
)
def test_what_is_wrong_is_named_all_at_once(stocked: Tenant, change: dict[str, Any], found: Any) -> None:
    answer = stocked.call("POST", ACCOUNTS, {**PAYER, **change})
    assert answer.status == 400
    if found is not None:
        assert refused(answer) == found
    assert stocked.rows("SELECT count(*) FROM customer_payment_account")[0][0] == 0


def test_a_consumer_signs_no_mandate_between_businesses(stocked: Tenant) -> None:
    consumer = but(CUSTOMER, customerIdent="c-2", customerType="B2C", vatId=None, taxNumber=None, lastName="Meier", company=None)
    assert stocked.call("POST", "/customers", consumer).status == 201
    body = {**PAYER, "debtorIdent": "c-2", "mandate": {**MANDATE, "scheme": "B2B"}}
    assert refused(stocked.call("POST", ACCOUNTS, body)) == ["mandate.scheme"]


def test_a_reference_is_unique_for_ever_whatever_the_business_code(stocked: Tenant) -> None:
    assert stocked.call("POST", ACCOUNTS, PAYER).status == 201
    second = {**PAYER, "ident": "acc-2", "mandate": {**MANDATE, "creditorIdentifier": "DE98ABC09999999999"}}
    answer = stocked.call("POST", ACCOUNTS, second)
    assert (answer.status, refused(answer)) == (409, ["mandate.reference"])
    newer = {**PAYER, "mandate": {"reference": "M-2", "signedOn": "2025-06-01"}}
    assert stocked.call("PUT", ACCOUNT, newer).body["mandate"]["reference"] == "M-2"
    answer = stocked.call("POST", ACCOUNTS, {**PAYER, "ident": "acc-2"})  # the former one stays known
    assert refused(answer) == ["mandate.reference"]
    assert stocked.broken() == []


def test_health_is_said_with_its_reason(stocked: Tenant) -> None:
    stocked.call("POST", ACCOUNTS, PAYER)
    path = f"{ACCOUNT}/actions/change-health-status"
    assert refused(stocked.call("POST", path, {"healthStatus": "UNHEALTHY"})) == ["reason"]
    said = stocked.call("POST", path, {"healthStatus": "UNHEALTHY", "reason": "account closed"})
    assert (said.status, said.body["healthStatus"], said.body["healthReason"]) == (200, "UNHEALTHY", "account closed")
    assert stocked.call("POST", path, {"healthStatus": "HEALTHY"}).body.get("healthReason") is None
    assert stocked.broken() == []


def test_a_mandate_is_revoked_and_another_one_is_signed(stocked: Tenant) -> None:
    stocked.call("POST", ACCOUNTS, PAYER)
    revoked = stocked.call("POST", f"{ACCOUNT}/actions/revoke-mandate", {"reason": "letter of today"})
    assert (revoked.status, revoked.body["mandateStatus"], revoked.body["mandateStatusReason"]) == (
        200,
        "REVOKED",
        "letter of today",
    )
    answer = stocked.call("PUT", ACCOUNT, {**PAYER, "mandate": {**MANDATE, "reference": "M-2"}})
    assert refused(answer) == ["mandate.signedOn"]
    answer = stocked.call("PUT", ACCOUNT, {**PAYER, "mandate": {"reference": "M-2", "signedOn": "2025-06-01"}})
    assert (answer.body["mandate"]["reference"], answer.body["mandateStatus"]) == ("M-2", "ACTIVE")


def test_bank_data_and_mandate_stay_where_they_are_left_out(stocked: Tenant) -> None:
    made = stocked.call("POST", ACCOUNTS, PAYER).body
    changed = stocked.call("PUT", ACCOUNT, but(PAYER, iban=None, bic=None, mandate=None, displayName="Giro")).body
    assert {name: changed[name] for name in ("iban", "bic", "mandate")} == {name: made[name] for name in ("iban", "bic", "mandate")}
    moved = stocked.call("PUT", ACCOUNT, but(PAYER, iban=OTHER_IBAN, bic=None, mandate=None)).body
    assert (moved["iban"], moved.get("bic"), moved["amendmentPending"]) == ("DE89…3000", None, False)  # the bank knows of none yet


def test_a_gateway_names_an_account_for_each_currency(stocked: Tenant) -> None:
    wrong = {
        "ident": "x",
        "name": "X",
        "accounts": [
            {"merchantPaymentAccountIdent": "bank", "currency": "USD"},
            {"merchantPaymentAccountIdent": "none", "currency": "CHF"},
            {"merchantPaymentAccountIdent": "bank", "currency": "EUR"},
            {"merchantPaymentAccountIdent": "bank", "currency": "EUR"},
        ],
    }
    assert refused(stocked.call("POST", "/merchant-payment-gateways", wrong)) == [
        "accounts[0].currency",
        "accounts[1].merchantPaymentAccountIdent",
        "accounts[3].currency",
    ]
    renamed = stocked.call("PUT", "/merchant-payment-gateways/main", {"name": "Other", "accounts": []})
    assert (renamed.status, renamed.body["name"], renamed.body["accounts"]) == (200, "Other", [])
    assert stocked.call("PUT", "/merchant-payment-gateways/none", GATEWAY).status == 404
    assert stocked.call("POST", "/merchant-payment-gateways", GATEWAY).status == 409
    (listed,) = stocked.call("GET", "/merchant-payment-gateways").body["_embedded"]
    assert listed == renamed.body


def test_an_account_that_a_gateway_names_is_in_use(stocked: Tenant) -> None:
    assert stocked.call("DELETE", "/merchant-payment-accounts/bank").status == 409
    stocked.call("PUT", "/merchant-payment-gateways/main", {"name": "Main"})
    assert stocked.call("DELETE", "/merchant-payment-accounts/bank").status == 204


def test_sepa_settings_are_changed_and_collections_have_their_day(stocked: Tenant) -> None:
    sepa = {"holderName": "Elbe GmbH", "leadDays": 2, "instant": True, "nameCutting": "^.{1,70}"}
    body = but(MERCHANT, ident=None, sepa=sepa, name="Bank")
    assert stocked.call("PUT", "/merchant-payment-accounts/bank", body).body["sepa"]["leadDays"] == 2
    answer = stocked.call("PUT", "/merchant-payment-accounts/bank", but(body, sepa={**sepa, "nameCutting": "("}))
    assert refused(answer) == ["sepa.nameCutting"]
    wrong = [
        ({"transferVersion": "pain.001.001.03", "instant": True}, ["sepa.transferVersion"]),
        ({"holderName": "x" * 71}, ["sepa.holderName"]),
        ({"creditorIdentifier": "DE97ZZZ09999999999"}, ["sepa.creditorIdentifier"]),
        ({"timeZone": "Moon/North"}, ["sepa.timeZone"]),
    ]
    for change, found in wrong:
        answer = stocked.call("PUT", "/merchant-payment-accounts/bank", but(body, sepa={"holderName": "Elbe GmbH", **change}))
        assert refused(answer) == found
    assert refused(stocked.call("POST", "/merchant-payment-accounts", but(MERCHANT, ident="three", iban=None))) == ["iban"]
    second = but(MERCHANT, ident="two", iban=None, paymentCollectionConfig={"daysAfterDueDate": 5}, sepa=None)
    assert stocked.call("POST", "/merchant-payment-accounts", second).body["paymentCollectionConfig"] == {"daysAfterDueDate": 5}


def test_an_account_at_the_bank_is_ours_once(stocked: Tenant) -> None:
    """Statements find it by its IBAN and currency."""
    path = "/merchant-payment-accounts"
    assert stocked.call("PUT", f"{path}/bank", MERCHANT).status == 200
    again = stocked.call("POST", path, {**MERCHANT, "ident": "other"})
    assert (again.status, "account bank has this IBAN in EUR already" in again.body["message"]) == (409, True), again.body
