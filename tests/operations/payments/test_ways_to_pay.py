"""How customers pay: every payment account is a way, and transfers are one; the default is what nothing else names."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient
from tests.factories.creditors import Creditor
from tests.factories.offices import Office
from tests.factories.tenants import Tenant

METHODS = "/v2/payment-methods"
SEPA = {"iban": "DE02120300000000202051", "holder": "Muster Handel GmbH", "mandateReference": "M-9", "signedOn": "2026-01-02"}


def create(creditor: Creditor, status: int = 201, **more: Any) -> Any:
    return creditor.call("POST", METHODS, {"customerIdent": "muster-handel", **more}, status)


def methods(creditor: Creditor) -> dict[str, Any]:
    return {one["ident"]: one for one in creditor.call("GET", f"{METHODS}?search=customerIdent==muster-handel")["_embedded"]}


def defaults(creditor: Creditor) -> list[str]:
    return [ident for ident, one in methods(creditor).items() if one["isDefault"]]


def test_every_account_is_a_way_to_pay_and_the_latest_the_default(creditor: Creditor) -> None:
    creditor.account("ok", paymentMethod="CREDIT_CARD", displayName="Visa 4242")
    second = creditor.account("ok")
    found = methods(creditor)
    assert (found["account-1"]["gateway"], found["account-1"]["type"], found["account-1"]["name"]) == (
        "TESTING",
        "CARD",
        "Visa 4242",
    )
    assert defaults(creditor) == [second]
    creditor.call("PATCH", f"{METHODS}/account-1", {"isDefault": True})
    assert defaults(creditor) == ["account-1"]
    creditor.sound()


def test_the_default_is_collected_from(creditor: Creditor) -> None:
    creditor.account("ok")
    creditor.account("ok")
    creditor.call("PATCH", f"{METHODS}/account-1", {"isDefault": True, "name": "The old one"})
    document = creditor.document(paymentCollection={"collect": True}, paymentTerm={"periodInDays": 0})
    creditor.collect()
    (intent,) = creditor.intents()
    assert (intent["documentIdent"], intent["customerPaymentAccountIdent"]) == (document, "account-1")
    creditor.sound()


def test_who_transfers_is_not_collected_from(creditor: Creditor) -> None:
    creditor.account("ok")
    made = create(creditor, gateway="BANK_TRANSFER", type="BANK_TRANSFER")
    assert (made["status"], made["isDefault"]) == ("ACTIVE", True)
    creditor.document(paymentCollection={"collect": True}, paymentTerm={"periodInDays": 0})
    creditor.collect()
    assert creditor.intents() == []
    creditor.sound()


def test_a_method_is_made_with_its_account(creditor: Creditor) -> None:
    creditor.account("ok")
    card = {"brand": "visa", "last4": "4242", "expMonth": 12, "expYear": 2030, "holder": "M. Muster"}
    made = create(
        creditor,
        ident="c-1",
        gateway="TESTING",
        type="CARD",
        token={"method": "ok", "customer": "cus-1"},
        card=card,
        isDefault=False,
    )
    assert (made["status"], made["reference"], made["card"], made["expiresOn"]) == ("ACTIVE", "ok", card, "2030-12-31")
    assert defaults(creditor) == ["account-1"]
    assert creditor.call("GET", "/v2/customer-payment-accounts/c-1")["paymentMethod"] == "CREDIT_CARD"
    said = create(creditor, 400, gateway="STRIPE", type="SEPA_DEBIT", sepa=SEPA, once=True)
    assert [one["fieldName"] for one in said["errors"]] == ["type", "sepa", "once", "token", "gateway"]
    create(creditor, 409, ident="c-1", gateway="BANK_TRANSFER", type="BANK_TRANSFER")
    creditor.call("GET", f"{METHODS}/none", status=404)
    creditor.sound()


def test_the_default_is_removed_with_a_new_one_only(creditor: Creditor) -> None:
    creditor.account("ok")
    creditor.account("ok")
    creditor.call("POST", f"{METHODS}/account-2/actions/remove", {}, 400)
    creditor.call("POST", f"{METHODS}/account-2/actions/remove", {"newDefault": "none"}, 400)
    creditor.call("POST", f"{METHODS}/account-2/actions/remove", {"newDefault": "account-1"}, 204)
    assert defaults(creditor) == ["account-1"]
    creditor.call("GET", f"{METHODS}/account-2", status=404)
    assert creditor.call("GET", "/v2/customer-payment-accounts/account-2")["healthStatus"] == "UNHEALTHY"
    creditor.call("POST", f"{METHODS}/account-1/actions/remove", None, 204)
    assert methods(creditor) == {}
    creditor.sound()


def test_one_that_rests_is_not_collected_from(creditor: Creditor) -> None:
    creditor.account("ok")
    creditor.account("ok")
    said = creditor.call("PATCH", f"{METHODS}/account-2", {"enabled": False})
    assert (said["enabled"], said["status"]) == (False, "ACTIVE")
    creditor.call("PATCH", f"{METHODS}/account-2", {"isDefault": True}, 400)
    creditor.document(paymentCollection={"collect": True}, paymentTerm={"periodInDays": 0})
    creditor.collect()
    (intent,) = creditor.intents()
    assert intent["customerPaymentAccountIdent"] == "account-1"
    assert creditor.call("PATCH", f"{METHODS}/account-2", {"enabled": True})["enabled"]
    creditor.sound()


def test_contracts_on_what_goes_are_paid_by_what_takes_its_place(
    furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]
) -> None:
    """The default, and in the end nothing that is collected."""
    creditor, office = Creditor(furnished, client, bearer(furnished)).furnish(), Office(furnished, client, bearer(furnished))
    creditor.account("ok")
    creditor.account("ok")
    office.plan()
    paying = {"paymentType": "CREDIT_CARD", "paymentControl": "CHARGE", "customerPaymentAccountIdent": "account-2"}
    number = office.contract("v-1", paymentInformation=paying)
    creditor.call("POST", f"{METHODS}/account-2/actions/remove", {"newDefault": "account-1"}, 204)
    said = office.call("GET", f"/v2/contracts/{number}")["paymentInformation"]
    assert (said["customerPaymentAccountIdent"], said["paymentControl"]) == ("account-1", "CHARGE")
    creditor.call("POST", f"{METHODS}/account-1/actions/remove", None, 204)
    said = office.call("GET", f"/v2/contracts/{number}")["paymentInformation"]
    assert (said.get("customerPaymentAccountIdent"), said["paymentControl"], said["paymentType"]) == (
        None,
        "NOCHARGE",
        "BANK_TRANSFER",
    )
