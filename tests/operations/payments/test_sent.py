"""What went out in files is found by the references that banks repeat."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.tenants import Tenant

from contor.payments.intents import tables
from contor.payments.sent import transactions_sent
from contor.payments.tables import merchant_payment_account

NOW = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)
ACCOUNT: dict[str, Any] = {
    "ident": "bank",
    "name": "House bank",
    "active": True,
    "country": "DE",
    "currency": "EUR",
    "additionally_accepted_currencies": [],
    "payment_service_provider_id": 1,
    "payment_collection_config": {},
    "settlement_creation_disabled": False,
    "other_idents": [],
    "created_at": NOW,
    "last_modified_at": NOW,
}


def an_intent(number: int) -> dict[str, Any]:
    return {
        "ident": f"intent-{number}",
        "type": "CHARGE",
        "status": "PROCESSING",
        "document_id": number,
        "document_ident": f"RE-{number}",
        "customer_ident": "c-1",
        "customer_account_ident": "a-1",
        "merchant_account_ident": "bank",
        "provider": "SEPA_FILE",
        "amount": Decimal("119.00"),
        "currency": "EUR",
        "due_on": NOW.date(),
        "prebooked": True,
        "created_at": NOW,
        "last_modified_at": NOW,
    }


def an_attempt(number: int, state: str = "SUBMITTED", message: str = "M-1", group: str = "M-1-1") -> dict[str, Any]:
    return {
        "key": f"key-{number}",
        "intent_ident": f"intent-{number}",
        "number": 1,
        "state": state,
        "document_ident": f"RE-{number}",
        "amount": Decimal("119.00"),
        "currency": "EUR",
        "end_to_end_ident": f"key-{number}",
        "message_ident": message,
        "group_ident": group,
        "mandate_reference": f"mandate-{number}",
        "counterpart_name": "Muster",
        "created_at": NOW,
    }


@pytest.fixture
def sender(tenant: Tenant) -> Tenant:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        uow.insert(merchant_payment_account, [ACCOUNT])
        uow.insert(tables.payment_intent, [an_intent(number) for number in range(1, 6)])
        uow.insert(
            tables.payment_attempt,
            [
                an_attempt(1),
                an_attempt(2, group="M-1-2"),
                an_attempt(3, state="FAILED"),
                an_attempt(4, state="RETURNED"),
                an_attempt(5, message="M-2", group="M-2-1"),
            ],
        )
    return tenant


@pytest.mark.parametrize(
    ("references", "found"),
    [
        (["M-1"], ["key-1", "key-2", "key-4"]),
        (["M-1-2"], ["key-2"]),
        (["M-1", "M-1-1", "M-2-1"], ["key-1", "key-2", "key-4", "key-5"]),
        (["M"], []),
        ([], []),
    ],
)
def test_a_file_and_a_group_name_their_transactions(sender: Tenant, references: list[str], found: list[str]) -> None:
    """Without what the bank refused before it was booked; what came back later was in the sum."""
    with sender.runtime.transaction(sender.caller(), reads=True) as uow:
        sent = transactions_sent(uow, references)
    assert [one.end_to_end_ident for one in sent] == found
    assert all((one.amount, one.currency, one.counterpart_name) == (Decimal("119.00"), "EUR", "Muster") for one in sent)
