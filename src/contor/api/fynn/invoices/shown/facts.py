"""What invoices are shown of: each kind of fact read once for all of them, a fixed number of statements however many there are."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.api.fynn.invoices.shown.methods import PaidBy, paid_by
from contor.api.fynn.invoices.shown.standing import CREDITING
from contor.customers.billed import numbers_billed
from contor.documents.after import ShownFile, shown_files
from contor.documents.cancelling import CreditedAs, CreditKind, credit_kind, credit_kinds
from contor.documents.drafts import Draft, Judged, drafts_by_id, judge_drafts
from contor.documents.papers import Issued, Paper, Sought, issued_papers, papers_of_documents, papers_sought
from contor.documents.queries import credits_of, related_ids
from contor.dunning.letters import levels_of_letters
from contor.dunning.queries import LastLetter, last_letters
from contor.dunning.rules import Level
from contor.notifications.mail.log import last_sent
from contor.openitems.standing import Moved, blocked_among, decided_among, moved_of
from contor.runtime.uow import Uow


class Facts(NamedTuple):
    """All that invoices of a page are made of, with those that they name."""

    papers: Mapping[int, Paper]
    """By the numbers of papers."""
    of_documents: Mapping[int, int]
    """The number of the paper that a document is."""
    issued: Mapping[int, Issued]
    drafts: Mapping[int, Draft]
    """By the numbers of papers, also of those that were completed."""
    judged: Mapping[int, Judged]
    related: Mapping[int, Sequence[int]]
    """By document those that it names."""
    credits: Mapping[int, Sequence[int]]
    """By document those over it."""
    kinds: Mapping[int, CreditKind]
    """Of credits, by their documents."""
    moves: Mapping[int, Sequence[Moved]]
    files: Mapping[int, Mapping[str, ShownFile]]
    letters: Mapping[int, LastLetter]
    levels: Mapping[str, Level]
    """By letter."""
    blocked: Collection[int]
    given_up: Collection[int]
    sent: Mapping[int, dt.datetime]
    customers: Mapping[str, int]
    """The numbers of those who are billed, by ident."""
    zone_today: dt.date
    paid_by: PaidBy


def facts_of(uow: Uow, numbers: Sequence[int], levels: int) -> Facts:
    """`levels`: how far documents are followed that documents name."""
    papers = {paper.id: paper for paper in papers_sought(uow, Sought(ids=tuple(numbers)), len(numbers), 0)} if numbers else {}
    documents = {paper.document_id for paper in papers.values() if paper.document_id is not None}
    related, ids = dict[int, list[int]](), set(documents)
    reached = documents
    for _ in range(levels):
        found = related_ids(uow, reached)
        related |= found
        reached = {one for others in found.values() for one in others} - ids
        ids |= reached
    credits = credits_of(uow, ids)
    over = {number for others in credits.values() for number in others}
    issued = issued_papers(uow, ids | over)
    known = papers_of_documents(uow, ids | over) if ids else []
    drafts = drafts_by_id(uow, {*papers, *(paper.id for paper in known if paper.draft_id is not None)})
    written = [drafts[number] for number, paper in papers.items() if paper.document_id is None]
    letters = last_letters(uow, ids)
    return Facts(
        papers={**papers, **{paper.id: paper for paper in known}},
        of_documents={paper.document_id: paper.id for paper in known if paper.document_id is not None},
        issued=issued,
        drafts=drafts,
        judged={draft.id: judged for draft, judged in zip(written, judge_drafts(uow, written), strict=True)} if written else {},
        related=related,
        credits=credits,
        kinds=_kinds(issued, credit_kinds(uow, ids | over)),
        moves=moved_of(uow, ids),
        files=shown_files(uow, ids),
        letters=letters,
        levels=levels_of_letters(uow, {letter.letter_ident for letter in letters.values()}),
        blocked=blocked_among(uow, ids),
        given_up=decided_among(uow, ids),
        sent=last_sent(uow, ids),
        customers=_customers(uow, issued, written),
        zone_today=uow.ctx.today(),
        paid_by=paid_by(uow, issued, written),
    )


# helpers in calling order


def _kinds(issued: Mapping[int, Issued], kept: Sequence[CreditedAs]) -> dict[int, CreditKind]:
    """As it is kept; of what was issued before that was, as the credit says."""
    found = {row.document_id: row.kind for row in kept}
    for number, one in issued.items():
        if one.document.document_type in CREDITING and number not in found and (kind := credit_kind(one.document)) is not None:
            found[number] = kind
    return found


def _customers(uow: Uow, issued: Mapping[int, Issued], written: Sequence[Draft]) -> dict[str, int]:
    named = {(one.document.customer_ident, "") for one in issued.values()}
    named |= {(ident, "") for draft in written if (ident := (draft.content.get("customer_detail") or {}).get("customer_ident"))}
    return {ident: numbers.customer for (ident, _), numbers in numbers_billed(uow, named).items()} if named else {}


def credited_gross(facts: Facts, document_id: int) -> Decimal:
    """How much of a document was taken back, in gross."""
    return sum((facts.issued[number].document.totals.gross for number in facts.credits.get(document_id, ())), Decimal(0))
