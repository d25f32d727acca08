"""Payments get their category when they come: the first rule of the account that is true of them, else a built-in one."""

from collections.abc import Sequence
from typing import NamedTuple

from contor.assignment.categories.built_in import category_of
from contor.assignment.categories.evaluate import Fits, Unreadable, evaluated
from contor.assignment.categories.stored_rules import as_published
from contor.kernel.shapes import replace
from contor.payments.queries import published_payments
from contor.payments.types import StoredPayment
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Rule(NamedTuple):
    merchant_payment_account_ident: str
    ident: str
    jsonata_expression: str
    resulting_payment_category_name: str


class Categorised(NamedTuple):
    """Payments with their categories, and what there is to say of each."""

    payments: list[StoredPayment]
    said: dict[str, str]
    """By the payment's ident: the rule that gave it, and those that came to nothing."""


def categorised(uow: Uow, payments: Sequence[StoredPayment]) -> Categorised:
    """The payments with the categories that they are to have; who matches them stores these."""
    sql = (
        f"SELECT {columns(_Rule)} FROM payment_categorization_rule WHERE merchant_payment_account_ident = ANY (%s)"
        " ORDER BY merchant_payment_account_ident, priority, ident"
    )
    rules = uow.all(_Rule, sql, (sorted({payment.account_ident for payment in payments}),))
    given, said = _by_rules(uow, rules, payments) if rules else ({}, {})
    return Categorised([replace(it, category=given.get(it.ident) or category_of(it)) for it in payments], said)


def _by_rules(uow: Uow, rules: Sequence[_Rule], payments: Sequence[StoredPayment]) -> tuple[dict[str, str], dict[str, str]]:
    """Each rule is asked of the payments that none before it was true of; what fails is not true, and is said."""
    accounts = {rule.merchant_payment_account_ident for rule in rules}
    views = published_payments(uow, [it.ident for it in payments if it.account_ident in accounts])
    shown = {ident: as_published(view) for ident, view in views.items()}
    given: dict[str, str] = {}
    said: dict[str, str] = {}
    for rule in rules:
        asked = [it.ident for it in payments if it.account_ident == rule.merchant_payment_account_ident and it.ident not in given]
        try:
            answers = evaluated(rule.jsonata_expression, [shown[ident] for ident in asked]) if asked else []
        except Unreadable:  # it was readable when it was stored
            answers = [Fits.FAILED] * len(asked)
        for ident, fits in zip(asked, answers, strict=True):
            if fits is Fits.YES:
                given[ident] = rule.resulting_payment_category_name
                said[ident] = "; ".join(filter(None, (said.get(ident), f"rule {rule.ident} is true")))
            elif fits in _SAID:
                said[ident] = "; ".join(filter(None, (said.get(ident), f"rule {rule.ident} {_SAID[fits]}")))
    return given, said


_SAID = {
    Fits.NO_BOOLEAN: "yields no boolean",
    Fits.FAILED: "failed",
    Fits.TOO_LONG: "was stopped: it takes too much time or memory",
}
