"""Letters of which nothing is open any more: their documents are settled, and so are the costs and the interest that they asked for.

Whether that is so is looked at when a document or a claim moved, at the end of the transaction that moved it; what is taken back makes a
letter unpaid again.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.documents.after import unsettled_among
from contor.documents.events import DocumentsSettled
from contor.dunning.events import ClaimsSettled, LettersPaid
from contor.kernel.events import on
from contor.runtime.uow import Uow


class _Letter(NamedTuple):
    letter_id: int
    letter_ident: str
    was_paid: bool
    document_ids: Sequence[int]
    has_open_claims: bool


_OF_LETTER = "FROM dunning_item o WHERE o.tenant_id = l.tenant_id AND o.letter_id = l.letter_id AND o.outstanding > 0"
_LETTERS = (
    "SELECT l.letter_id, l.letter_ident, l.paid_at IS NOT NULL AS was_paid,"
    f" ARRAY(SELECT o.document_id {_OF_LETTER}) AS document_ids,"
    " EXISTS (SELECT FROM dunning_claim c WHERE c.tenant_id = l.tenant_id AND c.status = 'OPEN'"
    " AND (c.letter_id = l.letter_id OR c.claim_id < l.letter_id)"
    f" AND c.document_id IN (SELECT o.document_id {_OF_LETTER})) AS has_open_claims"
    " FROM (SELECT DISTINCT letter_id FROM dunning_item WHERE document_id = ANY (%s) AND outcome = 'DUNNED') i"
    " JOIN dunning_letter l ON l.letter_id = i.letter_id WHERE l.status = 'MADE' ORDER BY l.letter_id"
)


@on(DocumentsSettled)
def documents_settled(uow: Uow, fact: DocumentsSettled) -> None:
    uow.finish(lambda: _look(uow, fact.document_ids))


@on(ClaimsSettled)
def claims_settled(uow: Uow, fact: ClaimsSettled) -> None:
    uow.finish(lambda: _look(uow, {claim.document_id for claim in fact.settled}))


def _look(uow: Uow, document_ids: Collection[int]) -> None:
    """Write it on the letters about these documents, as it stands now."""
    letters = uow.all(_Letter, _LETTERS, (sorted(document_ids),))
    if not letters:
        return
    unsettled = unsettled_among(uow, {number for letter in letters for number in letter.document_ids})
    paid = [it for it in letters if not it.was_paid and not it.has_open_claims and unsettled.isdisjoint(it.document_ids)]
    unpaid = [it for it in letters if it.was_paid and (it.has_open_claims or not unsettled.isdisjoint(it.document_ids))]
    for changed, at in ((paid, uow.ctx.now()), (unpaid, None)):
        if changed:
            sql = "UPDATE dunning_letter SET paid_at = %s WHERE letter_id = ANY (%s)"
            uow.run(sql, (at, [letter.letter_id for letter in changed]))
            for letter in changed:
                uow.audit("dunning_letter", letter.letter_ident, {"paid_at": at})
    if paid:
        uow.emit(LettersPaid(letter_ids=tuple(letter.letter_id for letter in paid)))
