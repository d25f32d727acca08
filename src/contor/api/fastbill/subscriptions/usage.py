"""subscription.setusagedata, getusagedata, deleteusagedata: what was used, summed onto the next invoice."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.api.fastbill.ids import unknown
from contor.api.fastbill.reading import BERLIN
from contor.api.fastbill.refusals import refused, said_as
from contor.api.fastbill.subscriptions.charges import (
    Charge,
    charge,
    charge_numbered,
    charges_of,
    price_missing,
    price_of,
    take_back,
)
from contor.api.fastbill.subscriptions.reading import require, require_currency
from contor.api.fastbill.subscriptions.taken import Subscribed
from contor.api.fastbill.subscriptions.types import OneUsageData, UsageData, UsageFilter
from contor.api.fastbill.writing import Fields, decimals, done, identifier, listed, moment, words
from contor.catalogue.articles.queries import find_articles
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.rated_usage.read import ListRatedUsages, OneRatedUsage, list_rated_usages
from contor.rated_usage.record import RecordRatedUsage, cancel_rated_usage, record_rated_usage
from contor.rated_usage.types import RatedUsageBody, RatedUsageView
from contor.runtime.query import ListQuery, Order, PageRequest
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.uow import Uow
from contor.usage.read import ChangeUsages, ListUsages, UsageIdents, delete_usages, list_usages
from contor.usage.record import RecordUsage, record_usage
from contor.usage.types import UsageBody, UsageView

CORE = {
    "unit_quantity": "QUANTITY",
    "unit_price": "UNIT_PRICE",
    "start_date": "USAGE_DATE",
    "option_ident": "ARTICLE_NUMBER",
    "description": "DESCRIPTION",
}
"""Field of the core -> tag."""
UNBILLED = ("OPEN", "ERROR")
"""States of a usage with a price of its own that stands on no item yet."""
MOST_CHARGES = 1_000
"""Charges of a contract that a list looks through, the latest."""


class _Used(NamedTuple):
    """What was used, however it is kept."""

    number: int
    article: str
    quantity: Decimal
    unit_price: Decimal | None
    description: str | None
    used_at: dt.datetime
    recorded_at: dt.datetime


@operation("fastbill.subscription_setusagedata", permission="contracts.write")
def set_usage_data(uow: Uow, data: UsageData) -> Fields:
    """Record what was used of an article. What the plan measures is priced by it, or brings its own price; of every other article it is a
    charge, at its own price or the one that is said."""
    one = require(uow, data.subscription_id)
    require_currency(one.offered, data.currency_code)
    used_at, contract, name = data.usage_date or uow.ctx.now(), one.contract.contract_ident, str(uow.new_uuid())
    if used_at > uow.ctx.now() and used_at.astimezone(BERLIN).date() > one.offered.today:
        message = f"is after today ({one.offered.today}): it has not been used yet"
        raise Refused(Kind.INVALID, Problem("usage_to_come", message, "USAGE_DATE", used_at))
    ident = one.offered.used(data.article_number)
    price = data.unit_price
    if ident is not None and one.offered.options[ident].type == "RATED_USAGE":
        usual = price_of(uow, one, data.article_number)
        # such a usage has a net price
        ident = ident if usual is None or usual.net_gross_indicator == "NET" else None
        price = price if price is not None or usual is None else usual.price
    if ident is None:
        with said_as(CORE, one.called):
            return done(usagedata_id=charge(uow, one, data, used_at))
    quantity = data.quantity if data.quantity is not None else Decimal(1)
    if one.offered.options[ident].type == "RATED_USAGE":
        if price is None:
            raise price_missing(data.article_number)
        priced = RatedUsageBody(
            rated_usage_ident=name,
            contract_ident=contract,
            option_ident=ident,
            start_date=used_at,
            unit_quantity=quantity,
            unit_price=price,
            description=data.description,
        )
        with said_as(CORE, one.called):
            return done(usagedata_id=record_rated_usage(uow, RecordRatedUsage(body=priced)).rated_usage_id)
    if data.unit_price is not None:
        raise refused(f"The plan says what {data.article_number} costs: UNIT_PRICE is left out.", "price_of_plan", Kind.INVALID)
    body = UsageBody(
        usage_ident=name,
        contract_ident=contract,
        option_ident=ident,
        start_date=used_at,
        unit_quantity=quantity,
        description=data.description,
    )
    with said_as(CORE, one.called):
        return done(usagedata_id=record_usage(uow, RecordUsage(body=body)).usage_id)


@operation("fastbill.subscription_getusagedata", permission="contracts.read", reads=True)
def get_usage_data(uow: Uow, where: UsageFilter) -> Fields:
    """What was used under a subscription, the oldest first; what was taken back is not there."""
    one = require(uow, where.subscription_id)
    terms = [Comparison.of("contract_id", "==", str(one.contract.contract_id)), Comparison.of("status", "!=", "CANCELLED")]
    terms += [Comparison.of("started_at", ">=", where.start.isoformat())] if where.start is not None else []
    terms += [Comparison.of("started_at", "<", where.end.isoformat())] if where.end is not None else []
    query = ListQuery(All(tuple(terms)), (Order("started_at"),), PageRequest(where.limit + where.offset))
    found = [*map(_of_usage, _usages(uow, query)), *map(_of_priced, _priced(uow, query))]
    first, last = where.start or dt.datetime.min.replace(tzinfo=dt.UTC), where.end or dt.datetime.max.replace(tzinfo=dt.UTC)
    found += [row for row in map(_of_charge, charges_of(uow, one, MOST_CHARGES)) if first <= row.used_at < last]
    found.sort(key=lambda row: (row.used_at, row.number))
    page = found[where.offset : where.offset + where.limit]
    names = {_article_of(one, row) for row in page}
    articles = {it.ident: it.number for it in find_articles(uow, idents=sorted(names), limit=len(names))} if names else {}
    return listed("items", [_item(one, row, articles) for row in page])


@operation("fastbill.subscription_deleteusagedata", permission="contracts.write")
def delete_usage_data(uow: Uow, data: OneUsageData) -> Fields:
    """Take back what was used, as long as it is on no invoice."""
    by_number = Comparison.of("usage_id", "==", str(data.usagedata_id))
    if found := _usages(uow, ListQuery(by_number, (), PageRequest(1))):
        with said_as({"usage_idents": "USAGEDATA_ID"}):
            delete_usages(uow, ChangeUsages(body=UsageIdents(usage_idents=(found[0].usage_ident,))))
        return done()
    by_number = Comparison.of("rated_usage_id", "==", str(data.usagedata_id))
    priced, charged = _priced(uow, ListQuery(by_number, (), PageRequest(1))), charge_numbered(uow, data.usagedata_id)
    if charged is None and (not priced or priced[0].status == "CANCELLED"):
        raise unknown("usagedata_id", data.usagedata_id)
    if charged.is_billed if charged is not None else priced[0].status not in UNBILLED:
        raise refused("The usage is billed: it cannot be deleted.", "usage_billed", Kind.CONFLICT)
    if charged is not None:
        take_back(uow, charged)
    else:
        cancel_rated_usage(uow, OneRatedUsage(rated_usage_ident=priced[0].rated_usage_ident))
    return done()


# helpers in calling order


def _usages(uow: Uow, query: ListQuery) -> list[UsageView]:
    return [one for one in list_usages(uow, ListUsages(query)).items if isinstance(one, UsageView)]


def _priced(uow: Uow, query: ListQuery) -> list[RatedUsageView]:
    return [one for one in list_rated_usages(uow, ListRatedUsages(query)).items if isinstance(one, RatedUsageView)]


def _of_usage(used: UsageView) -> _Used:
    return _Used(used.usage_id, used.option_ident, used.unit_quantity, None, used.description, used.start_date, used.created_at)


def _of_priced(used: RatedUsageView) -> _Used:
    number, option = used.rated_usage_id, used.option_ident
    return _Used(number, option, used.unit_quantity, used.unit_price, used.description, used.start_date, used.created_at)


def _of_charge(one: Charge) -> _Used:
    return _Used(one.number, one.article, one.quantity, one.unit_price, one.description, one.used_at, one.recorded_at)


def _article_of(one: Subscribed, used: _Used) -> str:
    """The number of the article that was used."""
    known = used.article in one.offered.options
    return (one.offered.content(used.article).article_number if known else None) or used.article


def _item(one: Subscribed, used: _Used, articles: Mapping[str, int]) -> Fields:
    """`articles`: ids by number."""
    article = _article_of(one, used)
    return {
        "usagedata_id": identifier(used.number),
        "customer_id": identifier(one.customer_id),
        "subscription_id": identifier(one.contract.contract_id),
        "article_id": identifier(articles.get(article)),
        "article_number": article,
        "unit_price": decimals(used.unit_price, 4),
        "description": words(used.description),
        "currency_code": one.offered.plan.content.currency,
        "usage_date": moment(used.used_at),
        "created": moment(used.recorded_at),
        "quantity": decimals(used.quantity, 4),
    }
