"""An offer is written as a draft is, and judged as if it were to be issued: what is offered can be billed."""

import datetime as dt
from typing import NamedTuple

from contor.documents.drafts import Draft, judge_drafts
from contor.documents.issue import freeze
from contor.documents.queries import packed
from contor.documents.types import Document, DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.partial import Content
from contor.kernel.shapes import replace
from contor.offers.types import NOT_OFFERED
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

_OF_DOCUMENTS = frozenset({"ident_missing", "number_strategy_missing"})
"""Findings about the number of a document, which an offer does not have."""


class Judged(NamedTuple):
    """What is offered, and the invoice that it would be."""

    content: Content
    document: Document

    @property
    def snapshot(self) -> bytes:
        return packed(self.document)


def as_draft(ident: str, content: Content, now: dt.datetime) -> Draft:
    """The draft that would say the same; it is not stored."""
    return Draft(ident, 0, DocumentType.INVOICE.value, "OPEN", 1, content, None, now, now)


def dated(uow: Uow, content: Content) -> Content:
    """With the day of the offer, where it says none."""
    today = days_of_groups(uow).today(content.get("billing_group_ident") or "")
    return {"document_date": today.isoformat(), **content}


def judged(uow: Uow, ident: str, number: str, content: Content, valid_until: dt.date | None) -> Judged:
    """Raises INVALID with every finding that the invoice would meet, and those about the offer itself."""
    problems = [
        Problem("field_unexpected", "is a document's; an offer has a number of its own", name, str(content[name]))
        for name in NOT_OFFERED
        if name in content
    ]
    (found,) = judge_drafts(uow, [as_draft(ident, content, uow.ctx.now())])
    problems += [problem for problem in found.findings if problem.code not in _OF_DOCUMENTS]
    day = dt.date.fromisoformat(content["document_date"])
    if valid_until is not None and valid_until < day:
        problems.append(Problem("validity_before_offer", f"is before the offer's own date ({day})", "validUntil", valid_until))
    if problems or found.request is None or found.facts is None or found.amounts is None:
        raise Refused(Kind.INVALID, *problems)
    document = freeze(found.request, DocumentType.INVOICE, found.facts, found.amounts, uow.ctx.now())
    return Judged(content, replace(document, ident=number, supply_on_document_date=False))
