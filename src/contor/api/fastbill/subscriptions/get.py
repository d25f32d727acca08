"""subscription.get."""

from collections.abc import Collection
from decimal import Decimal

from contor.api.fastbill.articles.answers import coupon
from contor.api.fastbill.ids import CUSTOMER
from contor.api.fastbill.subscriptions.reading import subscribed
from contor.api.fastbill.subscriptions.standing import Standing, discounted, standing_of
from contor.api.fastbill.subscriptions.taken import Subscribed
from contor.api.fastbill.subscriptions.types import SubscriptionFilter
from contor.api.fastbill.writing import NO_TIME, Fields, attributes, decimals, identifier, listed, moment, words
from contor.api.ids import as_uuid
from contor.billing.items import BillableRow
from contor.billing.papers import Taxes
from contor.billing.proposal import header_of
from contor.catalogue.types import OptionContent, Price
from contor.contracts.labels import FindContracts, find_contracts
from contor.customers.keeping import FindCustomers, find_customers
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.runtime.uow import Uow


class BilledRates:
    """VAT_PERCENT: the rate at which a subscription is billed today, by the tenant's rules or by law. What it depends on is read once for a
    page."""

    def __init__(self, uow: Uow, page: Collection[Subscribed]) -> None:
        self._taxes = Taxes(uow, {one.contract.customer_ident for one in page})

    def of(self, one: Subscribed, content: OptionContent, price: Price | None) -> Decimal | None:
        """Percent: 0 where the customer owes the tax or there is none; None where nothing has a price, or no site supplies it."""
        if price is None:
            return None
        places, today = one.contract.places, one.offered.today
        row = BillableRow(
            name=content.name,
            category=content.category,
            quantity=Decimal(1),
            quantity_type=content.quantity_type,
            unit_price=ZERO,
            total=ZERO,
            basis=price.net_gross_indicator,
            tax_location=places.tax_location,
            performance_location=places.performance_location,
            tax_date=today,
            tax_code=price.tax_code,
            tax_scheme=price.tax_scheme,
        )
        found = self._taxes.expected(header_of(one.contract, one.course, None), row, today)
        return found.rate if found is not None else None


@operation("fastbill.subscription_get", permission="contracts.read", reads=True)
def get(uow: Uow, where: SubscriptionFilter) -> Fields:
    """The subscriptions that the filter means, the oldest first."""
    found = find_contracts(
        uow,
        FindContracts(
            numbers=None if where.subscription_id is None else (where.subscription_id,),
            customer_idents=_customers(uow, where),
            external_ident=where.subscription_ext_uid,
            limit=where.limit,
            offset=where.offset,
        ),
    )
    page = subscribed(uow, found)
    rates = BilledRates(uow, page)
    return listed("subscriptions", [subscription(uow, one, rates) for one in page])


def _customers(uow: Uow, where: SubscriptionFilter) -> tuple[str, ...] | None:
    """None: everybody's."""
    if where.customer_ext_uid is not None:
        numbers = (where.customer_id,) if where.customer_id is not None else None
        found = find_customers(uow, FindCustomers(numbers=numbers, external_id=where.customer_ext_uid))
        return tuple(one.customer["customer_ident"] for one in found)
    return tuple(CUSTOMER.find(uow, [str(where.customer_id)]).values()) if where.customer_id is not None else None


def subscription(uow: Uow, one: Subscribed, rates: BilledRates) -> Fields:
    """A subscription as lists answer it. Reads nothing more."""
    contract, standing = one.contract, standing_of(one)
    main = one.main
    return {
        "subscription_id": identifier(contract.contract_id),
        "customer_id": identifier(one.customer_id),
        "subscription_title": one.label.title or (_title(one, main) if main is not None else one.offered.plan.content.name),
        "start": moment(contract.start_on, NO_TIME),
        **events(standing),
        "status": standing.status,
        "hash": hash_of(uow, contract.contract_id),
        "x_attributes": attributes(one.label.attributes),
        "article_number": one.article,
        "quantity": decimals(one.quantities.get(main or "", Decimal(1)), 0 if _is_whole(one, main) else 4),
        "plan": plan(one, main, rates) if main is not None else None,
        "plan_upcoming": _upcoming(one, rates),
        "addons": [plan(one, ident, rates) for ident in one.addons()],
        "coupon": _coupon(one),
        "subscription_ext_uid": words(one.label.external_ident),
        "invoice_title": words(one.label.document_title),
        "features": [dict(feature) for feature in one.label.features],
        "cancellation_note": words(contract.reason),
    }


def events(standing: Standing) -> Fields:
    """The dates of a subscription."""
    return {
        "next_event": moment(standing.next_event, NO_TIME),
        "last_event": moment(standing.last_event, NO_TIME),
        "cancellation_date": moment(standing.cancelled_on, NO_TIME),
        "expiration_date": moment(standing.expires_on, NO_TIME),
    }


def plan(one: Subscribed, ident: str, rates: BilledRates) -> Fields:
    """An option as it is taken."""
    content = one.content(ident)
    price = one.offered.price(ident, one.contract.places.tax_location.country)
    quantity = one.quantities.get(ident, Decimal(1))
    return {
        "article_number": one.number(ident),
        "quantity": decimals(quantity, 0 if quantity == quantity.to_integral_value() else 4),
        "title": content.product_name or content.name,
        "description": words(content.product_description),
        "unit_price": decimals(one.unit_price(ident), 4),
        "vat_percent": decimals(rates.of(one, content, price), 2),
    }


def hash_of(uow: Uow, contract_id: int) -> str:
    """By which links name a subscription: 32 digits, never another's, not to be guessed without the number."""
    return as_uuid(contract_id, f"{uow.ctx.tenant_id}:contract").replace("-", "")


def _upcoming(one: Subscribed, rates: BilledRates) -> Fields | None:
    """The article to which it changes."""
    offered = one.upcoming
    main = offered.main(offered.plan.content.phases[0]) if offered is not None else None
    if offered is None or main is None:
        return None
    content, country = offered.content(main), one.contract.places.tax_location.country
    price = offered.price(main, country)
    return {
        "article_number": offered.plan.plan_ident,
        "quantity": decimals(one.quantities.get(one.main or "", Decimal(1)), 0 if _is_whole(one, one.main) else 4),
        "title": content.product_name or content.name,
        "description": words(content.product_description),
        "unit_price": decimals(price.price if price is not None else None, 4),
        "vat_percent": decimals(rates.of(one, content, price), 2),
    }


def _coupon(one: Subscribed) -> Fields | None:
    if one.coupon is None:
        return None
    reduced = {"subscription_id": identifier(one.contract.contract_id), "payments_discounted": str(discounted(one))}
    return {**coupon(one.coupon.row), **reduced}


def _title(one: Subscribed, main: str) -> str:
    content = one.content(main)
    return content.product_name or content.name


def _is_whole(one: Subscribed, main: str | None) -> bool:
    quantity = one.quantities.get(main or "", Decimal(1))
    return quantity == quantity.to_integral_value()
