"""estimate.*."""

from contor.api.fastbill.account.templates import named, site_of_template
from contor.api.fastbill.ids import CUSTOMER, ident_of, numbers_of, unknown
from contor.api.fastbill.invoices.known import customer_of
from contor.api.fastbill.invoices.vat import Where
from contor.api.fastbill.mailing import NAMES, mail_of
from contor.api.fastbill.papers.estimate_rows import CORE, estimate, introduction_of, request_content
from contor.api.fastbill.papers.known import OFFER, between, customer_meant, customer_named, query_of
from contor.api.fastbill.papers.types import EstimateFilter, NewEstimate, OneEstimateData, SentEstimate
from contor.api.fastbill.refusals import refused, said_as
from contor.api.fastbill.writing import Fields, done, listed
from contor.customers.queries import address_types, home_at
from contor.documents.papers import paper_url
from contor.kernel.operations import operation
from contor.kernel.places import alpha2
from contor.notifications.mail.log import SendOffer, send_offer
from contor.offers.deciding import create_invoice
from contor.offers.offers import CreateOffer, DeleteOffer, ListOffers, OneOffer, create_offer, delete_offer, list_offers
from contor.offers.queries import offers_by_id
from contor.offers.types import OfferCreation, OfferListed
from contor.runtime.execute import validated
from contor.runtime.uow import Uow
from contor.settings.groups import default_segment
from contor.settings.queries import billing_groups, home


@operation("fastbill.estimate_get", permission="documents.read", reads=True)
def get(uow: Uow, where: EstimateFilter) -> Fields:
    """The estimates that the filter means, the oldest first."""
    terms = [
        ("offer_id", "==", where.estimate_id),
        ("number", "==", where.estimate_number),
        ("customer_ident", "==", customer_meant(uow, where.customer_id)),
        *between("offer_date", where.start_estimate_date, where.end_estimate_date),
    ]
    page = list_offers(uow, ListOffers(query=query_of(where, terms, "offer_id")))
    rows = [row for row in page.items if isinstance(row, OfferListed)]
    offers = offers_by_id(uow, [row.offer_id for row in rows])
    customers = numbers_of(uow, CUSTOMER, [row.customer_ident for row in rows])
    answers = [
        estimate(
            offers[row.offer_id],
            customers.get(row.customer_ident),
            paper_url(uow, row.offer_id, "offer"),
            named(uow, offers[row.offer_id].document.operating_site_ident)[0],
        )
        for row in rows
    ]
    return listed("estimates", answers)


@operation("fastbill.estimate_create", permission="documents.write")
def create(uow: Uow, data: NewEstimate) -> Fields:
    """An estimate to a customer, by the tenant's defaults."""
    customer = customer_named(uow, data.customer_id)
    assert customer is not None, "it is required"
    address = next((ident for ident, kind in address_types(uow, customer).items() if kind == "INVOICE"), None)
    at = None if address is None else home_at(uow, customer, address)
    here = home(uow)
    if here is None:
        raise refused("There is no operating site yet: who offers is said in the settings.")
    site = site_of_template(uow, _whole(data.template_id), data.template_hash)
    country = (alpha2(at.country) or at.country) if at is not None else here.country
    with said_as(CORE):
        day = data.estimate_date or uow.ctx.today()
        where = Where(here.country, here.small_business, country, day)
        content = request_content(
            data, customer, address, _group(uow), where, site, customer_of(uow, data.customer_id).language or "de"
        )
        said = {**content, "introduction": introduction_of(data)}
        if data.due_date is not None:  # without it the offer holds as long as the tenant's offers do
            said["valid_until"] = data.due_date.isoformat()
        made = create_offer(uow, CreateOffer(body=validated(OfferCreation, said)))
    return done(estimate_id=made["offer_id"])


@operation("fastbill.estimate_sendbyemail", permission="documents.write")
def send(uow: Uow, data: SentEstimate) -> Fields:
    """The page to each recipient, and a copy of the first one's mail to who is copied."""
    with said_as(NAMES):
        send_offer(uow, SendOffer(ident_of(uow, OFFER, data.estimate_id, "ESTIMATE_ID"), mail_of(data)))
    return done()


@operation("fastbill.estimate_createinvoice", permission="documents.write")
def create_draft(uow: Uow, data: OneEstimateData) -> Fields:
    """A new draft of the estimate, at each call."""
    made = create_invoice(uow, OneOffer(offer_ident=ident_of(uow, OFFER, data.estimate_id, "ESTIMATE_ID")))
    return done(invoice_id=made.draft_id)


@operation("fastbill.estimate_delete", permission="documents.write")
def delete(uow: Uow, data: OneEstimateData) -> Fields:
    """An estimate of which no business came goes."""
    delete_offer(uow, DeleteOffer(offer_ident=ident_of(uow, OFFER, data.estimate_id, "ESTIMATE_ID")))
    return done()


# helpers in calling order


def _whole(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise unknown("TEMPLATE_ID", text)
    return int(text)


def _group(uow: Uow) -> str:
    """The only one, else that of the default business segment."""
    groups = list(billing_groups(uow))
    if len(groups) == 1:
        return groups[0]
    segment = default_segment(uow)
    if segment is None:
        raise refused(
            f"It is not clear which of {len(groups)} billing groups bills: make one of their business segments the default."
        )
    return segment.billing_group_ident
