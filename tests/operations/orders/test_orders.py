"""Orders through the platform API: from the first line to the last correction, to the cent."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from starlette.testclient import TestClient
from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.desks import ORDERS, S19, Desk, a_deposit, a_line
from tests.factories.offices import RUN
from tests.factories.tenants import Tenant

from contor.documents.after import ArchiveDocuments, archive

D = Decimal
GROUP = "/v2/billing-groups/external"


def test_an_order_is_billed_at_once_and_read(desk: Desk) -> None:
    made = desk.order(lineItems=[a_line(), a_line("l-2", "10.005", quantity=3, taxInformation=[{"taxRate": 7}])])
    assert [line["status"] for line in made["lineItems"]] == ["OPEN", "OPEN"]
    report = desk.bill()
    assert (report["documents"], report["billed"]) == (1, 2)
    assert desk.documents() == [("INVOICE", D("130.02"), D("21.10"), D("151.12"))]
    assert [line["status"] for line in desk.call("GET", f"{ORDERS}/o-1")["lineItems"]] == ["BILLED", "BILLED"]
    assert desk.call("GET", ORDERS) == [desk.call("GET", f"{ORDERS}/o-1")]
    assert desk.call("GET", f"{ORDERS}/pageable?search=orderIdent==o-1")["page"]["totalElements"] == 1
    items = desk.call("GET", f"{ORDERS}/o-1/billableitems")
    assert {item["orderIdent"] for item in items} == {"o-1"} and all("contractIdent" not in item for item in items)
    one = items[0]
    assert desk.call("GET", f"{ORDERS}/o-1/billableitems/{one['billableItemId']}") == one
    desk.order(status=409)
    lines = desk.call("GET", f"{ORDERS}/o-1/lineItems?search=ident==l-2")
    assert (lines["page"]["totalElements"], lines["_embedded"][0]["ident"]) == (1, "l-2")
    view = desk.call("GET", f"/v2/documents/{desk.idents('INVOICE')[0]}")
    assert [row["deliveryDate"] for row in view["items"]] == ["2026-05-09", "2026-05-09"]


def test_every_finding_at_once_and_nothing_is_stored(desk: Desk) -> None:
    wrong = {
        "orderIdent": "o-1",
        "debtorOrderDetails": {"debtorIdent": "nobody"},
        "businessSegmentIdent": "none",
        "operatingSiteIdent": "none",
    }
    assert desk.findings("POST", ORDERS, wrong) == [
        "businessSegmentIdent",
        "debtorOrderDetails.debtorIdent",
        "lineItems",
        "operatingSiteIdent",
    ]
    lines = [
        a_line("a", rowTotalNet="99.00"),
        a_line("a", taxInformation=[{"taxRate": 0, "taxCategoryCode": "S"}]),
        a_line("b", periodStartDate="2026-05-10", periodEndDate="2026-05-01"),
        a_line("c", operatingSiteIdent="none", processingConfig={"type": "AT_DATE"}),
        {"ident": "d", "name": "No price", "quantity": 2},
        a_line("e", taxInformation=[{"taxRate": 19, "rowTotalTax": "12.00"}], rowTotalNet="100.00"),
    ]
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": lines}
    assert desk.findings("POST", ORDERS, body) == [
        "lineItems[0].rowTotalNet",
        "lineItems[1].ident",
        "lineItems[1].taxInformation[0].taxRate",
        "lineItems[2].periodEndDate",
        "lineItems[3].operatingSiteIdent",
        "lineItems[3].processingConfig.date",
        "lineItems[4].unitPriceGross",
        "lineItems[5].taxInformation[0].rowTotalTax",
    ]
    assert [desk.tenant.rows(f"SELECT count(*) AS n FROM {t}")[0].n for t in ("sales_order", "line_item", "billable_item")] == [
        0,
        0,
        0,
    ]
    both = {"debtorIdent": "muster-handel", "debtor": {"company": "New", "addresses": []}}
    assert desk.findings("POST", ORDERS, {**body, "lineItems": [a_line()], "debtorOrderDetails": both}) == [
        "debtorOrderDetails.debtorIdent"
    ]


def test_a_customer_is_created_with_its_order(desk: Desk) -> None:
    debtor = {
        "customerIdent": "new",
        "company": "Neu GmbH",
        "customerType": "B2B",
        "addresses": [
            {"addressIdent": "n-1", "addressType": "INVOICE", "country": "DE", "street": "Weg", "zip": "20095", "city": "Hamburg"}
        ],
    }
    assert desk.order(debtorOrderDetails={"debtor": debtor})["invoiceAddressIdent"] == "n-1"
    assert desk.bill()["documents"] == 1
    broken = {**debtor, "customerIdent": "other", "addresses": []}
    desk.order("o-2", 400, debtorOrderDetails={"debtor": broken})
    way = {"configIdent": "de", "country": "DE", "provider": "SYNTAX", "mode": "REFUSE", "active": True}
    desk.call("POST", "/v2/customers/address-validation/configurations", way, 201)
    broken["addresses"] = [{**debtor["addresses"][0], "zip": "7"}]
    assert desk.findings("POST", ORDERS, {"orderIdent": "o-2", "debtorOrderDetails": {"debtor": broken}}) == [
        "debtorOrderDetails.debtor.addresses[0].zip",
        "lineItems",
    ]
    desk.call("GET", "/v2/customers/other", status=404)


def test_on_demand_is_billed_when_it_is_released(desk: Desk) -> None:
    assert desk.order(billingTime="ON_DEMAND")["lineItems"][0]["status"] == "ON_HOLD"
    assert desk.bill()["documents"] == 0
    item = desk.call("GET", f"{ORDERS}/o-1/billableitems")[0]
    assert (item["statusReason"], "processingDate" in item) == ("ON_HOLD", False)
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    assert desk.bill()["documents"] == 1


def test_a_line_at_its_date_and_one_without_supply_date(desk: Desk) -> None:
    later = a_line("later", processingConfig={"type": "AT_DATE", "date": "2026-06-01"})
    plain = {name: value for name, value in a_line("plain").items() if name != "deliveryDate"}
    desk.order(lineItems=[later, plain])
    assert desk.bill()["documents"] == 1
    desk.clock("2026-06-01T10:00")
    assert desk.bill()["documents"] == 1
    assert desk.documents()[0][1] == 100


def test_a_gross_line_with_extras_and_a_voucher_that_pays(desk: Desk) -> None:
    line = {
        "ident": "l-1",
        "name": "Bicycle",
        "category": "PHYSICAL_PRODUCT",
        "unitPriceGross": "119.00",
        "quantity": 2,
        "deliveryDate": "2026-05-01",
        "preTaxExtras": [{"ident": "x", "name": "Spring", "amountGross": "-38.00"}],
        "postTaxExtras": [{"ident": "p", "name": "Gift card", "amountGross": "50.00"}],
    }
    desk.order(lineItems=[line])
    desk.bill()
    assert desk.documents() == [("INVOICE", D("168.07"), D("31.93"), D(200))]
    view = desk.call("GET", f"/v2/documents/{desk.idents('INVOICE')[0]}")
    assert (view["totals"]["payable"], view["items"][0]["prices"]["originalTotal"]["gross"]) == (150, 238)


def test_allowances_reduce_or_pay(desk: Desk) -> None:
    discount = {
        "ident": "d",
        "name": "Jubilee",
        "itemType": "DISCOUNT_USE",
        "rowTotalNet": "10.00",
        "rowTotalGross": "11.90",
        "taxInformation": S19,
    }
    trade_in = {
        **discount,
        "ident": "t",
        "name": "Old machine",
        "itemType": "TRADE_IN",
        "rowTotalNet": "20.00",
        "rowTotalGross": "20.00",
    }
    made = desk.order(allowances=[discount, trade_in])
    assert [entry["status"] for entry in made["allowances"]] == ["OPEN", "OPEN"]
    desk.bill()
    assert desk.documents() == [("INVOICE", D(90), D("17.10"), D("107.10"))]
    number = desk.idents("INVOICE")[0]
    assert desk.call("GET", f"/v2/documents/{number}")["totals"]["payable"] == 87.1
    refused = desk.call("POST", f"{ORDERS}/o-1/allowances/actions/cancel", {"idents": ["d", "t"]}, 409)
    assert refused["errors"][0]["rejectedValue"] == "t"
    smaller = {**discount, "rowTotalNet": "6.00", "rowTotalGross": "7.14"}
    assert desk.call("PUT", f"{ORDERS}/o-1/allowances/d", smaller, 201)["rowTotalNet"] == 6
    desk.bill()
    desk.call("POST", f"{ORDERS}/o-1/allowances/actions/cancel", {"idents": ["d"]}, 204)
    desk.bill()
    assert sum(net if kind == "INVOICE" else -net for kind, net, _, _ in desk.documents()) == 100
    more = desk.call("POST", f"{ORDERS}/o-1/allowances", [{**discount, "ident": "late"}], 201)
    assert more[0]["status"] == "OPEN"
    desk.findings("POST", f"{ORDERS}/o-1/allowances", [{**discount, "ident": "late", "rowTotalGross": "12.50"}])


@pytest.mark.parametrize("kind", ["MULTI_PURPOSE_VOUCHER_USE", "GOVERNMENT_GRANT", "TRADE_IN"])
@pytest.mark.parametrize(
    "said",
    [
        {"taxInformation": [{"taxRate": 0}]},
        {"taxInformation": [{"taxRate": 0, "taxCategoryCode": "O"}]},
        {"taxInformation": [{"taxRate": 0, "taxCategoryCode": "Z"}]},
        {"taxInformation": [{"taxRate": 0}], "taxLocation": {"country": "AT"}},
    ],
    ids=str,
)
def test_a_payment_without_an_invoice_waits_for_one(desk: Desk, kind: str, said: dict[str, object]) -> None:
    voucher = {"ident": "v", "name": "Voucher", "itemType": kind, "rowTotalNet": "5.00", "rowTotalGross": "5.00", **said}
    desk.order(lineItems=[a_line(processingConfig={"type": "ON_HOLD"})], allowances=[voucher])
    assert desk.bill()["documents"] == 0
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    assert desk.bill()["documents"] == 1
    assert desk.call("GET", f"/v2/documents/{desk.idents('INVOICE')[0]}")["totals"]["payable"] == 114


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("ITEM_BASED", [("CREDIT_MEMO", D(20))]),
        ("DOCUMENT_BASED", [("CREDIT_MEMO", D(150)), ("INVOICE", D(130))]),
    ],
)
def test_a_billed_line_is_corrected_as_the_group_says(desk: Desk, mode: str, expected: list[tuple[str, D]]) -> None:
    desk.group(documentCorrectionMode=mode)
    desk.order(lineItems=[a_line(), a_line("l-2", "50.00")])
    desk.bill()
    edited = desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(net="80.00"))
    assert (edited["unitPriceNet"], edited["status"]) == (80, "OPEN" if mode == "DOCUMENT_BASED" else "BILLED")
    desk.bill()
    assert sorted((kind, net) for kind, net, _, _ in desk.documents()[1:]) == expected
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(net="110.00"))
    desk.bill()
    assert sum(net if kind == "INVOICE" else -net for kind, net, _, _ in desk.documents()) == 160
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1", a_line(net="110.00", name="Another machine"))
    desk.bill()
    assert sum(net if kind == "INVOICE" else -net for kind, net, _, _ in desk.documents()) == 160
    desk.call("POST", f"{ORDERS}/o-1/actions/cancel", status=204)
    desk.bill()
    assert sum(net if kind == "INVOICE" else -net for kind, net, _, _ in desk.documents()) == 0
    assert desk.balances() == {}


def test_lines_are_added_edited_and_cancelled_before_they_are_billed(desk: Desk) -> None:
    desk.order(billingTime="ON_DEMAND")
    (added,) = desk.call("POST", f"{ORDERS}/o-1/lineItems", [a_line("l-2", "7.00")], 201)
    assert added["status"] == "ON_HOLD"
    assert desk.findings("POST", f"{ORDERS}/o-1/lineItems", [a_line("l-2")]) == ["[0].ident"]
    edited = desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-2", a_line("l-2", "9.00", processingConfig={"type": "IMMEDIATELY"}))
    assert edited["status"] == "OPEN"
    assert desk.findings("PUT", f"{ORDERS}/o-1/lineItems/l-2", a_line("other", "9.00")) == ["ident"]
    results = desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1", "none"]})["results"]
    assert [entry["result"] for entry in results] == ["CANCELLED", "NOT_FOUND"]
    desk.bill()
    assert desk.documents() == [("INVOICE", D(9), D("1.71"), D("10.71"))]
    results = desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": ["l-1", "l-2"]})["results"]
    assert [entry["result"] for entry in results] == ["CANCELLED_BEFORE", "CREDITED"]
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-2", a_line("l-2"), 409)
    desk.bill()
    assert desk.documents()[1] == ("CREDIT_MEMO", D(9), D("1.71"), D("10.71"))
    assert desk.call("GET", f"{ORDERS}/o-1/lineItems/l-2")["status"] == "CANCELLED"


def test_4_three_partial_credits_are_the_whole(desk: Desk) -> None:
    line = {"name": "Thing", "category": "PHYSICAL_PRODUCT", "unitPriceGross": "9.99", "deliveryDate": "2026-05-01"}
    desk.order(lineItems=[{**line, "ident": f"l-{n}"} for n in range(3)])
    desk.bill()
    for n in range(3):
        desk.call("POST", f"{ORDERS}/o-1/lineItems/actions/cancel", {"idents": [f"l-{n}"]})
        desk.bill()
    nets = [(net, tax, gross) for kind, net, tax, gross in desk.documents() if kind == "CREDIT_MEMO"]
    assert nets == [(D("8.39"), D("1.60"), D("9.99")), (D("8.39"), D("1.60"), D("9.99")), (D("8.40"), D("1.59"), D("9.99"))]
    assert desk.balances() == {}


def test_a_part_of_an_item_is_credited_never_more_than_is_left(desk: Desk) -> None:
    desk.order(lineItems=[a_line(), a_line("held", "30.00", processingConfig={"type": "ON_HOLD"})])
    desk.bill()
    items = {item["originIdent"]: item["billableItemId"] for item in desk.call("GET", f"{ORDERS}/o-1/billableitems")}
    path = f"{ORDERS}/o-1/creditbillableitems"
    made = desk.call("POST", path, {"billableItemId": items["l-1"], "amount": "40.00"}, 201)
    assert (made["type"], made["relatedItemIdent"]) == ("CREDIT", f"i-{items['l-1']}")
    assert desk.findings("POST", path, {"billableItemId": items["l-1"], "amount": "60.01"}) == ["amount"]
    desk.call("POST", path, {"billableItemId": 1, "amount": "1.00"}, 404)
    waiting = desk.call("POST", path, {"billableItemId": items["held"], "amount": "5.00"}, 201)
    assert waiting["processingStatus"] == "RELATED_ITEM_PENDING"
    desk.bill()
    assert desk.documents()[1] == ("CREDIT_MEMO", D(40), D("7.60"), D("47.60"))
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    desk.bill()
    assert [(kind, net) for kind, net, _, _ in desk.documents()[2:]] == [("INVOICE", D(30)), ("CREDIT_MEMO", D(5))]


def test_ready_made_items_and_lines_of_contracts(desk: Desk) -> None:
    desk.plan()
    number = desk.contract(lineItems=[a_line("setup", "49.00")])
    desk.bill()
    assert desk.documents() == [("INVOICE", D(59), D("11.21"), D("70.21"))]
    posted = desk.call("POST", f"{CONTRACTS}/{number}/billableitems", a_line("visit", "20.00"), 201)
    assert (posted["contractIdent"], posted["originType"]) == ("v-1", "LINE_ITEM")
    held = desk.call("POST", f"{CONTRACTS}/v-1/lineItems/actions/set-on-hold", {"idents": ["visit"]})
    assert held[0]["status"] == "ON_HOLD"
    assert desk.bill()["documents"] == 0
    desk.call("POST", f"{CONTRACTS}/v-1/purchaseItems/actions/prepare-documents", {"idents": ["visit"]})
    assert desk.bill()["documents"] == 1
    desk.call("POST", f"{CONTRACTS}/v-1/lineItems/actions/set-on-hold", {"idents": ["visit"]}, 409)
    desk.call("POST", f"{CONTRACTS}/{number}/creditbillableitems", {"billableItemId": posted["billableItemId"], "amount": 1}, 201)
    desk.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    desk.bill()
    credited = {kind: net for kind, net, _, _ in desk.documents() if kind == "CREDIT_MEMO"}
    assert credited  # the period is given back in part, what was done stays billed
    desk.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    desk.bill()
    assert sum(net if kind == "INVOICE" else -net for kind, net, _, _ in desk.documents()) == 0
    assert desk.balances() == {}
    desk.call("POST", f"{CONTRACTS}/v-1/lineItems", [a_line("too-late")], 409)


def test_3_two_deposits_one_half_paid_and_the_final_invoice(desk: Desk) -> None:
    desk.group(depositReceivableRelevant=True, depositInvoiceCreation="AT_ORDER_CREATION")
    deposits = [a_deposit("ar-1", "3570.00", netValue="3000.00"), a_deposit("ar-2", "2380.00")]
    made = desk.order(lineItems=[a_line(net="10000.00")], agreedDeposits=deposits, billingTime="ON_DEMAND")
    assert [(deposit["status"], deposit["source"]) for deposit in made["agreedDeposits"]] == [("EXPECTED", "ORDER")] * 2
    desk.bill()
    assert desk.documents() == [
        ("DEPOSIT_INVOICE", D(3000), D(570), D(3570)),
        ("DEPOSIT_INVOICE", D(2000), D(380), D(2380)),
    ]
    first, second = desk.idents("DEPOSIT_INVOICE")
    desk.pay("3570.00", first)
    desk.pay("1190.00", second)
    page = desk.call("GET", f"{ORDERS}/o-1/agreedDeposits")
    assert [(entry["status"], entry["documentIdent"]) for entry in page["_embedded"]] == [("PAID", first), ("EXPECTED", second)]
    desk.call("DELETE", f"{ORDERS}/o-1/agreedDeposits/ar-2", status=409)
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    assert sorted(desk.documents()[2:]) == [
        ("DEPOSIT_INVOICE_CORRECTION", D(1000), D(190), D(1190)),
        ("INVOICE", D(6000), D(1140), D(7140)),
    ]
    assert desk.balances() == {8400: D(-10000), 1776: D(-1900), 1200: D(4760), 10000: D(7140)}


def test_lines_of_an_order_wait_until_its_deposits_are_paid(desk: Desk) -> None:
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION")
    line = a_line(net="1000.00", agreedDeposits=[a_deposit("half", "595.00")])
    desk.order(lineItems=[line])
    desk.bill()
    assert [kind for kind, *_ in desk.documents()] == ["DEPOSIT_INVOICE"]
    page = desk.call("GET", f"{ORDERS}/o-1/lineItems/l-1/agreedDeposits")
    assert [entry["source"] for entry in page["_embedded"]] == ["LINE_ITEM"]
    assert desk.call("GET", f"{ORDERS}/o-1/agreedDeposits")["_embedded"] == []
    desk.pay("595.00", desk.idents("DEPOSIT_INVOICE")[0])
    desk.bill()
    assert desk.documents()[1] == ("INVOICE", D(500), D(95), D(595))


def test_deposits_are_changed_dropped_and_cancelled(desk: Desk) -> None:
    desk.order(billingTime="ON_DEMAND", agreedDeposits=[a_deposit("a", "50.00")])
    changed = desk.call("PUT", f"{ORDERS}/o-1/agreedDeposits/a", a_deposit("a", "60.00"))
    assert changed["grossValue"] == 60
    assert desk.findings("PUT", f"{ORDERS}/o-1/agreedDeposits/a", a_deposit("b", "60.00", netValue="1.00")) == ["ident", "netValue"]
    line = desk.call("POST", f"{ORDERS}/o-1/lineItems/l-1/agreedDeposits", [a_deposit("c", "10.00")], 201)
    assert line["ident"] == "l-1"
    desk.call("PUT", f"{ORDERS}/o-1/lineItems/l-1/agreedDeposits/c", a_deposit("c", "11.00"))
    desk.call("DELETE", f"{ORDERS}/o-1/lineItems/l-1/agreedDeposits/c", status=204)
    desk.call("DELETE", f"{ORDERS}/o-1/agreedDeposits/c", status=404)
    assert desk.findings("POST", f"{ORDERS}/o-1/agreedDeposits", [a_deposit("a", "5.00")]) == ["[0].ident"]
    assert [entry["ident"] for entry in desk.call("POST", f"{ORDERS}/o-1/agreedDeposits", [a_deposit("e", "5.00")], 201)] == ["e"]
    desk.call("DELETE", f"{ORDERS}/o-1/agreedDeposits/e", status=204)
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION", depositReceivableRelevant=True)
    desk.order("o-2", agreedDeposits=[a_deposit("d", "119.00")])
    desk.bill()
    desk.call("POST", f"{ORDERS}/actions/cancel", {"idents": ["o-1", "o-2"]}, 204)
    desk.bill()
    assert desk.documents() == [
        ("DEPOSIT_INVOICE", D(100), D(19), D(119)),
        ("DEPOSIT_INVOICE_CORRECTION", D(100), D(19), D(119)),
    ]
    assert desk.balances() == {}
    desk.call("POST", f"{ORDERS}/actions/cancel", {"idents": ["o-1", "none"]}, 404)
    assert desk.findings("POST", f"{ORDERS}/actions/cancel", {"idents": []}) == ["idents"]
    desk.call("POST", f"{ORDERS}/o-1/lineItems", [a_line("x")], 409)


def test_an_order_changes_for_its_next_bill(desk: Desk) -> None:
    desk.order(billingTime="ON_DEMAND")
    patch = {"language": "en", "paymentTerm": {"periodInDays": 30}, "properties": [{"key": "po", "value": "77"}]}
    assert desk.call("PATCH", f"{ORDERS}/o-1", patch)["language"] == "en"
    assert desk.findings("PATCH", f"{ORDERS}/o-1", {"invoiceAddressIdent": "none"}) == ["invoiceAddressIdent"]
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    view = desk.call("GET", f"/v2/documents/{desk.idents('INVOICE')[0]}")
    assert (view["language"], view["dueDate"]) == ("en", "2026-06-09")


def test_what_failed_is_named_and_tried_again(desk: Desk) -> None:
    muster, path = {"company": "Muster", "customerType": "B2B"}, "/v2/customers/muster-handel"
    desk.call("PUT", path, {**muster, "buyerReference": "04011000-1234512345-06"})
    desk.order()
    assert desk.call("POST", RUN, {})["failed"] == 1
    (line,) = desk.call("GET", f"{ORDERS}/o-1/lineItems")["_embedded"]
    (item,) = desk.call("GET", f"{ORDERS}/o-1/billableitems")
    assert (line["status"], line["statusReason"], line["processingError"]) == ("ERROR", "ERROR", item["processingError"])
    assert line["processingError"] and "buyerReference" not in line["processingError"]
    assert desk.call("GET", f"{ORDERS}/o-1")["lineItems"] == [line]
    for search, count in (("statusReason==ERROR", 1), ("statusReason!=ERROR", 0), ("statusReason=null=true", 0)):
        assert len(desk.call("GET", f"{ORDERS}/o-1/lineItems?search={search}")["_embedded"]) == count, search
    words = line["processingError"][:20].replace("'", "*")
    assert len(desk.call("GET", f"{ORDERS}/o-1/lineItems?search=processingError=='{words}*'")["_embedded"]) == 1
    desk.order("o-2", billingTime="ON_DEMAND")
    found = desk.call("GET", f"{ORDERS}/pageable?search=lineItems.statusReason==ERROR")["_embedded"]
    assert [(one["orderIdent"], one["lineItems"][0]["statusReason"]) for one in found] == [("o-1", "ERROR")]
    desk.call("PUT", path, muster)
    desk.call("POST", f"{ORDERS}/o-1/actions/retry-failed-billable-items")
    assert desk.bill()["documents"] == 1
    assert desk.call("GET", f"{ORDERS}/pageable?search=lineItems.statusReason==ERROR")["_embedded"] == []
    (line,) = desk.call("GET", f"{ORDERS}/o-1")["lineItems"]
    assert (line["status"], line.get("statusReason"), line.get("processingError")) == ("BILLED", None, None)


def test_a_deposit_whose_invoice_failed_says_why(desk: Desk) -> None:
    desk.group(depositInvoiceCreation="AT_ORDER_CREATION", depositReceivableRelevant=True)
    muster, path = {"company": "Muster", "customerType": "B2B"}, "/v2/customers/muster-handel"
    desk.call("PUT", path, {**muster, "buyerReference": "04011000-1234512345-06"})
    desk.order(agreedDeposits=[a_deposit("d", "59.50")])
    assert desk.call("POST", RUN, {})["failed"] == 1
    (deposit,) = desk.call("GET", f"{ORDERS}/o-1/agreedDeposits")["_embedded"]
    assert (deposit["status"], deposit["statusReason"]) == ("EXPECTED", "ERROR") and deposit["processingError"]
    assert desk.call("GET", f"{ORDERS}/o-1")["agreedDeposits"] == [deposit]
    for search, count in (("statusReason==ERROR", 1), ("statusReason=null=true", 0)):
        assert len(desk.call("GET", f"{ORDERS}/o-1/agreedDeposits?search={search}")["_embedded"]) == count, search
    desk.call("PUT", path, muster)
    desk.call("POST", f"{ORDERS}/o-1/actions/retry-failed-billable-items")
    desk.bill()
    (deposit,) = desk.call("GET", f"{ORDERS}/o-1/agreedDeposits")["_embedded"]
    assert deposit["documentIdent"] and deposit.get("statusReason") is None


def test_files_of_an_order_end_up_on_its_document(desk: Desk, client: TestClient) -> None:
    desk.call("PUT", "/v2/document-output/configuration", {"attachOrderFiles": True})
    desk.order(billingTime="ON_DEMAND")
    path = f"{ORDERS}/o-1/attachments"
    answer = client.post(path, files={"file": ("plan.pdf", b"%PDF-1.7 plan", "application/pdf")}, headers=desk.headers)
    assert (answer.status_code, answer.json()["size"]) == (200, 13)
    named = {**desk.headers, "Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="hours.csv"'}
    assert client.post(path, content=b"1;2\n", headers=named).status_code == 200
    again = client.post(path, content=b"1;2\n", headers=named)
    assert (again.status_code, again.json()["errors"][0]["error"]) == (400, "is the name of another file of it")
    page, png = b"<script>alert(1)</script>", b"\x89PNG\r\n\x1a\n"
    for content, headers in (
        (b"", named),
        (b"x", {**named, "Content-Type": "text/html"}),
        (b"x", desk.headers),
        (page, {**named, "Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="page.pdf"'}),
        (page, {**named, "Content-Disposition": 'attachment; filename="page.csv"'}),
        (png, {**named, "Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="a.jpg"'}),
        (b"#!/bin/sh\n", {**named, "Content-Disposition": 'attachment; filename="hours.sh"'}),
        (b"%PDF-1.7", {**desk.headers, "Content-Disposition": 'attachment; filename="plan.csv.exe"'}),
    ):
        assert client.post(path, content=content, headers=headers).status_code == 400
    for name in ("../../x.pdf", "C:\\x.pdf", "invoice\u202efdp.exe", "a\u2028b.pdf"):
        evil = client.post(path, files={"file": (name, b"%PDF", "application/pdf")}, headers=desk.headers)
        assert (evil.status_code, evil.json()["errors"][0]["fieldName"]) == (400, "file"), name
    greek = client.post(path, files={"file": ("Ωmega Übersicht.pdf", b"%PDF", "application/pdf")}, headers=desk.headers).json()[
        "fileName"
    ]
    fetched = client.get(f"{path}/{greek}", headers=desk.headers)
    assert (fetched.status_code, "%CE%A9mega" in fetched.headers["content-disposition"]) == (200, True)
    # saved, never run: not even what a browser would take for a page
    assert fetched.headers["content-disposition"].startswith("attachment;")
    assert fetched.headers["x-content-type-options"] == "nosniff" and "sandbox" in fetched.headers["content-security-policy"]
    desk.call("DELETE", f"{path}/{greek}", status=204)
    raw = b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff.pdf"\r\n\r\n%PDF\r\n--x--\r\n'
    form = {**desk.headers, "Content-Type": "multipart/form-data; boundary=x"}
    assert client.post(path, content=raw, headers=form).status_code == 400
    desk.call("GET", f"{path}/x.pdf", status=404)
    assert [entry["fileName"] for entry in desk.call("GET", path)["_embedded"]] == ["hours.csv", "plan.pdf"]
    assert client.get(f"{path}/plan.pdf", headers=desk.headers).content == b"%PDF-1.7 plan"
    desk.call("POST", f"{ORDERS}/o-1/actions/prepare-documents", status=201)
    desk.bill()
    (document,) = desk.tenant.rows("SELECT id, ident FROM document")
    desk.tenant.execute(archive, ArchiveDocuments(document_ids=(document.id,)))
    files = {entry["name"]: entry for entry in desk.call("GET", f"/v2/documents/{document.ident}")["files"]}
    assert {"plan.pdf", "hours.csv", f"{document.ident}.ubl.xml"} <= files.keys()
    assert client.get(f"/v2/files/{files['plan.pdf']['fileIdent']}", headers=desk.headers).content == b"%PDF-1.7 plan"
    xml = client.get(f"/v2/files/{files[f'{document.ident}.ubl.xml']['fileIdent']}", headers=desk.headers).text
    assert 'filename="hours.csv"' in xml and files[f"{document.ident}.ubl.xml"]["sendable"]
    desk.plan()
    desk.contract()
    assert client.post(f"{CONTRACTS}/v-1/attachments", content=b"1\n", headers=named).status_code == 200
    assert client.get(f"{CONTRACTS}/v-1/attachments/hours.csv", headers=desk.headers).status_code == 201


def test_another_tenant_sees_none_of_it(
    desk: Desk, new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    desk.order(agreedDeposits=[a_deposit("a", "50.00")])
    before = desk.call("GET", f"{ORDERS}/o-1")
    other = new_tenant()
    stranger = Desk(other, desk.client, bearer(other))
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"language": "en"}),
        ("POST", "/actions/cancel", None),
        ("POST", "/actions/prepare-documents", None),
        ("POST", "/actions/retry-failed-billable-items", None),
        ("GET", "/agreedDeposits", None),
        ("POST", "/agreedDeposits", [a_deposit("b", "1.00")]),
        ("PUT", "/agreedDeposits/a", a_deposit("a", "1.00")),
        ("DELETE", "/agreedDeposits/a", None),
        ("POST", "/lineItems", [a_line("x")]),
        ("GET", "/lineItems", None),
        ("GET", "/lineItems/l-1", None),
        ("PUT", "/lineItems/l-1", a_line()),
        ("POST", "/lineItems/actions/cancel", {"idents": ["l-1"]}),
        ("GET", "/billableitems", None),
        ("GET", "/attachments", None),
        ("DELETE", "/attachments/x", None),
        ("POST", "/allowances/actions/cancel", {"idents": ["x"]}),
        ("POST", "/billableitems", a_line("y")),
    ):
        stranger.call(method, f"{ORDERS}/o-1{path}", body, 404)
    assert desk.call("GET", f"{ORDERS}/o-1") == before
    assert stranger.call("GET", ORDERS) == []


def test_the_clock_of_an_instant(desk: Desk) -> None:
    """What is ordered on a day is billed on that day, also by a run in the same instant."""
    desk.tenant.turn_clock(dt.datetime(2026, 5, 10, 22, 0, tzinfo=dt.UTC))  # midnight in Berlin
    desk.order()
    desk.clock("2026-05-10T22:01")
    assert desk.bill()["documents"] == 1


def test_an_order_and_a_contract_are_of_today_or_before(desk: Desk) -> None:
    """An order of 2099 was taken, and stood on its invoice."""
    desk.clock("2026-05-10T10:00")
    for day in ("2026-05-11", "2099-01-01"):
        (refused,) = desk.order(status=400, orderDate=day)["errors"]
        assert (refused["fieldName"], refused["error"]) == ("orderDate", "is after today (2026-05-10)")
        answer = desk.call("POST", CONTRACTS, {**a_contract("v-9"), "date": day}, 400)
        assert ("date", "is after today (2026-05-10)") in [(one["fieldName"], one["error"]) for one in answer["errors"]]
    desk.order(orderDate="2026-05-10")
    desk.order("o-2", orderDate="2024-02-29")
