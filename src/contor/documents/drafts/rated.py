"""The exchange rate that drafts in a foreign currency leave out: that of their supply by the tenant's rule (section 16 (6) UStG), as a
billing run would take it.

What the draft says stays as it is said, and what takes a document back goes back at that document's rate. Written into the draft when it is
completed: what was issued is what it says.
"""

from collections.abc import Sequence
from typing import NamedTuple

from contor.documents.drafts.queries import Draft
from contor.documents.judge import CREDITING, supplied_on
from contor.documents.types import DocumentRequest, ExchangeRate
from contor.kernel.errors import Problem
from contor.kernel.partial import Content
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.exchange import Missing, rates_of
from contor.settings.queries import days_of_groups, tenant_settings

NO_RATE = "exchange_rate_missing"


class Rated(NamedTuple):
    """A draft's request and content, with the rate where it was left out."""

    request: DocumentRequest | None
    content: Content
    missing: Problem | None = None
    """Which rate is not there, and what helps."""


def with_rates(
    uow: Uow, drafts: Sequence[Draft], requests: Sequence[DocumentRequest | None], contents: Sequence[Content]
) -> list[Rated]:
    """As they are, those in a foreign currency with their rate. `requests`: what the drafts would be, as far as they can be read."""
    made = [Rated(request, content) for request, content in zip(requests, contents, strict=True)]
    ledger = tenant_settings(uow).ledger_currency
    lacking = {
        place: request
        for place, (draft, request) in enumerate(zip(drafts, requests, strict=True))
        if request is not None and request.currency != ledger and request.exchange_rate is None and draft.type not in CREDITING
    }
    if not lacking:
        return made
    days = days_of_groups(uow)
    asked = {place: (it.currency, supplied_on(it, days.today(it.billing_group_ident))) for place, it in lacking.items()}
    found = rates_of(uow, set(asked.values()))
    for place, request in lacking.items():
        rate, content = found[asked[place]], contents[place]
        if isinstance(rate, Missing):
            message = f"{rate.reason.partition(';')[0]}: import it (contor exchange-rates import), or say exchangeRate"
            made[place] = Rated(request, content, Problem(NO_RATE, message, "exchangeRate"))
        else:
            given = ExchangeRate(rate=rate.rate, date=rate.date, source=rate.source)
            said = {"rate": rate.rate, "date": rate.date, "source": rate.source}
            made[place] = Rated(replace(request, exchange_rate=given), {**content, "exchange_rate": said})
    return made
