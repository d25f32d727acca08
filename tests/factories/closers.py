"""A company that closes its books month by month, through the platform API and the jobs that follow."""

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.factories.companies import Company, a_row_of

from contor.bookkeeping.closing.complete import CompleteClosing, complete_closing
from contor.kernel.context import EVERYTHING, Caller

PERIODS = "/v2/posting-periods"


class Closer(Company):
    """A company whose clock is turned, and whose months are closed."""

    def clock(self, day: str) -> None:
        self.tenant.turn_clock(dt.datetime.fromisoformat(f"{day}T10:00:00+00:00"))

    def sell(self, net: str = "100.00", period: tuple[str, str] | None = None, rate: int = 19, **more: Any) -> str:
        """An invoice of one row, for a service period."""
        row = a_row_of(net, rate)
        if period is not None:
            row["servicePeriod"] = {"start": period[0], "end": period[1]}
        return self.document(net=net, items=[row], **more)

    def credit(self, document: str, net: str, **more: Any) -> str:
        """A credit memo over a part of the only row of a document."""
        row = {**a_row_of(net), "ident": "g-1", "referenceIdent": "i-1"}
        return self.document("credit-memos", items=[row], relatedDocumentIdent=document, **more)

    def begin_to_close(self, month: str, *acknowledged: str, status: int = 200) -> Any:
        return self.call("POST", f"{PERIODS}/{month}/actions/close", {"acknowledgements": list(acknowledged)}, status)

    def complete(self, month: str) -> bool:
        """What the job does that follows."""
        caller = Caller("job:test", f"complete-{month}", self.tenant.id, permissions=frozenset({EVERYTHING}))
        done = self.tenant.runtime.execute(complete_closing, CompleteClosing(month=month), caller)
        assert isinstance(done, bool)
        return done

    def close(self, month: str, *acknowledged: str) -> Any:
        assert self.begin_to_close(month, *acknowledged)["status"] == "CLOSING"
        assert self.complete(month)
        made = self.call("GET", f"{PERIODS}/{month}")
        assert made["status"] == "CLOSED", made
        return made

    def findings(self, month: str) -> list[str]:
        return [it["code"] for it in self.call("GET", f"{PERIODS}/{month}/closing")["findings"]]

    def defer_income(self) -> None:
        self.call("PATCH", "/v2/tenant-settings", {"deferredIncome": "MONTHLY"})

    def moved(self, account: int) -> dict[str, Decimal]:
        """Debit less credit of an account by month, where that is not 0."""
        rows = self.tenant.rows(
            "SELECT to_char(e.posting_date, 'YYYY-MM') AS month, sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END) AS moved"
            " FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE l.account = %s GROUP BY 1 ORDER BY 1",
            (account,),
        )
        return {row.month: row.moved for row in rows if row.moved}

    def even(self) -> None:
        """Every check holds, but of files."""
        assert (found := self.tenant.unsound()) == [], found
