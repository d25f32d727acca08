"""What becomes of an offer: it is sent, negotiated, accepted or rejected, and a draft is made of it."""

from contor.documents import drafts
from contor.documents.drafts import DraftsDeleted
from contor.documents.types import DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.offers import tables
from contor.offers.events import OffersChanged
from contor.offers.offers import OneOffer, offer_view
from contor.offers.queries import Offer, offer_named
from contor.offers.types import NEXT, InvoicedOffer, OfferMark, OfferView, Status
from contor.runtime.execute import validated
from contor.runtime.uow import Uow


@shape
class MarkOffer:
    offer_ident: str
    body: OfferMark


@operation("offer.mark", permission="documents.write")
def mark_offer(uow: Uow, command: MarkOffer) -> OfferView:
    """Say what has become of an offer; saying again what it is already changes nothing."""
    offer, body = offer_named(uow, command.offer_ident, lock=True), command.body
    if body.status != offer.status:
        if body.status not in NEXT[offer.status]:
            message = f"The offer {offer.number} is {offer.status}: it cannot be {body.status} next."
            raise Refused(Kind.CONFLICT, Problem("offer_status", message, "status", body.status))
        move(uow, offer, body.status, body.reason)
    return offer_view(uow, offer.ident)


def sent(uow: Uow, ident: str) -> Offer:
    """The offer goes to somebody: one that was only written is SENT from now on. Raises NOT_FOUND; CONFLICT for one that is rejected."""
    offer = offer_named(uow, ident, lock=True)
    if offer.status == "REJECTED":
        message = f"The offer {offer.number} is rejected: change it to NEGOTIATION before it is sent again."
        raise Refused(Kind.CONFLICT, Problem("offer_rejected", message))
    if offer.status == "CREATED":
        move(uow, offer, "SENT", None)
    return offer_named(uow, ident)


@operation("offer.create_invoice", permission="documents.write")
def create_invoice(uow: Uow, command: OneOffer) -> InvoicedOffer:
    """Make a draft of what is offered, dated when it is completed; each call makes one, and the offer is INVOICED."""
    offer = offer_named(uow, command.offer_ident, lock=True)
    if offer.status == "REJECTED":
        raise Refused(Kind.CONFLICT, Problem("offer_rejected", f"The offer {offer.number} is rejected: nobody is billed for it."))
    content = {name: value for name, value in offer.content.items() if name != "document_date"}
    body = validated(drafts.DraftCreation, {**content, "type": DocumentType.INVOICE.value})
    draft = drafts.create_draft(uow, drafts.CreateDraft(body=body))
    made = {"offer_id": offer.offer_id, "draft_id": draft["draft_id"], "draft_ident": draft["draft_ident"]}
    uow.insert(tables.offer_draft, [{**made, "created_at": uow.ctx.now()}])
    uow.audit("offer", offer.ident, {"draft": draft["draft_ident"]})
    if offer.status != "INVOICED":
        move(uow, offer, "INVOICED", None)
    return InvoicedOffer(offer_ident=offer.ident, draft_ident=draft["draft_ident"], draft_id=draft["draft_id"])


@on(DraftsDeleted)
def drafts_deleted(uow: Uow, fact: DraftsDeleted) -> None:
    """An offer of which nothing is billed any more was accepted, and can be billed anew."""
    gone = uow.column(int, "DELETE FROM offer_draft WHERE draft_id = ANY (%s) RETURNING offer_id", (list(fact.draft_ids),))
    if not gone:
        return
    sql = (
        "SELECT ident FROM offer o WHERE offer_id = ANY (%s) AND status = 'INVOICED'"
        " AND NOT EXISTS (SELECT 1 FROM offer_draft d WHERE d.tenant_id = o.tenant_id AND d.offer_id = o.offer_id) ORDER BY ident"
    )
    for ident in uow.column(str, sql, (sorted(set(gone)),)):
        move(uow, offer_named(uow, ident, lock=True), "ACCEPTED", None)


def move(uow: Uow, offer: Offer, status: Status, reason: str | None) -> None:
    """The offer, which is locked, has the status from now on."""
    now = uow.ctx.now()
    sent_at = now if status == "SENT" else offer.sent_at
    decided_at = (
        now if status in ("ACCEPTED", "REJECTED") else None if status in ("SENT", "NEGOTIATION") else offer.decided_at or now
    )
    uow.run(
        "UPDATE offer SET status = %s, reason = %s, sent_at = %s, decided_at = %s, last_modified_at = %s WHERE ident = %s",
        (status, reason, sent_at, decided_at, now, offer.ident),
    )
    uow.audit("offer", offer.ident, {"status": {"before": offer.status, "after": status}, "reason": reason})
    uow.emit(OffersChanged(offer_ids=(offer.offer_id,)))
