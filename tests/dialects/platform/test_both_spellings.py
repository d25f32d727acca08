"""What older clients write in other words: it is read, and answered as the contract has it (platform API, section 2)."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import day_here
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data

D = Decimal
NUMBERS = "/billing/configuration/document-numbers"
MONTH = {"value": 1, "unit": "MONTH"}
OLD = [{"propertyIdent": "crm", "propertyValue": "77"}]
NEW = [{"key": "crm", "value": "77"}]


@pytest.fixture
def seller(tenant: Tenant) -> Tenant:
    master_data(tenant.runtime, tenant.caller())
    return tenant


def call(tenant: Tenant, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
    answer = tenant.call(method, path, body, **more)
    assert answer.status == status, (method, path, answer.body)
    return answer.body


def amount(sent: Any) -> D:
    return D(str(sent))


def a_plan(tenant: Tenant, **phase: Any) -> Any:
    fee = {"optionIdent": "fee", "name": "Fee", "type": "RECURRING", "status": "FINAL", "prices": [{"price": "10.00"}]}
    call(tenant, "POST", "/billing/plan-options", fee, 201)
    made = {"ident": "p-1", "name": "P", "billingConfig": {"billingInterval": MONTH}, "linkedOptions": [{"optionIdent": "fee"}]}
    return call(tenant, "POST", "/plans", {"planIdent": "basic", "name": "Basic", "phases": [{**made, **phase}]}, 201)


def a_contract(ident: str = "v-1", **more: Any) -> dict[str, Any]:
    quantities = [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "fee"}]}]
    named = {"contractIdent": ident, "planIdent": "basic", "invoiceAddressIdent": "zentrale", "optionQuantities": quantities}
    return {**named, "startDate": day_here(), **more}


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ({"transitions": [{"type": "AUTO_RENEWAL"}]}, [{"type": "AUTO_RENEWAL"}]),
        ({"transition": {"type": "AUTO_RENEWAL"}}, [{"type": "AUTO_RENEWAL"}]),
        ({"transitions": []}, [{"type": "NONE"}]),
        ({}, [{"type": "NONE"}]),
    ],
)
def test_transitions_of_a_phase(seller: Tenant, given: Any, answered: Any) -> None:
    made = a_plan(seller, termDuration=MONTH, **given)
    assert made["phases"][0]["transitions"] == answered
    assert "transition" not in made["phases"][0]
    changed = call(seller, "PUT", f"/plans/{made['planId']}", made)
    assert changed["phases"] == made["phases"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"transitions": [{"type": "AUTO_RENEWAL"}, {"type": "NONE"}]}, "phases[0].transitions"),
        ({"transitions": [{"type": "NEXT_PHASE", "toPhase": "none"}], "termDuration": MONTH}, "phases[0].transitions[0].toPhase"),
        ({"transitions": "AUTO_RENEWAL"}, "phases[0].transitions"),
    ],
)
def test_transitions_that_are_refused(seller: Tenant, given: Any, path: str) -> None:
    phase = {"ident": "p-1", "name": "P", "billingConfig": {"billingInterval": MONTH}, **given}
    refused = call(seller, "POST", "/plans", {"planIdent": "basic", "name": "Basic", "phases": [phase]}, 400)
    assert [finding["fieldName"] for finding in refused["errors"]] == [path]


@pytest.mark.parametrize(
    "rule",
    [
        {"timePeriod": {"start": "00:00", "end": "24:00"}},
        {"timePeriod": {"from": "00:00", "to": "24:00"}},
        {"timeFrom": "00:00", "timeTo": "24:00"},
    ],
)
def test_parts_of_the_day(tenant: Tenant, rule: Any) -> None:
    groups = [{"pricingRules": [{**rule, "price": "2.00"}]}]
    body = {"optionIdent": "parking", "name": "Parking", "type": "TIME_BASED_USAGE", "pricingGroups": groups}
    made = call(tenant, "POST", "/billing/plan-options", body, 201)
    (answered,) = made["pricingGroups"][0]["pricingRules"]
    assert (answered["timePeriod"], answered["price"]) == ({"start": "00:00", "end": "24:00"}, 2)
    assert "timeFrom" not in answered
    assert call(tenant, "PUT", "/billing/plan-options/parking", made)["pricingGroups"] == made["pricingGroups"]


def test_a_part_of_the_day_is_said_once(tenant: Tenant) -> None:
    day = {"timePeriod": {"start": "00:00", "end": "24:00"}}
    for rule in ({}, {**day, "timeTo": "24:00"}, {"timeFrom": "00:00"}):
        body = {"name": "Parking", "type": "TIME_BASED_USAGE", "pricingGroups": [{"pricingRules": [rule]}]}
        refused = call(tenant, "POST", "/billing/plan-options", body, 400)
        assert [finding["fieldName"] for finding in refused["errors"]] == ["pricingGroups[0].pricingRules[0]"]


def test_properties_of_older_and_newer_things(seller: Tenant) -> None:
    """Those of the catalogue, of contracts, orders and usages are older ones; those of customers and documents newer."""
    a_plan(seller)
    gauge = {"optionIdent": "gauge", "name": "Gauge", "type": "USAGE", "status": "FINAL"}
    tiers = [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "1.00"}]}]
    call(seller, "POST", "/billing/plan-options", {**gauge, "usagePrices": tiers}, 201)
    call(seller, "POST", "/plans/basic/phases/p-1/options", {"optionIdent": "gauge", "enableForAllContracts": True}, 201)
    line = {"ident": "l-1", "name": "Work", "unitPriceNet": "1.00"}
    for n, given in enumerate((OLD, NEW)):
        option = {"optionIdent": f"o-{n}", "name": "O", "type": "ONETIME", "prices": [{"price": "1"}], "properties": given}
        assert call(seller, "POST", "/billing/plan-options", option, 201)["properties"] == OLD
        contract = a_contract(f"v-{n}", debtorIdent="muster-handel", properties=given)
        made = call(seller, "POST", "/contracts", contract, 201)
        assert made["properties"] == OLD
        changed = call(seller, "PATCH", f"/contracts/{made['contractId']}", {"properties": given})
        assert changed["properties"] == OLD
        order = {"orderIdent": f"o-{n}", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "properties": given}
        ordered = call(seller, "POST", "/orders", {**order, "lineItems": [{**line, "properties": given}]}, 201)
        assert ordered["properties"] == ordered["lineItems"][0]["properties"] == OLD
        for path in (f"/orders/o-{n}", f"/contracts/{made['contractId']}"):
            refused = call(seller, "PATCH", path, {"properties": [{}, {given[0].copy().popitem()[0]: "x"}]}, 400)
            fields = [finding["fieldName"] for finding in refused["errors"]]
            published = ["properties[0].propertyIdent", "properties[0].propertyValue", "properties[1].propertyIdent"]
            assert fields == published, "named as it is published, whichever name was sent"
        usage = {
            "usageIdent": f"u-{n}",
            "contractIdent": f"v-{n}",
            "optionIdent": "gauge",
            "startDate": f"{day_here()}T12:00:00Z",
        }
        used = call(seller, "POST", "/usages", {**usage, "quantity": 3, "properties": given}, 201)
        assert (used["properties"], used["unitQuantity"]) == (OLD, 3)
        assert call(seller, "GET", f"/usages/{used['usageId']}") == used
        customer = {"customerIdent": f"c-{n}", "company": "C", "properties": given}
        assert call(seller, "POST", "/customers", customer, 201)["properties"] == NEW
        draft = call(seller, "POST", "/drafts", {"draftIdent": f"d-{n}", "type": "INVOICE", "properties": given}, 201)
        assert draft["properties"] == NEW


def test_customers_by_their_numbers(seller: Tenant) -> None:
    a_plan(seller)
    number = call(seller, "GET", "/customers/muster-handel")["debtorId"]
    assert [row["debtorId"] for row in call(seller, "GET", f"/customers?search=debtorId=={number}")["_embedded"]] == [number]
    other = call(seller, "POST", "/customers", {"customerIdent": "other", "company": "O"}, 201)["debtorId"]
    assert call(seller, "POST", "/contracts", a_contract(debtorId=number), 201)["debtorIdent"] == "muster-handel"
    both = a_contract("v-2", debtorId=number, debtorIdent="muster-handel")
    assert call(seller, "POST", "/contracts", both, 201)["debtorIdent"] == "muster-handel"
    line = {"ident": "l-1", "name": "Work", "unitPriceNet": "1.00"}
    order = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorId": number}, "lineItems": [line]}
    assert call(seller, "POST", "/orders", order, 201)["debtorIdent"] == "muster-handel"
    for given, field in (
        ({"debtorId": other, "debtorIdent": "muster-handel"}, "debtorIdent"),
        ({"debtorId": 1}, "debtorId"),
        ({}, "debtorIdent"),
    ):
        refused = call(seller, "POST", "/contracts", a_contract("v-3", **given), 400)
        assert [finding["fieldName"] for finding in refused["errors"]] == [field]
    assert call(seller, "POST", "/billingrun", {"debtorId": number})["customers"] == 1
    call(seller, "POST", "/billingrun", {"debtorId": 1}, 400)
    assert call(seller, "POST", "/billingrun")["billed"] == 0  # without a body: everyone, and nothing is left
    (item,) = call(seller, "GET", "/billableitems/pageable?search=orderIdent==o-1")["_embedded"]
    for price in ("unitPrice", "originalRowTotal", "rowTotal"):
        sides = {side: amount(item[f"{price}{side}"]) for side in ("ExclusiveVat", "InclusiveVat", "CumulatedTaxPrice", "Base")}
        assert sides == {"ExclusiveVat": D(1), "InclusiveVat": D("1.19"), "CumulatedTaxPrice": D("0.19"), "Base": D(1)}, price
    assert item["rowTotalCumulatedTaxPrice"] * 100 == item["taxInformation"][0]["taxRate"] == 19
    assert item["taxInformationSource"] == "NITROBOX"


def test_items_of_which_the_tax_was_ordered(seller: Tenant) -> None:
    """Discounted from 200.00 net, before and after it is billed; and 119.00 gross."""
    seven = [{"taxRate": 7, "taxCategoryCode": "S"}]
    extras = [{"ident": "e", "name": "Discount", "type": "DISCOUNT", "amountNet": "-50.00"}]
    lines = [
        {"ident": "a", "name": "A", "quantity": 2, "unitPriceNet": "100.00", "taxInformation": seven, "preTaxExtras": extras},
        {"ident": "b", "name": "B", "unitPriceGross": "119.00", "taxInformation": [{"taxRate": 19, "taxCategoryCode": "S"}]},
    ]
    order = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": lines}
    call(seller, "POST", "/orders", {**order, "billingTime": "ON_DEMAND"}, 201)

    def sums() -> list[Any]:
        sides = ("ExclusiveVat", "CumulatedTaxPrice", "InclusiveVat", "Base")
        items = sorted(call(seller, "GET", "/orders/o-1/billableitems"), key=lambda item: item["originIdent"])
        assert {item["taxInformationSource"] for item in items} == {"CUSTOMER_PROVIDED"}
        return [[amount(item[f"{name}{side}"]) for side in sides] for item in items for name in ("originalRowTotal", "rowTotal")]

    before = sums()
    assert before == [[200, 14, 214, 200], [150, D("10.5"), D("160.5"), 150], [100, 19, 119, 119], [100, 19, 119, 119]]
    call(seller, "POST", "/orders/o-1/actions/prepare-documents", status=201)
    assert call(seller, "POST", "/billingrun")["billed"] == 2
    assert sums() == before


def test_contracts_with_and_without_their_files(seller: Tenant) -> None:
    a_plan(seller)
    made = call(seller, "POST", "/contracts", a_contract(debtorIdent="muster-handel"), 201)
    assert made["status"] == {"performanceStatus": "RUNNING"}
    csv = {"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="x.csv"'}
    call(seller, "POST", "/contracts/v-1/attachments", raw=b"1;2\n", headers=csv)
    one, listed, array = f"/contracts/{made['contractId']}", "/contracts/pageable", "/contracts"

    def files(path: str) -> Any:
        answer = call(seller, "GET", path)
        found = (
            answer
            if isinstance(answer, dict) and "contractIdent" in answer
            else (answer if isinstance(answer, list) else answer["_embedded"])[0]
        )
        return [file["fileName"] for file in found["attachments"]] if "attachments" in found else None

    assert [files(path) for path in (one, listed, array)] == [["x.csv"], None, ["x.csv"]]
    assert [files(f"{path}?slimResponse=true") for path in (one, listed, array)] == [None] * 3
    assert [files(f"{path}?slimResponse=false") for path in (one, listed, array)] == [["x.csv"]] * 3
    for wrong in ("yes", "", "1", "true&slimResponse=false"):
        call(seller, "GET", f"{one}?slimResponse={wrong}", status=400)
    shown = call(seller, "GET", one)
    assert (
        call(seller, "PATCH", one, {"language": "en", "status": shown["status"], "attachments": shown["attachments"]})["language"]
        == "en"
    )


def test_strategies_write_numbers_in_their_way(seller: Tenant) -> None:
    """One counter, so the values never repeat; what was written stays taken when a strategy goes."""
    counter = {"ident": "web", "prefix": "WEB-", "mask": "0000"}
    call(seller, "POST", f"{NUMBERS}/counters", counter)
    strategies = f"{NUMBERS}/strategies/service-countries"
    german = {"ident": "de", "key": "DE", "counterIdent": "web", "prefix": "D-##YEAR_SHORT##-", "suffix": "-x"}
    assert call(seller, "POST", strategies, german, 201) | german == call(seller, "GET", strategies)["_embedded"][0]
    call(seller, "POST", f"{NUMBERS}/strategy", {"strategy": "SERVICE_COUNTRY"})
    line = {"ident": "l-1", "name": "Work", "unitPriceNet": "1.00"}

    def number(ident: str) -> str:
        order = {"orderIdent": ident, "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [line]}
        call(seller, "POST", "/orders", order, 201)
        call(seller, "POST", "/billingrun")
        (item,) = call(seller, "GET", f"/orders/{ident}/billableitems")
        return str(item["invoiceIdent"])

    assert number("o-1") == f"D-{day_here()[2:4]}-0001-x"
    call(seller, "PUT", f"{strategies}/de", {"key": "DE", "counterIdent": "web"})
    assert number("o-2") == "WEB-0002"
    taken = {"ident": "again", "prefix": "D-##YEAR_SHORT##-", "mask": "0000", "suffix": "-x"}
    refused = call(seller, "POST", f"{NUMBERS}/counters", taken, 400)
    assert [finding["error"] for finding in refused["errors"]] == ["It can produce the same number as counter web."]
    for affixes, field in (
        ({"prefix": "RE-##YEAR##-00"}, "prefix"),
        ({"prefix": "WEB-0"}, "prefix"),
        ({"prefix": "a b"}, "prefix"),
        ({"suffix": "x" * 21}, "suffix"),
    ):
        french = {"ident": "fr", "key": "FR", "counterIdent": "web", **affixes}
        refused = call(seller, "POST", strategies, french, 400)
        assert [finding["fieldName"] for finding in refused["errors"]] == [field]
    call(seller, "POST", f"{NUMBERS}/strategies/default", {"counterIdent": "web", "prefix": "REST-"}, 201)
    assert call(seller, "GET", f"{NUMBERS}/strategies/default") == {"counterIdent": "web", "prefix": "REST-"}
    refused = call(seller, "POST", f"{NUMBERS}/counters", {"ident": "rest", "prefix": "REST-0", "mask": "000"}, 400)
    assert [finding["fieldName"] for finding in refused["errors"]] == ["prefix"]
    assert seller.broken() == []
