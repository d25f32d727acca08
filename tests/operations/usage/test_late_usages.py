"""Usages that come when their period is billed, or are cancelled then: the difference is billed or given back, to the cent."""

from typing import Any

import pytest
from tests.factories.catalogue import OPTIONS
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import D, Office, a_group, group
from tests.factories.usages import POWER, USAGES, cancel, metered, usage, volume, water

from contor.billing.runs import bill
from contor.kernel.errors import Problem


def standing(office: Office) -> list[tuple[str, str, str, D]]:
    """Items that came to something: kind, period, business case, amount."""
    rows = office.tenant.rows(
        "SELECT kind, period_start, business_case, total FROM billable_item WHERE total <> 0 ORDER BY item_id"
    )
    return [(row.kind, str(row.period_start), row.business_case, row.total) for row in rows]


def test_a_corrective_group_rates_the_whole_period_again(meter: Office) -> None:
    group(meter, lateUsageBehaviour="CORRECTIVE")
    meter.call("POST", USAGES, usage("u-1", 90), 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    dearer = {
        "optionIdent": "power",
        "name": "Power",
        "type": "USAGE",
        "quantityType": "KWH",
        "usePooling": True,
        "usagePrices": [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}],
        "validFrom": "2026-06-03",
    }
    meter.call("PUT", f"{OPTIONS}/power", dearer)
    meter.clock("2026-06-10T10:00")
    meter.call(
        "POST", f"{USAGES}/actions/batch", {"usages": [usage("l-1", 10), usage("l-2", 10), usage("now", 1, "2026-06-09")]}, 201
    )
    assert meter.bill()["documents"] == 1
    assert meter.documents()[1] == ("INVOICE", D("3.00"), D("0.57"), D("3.57"))  # 10 at 0.17, 10 at 0.13: May's tiers go on
    assert standing(meter) == [
        ("USAGE", "2026-05-01", "PURCHASE", D("15.30")),
        ("USAGE_CORRECTION", "2026-05-01", "CORRECTION_CREATION", D("3.00")),
    ]
    (number,) = [row.ident for row in meter.tenant.rows("SELECT ident FROM document ORDER BY id DESC LIMIT 1")]
    (row,) = meter.call("GET", f"/v2/documents/{number}")["items"]
    assert row["servicePeriod"] == {"start": "2026-05-01", "end": "2026-05-31"}
    assert row["priceCalculationBasis"]["usedQuantity"] == 110
    meter.call("POST", USAGES, usage("l-3", 100, "2026-05-31"), 201)
    meter.clock("2026-07-01T10:00")
    meter.bill()
    totals = sorted((start, total) for _, start, _, total in standing(meter))
    assert totals == [("2026-05-01", D("3.00")), ("2026-05-01", D("13.00")), ("2026-05-01", D("15.30")), ("2026-06-01", D("0.17"))]
    assert meter.bill()["documents"] == 0


def test_a_cheaper_tier_gives_something_back(meter: Office) -> None:
    group(meter, lateUsageBehaviour="CORRECTIVE")
    volume(meter)
    meter.call("POST", USAGES, water("w-1", 100), 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    meter.call("POST", USAGES, water("w-2", 1), 201)
    meter.bill()
    assert meter.documents() == [("INVOICE", D(100), D(19), D(119)), ("CREDIT_MEMO", D("19.20"), D("3.65"), D("22.85"))]
    (first, memo) = [row.ident for row in meter.tenant.rows("SELECT ident FROM document ORDER BY id")]
    assert meter.call("GET", f"/v2/documents/{memo}")["relatedDocumentIdent"] == first
    states = {row["usageIdent"]: row["status"] for row in meter.call("GET", f"{USAGES}/pageable")["_embedded"]}
    assert states == {"w-1": "BILLED", "w-2": "BILLED"}
    assert cancel(meter, "w-2") == ["CREDITED"]
    meter.bill()
    assert standing(meter)[-1] == ("USAGE_CORRECTION", "2026-05-01", "CORRECTION_CANCELLATION", D("19.20"))
    assert cancel(meter, "w-1", "w-2") == ["CREDITED", "CANCELLED_BEFORE"]
    meter.bill()
    assert [(kind, net) for kind, net, _, _ in meter.documents()][3:] == [("CREDIT_MEMO", D("80.80")), ("CREDIT_MEMO", D("19.20"))]


def test_after_the_end_of_a_contract_late_usages_are_billed_for_their_period(meter: Office) -> None:
    meter.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    meter.call("POST", USAGES, usage("u-1", 100), 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    meter.call("POST", USAGES, usage("l-1", 10), 201)
    meter.call("POST", USAGES, usage("l-2", 10, "2026-05-20"), 201)
    meter.call("POST", USAGES, usage("c-1", 130, optionIdent="calls"), 201)
    assert meter.findings("POST", USAGES, usage("l-3", 10, "2026-05-21")) == ["startDate"]
    meter.bill()
    assert sorted(total for _, _, _, total in standing(meter)) == [D("2.60"), D("17.00"), D("50.00")]
    assert {start for _, start, _, _ in standing(meter)} == {"2026-05-01"}


def test_usages_that_waited_for_a_period_that_never_comes_are_billed_too(meter: Office) -> None:
    meter.clock("2026-06-02T10:00")
    meter.bill()
    meter.call("POST", USAGES, usage("l-1", 10), 201)
    meter.bill()
    assert standing(meter) == []  # it would be carried over into June
    meter.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-31"})
    meter.bill()
    assert standing(meter) == [("USAGE_CORRECTION", "2026-05-01", "CORRECTION_CREATION", D("1.70"))]


def test_what_was_rated_alone_is_credited_alone(meter: Office) -> None:
    stay = {"startDate": "2026-05-20T10:00:00+02:00", "endDate": "2026-05-20T12:00:00+02:00", "optionIdent": "parking"}
    batch = [usage("p-1", 0, **stay), usage("c-1", 130, optionIdent="calls"), usage("c-2", 10, optionIdent="calls")]
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    assert cancel(meter, "p-1", "c-1") == ["CREDITED", "CREDITED"]
    meter.bill()
    assert [(kind, net) for kind, net, _, _ in meter.documents()] == [("INVOICE", D(73)), ("CREDIT_MEMO", D(53))]
    meter.call("DELETE", USAGES, {"usageIdents": ["c-1"]}, 409)
    assert cancel(meter, "c-2") == ["CREDITED"]
    meter.bill()
    assert meter.bill()["documents"] == 0
    assert sum(net if kind == "INVOICE" else -net for kind, net, _, _ in meter.documents()) == 0


def test_pooled_usages_are_rated_again_without_the_cancelled_one(meter: Office) -> None:
    batch = [usage("u-1", 100), usage("u-2", 50), usage("u-3", 50, taxLocation={"country": "DE", "city": "Kiel"})]
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    assert cancel(meter, "u-1", "u-3") == ["CREDITED", "CREDITED"]
    meter.bill()
    # 150: 17 + 6.50; 50: 8.50; at the other place all of it
    assert sorted(row[3] for row in standing(meter) if row[0] == "CREDIT") == [D("8.50"), D("15.00")]


def test_what_was_carried_over_is_of_its_own_period_when_it_is_cancelled(meter: Office) -> None:
    meter.call("POST", USAGES, usage("u-1", 100), 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    batch = [usage("l-1", 100), usage("l-2", 50), usage("u-2", 100, "2026-06-15")]
    meter.clock("2026-06-16T10:00")
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)
    meter.clock("2026-07-02T10:00")
    meter.bill()
    assert cancel(meter, "l-1") == ["CREDITED"]
    meter.call("POST", USAGES, usage("l-3", 1, "2026-06-20"), 201)
    meter.bill()
    # May: 250 for 17 + 19.50, then 150 for 17 + 6.50
    assert standing(meter)[-1] == ("CREDIT", "2026-06-01", "CANCELLATION", D("13.00"))
    meter.clock("2026-08-02T10:00")
    meter.bill()
    assert ("USAGE", "2026-07-01", "PURCHASE", D("0.13")) in standing(meter)  # above the 100 of June


def test_a_period_before_the_billing_start_is_rated_as_one(office: Office) -> None:
    """It has no item of its own: all of it stands on rows of later periods."""
    a_group(office)
    metered(office, POWER, start="2026-04-01", usePooling=True, billing_start="2026-05-01")
    office.call("POST", USAGES, usage("l-1", 90, "2026-04-12"), 201)
    for month in (6, 7):
        office.clock(f"2026-0{month}-02T10:00")
        office.bill()
        office.call("POST", USAGES, usage(f"l-{month}", 20, "2026-04-20"), 201)
    assert [row[3] for row in standing(office)] == [D("15.30"), D("3.00")]  # 110: 17 + 1.30, not 15.30 + 3.40
    assert cancel(office, "l-1", "l-7") == ["CREDITED", "CANCELLED"]
    office.bill()
    assert sum(-row[3] if row[0] == "CREDIT" else row[3] for row in standing(office)) == D("3.40")


BLOCKS = {
    "pricingModel": "CONTINGENT",
    "priceTiers": [{"quantity": 60, "price": 20, "type": "FLAT"}, {"quantity": 60, "price": 15, "type": "FLAT"}],
}


def tiers(model: str, *tiers: tuple[int | None, str]) -> dict[str, Any]:
    return {"pricingModel": model, "priceTiers": [{"price": price} | ({"quantity": size} if size else {}) for size, price in tiers]}


FREE = tiers("TIER_PRICE", (250, "0.00"), (None, "0.02"))
CHEAPER = tiers("VOLUME_PRICE", (100, "1.20"), (None, "1.00"))


@pytest.mark.parametrize(
    ("price", "cap", "used", "late", "added"),
    [
        (BLOCKS, None, 130, (10,), ("0.00",)),
        (BLOCKS, None, 130, (50, 1), ("0.00", "15.00")),
        (BLOCKS, None, 60, (1, 59, 1), ("15.00", "0.00", "15.00")),
        (tiers("TIER_PRICE", (400, "0.17"), (None, "0.13")), None, 400, (100,), ("13.00",)),
        (tiers("TIER_PRICE", (400, "0.17"), (None, "0.13")), None, 350, (100, 7), ("15.00", "0.91")),
        (CHEAPER, None, 101, (10,), ("10.00",)),
        (CHEAPER, None, 40, (10, 30), ("12.00", "36.00")),
        (FREE, None, 200, (150,), ("2.00",)),
        (FREE, None, 100, (50, 150), ("0.00", "1.00")),
        (tiers("TIER_PRICE", (None, "1.00")), "30.00", 25, (10, 10), ("5.00", "0.00")),
        (tiers("TIER_PRICE", (None, "1.00")), "30.00", 10, (50,), ("20.00",)),
        (tiers("VOLUME_PRICE", (100, "1.20"), (None, "1.00")), None, 90, (5, 10), ("6.00", "-9.00")),
        (tiers("VOLUME_PRICE", (100, "2.00"), (None, "1.00")), None, 100, (1,), ("-99.00",)),
    ],
)
def test_what_comes_late_costs_what_it_adds_to_its_own_period(
    office: Office, price: dict[str, Any], cap: str | None, used: int, late: tuple[int, ...], added: tuple[str, ...]
) -> None:
    """Blocks, tiers, volumes, free units and caps go on where May stood; each of June and July bills one that came late."""
    a_group(office)
    metered(office, [price], usePooling=True, **({"usageCap": cap} if cap else {}))
    office.call("POST", USAGES, usage("u-1", used), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    whole = sum((net for _, net, _, _ in office.documents()), D(0))
    for number, (quantity, cost) in enumerate(zip(late, added, strict=True)):
        before = sum((net if kind == "INVOICE" else -net for kind, net, _, _ in office.documents()), D(0))
        office.call("POST", USAGES, usage(f"late-{number}", quantity), 201)
        office.clock(f"2026-0{7 + number}-02T10:00")
        office.bill()
        after = sum((net if kind == "INVOICE" else -net for kind, net, _, _ in office.documents()), D(0))
        assert after - before == D(cost)
    whole += sum((D(cost) for cost in added), D(0))
    assert cancel(office, "u-1", *(f"late-{number}" for number in range(len(late)))) == ["CREDITED"] * (1 + len(late))
    office.bill()
    left = sum((net if kind == "INVOICE" else -net for kind, net, _, _ in office.documents()), D(0))
    assert (left, office.bill()["documents"]) == (0, 0)


def test_the_group_says_how_late_is_too_late(meter: Office) -> None:
    group(meter, lateUsageLimitMonths=1)
    meter.clock("2026-06-30T10:00")
    meter.call("POST", USAGES, usage("u-1", 1, "2026-05-01"), 201)
    meter.clock("2026-07-01T10:00")
    answer = meter.call("POST", USAGES, usage("u-2", 1, "2026-05-31"), 400)
    assert [entry["fieldName"] for entry in answer["errors"]] == ["startDate"]
    assert "2026-06-01" in str(answer)


def refused(uow: Any, requests: Any) -> Any:
    return [], [(Problem("broken", "is broken"),) for _ in requests]


def test_failed_items_are_rated_again_and_nothing_comes_twice(meter: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    group(meter, lateUsageBehaviour="CORRECTIVE")
    batch = [usage("c-1", 130, optionIdent="calls"), usage("c-2", 10, optionIdent="calls"), usage("u-1", 100)]
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)
    monkeypatch.setattr(bill, "draft_requests", refused)
    meter.clock("2026-06-02T10:00")
    assert meter.call("POST", "/v2/billingrun", {})["failed"] == 4  # parking, which was not used, too
    monkeypatch.undo()
    retried = f"{CONTRACTS}/v-1/actions/retry-failed-billable-items"
    meter.call("POST", retried)
    meter.bill()
    assert [(kind, net) for kind, net, _, _ in meter.documents()] == [("INVOICE", D(87))]
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": [usage("l-1", 10), usage("l-2", 60, optionIdent="calls")]}, 201)
    monkeypatch.setattr(bill, "draft_requests", refused)
    assert meter.call("POST", "/v2/billingrun", {})["failed"] == 2
    monkeypatch.undo()
    meter.call("POST", USAGES, usage("l-3", 10), 201)
    meter.call("POST", retried)
    meter.bill()
    assert meter.documents()[1][:2] == ("INVOICE", D("22.60"))


def test_a_cancelled_contract_gives_everything_back_once(meter: Office) -> None:
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": [usage("u-1", 100), usage("c-1", 10, optionIdent="calls")]}, 201)
    meter.clock("2026-06-02T10:00")
    meter.bill()
    assert cancel(meter, "u-1") == ["CREDITED"]
    meter.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    assert cancel(meter, "c-1") == ["CREDITED"]
    meter.bill()
    assert [(kind, net) for kind, net, _, _ in meter.documents()] == [("INVOICE", D(37)), ("CREDIT_MEMO", D(37))]


def test_a_late_usage_free_of_charge_stays_apart(meter: Office) -> None:
    """Cancelling it gives nothing back of the one that came with it."""
    group(meter, lateUsageBehaviour="CORRECTIVE")
    meter.clock("2026-06-02T10:00")
    meter.bill()
    short = {"startDate": "2026-05-20T10:00:00+02:00", "endDate": "2026-05-20T10:20:00+02:00", "optionIdent": "parking"}
    long = {"startDate": "2026-05-21T10:00:00+02:00", "endDate": "2026-05-21T12:00:00+02:00", "optionIdent": "parking"}
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": [usage("p-1", 0, **short), usage("p-2", 0, **long)]}, 201)
    meter.bill()
    assert cancel(meter, "p-1") == ["CREDITED"]
    meter.bill()
    assert meter.documents() == [("INVOICE", D("3.00"), D("0.57"), D("3.57"))]
    assert cancel(meter, "p-2") == ["CREDITED"]
    meter.bill()
    assert meter.documents()[1][:2] == ("CREDIT_MEMO", D("3.00"))
