"""How items end: on their document, or with what keeps them from it. A finding about an item is its own: what stands beside it is billed in
the same run; one about a document is that of all its items.

Source: accounting reference 9 ("parking": others go on).
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from contor.billing.items import RATE_MISSING, Code, End, Item
from contor.billing.papers import NO_RATE, Origin, Paper, origin_of
from contor.billing.runs.stages import Gated, Result, Taxed
from contor.documents.judge import IssuedDocument, rows_at_fault, within_row
from contor.kernel.errors import Problem

_LONGEST = 1000
Said = TypeVar("Said", bound=str)


def faults_of(papers: Sequence[Paper], results: Sequence[Result]) -> dict[int, str]:
    """The items that no document can bill, and what is said of each; an option and its allowances, or all rows of its usages, stand on one
    document or on none."""
    found: dict[int, str] = {}
    for paper, result in zip(papers, results, strict=True):
        if isinstance(result, IssuedDocument):
            continue
        for problem in result:
            for position in rows_at_fault(problem, paper.request):
                item = paper.items[position]
                said = f"{within_row(problem.field)}: {problem.message}"
                before = found.get(item.item_id)
                found[item.item_id] = f"{before}; {said}" if before else f"{named(item)}: {said}"
    return with_beside(found, [item for paper in papers for item in paper.items]) if found else found


def with_beside(found: Mapping[int, Said], items: Sequence[Item]) -> dict[int, Said]:
    """The faults, and of each supply also the items that stand beside the faulty one."""
    supplies = {_supply(item): found[item.item_id] for item in items if item.item_id in found}
    beside = {item.item_id: said for item in items if (said := supplies.get(_supply(item))) is not None}
    return {**beside, **found}


def named(item: Item) -> str:
    """Which one it is, as its customer's contracts and orders have it."""
    if item.of_order:
        return f"order {item.contract_ident}, {item.origin_ident}"
    begin = "" if item.origin_type == "LINE_ITEM" else f" from {item.period_start}"
    return f"contract {item.contract_ident}, {item.origin_ident}{begin}"


def _supply(item: Item) -> object:
    if item.of_order or item.origin_type == "LINE_ITEM":
        return item.item_id
    return item.contract_id, item.row.option_order, item.period_start, item.credited_document


def ends_of(
    papers: Sequence[Paper], results: Sequence[Result], due: Sequence[Item], faulty: Mapping[int, str], awaits: Mapping[int, Code]
) -> dict[int, End]:
    """Outcome of each due item. `faulty`: those that no document bills; `awaits`: of these why some are tried again by themselves."""
    ends: dict[int, End] = {}
    for paper, result in zip(papers, results, strict=True):
        if isinstance(result, IssuedDocument):
            ends.update((item.item_id, End(result.id, item.reason)) for item in paper.items)
        else:
            refused = End(None, _waits_for(result), _said(result))
            ends.update((item.item_id, refused) for item in paper.items)
    for item in due:
        if (said := faulty.get(item.item_id)) is not None:
            ends[item.item_id] = End(None, awaits.get(item.item_id), said[:_LONGEST])
        # worth nothing and on no paper: it is billed by that (accounting reference 9, "zero")
        ends.setdefault(item.item_id, End(None, item.reason if item.is_settled else "ZERO"))
    return ends


def _waits_for(problems: Sequence[Problem]) -> str | None:
    """What an item with an error is tried again for by itself."""
    return RATE_MISSING if any(problem.code == NO_RATE for problem in problems) else None


def _said(problems: Sequence[Problem]) -> str:
    return "; ".join(f"{problem.field or 'document'}: {problem.message}" for problem in problems)[:_LONGEST]


def uncounted(taxed: Taxed, gated: Gated) -> frozenset[Origin]:
    """Items that made others bear the tax of where they go, and stand on no document that is issued."""
    if not taxed.counted:
        return frozenset()
    issued = (paper for paper, result in zip(gated.papers, gated.results, strict=True) if isinstance(result, IssuedDocument))
    return frozenset(taxed.counted) - {origin_of(item) for paper in issued for item in paper.items}


def is_awaited(item: Item, end: End | None, *, puts_off: bool) -> bool:
    """Whether others wait for a due item that can be billed now: see `BilledBatch.awaited`."""
    if end is None or end.error:
        return False
    return (item.kind == "DEPOSIT" and end.document_id is not None) or (
        puts_off and item.kind == "USAGE" and item.related_item_id is not None
    )
