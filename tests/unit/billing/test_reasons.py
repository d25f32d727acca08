"""Why an item is not billed: whatever its state and whatever keeps it, a code and words; what is answered in two places is one."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from tests.factories.billing_items import a_row as billed_row

from contor.billing.items import Holding, StoredRow, reason_of_item
from contor.billing.items.reasons import FAILED, status_reason
from contor.billing.items.types import GO_ON_BY_THEMSELVES, Status
from contor.billing.tables import failed_item
from contor.runtime.db import ENCODER
from contor.settings.groups import Days

NOW = dt.datetime(2026, 5, 10, 10, tzinfo=dt.UTC)
FREE = Holding(Days(NOW, ZoneInfo("UTC")))
DUE, LATER = NOW - dt.timedelta(hours=1), NOW + dt.timedelta(days=3)


def a_row(status: str = "NOT_STARTED", **more: Any) -> StoredRow:
    values: dict[str, Any] = dict.fromkeys(StoredRow._fields)
    values |= {"item_id": 1, "processing_status": status, "processing_at": DUE, "kind": "RECURRING", "type": "DEBIT"}
    return StoredRow(**{**values, "of_order": False, "customer_ident": "k-1", "total": Decimal(1), **more})


@pytest.mark.parametrize("status", [status for status in get_args(Status) if status != "COMPLETED"])
def test_every_state_says_why(status: str) -> None:
    found = reason_of_item(a_row(status), False, FREE)
    assert found.code and found.text


LINE = {"of_order": True, "kind": "LINE_ITEM", "contract_id": 7}
ORDERED = {"of_order": True, "kind": "ALLOWANCE", "type": "CREDIT", "content": ENCODER.encode(billed_row()).decode()}


@pytest.mark.parametrize(
    ("row", "pays", "holding", "wanted"),
    [
        ({}, False, {}, "DUE"),
        ({"processing_at": LATER}, False, {"parked": "x"}, "NOT_DUE_YET"),
        ({"processing_at": NOW}, False, {}, "NOT_DUE_YET"),  # a run takes what is due before it
        ({"processing_at": None, "status_reason": "ON_HOLD"}, False, {}, "ON_HOLD"),
        ({"processing_at": None}, False, {}, "ON_HOLD"),
        ({"processing_at": None, "status_reason": "DEPOSIT_EXPECTED"}, False, {"is_paused": True}, "DEPOSIT_EXPECTED"),
        ({"status_reason": "BELOW_MINIMUM"}, False, {}, "BELOW_MINIMUM"),
        ({"status_reason": "CREDIT_CARRIED"}, False, {}, "CREDIT_CARRIED"),
        ({"status_reason": "BELOW_MINIMUM"}, False, {"parked": "no price"}, "CUSTOMER_PARKED: no price"),
        ({}, False, {"parked": "no price", "stopped": "Dispute"}, "CUSTOMER_PARKED: no price"),
        ({}, False, {"stopped": "Dispute"}, "BILLING_STOPPED: Dispute"),
        ({}, False, {"stopped": "", "held_by": "run-7"}, "BILLING_STOPPED"),
        ({}, True, {"held_by": "run-7", "is_paused": True}, "RUN_TO_BE_APPROVED: run-7"),
        ({}, True, {"is_paused": True}, "BILLING_PAUSED"),
        ({}, True, {}, "WAITS_FOR_INVOICE"),
        (ORDERED, False, {}, "WAITS_FOR_INVOICE"),
        ({**ORDERED, "type": "DEBIT"}, False, {}, "DUE"),
        (LINE, False, {"deposits_due": frozenset({7})}, "DEPOSIT_EXPECTED"),
        (LINE, False, {"deposits_due": frozenset({8})}, "DUE"),
        (LINE, False, {"deposits_due": frozenset({7}), "is_paused": True}, "BILLING_PAUSED"),
        ({**LINE, "kind": "DEPOSIT"}, False, {"deposits_due": frozenset({7})}, "DUE"),
        ({"type": "CREDIT", "kind": "CREDIT"}, False, {}, "DUE"),
        ({"processing_status": "RELATED_ITEM_PENDING"}, False, {"parked": "x"}, "RELATED_ITEM_PENDING"),
        ({"processing_status": "ERROR", "processing_error": "items: x"}, False, {}, "ERROR"),
        ({"processing_status": "ERROR", "status_reason": "EXCHANGE_RATE_MISSING"}, False, {}, "EXCHANGE_RATE_MISSING"),
        ({"processing_status": "PENDING_RETRY"}, False, {}, "DUE"),
        (
            {"processing_status": "TERMINATED", "status_reason": "the contract was cancelled"},
            False,
            {},
            "the contract was cancelled",
        ),
        ({"processing_status": "COMPLETED", "status_reason": "ZERO"}, False, {"parked": "x"}, "ZERO"),
    ],
)
def test_what_keeps_it(row: dict[str, Any], pays: bool, holding: dict[str, Any], wanted: str) -> None:
    stored, held = a_row(row.get("processing_status", "NOT_STARTED"), **row), FREE._replace(**holding)
    assert status_reason(stored, pays, held) == wanted
    if stored.processing_status not in ("COMPLETED", "TERMINATED"):
        assert reason_of_item(stored, pays, held).code == wanted.split(":", maxsplit=1)[0]


def test_the_database_calls_failed_what_the_engine_does() -> None:
    """The declaration of the rows cannot ask the engine, whose words it writes."""
    words = re.findall(r"'([A-Z_]+)'", str(failed_item))
    assert words == [*GO_ON_BY_THEMSELVES, "ERROR", *FAILED, "LINE_ITEM"]
