"""Drafts and issued documents together, in an order that is asked for: one page, and how many there are.

By the numbers each kind of paper is walked by an index of its own. What drafts do not have (a number, the day of issuing, a due date)
orders the documents among themselves; drafts come behind them, whichever way it goes.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from contor.documents.papers.listing import Paper, Sought, branches_by_number, conditions, where
from contor.runtime.query.lists import MOST_COUNTED
from contor.runtime.uow import Uow

PaperOrder = Literal["NUMBER_OF_PAPER", "NUMBER", "ISSUED", "DATED", "DUE"]
_KEYS: Final[Mapping[PaperOrder, str]] = {
    "NUMBER": "c.ident",
    "ISSUED": "c.created_at",
    "DATED": "c.document_date",
    "DUE": "c.due_date",
}


class PapersFound(NamedTuple):
    papers: list[Paper]
    total: int
    """How many there are; where they are more than are counted, as many as are sure."""
    at_least: bool


def papers_ordered(uow: Uow, sought: Sought, order: PaperOrder, *, descending: bool, limit: int, offset: int) -> PapersFound:
    """The papers of a page: two statements, whatever there is."""
    page, counted, values = _statements(sought, order, descending, uow)
    papers = uow.all(Paper, page, {**values, "limit": limit, "skipped": offset}) if limit else []
    total = uow.scalar(int, counted, {**values, "most": MOST_COUNTED + 1}) or 0
    return PapersFound(papers, max(min(total, MOST_COUNTED), offset + len(papers) if papers else 0), total > MOST_COUNTED)


# helpers in calling order

_NUMBERED = "SELECT d.id, d.id AS draft_id, d.document_id FROM draft d WHERE d.document_id IS NULL"


def _statements(sought: Sought, order: PaperOrder, descending: bool, uow: Uow) -> tuple[str, str, dict[str, object]]:
    found = conditions(sought, uow.ctx.today())
    way = "DESC" if descending else "ASC"
    branches = branches_by_number(sought, found)
    counted = " UNION ALL ".join(f"(SELECT 1 FROM ({branch} LIMIT %(most)s) x)" for _, branch in branches) or "SELECT 1 WHERE false"
    count = f"SELECT count(*) FROM (SELECT 1 FROM ({counted}) y LIMIT %(most)s) z"
    if order == "NUMBER_OF_PAPER":
        parts = [f"({branch} ORDER BY {key} {way} LIMIT %(limit)s + %(skipped)s)" for key, branch in branches]
        return _page(parts, f"id {way}"), count, found.values
    key, parts = _KEYS[order], []
    if found.types:
        about = [*(one.format("c") for one in found.common), "c.document_type = ANY (%(types)s)", *found.of_document]
        if "ids" in found.values:
            about[0] = "(c.id = ANY (%(ids)s) OR c.id IN (SELECT document_id FROM draft WHERE id = ANY (%(ids)s)))"
        if found.own:
            about.append(f"c.id IN (SELECT d.document_id FROM draft d WHERE {' AND '.join(found.own)})")
        # the number by which it is known is looked up for the page alone
        parts.append(
            "(SELECT coalesce(r.id, x.id) AS id, r.id AS draft_id, x.id AS document_id, 0 AS side,"
            " row_number() OVER (ORDER BY x.n) AS place"
            f" FROM (SELECT c.id, row_number() OVER (ORDER BY {key} {way}, c.id {way}) AS n"
            f" FROM {where('document c WHERE true', about)} ORDER BY {key} {way}, c.id {way} LIMIT %(limit)s + %(skipped)s) x"
            " LEFT JOIN draft r ON r.document_id = x.id)"
        )
    if found.drafts_only:
        drafts = where(_NUMBERED, [*(one.format("d") for one in found.common), *found.own, *found.of_draft])
        parts.append(
            "(SELECT x.id, x.draft_id, x.document_id, 1 AS side, row_number() OVER (ORDER BY x.id) AS place"
            f" FROM ({drafts} ORDER BY d.id LIMIT %(limit)s + %(skipped)s) x)"
        )
    return _page(parts, "side, place"), count, found.values


def _page(parts: Sequence[str], order: str) -> str:
    if not parts:
        return "SELECT NULL::bigint AS id, NULL::bigint AS draft_id, NULL::bigint AS document_id WHERE false"
    return (
        f"SELECT id, draft_id, document_id FROM ({' UNION ALL '.join(parts)}) p ORDER BY {order} LIMIT %(limit)s OFFSET %(skipped)s"
    )
