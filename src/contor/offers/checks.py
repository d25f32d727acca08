"""What must hold of offers: the sums that are searched are those of the page, and an offer is billed if and only if a draft says so."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.drafts import drafts_by_id
from contor.kernel.checks import check
from contor.offers.queries import SELECT, Offer
from contor.runtime.uow import Uow

MANY = 500


class Made(NamedTuple):
    offer_id: int
    draft_id: int
    draft_ident: str


@check("offers.are_found_by_what_they_say")
def searched(uow: Uow) -> Iterable[str]:
    """The columns beside the page repeat it."""
    last = 0
    while offers := uow.all(Offer, f"{SELECT} WHERE offer_id > %s ORDER BY offer_id LIMIT {MANY}", (last,)):
        last = offers[-1].offer_id
        for offer in offers:
            document = offer.document
            repeated = (offer.customer_ident, offer.currency, offer.offer_date)
            if repeated != (document.customer_ident, document.currency, document.document_date):
                yield f"offer {offer.number} is found by other values than those of its page"
            if offer.content.get("document_date") != offer.offer_date.isoformat():
                yield f"offer {offer.number} of {offer.offer_date} says {offer.content.get('document_date')}"
        sums = (
            "SELECT number FROM offer WHERE offer_id = ANY (%s) AND (offer_id, net, gross) NOT IN"
            " (SELECT said.id, said.net, said.gross FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) AS said(id, net, gross))"
            " ORDER BY offer_id"
        )
        totals = [offer.document.totals for offer in offers]
        ids = [offer.offer_id for offer in offers]
        for number in uow.column(str, sums, (ids, ids, [it.net for it in totals], [it.gross for it in totals])):
            yield f"offer {number} has other sums than its page"


@check("offers.an_invoiced_offer_has_its_draft")
def invoiced(uow: Uow) -> Iterable[str]:
    """And no other one has."""
    sql = (
        "SELECT number FROM offer o WHERE (status = 'INVOICED') <>"
        " EXISTS (SELECT 1 FROM offer_draft d WHERE d.tenant_id = o.tenant_id AND d.offer_id = o.offer_id) ORDER BY offer_id"
    )
    for number in uow.column(str, sql):
        yield f"offer {number} is INVOICED without a draft, or has one without being so"
    last = 0
    select = f"SELECT offer_id, draft_id, draft_ident FROM offer_draft WHERE draft_id > %s ORDER BY draft_id LIMIT {MANY}"
    while made := uow.all(Made, select, (last,)):
        last = made[-1].draft_id
        known = drafts_by_id(uow, {one.draft_id for one in made})
        for one in made:
            if one.draft_id not in known or known[one.draft_id].ident != one.draft_ident:
                yield f"offer {one.offer_id} was billed by draft {one.draft_ident}, which does not exist"
