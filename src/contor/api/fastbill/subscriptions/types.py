"""What clients send of subscriptions. Pure."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from contor.api.fastbill.names import Also
from contor.api.fastbill.reading import Attributes, Code, Flag, Get, Id, Line, Moment, Number, Words, one_of
from contor.kernel.shapes import Ident, shape

Status = Annotated[str, one_of("active", "inactive")]
Own = Annotated[Attributes | None, BeforeValidator(lambda value: None if value == [] else value)]
"""A language whose empty map is an empty array sends one where nothing is said."""
Quantity = Annotated[Number, Field(ge=0, max_digits=19, decimal_places=4)]
Article = Annotated[Line, Field(min_length=1, max_length=100)]


@shape
class SubscriptionFilter(Get):
    subscription_id: Id | None = None
    customer_id: Id | None = None
    subscription_ext_uid: Line | None = None
    customer_ext_uid: Line | None = None


@shape
class FeatureData:
    code: Line
    quantity: Line | None = None
    value: Words | None = None


@shape
class AddonData:
    article_number: Article
    quantity: Quantity | None = None
    title: Line | None = None
    unit_price: Number | None = None
    description: Words | None = None


Features = Annotated[tuple[FeatureData, ...], Field(max_length=200)]
Addons = Annotated[tuple[AddonData, ...], Field(max_length=100)]


@shape
class SubscriptionData:
    """DATA of subscription.create."""

    article_number: Article
    customer_id: Id
    subscription_ext_uid: Annotated[Ident | None, Also("ext_uid")] = None
    coupon: Line | None = None
    title: Line | None = None
    unit_price: Number | None = None
    currency_code: Code | None = None
    description: Words | None = None
    start: Moment | None = None
    quantity: Quantity | None = None
    expiration_date: Annotated[Moment | None, Also("cancellation_date")] = None
    next_event: Moment | None = None
    invoice_title: Line | None = None
    x_attributes: Own = None
    features: Features = ()
    addons: Addons = ()


@shape
class UpcomingData:
    """DATA of subscription.getupcomingamount."""

    article_number: Article
    customer_id: Id | None = None
    coupon: Line | None = None
    country_code: Code | None = None
    quantity: Quantity | None = None
    addons: Addons = ()


@shape
class UpdateData:
    subscription_id: Id
    next_event: Moment | None = None
    subscription_ext_uid: Annotated[Ident | None, Also("ext_uid")] = None
    status: Status | None = None
    invoice_title: Line | None = None
    x_attributes: Own = None
    features: Features = ()
    """None: what is there stays, as clients send an empty list that say nothing of them."""


@shape
class ChangeData:
    """DATA of subscription.changearticle."""

    subscription_id: Id
    article_number: Article | None = None
    quantity: Quantity | None = None
    title: Line | None = None
    description: Words | None = None
    unit_price: Number | None = None
    currency_code: Code | None = None
    reset_addons: Flag = False
    coupon: Line | None = None
    addons: Addons = ()
    features: Features = ()
    """None: what is there stays, as clients send an empty list that say nothing of them."""
    suppress_mail: Flag = False


@shape
class AddonOf:
    """DATA of subscription.setaddon."""

    subscription_id: Id
    article_number: Article
    quantity: Quantity | None = None
    title: Line | None = None
    unit_price: Number | None = None
    description: Words | None = None


@shape
class UsageData:
    subscription_id: Id
    article_number: Article
    quantity: Quantity | None = None
    unit_price: Number | None = None
    description: Line | None = None
    usage_date: Moment | None = None
    currency_code: Code | None = None


@shape
class UsageFilter(Get):
    subscription_id: Id
    start: Moment | None = None
    end: Moment | None = None


@shape
class OneUsageData:
    usagedata_id: Id


@shape
class CancelData:
    subscription_id: Id
    cancellation_date: Moment | None = None
    cancellation_note: Line | None = None
    suppress_mail: Flag = False


@shape
class OneSubscription:
    subscription_id: Id


@shape
class PostponeData:
    subscription_id: Id
    month: Annotated[Line, Field(pattern=r"^\s*(0?[1-9]|1[0-2])\s*$")]
    """01 to 12: the next month of this number."""
