"""An invoice that bills in advance, the money for it, and what is declared of it month by month."""

from collections.abc import Iterable
from typing import Any, Final

from tests.factories.companies import a_row_of
from tests.factories.reported import Reported

from contor.bookkeeping.periods import first_day, last_day
from contor.reports.vat import returned_in

Declared = dict[str, dict[str, str]]
MONTHS: Final = ("2028-01", "2028-02", "2028-03", "2028-04")
BILLED: Final = "2028-01-20"
AHEAD: Final = {"servicePeriod": {"start": "2028-01-20", "end": "2028-03-19"}}


class BilledAhead(Reported):
    """An invoice of January for a service that ends in March."""

    number = ""

    def bill(self, *rows: dict[str, Any], **more: Any) -> None:
        """Without rows: one of 200.00 and 38.00."""
        self.turn(BILLED)
        items = rows or ({**a_row_of("200.00"), **AHEAD},)
        self.number = self.document(items=list(items), documentDate=BILLED, **more)

    def come(self, day: str, amount: str, **more: Any) -> Any:
        return self.paid(day, amount, self.number, **more)

    def give_back(self, day: str, amount: str, number: str) -> None:
        self.put(self.paid(day, amount, "back", creditDebitIndicator="DEBIT")["paymentIdent"], number)

    def put(self, payment: str, number: str, **more: Any) -> Any:
        """By hand."""
        return self.call("POST", "/v2/payment-assignments", {"paymentIdent": payment, "targetIdent": number, **more}, 201)

    def bounce(self, day: str, amount: str, name: str) -> None:
        information = {"reasonCode": "AM04"}
        back = self.paid(day, amount, "", creditDebitIndicator="DEBIT", endToEndIdent=name, returnInformation=information)
        assert back["status"] == "ASSIGNED", back

    def unassign(self, day: str) -> None:
        """The latest."""
        self.turn(day)
        made = self.call("GET", "/v2/payment-assignments?sort=createdAt,desc")["_embedded"][0]
        self.call("POST", f"/v2/payment-assignments/{made['paymentAssignmentIdent']}/actions/reverse")

    def credit(self, day: str, *rows: dict[str, Any], **more: Any) -> str:
        self.turn(day)
        items = [{**row, "referenceIdent": row["ident"]} for row in rows] or [{**a_row_of("200.00"), "referenceIdent": "i-1"}]
        properties = [{"key": "reason", "value": "RETURN"}]
        said = {"items": items, "relatedDocumentIdent": self.number, "properties": properties, "documentDate": day, **more}
        return self.document("credit-memos", **said)

    def declared(self, months: Iterable[str] = MONTHS) -> Declared:
        """Base and tax of what is taxed, month by month; those of nothing are left out."""
        found: Declared = {}
        with self.tenant.runtime.transaction(self.tenant.caller()) as uow:
            for month in months:
                for row in returned_in(uow, first_day(month), last_day(month)):
                    if row.key in ("81", "86", "35") and (row.base or row.tax):
                        found.setdefault(month[5:], {})[row.key] = f"{row.base:.2f} {row.tax:.2f}"
        return found
