"""A company whose months are reported: the clock is turned, documents are issued, reports are asked for, built and read."""

import csv
import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

from tests.factories.companies import Company

from contor.reports.files import look

PARIS: dict[str, Any] = {
    "customerIdent": "paris",
    "customerType": "B2B",
    "company": "Atelier SARL",
    "vatId": "FR83404833048",
    "addresses": [
        {
            "addressIdent": "siege",
            "addressType": "INVOICE",
            "company": "Atelier SARL",
            "street": "Rue",
            "streetNo": "5",
            "zip": "75001",
            "city": "Paris",
            "country": "FR",
        }
    ],
}
ZURICH: dict[str, Any] = {
    "customerIdent": "zuerich",
    "customerType": "B2B",
    "company": "Muster AG",
    "addresses": [
        {
            "addressIdent": "sitz",
            "addressType": "INVOICE",
            "company": "Muster AG",
            "street": "Gasse",
            "streetNo": "1",
            "zip": "8001",
            "city": "Zürich",
            "country": "CH",
        }
    ],
}
LYON: dict[str, Any] = {
    "customerIdent": "lyon",
    "customerType": "B2C",
    "firstName": "Jeanne",
    "lastName": "Exemple",
    "addresses": [
        {
            "addressIdent": "chez",
            "addressType": "INVOICE",
            "firstName": "Jeanne",
            "lastName": "Exemple",
            "street": "Rue",
            "streetNo": "7",
            "zip": "69001",
            "city": "Lyon",
            "country": "FR",
        }
    ],
}
OF = {
    "paris": {"customerIdent": "paris", "invoiceAddressIdent": "siege"},
    "zuerich": {"customerIdent": "zuerich", "invoiceAddressIdent": "sitz"},
    "lyon": {"customerIdent": "lyon", "invoiceAddressIdent": "chez"},
    "muster-handel": {"customerIdent": "muster-handel", "invoiceAddressIdent": "zentrale"},
}
HERE = ZoneInfo("Europe/Berlin")


class Reported(Company):
    """See above."""

    def furnish(self) -> None:
        for customer in (PARIS, ZURICH, LYON):
            self.call("POST", "/v2/customers", customer, 201)
        self.open_bank(additionallyAcceptedCurrencies=["USD"])
        self.take_parts()

    def turn(self, day: str) -> None:
        """It is noon of this day."""
        self.tenant.turn_clock(dt.datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=HERE))

    def sell(self, day: str, net: str, customer: str = "muster-handel", kind: str = "invoices", **row: Any) -> str:
        """A document of this day with one row."""
        self.turn(day)
        taxes = row.pop("taxes", [{"rate": 19, "categoryCode": "S"}])
        made = {
            "ident": "i-1",
            "category": "SERVICE",
            "name": "Work",
            "quantity": 1,
            "quantityType": "PC",
            "prices": {"unit": {"net": net}, "originalTotal": {"net": net}, "total": {"net": net}},
            "taxDetail": {"taxes": taxes},
            "performanceLocation": {"country": "DE"},
            **row,
        }
        return self.document(kind, items=[made], customerDetail=OF[customer], documentDate=day)

    def paid(self, day: str, amount: str, text: str, **more: Any) -> Any:
        self.turn(day)
        return self.pay(amount, text, bookingDate=day, **more)

    def sound(self) -> None:
        """Nobody makes the papers of what is sold here."""
        assert (found := self.tenant.unsound()) == [], found

    def report(self, kind: str, period: str, form: str = "CSV", language: str = "en") -> Any:
        """A report that was built."""
        asked = {"type": kind, "period": period, "format": form, "language": language}
        made = self.call("POST", "/v2/reports", asked, 202)
        assert made["status"] == "WAITING"
        look(self.tenant.runtime, self.tenant.id)
        built = self.call("GET", f"/v2/reports/{made['reportIdent']}")
        assert built["status"] == "DONE", built
        return built

    def content(self, report: Any) -> bytes:
        answer = self.client.get(f"/v2/reports/{report['reportIdent']}/file", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return bytes(answer.content)

    def read(self, kind: str, period: str) -> list[dict[str, str]]:
        """The rows of a report, by the headings in English."""
        text = self.content(self.report(kind, period)).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))
