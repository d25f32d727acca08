"""Invoices through FastBill's services, from the draft to the ledger."""

from typing import Any

import pytest
from tests.factories.fastbill import Account

ITEM = {"DESCRIPTION": "Beratung<br>im November", "QUANTITY": 2, "UNIT_PRICE": "100.00", "VAT_PERCENT": "19.00", "UNIT": "Std."}


@pytest.fixture
def customer(account: Account) -> int:
    """The number of Muster Handel GmbH."""
    return int(account.tenant.rows("SELECT id FROM customer WHERE customer_ident = 'muster-handel'")[0].id)


def create(account: Account, customer: int, *items: Any, **data: Any) -> int:
    made = account.call("invoice.create", {"CUSTOMER_ID": customer, "ITEMS": list(items) or [ITEM], **data})
    assert made["STATUS"] == "success", made
    return int(made["INVOICE_ID"])


def one(account: Account, number: int) -> Any:
    (found,) = account.call("invoice.get", FILTER={"INVOICE_ID": number})["INVOICES"]
    return found


def test_a_draft_becomes_a_document(account: Account, customer: int) -> None:
    number = create(
        account, customer, INVOICE_TITLE="Beratung", INTROTEXT="Guten Tag,<br>wie besprochen", DELIVERY_DATE="Oktober 2026"
    )
    draft = one(account, number)
    assert (draft["TYPE"], draft["SUB_TOTAL"], draft["TOTAL"], draft["INVOICE_NUMBER"]) == ("draft", 200, 238, "")
    made = account.call("invoice.complete", {"INVOICE_ID": number})
    assert made["STATUS"] == "success", made
    issued = one(account, number)
    assert issued["INVOICE_NUMBER"] == made["INVOICE_NUMBER"]
    assert account.call("item.get", FILTER={"INVOICE_ID": number})["ITEMS"][0]["UNIT_PRICE"] == "100.0000"
    assert account.tenant.unsound() == []
