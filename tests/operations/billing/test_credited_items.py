"""An item that was credited in part before its contract ends early."""

import pytest
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import D, Office, group


@pytest.mark.parametrize(("credit", "stands"), [("60.00", "96.00"), ("150.00", "90.00"), ("240.00", "0.00")])
@pytest.mark.parametrize("billed", [True, False])
@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
def test_an_early_end_leaves_no_more_than_the_used_part(office: Office, credit: str, stands: str, billed: bool, mode: str) -> None:
    """240.00 for April, 12 of its 30 days cost 96.00: whether the item was billed before or not, no more than that, and no less but
    where more was credited."""
    group(office, documentCorrectionMode=mode)
    office.clock("2026-04-05T10:00")
    office.plan("240.00", timing="INTERVAL_START_WITH_DELAY", delayInSeconds=86400 * 10)
    number = office.contract(startDate="2026-04-01")
    office.bill()  # proposes
    if billed:
        office.clock("2026-04-12T10:00")
        office.bill()
    item = office.tenant.rows("SELECT item_id FROM billable_item")[0].item_id
    office.call("POST", f"{CONTRACTS}/{number}/creditbillableitems", {"billableItemId": item, "amount": credit}, 201)
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-04-20"})
    office.call("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", {"terminationDate": "2026-04-12"})
    office.clock("2026-04-13T10:00")
    office.bill()
    office.bill()  # a credit that waited for its item
    assert sum((net if kind == "INVOICE" else -net for kind, net, _, _ in office.documents()), D(0)) == D(stands)


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
@pytest.mark.parametrize("ends", [("2026-04-20",), ("2026-04-20", "2026-04-16"), ("2026-04-24", "2026-04-20", "2026-04-16")])
def test_ends_before_the_last_one_leave_no_trace(office: Office, mode: str, ends: tuple[str, ...]) -> None:
    """60.00 of 240.00 were credited by hand; 12 of 30 days cost 96.00, by whatever ends it came to that while nothing was billed."""
    group(office, documentCorrectionMode=mode)
    office.clock("2026-04-01T10:00")
    office.plan("240.00", timing="INTERVAL_START")
    number = office.contract(startDate="2026-04-01")
    office.bill()
    office.clock("2026-04-12T10:00")
    item = office.tenant.rows("SELECT item_id FROM billable_item")[0].item_id
    office.call("POST", f"{CONTRACTS}/{number}/creditbillableitems", {"billableItemId": item, "amount": "60.00"}, 201)
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": ends[0]})
    for end in (*ends[1:], "2026-04-12"):
        office.call("POST", f"{CONTRACTS}/v-1/actions/termination-adaptation", {"terminationDate": end})
    office.bill()
    assert sum((net if kind == "INVOICE" else -net for kind, net, _, _ in office.documents()), D(0)) == D("96.00")
    assert office.tenant.unsound() == []
