"""What is issued counts towards the threshold of distance sales, in the same transaction."""

import datetime as dt
from collections.abc import Sequence

from contor.documents.judge import IssuedDocument
from contor.documents.treatment import distance_sales
from contor.runtime.uow import Uow
from contor.tax.oss import IssuedSupply, count_supplies


def count_distance_sales(uow: Uow, drafts: Sequence[IssuedDocument]) -> None:
    """Count what of the documents goes to consumers in other member states."""
    supplies = [
        IssuedSupply(draft.id, draft.facts.legal_entity, day, net, draft.number_drawn)
        for draft in drafts
        for day, net in distance_sales(draft.document, _credited_on(draft)).items()
    ]
    count_supplies(uow, supplies)


def _credited_on(draft: IssuedDocument) -> dt.date | None:
    """The tax date of what a credit takes back, where it names one document."""
    if draft.document.sign > 0:
        return None
    days = {related.left.document.tax_date for related in draft.facts.related.values()}
    return max(days, default=None)
