"""Categorization rules of a merchant payment account: a JSONata expression over the payment as it is answered, and what it makes of it."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from contor.assignment import tables
from contor.assignment.categories.categories import known_categories
from contor.assignment.categories.evaluate import Fits, Unreadable, evaluated
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference
from contor.kernel.shapes import Fields
from contor.payments.accounts import ACCOUNTS
from contor.payments.types import (
    BatchItem,
    Fee,
    MonetaryValue,
    PaymentProperty,
    PaymentView,
    ReturnInformation,
    ShownCounterpart,
)
from contor.runtime.execute import adapter
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

MOST = 50
"""Rules of an account: a payment may be asked all of them."""
_FIELD = "jsonataExpression"


def as_published(view: PaymentView) -> Fields:
    """A payment as the API answers it."""
    shown: Any = adapter(PaymentView).dump_python(view, by_alias=True, exclude_none=True)
    return dict(shown)


def _checked(uow: Uow, row: Fields) -> None:
    """It is readable, yields a boolean of a payment that says everything, and takes no longer than it may."""
    problems = []
    uow.lock("payment_categories", [row["resulting_payment_category_name"]])  # none is deleted beside a rule that gives it
    if row["resulting_payment_category_name"] not in _known(uow, (row["resulting_payment_category_name"],)):
        name = row["resulting_payment_category_name"]
        message = f"There is no payment category {name!r}."
        problems.append(Problem("payment_category_unknown", message, "resultingPaymentCategoryName", name))
    if (problem := why_not_an_expression(row["jsonata_expression"])) is not None:
        problems.append(problem)
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _created(uow: Uow, row: Fields) -> None:
    _checked(uow, row)
    sql = "SELECT count(*)::int FROM payment_categorization_rule WHERE merchant_payment_account_ident = %s"
    uow.lock("payment_categorization_rules", [row["merchant_payment_account_ident"]])
    if (uow.scalar(int, sql, (row["merchant_payment_account_ident"],)) or 0) >= MOST:
        message = f"An account has at most {MOST} categorization rules."
        raise Refused(Kind.CONFLICT, Problem("too_many_categorization_rules", message))


def why_not_an_expression(expression: str) -> Problem | None:
    """The finding against storing it."""
    try:
        (fits,) = evaluated(expression, [as_published(_sample())])
    except Unreadable as error:
        return Problem("jsonata_invalid", f"is no JSONata: {error}", _FIELD, expression)
    if fits is Fits.TOO_LONG:
        return Problem("jsonata_too_long", "takes more than 0.3 seconds or too much memory", _FIELD, expression)
    if fits is Fits.FAILED:
        return Problem("jsonata_fails", "fails on a payment that says everything", _FIELD, expression)
    if fits in (Fits.NOTHING, Fits.NO_BOOLEAN):
        message = "yields no boolean of a payment that says everything; compare with a value, or use $exists or $contains"
        return Problem("jsonata_not_boolean", message, _FIELD, expression)
    return None


def _known(uow: Uow, names: Iterable[str]) -> frozenset[str]:
    return frozenset(known_categories(uow, set(names)))


def _sample() -> PaymentView:
    day, amount = dt.date(2026, 1, 2), MonetaryValue(amount=Decimal("119.00"))
    return PaymentView(
        payment_ident="p-1",
        merchant_payment_account_ident="bank",
        external_ident="b-1",
        base_amount=amount,
        original_amount=amount,
        exchange_rate=Decimal(1),
        booking_date=day,
        value_date=day,
        creation_date=dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC),
        credit_debit_indicator="CREDIT",
        description="Rechnung RE-2026-000123",
        customer_specific_ident="c-1",
        status="OPEN",
        assigned_amount=Decimal(0),
        reason="NO_MATCH",
        fees=(Fee(type="fee", amount=Decimal(1)),),
        batch_items=(BatchItem(reference="RE-2026-000123", amount=Decimal("119.00")),),
        properties=(PaymentProperty(key="key", value="value"),),
        counterpart=ShownCounterpart(name="Muster Handel GmbH", iban="DE02…2051", bic="BYLADEM1001"),
        end_to_end_ident="e-1",
        mandate_reference="m-1",
        provider_reference="r-1",
        return_information=ReturnInformation(reason_code="AC04", original_amount=Decimal("119.00"), charges=Decimal(3)),
        parent_ident="p-0",
        category="CUSTOMER_PAYMENT",
    )


RULES = Resource(
    "payment_categorization_rule",
    tables.payment_categorization_rule,
    permission="payments",
    keys=("merchant_payment_account_ident", "ident"),
    parent=ACCOUNTS,
    writable=("ident", "priority", "jsonata_expression", "resulting_payment_category_name", "description"),
    filterable=("ident", "priority", "resulting_payment_category_name", "created_at"),
    sort="priority",
    refers=(Reference("resultingPaymentCategoryName", "payment_category_unknown", _known),),
    before_create=_created,
    before_update=_checked,
)
"""Asked by ascending priority, then by ident; the first that is true gives the category."""
