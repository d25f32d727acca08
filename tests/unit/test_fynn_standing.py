"""How an invoice stands in the words of fynn, as a table over the facts of the core."""

from decimal import Decimal

import pytest

from contor.api.fynn.invoices import Standing, credit_status, dunning_status, status_of, type_of
from contor.documents.types import DocumentType
from contor.dunning.rules import Level

D = Decimal
OPEN = Standing(D(119), D(0))
PAID = Standing(D(119), D(119), has_payments=True)


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        (OPEN, "STATUS_UNPAID"),
        (OPEN._replace(is_complete=False), "STATUS_FINALIZING"),
        (OPEN._replace(settled=D(100), has_payments=True), "STATUS_UNPAID"),
        (OPEN._replace(settled=D(100), has_payments=True, is_complete=False), "STATUS_UNPAID"),
        (OPEN._replace(dunning_level=1), "STATUS_REMINDED"),
        (OPEN._replace(dunning_level=2, settled=D(118)), "STATUS_REMINDED"),
        (PAID, "STATUS_PAID"),
        (PAID._replace(dunning_level=2), "STATUS_PAID"),
        (PAID._replace(is_complete=False), "STATUS_PAID"),
        (Standing(D(0), D(0)), "STATUS_PAID"),
        (Standing(D(119), D(119), is_given_up=True), "STATUS_CLOSED"),
        (Standing(D(119), D(119), is_given_up=True, has_payments=True), "STATUS_PAID"),
        (Standing(D(119), D(119), is_taken_back=True), "STATUS_CANCELLED"),
        (Standing(D(119), D(119), is_taken_back=True, taken_back_as="CANCELLATION"), "STATUS_CANCELLED"),
        (PAID._replace(is_taken_back=True, taken_back_as="REFUND"), "STATUS_REFUNDED"),
        (Standing(D(119), D(119), is_taken_back=True, taken_back_as="CREDIT"), "STATUS_CLOSED"),
        (OPEN._replace(taken_back_as="CREDIT"), "STATUS_UNPAID"),
    ],
)
def test_an_invoice_stands_as_its_facts_say(standing: Standing, status: str) -> None:
    assert status_of(standing) == status


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        (OPEN._replace(is_complete=False), "STATUS_FINALIZING"),
        (OPEN, "STATUS_UNPAID"),
        (Standing(D(119), D(119)), "STATUS_CLOSED"),
        (PAID, "STATUS_PAID"),
    ],
)
def test_a_credit_stands_as_what_it_gives(standing: Standing, status: str) -> None:
    assert credit_status(standing) == status


@pytest.mark.parametrize(
    ("kind", "credit", "named"),
    [
        (DocumentType.INVOICE, None, "TYPE_INVOICE"),
        (DocumentType.DEPOSIT_INVOICE, None, "TYPE_INVOICE"),
        (DocumentType.CREDIT_MEMO, None, "TYPE_CREDIT"),
        (DocumentType.CREDIT_MEMO, "CANCELLATION", "TYPE_CANCEL"),
        (DocumentType.CREDIT_MEMO, "CREDIT", "TYPE_CREDIT"),
        (DocumentType.CREDIT_MEMO, "REFUND", "TYPE_REFUND"),
        (DocumentType.DEPOSIT_INVOICE_CORRECTION, "CANCELLATION", "TYPE_CANCEL"),
    ],
)
def test_a_paper_is_of_the_type_that_it_has_for_the_customer(kind: DocumentType, credit: None, named: str) -> None:
    assert type_of(kind, credit) == named


@pytest.mark.parametrize(
    ("level", "number", "status"),
    [
        (None, 0, "none"),
        (Level(days_after=1), 1, "reminder"),
        (Level(days_after=1), 2, "dunning"),
        (Level(days_after=1, kind="DUNNING"), 1, "dunning"),
        (Level(days_after=1, kind="REMINDER"), 3, "reminder"),
    ],
)
def test_it_is_reminded_or_dunned_by_its_last_level(level: Level | None, number: int, status: str) -> None:
    assert dunning_status(level, number) == status
