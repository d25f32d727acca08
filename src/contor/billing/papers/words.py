"""What bills say beside their rows: the invoices that they name, and what they are about.

Credit memos name every invoice on which what they take back stands: beside the one of their rows those by which what had reduced these
rows was billed again. Together these invoices show the tax that goes back, to the cent (BG-3; accounting reference 9). What a bill is about
its contracts say; it is a line below the name of the document.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from contor.billing.items import Item
from contor.billing.papers.types import Paper
from contor.contracts.labels import document_titles
from contor.documents.papers import TITLE
from contor.documents.queries import exchange_rates_of, headers_by_id
from contor.documents.types import DocumentType, Property
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow

LONGEST = 255
"""Characters of one line."""
BETWEEN = " · "


class BilledAgain(NamedTuple):
    """An invoice, and one by which a reduction on it was billed again."""

    document_id: int
    again_id: int


def with_rebilled(uow: Uow, papers: Sequence[Paper]) -> list[Paper]:
    """The papers, credit memos with all that they name. One in a foreign currency names no invoice that was booked at another rate."""
    memos = [paper for paper in papers if _takes_back(paper)]
    taken = sorted({item.related_item_id for paper in memos for item in paper.items if item.related_item_id is not None})
    if not taken:
        return list(papers)
    found = uow.all(
        BilledAgain,
        "SELECT DISTINCT i.document_id, c.document_id AS again_id FROM billable_item t"
        " JOIN billable_item i ON i.tenant_id = t.tenant_id AND i.document_id = t.document_id"
        # item by item: how many a document bills is guessed, and the tenant's credits of all time would be read for it
        " CROSS JOIN LATERAL (SELECT document_id FROM billable_item WHERE tenant_id = i.tenant_id AND related_item_id = i.item_id"
        " AND kind = 'CREDIT' AND type = 'DEBIT' AND processing_status = 'COMPLETED' OFFSET 0) c"
        " WHERE t.item_id = ANY (%s) AND c.document_id <> i.document_id",
        (taken,),
    )
    headers = headers_by_id(uow, {number for row in found for number in row})
    again: dict[str, set[str]] = defaultdict(set)
    for row in found:
        if headers[row.again_id].document_type == DocumentType.INVOICE:
            again[headers[row.document_id].ident].add(headers[row.again_id].ident)
    foreign = any(paper.request.exchange_rate is not None for paper in memos)
    rates = exchange_rates_of(uow, {ident for named in again.values() for ident in named}) if foreign else {}
    made = []
    for paper in papers:
        more = again.get(paper.request.related_document_ident or "") if _takes_back(paper) else None
        if more and (exchange := paper.request.exchange_rate) is not None:
            site = paper.request.operating_site_ident
            booked = {ident: rates.get((ident, site)) or rates.get((ident, None)) for ident in more}
            more = {ident for ident, rate in booked.items() if rate is not None and rate.rate == exchange.rate}
        request = replace(paper.request, related_document_idents=tuple(sorted(more))) if more else paper.request
        made.append(paper._replace(request=request))
    return made


def with_words(uow: Uow, papers: Sequence[Paper]) -> list[Paper]:
    """The papers with all that they say beside their rows: the invoices that they name, and what they are about."""
    return with_titles(uow, with_rebilled(uow, papers))


def with_titles(uow: Uow, papers: Sequence[Paper]) -> list[Paper]:
    """The papers with the titles of the contracts that they bill, each title once, in the order of the rows, as many as fit."""
    titles = document_titles(uow, {item.contract_id for paper in papers for item in paper.items if not item.of_order})
    return [_titled(paper, titles) for paper in papers] if titles else list(papers)


def line_of(items: Iterable[Item], titles: Mapping[int, str]) -> str | None:
    """None: no contract of these items says what its bills are about."""
    line = ""
    for title in dict.fromkeys(titles[item.contract_id] for item in items if not item.of_order and item.contract_id in titles):
        longer = f"{line}{BETWEEN}{title}" if line else title
        line = longer if len(longer) <= LONGEST else line
    return line or None


def _takes_back(paper: Paper) -> bool:
    return paper.document_type is DocumentType.CREDIT_MEMO and paper.request.related_document_ident is not None


def _titled(paper: Paper, titles: Mapping[int, str]) -> Paper:
    line = line_of(paper.items, titles)
    if line is None:
        return paper
    properties = (*paper.request.properties, Property(key=TITLE, value=line))
    return paper._replace(request=replace(paper.request, properties=properties))
