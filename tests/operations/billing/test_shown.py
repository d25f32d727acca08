"""What documents of billing say on paper: which contract or order they bill, what was used, and whether someone is asked to pay."""

from typing import Any

import pytest
from tests.checkers.printed import text_of
from tests.factories.companies import a_row_of
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import D, Office, a_group
from tests.factories.usages import CALLS, POWER, USAGES, metered, usage

from contor.documents.issue import worker
from contor.documents.queries import documents_by_id
from contor.documents.render import render_pdf
from contor.documents.render.voice import NBSP
from contor.documents.types import Document

BY_HALF_HOURS = [{**CALLS[0], "priceTiers": [CALLS[0]["priceTiers"][0], {"quantity": 30, "price": 15, "type": "FLAT"}]}]


def last(office: Office) -> tuple[Document, str]:
    """The latest document, and what is printed of it."""
    (row,) = office.tenant.rows("SELECT id FROM document ORDER BY id DESC LIMIT 1")
    with office.tenant.runtime.transaction(office.tenant.caller(), reads=True) as uow:
        document = documents_by_id(uow, [row.id])[row.id]
    return document, text_of(render_pdf(document, None))


@pytest.mark.parametrize(
    ("price", "quantity", "unit", "amount", "shown"),
    [
        (CALLS, "130", "MINUTE", "50.00", ("130 Min.", "50,00", "1 × 60 Min. zu je 20,00", "2 × 60 Min. zu je 15,00")),
        (BY_HALF_HOURS, "70", "MINUTE", "35.00", ("1 × 60 Min. zu je 20,00", "1 × 30 Min. zu je 15,00")),
        (CALLS, "50", "MINUTE", "20.00", ("1 × 60 Min. zu je 20,00",)),
        (POWER, "100", "KWH", "17.00", ("100 kWh", "17,00")),
        (POWER, "110.5", "KWH", "18.37", ("110,5 kWh", "18,37")),  # 17 + 1.365
    ],
)
def test_usages_are_shown_by_their_quantity(
    office: Office, price: Any, quantity: str, unit: str, amount: str, shown: tuple[str, ...]
) -> None:
    a_group(office)
    metered(office, price, quantityType=unit)
    office.call("POST", USAGES, usage("u-1", quantity), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    document, page = last(office)
    (row,) = document.items
    assert (row.quantity, row.total.net, row.price_calculation_basis is not None) == (D(quantity), D(amount), True)
    assert row.quantity * row.unit.net / row.price_base_quantity == D(amount) or row.price_base_quantity == 1
    assert all(text in page.replace(NBSP, " ") for text in shown), page
    assert "1 Stk" not in page
    assert "v-1" in page and "01.05.2026" in page and "31.05.2026" in page
    assert document.contract_reference == "v-1"
    (item,) = [
        one for one in office.call("GET", "/v2/billableitems/pageable")["_embedded"] if one["processingStatus"] == "COMPLETED"
    ]
    assert D(str(item["unitQuantity"])) == D(quantity)


def an_order(office: Office, **more: Any) -> None:
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": [a_line()], **more}
    office.call("POST", ORDERS, body, 201)
    office.bill()


def test_an_order_that_was_paid_asks_for_no_payment(office: Office) -> None:
    an_order(office, paymentInformation={"paymentStatus": "PAID"}, paymentTerm={"cashDiscount": [{"days": 5, "percentage": 2}]})
    _, page = last(office)
    assert "bereits bezahlt" in page
    for word in ("Bitte überweisen", "Bitte zahlen", "IBAN", "Verwendungszweck", "Skonto"):
        assert word not in page.split("Zahlung", 1)[1], word
    an_order(office, orderIdent="o-2", paymentInformation={"paymentStatus": "OPEN"})
    _, page = last(office)
    assert "bereits bezahlt" not in page and "Verwendungszweck" in page


def test_what_an_order_refers_to_stands_on_its_document(office: Office) -> None:
    properties = [{"key": "purchaseOrderReference", "value": "PO 4711"}, {"key": "colour", "value": "crimson"}]
    an_order(office, orderDate="2026-05-04", properties=properties)
    document, page = last(office)
    assert (document.purchase_order_reference, document.sales_order_reference) == ("PO 4711", "o-1")
    assert "PO 4711" in page and "o-1" in page and "04.05.2026" in page and "crimson" not in page


def test_what_contracts_and_options_refer_to_stands_on_their_documents(office: Office) -> None:
    account = [{"key": "buyerAccountingReference", "value": "4400-12"}]
    office.plan("10.00", option={"properties": account})
    office.contract(properties=[{"key": "contractReference", "value": "FRAME-9"}])
    office.contract("v-2")
    office.contract("v-3")
    office.bill()
    rows = office.tenant.rows("SELECT id FROM document ORDER BY id")
    with office.tenant.runtime.transaction(office.tenant.caller(), reads=True) as uow:
        found = documents_by_id(uow, [row.id for row in rows])
    said = {document.contract_reference: [row.description for row in document.items] for document in found.values()}
    assert said == {"FRAME-9": [None], None: ["Vertrag v-2", "Vertrag v-3"]}  # another reference, another document
    assert {row.buyer_accounting_reference for document in found.values() for row in document.items} == {"4400-12"}


def test_what_is_said_of_usages_and_products_stands_on_their_documents(office: Office) -> None:
    """The text of each usage, the product's number where it has no article number, and where it was performed."""
    a_group(office)
    metered(office, POWER, productIdent="P-4711")
    office.call("POST", USAGES, usage("u-1", 60, description="Pump 7"), 201)
    office.call("POST", USAGES, usage("u-2", 40, description="Pump 9"), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    document, page = last(office)
    assert [(row.description, row.article_number) for row in document.items] == [("Pump 7", "P-4711"), ("Pump 9", "P-4711")]
    assert "Pump 7" in page and "Pump 9" in page and "P-4711" in page


@pytest.mark.parametrize("splits", [False, True])
def test_where_rated_usages_were_performed_stands_on_their_rows_and_splits_documents(office: Office, splits: bool) -> None:
    a_group(office, splittingConfig={"performanceLocation": splits})
    office.plan(option={"type": "RATED_USAGE", "prices": [], "productIdent": "P-1", "articleNumber": "A-1"})
    office.contract(businessSegmentIdent="special", optionQuantities=[])
    for ident, city, text in (("r-1", "Bremen", "Line 3"), ("r-2", "Kiel", None)):
        body = {"ratedUsageIdent": ident, "contractIdent": "v-1", "optionIdent": "basic-fee", "netPrice": 8, "description": text}
        where = {"startDate": "2026-05-12T10:00:00+02:00", "performanceLocation": {"country": "DE", "city": city}}
        office.call("POST", "/v2/rated-usages", {**body, **where}, 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    idents = [row.ident for row in office.tenant.rows("SELECT ident FROM document ORDER BY id")]
    assert len(idents) == (2 if splits else 1)
    rows = [row for ident in idents for row in office.call("GET", f"/v2/documents/{ident}")["items"]]
    said = [(row["performanceLocation"]["city"], row.get("description"), row["articleNumber"]) for row in rows]
    assert sorted(said) == [("Bremen", "Line 3", "A-1"), ("Kiel", None, "A-1")]


WORK = {"propertyIdent": "workOnRealEstate", "propertyValue": "true"}


@pytest.mark.parametrize("customer", ["B2C", "B2B"])
@pytest.mark.parametrize("way", ["document", "row", "order", "contract"])
def test_work_on_real_estate_for_a_private_customer_says_how_long_its_invoice_is_kept(
    office: Office, customer: str, way: str
) -> None:
    """Section 14 (4) no. 9 UStG, by the property `workOnRealEstate` wherever the work is agreed or billed."""
    with office.tenant.runtime.transaction(office.tenant.caller()) as uow:
        uow.run("UPDATE customer SET customer_type = %s", (customer,))
    sent = {"key": WORK["propertyIdent"], "value": WORK["propertyValue"]}
    if way == "order":
        an_order(office, lineItems=[a_line(properties=[WORK])])
    elif way == "contract":
        office.plan(option={"properties": [WORK]})
        office.contract()
    else:
        row = {**a_row_of("100.00"), **({"properties": [sent]} if way == "row" else {})}
        body = {
            "requestId": "r-1",
            "billingGroupIdent": "external",
            "currency": "EUR",
            "language": "de",
            "customerDetail": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
            "items": [row],
            "paymentCollection": {"collect": False},
            "properties": [sent] if way == "document" else [],
        }
        office.call("POST", "/v2/documents/invoices", body, 202)
        worker.drain(office.tenant.runtime, office.tenant.id)
    if way in ("order", "contract"):
        office.bill()
    assert ("zwei Jahre" in last(office)[1]) == (customer == "B2C")
