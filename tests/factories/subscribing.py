"""An account of FastBill whose articles are subscribed to: a server of 30.00 a month and a greater one of 60.00, with add-ons and what is
used."""

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.factories.fastbill import Account

MONTH = {"value": 1, "unit": "MONTH"}
TERMS = {
    "billingConfig": {"billingInterval": MONTH},
    "termDuration": MONTH,
    "termSync": False,
    "noticePeriod": {"value": 14, "unit": "DAY"},
    "transition": {"type": "AUTO_RENEWAL"},
}
OPTIONS = "/billing/plan-options"


class Subscriber:
    """What a client of subscriptions does, in 2026 or another year."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def turn(self, instant: str) -> None:
        """To an instant of Berlin, e.g. `2026-04-01 10:00`."""
        self.account.given({"clock": f"{instant}+02:00"})

    def platform(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.account.tenant.call(method, path, body)
        assert answer.status < 300, answer.body
        return answer.body

    def call(self, service: str, **data: Any) -> Any:
        """The RESPONSE of what succeeds."""
        said = self.account.call(f"subscription.{service}", {name.upper(): value for name, value in data.items()})
        assert "ERRORS" not in said, said
        return said

    def refused(self, service: str, **data: Any) -> Any:
        said = self.account.call(f"subscription.{service}", {name.upper(): value for name, value in data.items()})
        return said["ERRORS"]

    def found(self, **where: Any) -> Any:
        return self.account.call("subscription.get", FILTER={name.upper(): value for name, value in where.items()})["SUBSCRIPTIONS"]

    def one(self, number: int) -> Any:
        (found,) = self.found(subscription_id=number)
        return found

    def customer(self, name: str = "Muster Laden GmbH", country: str = "DE") -> int:
        data = {
            "CUSTOMER_TYPE": "business",
            "ORGANIZATION": name,
            "ADDRESS": "Marktplatz 1",
            "ZIPCODE": "20095",
            "CITY": "Hamburg",
            "COUNTRY_CODE": country,
        }
        return int(self.account.call("customer.create", data)["CUSTOMER_ID"])

    def option(self, number: str, price: str = "", type: str = "RECURRING", name: str = "", **more: Any) -> str:
        body = {
            "optionIdent": number,
            "articleNumber": number.removesuffix("-main"),
            "name": name or f"Article {number}",
            "type": type,
            "status": "FINAL",
        }
        if price:
            body["prices"] = [{"price": price}]
        self.platform("POST", OPTIONS, {**body, **more})
        return number

    def article(self, number: str, price: str, addons: tuple[str, ...] = (), more: tuple[Any, ...] = (), **terms: Any) -> None:
        """An article of a price a month, with add-ons that are there already. `terms`: of its only phase, and `trial`."""
        trial = {"trial": terms.pop("trial")} if "trial" in terms else {}
        type = terms.pop("type", "QUANTITY")
        links = [
            {"optionIdent": self.option(f"{number}-main", price, type, f"Article {number}")},
            *({"optionIdent": one, "minimum": 0} for one in addons),
            *more,
        ]
        phase = {"ident": "p-1", "name": "Monthly", "linkedOptions": links, **TERMS, **terms}
        self.platform("POST", "/plans", {"planIdent": number, "name": f"Plan {number}", "phases": [phase], **trial})

    def shop(self) -> None:
        """The articles of most tests."""
        self.option("A1", "5.00", "QUANTITY", "Backup")
        self.option("A2", "2.50", "QUANTITY", "Monitoring")
        self.option("S1", "99.00", "ONETIME", "Help on site")
        self.option("U1", type="RATED_USAGE", name="Work")
        prices = [{"pricingModel": "TIER_PRICE", "priceTiers": [{"price": "0.10"}]}]
        self.option("U2", type="USAGE", name="Traffic", usagePrices=prices)
        used = tuple({"optionIdent": one, "minimum": 0, "enableForAllContracts": True} for one in ("U1", "U2"))
        for number, price in (("100", "30.00"), ("200", "60.00"), ("300", "45.00")):
            self.article(number, price, ("A1", "A2"), used)

    def run(self) -> None:
        """What is due is billed."""
        self.platform("POST", "/billingrun", {})

    def documents(self) -> list[Any]:
        """Every issued document, the oldest first: type, net."""
        found = self.platform("GET", "/documents?size=100&sort=documentId,asc")["_embedded"]
        return [(one["documentType"], Decimal(str(one["totals"]["net"]))) for one in found]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
