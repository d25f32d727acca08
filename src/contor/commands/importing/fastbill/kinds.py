"""What an account of FastBill consists of, in the order in which it is taken: nothing before what it names."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Never

from contor.api.fastbill import taking
from contor.api.fastbill.articles.coupons import get as get_coupons
from contor.api.fastbill.articles.get import get as get_articles
from contor.api.fastbill.customers.contacts import get as get_contacts
from contor.api.fastbill.customers.get import get as get_customers
from contor.api.fastbill.invoices.get import get_invoices
from contor.api.fastbill.names import said
from contor.api.fastbill.papers.estimates import get as get_estimates
from contor.api.fastbill.papers.expenses import get as get_expenses
from contor.api.fastbill.papers.projects import get as get_projects
from contor.api.fastbill.papers.revenues import get as get_revenues
from contor.api.fastbill.papers.times import get as get_times
from contor.api.fastbill.subscriptions.get import get as get_subscriptions
from contor.commands.importing.fastbill import comparing
from contor.kernel.operations import Operation

Content = Mapping[str, object]
NOTHING: Final[Content] = MappingProxyType({})
OPEN_ESTIMATES: Final = frozenset({"a", "b", "c", ""})
"""Created, sent, under negotiation."""


class Kind(NamedTuple):
    name: str
    title: str
    """Of all of them."""
    service: str
    container: str
    key: str
    """The tag of a thing's number."""
    named: tuple[str, ...]
    """The tags of what people call it, the first that says something."""
    take: Operation[Never, Any]
    get: Operation[Never, Any]
    by: str
    """The filter by which `get` finds one here."""
    compare: comparing.Compare
    where: Content = NOTHING
    takes: Callable[[Content], bool] = lambda content: True
    """Whether a member of the list is one of this kind."""
    left: Callable[[Content], str] = lambda content: ""
    """Why one is not taken, by its nature; empty: it is."""
    has_file: bool = False

    def number(self, content: Content) -> str:
        return taking.word(content, self.key)

    def name_of(self, content: Content) -> str:
        parts = (taking.word(content, tag) for tag in self.named)
        return next((part for part in parts if part), "")[:80]


def _typed(kind: str) -> Callable[[Content], bool]:
    return lambda content: taking.word(content, "TYPE").lower() in (kind, "")


def _is_addon(content: Content) -> bool:
    return str(said(content, "IS_ADDON")) in ("1", "True", "true")


def _deleted(content: Content) -> str:
    return "deleted there" if taking.word(content, "DELETED_DATE") else ""


def _decided(content: Content) -> str:
    is_open = taking.word(content, "STATE").lower()[:1] in OPEN_ESTIMATES
    return "" if is_open else "accepted, rejected or invoiced there: only open estimates are taken"


_ARTICLES: Final = Kind(
    taking.ARTICLE,
    "Articles",
    "article.get",
    "ARTICLES",
    "ARTICLE_NUMBER",
    ("TITLE",),
    taking.take_article,
    get_articles,
    "article_number",
    comparing.article,
    takes=lambda content: not _is_addon(content),
)
_ISSUED: Final = Kind(
    taking.INVOICE,
    "Invoices",
    "invoice.get",
    "INVOICES",
    "INVOICE_ID",
    ("INVOICE_NUMBER", "INVOICE_TITLE"),
    taking.take_invoice,
    get_revenues,
    "invoice_id",
    comparing.paper,
    where={"TYPE": "outgoing"},
    takes=_typed("outgoing"),
    has_file=True,
)
KINDS: Final = (
    Kind(
        taking.CUSTOMER,
        "Customers",
        "customer.get",
        "CUSTOMERS",
        "CUSTOMER_ID",
        ("ORGANIZATION", "LAST_NAME", "CUSTOMER_NUMBER"),
        taking.take_customer,
        get_customers,
        "customer_id",
        comparing.customer,
        left=_deleted,
    ),
    Kind(
        taking.CONTACT,
        "Contacts",
        "contact.get",
        "CONTACTS",
        "CONTACT_ID",
        ("LAST_NAME", "ORGANIZATION"),
        taking.take_contact,
        get_contacts,
        "contact_id",
        comparing.contact,
    ),
    _ARTICLES,
    _ARTICLES._replace(title="Add-ons", takes=_is_addon),
    Kind(
        taking.COUPON,
        "Coupons",
        "coupon.get",
        "COUPONS",
        "CODE",
        ("TITLE",),
        taking.take_coupon,
        get_coupons,
        "code",
        comparing.coupon,
    ),
    Kind(
        taking.PROJECT,
        "Projects",
        "project.get",
        "PROJECTS",
        "PROJECT_ID",
        ("PROJECT_NAME",),
        taking.take_project,
        get_projects,
        "project_id",
        comparing.project,
    ),
    Kind(
        taking.TIME,
        "Times",
        "time.get",
        "TIMES",
        "TIME_ID",
        ("COMMENT",),
        taking.take_time,
        get_times,
        "time_id",
        comparing.time,
    ),
    Kind(
        taking.SUBSCRIPTION,
        "Subscriptions",
        "subscription.get",
        "SUBSCRIPTIONS",
        "SUBSCRIPTION_ID",
        ("SUBSCRIPTION_TITLE", "ARTICLE_NUMBER"),
        taking.take_subscription,
        get_subscriptions,
        "subscription_id",
        comparing.subscription,
    ),
    Kind(
        taking.ESTIMATE,
        "Estimates",
        "estimate.get",
        "ESTIMATES",
        "ESTIMATE_ID",
        ("ESTIMATE_NUMBER",),
        taking.take_estimate,
        get_estimates,
        "estimate_id",
        comparing.sums,
        left=_decided,
    ),
    Kind(
        taking.DRAFT,
        "Drafts",
        "invoice.get",
        "INVOICES",
        "INVOICE_ID",
        ("INVOICE_TITLE", "ORGANIZATION"),
        taking.take_draft,
        get_invoices,
        "invoice_id",
        comparing.draft,
        where={"TYPE": "draft"},
        takes=_typed("draft"),
    ),
    _ISSUED,
    _ISSUED._replace(title="Credits", where={"TYPE": "credit"}, takes=_typed("credit")),
    _ISSUED._replace(
        name=taking.REVENUE,
        title="Revenues",
        service="revenue.get",
        container="REVENUES",
        take=taking.take_revenue,
        where=NOTHING,
        takes=lambda content: True,
        has_file=False,
    ),
    Kind(
        taking.EXPENSE,
        "Expenses",
        "expense.get",
        "EXPENSES",
        "INVOICE_ID",
        ("ORGANIZATION", "INVOICE_NUMBER"),
        taking.take_expense,
        get_expenses,
        "invoice_id",
        comparing.paper,
    ),
)
