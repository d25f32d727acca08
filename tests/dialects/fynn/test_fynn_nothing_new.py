"""Whom nothing new is begun with, and what becomes of what was written for him before: drafts of subscriptions and of invoices."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, act, papers, run

D = Decimal


def stand(fynn: Fynn, verb: str) -> None:
    fynn.call("PUT", f"/customers/muster-handel/{verb}")


def refused(answer: Any) -> list[str]:
    return [one["propertyPath"] for one in answer["violations"]]


@pytest.mark.parametrize(("verb", "back"), [("suspend", "reinstate"), ("archive", "unarchive")])
def test_no_draft_of_a_subscription_begins_with_who_is_not_active(fynn: Fynn, verb: str, back: str) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1")
    stand(fynn, verb)
    assert refused(act(fynn, "S-1", "activate", None, 422)) == ["customer"]
    answer = fynn.call("POST", "/subscriptions", {"customer": "muster-handel", "products": [{"pricePlan": "basic"}]}, 422)
    assert refused(answer) == ["customer"]
    run(fynn, "2027-04-01")
    assert papers(fynn) == []
    stand(fynn, back)
    assert act(fynn, "S-1", "activate")["status"] == "active"
    assert papers(fynn) == [("2027-04-01", "INVOICE", D("31.00"))]


def test_what_ended_does_not_begin_again_with_who_is_suspended(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    act(fynn, "S-1", "cancel", {"cancellationDateType": "immediate"})
    run(fynn, "2027-04-10")
    stand(fynn, "suspend")
    answer = fynn.tenant.call("POST", "/contracts/S-1/actions/reactivate", {})
    assert (answer.status, [one["fieldName"] for one in answer.body["errors"]]) == (400, ["debtorIdent"])
    stand(fynn, "reinstate")
    assert fynn.tenant.call("POST", "/contracts/S-1/actions/reactivate", {}).status == 200


def test_what_changes_while_billing_is_stopped_is_billed_when_it_goes_on(fynn: Fynn) -> None:
    """31.00 from 1 April, suspended on the 20th; another 10.00 ordered on 10 May: nothing is billed before the customer is reinstated."""
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic")
    a_product(fynn, "support", 1000)
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-04-20T10:00:00")
    stand(fynn, "suspend")
    run(fynn, "2027-05-01", "2027-05-10")
    fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "support"}]}, 201)
    act(fynn, "S-1", "pause")
    act(fynn, "S-1", "resume")
    assert papers(fynn) == [("2027-04-01", "INVOICE", D("31.00"))]
    stand(fynn, "reinstate")
    run(fynn, "2027-05-10")
    # 31.00 of May, and 10.00 for 22 of 31 days
    assert papers(fynn)[1:] == [("2027-05-10", "INVOICE", D("38.10"))]


def test_no_draft_becomes_an_invoice_of_who_is_archived(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    row = {"name": "Desk", "quantity": 1, "unitPrice": 10000}
    draft = fynn.call("POST", "/invoices", {"customer": "muster-handel", "positions": [row]})
    stand(fynn, "archive")
    fynn.call("POST", f"/invoices/{draft['id']}/finalize", None, 422)
    assert papers(fynn) == []
    stand(fynn, "unarchive")
    fynn.call("POST", f"/invoices/{draft['id']}/finalize", None, 201)
    assert papers(fynn) == [("2027-04-01", "INVOICE", D("100.00"))]
