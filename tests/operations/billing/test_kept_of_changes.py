"""What a change of a contract kept of what was billed, or gave back beyond what was not used, stays so, whatever happens in the life of the
contract afterwards: only what its days cost less is given back. Two seats of 30.00 a month, one since 16 April.
"""

import pytest
from tests.factories.changed import begun, change, papers, seats
from tests.factories.contracts import CONTRACTS
from tests.factories.lives import act
from tests.factories.offices import D, Office, group


def to_one_seat(office: Office, kind: str) -> None:
    begun(office, "30.00", quantity=2)
    office.clock("2026-04-16T10:00")
    change(office, optionQuantities=seats(1), creditType=kind)
    office.bill()


def stands(office: Office) -> D:
    return sum((net for _, net in papers(office)), D(0))


def ends(office: Office, last_day: str) -> None:
    act(office, "terminate-extraordinarily", {"terminationDate": last_day})
    office.bill()


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
@pytest.mark.parametrize(
    ("kind", "changed", "last_day", "stays"),
    [
        # 60 and 15 for the second half of the month with one seat; 30 of the 60 are kept for the second half
        ("NONE", "75", "2026-04-20", "65"),  # 10 of the 15 are not used
        ("NONE", "75", "2026-04-10", "50"),  # 10 days of 60, and what was kept
        ("NONE", "75", "2026-04-01", "32"),
        # 60 less 30, and 15
        ("PRO_RATA", "45", "2026-04-20", "35"),
        ("PRO_RATA", "45", "2026-04-10", "20"),
        # all of the 60, of which 30 were used, and 15
        ("FULL", "15", "2026-04-20", "5"),
        ("FULL", "15", "2026-04-10", "0"),
    ],
)
def test_an_end_gives_back_what_its_own_days_cost_and_who_comes_back_pays_a_month_of_his_own(
    office: Office, mode: str, kind: str, changed: str, last_day: str, stays: str
) -> None:
    group(office, documentCorrectionMode=mode)
    to_one_seat(office, kind)
    assert stands(office) == D(changed)
    office.clock("2026-04-21T10:00")
    ends(office, last_day)
    assert stands(office) == D(stays)
    act(office, "reactivate", {"restartDate": "2026-04-21"})
    office.bill()
    assert stands(office) == D(stays) + 30  # a new month from the 21st on


@pytest.mark.parametrize(("kind", "changed"), [("NONE", "75"), ("PRO_RATA", "45"), ("FULL", "15")])
def test_an_end_that_is_withdrawn_leaves_what_was_there(office: Office, kind: str, changed: str) -> None:
    to_one_seat(office, kind)
    office.clock("2026-04-18T10:00")
    for last_day in ("2026-04-20", "2026-04-25"):
        ends(office, last_day)
        assert stands(office) < D(changed)
        act(office, "withdraw-termination")
        office.bill()
        assert stands(office) == D(changed)


def test_what_waits_to_be_given_back_is_not_given_back_where_it_is_charged_after_all(office: Office) -> None:
    """No run came between: nothing was given back, nothing is charged again, and there is no paper."""
    begun(office, "30.00", quantity=2)
    office.clock("2026-04-16T10:00")
    act(office, "terminate-extraordinarily", {"terminationDate": "2026-04-20"})
    act(office, "withdraw-termination")
    office.bill()
    assert papers(office) == [("INVOICE", D(60))]


@pytest.mark.parametrize("is_billed_between", [True, False])
def test_what_was_credited_by_hand_is_not_charged_again(office: Office, is_billed_between: bool) -> None:
    begun(office, "30.00", quantity=2)
    office.clock("2026-04-14T10:00")
    (item,) = office.tenant.rows("SELECT item_id, contract_id FROM billable_item")
    body = {"billableItemId": item.item_id, "amount": "10.00", "reason": "Kulanz"}
    office.call("POST", f"/v2/contracts/{item.contract_id}/creditbillableitems", body, 201)
    act(office, "terminate-extraordinarily", {"terminationDate": "2026-04-15"})
    if is_billed_between:
        office.bill()
        assert stands(office) == 30  # it counts against what was not used
    act(office, "withdraw-termination")
    office.bill()
    assert stands(office) == 50


def test_a_cancelled_contract_gives_back_what_was_kept_too(office: Office) -> None:
    to_one_seat(office, "NONE")
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert stands(office) == 0
