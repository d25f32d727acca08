"""The threshold of distance sales, through the platform API: counted while documents are issued, crossed by the very supply."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.desks import Desk, a_desk, a_line
from tests.factories.tenants import Tenant

from contor.billing.corrections import CorrectRates, correct_rates
from contor.documents.issue import count_late
from contor.runtime.db import Connection, owner_connection

PATH = "/v2/tax/oss-threshold"
SITES = "/v2/billing/configuration/operating-sites"
D = Decimal


class Exporter(Desk):
    """A company in Germany that sells goods to consumers in France, where 20 % are due; at home 19 %."""

    orders = 0

    def customer(self, ident: str = "marie", country: str = "FR", **more: Any) -> None:
        address = {"addressIdent": "home", "addressType": "INVOICE", "lastName": "Martin", "street": "Rue", "streetNo": "1"}
        place = {"zip": "75001", "city": "Paris", "country": country} | {
            key: more.pop(key) for key in ("zip", "city") if key in more
        }
        body = {"customerIdent": ident, "customerType": "B2C", "lastName": "Martin", "email": "m@m.example", **more}
        self.call("POST", "/v2/customers", {**body, "addresses": [{**address, **place}]}, 201)

    def sell(self, net: str, customer: str = "marie", day: str = "2026-05-09", **more: Any) -> str:
        self.orders += 1
        ident = f"o-{self.orders}"
        line = a_line(f"l-{self.orders}", net, deliveryDate=day, **more.pop("line", {}))
        details = {"debtorIdent": customer, "invoiceAddressIdent": "home"}
        self.order(ident, debtorOrderDetails=details, lineItems=[line], **more)
        return ident

    def taxed(self) -> list[tuple[D, D]]:
        """Net and tax of every document, in the order of their ids."""
        return [(row.net, row.tax) for row in self.tenant.rows("SELECT net, tax FROM document ORDER BY id")]

    def company(self) -> Any:
        (found,) = self.call("GET", PATH)["companies"]
        return found

    def year(self, year: int = 2026) -> Any:
        return next(one for one in self.company()["years"] if one["year"] == year)

    def invoice(self, net: str, rate: int = 19, place: str = "FR", kind: str = "invoices", **more: Any) -> dict[str, Any]:
        self.orders += 1
        row = {
            "ident": "i-1",
            "category": "PHYSICAL_PRODUCT",
            "name": "Lamp",
            "quantity": 1,
            "quantityType": "PC",
            "prices": {"unit": {"net": net}, "originalTotal": {"net": net}, "total": {"net": net}},
            "taxDetail": {"taxes": [{"rate": rate, "categoryCode": "S"}]},
            "performanceLocation": {"country": place},
            "taxLocation": {"country": "DE" if rate == 19 else place},
            "deliveryDate": "2026-05-09",
            **more.pop("row", {}),
        }
        body = {
            "requestId": f"r-{self.orders}",
            "billingGroupIdent": "external",
            "currency": "EUR",
            "language": "de",
            "customerDetail": {"customerIdent": "marie", "invoiceAddressIdent": "home"},
            "items": [row],
            "paymentCollection": {"collect": False},
            **more,
        }
        return dict(self.call("POST", f"/v2/documents/{kind}", body, 202))

    def issued(self) -> None:
        Company(self.tenant, self.client, self.headers).work()


@contextmanager
def of_tenant(exporter: Exporter, dsn: str) -> Iterator[Connection]:
    """The owner of the schema, who may change what the application may not."""
    with owner_connection(dsn) as owner:
        owner.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(exporter.tenant.id),))
        yield owner


@pytest.fixture
def exporter(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Exporter:
    desk = a_desk(furnished, client, bearer(furnished))
    made = Exporter(desk.tenant, desk.client, desk.headers)
    made.customer()
    return made


def test_the_order_that_crosses_in_the_middle_of_a_run_is_taxed_where_it_goes(exporter: Exporter) -> None:
    """9,000.00 at home; 1,000.00 is exactly the threshold; the next cent crosses it."""
    for who, net in (("a", "9000.00"), ("b", "1000.00"), ("c", "100.00"), ("d", "200.00")):  # each has a document of its own
        exporter.customer(who)
        exporter.sell(net, customer=who)
    assert exporter.company()["state"] == "BELOW"
    exporter.bill()
    assert exporter.taxed() == [(D(9000), D(1710)), (D(1000), D(190)), (D(100), D(20)), (D(200), D(40))]
    (crossing,) = exporter.tenant.rows("SELECT net, document_ident FROM oss_crossing")
    assert (crossing.net, crossing.document_ident) == (D(10100), exporter.idents("INVOICE")[2])
    found = exporter.company()
    assert (found["state"], found["since"], found.get("left")) == ("CROSSED", "2026-05-09", None)
    assert exporter.year() == {
        "year": 2026,
        "net": 10300,
        "opening": 0,
        "crossedOn": "2026-05-09",
        "crossedBy": exporter.idents("INVOICE")[2],
    }
    (event,) = exporter.tenant.rows("SELECT payload FROM event WHERE name = 'oss_threshold.crossed'")
    assert event.payload["years"] == [2026]


def test_documents_of_the_api_count_with_the_tax_that_they_bring(exporter: Exporter) -> None:
    """Three in one batch: the second crosses. From then on what is determined here is taxed where it goes."""
    exporter.invoice("9999.00")
    exporter.invoice("2.00")
    exporter.invoice("500.00", rate=20)
    exporter.issued()
    assert [crossed.document_ident for crossed in exporter.tenant.rows("SELECT document_ident FROM oss_crossing")] == [
        exporter.idents("INVOICE")[1]
    ]
    assert exporter.year()["net"] == 10501
    exporter.sell("100.00")
    exporter.bill()
    assert exporter.taxed()[-1] == (D(100), D(20))


def test_credits_reduce_the_sum_in_the_year_of_their_supply(exporter: Exporter) -> None:
    exporter.invoice("9000.00")
    exporter.issued()
    (invoice,) = exporter.idents("INVOICE")
    exporter.clock("2027-01-10T10:00")
    row = {"referenceIdent": "i-1", "deliveryDate": None}
    exporter.invoice("9000.00", kind="credit-memos", relatedDocumentIdent=invoice, row=row)
    exporter.issued()
    assert [(one["year"], one["net"]) for one in exporter.company()["years"]] == [(2027, 0), (2026, 0)]
    exporter.sell("9500.00", day="2027-01-09")
    exporter.bill()
    assert exporter.taxed()[-1] == (D(9500), D(1805))


def test_a_credit_does_not_undo_a_crossing_of_its_year(exporter: Exporter) -> None:
    exporter.invoice("10000.01")
    exporter.issued()
    (invoice,) = exporter.idents("INVOICE")
    exporter.invoice("10000.01", kind="credit-memos", relatedDocumentIdent=invoice, row={"referenceIdent": "i-1"})
    exporter.issued()
    assert (exporter.year()["net"], exporter.company()["state"]) == (0, "CROSSED")
    exporter.sell("100.00")
    exporter.bill()
    assert exporter.taxed()[-1] == (D(100), D(20))
    exporter.clock("2027-02-01T10:00")  # the year came to 100.00
    exporter.sell("100.00", day="2027-01-31")
    exporter.bill()
    assert exporter.taxed()[-1] == (D(100), D(19))


def test_the_year_after_a_crossed_one_is_taxed_where_it_goes_and_the_one_after_that_is_not(exporter: Exporter) -> None:
    exporter.sell("10000.01")
    exporter.bill()
    for day, tax in (("2027-01-01", 20), ("2027-12-31", 20), ("2028-01-01", 19)):
        exporter.clock(f"{day}T10:00")
        exporter.sell("100.00", day=day)
        exporter.bill()
        assert exporter.taxed()[-1] == (D(100), D(tax))
    exporter.clock("2027-06-01T10:00")


def test_what_was_supplied_before_the_tenant_came_counts(exporter: Exporter) -> None:
    found = exporter.call("PUT", f"{PATH}/openings/2026", {"net": "9950.00"})
    assert found["companies"][0]["left"] == 50
    exporter.sell("50.00")
    exporter.sell("0.05")
    exporter.bill()
    assert exporter.taxed() == [(D("50.00"), D("9.50")), (D("0.05"), D("0.01"))]
    exporter.call("PUT", f"{PATH}/openings/2025", {"net": "10000.01"})
    assert exporter.company()["state"] == "CROSSED_LAST_YEAR"
    assert exporter.company()["since"] == "2026-01-01"
    assert exporter.findings("PUT", f"{PATH}/openings/2027", {"net": "0.001"}) == ["net", "year"]


def test_a_waiver_taxes_where_it_goes_and_binds_two_years(exporter: Exporter) -> None:
    waived = exporter.call("POST", f"{PATH}/waivers", {"validFrom": "2026-05-09"}, 201)
    assert (waived["companies"][0]["state"], waived["companies"][0]["since"]) == ("WAIVED", "2026-05-09")
    exporter.sell("100.00", day="2026-05-08")
    exporter.sell("100.00")
    exporter.bill()
    assert exporter.taxed() == [(D(100), D(19)), (D(100), D(20))]
    refused = exporter.call("POST", f"{PATH}/waivers", {"validFrom": "2027-01-01"}, 409)
    assert refused["errors"][0]["error"] == "a waiver holds already from 2026-05-09 and is not ended"
    early = exporter.call("POST", f"{PATH}/actions/end-waiver", {"validUntil": "2027-12-30"}, 409)
    assert "binds until 2027-12-31" in early["errors"][0]["error"]
    ended = exporter.call("POST", f"{PATH}/actions/end-waiver", {"validUntil": "2027-12-31"})
    assert ended["companies"][0]["waivers"] == [{"validFrom": "2026-05-09", "validUntil": "2027-12-31"}]
    again = exporter.call("POST", f"{PATH}/actions/end-waiver", {"validUntil": "2027-12-31"}, 409)
    assert again["errors"][0]["error"] == "no waiver holds that could be ended"
    exporter.clock("2028-01-01T10:00")
    exporter.sell("100.00", day="2028-01-01")
    exporter.bill()
    assert exporter.taxed()[-1] == (D(100), D(19))


def test_the_union_scheme_decides_before_the_threshold(exporter: Exporter) -> None:
    (site,) = exporter.call("GET", SITES)["_embedded"]
    registration = {"ident": "oss", "country": "DE", "vatId": site["vatId"], "scheme": "OSS", "validFrom": "2026-05-09"}
    exporter.call("POST", f"{SITES}/{site['ident']}/tax-registrations", [registration], 201)
    exporter.sell("100.00", day="2026-05-08")
    exporter.sell("100.00")
    exporter.bill()
    assert exporter.taxed() == [(D(100), D(19)), (D(100), D(20))]
    found = exporter.company()
    assert (found["state"], found["registeredFrom"]) == ("REGISTERED", "2026-05-09")


def test_who_has_places_of_business_in_two_states_has_no_threshold(exporter: Exporter) -> None:
    site = exporter.call("GET", SITES)["_embedded"][0]
    paris = {
        "ident": "paris",
        "name": "Paris",
        "companyName": site["companyName"],
        "address": {"street": "Rue", "streetNo": "2", "zip": "75002", "city": "Paris", "country": "FR"},
        "vatId": "FR83404833048",
    }
    exporter.call("POST", SITES, paris, 201)
    found = exporter.call("GET", PATH)
    assert (found["memberStates"], {one["state"] for one in found["companies"]}) == (["DE", "FR"], {"SEVERAL_STATES"})
    exporter.sell("100.00")
    exporter.bill()
    assert exporter.taxed() == [(D(100), D(20))]


@pytest.mark.parametrize(
    ("customer", "line", "tax"),
    [
        ({"country": "DE", "zip": "10115", "city": "Berlin"}, {}, 19),  # at home
        ({}, {"category": "SERVICE"}, 19),  # taxed where its supplier is
        ({"customerType": "B2B", "vatId": "FR83404833048", "company": "Acheteur SARL"}, {}, 0),
        ({"country": "ES", "zip": "35001", "city": "Las Palmas"}, {}, 0),  # an export
        ({"country": "CH", "zip": "8001", "city": "Zürich"}, {}, 0),
        ({}, {"category": "DIGITAL_PRODUCT"}, 20),
        ({}, {}, 20),
    ],
)
def test_only_what_concerns_the_threshold_is_counted_and_switches(
    exporter: Exporter, customer: dict[str, Any], line: dict[str, Any], tax: int
) -> None:
    exporter.customer("other", **customer)
    exporter.sell("10001.00")
    exporter.bill()
    before = exporter.year()["net"]
    exporter.sell("100.00", customer="other", line=line)
    exporter.bill()
    assert exporter.taxed()[-1] == (D(100), D(tax))
    assert exporter.year()["net"] - before == (100 if tax == 20 else 0)


def test_freight_goes_with_its_goods(exporter: Exporter) -> None:
    details = {"debtorIdent": "marie", "invoiceAddressIdent": "home"}
    lines = [a_line("l-1", "9990.00"), a_line("l-2", "20.00", category="LOGISTIC_COST", name="Freight")]
    exporter.order("o-1", debtorOrderDetails=details, lineItems=lines)
    exporter.bill()
    assert exporter.year()["net"] == 10010
    assert exporter.taxed() == [(D(10010), D(2002))]  # together they cross
    exporter.order("o-2", debtorOrderDetails=details, lineItems=[a_line("l-3", "10.00", category="LOGISTIC_COST", name="Freight")])
    exporter.bill()
    assert exporter.taxed()[-1] == (D(10), D("1.90"))  # alone it is a service


def test_a_customer_who_is_parked_crosses_nothing_for_others(exporter: Exporter) -> None:
    """Of one batch: without the order that is beyond the bounds the other one stays below."""
    exporter.customer("amelie")
    exporter.sell("1.00", customer="amelie")
    exporter.bill()
    exporter.call("PUT", "/v2/billing-runs/bounds", {"mostTimesLast": 2})
    exporter.sell("9999.00", customer="amelie")
    exporter.sell("100.00")
    report = exporter.bill()
    assert report["parked"] == ["amelie"]
    assert exporter.taxed() == [(D(1), D("0.19")), (D(100), D(19))]
    assert exporter.company()["state"] == "BELOW"


def test_what_was_taxed_where_it_goes_is_at_the_right_rate(exporter: Exporter) -> None:
    """The look for rates of another day leaves it alone, and a credit of it has its tax."""
    exporter.sell("10001.00")
    exporter.bill()
    done = exporter.tenant.execute(correct_rates, CorrectRates())
    assert (done.items, done.left_out) == (0, ())


def test_of_gross_prices_the_net_at_home_counts(exporter: Exporter) -> None:
    """11,900.00 hold 10,000.00 at 19 %: exactly the threshold."""
    exporter.sell("0", line={"unitPriceNet": None, "unitPriceGross": "11900.00"})
    exporter.sell("0", line={"unitPriceNet": None, "unitPriceGross": "12.00"})
    exporter.bill()
    assert exporter.taxed() == [(D(10000), D(1900)), (D(10), D(2))]


def test_another_currency_counts_at_the_rate_of_its_document(exporter: Exporter) -> None:
    exporter.rates(("USD", "2026-05", "1.2500"))
    exporter.sell("12500.00", currency="USD")
    exporter.sell("1.25", currency="USD")
    exporter.bill()
    assert exporter.taxed() == [(D(12500), D(2375)), (D("1.25"), D("0.25"))]
    assert exporter.year()["net"] == 10001


def test_the_threshold_is_each_tenants_own(exporter: Exporter, bearer: Callable[..., dict[str, str]]) -> None:
    reader = bearer(exporter.tenant, "nbx-document-management-read")
    assert exporter.client.get(PATH, headers=reader).status_code == 403
    writer = bearer(exporter.tenant, "nbx-tax-management-read")
    assert exporter.client.post(f"{PATH}/waivers", json={"validFrom": "2026-05-09"}, headers=writer).status_code == 403
    assert exporter.tenant.rows("SELECT * FROM oss_waiver") == []


def test_what_a_release_before_issued_is_counted_once(exporter: Exporter, database_dsn: str) -> None:
    exporter.invoice("9000.00")
    exporter.invoice("1000.01")
    exporter.issued()
    invoice = exporter.idents("INVOICE")[0]
    exporter.invoice("50.00", kind="credit-memos", relatedDocumentIdent=invoice, row={"referenceIdent": "i-1"})
    exporter.issued()
    now = exporter.company()
    with of_tenant(exporter, database_dsn) as owner:  # as if that release had issued them
        owner.execute("DELETE FROM oss_supply WHERE tenant_id = %s", (exporter.tenant.id,))
        owner.execute("DELETE FROM oss_crossing WHERE tenant_id = %s", (exporter.tenant.id,))
    assert exporter.company()["years"] == [{"year": 2026, "net": 0, "opening": 0}]
    assert exporter.tenant.execute(count_late, None) is False
    assert exporter.company() == now
    assert exporter.tenant.execute(count_late, None) is False
    assert (exporter.company(), exporter.tenant.broken()) == (now, [])


def test_what_is_counted_otherwise_than_supplied_is_found(exporter: Exporter, database_dsn: str) -> None:
    exporter.sell("10001.00")
    exporter.bill()
    exporter.tenant.execute(count_late, None)
    assert exporter.tenant.broken() == []
    with of_tenant(exporter, database_dsn) as owner:
        owner.execute("UPDATE oss_supply SET net = net - 1, supplied_on = '2026-05-08' WHERE tenant_id = %s", (exporter.tenant.id,))
    found = [str(one) for one in exporter.tenant.broken()]
    assert [("distance sales" in one, "threshold of 2026" in one) for one in found] == [(True, False), (False, True)]
