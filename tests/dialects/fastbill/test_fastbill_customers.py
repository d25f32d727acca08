"""What a customer's fields do: they are kept, they change alone, and the core acts by them."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.fastbill import COLLECTS, Account
from tests.factories.tenants import Tenant, a_tenant

from contor.customers.keeping import ChooseAccount, DebtorAccountBody, choose_account
from contor.kernel.errors import Refused
from contor.openitems.decisions.decide import revert_decision
from contor.openitems.decisions.read import OneDecision
from contor.runtime.execute import Runtime

Bearer = Callable[[Tenant], dict[str, str]]
NEW = {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Muster Handel GmbH", "ADDRESS": "Weg 1", "ZIPCODE": "20095", "CITY": "Hamburg"}


def the_customer(account: Account, number: int) -> Any:
    (found,) = account.call("customer.get", FILTER={"CUSTOMER_ID": number})["CUSTOMERS"]
    return found


def an_invoice(account: Account, client: TestClient, bearer: Bearer) -> str:
    return Company(account.tenant, client, bearer(account.tenant)).document()


def test_what_is_not_said_stays(bare: Account) -> None:
    said = {"PAYMENT_TYPE": 5, "DAYS_FOR_PAYMENT": 7, "TAGS": "a,b", "COMMENT": "x", "X_ATTRIBUTES": {"Key": "v"}, "AFFILIATE": "p"}
    number = bare.call("customer.create", {**NEW, **said, "SALUTATION": "mr", "STATE": "HH"})["CUSTOMER_ID"]
    before = the_customer(bare, number)
    bare.call("customer.update", {"CUSTOMER_ID": str(number), "CITY": "Bremen", "TAGS": "c", "POSITION": "", "PHONE": None})
    after = the_customer(bare, number)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"CITY", "TAGS", "LASTUPDATE"} and (after["CITY"], after["TAGS"]) == ("Bremen", "c")


def test_the_whole_entity_may_be_sent_back(bare: Account) -> None:
    """As the PHP client does, with every field that is not empty."""
    number = bare.call("customer.create", {**NEW, "PAYMENT_TYPE": 6, "EMAIL": "a@b.example"})["CUSTOMER_ID"]
    entity = {name: value for name, value in the_customer(bare, number).items() if value not in ("", None)}
    assert bare.call("customer.update", {**entity, "CITY": "Bremen"}) == {"STATUS": "success", "CUSTOMER_ID": str(number)}
    assert bare.call("customer.delete", entity) == {"STATUS": "success"}


def test_a_customer_without_anything_leaves_no_trace(bare: Account) -> None:
    number = bare.call("customer.create", NEW)["CUSTOMER_ID"]
    bare.call("contact.create", {"CUSTOMER_ID": number, "LAST_NAME": "Muster"})
    assert bare.call("customer.delete", {"CUSTOMER_ID": number}) == {"STATUS": "success"}
    assert bare.tenant.rows("SELECT FROM customer") == bare.tenant.rows("SELECT FROM address") == []
    assert bare.tenant.unsound() == []


def test_a_customer_with_documents_is_kept_and_not_found(account: Account, client: TestClient, bearer: Bearer) -> None:
    an_invoice(account, client, bearer)
    (row,) = account.tenant.rows("SELECT id FROM customer")
    assert account.call("customer.delete", {"CUSTOMER_ID": row.id}) == {"STATUS": "success"}
    assert account.call("customer.get", FILTER={"CUSTOMER_ID": row.id}) == {"CUSTOMERS": []}
    refused = {"ERRORS": ["missing / invalid field: CUSTOMER_ID"]}
    assert account.call("customer.update", {"CUSTOMER_ID": row.id, "CITY": "X"}) == refused
    assert account.call("customer.delete", {"CUSTOMER_ID": row.id}) == refused
    (kept,) = account.tenant.rows("SELECT deleted_at IS NOT NULL AS deleted, billing_stop FROM customer")
    assert kept.deleted and kept.billing_stop == {"reason": "DELETED"}
    assert account.tenant.unsound() == []


def test_a_booked_account_is_fixed(account: Account, client: TestClient, bearer: Bearer) -> None:
    an_invoice(account, client, bearer)
    (row,) = account.tenant.rows("SELECT id, debtor_account FROM customer")
    answer = account.call("customer.update", {"CUSTOMER_ID": row.id, "ACCOUNT_RECEIVABLE": 12345})
    assert answer["ERRORS"][1] == f"ACCOUNT_RECEIVABLE is fixed: account {row.debtor_account} has entries"


def test_an_account_that_was_chosen_is_not_given_again(bare: Account) -> None:
    first = bare.call("customer.create", {**NEW, "ACCOUNT_RECEIVABLE": 10001})["CUSTOMER_ID"]
    others = [bare.call("customer.create", NEW)["CUSTOMER_ID"] for _ in range(2)]
    accounts = [the_customer(bare, number)["ACCOUNT_RECEIVABLE"] for number in (first, *others)]
    assert accounts == ["10001", "10002", "10003"]
    wrong = bare.call("customer.create", {**NEW, "ACCOUNT_RECEIVABLE": 70_000})
    assert wrong["ERRORS"][0] == "missing / invalid field: ACCOUNT_RECEIVABLE"


def test_what_is_refused_leaves_nothing(bare: Account) -> None:
    """The customer, his account and his mandate are one transaction."""
    bare.call("customer.create", {**NEW, "ACCOUNT_RECEIVABLE": 10_500})
    bare.call("customer.create", {**NEW, "ACCOUNT_RECEIVABLE": 10_500})
    assert len(bare.call("customer.get")["CUSTOMERS"]) == 1


def test_the_hash_and_the_links_name_one_customer(bare: Account, fastbill: TestClient, runtime: Runtime) -> None:
    number, other = (bare.call("customer.create", NEW)["CUSTOMER_ID"] for _ in range(2))
    found = the_customer(bare, number)
    for name in ("HASH", "DASHBOARD_URL", "CHANGEDATA_URL"):
        (same,) = bare.call("customer.get", FILTER={name: found[name]})["CUSTOMERS"]
        assert same["CUSTOMER_ID"] == str(number)
        assert bare.call("customer.get", FILTER={name: found[name][:-1] + "g"}) == {"CUSTOMERS": []}
        assert bare.call("customer.get", FILTER={name: found[name], "CUSTOMER_ID": other}) == {"CUSTOMERS": []}
    stranger = Account(a_tenant(runtime), fastbill)
    assert stranger.call("customer.get", FILTER={"HASH": found["HASH"]}) == {"CUSTOMERS": []}
    assert stranger.call("customer.get", FILTER={"DASHBOARD_URL": found["DASHBOARD_URL"]}) == {"CUSTOMERS": []}


def test_customers_of_others_are_not_there(bare: Account, fastbill: TestClient, runtime: Runtime) -> None:
    number = bare.call("customer.create", NEW)["CUSTOMER_ID"]
    contact = bare.call("contact.create", {"CUSTOMER_ID": number, "LAST_NAME": "Muster"})["CONTACT_ID"]
    stranger = Account(a_tenant(runtime), fastbill)
    own = stranger.call("customer.create", NEW)["CUSTOMER_ID"]
    refused = {"ERRORS": ["missing / invalid field: CUSTOMER_ID"]}
    for service in ("customer.update", "customer.delete", "customer.createsecurelink", "contact.create"):
        assert stranger.call(service, {"CUSTOMER_ID": number, "LAST_NAME": "X"}) == refused
    for service in ("contact.update", "contact.delete"):
        assert stranger.call(service, {"CUSTOMER_ID": number, "CONTACT_ID": contact}) == refused
        assert stranger.call(service, {"CUSTOMER_ID": own, "CONTACT_ID": contact}) == {
            "ERRORS": ["missing / invalid field: CONTACT_ID"]
        }
    assert stranger.call("contact.get", FILTER={"CONTACT_ID": contact}) == {"CONTACTS": []}


def test_bank_data_becomes_an_account_with_its_mandate(account: Account) -> None:
    """Where the tenant collects by one gateway."""
    for step in COLLECTS:
        account.given(step)
    debit = {"PAYMENT_TYPE": 2, "BANK_IBAN": "DE02120300000000202051", "BANK_ACCOUNT_OWNER": "Otto Muster"}
    mandate = {"BANK_ACCOUNT_MANDATE_REFERENCE": "M-7", "BANK_ACCOUNT_MANDATE_REFERENCE_DATE": "2026-02-01"}
    number = account.call("customer.create", {**NEW, **debit, **mandate})["CUSTOMER_ID"]
    kept = account.tenant.call("GET", f"/customer-payment-accounts/bank-{number}").body
    assert (kept["accountHolderName"], kept["iban"], kept["paymentMethod"]) == ("Otto Muster", "DE02…2051", "DIRECT_DEBIT")
    assert (kept["mandate"]["reference"], kept["mandate"]["signedOn"]) == ("M-7", "2026-02-01")
    account.call("customer.update", {"CUSTOMER_ID": number, "BANK_IBAN": "DE75512108001245126199"})
    moved = account.tenant.call("GET", f"/customer-payment-accounts/bank-{number}").body
    assert (moved["iban"], moved["mandate"]["reference"]) == ("DE75…6199", "M-7")
    assert the_customer(account, number)["BANK_IBAN"] == "DE75512108001245126199"


def test_old_bank_data_is_the_iban(bare: Account) -> None:
    data = {**NEW, "PAYMENT_TYPE": 2, "BANK_ACCOUNT_NUMBER": "202051", "BANK_CODE": "12030000"}
    number = bare.call("customer.create", data)["CUSTOMER_ID"]
    assert the_customer(bare, number)["BANK_IBAN"] == "DE02120300000000202051"


def test_a_reference_and_a_location_number_reach_the_electronic_invoice(account: Account) -> None:
    (row,) = account.tenant.rows("SELECT id FROM customer")
    account.call("customer.update", {"CUSTOMER_ID": row.id, "BUYER_REFERENCE": "04011000-1", "GLN": "4012345000009"})
    customer = account.tenant.call("GET", "/customers/muster-handel").body
    assert customer["buyerReference"] == "04011000-1"
    assert customer["electronicAddress"] == {"scheme": "0088", "identifier": "4012345000009"}


def test_nobody_chooses_an_account_of_another_customer(bare: Account) -> None:
    bare.call("customer.create", {**NEW, "CUSTOMER_NUMBER": "a", "ACCOUNT_RECEIVABLE": 10_700})
    bare.call("customer.create", {**NEW, "CUSTOMER_NUMBER": "b"})
    command = ChooseAccount(customer_ident="b", body=DebtorAccountBody(debtor_account=10_700))
    with pytest.raises(Refused) as refused:
        bare.tenant.execute(choose_account, command)
    assert refused.value.problems[0].code == "debtor_account_exists"


def test_a_credit_reduces_the_next_invoices_and_their_tax(account: Account, client: TestClient, bearer: Bearer) -> None:
    """119.00 and 119.00 gross of a credit of 150.00: the first is settled by it, the second by the rest; the books agree."""
    (row,) = account.tenant.rows("SELECT id FROM customer")
    assert account.call("customer.addcredits", {"CUSTOMER_ID": row.id, "AMOUNT": "150.00"}) == {"STATUS": "success"}
    assert the_customer(account, row.id)["CREDIT_BALANCE"] == "150,00"
    company = Company(account.tenant, client, bearer(account.tenant))
    first, second = company.document(), company.document()
    assert [company.case(ident)["balance"] for ident in (first, second)] == [0, 88]
    assert the_customer(account, row.id)["CREDIT_BALANCE"] == "0,00"
    company.sound()


def test_what_an_invoice_gives_back_stands_to_the_credit_again(account: Account, client: TestClient, bearer: Bearer) -> None:
    (row,) = account.tenant.rows("SELECT id FROM customer")
    account.call("customer.addcredits", {"CUSTOMER_ID": row.id, "AMOUNT": 19})
    company = Company(account.tenant, client, bearer(account.tenant))
    number = company.document()
    (decision,) = account.tenant.rows("SELECT ident, amount FROM opos_decision")
    assert decision.amount == 19
    account.tenant.execute(revert_decision, OneDecision(opos_case_ident=number, decision_ident=decision.ident))
    assert the_customer(account, row.id)["CREDIT_BALANCE"] == "19,00"
    company.sound()


def test_a_token_of_a_provider_becomes_an_account_that_is_collected_from(account: Account) -> None:
    provider, bank, gateway = COLLECTS
    account.given({"platform": [*provider["platform"][:2], {"id": 1, "name": "SIMULATED"}]})
    account.given(bank)
    account.given(gateway)
    made = account.call("customer.create", {**NEW, "PAYMENT_TYPE": 6, "PAYMENT_TOKEN": "tok_1"})
    assert "ERRORS" not in made, made
    number = made["CUSTOMER_ID"]
    path = f"/customer-payment-accounts/bank-{number}"
    kept = account.tenant.call("GET", path).body
    assert (kept["paymentMethod"], kept["paymentMethodReference"]) == ("CREDIT_CARD", "tok_1")
    account.call("customer.update", {"CUSTOMER_ID": number, "PAYMENT_TYPE": 4, "PAYMENT_TOKEN": "tok_2"})
    kept = account.tenant.call("GET", path).body
    assert (kept["paymentMethod"], kept["paymentMethodReference"]) == ("PAY_PAL", "tok_2")
    answer = account.ask({"SERVICE": "customer.update", "DATA": {"CUSTOMER_ID": number, "PAYMENT_TOKEN": "tok_3"}})
    assert "tok_3" not in str(answer) and "PAYMENT_TOKEN" not in the_customer(account, number)


def test_a_token_that_nothing_is_collected_by_is_refused(bare: Account) -> None:
    refused = bare.call("customer.create", {**NEW, "PAYMENT_TYPE": 1, "PAYMENT_TOKEN": "tok_1"})["ERRORS"]
    assert refused[:2] == ["missing / invalid field: PAYMENT_TOKEN", "missing / invalid field: PAYMENT_TYPE"]
    assert [one.partition(" ")[0] for one in refused[2:]] == ["PAYMENT_TOKEN", "PAYMENT_TYPE"]
    assert bare.call("customer.get") == {"CUSTOMERS": []}
