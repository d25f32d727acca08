"""A thing there against what it became here, field by field: amounts to the cent, prices to their last decimal. Pure."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from contor.api.fastbill.names import is_given, said
from contor.api.fastbill.taking.foreign import amount_of, currency_of, items_of, open_of, sums_of, word

Content = Mapping[str, object]


class Differing(NamedTuple):
    field: str
    there: str
    here: str


Compare = Callable[[Content, Content], Iterator[Differing]]


def words(*tags: str) -> Compare:
    """By what these tags say."""

    def compare(there: Content, here: Content) -> Iterator[Differing]:
        for tag in tags:
            said_there, said_here = plain(said(there, tag)), plain(said(here, tag))
            if said_there != said_here and has(there, tag):
                yield Differing(tag, said_there, said_here)

    return compare


def customer(there: Content, here: Content) -> Iterator[Differing]:
    yield from words(
        *(
            "CUSTOMER_NUMBER",
            "CUSTOMER_EXT_UID",
            "CUSTOMER_TYPE",
            "ORGANIZATION",
            "FIRST_NAME",
            "LAST_NAME",
            "ADDRESS",
            "ADDRESS_2",
        ),
        *("ZIPCODE", "CITY", "COUNTRY_CODE", "EMAIL", "PHONE", "VAT_ID", "CURRENCY_CODE", "DAYS_FOR_PAYMENT", "PAYMENT_TYPE"),
        *("BANK_IBAN", "BANK_BIC", "BANK_ACCOUNT_MANDATE_REFERENCE", "INVOICE_DELIVERY_METHOD", "LANGUAGE_CODE", "X_ATTRIBUTES"),
    )(there, here)
    if word(there, "ACCOUNT_RECEIVABLE"):
        yield from words("ACCOUNT_RECEIVABLE")(there, here)
    credit = amount_of(said(there, "CREDIT_BALANCE")), amount_of(said(here, "CREDIT_BALANCE"))
    if credit[0] != credit[1]:
        yield Differing("CREDIT_BALANCE", str(credit[0]), str(credit[1]))


contact: Final = words("ORGANIZATION", "FIRST_NAME", "LAST_NAME", "ADDRESS", "ZIPCODE", "CITY", "COUNTRY_CODE", "EMAIL", "PHONE")
article: Final = words(
    *("ARTICLE_NUMBER", "TITLE", "DESCRIPTION", "UNIT", "UNIT_PRICE", "SETUP_FEE", "CURRENCY_CODE", "VAT_PERCENT", "IS_GROSS"),
    *("IS_ADDON", "ASSIGNED_ARTICLES", "SUBSCRIPTION_INTERVAL", "SUBSCRIPTION_NUMBER_EVENTS", "SUBSCRIPTION_TRIAL"),
    *("SUBSCRIPTION_DURATION", "SUBSCRIPTION_DURATION_FOLLOW", "SUBSCRIPTION_CANCELLATION"),
)
coupon: Final = words(
    *("CODE", "TITLE", "DISCOUNT_TYPE", "DISCOUNT_AMOUNT", "DISCOUNT_PERIOD_AMOUNT", "DISCOUNT_PERIOD_UNIT", "VALID_FROM"),
    *("VALID_TO", "ASSIGNED_ARTICLES", "USAGES_MAX"),
)
project: Final = words("PROJECT_NUMBER", "PROJECT_NAME", "HOUR_PRICE", "CURRENCY_CODE", "VAT_PERCENT", "START_DATE", "END_DATE")
time: Final = words("DATE", "START_TIME", "END_TIME", "MINUTES", "COMMENT")


def subscription(there: Content, here: Content) -> Iterator[Differing]:
    """How it goes on: what is billed next, when, and until when."""
    yield from words(
        *("SUBSCRIPTION_TITLE", "SUBSCRIPTION_EXT_UID", "ARTICLE_NUMBER", "QUANTITY", "START", "NEXT_EVENT", "CANCELLATION_DATE"),
        *("STATUS", "INVOICE_TITLE", "X_ATTRIBUTES"),
    )(there, here)
    plans = [one if isinstance(one := said(of, "PLAN"), Mapping) else {} for of in (there, here)]
    for found in words("TITLE", "UNIT_PRICE", "VAT_PERCENT")(*plans):
        yield found._replace(field=f"PLAN.{found.field}")
    addons = [_addons(of) for of in (there, here)]
    if addons[0] != addons[1]:
        yield Differing("ADDONS", addons[0], addons[1])


def paper(there: Content, here: Content) -> Iterator[Differing]:
    """By its sums, and by what of it is open."""
    yield from words("INVOICE_NUMBER", "INVOICE_TITLE", "INVOICE_DATE", "CURRENCY_CODE")(there, here)
    yield from sums(there, here)
    opened = open_of(there), open_here(here)
    if opened[0] != opened[1]:
        yield Differing("OUTSTANDING_AMOUNT", str(opened[0]), str(opened[1]))


def open_here(content: Content) -> Decimal:
    """What is open of a paper of ours."""
    if is_given(said(content, "OUTSTANDING_AMOUNT")):  # an open item of ours
        return open_of(content)
    return Decimal(0) if word(content, "PAID_DATE") else sums_of(content).gross


def sums(there: Content, here: Content) -> Iterator[Differing]:
    for tag, one, other in zip(("SUB_TOTAL", "VAT_TOTAL", "TOTAL"), sums_of(there), sums_of(here), strict=True):
        if one != other:
            yield Differing(tag, str(one), str(other))


def draft(there: Content, here: Content) -> Iterator[Differing]:
    yield from words("TYPE", "INVOICE_TITLE", "CURRENCY_CODE")(there, here)
    yield from sums(there, here)
    if (one := len(items_of(there))) != (other := len(items_of(here))):
        yield Differing("ITEMS", str(one), str(other))


def has(content: Content, tag: str) -> bool:
    """Whether the account has the field at all: the products of FastBill have different ones."""
    return any(name.upper() == tag for name in content)


def plain(value: object) -> str:
    """A value as it is compared: what says nothing is empty, and 5, "5.00" and "5" are one number."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={plain(inner)}" for name, inner in sorted(value.items()) if is_given(inner))
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(one) for one in value)
    if value is None or not is_given(value):
        return ""
    text = str(value).strip().replace("<br />", "\n").replace("<br>", "\n")
    if text in ("False", "True"):
        return "1" if text == "True" else ""
    try:
        amount = Decimal(text) if text[:1] in "0123456789-" and "_" not in text else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or (text[:1] == "0" and text[1:2].isdecimal()):
        return text.removesuffix(" 00:00:00")
    return "" if not amount else f"{amount.normalize():f}"


# helpers in calling order


def _addons(content: Content) -> str:
    found = said(content, "ADDONS")
    rows = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    told = (
        f"{word(one, 'ARTICLE_NUMBER')}: {plain(said(one, 'QUANTITY'))} x {plain(said(one, 'UNIT_PRICE'))}"
        for one in rows
        if plain(said(one, "QUANTITY"))
    )
    return "; ".join(sorted(told))


__all__ = [
    "Compare",
    "Differing",
    "article",
    "contact",
    "coupon",
    "currency_of",
    "customer",
    "draft",
    "open_here",
    "open_of",
    "paper",
    "project",
    "subscription",
    "sums",
    "time",
    "words",
]
