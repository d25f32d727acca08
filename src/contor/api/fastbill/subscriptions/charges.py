"""What was used of an article that the plan does not measure: a charge on the contract, billed with its next invoice."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.api.fastbill.subscriptions.reading import no_article
from contor.api.fastbill.subscriptions.standing import standing_of
from contor.api.fastbill.subscriptions.taken import Offered, Subscribed
from contor.api.fastbill.subscriptions.types import UsageData
from contor.billing.items import ItemView, ListItems, list_items
from contor.catalogue.queries import options_by_ident, plan_by_ident
from contor.catalogue.rules import price_at, version_at
from contor.catalogue.types import CatalogueProperty, OptionContent, Price
from contor.contracts.change import IdentList
from contor.kernel.errors import Kind, Problem, Refused
from contor.orders.change_lines import ChangeLines, cancel_lines
from contor.orders.line_views import ListLines, list_lines
from contor.orders.lines import AddLines, add_line_items
from contor.orders.types import LineItemBody, LineItemView, ProcessingConfig
from contor.runtime.query import ListQuery, PageRequest
from contor.runtime.query.rsql import Comparison
from contor.runtime.uow import Uow

PREFIX: Final = "usage-"
"""Begins the idents of lines that are charges for usages."""
USED_AT: Final = "used_at"
"""The property that keeps the instant of use; a line knows days."""
RECORDED_AT: Final = "recorded_at"
"""The property that keeps when somebody said so; lines of an older make have none."""
CONTRACT: Final = "CONTRACT"


class Charge(NamedTuple):
    """A usage that is a line of its contract."""

    number: int
    contract_ident: str
    line_ident: str
    article: str
    quantity: Decimal
    unit_price: Decimal | None
    description: str | None
    used_at: dt.datetime
    recorded_at: dt.datetime
    is_billed: bool


class _Sold(NamedTuple):
    """An article as it is sold alone."""

    content: OptionContent
    price: Price | None


def charge(uow: Uow, one: Subscribed, data: UsageData, used_at: dt.datetime) -> int:
    """Its number. Raises the refusals of ARTICLE_NUMBER, where there is no such article, and of UNIT_PRICE, where nothing has a price."""
    country = one.contract.places.tax_location.country
    sold = _sold(uow, data.article_number, one.offered.today, country)
    if sold is None:
        raise no_article(uow, data.article_number, "is sold alone in no way: it is used of subscriptions that offer it")
    amount = data.unit_price if data.unit_price is not None else sold.price.price if sold.price is not None else None
    if amount is None:
        raise price_missing(data.article_number)
    price = sold.price or Price(price=Decimal(0))
    name = f"{PREFIX}{uow.new_uuid()}"
    following = standing_of(one).next_event
    is_later = following is not None and following > one.offered.today
    body = LineItemBody(
        ident=name,
        name=sold.content.product_name or sold.content.name,
        description=data.description or (sold.content.product_description or "")[:255] or None,
        article_number=data.article_number[:32],
        category=sold.content.category,
        quantity=data.quantity if data.quantity is not None else Decimal(1),
        quantity_type=sold.content.quantity_type,
        tax_calculation_basis=price.net_gross_indicator,
        unit_price_net=amount if price.net_gross_indicator == "NET" else None,
        unit_price_gross=amount if price.net_gross_indicator == "GROSS" else None,
        tax_code=price.tax_code,
        tax_scheme=price.tax_scheme,
        delivery_date=used_at.astimezone(uow.ctx.zone).date(),
        processing_config=ProcessingConfig(type="AT_DATE", date=following) if is_later else ProcessingConfig(),
        properties=(
            CatalogueProperty(key=USED_AT, value=used_at.isoformat()),
            CatalogueProperty(key=RECORDED_AT, value=uow.ctx.now().isoformat()),
        ),
    )
    (made,) = add_line_items(uow, AddLines(holder=CONTRACT, ident=one.contract.contract_ident, body=(body,)))
    return _number(made)


def price_missing(article_number: str) -> Refused:
    message = f"is required: article {article_number} has no price"
    return Refused(Kind.INVALID, Problem("price_missing", message, "unit_price"))


def price_of(uow: Uow, one: Subscribed, article_number: str) -> Price | None:
    """What an article costs; None: there is none, or it has no price."""
    sold = _sold(uow, article_number, one.offered.today, one.contract.places.tax_location.country)
    return sold.price if sold is not None else None


def charges_of(uow: Uow, one: Subscribed, most: int) -> list[Charge]:
    """What stands on the contract, the latest lines at most."""
    query = ListQuery(None, (), PageRequest(most))
    lines = list_lines(uow, ListLines(holder=CONTRACT, ident=one.contract.contract_ident, query=query)).items
    found = [line for line in lines if isinstance(line, LineItemView)]
    ident = one.contract.contract_ident
    return [_charge(ident, line) for line in found if line.ident.startswith(PREFIX) and line.status != "CANCELLED"]


def charge_numbered(uow: Uow, number: int) -> Charge | None:
    """The charge with this number, if it was not taken back."""
    query = ListQuery(Comparison.of("item_id", "==", str(number)), (), PageRequest(1))
    items: Sequence[object] = list_items(uow, ListItems(query)).items
    item = items[0] if items else None
    if not isinstance(item, ItemView) or item.contract_ident is None or not item.origin_ident.startswith(PREFIX):
        return None
    by_ident = ListQuery(Comparison.of("ident", "==", item.origin_ident), (), PageRequest(1))
    lines: Sequence[object] = list_lines(uow, ListLines(holder=CONTRACT, ident=item.contract_ident, query=by_ident)).items
    line = lines[0] if lines else None
    return _charge(item.contract_ident, line) if isinstance(line, LineItemView) and line.status != "CANCELLED" else None


def take_back(uow: Uow, one: Charge) -> None:
    """It is not billed."""
    cancel_lines(uow, ChangeLines(holder=CONTRACT, ident=one.contract_ident, body=IdentList(idents=(one.line_ident,))))


# helpers in calling order


def _sold(uow: Uow, number: str, today: dt.date, country: str) -> _Sold | None:
    options = options_by_ident(uow, [number])
    if number in options and options[number].type in ("ONETIME", "RECURRING", "QUANTITY"):
        content = version_at(options[number], today).content
        return _Sold(content, price_at(content.prices, country, None, None))
    plan = plan_by_ident(uow, number)
    if plan is None:
        return None
    linked = {link.option_ident for phase in plan.content.phases for link in phase.linked_options}
    offered = Offered(plan, options_by_ident(uow, linked), today)
    main = offered.main(plan.content.phases[0])
    return _Sold(offered.content(main), offered.price(main, country)) if main is not None else None


def _charge(contract_ident: str, line: LineItemView) -> Charge:
    kept = {entry.key: dt.datetime.fromisoformat(entry.value) for entry in line.properties if entry.key in (USED_AT, RECORDED_AT)}
    used_at = kept[USED_AT]  # as `charge` wrote it
    return Charge(
        number=_number(line),
        contract_ident=contract_ident,
        line_ident=line.ident,
        article=line.article_number or "",
        quantity=line.quantity,
        unit_price=line.unit_price_net if line.unit_price_net is not None else line.unit_price_gross,
        description=line.description,
        used_at=used_at,
        recorded_at=kept.get(RECORDED_AT, used_at),
        is_billed=line.status == "BILLED",
    )


def _number(line: LineItemView) -> int:
    assert line.billable_item_ident is not None
    return int(line.billable_item_ident.removeprefix("i-"))
