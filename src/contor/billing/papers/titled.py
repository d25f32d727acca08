"""What a bill is about, as its contracts say it: a line below the name of the document."""

from collections.abc import Iterable, Mapping, Sequence

from contor.billing.items import Item
from contor.billing.papers.rebilled import with_rebilled
from contor.billing.papers.types import Paper
from contor.contracts.labels import document_titles
from contor.documents.papers import TITLE
from contor.documents.types import Property
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow

LONGEST = 255
"""Characters of one line."""
BETWEEN = " · "


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


def _titled(paper: Paper, titles: Mapping[int, str]) -> Paper:
    line = line_of(paper.items, titles)
    if line is None:
        return paper
    properties = (*paper.request.properties, Property(key=TITLE, value=line))
    return paper._replace(request=replace(paper.request, properties=properties))
