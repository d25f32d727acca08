"""Articles and coupons of another account."""

from contor.api.fastbill.articles import write
from contor.api.fastbill.articles.answers import AFFILIATE
from contor.api.fastbill.articles.types import NewArticle
from contor.api.fastbill.names import said
from contor.api.fastbill.reading import day, number, whole
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.sent import sent
from contor.api.fastbill.taking.foreign import word
from contor.api.fastbill.taking.once import ARTICLE, COUPON, Take, given, once
from contor.catalogue.coupons.stored import COUPONS
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.resource import Written
from contor.runtime.uow import Uow
from contor.takeovers.taking import Taken

_CORE = {
    "percentage": "DISCOUNT_AMOUNT",
    "amount": "DISCOUNT_AMOUNT",
    "name": "TITLE",
    "plans": "ASSIGNED_ARTICLES",
    "period": "DISCOUNT_PERIOD",
    "limit_total": "USAGES_MAX",
}
"""Field of the core -> tag."""


@operation("fastbill.take_article", permission="catalogue.write")
def take_article(uow: Uow, take: Take) -> Taken:
    """An article by its own number."""

    def make() -> object:
        write.create(uow, given(NewArticle, take.content))
        return take.number

    return once(uow, take, ARTICLE, make)


@operation("fastbill.take_coupon", permission="catalogue.write")
def take_coupon(uow: Uow, take: Take) -> Taken:
    """A coupon with its code; how often it was used there does not count here."""

    def make() -> object:
        with said_as(_CORE):
            COUPONS.create(uow, Written((), sent(COUPONS.creation, _coupon(take))))
        return take.number

    return once(uow, take, COUPON, make)


def _coupon(take: Take) -> Fields:
    content = take.content
    is_percent = word(content, "DISCOUNT_TYPE").lower() == "percent"
    # numbers of FastBill have idle decimals, and a coupon of the core has those of its currency
    value = number(said(content, "DISCOUNT_AMOUNT")).normalize()
    count, unit = whole(said(content, "DISCOUNT_PERIOD_AMOUNT") or 0), word(content, "DISCOUNT_PERIOD_UNIT").upper() or "EVENT"
    made: Fields = {
        "code": take.number,
        "name": word(content, "TITLE") or take.number,
        "type": "PERCENTAGE" if is_percent else "AMOUNT",
        "percentage" if is_percent else "amount": value + 0,
        "duration": "FOREVER" if not count else "ONCE" if (count, unit) == (1, "EVENT") else "LIMITED",
        "plans": [part.strip() for part in word(content, "ASSIGNED_ARTICLES").split(",") if part.strip()],
    }
    if made["duration"] == "LIMITED":
        made["period"] = {"value": count, "unit": unit}
    for name, tag in (("valid_from", "VALID_FROM"), ("valid_to", "VALID_TO")):
        if word(content, tag):
            made[name] = day(word(content, tag))
    if campaign := word(content, "CAMPAIGN"):
        made["campaign"] = campaign
    if affiliate := word(content, "AFFILIATE"):
        made["properties"] = [{"key": AFFILIATE, "value": affiliate}]
    if most := whole(said(content, "USAGES_MAX") or 0):
        made["limit_total"] = most
    return made
