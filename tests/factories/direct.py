"""The API of a tenant whose workers do nothing by themselves: whoever asks works meanwhile."""

from collections.abc import Callable
from typing import Any

from tests.factories.companies import Company
from tests.factories.insistent import Api, answered

from contor.bookkeeping.closing.complete import CompleteClosing, complete_closing
from contor.kernel.context import EVERYTHING, Caller
from contor.openitems.clearing.steps import look as clear
from contor.reports.exports import make_waiting
from contor.reports.files import look as report


class Direct(Api):
    """Of one company."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.company.client.request(method, path, json=body, headers=self.company.headers)
        if answer.status_code == 401:  # a token lives 300 s, which a slow machine takes for a year
            self.company.headers = {"Authorization": f"Bearer {self.company.tenant.token()}"}
            answer = self.company.client.request(method, path, json=body, headers=self.company.headers)
        assert answer.status_code < 300, answer.text
        return answered(answer)

    def until(self, true: Callable[[], bool], what: str) -> None:
        """What waits is done: closings, reports, exports, clearings."""
        tenant = self.company.tenant
        caller = Caller("job:test", "work", tenant.id, permissions=frozenset({EVERYTHING}))
        for row in tenant.rows("SELECT month FROM posting_period WHERE status = 'CLOSING' ORDER BY month"):
            tenant.runtime.execute(complete_closing, CompleteClosing(month=row.month), caller)
        report(tenant.runtime, tenant.id)
        clear(tenant.runtime, tenant.id)
        make_waiting(tenant.runtime, caller)
        assert true(), what
