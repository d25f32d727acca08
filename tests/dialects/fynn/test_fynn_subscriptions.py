"""Subscriptions through fynn's calls, to the cent: pauses, trials, changes of items, billing groups, measurements."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, act, billed, papers, run

from contor.documents.queries import documents_by_id
from contor.runtime.work.jobs import run_job
from contor.usage.values.recording import record_waiting

D = Decimal


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, [("2027-02-01", "2027-02-28"), ("2027-03-01", "2027-03-31"), ("2027-04-01", "2027-04-30")]),
        ({"nextBillingDate": ""}, [("2027-02-01", "2027-02-28"), ("2027-03-01", "2027-03-31"), ("2027-04-01", "2027-04-30")]),
        ({"nextBillingDate": "2027-04-01"}, [("2027-04-01", "2027-04-30")]),
    ],
)
def test_s5_a_pause_is_made_up_or_ignored(fynn: Fynn, body: Any, expected: list[tuple[str, str]]) -> None:
    fynn.turn("2027-01-01T10:00:00")
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    assert papers(fynn) == [("2027-01-01", "INVOICE", D("31.00"))]
    fynn.turn("2027-01-15T10:00:00")
    assert act(fynn, "S-1", "pause")["status"] == "paused"
    run(fynn, "2027-02-01", "2027-03-01", "2027-04-01")
    assert len(papers(fynn)) == 1
    fynn.turn("2027-04-15T10:00:00")
    resumed = act(fynn, "S-1", "resume", body)
    assert (resumed["status"], resumed["billing"]["nextBillingAt"]) == ("active", "2027-05-01T00:00:00+00:00")
    assert [row[1:3] for row in billed(fynn)[1:]] == expected
    assert papers(fynn)[-1] == ("2027-04-15", "INVOICE", 31 * D(len(expected)))
    run(fynn, "2027-05-01")
    assert billed(fynn)[-1] == ("2027-05-01", "2027-05-01", "2027-05-31", D("31.00"))


def test_resumed_on_a_day_that_is_to_come_a_new_interval_begins_on_it(fynn: Fynn) -> None:
    fynn.turn("2027-01-01T10:00:00")
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-01-15T10:00:00")
    act(fynn, "S-1", "pause")
    run(fynn, "2027-02-01")
    act(fynn, "S-1", "resume", {"nextBillingDate": "2027-03-10T00:00:00"})
    run(fynn, "2027-03-01", "2027-03-10", "2027-04-10")
    assert [row[1:] for row in billed(fynn)[1:]] == [
        ("2027-03-10", "2027-04-09", D("31.00")),
        ("2027-04-10", "2027-05-09", D("31.00")),
    ]


@pytest.mark.parametrize(
    ("today", "named", "first", "billed_on"),
    [
        ("2027-04-15", "2027-04-15", "2027-04-01", "2027-04-15"),
        ("2027-04-15", "2027-04-10T00:00:00", "2027-04-01", "2027-04-15"),
        ("2027-04-15", "2027-03-20", "2027-03-01", "2027-04-15"),
        ("2027-04-15", "2027-04-20", "2027-04-01", "2027-04-20"),
    ],
)
def test_resumed_within_an_interval_that_runs_it_goes_on_with_that_one(
    fynn: Fynn, today: str, named: str, first: str, billed_on: str
) -> None:
    fynn.turn("2027-01-01T10:00:00")
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-01-15T10:00:00")
    act(fynn, "S-1", "pause")
    run(fynn, "2027-02-01", "2027-03-01", "2027-04-01")
    fynn.turn(f"{today}T10:00:00")
    act(fynn, "S-1", "resume", {"nextBillingDate": named})
    run(fynn, "2027-04-16", "2027-04-20", "2027-05-01")
    later = billed(fynn)[1:]
    assert later[0][:2] == (billed_on, first)
    assert later[-1] == ("2027-05-01", "2027-05-01", "2027-05-31", D("31.00"))
    assert {row[3] for row in later} == {D("31.00")}
    assert fynn.call("GET", "/subscriptions/S-1")["status"] == "active"


def test_s9_a_trial_of_14_days_is_extended_and_revoked(fynn: Fynn) -> None:
    fynn.turn("2027-01-20T10:00:00")
    a_product(fynn, "basic", applyTrial=14)
    first = a_subscription(fynn, "basic", number="S-1", activate=True)
    assert (first["status"], first["trialEndsOn"]) == ("active", "2027-02-03T00:00:00+00:00")
    a_subscription(fynn, "basic", number="S-2")
    act(fynn, "S-2", "activate", {"trialDays": 3})
    a_subscription(fynn, "basic", number="S-3", activate=True)
    assert (
        act(fynn, "S-3", "extend-trial", {"trialEndsOn": "2027-03-01T00:00:00.000Z"})["trialEndsOn"] == "2027-03-01T00:00:00+00:00"
    )
    run(fynn, "2027-01-22", "2027-01-23", "2027-02-03", "2027-02-20")
    assert [row[1:] for row in billed(fynn)] == [
        ("2027-01-23", "2027-02-22", D("31.00")),
        ("2027-02-03", "2027-03-02", D("31.00")),
    ]
    act(fynn, "S-3", "revoke-trial")
    assert billed(fynn)[-1][1:] == ("2027-02-20", "2027-03-19", D("31.00"))
    act(fynn, "S-3", "revoke-trial", None, 409)


def test_a_draft_begins_with_the_items_that_are_chosen(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", setupFee=9900)
    a_product(fynn, "support", 1000)
    draft = a_subscription(fynn, "basic", "support", poNumber="PO 4711", name="Cloud", externalId="crm-7")
    assert (draft["status"], draft["number"][:2], draft["name"]) == ("draft", "S-", "Cloud")
    names = [(one["name"], one["parent"] is not None) for one in draft["items"]]
    assert names == [("Basic", False), ("Basic – Einrichtung", True), ("Support", False)]
    run(fynn, "2027-04-01")
    assert papers(fynn) == []
    begun = act(fynn, "crm-7", "activate", {"items": [draft["items"][0]["id"]]})
    assert (begun["status"], [one["quantity"] for one in begun["items"]]) == ("active", [1, 1])
    assert papers(fynn) == [("2027-04-01", "INVOICE", D("130.00"))]
    with fynn.tenant.runtime.transaction(fynn.tenant.caller(), reads=True) as uow:
        (paper,) = documents_by_id(uow, uow.column(int, "SELECT id FROM document")).values()
    assert paper.purchase_order_reference == "PO 4711" and "Cloud" in repr(paper)
    act(fynn, "crm-7", "activate", None, 409)


def test_s3_further_seats_and_s1_another_price_plan_of_the_product_group(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    for name, amount in (("basic", 3000), ("pro", 6000)):
        a_product(fynn, name, amount)
    a_product(fynn, "seats", 1000, type="per_unit")
    group = {
        "name": "Editions",
        "memberships": [
            {"pricePlan": "basic", "position": 1, "changeTiming": "end_of_period", "creditType": "none"},
            {"product": "product-pro", "position": 2},
        ],
    }
    fynn.call("POST", "/product-groups", group)
    products = [{"pricePlan": "basic"}, {"pricePlan": "seats", "quantity": 5}]
    made = fynn.call(
        "POST", "/subscriptions", {"customer": "muster-handel", "products": products, "number": "S-1", "activate": True}
    )
    basic, seats = (one["id"] for one in made["items"])
    fynn.turn("2027-04-11T10:00:00")
    fynn.call("PATCH", f"/subscription-items/{seats}", {"quantity": 8})
    run(fynn, "2027-04-11")
    assert papers(fynn)[-1] == ("2027-04-11", "INVOICE", D("20.00"))
    fynn.turn("2027-04-16T10:00:00")
    options = fynn.call("GET", f"/subscription-items/{basic}/change-options")
    assert [(one["pricePlan"]["code"], one["isUpgrade"], one["changeTiming"]) for one in options["options"]] == [
        ("pro", True, "immediately")
    ]
    changed = fynn.call("POST", f"/subscription-items/{basic}/change", {"selectedPricePlan": "pro"})
    assert papers(fynn)[-1] == ("2027-04-16", "INVOICE", D("15.00"))
    assert fynn.send("GET", f"/subscription-items/{basic}").status_code == 404
    pro = next(one["id"] for one in changed["items"] if one["name"] == "Pro")
    fynn.call("POST", f"/subscription-items/{pro}/change", {"selectedPricePlan": "basic"})
    assert fynn.call("GET", f"/subscription-items/{pro}/change-options")["hasPendingChange"] is True
    refused = fynn.send("POST", f"/subscription-items/{pro}/change", {"selectedPricePlan": "basic"})
    assert refused.status_code == 409
    run(fynn, "2027-05-01")
    assert papers(fynn)[-1] == ("2027-05-01", "INVOICE", D("110.00"))


def test_products_are_ordered_onto_a_subscription_that_runs(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    a_product(fynn, "support", 1500, setupFee=5000)
    a_product(fynn, "training", 20000, billingInterval=None)
    a_product(fynn, "yearly", 9900, billingInterval="1Y")
    a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-04-16T10:00:00")
    body = {"products": [{"pricePlan": "support"}, {"pricePlan": "training", "quantity": 2}]}
    made = fynn.call("POST", "/subscriptions/S-1/products", body)
    assert sorted(one["name"] for one in made["items"]) == ["Basic", "Support", "Support – Einrichtung", "Training"]
    # 15 of 30 days of 15.00, the setup fee, two trainings
    assert papers(fynn)[-1] == ("2027-04-16", "INVOICE", D("457.50"))
    refused = fynn.call("POST", "/subscriptions/S-1/products", {"products": [{"pricePlan": "yearly"}]}, 422)
    assert [one["propertyPath"] for one in refused["violations"]] == ["products[0].pricePlan"]
    support = next(one["id"] for one in made["items"] if one["name"] == "Support")
    fynn.call("PUT", f"/subscription-items/{support}/terminate")
    run(fynn, "2027-05-01")
    assert papers(fynn)[-1] == ("2027-05-01", "INVOICE", D("30.00"))


def test_a_cancellation_is_previewed_done_and_revoked(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic", 3000)
    details = {"term": "3M", "noticePeriod": "1M"}
    a_subscription(fynn, "basic", number="S-1", activate=True, contractDetails=details)
    fynn.turn("2027-04-16T10:00:00")
    preview = act(fynn, "S-1", "cancel-preview", {"cancellationDateType": "custom", "cancellationDate": "2027-04-20T00:00:00"})
    assert preview["contractEnd"] == "2027-04-20T00:00:00+00:00"
    assert [one["netAmount"]["amount"] for one in preview["now"]] == [1000]
    ended = act(fynn, "S-1", "cancel", {"cancellationDateType": "next_possible", "reason": "", "sendConfirmationEmail": False})
    assert (ended["status"], ended["contractDetails"]["contractEnd"]) == ("cancelled", "2027-06-30T00:00:00+00:00")
    assert act(fynn, "S-1", "revoke-cancellation")["status"] == "active"
    act(fynn, "S-1", "cancel", {"cancellationDateType": "custom"}, 422)
    assert act(fynn, "S-1", "cancel", {"cancellationDateType": "immediate"})["status"] == "cancelled"
    run(fynn, "2027-04-17")
    assert papers(fynn)[-1][1:] == ("CREDIT_MEMO", D("14.00"))
    assert fynn.call("GET", "/subscriptions/S-1")["status"] == "terminated"


def test_subscriptions_of_a_billing_group_are_billed_on_one_day(fynn: Fynn) -> None:
    fynn.turn("2027-05-01T10:00:00")
    a_product(fynn, "basic")
    a_product(fynn, "plus", 6200)
    one = a_subscription(fynn, "basic", number="S-1", activate=True)
    fynn.turn("2027-05-10T10:00:00")
    other = a_subscription(fynn, "plus", number="S-2", activate=True)
    body = {"name": "All", "customer": "muster-handel", "subscriptions": [one["id"], other["id"]]}
    group = fynn.call("POST", "/billing-groups", body)
    assert (group["billingDate"], group["subscriptions"]) == ("2027-06-01T00:00:00+00:00", [one["id"], other["id"]])
    run(fynn, "2027-06-01", "2027-06-10", "2027-07-01")
    assert papers(fynn)[2:] == [
        ("2027-06-01", "INVOICE", D("31.00")),
        ("2027-06-10", "INVOICE", D("43.40")),
        ("2027-07-01", "INVOICE", D("93.00")),
    ]
    assert fynn.call("GET", "/subscriptions/S-2")["billingGroup"] == group["id"]
    left = fynn.call("PUT", f"/billing-groups/{group['id']}", {**body, "subscriptions": [one["id"]]})
    assert left["subscriptions"] == [one["id"]]
    fynn.call("DELETE", f"/billing-groups/{group['id']}")
    assert fynn.call("GET", "/subscriptions/S-1")["billingGroup"] is None


def a_metered(fynn: Fynn) -> Any:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "seats", 1000, type="per_unit")
    fynn.call("POST", "/catalogue/measurements", {"code": "calls", "type": "metered", "aggregationType": "count"})
    a_product(fynn, "calls", 50, type="per_unit", measurement="calls")
    return a_subscription(fynn, "seats", "calls", number="S-1", activate=True)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_measurement_that_is_sent_twice_has_one_effect(fynn: Fynn, at_once: bool) -> None:
    a_metered(fynn)
    fynn.turn("2027-04-11T10:00:00")
    used = {"subscription": "S-1", "measurementCode": "calls", "quantity": 7, "measuredAt": "2027-04-11T09:00:00+00:00"}
    taken = {"subscription": "S-1", "measurementCode": "quantity", "quantity": 3, "measuredAt": "2027-04-11T08:00:00+00:00"}
    bodies = [used, taken] * 4
    if at_once:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda body: fynn.send("POST", "/subscription-measurements", body), bodies))
    else:
        answers = [fynn.send("POST", "/subscription-measurements", body) for body in bodies]
    assert {answer.status_code for answer in answers} == {204}, [answer.text for answer in answers]
    run(fynn, "2027-04-11", "2027-05-01")
    # 2 further seats for 20 of 30 days; then 3 seats, and 7 calls at 0.50
    assert papers(fynn)[1:] == [("2027-04-11", "INVOICE", D("13.33")), ("2027-05-01", "INVOICE", D("33.50"))]


def test_a_batch_of_values_is_recorded_by_a_worker(fynn: Fynn) -> None:
    a_metered(fynn)
    fynn.turn("2027-04-11T10:00:00")
    values = [
        {"subscription": "S-1", "measurementCode": "calls", "quantity": n, "measuredAt": f"2027-04-0{n}T00:00:00"}
        for n in (2, 3, 4, 4)
    ]
    assert fynn.call("POST", "/subscription-measurements/batch", {"values": values}, 201) == {"accepted": 4}
    sql = "SELECT payload FROM infra.pgqueuer WHERE entrypoint = %s AND convert_from(payload, 'UTF8')::jsonb ->> 'tenant_id' = %s"
    jobs = [row.payload for row in fynn.tenant.rows(sql, (record_waiting.name, str(fynn.tenant.id)))]
    for payload in (*jobs, *jobs):  # a job may run twice
        run_job(fynn.tenant.runtime, record_waiting, payload)
    run(fynn, "2027-05-01")
    assert papers(fynn)[-1] == ("2027-05-01", "INVOICE", D("14.50"))
    wrong = fynn.call("POST", "/subscription-measurements/batch", {"values": [{**values[0], "subscription": "S-9"}]}, 422)
    assert [one["propertyPath"] for one in wrong["violations"]] == ["values[0].subscription"]


def test_lists_find_by_status_customer_product_and_dates(fynn: Fynn) -> None:
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "basic")
    a_product(fynn, "plus", 6200)
    a_subscription(fynn, "basic", number="S-draft")
    for number in ("S-active", "S-paused", "S-cancelled", "S-gone"):
        a_subscription(fynn, "plus", number=number, activate=True, name=f"Sub {number}")
    act(fynn, "S-paused", "pause")
    act(fynn, "S-cancelled", "cancel", {"cancellationDateType": "custom", "cancellationDate": "2027-05-01"})
    act(fynn, "S-gone", "cancel", {"cancellationDateType": "custom", "cancellationDate": "2027-04-01"})
    fynn.turn("2027-04-02T10:00:00")

    def found(query: str) -> list[str]:
        return [one["number"][2:] for one in fynn.call("GET", f"/subscriptions?{query}")["data"]]

    for status in ("active", "paused", "cancelled"):
        assert found(f"status={status}") == [status]
    assert (found("status=draft"), found("status=terminated"), found("status=offer")) == (["draft"], ["gone"], [])
    assert found("status[]=draft&status[]=paused&order[createdAt]=desc") == ["paused", "draft"]
    assert found("items.product.id=product-basic") == ["draft"]
    assert len(found("items[product][id]=product-plus")) == 4
    assert found("customer=muster-handel&number=S-gone") == ["gone"]
    assert found("search=Sub S-act") == ["active"]
    assert found("paymentMethod[type]=sepa_debit") == []
    assert found("order[contractDetails][contractEnd]=asc&status=cancelled") == ["cancelled"]
    assert found("page=0&limit=2") == ["draft", "active"]
    shown = fynn.call("GET", "/subscriptions?limit=1")
    one = fynn.call("GET", f"/subscriptions?id={shown['data'][0]['id']}")
    assert one["data"] == shown["data"]


def measure(fynn: Fynn, code: str, quantity: int, at: str, status: int = 204, **more: Any) -> Any:
    body = {"subscription": "S-1", "measurementCode": code, "quantity": quantity, "measuredAt": at, **more}
    return fynn.call("POST", "/subscription-measurements", body, status)


def test_a_value_of_a_day_before_counts_by_what_was_taken_on_that_day(fynn: Fynn) -> None:
    """5 seats from 1 April, 12 from 11 April; told on the 20th that there were 12 from the 5th on: 7 more seats for 6 of 30 days."""
    fynn.turn("2027-04-01T10:00:00")
    a_product(fynn, "seats", 1000, type="per_unit")
    products = [{"pricePlan": "seats", "quantity": 5}]
    fynn.call("POST", "/subscriptions", {"customer": "muster-handel", "products": products, "number": "S-1", "activate": True})
    fynn.turn("2027-04-11T10:00:00")
    measure(fynn, "quantity", 12, "2027-04-11T08:00:00")
    fynn.turn("2027-04-20T10:00:00")
    for _ in range(2):
        measure(fynn, "quantity", 12, "2027-04-05T08:00:00")
    run(fynn, "2027-04-20", "2027-05-01")
    assert papers(fynn) == [
        ("2027-04-01", "INVOICE", D("50.00")),
        ("2027-04-11", "INVOICE", D("46.67")),
        ("2027-04-20", "INVOICE", D("14.00")),
        ("2027-05-01", "INVOICE", D("120.00")),
    ]


def test_a_value_from_before_a_change_of_price_plan_is_of_the_former_one(fynn: Fynn) -> None:
    """5 seats of 10.00, another price plan of 6.00 from 11 April; told on the 20th that there were 8 from the 5th on: 3 more of 10.00 for 6
    of 30 days, and nothing of the new one, which began later."""
    fynn.turn("2027-04-01T10:00:00")
    fynn.call("POST", "/catalogue/measurements", {"code": "seats", "type": "recurring"})
    for name, amount in (("old", 1000), ("new", 600)):
        a_product(fynn, name, amount, type="per_unit", measurement="seats")
    group = {"name": "Seats", "memberships": [{"pricePlan": "old", "position": 1}, {"pricePlan": "new", "position": 2}]}
    fynn.call("POST", "/product-groups", group)
    products = [{"pricePlan": "old", "quantity": 5}]
    made = fynn.call(
        "POST", "/subscriptions", {"customer": "muster-handel", "products": products, "number": "S-1", "activate": True}
    )
    (old,) = (one["id"] for one in made["items"])
    fynn.turn("2027-04-11T10:00:00")
    fynn.call("POST", f"/subscription-items/{old}/change", {"selectedPricePlan": "new"}, 201)
    (new,) = (one["id"] for one in fynn.call("GET", "/subscriptions/S-1")["items"])
    fynn.turn("2027-04-20T10:00:00")
    measure(fynn, "seats", 8, "2027-04-05T08:00:00")
    measure(fynn, "seats", 8, "2027-04-05T08:00:00", subscriptionItem=old)
    measure(fynn, "seats", 8, "2027-04-05T08:00:00", 422, subscriptionItem=new)
    measure(fynn, "seats", 8, "2027-04-12T08:00:00", 422, subscriptionItem=old)
    run(fynn, "2027-04-20", "2027-05-01")
    assert papers(fynn) == [
        ("2027-04-01", "INVOICE", D("50.00")),
        ("2027-04-11", "CREDIT_MEMO", D("13.33")),
        ("2027-04-20", "INVOICE", D("6.00")),
        ("2027-05-01", "INVOICE", D("30.00")),
    ]


def test_what_an_invoice_bills_of_a_subscription_names_item_and_product(fynn: Fynn) -> None:
    fynn.turn("2027-01-01T10:00:00")
    a_product(fynn, "basic", setupFee={"amount": 9900, "currencyCode": "EUR"})
    made = a_subscription(fynn, "basic", number="S-1", activate=True)
    (invoice,) = fynn.call("GET", "/invoices")["data"]
    product = fynn.call("GET", "/catalogue/products/product-basic")["id"]
    items = [(one["id"], one["product"]["id"]) for one in made["items"]]
    rows = fynn.call("GET", f"/invoices/{invoice['id']}")["positions"]
    assert sorted((one["subscriptionItem"], one["product"]) for one in rows) == sorted(items)
    assert {one["product"] for one in rows} == {product}
    assert {one["subscriptionItem"]: one["type"] for one in rows} == {items[0][0]: "product", items[1][0]: "setup"}
    run = fynn.call("GET", f"/invoices/{invoice['id']}/billing-run")["subscriptionItems"]
    assert sorted((one["id"], one["product"]) for one in run) == sorted(items)
