"""Offers in `/v2`: ours, in the conventions of drafts. The version that is meant stands in the body or in `If-Match`."""

from dataclasses import replace

from contor.api.http import version_in
from contor.api.kit import route
from contor.api.route import Call, Route
from contor.notifications.mail.log import send_offer
from contor.offers import configuration, deciding, offers
from contor.offers.queries import OFFERS
from contor.offers.types import OfferListed

_OFFERS = "/v2/offers"
_OFFER = f"{_OFFERS}/{{offerIdent}}"


def _changing() -> Route:
    made = route("PATCH", _OFFER, offers.change_offer, body="body", versioned=True)

    def bind(call: Call) -> offers.ChangeOffer:
        return offers.ChangeOffer(offer_ident=call.path["offerIdent"], version=version_in(call.if_match), body=call.body)

    return replace(made, bind=bind)


def _named(call: Call) -> offers.DeleteOffer:
    return offers.DeleteOffer(offer_ident=call.path["offerIdent"], version=version_in(call.if_match))


OFFER_ROUTES: list[Route] = [
    route("GET", f"{_OFFERS}/configuration", configuration.get_offer_configuration),
    route("PUT", f"{_OFFERS}/configuration", configuration.put_offer_configuration, body="body"),
    route("GET", _OFFERS, offers.list_offers, filterable=OFFERS, output=OfferListed),
    route("POST", _OFFERS, offers.create_offer, 201, body="body", versioned=True),
    route("GET", _OFFER, offers.get_offer, versioned=True),
    _changing(),
    replace(route("DELETE", _OFFER, offers.delete_offer, 204, versioned=True), bind=_named),
    route("GET", f"{_OFFER}/file", offers.get_offer_file),
    route("POST", f"{_OFFER}/actions/send", send_offer, 202, body="body", may_be_empty=True),
    route("POST", f"{_OFFER}/actions/mark", deciding.mark_offer, body="body"),
    route("POST", f"{_OFFER}/actions/create-invoice", deciding.create_invoice, 201),
]
