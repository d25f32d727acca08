"""Rows of drafts whose taxes a provider outside determines: what it is asked, and what the rows say by its answer."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.customers.places import addresses_at
from contor.customers.queries import Address
from contor.customers.taxation import exemption_on
from contor.documents.judge import quoted_taxes
from contor.documents.types import Tax
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO
from contor.kernel.partial import Content
from contor.kernel.places import alpha2
from contor.runtime.uow import Uow
from contor.settings.queries import Site
from contor.tax.determination import Buyer, Supplied
from contor.tax.providers import Foreseen, Outside, Place, Quotation


class Elsewhere(NamedTuple):
    """A row that is not determined here."""

    place: tuple[int, int]
    """Which draft, and which of its rows."""
    content: Content
    item: Content
    what: Supplied
    site: Site
    buyer: Buyer


Questions = Mapping[tuple[int, int], tuple[Outside, Quotation]]


def questions_about(uow: Uow, rows: Sequence[Elsewhere]) -> Questions:
    """By draft and row, what AVALARA is asked."""
    pairs = {pair for row in rows if (pair := _address(row.content)) is not None}
    addresses = addresses_at(uow, pairs)
    return {row.place: ("AVALARA", _quotation(row, addresses.get(_address(row.content) or ("", "")))) for row in rows}


def answers_to(uow: Uow, asked: Questions) -> tuple[dict[tuple[int, int], tuple[Tax, ...]], dict[tuple[int, int], Problem]]:
    """The taxes that were said, none where none is due; and why there are none."""
    answers = uow.brought if isinstance(uow.brought, Foreseen) else Foreseen({})
    taxes, problems = dict[tuple[int, int], tuple[Tax, ...]](), dict[tuple[int, int], Problem]()
    for place, (provider, quotation) in asked.items():
        quote = answers.quote(provider, quotation)
        if (problem := quote.lacking(provider, f"items[{place[1]}].taxDetail.taxes")) is not None:
            problems[place] = problem
        else:
            taxes[place] = quoted_taxes(quote.taxes)
    return taxes, problems


def _address(content: Content) -> tuple[str, str] | None:
    detail = content.get("customer_detail") or {}
    customer, address = detail.get("customer_ident"), detail.get("shipping_address_ident") or detail.get("invoice_address_ident")
    return (customer, address) if customer and address else None


def _quotation(row: Elsewhere, address: Address | None) -> Quotation:
    item, what = row.item, row.what
    detail, total = item.get("tax_detail") or {}, (item.get("prices") or {}).get("total") or {}
    is_net = detail.get("calculation_basis", "NET") == "NET"
    place = item.get("tax_location") or item.get("performance_location") or {}
    said_to = Place(alpha2(what.country) or what.country, place.get("street"), what.city, what.region, what.postal_code)
    to = said_to.or_at(address)
    exempt = exemption_on(row.buyer.exemptions, what.day, to.country)
    return Quotation(
        customer_ident=row.content["customer_detail"]["customer_ident"],
        currency=row.content.get("currency") or "EUR",
        day=what.day,
        amount=Decimal(total.get("net" if is_net else "gross") or ZERO),
        basis="NET" if is_net else "GROSS",
        quantity=Decimal(item.get("quantity") or 1),
        category=what.category,
        sent_from=Place.of_site(row.site.address),
        sent_to=to,
        article_number=item.get("article_number"),
        description=item.get("name"),
        exemption=None if exempt is None else exempt.certificate_number or exempt.code,
    )
