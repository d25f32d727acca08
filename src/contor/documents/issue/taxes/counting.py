"""What is issued counts towards the threshold of distance sales, in the same transaction."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from contor.documents.judge import IssuedDocument
from contor.documents.treatment import distance_sales
from contor.documents.types import Document
from contor.kernel.money import ZERO
from contor.runtime.uow import Uow
from contor.tax.oss import IssuedSupply, count_supplies, counted_of, late_position


def count_distance_sales(uow: Uow, drafts: Sequence[IssuedDocument]) -> None:
    """Count what of the documents goes to consumers in other member states."""
    supplies = [
        one
        for draft in drafts
        for one in supplies_of(draft.id, draft.document, draft.facts.legal_entity, _credited_on(draft), draft.number_drawn)
    ]
    count_supplies(uow, supplies)


def supplies_of(
    number: int,
    document: Document,
    legal_entity: str,
    credited_on: dt.date | None = None,
    number_drawn: Callable[[], str] | None = None,
) -> list[IssuedSupply]:
    """What one document supplies of such, day by day. `number_drawn`: where its number is not known yet."""
    named = number_drawn or (lambda: document.ident)
    return [IssuedSupply(number, legal_entity, day, net, named) for day, net in distance_sales(document, credited_on).items()]


def miscounted(uow: Uow, documents: Mapping[int, Document]) -> list[int]:
    """Documents that count something else than they supply of such; those of a release before as soon as all of them are counted."""
    if late_position(uow) is not None:
        return []
    known = counted_of(uow, documents)
    return [number for number, one in documents.items() if known.get(number, ZERO) != sum(distance_sales(one).values(), ZERO)]


def _credited_on(draft: IssuedDocument) -> dt.date | None:
    """The tax date of what a credit takes back."""
    if draft.document.sign > 0:
        return None
    return max((related.left.document.tax_date for related in draft.facts.related.values()), default=None)
