"""Every field that clients send is said to have an effect, or to have none and why: the contract's fields against the services' shapes and
against what docs/dialects/fastbill.md says of the others."""

import ast
import dataclasses
import itertools
import re
import typing
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

import contor.api.fastbill
from contor.api.fastbill.customers.types import OWN
from contor.api.fastbill.names import Names, names_of
from contor.api.fastbill.services import SERVICES

DOCS = Path(__file__).parents[3] / "docs/dialects/fastbill.md"
SOURCES = sorted(Path(contor.api.fastbill.__path__[0]).rglob("*.py"))
PERSON = (
    "ORGANIZATION POSITION ACADEMIC_DEGREE SALUTATION FIRST_NAME LAST_NAME ADDRESS ADDRESS_2 ZIPCODE CITY COUNTRY_CODE"
    " SECONDARY_ADDRESS PHONE PHONE_2 FAX MOBILE EMAIL WEBSITE VAT_ID CURRENCY_CODE COMMENT TAGS"
)
CUSTOMER = (
    f"{PERSON} CUSTOMER_TYPE CUSTOMER_NUMBER DAYS_FOR_PAYMENT PAYMENT_TYPE BANK_NAME BANK_ACCOUNT_NUMBER BANK_CODE BANK_ACCOUNT_OWNER"
    " BANK_IBAN BANK_BIC BANK_ACCOUNT_MANDATE_REFERENCE SHOW_PAYMENT_NOTICE ACCOUNT_RECEIVABLE CUSTOMER_ACCOUNT TOP NEWSLETTER_OPTIN"
    " BUYER_REFERENCE GLN CUSTOMER_EXT_UID TITLE_ACADEMIC STATE EMAIL_CC BIRTHDAY PAYMENT_MAIL_ADDRESS TAX_ID LANGUAGE_CODE AFFILIATE"
    " INVOICE_DELIVERY_METHOD BANK_ACCOUNT_OWNER_ADDRESS BANK_ACCOUNT_OWNER_CITY BANK_ACCOUNT_OWNER_ZIPCODE BANK_ACCOUNT_OWNER_EMAIL"
    " BANK_ACCOUNT_MANDATE_REFERENCE_DATE X_ATTRIBUTES ALLOWED_PAYMENT_TYPES PAYMENT_PROVIDER PAYMENT_TOKEN SUPPRESS_MAIL"
    " HASH CREDIT_BALANCE DASHBOARD_URL CHANGEDATA_URL DOCUMENT_HISTORY_URL CREATED LASTUPDATE DELETED_DATE PASSWORD PAYMILL_TOKEN"
)
INVOICE = (
    "CUSTOMER_ID CUSTOMER_COSTCENTER_ID CONTACT_ID PROJECT_ID CURRENCY_CODE TEMPLATE_ID TEMPLATE_HASH INTROTEXT INVOICE_TITLE"
    " DELIVERY_DATE SERVICE_PERIOD_START SERVICE_PERIOD_END CASH_DISCOUNT_PERCENT CASH_DISCOUNT_DAYS IS_GROSS VAT_CASE"
    " CUSTOMER_ACCOUNTING_NOTE CONTRACT_REFERENCE CUSTOMER_ORDER_REFERENCE ORDER_REFERENCE EU_DELIVERY NOTE PAYMENT_TYPE"
    " DAYS_FOR_PAYMENT ITEMS.INVOICE_ITEM_ID ITEMS.ARTICLE_NUMBER ITEMS.DESCRIPTION ITEMS.QUANTITY ITEMS.UNIT ITEMS.UNIT_PRICE"
    " ITEMS.VAT_PERCENT ITEMS.IS_GROSS ITEMS.COMPLETE_GROSS ITEMS.CATEGORY ITEMS.SORT_ORDER REFERENCED_INVOICE_ID REFERENCE_INVOICE_ID"
    " VAT_ITEMS COMMENTS PAYMENTS TOTAL SUB_TOTAL VAT_TOTAL DOCUMENT_URL"
)
ARTICLE = (
    "ARTICLE_NUMBER TITLE UNIT_PRICE DESCRIPTION TYPE UNIT CURRENCY_CODE VAT_PERCENT IS_GROSS TAGS SETUP_FEE ALLOW_MULTIPLE IS_ADDON"
    " IS_DIGITAL ASSIGNED_ARTICLES TRANSLATIONS SUBSCRIPTION_INTERVAL SUBSCRIPTION_NUMBER_EVENTS SUBSCRIPTION_TRIAL"
    " SUBSCRIPTION_DURATION SUBSCRIPTION_DURATION_FOLLOW SUBSCRIPTION_CANCELLATION RETURN_URL_SUCCESS RETURN_URL_CANCEL CHECKOUT_URL"
    " FEATURES.CODE FEATURES.QUANTITY FEATURES.VALUE"
)
PAPER = (
    "INVOICE_DATE SUB_TOTAL SERVICE_PERIOD_START SERVICE_PERIOD_END DUE_DATE CUSTOMER_ID INVOICE_NUMBER COMMENT VAT_TOTAL CURRENCY_CODE"
    " PAID_DATE ITEMS.DESCRIPTION ITEMS.QUANTITY ITEMS.UNIT_PRICE ITEMS.NET_VALUE ITEMS.VAT_PERCENT ITEMS.VAT_VALUE ITEMS.CATEGORY"
)
MAIL = "RECIPIENT.TO RECIPIENT.CC RECIPIENT.BCC SUBJECT MESSAGE RECEIPT_CONFIRMATION"
RHYTHM = "START_DATE FREQUENCY OCCURENCES OUTPUT_TYPE EMAIL_NOTIFY"
PROJECT = (
    "PROJECT_NUMBER PROJECT_NAME CUSTOMER_ID CUSTOMER_COSTCENTER_ID CUSTOMER_COST_CENTER_ID HOUR_PRICE CURRENCY_CODE VAT_PERCENT"
)
TIME = "CUSTOMER_ID PROJECT_ID START_TIME DATE TASK_ID END_TIME MINUTES BILLABLE_MINUTES COMMENT ARTICLE_NUMBER INVOICE_ID IS_CALCULATED"
TAKEN = "ARTICLE_NUMBER QUANTITY TITLE UNIT_PRICE DESCRIPTION"
ADDONS = " ".join(f"ADDONS.{name}" for name in TAKEN.split())
FEATURES = "FEATURES.CODE FEATURES.QUANTITY FEATURES.VALUE"
DAYS = "START_DATE END_DATE START_PAID_DATE END_PAID_DATE MONTH YEAR"
CONTRACT = {
    "customer.get": (
        "CUSTOMER_ID CUSTOMER_NUMBER COUNTRY_CODE CUSTOMER_COUNTRY CITY TERM CUSTOMER_EXT_UID COMMENT HASH DASHBOARD_URL CHANGEDATA_URL"
    ),
    "customer.create": CUSTOMER,
    "customer.update": f"{CUSTOMER} CUSTOMER_ID",
    "customer.delete": "CUSTOMER_ID",
    "customer.createsecurelink": "CUSTOMER_ID",
    "customer.addcredits": "CUSTOMER_ID AMOUNT",
    "contact.get": "CUSTOMER_ID CUSTOMER_NUMBER CONTACT_ID TERM",
    "contact.create": f"{PERSON} CUSTOMER_ID",
    "contact.update": f"{PERSON} CUSTOMER_ID CONTACT_ID",
    "contact.delete": "CUSTOMER_ID CONTACT_ID",
    "invoice.get": (
        "INVOICE_ID INVOICE_NUMBER INVOICE_TITLE CUSTOMER_ID MONTH YEAR START_DUE_DATE END_DUE_DATE TYPE START_DATE END_DATE PROJECT_ID"
        " START_PAID_DATE END_PAID_DATE START_LASTUPDATE END_LASTUPDATE STATE"
    ),
    "invoice.create": f"{INVOICE} INVOICE_DATE INVOICE_EXT_UID",
    "invoice.update": f"{INVOICE} INVOICE_DATE INVOICE_EXT_UID INVOICE_ID DELETE_EXISTING_ITEMS",
    **dict.fromkeys(
        ("invoice.delete", "invoice.lock", "invoice.sign", "invoice.sendbypost", "invoice.capture", "invoice.getreminders"),
        "INVOICE_ID",
    ),
    "invoice.correctvat2020": "INVOICE_ID",
    "invoice.complete": "INVOICE_ID PAYMENT_TOKEN PAYMENT_PROVIDER",
    "invoice.cancel": "INVOICE_ID CANCELLATION_AMOUNT DESCRIPTION",
    "invoice.sendbyemail": f"INVOICE_ID {MAIL}",
    "invoice.setpaid": "INVOICE_ID PAID_DATE PAYMENT_METHOD",
    "item.get": "INVOICE_ID",
    "item.delete": "INVOICE_ITEM_ID",
    "estimate.get": "CUSTOMER_ID ESTIMATE_ID ESTIMATE_NUMBER START_ESTIMATE_DATE END_ESTIMATE_DATE START_DATE END_DATE",
    "estimate.create": (
        "CUSTOMER_ID TEMPLATE_ID TEMPLATE_HASH INTROTEXT INVOICE_TITLE ESTIMATE_DATE DUE_DATE CURRENCY_CODE DISCOUNT DISCOUNT_PERCENT"
        " ITEMS.DESCRIPTION ITEMS.UNIT_PRICE ITEMS.QUANTITY ITEMS.VAT_PERCENT ITEMS.ARTICLE_NUMBER ITEMS.UNIT ITEMS.IS_GROSS"
    ),
    "estimate.sendbyemail": f"ESTIMATE_ID {MAIL}",
    "estimate.createinvoice": "ESTIMATE_ID",
    "estimate.delete": "ESTIMATE_ID",
    "recurring.get": "INVOICE_ID",
    "recurring.create": f"{INVOICE} {RHYTHM}",
    "recurring.update": f"{INVOICE} {RHYTHM} INVOICE_ID DELETE_EXISTING_ITEMS",
    "recurring.delete": "INVOICE_ID",
    "revenue.get": (
        f"{DAYS} INVOICE_ID INVOICE_NUMBER INVOICE_TITLE REVENUE_ID REVENUE_NUMBER REVENUE_TITLE CUSTOMER_ID START_DUE_DATE END_DUE_DATE"
    ),
    "revenue.create": PAPER,
    "revenue.setpaid": "INVOICE_ID PAID_DATE",
    "revenue.delete": "INVOICE_ID REVENUE_ID",
    "expense.get": f"{DAYS} INVOICE_ID INVOICE_NUMBER",
    "expense.create": f"{PAPER} ORGANIZATION PROJECT_ID CATEGORY NOTE",
    "article.get": "ARTICLE_NUMBER ARTICLE_ID TAGS",
    "article.create": ARTICLE,
    "article.update": f"{ARTICLE} ARTICLE_ID",
    "article.delete": "ARTICLE_ID ARTICLE_NUMBER",
    "template.get": "",
    "document.get": "FOLDER_ID",
    "document.create": "TYPE TITLE DATE NOTE",
    "project.get": "PROJECT_ID CUSTOMER_ID PROJECT_NUMBER",
    "project.create": f"{PROJECT} START_DATE END_DATE",
    "project.update": f"{PROJECT} START_DATE END_DATE PROJECT_ID TASKS",
    "project.delete": "PROJECT_ID",
    "task.get": "PROJECT_ID TASK_ID",
    "time.get": "CUSTOMER_ID PROJECT_ID TASK_ID TIME_ID START_DATE END_DATE DATE",
    "time.create": TIME,
    "time.update": f"{TIME} TIME_ID",
    "time.delete": "TIME_ID START_TIME",
    "webhook.get": "",
    "webhook.create": "TYPE ENDPOINT EVENTS EVENS",
    "webhook.delete": "WEBHOOK_ID",
    "coupon.get": "CODE",
    "coupon.check": "CODE ARTICLE_NUMBER",
    "subscription.get": "SUBSCRIPTION_ID CUSTOMER_ID SUBSCRIPTION_EXT_UID CUSTOMER_EXT_UID",
    "subscription.create": (
        f"{TAKEN} {ADDONS} {FEATURES} CUSTOMER_ID SUBSCRIPTION_EXT_UID COUPON CURRENCY_CODE START EXPIRATION_DATE INVOICE_TITLE"
        " X_ATTRIBUTES NEXT_EVENT CANCELLATION_DATE"
    ),
    "subscription.update": f"SUBSCRIPTION_ID NEXT_EVENT SUBSCRIPTION_EXT_UID STATUS X_ATTRIBUTES INVOICE_TITLE {FEATURES}",
    "subscription.changearticle": f"SUBSCRIPTION_ID {TAKEN} {ADDONS} {FEATURES} CURRENCY_CODE RESET_ADDONS COUPON SUPPRESS_MAIL",
    "subscription.setaddon": f"SUBSCRIPTION_ID {TAKEN}",
    "subscription.setusagedata": "SUBSCRIPTION_ID ARTICLE_NUMBER QUANTITY UNIT_PRICE DESCRIPTION USAGE_DATE CURRENCY_CODE",
    "subscription.getusagedata": "SUBSCRIPTION_ID START END",
    "subscription.deleteusagedata": "USAGEDATA_ID",
    "subscription.getupcomingamount": f"ARTICLE_NUMBER COUPON COUNTRY_CODE {ADDONS}",
    "subscription.cancel": "SUBSCRIPTION_ID CANCELLATION_DATE CANCELLATION_NOTE",
    "subscription.reactivate": "SUBSCRIPTION_ID",
    "subscription.renew": "SUBSCRIPTION_ID",
    "subscription.postpone": "SUBSCRIPTION_ID MONTH",
    "subscription.createsecurelink": "SUBSCRIPTION_ID",
}
"""Service -> the fields that its clients send, by the vendor's papers and by what clients of public repositories send besides."""
BODIES = {row.service: row.body for row in SERVICES}
BY_LIST = {row.service: row.filterable for row in SERVICES if row.filterable is not None}


def table(title: str) -> dict[str, tuple[str, str]]:
    """A table of the page: field -> (services, why)."""
    rows = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", DOCS.read_text(), re.MULTILINE | re.DOTALL)
    assert rows is not None, title
    found = {}
    for line in rows[1].splitlines():
        if line.startswith("| `"):
            fields, services, why = (part.strip() for part in line.strip("|").split("|"))
            found.update(dict.fromkeys(re.findall(r"`([A-Z_0-9.]+)`", fields), (services, why)))
    return found


UNUSED, KEPT = table("Accepted without effect"), table("Kept and answered")


def known(service: str) -> set[str]:
    """The fields that a service has, with those of its rows."""
    if service in BY_LIST:
        return {name.upper() for name in BY_LIST[service].fields}
    return set(_within(names_of(BODIES[service]), ""))


def _within(names: Names, path: str) -> Iterator[str]:
    for name, (_, inner, _) in names.fields.items():
        yield f"{path}{name.upper()}"
        if inner is not None:
            yield from _within(inner, f"{path}{name.upper()}.")


def is_unused(service: str, field: str) -> bool:
    return field in UNUSED and any(fnmatch(service, one) for one in re.findall(r"`([a-z.*]+)`", UNUSED[field][0]))


@pytest.mark.parametrize("service", sorted(BODIES))
def test_each_field_has_an_effect_or_is_said_to_have_none(service: str) -> None:
    fields, has = set(CONTRACT[service].split()), known(service)
    assert {one for one in fields if one not in has and not is_unused(service, one)} == set(), "it is ignored in silence"
    assert {one for one in fields & has if is_unused(service, one)} == set(), "it has an effect"


def test_every_reason_is_said_and_every_line_is_needed() -> None:
    assert CONTRACT.keys() == BODIES.keys()
    assert all(len(why) > 20 for _, why in (*UNUSED.values(), *KEPT.values()))
    sent = {(service, field) for service, fields in CONTRACT.items() for field in fields.split()}
    assert {field for field in UNUSED if not any(field == one and is_unused(service, field) for service, one in sent)} == set()
    assert {name.upper() for name in OWN} <= KEPT.keys()


def test_each_field_of_a_shape_is_read() -> None:
    """By its name, outside of the shapes: a field that nobody reads is one that is accepted and ignored."""
    named: set[str] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        shapes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _is_shape(node)]
        inside = {id(node) for shape in shapes for node in ast.walk(shape)}
        for node in ast.walk(tree):
            if id(node) not in inside and isinstance(node, ast.Attribute):
                named.add(node.attr)
            elif id(node) not in inside and isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
    fields = {field.name for kind in _shapes() for field in dataclasses.fields(kind)}
    assert fields - named == set()


def _is_shape(node: ast.ClassDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "shape" for one in node.decorator_list)


def _shapes() -> set[type]:
    found: set[type] = set()
    waiting = [body for body in BODIES.values() if body is not None]
    while waiting:
        hint: object = waiting.pop()
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            if hint not in found:
                found.add(hint)
                waiting += typing.get_type_hints(hint, include_extras=True).values()
        else:
            waiting += itertools.chain(typing.get_args(hint))
    return found
