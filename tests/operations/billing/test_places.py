"""Where nobody stated the place of a supply it follows the address of its contract or order: what is billed from a move on bears the tax of
where its customer is then, what was billed keeps its own."""

from typing import Any

import pytest
from tests.factories.bureaus import ADDRESS, Bureau
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS
from tests.factories.offices import D, Office, group
from tests.factories.usages import USAGES, metered, per_unit, usage

CUSTOMERS = "/v2/customers"
VAT_IDS = {"AT": "ATU12345675", "DE": "DE129273398"}
PRIVATE = {"customerType": "B2C", "firstName": "Ada", "lastName": "Lovelace", "company": None}


class Mover(Bureau):
    """A company whose customer k-9 moves from one country to another."""

    consumer = False

    def lives(self, here: str, there: str, *, consumer: bool = False) -> None:
        """`here` at address a-9; there is another one in the other country."""
        self.consumer = consumer
        addresses = [{**self.address(here), "addressIdent": "a-9"}, {**self.address(there), "addressIdent": "other"}]
        self.call("POST", CUSTOMERS, {"customerIdent": "k-9", **self.person(here), "addresses": addresses}, 201)

    def address(self, country: str) -> dict[str, Any]:
        known = {name: value for name, value in ADDRESS.items() if value is not None}
        zip_code = "20095" if country in ("DE", "FR") else "1010"
        return {**known, "country": country, "zip": zip_code}

    def person(self, country: str) -> dict[str, Any]:
        if self.consumer:
            return {name: value for name, value in PRIVATE.items() if value is not None}
        return {"company": "Kunde 9", "customerType": "B2B", "vatId": VAT_IDS[country]}

    def subscribes(self, price: dict[str, Any] | list[dict[str, Any]], **more: Any) -> str:
        """The path of contract v-9, which costs `price`."""
        config = {"timing": more.pop("timing")} if "timing" in more else {}
        self.plan(ident="abroad", option={"prices": price if isinstance(price, list) else [price]}, **config)
        return f"{CONTRACTS}/{self.contract('v-9', 'abroad', debtorIdent='k-9', invoiceAddressIdent='a-9', **more)}"

    def moves(self, country: str, *named_by: str) -> None:
        """The address itself is written anew, or `named_by` these another one is named."""
        for path in named_by:
            self.call("PATCH", path, {"invoiceAddressIdent": "other"})
        if not named_by:
            self.call("PUT", f"{CUSTOMERS}/k-9/addresses/a-9", self.address(country))
        if not self.consumer:
            self.call("PUT", f"{CUSTOMERS}/k-9", self.person(country))

    def taxes(self) -> list[tuple[str, D, D]]:
        """Category, rate and net of each row, in the order of documents."""
        idents = [row.ident for row in self.tenant.rows("SELECT ident FROM document ORDER BY id")]
        rows = [row for ident in idents for row in self.call("GET", f"/v2/documents/{ident}")["items"]]
        found = []
        for row in rows:
            (tax,) = row["taxDetail"]["taxes"]
            found.append((tax["categoryCode"], D(tax["rate"]), D(str(row["prices"]["total"]["net"]))))
        return found

    def clock_and_bill(self, text: str) -> None:
        self.clock(text)
        self.bill()


@pytest.fixture
def mover(office: Office) -> Mover:
    return Mover(office.tenant, office.client, office.headers)


SERVICE = {"name": "Work", "category": "SERVICE", "quantity": 1, "unitPriceNet": "100.00"}


def an_order(mover: Mover, *lines: dict[str, Any], ident: str = "o-9", **more: Any) -> str:
    details = {"debtorIdent": "k-9", "invoiceAddressIdent": "a-9"}
    held = {"processingConfig": {"type": "ON_HOLD"}}
    said = [{"ident": f"l-{number}", **SERVICE, **held, **line} for number, line in enumerate(lines or ({},))]
    mover.call("POST", ORDERS, {"orderIdent": ident, "debtorOrderDetails": details, "lineItems": said, **more}, 201)
    return f"{ORDERS}/{ident}"


def release(mover: Mover, order: str) -> None:
    mover.call("POST", f"{order}/actions/prepare-documents", {}, 201)
    mover.bill()


@pytest.mark.parametrize("how", ["its address", "another address"])
@pytest.mark.parametrize(
    ("here", "there", "scheme", "before", "after"),
    [
        ("AT", "DE", "DEFAULT", ("AE", D(0)), ("S", D(19))),
        ("DE", "AT", "DEFAULT", ("S", D(19)), ("AE", D(0))),
        ("FR", "BE", "OSS", ("S", D(20)), ("S", D(21))),
    ],
)
def test_a_contract_is_taxed_where_its_customer_is_when_it_is_billed(
    mover: Mover, how: str, here: str, there: str, scheme: str, before: tuple[str, D], after: tuple[str, D]
) -> None:
    mover.lives(here, there, consumer=scheme == "OSS")
    contract = mover.subscribes({"price": "50.00", "taxScheme": scheme})
    order = an_order(mover, {"taxScheme": scheme}, {"taxScheme": scheme, "taxLocation": {"country": here}})
    mover.bill()
    mover.moves(there, *((contract, order) if how == "another address" else ()))
    assert mover.call("GET", contract)["taxLocation"] == {"country": there}
    (found,) = mover.call("GET", f"{CONTRACTS}?search=taxLocation.country=={there}")
    assert found["contractIdent"] == "v-9"
    mover.clock_and_bill("2026-06-10T10:00")
    assert mover.taxes() == [(*before, D(50)), (*after, D(50))]
    release(mover, order)
    stated = ("S", D(20)) if scheme == "OSS" else ("AE", D(0)) if here == "AT" else ("S", D(19))
    assert sorted(mover.taxes()[2:]) == sorted([(*after, D(100)), (*stated, D(100))])
    # what is taken back bears the tax with which it was billed
    mover.call("POST", f"{CONTRACTS}/v-9/actions/terminate-extraordinarily", {"terminationDate": "2026-05-20"})
    mover.call("POST", f"{order}/actions/cancel", {}, 204)
    mover.bill()
    assert {
        row.balance for row in mover.tenant.rows("SELECT sum(gross) AS balance FROM document WHERE document_type = 'CREDIT_MEMO'")
    }
    assert sorted((category, rate) for category, rate, _ in mover.taxes()[4:]) == sorted([before, after, after, stated])


def test_what_is_stated_stays_and_is_changed_for_what_is_billed_from_then_on(mover: Mover) -> None:
    mover.lives("AT", "DE")
    path = mover.subscribes({"price": "50.00"}, taxLocation={"country": "AT"})
    mover.bill()
    mover.moves("DE")
    mover.clock_and_bill("2026-06-10T10:00")
    assert mover.taxes() == [("AE", D(0), D(50))] * 2
    told = mover.call("PATCH", path, {"taxLocation": {"country": "DE"}})
    assert (told["taxLocation"], told["performanceLocation"]) == ({"country": "DE"}, {"country": "DE"})
    mover.clock_and_bill("2026-07-10T10:00")
    assert mover.taxes()[2:] == [("S", D(19), D(50))]
    told = mover.call("PATCH", path, {"taxLocation": None, "performanceLocation": {"country": "FR", "city": "Paris"}})
    assert told["taxLocation"] == told["performanceLocation"] == {"country": "FR", "city": "Paris"}
    told = mover.call("PATCH", path, {"performanceLocation": None})
    assert told["taxLocation"] == told["performanceLocation"] == {"country": "DE"}
    assert mover.call("PATCH", path, {"taxLocation": {"country": "XX"}}, 400)["errors"][0]["fieldName"] == "taxLocation.country"


def test_a_move_after_the_preview_is_a_change(mover: Mover) -> None:
    mover.lives("AT", "DE")
    contract = mover.subscribes({"price": "50.00"})
    told = mover.call("POST", f"{CONTRACTS}/v-9/actions/preview", {})
    assert told["now"][0]["totals"]["gross"] == 50
    run = mover.previewed()
    mover.call("PATCH", contract, {"taxLocation": {"country": "DE"}})
    assert mover.states(mover.approved(run["runIdent"])) == {"CHANGED": (1, 1)}
    told = mover.call("POST", f"{CONTRACTS}/v-9/actions/preview", {})
    assert told["now"][0]["totals"]["gross"] == 59.5


def test_what_is_proposed_and_waits_follows_at_the_price_that_was_agreed(mover: Mover) -> None:
    """Billed when its period is over; the price is that of its beginning, also when the end of the contract lets it be computed again."""
    mover.lives("AT", "DE")
    prices = [{"price": "30.00", "criteria": {"country": "AT"}}, {"price": "62.00", "criteria": {"country": "DE"}}]
    mover.subscribes(prices, timing="INTERVAL_END")
    mover.bill()
    mover.moves("DE")
    mover.clock_and_bill("2026-06-10T10:00")
    assert mover.taxes() == [("S", D(19), D(30))]
    mover.call("POST", f"{CONTRACTS}/v-9/actions/terminate-extraordinarily", {"terminationDate": "2026-06-15"})
    mover.clock_and_bill("2026-07-10T10:00")
    assert mover.taxes()[1:] == [("S", D(19), D(31))]


@pytest.mark.parametrize("behaviour", ["CARRY_OVER", "CORRECTIVE"])
def test_usages_are_taxed_where_their_period_was_billed(mover: Mover, behaviour: str) -> None:
    group(mover, lateUsageBehaviour=behaviour)
    mover.lives("AT", "DE")
    metered(mover, [per_unit("10.00")], None, usePooling=True)
    given = {"debtorIdent": "k-9", "invoiceAddressIdent": "a-9", "optionQuantities": [], "planIdent": "basic"}
    mover.call("POST", CONTRACTS, {"contractIdent": "v-9", "startDate": "2026-05-01", **given}, 201)

    def used(ident: str, day: str, **more: Any) -> None:
        mover.call("POST", USAGES, usage(ident, 1, day, contractIdent="v-9", **more), 201)

    used("u-1", "2026-05-12")
    used("u-2", "2026-05-13", taxLocation={"country": "DE"})
    mover.clock_and_bill("2026-06-02T10:00")
    assert sorted(mover.taxes()) == [("AE", D(0), D(10)), ("S", D(19), D(10))]
    used("u-3", "2026-06-03")
    mover.moves("DE")
    used("late", "2026-05-20")
    used("u-4", "2026-06-04", taxLocation={"country": "DE"})
    mover.bill()
    mover.clock_and_bill("2026-07-02T10:00")
    assert sorted(mover.taxes()[2:]) == [("AE", D(0), D(10)), ("S", D(19), D(20))]
