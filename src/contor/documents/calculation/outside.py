"""Which items of a calculation a provider outside determines, and what it is asked of each."""

from collections.abc import Iterator, Mapping, Sequence

from contor.customers.places import addresses_at
from contor.customers.queries import Address
from contor.customers.taxation import exemption_on
from contor.documents.calculation.queries import kept
from contor.documents.calculation.types import CalculationBody, CalculationItem
from contor.documents.calculation.world import World, is_of_partner
from contor.kernel.money import ZERO
from contor.kernel.places import alpha2
from contor.runtime.uow import Uow
from contor.settings.queries import Site
from contor.tax.providers import Outside, Place, Quotation

Addresses = Mapping[tuple[str, str], Address]


def questions(uow: Uow, bodies: Sequence[CalculationBody]) -> list[tuple[Outside, Quotation]]:
    """Of all that are not calculated yet."""
    names = {body.request_id for body in bodies if not body.forecast and body.request_id is not None}
    known = kept(uow, names)
    new = [body for body in bodies if body.referenced_document_number is None and body.request_id not in known]
    return list(Questions(uow, World(uow, new), new)) if new else []


class Questions:
    """Of the documents of a batch."""

    def __init__(self, uow: Uow, world: World, bodies: Sequence[CalculationBody]) -> None:
        self.world, self.bodies = world, bodies
        named = {(it.customer_ident, it.invoice_address_ident) for it in (body.customer for body in bodies)}
        self._addresses: Addresses = addresses_at(uow, {(one, at) for one, at in named if one is not None and at is not None})

    def __iter__(self) -> Iterator[tuple[Outside, Quotation]]:
        for body in self.bodies:
            for item in body.items:
                if (question := self.of(body, item)) is not None:
                    yield question

    def of(self, body: CalculationBody, item: CalculationItem) -> tuple[Outside, Quotation] | None:
        """None: it is determined here, or says its taxes."""
        world, place = self.world, item.tax_location
        site = world.determination.site(item.operating_site)
        if item.tax_detail.taxes or is_of_partner(body) or site is None or not world.knows(body.customer):
            return None
        provider = world.elsewhere.provider_for(place.country, place.region or place.state, body.billing_group_ident)
        return None if provider != "AVALARA" else (provider, self._quotation(body, item, site))

    def _quotation(self, body: CalculationBody, item: CalculationItem, site: Site) -> Quotation:
        product, said = item.product_information, item.prices.total
        basis = item.tax_detail.calculation_basis
        place, known_as = item.tax_location, (body.customer.customer_ident or "", body.customer.invoice_address_ident or "")
        said_to = Place(
            alpha2(place.country) or place.country, place.street, place.city, place.state or place.region, place.postal_code
        )
        to = said_to.or_at(self._addresses.get(known_as))
        certified = exemption_on(self.world.buyer(body).exemptions, item.tax_date, to.country)
        own = None if item.tax_exemption is None else item.tax_exemption.certificate_number or item.tax_exemption.code
        return Quotation(
            customer_ident=body.customer.customer_ident or "NEW",
            currency=body.currency or self.world.currency,
            day=self.world.date(body) if body.type == "DEPOSIT_INVOICE" else item.tax_date,
            amount=(said.net if basis == "NET" else said.gross) or ZERO,
            basis=basis,
            quantity=product.quantity,
            category=product.category,
            sent_from=Place.of_site(site.address),
            sent_to=to,
            article_number=product.article_number,
            description=product.name,
            exemption=own or (None if certified is None else certified.certificate_number or certified.code),
        )
