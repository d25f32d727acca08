"""An account of FastBill is taken over, thing by thing: each once, and what it names is what that became here."""

from contor.api.fastbill.taking.catalogue import take_article, take_coupon
from contor.api.fastbill.taking.customers import take_contact, take_customer
from contor.api.fastbill.taking.foreign import amount_of, currency_of, items_of, open_of, rows_of, sums_of, word
from contor.api.fastbill.taking.once import (
    ARTICLE,
    CLAIM,
    CONTACT,
    COUPON,
    CUSTOMER,
    DRAFT,
    ESTIMATE,
    EXPENSE,
    INVOICE,
    PROJECT,
    REVENUE,
    SUBSCRIPTION,
    TIME,
    Take,
)
from contor.api.fastbill.taking.papers import take_draft, take_estimate, take_expense, take_file, take_invoice, take_revenue
from contor.api.fastbill.taking.projects import take_project, take_time
from contor.api.fastbill.taking.subscriptions import take_subscription

__all__ = [
    "ARTICLE",
    "CLAIM",
    "CONTACT",
    "COUPON",
    "CUSTOMER",
    "DRAFT",
    "ESTIMATE",
    "EXPENSE",
    "INVOICE",
    "PROJECT",
    "REVENUE",
    "SUBSCRIPTION",
    "TIME",
    "Take",
    "amount_of",
    "currency_of",
    "items_of",
    "open_of",
    "rows_of",
    "sums_of",
    "take_article",
    "take_contact",
    "take_coupon",
    "take_customer",
    "take_draft",
    "take_estimate",
    "take_expense",
    "take_file",
    "take_invoice",
    "take_project",
    "take_revenue",
    "take_subscription",
    "take_time",
    "word",
]
