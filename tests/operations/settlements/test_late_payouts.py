"""A payout that no bank has booked for long is late."""

import datetime as dt

import pytest
from tests.factories.companies import day_here
from tests.factories.settlements import Moved, Settled, stripe_file


def this_day() -> dt.date:
    return dt.date.fromisoformat(day_here())


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_payout_that_no_bank_booked_is_late(settled: Settled, ahead: int) -> None:
    """From the eleventh day behind the day on which it was to be at the bank until it is known to have arrived."""
    expected = this_day() + dt.timedelta(days=ahead)
    content = stripe_file(Moved("charge", "10.00", "1.00"), day=day_here())
    settled.upload(content.replace(f"po_1,{day_here()}".encode(), f"po_1,{expected}".encode()))
    line = settled.pay("9.00", "Gutschrift")

    def late(days: int) -> list[tuple[str, bool]]:
        settled.tenant.turn_clock(dt.datetime.combine(expected + dt.timedelta(days=days), dt.time(12), dt.UTC))
        found = settled.items("late==true")
        assert found == settled.call("GET", "/v2/merchant-payment-accounts/psp/settlement-items?search=late==true")["_embedded"]
        others = settled.items("late==false")
        assert len(found) + len(others) == 2
        return [(item["type"], item["late"]) for item in found + others if item in found or item["late"]]

    assert late(10) == []
    assert late(11) == [("PAYOUT", True)]
    (payout,) = settled.items("late==true")
    path = f"/v2/settlement-items/{payout['settlementItemIdent']}"
    assert settled.call("GET", path)["late"]
    matched = settled.call("POST", f"{path}/actions/match", {"paymentIdent": line["paymentIdent"]})
    assert (matched["state"], matched["late"], late(12)) == ("ARRIVED", False, [])
    settled.tenant.turn_clock(None)
    settled.sound()
