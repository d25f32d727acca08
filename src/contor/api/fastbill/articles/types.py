"""What clients send of articles and coupons, and by what they look for them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from contor.api.fastbill.names import Also
from contor.api.fastbill.reading import Code, Flag, Get, Id, Line, Number, Whole, Words, text
from contor.catalogue.types import Duration, Unit
from contor.kernel.shapes import LEGIBLE, PRINTABLE, shape

_INTERVAL = re.compile(r"\s*([0-9]{1,4})\s*(day|week|month|year)s?\s*", re.ASCII | re.IGNORECASE)
UNITS: Final[Mapping[str, Unit]] = {"day": "DAY", "week": "WEEK", "month": "MONTH", "year": "YEAR"}


def interval(value: object) -> Duration | None:
    """`<n> day|week|month|year`; nothing, or 0 of them, is none."""
    if isinstance(value, Duration) or value is None:
        return value
    said = text(value).strip()
    found = _INTERVAL.fullmatch(said)
    if said == "0" or (found and not int(found[1])):
        return None
    if found is None or int(found[1]) > 1200:
        raise PydanticCustomError("text_expected", "must be an interval such as 1 month")
    return Duration(value=int(found[1]), unit=UNITS[found[2].lower()])


def _translations(value: object) -> object:
    """By language; a client whose empty map is an empty list has none."""
    if not isinstance(value, Mapping):
        return value or {}
    named = {str(code).lower(): words for code, words in value.items()}
    return {
        code: {str(name).lower(): word for name, word in words.items() if str(name).lower() in ("title", "description")}
        if isinstance(words, Mapping)
        else words
        for code, words in named.items()
    }


def _commas(value: object) -> str:
    """A list is said with commas, or as a list."""
    return ", ".join(text(one) for one in value) if isinstance(value, list) else text(value)


Commas = Annotated[str, Field(max_length=2_000, pattern=PRINTABLE), BeforeValidator(_commas), LEGIBLE]
Currency = Annotated[Code, Field(pattern=r"^[A-Z]{3}$")]
Interval = Annotated[Duration | None, BeforeValidator(interval)]
ArticleNumber = Annotated[str, BeforeValidator(text), Field(pattern=r"^[a-zA-Z0-9_.~-]{1,32}$")]
"""The ident of its plan or option: 1 to 32 letters, digits, and . _ ~ -"""
ArticleType = Annotated[
    Literal["product", "digital_product", "service", "none"], BeforeValidator(lambda said: text(said).strip().lower())
]
Price = Annotated[Number, Field(ge=0)]


@shape
class TranslationData:
    title: Line | None = None
    description: Words | None = None


@shape
class FeatureOfArticle:
    code: Annotated[Line, Field(max_length=100)]
    quantity: Number | None = None
    value: Annotated[Line, Field(max_length=100)] | None = None


@shape
class ArticleFields:
    """All of an article; in article.update what is left out stays as it is."""

    type: ArticleType | None = None
    description: Words | None = None
    unit: Annotated[Line, Field(max_length=32)] | None = None
    currency_code: Currency | None = None
    vat_percent: Number | None = None
    is_gross: Flag | None = None
    tags: Annotated[Commas, Field(max_length=255)] | None = None
    setup_fee: Price | None = None
    allow_multiple: Flag | None = None
    is_addon: Flag | None = None
    is_digital: Flag | None = None
    assigned_articles: Commas | None = None
    translations: (
        Annotated[
            dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], TranslationData], BeforeValidator(_translations), Also("translation")
        ]
        | None
    ) = None
    subscription_interval: Interval = None
    subscription_number_events: Annotated[Whole, Field(ge=0, le=1200)] | None = None
    subscription_trial: Interval = None
    subscription_duration: Interval = None
    subscription_duration_follow: Interval = None
    subscription_cancellation: Interval = None
    return_url_success: Line | None = None
    return_url_cancel: Line | None = None
    checkout_url: Line | None = None
    features: Annotated[tuple[FeatureOfArticle, ...], Field(max_length=50)] | None = None


@shape
class NewArticle(ArticleFields):
    article_number: ArticleNumber
    title: Annotated[Line, Field(min_length=1)]
    unit_price: Price


@shape
class ChangedArticle(ArticleFields):
    article_id: Line | None = None
    """The number of an article is taken, too, where no article has this id."""
    article_number: ArticleNumber | None = None
    title: Annotated[Line, Field(min_length=1)] | None = None
    unit_price: Price | None = None


@shape
class OneArticleData:
    article_id: Line | None = None
    article_number: Line | None = None


@shape
class ArticleFilter(Get):
    article_id: Id | None = None
    article_number: Line | None = None
    tags: Line | None = None


@shape
class CouponFilter(Get):
    code: Line | None = None


@shape
class CouponCheckFilter:
    code: Line
    article_number: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """An article as it is."""

    number: str
    title: str
    unit_price: Decimal
    type: str = "product"
    description: str | None = None
    unit: str | None = None
    currency_code: str = "EUR"
    tax_code: str = "STANDARD"
    is_gross: bool = False
    tags: str | None = None
    setup_fee: Decimal = Decimal(0)
    allow_multiple: bool = False
    is_addon: bool = False
    is_digital: bool = False
    assigned_articles: tuple[str, ...] = ()
    translations: Mapping[str, TranslationData] = field(default_factory=dict)
    subscription_interval: Duration | None = None
    subscription_number_events: int = 0
    subscription_trial: Duration | None = None
    subscription_duration: Duration | None = None
    subscription_duration_follow: Duration | None = None
    subscription_cancellation: Duration | None = None
    return_url_success: str | None = None
    return_url_cancel: str | None = None
    checkout_url: str | None = None
    features: tuple[FeatureOfArticle, ...] = ()

    @property
    def is_plan(self) -> bool:
        """It is subscribed to; else it is taken once, or beside a plan."""
        return self.subscription_interval is not None and not self.is_addon
