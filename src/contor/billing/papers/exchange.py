"""Documents in another currency than the ledger's: each has the rate of its supply, or says which one is missing.

Source: section 16 (6) UStG. What takes a document back goes back at the rate of that document, also where a contract was changed: one
document has one rate, so it stands beside what is charged instead where that has the same, else on a credit memo of its own.
"""

from collections.abc import Iterable, Mapping, Sequence

from contor.billing.papers.splitting import split
from contor.billing.papers.types import Deposits, Paper, Switches, TaxedItem
from contor.documents.judge import CREDITING, supplied_on
from contor.documents.queries import exchange_rates_of
from contor.documents.types import ExchangeRate
from contor.kernel.errors import Problem
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.exchange import Missing, newest_rates, rates_of
from contor.settings.groups import Days
from contor.settings.queries import tenant_settings

NO_RATE = "exchange_rate_missing"


def rated_papers(
    uow: Uow,
    items: Iterable[TaxedItem],
    switches: Mapping[str, Switches],
    days: Days,
    deposits: Deposits,
    foreseen: bool,
) -> tuple[list[Paper], frozenset[int], frozenset[int]]:
    """The documents, with their rates; the items that find none yet; and the credits that stand on documents of their own, for they go back
    at other rates than what is charged instead."""
    first_open, found, apart = tenant_settings(uow).first_open_day, list(items), frozenset[int]()
    while True:
        papers, waiting = split(found, switches, days, first_open, deposits, apart)
        papers = with_rates(uow, papers, days, foreseen)
        others = _at_other_rates(uow, papers)
        if not others:
            return papers, waiting, apart
        apart |= others


def with_rates(uow: Uow, papers: Sequence[Paper], days: Days, foreseen: bool = False) -> list[Paper]:
    """The papers, those in a foreign currency with their rate; `days`: the day of those that say none; `foreseen`: a rate that is not there
    yet is the newest one that is known."""
    ledger = tenant_settings(uow).ledger_currency
    foreign = [paper for paper in papers if paper.request.currency != ledger]
    if not foreign:
        return list(papers)
    supplied = {id(paper): supplied_on(paper.request, days.today(paper.request.billing_group_ident)) for paper in foreign}
    known = exchange_rates_of(uow, {ident for paper in foreign if (ident := _taken_back(paper)) is not None})
    found = rates_of(uow, {(paper.request.currency, supplied[id(paper)]) for paper in foreign})
    newest = newest_rates(uow, {paper.request.currency for paper in foreign}) if foreseen else {}
    made = []
    for paper in papers:
        request = paper.request
        if request.currency == ledger:
            made.append(paper)
            continue
        given: ExchangeRate | Missing
        name = _taken_back(paper) or ""
        if (original := known.get((name, request.operating_site_ident)) or known.get((name, None))) is not None:
            given = original
        else:
            rate = found[request.currency, supplied[id(paper)]]
            rate = newest.get(request.currency, rate) if isinstance(rate, Missing) else rate
            given = rate if isinstance(rate, Missing) else ExchangeRate(rate=rate.rate, date=rate.date, source=rate.source)
        if isinstance(given, Missing):
            made.append(paper._replace(problem=Problem(NO_RATE, given.reason, "exchangeRate")))
        else:
            made.append(paper._replace(request=replace(request, exchange_rate=given)))
    return made


def _taken_back(paper: Paper) -> str | None:
    """The document at whose rate this one is: that which it credits, or whose reductions alone it bills again: the supply is the same."""
    if paper.document_type in CREDITING:
        return paper.request.related_document_ident
    reduced = {item.credited_document for item in paper.items}
    return reduced.pop() if len(reduced) == 1 else None


def _at_other_rates(uow: Uow, papers: Sequence[Paper]) -> frozenset[int]:
    """The credits on documents of another rate than that of the invoice which they take back."""
    found = [
        (item, paper.request)
        for paper in papers
        if paper.request.exchange_rate is not None
        for item in paper.items
        if item.beside is not None
    ]
    known = exchange_rates_of(uow, {item.beside for item, _ in found if item.beside is not None})
    others = set()
    for item, request in found:
        original = known.get((item.beside or "", request.operating_site_ident)) or known.get((item.beside or "", None))
        if original is not None and request.exchange_rate is not None and original.rate != request.exchange_rate.rate:
            others.add(item.item_id)
    return frozenset(others)
