"""Settings of banks and of dunning: made, read, sent back, changed and removed, each by its own address."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.bodies import but
from tests.factories.payers import MERCHANT
from tests.factories.tenants import Tenant

BANK = "/merchant-payment-accounts/bank"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMd2bHG6U10Fp+x6IRLPxFII3NdJD2ImJWVYEUaLMLZE"
OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFNeZ6k2u2odF/FQKBfeQnqtKAgYNGOqVwVEhqkATmmc"
SEALED = "SELECT password AS it FROM payment_file_target UNION ALL SELECT credentials::text FROM settlement_source"
TARGET: dict[str, Any] = {"ident": "own", "host": "127.0.0.1", "userName": "us", "password": "secret", "hostKey": KEY}
MAPPING: dict[str, Any] = {"ident": "own", "name": "Own", "form": {"columns": {"bookingDate": "Datum", "amount": "Betrag"}}}
RULE: dict[str, Any] = {
    "ident": "own",
    "priority": 1,
    "jsonataExpression": "false",
    "resultingPaymentCategoryName": "RENT",
    "description": "nothing",
}
RATE: dict[str, Any] = {"ident": "own", "validFrom": "2031-01-01", "rate": "1.27"}
SETTINGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "file targets": (f"{BANK}/file-targets", TARGET, {"userName": "others"}),
    "mappings of statements": (f"{BANK}/statement-mappings", MAPPING, {"name": "Other"}),
    "rules of categories": (f"{BANK}/payment-transaction-categorization-rules", RULE, {"priority": 7}),
    "base rates": ("/billing/configuration/dunning/base-rates", RATE, {"rate": Decimal("2.62")}),
}
CHANGING = {"lastModifiedAt"}


@pytest.fixture
def bank(tenant: Tenant) -> Tenant:
    of_bank = {"id": 1, "name": "COMMERZBANK"}
    for path, body in (
        ("/payment-providers", of_bank),
        ("/merchant-payment-accounts", MERCHANT),
        ("/payment-categories", {"name": "RENT"}),
    ):
        answer = tenant.call("POST", path, body)
        assert answer.status == 201, answer.body
    return tenant


@pytest.mark.parametrize("change", [{"host": "127.0.0.1:22"}, {"host": "a..b"}, {"userName": "a\nb"}, {"folder": "a\nb"}])
def test_a_server_is_named_as_it_can_be_reached(bank: Tenant, change: dict[str, Any]) -> None:
    refused = bank.call("POST", f"{BANK}/file-targets", {**TARGET, **change})
    assert (refused.status, [error["fieldName"] for error in refused.body["errors"]]) == (400, list(change))


def lasting(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in CHANGING}


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_setting_is_read_sent_back_changed_and_removed(bank: Tenant, kind: str) -> None:
    path, body, change = SETTINGS[kind]
    made = bank.call("POST", path, body)
    assert made.status == 201, made.body
    one = f"{path}/own"
    shown = bank.call("GET", one)
    assert (shown.status, shown.body) == (200, made.body)
    assert "secret" not in str(shown.body)
    again = bank.call("PUT", one, shown.body)
    assert (again.status, lasting(again.body)) == (200, lasting(shown.body)), again.body
    changed = bank.call("PUT", one, {**but(body, ident=None), **change})
    assert changed.status == 200, changed.body
    named = {name: type(value)(changed.body[name]) for name, value in change.items()}  # not the zeros at its end
    assert named == change
    assert bank.call("GET", one).body == changed.body
    (listed,) = [row for row in bank.call("GET", path).body["_embedded"] if row["ident"] == "own"]
    assert listed == changed.body
    assert bank.call("DELETE", one).status == 204
    assert [bank.call(method, one, sent).status for method, sent in (("GET", None), ("PUT", body), ("DELETE", None))] == [404] * 3
    assert all(row["ident"] != "own" for row in bank.call("GET", path).body["_embedded"])
    assert bank.broken() == []


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (f"{BANK}/file-targets", TARGET, "password"),
        (
            "/payment-providers/1/settlement-sources",
            {
                **but(TARGET, password=None),
                "type": "SFTP",
                "format": "CAMT",
                "credentials": [{"name": "password", "value": "secret"}],
            },
            "credentials",
        ),
    ],
)
def test_a_secret_stays_with_the_server_that_it_was_given_for(bank: Tenant, path: str, body: dict[str, Any], field: str) -> None:
    bank.call("POST", path, body)
    unsaid = but(body, **{field: None})
    moved = bank.call("PUT", f"{path}/own", {**unsaid, "host": "127.0.0.2"})  # the same server: nobody else has its key
    assert (moved.status, moved.body["host"]) == (200, "127.0.0.2"), moved.body
    stored = bank.rows(SEALED)
    refused = bank.call("PUT", f"{path}/own", {**unsaid, "hostKey": OTHER_KEY})
    assert (refused.status, [error["fieldName"] for error in refused.body["errors"]]) == (400, [field])
    assert bank.call("PUT", f"{path}/own", {**body, "hostKey": OTHER_KEY}).status == 200
    assert bank.rows(SEALED) != stored


def test_each_half_year_has_one_base_rate(bank: Tenant) -> None:
    path = SETTINGS["base rates"][0]
    bank.call("POST", path, RATE)
    twice = bank.call("POST", path, {**RATE, "ident": "twice"})
    assert (twice.status, [error["fieldName"] for error in twice.body["errors"]]) == (409, ["validFrom"])
    late = bank.call("PUT", f"{path}/own", {**RATE, "validFrom": "2031-02-01"})
    assert (late.status, [error["fieldName"] for error in late.body["errors"]]) == (400, ["validFrom"])


def test_each_amount_and_day_has_a_column_of_its_own(bank: Tenant) -> None:
    columns = {"bookingDate": "Datum", "valueDate": "Datum", "amount": "Datum", "counterpartIban": "Datum"}
    refused = bank.call("POST", f"{BANK}/statement-mappings", {"ident": "x", "form": {"columns": columns}})
    assert (refused.status, [error["fieldName"] for error in refused.body["errors"]]) == (400, ["form.columns.counterpartIban"])
    same_day = {"bookingDate": "Datum", "valueDate": "Datum", "amount": "Betrag", "text": ["Betrag"]}
    assert bank.call("POST", f"{BANK}/statement-mappings", {"ident": "x", "form": {"columns": same_day}}).status == 201
