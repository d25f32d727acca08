"""The worked cases of subscriptions, to the cent, by the calls of FastBill."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fastbill import Account
from tests.factories.subscribing import Subscriber

MONTHLY = {
    "SUBSCRIPTION_INTERVAL": "1 month",
    "SUBSCRIPTION_DURATION": "1 month",
    "SUBSCRIPTION_DURATION_FOLLOW": "1 month",
    "SUBSCRIPTION_CANCELLATION": "14 day",
}


class Storefront(Subscriber):
    """A client that knows nothing but FastBill."""

    def sell(self, number: str, price: str, **more: Any) -> None:
        data = {
            "ARTICLE_NUMBER": number,
            "TITLE": f"Article {number}",
            "UNIT_PRICE": price,
            "DESCRIPTION": "",
            "CURRENCY_CODE": "EUR",
            "VAT_PERCENT": "19.00",
            **more,
        }
        said = self.account.call("article.create", data)
        assert "ERRORS" not in said, said

    def subscribe(self, number: str, **more: Any) -> int:
        return int(self.call("create", article_number=number, customer_id=self.customer(), **more)["SUBSCRIPTION_ID"])

    def billed(self) -> list[Decimal]:
        """Net of every document, credits negative."""
        self.run()
        return [-net if kind == "CREDIT_MEMO" else net for kind, net in self.documents()]


@pytest.fixture
def shop(account: Account) -> Storefront:
    return Storefront(account)


def test_s1_upgrade_in_the_middle_of_a_month(shop: Storefront) -> None:
    """30.00 monthly April, to 60.00 on 16 April: credit 15.00, charge 30.00, one document of 15.00 net."""
    shop.turn("2026-04-01 10:00")
    shop.sell("30", "30.00", **MONTHLY)
    shop.sell("60", "60.00", **MONTHLY)
    number = shop.subscribe("30")
    shop.turn("2026-04-16 10:00")
    assert shop.call("changearticle", subscription_id=number, article_number="60") == {
        "STATUS": "success",
        "SUBSCRIPTION_ID": str(number),
    }
    assert shop.billed() == [Decimal("30.00"), Decimal("15.00")]
    assert (shop.one(number)["ARTICLE_NUMBER"], shop.one(number)["PLAN"]["UNIT_PRICE"]) == ("60", "60.0000")
    shop.turn("2026-05-01 10:00")
    assert shop.billed()[2:] == [Decimal("60.00")]
    assert shop.account.tenant.unsound() == []


def test_s2_upgrade_in_a_period_that_begins_on_the_last_of_february(shop: Storefront) -> None:
    """29.90 monthly, anchor 31 January 2027, period 28 February to 30 March, to 49.90 on 10 March: credit 20.25, charge 33.80."""
    shop.turn("2027-01-31 10:00")
    shop.sell("small", "29.90", **MONTHLY)
    shop.sell("large", "49.90", **MONTHLY)
    number = shop.subscribe("small")
    shop.turn("2027-02-28 10:00")
    assert shop.billed() == [Decimal("29.90"), Decimal("29.90")]
    shop.turn("2027-03-10 10:00")
    shop.call("changearticle", subscription_id=number, article_number="large")
    assert shop.billed()[2:] == [Decimal("13.55")]


def test_s3_more_seats(shop: Storefront) -> None:
    """Seats 5 to 8 at 10.00 on 11 April: 20.00."""
    shop.turn("2026-04-01 10:00")
    shop.sell("seat", "10.00", **MONTHLY)
    number = shop.subscribe("seat", quantity=5)
    shop.turn("2026-04-11 10:00")
    shop.call("changearticle", subscription_id=number, quantity=8)
    assert shop.billed() == [Decimal("50.00"), Decimal("20.00")]
    assert shop.one(number)["QUANTITY"] == "8"


def test_s3_as_an_addon(shop: Storefront) -> None:
    """The same with an add-on of so many seats, which is given up later: 70.00 were billed, 16.67 and 26.67 were used."""
    shop.turn("2026-04-01 10:00")
    shop.sell("server", "30.00", **MONTHLY)
    shop.sell("seat", "10.00", IS_ADDON="1", ASSIGNED_ARTICLES="server", SUBSCRIPTION_INTERVAL="1 month")
    number = shop.subscribe("server", addons=[{"ARTICLE_NUMBER": "seat", "QUANTITY": "5"}])
    shop.turn("2026-04-11 10:00")
    assert shop.call("setaddon", subscription_id=number, article_number="seat", quantity=8) == {"STATUS": "success"}
    assert shop.billed() == [Decimal("80.00"), Decimal("20.00")]
    assert [(one["ARTICLE_NUMBER"], one["QUANTITY"]) for one in shop.one(number)["ADDONS"]] == [("seat", "8")]
    shop.turn("2026-04-21 10:00")
    shop.call("setaddon", subscription_id=number, article_number="seat", quantity=0)
    assert shop.billed()[2:] == [Decimal("-26.66")]
    assert shop.one(number)["ADDONS"] == []


def test_s4_two_changes_in_one_month(shop: Storefront) -> None:
    """30 to 60 on 11 April, to 45 on 21 April: 20.00, then -5.00; the month 45.00 in total."""
    shop.turn("2026-04-01 10:00")
    for price in ("30", "60", "45"):
        shop.sell(price, f"{price}.00", **MONTHLY)
    number = shop.subscribe("30")
    shop.turn("2026-04-11 10:00")
    shop.call("changearticle", subscription_id=number, article_number="60")
    assert shop.billed() == [Decimal("30.00"), Decimal("20.00")]
    shop.turn("2026-04-21 10:00")
    shop.call("changearticle", subscription_id=number, article_number="45")
    assert shop.billed()[2:] == [Decimal("-5.00")]
    assert sum(shop.billed()) == Decimal("45.00")


@pytest.mark.parametrize(("day", "net"), [("01", "30.00"), ("16", "15.00")])
def test_what_was_charged_once_stays_with_its_coupon_when_the_article_changes(shop: Storefront, day: str, net: str) -> None:
    """Also on the first day: the set-up was done."""
    shop.turn("2026-04-01 10:00")
    shop.sell("30", "30.00", SETUP_FEE="10.00", **MONTHLY)
    shop.sell("60", "60.00", **MONTHLY)
    body = {"code": "half", "name": "Half", "type": "PERCENTAGE", "percentage": "50", "duration": "FOREVER"}
    shop.platform("POST", "/coupons", body)
    number = shop.subscribe("30", coupon="half")
    shop.turn(f"2026-04-{day} 11:00")
    shop.call("changearticle", subscription_id=number, article_number="60")
    assert shop.billed() == [Decimal("20.00"), Decimal(net) / 2]
    assert shop.account.tenant.unsound() == []


def test_s5_pause_and_go_on(shop: Storefront) -> None:
    """Monthly from 1 January, inactive on 15 January, active on 15 April: goes on with the interval that holds the day, then 1 May."""
    shop.turn("2026-01-01 10:00")
    shop.sell("30", "30.00", **MONTHLY)
    number = shop.subscribe("30")
    shop.turn("2026-01-15 10:00")
    shop.call("update", subscription_id=number, status="inactive")
    for month in ("02", "03", "04"):
        shop.turn(f"2026-{month}-01 10:00")
        assert shop.billed() == [Decimal("30.00")]
    shop.turn("2026-04-15 10:00")
    shop.call("update", subscription_id=number, status="active")
    assert shop.billed() == [Decimal("30.00"), Decimal("30.00")]
    assert shop.one(number)["NEXT_EVENT"] == "2026-05-01 00:00:00"


@pytest.mark.parametrize(("price", "wanted"), [("3.00", "0.00"), ("8.00", "12.00")])
def test_s8_a_coupon_off_the_unit_price(shop: Storefront, price: str, wanted: str) -> None:
    """Coupon amount 5.00 on the unit price: 4 × 3.00 is 0.00, 4 × 8.00 is 12.00."""
    shop.turn("2026-04-01 10:00")
    shop.sell("seat", price, **MONTHLY)
    coupon = {
        "code": "five",
        "name": "Five off",
        "type": "AMOUNT",
        "amount": "5.00",
        "amountOn": "UNIT_PRICE",
        "duration": "FOREVER",
    }
    shop.platform("POST", "/coupons", coupon)
    made = shop.call("create", article_number="seat", customer_id=shop.customer(), quantity=4, coupon="five")
    assert sum(shop.billed()) == Decimal(wanted)
    assert shop.one(made["SUBSCRIPTION_ID"])["COUPON"]["CODE"] == "five"


def test_s9_a_trial_of_two_weeks(shop: Storefront) -> None:
    """14 days from 20 January, monthly: the first interval is 3 February to 2 March."""
    shop.turn("2026-01-20 10:00")
    shop.sell("30", "30.00", **MONTHLY, SUBSCRIPTION_TRIAL="14 day")
    number = shop.subscribe("30")
    assert (shop.billed(), shop.one(number)["STATUS"]) == ([], "trial")
    shop.turn("2026-02-03 10:00")
    assert shop.billed() == [Decimal("30.00")]
    one = shop.one(number)
    assert (one["STATUS"], one["LAST_EVENT"], one["NEXT_EVENT"]) == ("active", "2026-02-03 00:00:00", "2026-03-03 00:00:00")


def test_s10_a_termination_is_withdrawn_a_day_before_its_end(shop: Storefront) -> None:
    """The credit that was issued is taken back by a document, and the periods have no hole."""
    shop.turn("2026-04-01 10:00")
    shop.sell("30", "30.00", **MONTHLY)
    number = shop.subscribe("30")
    shop.turn("2026-04-10 10:00")
    shop.call("cancel", subscription_id=number, cancellation_date="2026-04-15 23:59:59")
    assert shop.billed() == [Decimal("30.00"), Decimal("-15.00")]
    shop.turn("2026-04-15 10:00")
    shop.call("reactivate", subscription_id=number)
    assert shop.billed()[2:] == [Decimal("15.00")]
    assert shop.one(number)["NEXT_EVENT"] == "2026-05-01 00:00:00"
    shop.turn("2026-05-01 10:00")
    assert shop.billed()[3:] == [Decimal("30.00")]
    assert shop.account.tenant.unsound() == []


def test_s11_one_number_for_a_draft_that_two_complete(shop: Storefront) -> None:
    """The second is refused, and says so."""
    shop.turn("2026-04-01 10:00")
    rows = [{"DESCRIPTION": "Help", "UNIT_PRICE": "99.00", "VAT_PERCENT": "19.00", "QUANTITY": "1"}]
    number = shop.account.call("invoice.create", {"CUSTOMER_ID": shop.customer(), "ITEMS": rows})["INVOICE_ID"]
    first = shop.account.call("invoice.complete", {"INVOICE_ID": number})
    second = shop.account.call("invoice.complete", {"INVOICE_ID": number})
    assert (first["STATUS"], "ERRORS" in second) == ("success", True)
    assert shop.documents() == [("INVOICE", Decimal("99.00"))]
