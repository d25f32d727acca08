"""Offers: written, changed as long as nobody has decided, looked at, printed, given up."""

import datetime as dt

from contor.documents import drafts
from contor.documents.render import render_estimate
from contor.documents.types import tax_view, totals_view
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import Reference, operation
from contor.kernel.partial import Content, patched, said
from contor.kernel.shapes import Ident, shape
from contor.offers import tables
from contor.offers.configuration import configuration_of, next_number
from contor.offers.events import OffersChanged, OffersCreated
from contor.offers.queries import NUMBERED, OFFERS, Listed, Offer, drafts_of, offer_named
from contor.offers.types import OPEN, OWN, OfferCreation, OfferListed, OfferUpdate, OfferView
from contor.offers.writing import Judged, as_draft, dated, judged
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import billing_groups, known_sites
from contor.tax.providers import Foreseen, foreseen


@shape
class CreateOffer:
    body: OfferCreation


@shape
class ChangeOffer:
    offer_ident: str
    body: OfferUpdate
    version: int | None = None
    """The version that is changed, where the body does not name it."""


@shape
class OpenOffer:
    offer_id: int


@shape
class OneOffer:
    offer_ident: Ident


@shape
class DeleteOffer:
    offer_ident: Ident
    version: int | None = None
    """The version that is meant; without it, the newest."""


@shape
class ListOffers:
    query: ListQuery


def _ask_created(runtime: Runtime, command: CreateOffer, caller: Caller) -> Foreseen | None:
    content = patched({}, said(command.body, *OWN))
    return foreseen(runtime, caller, lambda uow: drafts.asked_outside(uow, [as_draft("offer", content, uow.ctx.now())]))


def _ask_changed(runtime: Runtime, command: ChangeOffer, caller: Caller) -> Foreseen | None:
    def content(uow: Uow) -> Content:
        return patched(offer_named(uow, command.offer_ident).content, said(command.body, *OWN))

    return foreseen(runtime, caller, lambda uow: drafts.asked_outside(uow, [as_draft("offer", content(uow), uow.ctx.now())]))


REFERS = (
    Reference("billingGroupIdent", "billing_group_unknown", billing_groups),
    Reference("operatingSiteIdent", "operating_site_unknown", known_sites),
)


@operation("offer.create", permission="documents.write", asks=_ask_created, refers=REFERS)
def create_offer(uow: Uow, command: CreateOffer) -> OfferView:
    """Write an offer: all that an invoice would need is said, and it gets a number of its own."""
    body, configuration = command.body, configuration_of(uow)
    ident = body.offer_ident or str(uow.new_uuid())
    content = dated(uow, patched({}, said(body, *OWN)))
    day = dt.date.fromisoformat(content["document_date"])
    until = body.valid_until
    if "valid_until" not in said(body) and configuration.valid_days:  # 9999-12-31: it has no end, whatever the configuration says
        until = day + dt.timedelta(days=configuration.valid_days)
    made = judged(uow, ident, "", content, until)
    number = next_number(uow, configuration, day)
    offer_id = uow.next_id()
    row = {
        "ident": ident,
        "offer_id": offer_id,
        "number": number,
        "status": "CREATED",
        "version": 1,
        "introduction": list(body.introduction or ()),
        "created_at": uow.ctx.now(),
        "last_modified_at": uow.ctx.now(),
        **_written(made, until),
    }
    if not uow.insert_once(tables.offer, row):
        raise Refused(Kind.CONFLICT, Problem("offer_exists", f"An offer {ident!r} exists already.", "offerIdent", ident))
    uow.audit("offer", ident, {"created": number, "content": content})
    uow.emit(OffersCreated(offer_ids=(offer_id,)))
    return offer_view(uow, ident)


@operation("offer.change", permission="documents.write", asks=_ask_changed, refers=REFERS)
def change_offer(uow: Uow, command: ChangeOffer) -> OfferView:
    """Change what the body says and nothing else; null unsets, lists are replaced whole (RFC 7396)."""
    body, offer = command.body, offer_named(uow, command.offer_ident, lock=True)
    _require_version(offer, drafts.version_named(body.version, command.version))
    if offer.status not in OPEN:
        message = f"The offer {offer.number} is {offer.status}: it stays as it was decided on."
        raise Refused(Kind.CONFLICT, Problem("offer_decided", message))
    if body.offer_ident not in (None, offer.ident):
        raise Refused(Kind.INVALID, Problem("field_immutable", "cannot be changed.", "offerIdent", body.offer_ident))
    told = said(body)
    until = body.valid_until if "valid_until" in told else offer.valid_until
    introduction = list(body.introduction or ()) if "introduction" in told else list(offer.introduction)
    content = dated(uow, patched(offer.content, said(body, *OWN)))
    made = judged(uow, offer.ident, offer.number, content, until)
    values = {**_written(made, until), "introduction": introduction, "last_modified_at": uow.ctx.now()}
    encoded = {"content": ENCODER.encode(content).decode(), "introduction": ENCODER.encode(introduction).decode()}
    names = ", ".join(f"{name} = %({name})s" for name in values)
    uow.run(f"UPDATE offer SET {names}, version = version + 1 WHERE ident = %(ident)s", {**values, **encoded, "ident": offer.ident})
    changed = [name for name in {**offer.content, **content} if offer.content.get(name) != content.get(name)]
    before, after = ({name: side.get(name) for name in changed} for side in (offer.content, content))
    uow.audit("offer", offer.ident, {"version": offer.version + 1, "before": before, "after": after})
    uow.emit(OffersChanged(offer_ids=(offer.offer_id,)))
    return offer_view(uow, offer.ident)


@operation("offer.get", permission="documents.read", reads=True)
def get_offer(uow: Uow, command: OneOffer) -> OfferView:
    """One offer with what it says and its sums."""
    return offer_view(uow, command.offer_ident)


@operation("offer.list", permission="documents.read", reads=True)
def list_offers(uow: Uow, command: ListOffers) -> Page:
    """Offers, the newest first."""
    return listed(uow, tables.offer, command.query, OFFERS, Listed, lambda rows: [_listed(row) for row in rows])


@operation("offer.file", permission="documents.read", reads=True)
def get_offer_file(uow: Uow, command: OneOffer) -> FileContent:
    """The page, in the offer's language. The same version gives the same bytes."""
    offer = offer_named(uow, command.offer_ident)
    return FileContent(printed_offer(offer), "application/pdf", f"{offer.number}.pdf")


@operation("offer.open_file", permission="documents.read", reads=True)
def open_offer(uow: Uow, command: OpenOffer) -> FileContent:
    """The page, for who names the offer by its number: by a link, for example. Raises NOT_FOUND."""
    ident = NUMBERED.idents(uow, [command.offer_id]).get(command.offer_id)
    if ident is None:
        raise not_found("offer", str(command.offer_id))
    content: FileContent = get_offer_file(uow, OneOffer(offer_ident=ident))
    return content


@operation("offer.delete", permission="documents.write")
def delete_offer(uow: Uow, command: DeleteOffer) -> None:
    """Give an offer up, unless business came of it: those are kept with their invoices (section 257 (1) no. 3 HGB)."""
    offer = offer_named(uow, command.offer_ident, lock=True)
    _require_version(offer, offer.version if command.version is None else command.version)
    if offer.status in ("ACCEPTED", "INVOICED"):
        message = f"The offer {offer.number} is {offer.status}: it is kept with what came of it."
        raise Refused(Kind.CONFLICT, Problem("offer_in_use", message))
    uow.run("DELETE FROM offer WHERE ident = %s", (offer.ident,))
    uow.audit("offer", offer.ident, {"deleted": offer.number, "content": offer.content})


# helpers in calling order


def _written(made: Judged, until: dt.date | None) -> dict[str, object]:
    """The columns that follow from what is offered."""
    document = made.document
    return {
        "customer_ident": document.customer_ident,
        "currency": document.currency,
        "offer_date": document.document_date,
        "valid_until": until,
        "net": document.totals.net,
        "gross": document.totals.gross,
        "content": made.content,
        "snapshot": made.snapshot,
    }


def _require_version(offer: Offer, named: int | None) -> None:
    if named is None:
        raise Refused(Kind.INVALID, Problem("version_missing", "is required: the version that is changed", "version"))
    if named != offer.version:
        message = f"Offer {offer.ident} has version {offer.version}; version {named} was named."
        raise Refused(Kind.OUTDATED, Problem("offer_version_differs", message, "version", named))


def offer_view(uow: Uow, ident: str) -> Content:
    """The fields of `OfferView`."""
    return offer_shown(uow, offer_named(uow, ident))


def offer_shown(uow: Uow, offer: Offer) -> Content:
    document = offer.document
    return {
        **offer.content,
        "offer_ident": offer.ident,
        "offer_id": offer.offer_id,
        "number": offer.number,
        "status": offer.status,
        "version": offer.version,
        "valid_until": offer.valid_until,
        "introduction": tuple(offer.introduction),
        "totals": totals_view(document.totals),
        "taxes": tuple(tax_view(group) for group in document.taxes),
        "draft_idents": tuple(drafts_of(uow, [offer.offer_id]).get(offer.offer_id, ())),
        "reason": offer.reason,
        "sent_at": offer.sent_at,
        "decided_at": offer.decided_at,
        "created_at": offer.created_at,
        "last_modified_at": offer.last_modified_at,
    }


def _listed(row: Listed) -> OfferListed:
    fields = row._asdict()
    return OfferListed(offer_ident=fields.pop("ident"), **fields)


def printed_offer(offer: Offer) -> bytes:
    return render_estimate(offer.document, offer.valid_until, offer.introduction)
