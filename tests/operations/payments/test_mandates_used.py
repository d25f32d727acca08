"""What happens to mandates while they are collected by: presented, rejected, settled, amended; and what `contor check` finds."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.sepa_files import judged, values
from tests.factories.payers import CREDITOR, IBAN, MANDATE, MERCHANT, OTHER_IBAN, PAYER, stock
from tests.factories.sepa import NOW, a_debit
from tests.factories.sepa import TODAY as DAY
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.kernel.operations import Operation
from contor.payments.customer_accounts import (
    PayingAccount,
    accounts_of_customers,
    change_health,
    collectable,
    customers_by_iban,
    holders_of_mandates,
    mark_presented,
    mark_rejected,
    mark_settled,
    paying_accounts,
    revoke_mandate,
)
from contor.payments.gateways import SourceRead, mark_read, providers_by_id, sources_due
from contor.payments.ibans import key_of
from contor.payments.queries import merchant_accounts
from contor.payments.sepa import Debit, Run, write_debits
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow

OTHER_CREDITOR = "DE09ZZZ00000000001"
THIRD_CREDITOR = "DE79ZZZ00000000002"
ACCOUNT = "/customer-payment-accounts/acc"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBHgHIiTDvJ4xoMv5sYYPTV4Wko8AwSGrVvlrUSxwKNr"
SFTP: dict[str, Any] = {
    "ident": "bank",
    "type": "SFTP",
    "format": "CAMT",
    "schedule": "HOURLY",
    "host": "sftp.bank.example",
    "userName": "elbe",
    "hostKey": KEY,
    "credentials": [{"name": "password", "value": "hunter2"}],
}


@pytest.fixture(scope="session")
def http(runtime: Runtime) -> TestClient:
    return a_client(runtime)


@pytest.fixture
def payer(runtime: Runtime, http: TestClient) -> Tenant:
    """A tenant with one customer that pays by direct debit."""
    tenant = stock(a_tenant(runtime, http))
    assert tenant.call("POST", "/customer-payment-accounts", PAYER).status == 201
    return tenant


@dataclass(frozen=True, slots=True)
class Step:
    """What a verb of another package would do."""

    run: Callable[[Uow], Any]


STEP: Operation[Step, Any] = Operation(
    "customer_payment_account.step", "payments.write", Step, None, lambda uow, step: step.run(uow)
)


def within(tenant: Tenant, step: Callable[[Uow], Any]) -> Any:
    """Read, or break, without a trail."""
    with tenant.runtime.transaction(tenant.caller()) as uow:
        return step(uow)


def done(tenant: Tenant, step: Callable[[Uow], Any]) -> None:
    """With a trail."""
    tenant.execute(STEP, Step(step))


def account(tenant: Tenant) -> PayingAccount:
    found: PayingAccount = within(tenant, lambda uow: paying_accounts(uow, ["acc"]))["acc"]
    return found


def presented(tenant: Tenant, *days: str) -> None:
    done(tenant, lambda uow: mark_presented(uow, [("acc", dt.date.fromisoformat(day)) for day in days]))


def shown(tenant: Tenant) -> Any:
    return tenant.call("GET", ACCOUNT).body


def test_m17_counts_from_the_latest_collection_that_was_presented(payer: Tenant) -> None:
    presented(payer, "2023-11-26", "2023-01-01")
    presented(payer, "2022-05-05")
    assert shown(payer)["lastPresentedOn"] == "2023-11-26"
    state, today = account(payer).state, dt.date(2026, 11, 20)
    assert collectable(state, dt.date(2026, 11, 26), today) == []
    assert [problem.code for problem in collectable(state, dt.date(2026, 11, 27), today)] == ["mandate_lapsed"]
    payer.turn_clock(dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC))
    assert shown(payer)["mandateStatus"] == "LAPSED"
    assert "36 months later it ended" in shown(payer)["mandateStatusReason"]


def test_an_amendment_is_carried_once_and_again_after_a_rejection(payer: Tenant) -> None:
    presented(payer, "2026-10-01")
    payer.call("PUT", ACCOUNT, {**PAYER, "iban": OTHER_IBAN, "bic": None, "mandate": {**MANDATE, "reference": "M-2"}})
    assert shown(payer)["amendmentPending"] is True
    found = account(payer)
    assert found.iban == OTHER_IBAN
    assert found.amendment is not None
    assert (found.amendment.reference, found.amendment.iban, found.amendment.other_bank) == ("M-1", IBAN, True)
    presented(payer, "2026-11-01")
    assert (shown(payer)["amendmentPending"], account(payer).amendment) == (False, None)
    done(payer, lambda uow: mark_rejected(uow, ["acc"]))
    assert account(payer).amendment == found.amendment
    assert payer.broken() == []


def told(tenant: Tenant) -> tuple[str | None, ...]:
    """What the next collection says of the former creditor, by a file that the banks' schema accepts; and the creditor that it names."""
    ours = within(tenant, lambda uow: merchant_accounts(uow, ["bank"]))["bank"].for_files
    found = account(tenant)
    assert found.mandate is not None
    debit = a_debit(
        mandate_reference=found.mandate.reference,
        creditor_identifier=found.mandate.creditor_identifier,
        amendment=found.amendment,
    )
    written = write_debits([debit], ours, Run("R1", NOW, DAY))
    assert written.left_out == ()
    root = judged(written.files[0].content, "pain.008.001.08")
    paths = ("OrgnlCdtrSchmeId/Nm", "OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id", "CdtrSchmeId/Id/PrvtId/Othr/Id")
    return tuple([next(iter(values(root, path)), None) for path in paths])


@pytest.mark.parametrize(
    ("sepa", "said"),
    [
        ({"creditorIdentifier": OTHER_CREDITOR}, ("Elbe GmbH", CREDITOR, OTHER_CREDITOR)),
        ({"creditorIdentifier": OTHER_CREDITOR, "holderName": "Weser AG"}, ("Elbe GmbH", CREDITOR, OTHER_CREDITOR)),
        ({"holderName": "Weser AG"}, ("Elbe GmbH", None, CREDITOR)),
        ({"creditorIdentifier": CREDITOR.replace("ZZZ", "001")}, (None, None, CREDITOR)),
        ({"preNotificationDays": 3}, (None, None, CREDITOR)),
    ],
)
def test_another_creditor_is_told_by_the_next_collection(payer: Tenant, sepa: dict[str, Any], said: tuple[str | None, ...]) -> None:
    presented(payer, "2026-10-01")
    changed = {**MERCHANT, "sepa": {**MERCHANT["sepa"], **sepa}}
    assert payer.call("PUT", "/merchant-payment-accounts/bank", changed).status == 200
    assert told(payer) == said
    assert shown(payer)["amendmentPending"] is (said[0] is not None)
    assert shown(payer)["mandate"]["creditorIdentifier"] == said[2]
    assert collectable(account(payer).state, DAY, DAY) == []
    presented(payer, "2026-11-01")
    assert told(payer) == (None, None, said[2])
    assert payer.broken() == []


def test_a_creditor_of_the_former_name_again_has_nothing_to_tell(payer: Tenant) -> None:
    presented(payer, "2026-10-01")
    for name in ("Weser AG", MERCHANT["sepa"]["holderName"]):
        payer.call("PUT", "/merchant-payment-accounts/bank", {**MERCHANT, "sepa": {**MERCHANT["sepa"], "holderName": name}})
    assert told(payer) == (None, None, CREDITOR)
    assert shown(payer)["amendmentPending"] is False
    assert payer.broken() == []


def test_what_was_never_presented_or_names_another_creditor_is_not_told(payer: Tenant) -> None:
    """A mandate that the bank does not know yet takes the new creditor; one of another company is amended by nobody."""
    other = {**PAYER, "ident": "acc-2", "mandate": {**MANDATE, "reference": "M-2", "creditorIdentifier": THIRD_CREDITOR}}
    assert payer.call("POST", "/customer-payment-accounts", other).status == 201
    changed = {**MERCHANT, "sepa": {**MERCHANT["sepa"], "creditorIdentifier": OTHER_CREDITOR}}
    assert payer.call("PUT", "/merchant-payment-accounts/bank", changed).status == 200
    assert told(payer) == (None, None, OTHER_CREDITOR)
    assert payer.call("GET", "/customer-payment-accounts/acc-2").body["mandate"]["creditorIdentifier"] == THIRD_CREDITOR
    assert payer.broken() == []


def test_a_mandate_for_one_collection_is_used_up_when_it_settled(payer: Tenant) -> None:
    payer.call("PUT", ACCOUNT, {**PAYER, "mandate": {"reference": "M-2", "signedOn": "2025-06-01", "kind": "ONE_OFF"}})
    presented(payer, "2026-10-01")
    assert shown(payer)["mandateStatus"] == "ACTIVE"
    done(payer, lambda uow: mark_settled(uow, ["acc"]))
    found = shown(payer)
    assert (found["mandateStatus"], found["healthStatus"]) == ("LAPSED", "HEALTHY")
    assert [problem.code for problem in collectable(account(payer).state, dt.date(2026, 12, 1), dt.date(2026, 12, 1))] == [
        "mandate_used_up"
    ]
    assert payer.broken() == []


def test_what_settles_says_nothing_of_an_account_that_does_not_work(payer: Tenant) -> None:
    done(payer, lambda uow: change_health(uow, "acc", "UNHEALTHY", "AC04"))
    done(payer, lambda uow: mark_settled(uow, ["acc"]))
    assert shown(payer)["healthStatus"] == "UNHEALTHY"
    assert [problem.code for problem in collectable(account(payer).state, dt.date(2026, 12, 1), dt.date(2026, 12, 1))] == [
        "account_unhealthy"
    ]
    assert payer.broken() == []


def test_a_revoked_mandate_is_revoked_once(payer: Tenant) -> None:
    for reason in ("MD01", "again"):
        done(payer, lambda uow, reason=reason: revoke_mandate(uow, "acc", reason))  # type: ignore[misc]
    assert (shown(payer)["mandateStatus"], shown(payer)["mandateStatusReason"]) == ("REVOKED", "MD01")
    assert payer.broken() == []


def test_whose_account_and_whose_mandate_it_is(payer: Tenant) -> None:
    payer.call("PUT", ACCOUNT, {**PAYER, "mandate": {"reference": "M-2", "signedOn": "2025-06-01"}})
    key = within(payer, lambda uow: key_of(uow, IBAN))
    assert within(payer, lambda uow: customers_by_iban(uow, [key, "none"])) == {key: ["c-1"]}
    found = within(payer, lambda uow: holders_of_mandates(uow, ["M-1", "M-2", "M-3"]))
    assert {reference: [one.debtor_ident for one in holders] for reference, holders in found.items()} == {
        "M-1": ["c-1"],
        "M-2": ["c-1"],
    }
    assert within(payer, lambda uow: accounts_of_customers(uow, ["c-1", "c-2"])) == {"c-1": ["acc"]}


def test_a_file_of_what_is_stored(payer: Tenant) -> None:
    ours = within(payer, lambda uow: merchant_accounts(uow, ["bank"]))["bank"].for_files
    found = account(payer)
    assert found.mandate is not None
    assert found.iban is not None
    debit = Debit(
        reference="E-1",
        amount=Decimal("119.00"),
        name=found.account_holder_name or "",
        iban=found.iban,
        bic=found.bic,
        text="Invoice",
        on=dt.date(2026, 12, 3),
        mandate_reference=found.mandate.reference,
        signed_on=found.mandate.signed_on,
        creditor_identifier=found.mandate.creditor_identifier,
    )
    written = write_debits([debit], ours, Run("R1", dt.datetime(2026, 12, 1, tzinfo=dt.UTC), dt.date(2026, 12, 1)))
    assert (len(written.files), written.left_out) == (1, ())
    assert written.files[0].groups[0].creditor_identifier == CREDITOR


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("UPDATE customer_payment_account SET health_status = 'HEALTHY'", "payments.health_is_that_of_the_trail"),
        ("UPDATE customer_payment_account SET iban = 'v1.AAAA'", "payments.ibans_are_readable"),
        ("UPDATE customer_payment_account SET iban_shown = 'DE02…2052'", "payments.ibans_are_readable"),
        ("UPDATE sepa_mandate SET reference = 'M-9'", "payments.mandates_are_known_by_their_key"),
        ("UPDATE sepa_mandate SET is_current = false", "payments.mandates_are_known_by_their_key"),
        ("UPDATE sepa_mandate SET status = 'LAPSED'", "payments.mandates_are_known_by_their_key"),
        ("UPDATE sepa_mandate SET amendment_pending = true", "payments.mandates_are_known_by_their_key"),
        ("UPDATE customer_payment_account SET iban = NULL", "payments.mandates_are_known_by_their_key"),
        ("UPDATE payment_provider SET credentials = 'v1.AAAA'", "payments.credentials_are_readable"),
        ("UPDATE payment_provider SET credential_names = '[]'", "payments.credentials_are_readable"),
        ("UPDATE settlement_source SET ident = 'other'", "payments.credentials_are_readable"),
    ],
)
def test_a_fault_is_found(payer: Tenant, fault: str, named: str) -> None:
    stripe = {"id": 7, "name": "STRIPE", "credentials": [{"name": "apiKey", "value": "k"}, {"name": "webhookSecret", "value": "w"}]}
    assert payer.call("POST", "/payment-providers", stripe).status == 201
    assert payer.call("POST", "/payment-providers/7/settlement-sources", SFTP).status == 201
    assert payer.broken() == []
    within(payer, lambda uow: uow.run(fault))
    assert named in {finding.check for finding in payer.broken()}


def test_credentials_are_read_by_who_asks_the_provider(payer: Tenant) -> None:
    payer.call("POST", "/payment-providers", {"id": 7, "name": "COMMERZBANK"})
    payer.call("POST", "/payment-providers/7/settlement-sources", SFTP)
    (due,) = within(payer, sources_due).sources
    assert (due.row.ident, due.credentials) == ("bank", {"password": "hunter2"})
    payer.execute(mark_read, SourceRead(payment_provider_id=7, ident="bank", asked_at=None, problem=None))
    assert within(payer, sources_due).sources == []
    payer.turn_clock(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2))
    assert [one.row.ident for one in within(payer, sources_due).sources] == ["bank"]
    assert within(payer, lambda uow: providers_by_id(uow, [7, 8]))[7] == (7, "COMMERZBANK", {})
    assert payer.broken() == []
