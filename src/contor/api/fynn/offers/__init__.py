"""Offers of the second version, under both of the prefixes that are published: `/offers` and `/api/offers`."""

from dataclasses import replace
from functools import partial

from contor.api.fynn.kit import route
from contor.api.fynn.offers import verbs
from contor.api.fynn.offers.answers import OfferShown, TemplateShown
from contor.api.fynn.offers.details import give_public_details, preview_public_details, settle_offer
from contor.api.fynn.offers.links import recipient
from contor.api.fynn.offers.public import accept_public_offer, get_public_offer, reject_public_offer
from contor.api.route import IdsOf, Route
from contor.offers.proposals import LISTED, TEMPLATES

_OFFER = IdsOf(path={"id": verbs.OFFER_IDS})
_TEMPLATE = IdsOf(path={"id": verbs.TEMPLATE_IDS})
_read = partial(route, permission="offer:read", about="offer")
_write = partial(route, permission="offer:write", about="offer")


def _under(prefix: str, mark: str) -> list[Route]:
    """`mark` tells the second name of an operation from its first."""
    return [
        _read(
            "GET",
            f"{prefix}/offers",
            verbs.list_offers,
            id=f"listOffers{mark}",
            filterable=LISTED,
            sought=verbs.SOUGHT,
            output=OfferShown,
        ),
        _write("POST", f"{prefix}/offers", verbs.create_offer, id=f"createOffer{mark}", body="body"),
        _read("GET", f"{prefix}/offers/{{id}}", verbs.get_offer, id=f"getOffer{mark}", ids=_OFFER),
        _write("PUT", f"{prefix}/offers/{{id}}", verbs.update_offer, id=f"updateOffer{mark}", ids=_OFFER, body="body"),
        _write("POST", f"{prefix}/offers/{{id}}/publish", verbs.publish_offer, id=f"publishOffer{mark}", ids=_OFFER),
        _write("POST", f"{prefix}/offers/{{id}}/archive", verbs.archive_offer, id=f"archiveOffer{mark}", ids=_OFFER),
        _write(
            "POST",
            f"{prefix}/offers/{{id}}/invoice-details",
            settle_offer,
            id=f"setOfferInvoiceDetails{mark}",
            ids=_OFFER,
            body="body",
        ),
        _read("GET", f"{prefix}/offers/{{id}}/activities", verbs.offer_activities, id=f"getOfferActivities{mark}", ids=_OFFER),
        _write("POST", f"{prefix}/offers/{{id}}/accept", verbs.accept_offer, id=f"acceptOffer{mark}", ids=_OFFER, body="body"),
    ]


def _deciding(prefix: str, mark: str) -> list[Route]:
    """Approvers and recipients."""
    return [
        _write(
            "POST",
            f"{prefix}/offers/{{id}}/approval/approve",
            verbs.approve_offer,
            id=f"approveOffer{mark}",
            ids=_OFFER,
            body="body",
            may_be_empty=True,
        ),
        _write(
            "POST",
            f"{prefix}/offers/{{id}}/approval/reject",
            verbs.reject_offer,
            id=f"rejectOfferApproval{mark}",
            ids=_OFFER,
            body="body",
            may_be_empty=True,
        ),
        _write(
            "POST",
            f"{prefix}/offers/{{id}}/recipients",
            verbs.add_offer_recipient,
            id=f"addOfferRecipient{mark}",
            ids=_OFFER,
            body="body",
        ),
        _write(
            "DELETE",
            f"{prefix}/offers/{{id}}/recipients/{{recipientId}}",
            verbs.remove_offer_recipient,
            id=f"removeOfferRecipient{mark}",
            ids=_OFFER,
        ),
    ]


def _templates(prefix: str, mark: str) -> list[Route]:
    return [
        _read(
            "GET",
            f"{prefix}/offer-templates",
            verbs.list_templates,
            id=f"listOfferTemplates{mark}",
            filterable=TEMPLATES.search,
            sought=verbs.TEMPLATES_SOUGHT,
            output=TemplateShown,
        ),
        _write("POST", f"{prefix}/offer-templates", verbs.create_template, id=f"createOfferTemplate{mark}", body="body"),
        _read("GET", f"{prefix}/offer-templates/{{id}}", verbs.get_template, id=f"getOfferTemplate{mark}", ids=_TEMPLATE),
        _write(
            "PUT",
            f"{prefix}/offer-templates/{{id}}",
            verbs.update_template,
            id=f"updateOfferTemplate{mark}",
            ids=_TEMPLATE,
            body="body",
        ),
        _write("DELETE", f"{prefix}/offer-templates/{{id}}", verbs.delete_template, id=f"deleteOfferTemplate{mark}", ids=_TEMPLATE),
    ]


_public = partial(route, permission="", about="offer")
ROUTES: list[Route] = [
    *(
        row
        for prefix, mark in (("", ""), ("/api", "Beta"))
        for rows in (_under, _deciding, _templates)
        for row in rows(prefix, mark)
    ),
    *(
        replace(row, holder=recipient)
        for row in (
            _public("GET", "/public/offers/{id}", get_public_offer, id="getPublicOffer"),
            _public("POST", "/public/offers/{id}/accept", accept_public_offer, id="acceptPublicOffer", body="body"),
            _public(
                "POST", "/public/offers/{id}/invoice-details", give_public_details, id="setPublicOfferInvoiceDetails", body="body"
            ),
            _public(
                "POST",
                "/public/offers/{id}/invoice-details/preview",
                preview_public_details,
                id="previewPublicOfferInvoiceDetails",
                body="body",
            ),
            _public(
                "POST", "/public/offers/{id}/reject", reject_public_offer, id="rejectPublicOffer", body="body", may_be_empty=True
            ),
        )
    ),
]
