"""Faults that somebody plants in what is collected are found by the checks, each by its own."""

import pytest
from psycopg.errors import UniqueViolation
from tests.factories.creditors import AT_ONCE, Creditor

FAULTS = [
    ("UPDATE opos_case SET prebooked = 1 WHERE prebooked = 0", "openitems.prebooked_is_what_is_under_way"),
    ("UPDATE opos_case SET prebooked = 0 WHERE prebooked > 0", "openitems.prebooked_is_what_is_under_way"),
    ("UPDATE payment_intent SET prebooked = false WHERE status = 'CREATED'", "openitems.prebooked_is_what_is_under_way"),
    ("UPDATE payment_intent SET status = 'PROCESSING' WHERE status = 'CREATED'", "payments.an_intent_stands_as_its_attempts"),
    ("UPDATE payment_attempt SET state = 'FAILED' WHERE state = 'SUCCESSFUL'", "payments.an_intent_stands_as_its_attempts"),
    ("UPDATE payment_intent SET expected_by = created_at WHERE status = 'SUCCESSFUL'", "payments.an_intent_stands_as_its_attempts"),
    ("UPDATE payment_attempt SET payment_ident = 'p'", "payments.an_intent_stands_as_its_attempts"),
    ("UPDATE payment_attempt SET payment_ident = 'p'", "payments.nothing_is_collected_twice"),
    ("UPDATE payment_intent SET status = 'CANCELLED', prebooked = false", "payments.intents_are_those_of_the_trail"),
    ("UPDATE payment_intent_task SET status = 'DONE', intent_ident = NULL", "openitems.a_task_is_done_by_an_intent"),
    ("UPDATE payment_intent_task SET status = 'WAITING'", "openitems.a_task_is_done_by_an_intent"),
    ("UPDATE opos_case SET balance = balance - 1 WHERE prebooked > 0", "openitems.no_more_is_moved_than_is_left"),
    ("UPDATE payment_intent SET retry_on = due_on WHERE status = 'CANCELLED'", "openitems.no_more_is_moved_than_is_left"),
]


@pytest.fixture
def busy(creditor: Creditor) -> Creditor:
    """Two charges that succeeded, one that waits, an invoice that nobody collects, a task that was carried out, a charge of what was paid
    otherwise."""
    creditor.account()
    for _ in range(2):
        creditor.intend(creditor.document(**AT_ONCE))
    creditor.submit()
    creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    creditor.document()
    paid = creditor.document(**AT_ONCE)
    creditor.intend(paid)
    creditor.pay("119.00", paid)
    creditor.sound()
    return creditor


@pytest.mark.parametrize(("fault", "check"), FAULTS)
def test_a_planted_fault_is_found(busy: Creditor, fault: str, check: str) -> None:
    with busy.tenant.runtime.transaction(busy.tenant.caller()) as uow:
        assert uow.run(fault) > 0
    assert check in {found.check for found in busy.tenant.broken()}


def test_the_database_takes_no_second_promise_for_a_document(creditor: Creditor) -> None:
    creditor.account()
    invoice = creditor.document(**AT_ONCE)
    creditor.act(creditor.intend(invoice)["paymentIntentIdent"], "cancel")
    creditor.intend(invoice)
    refused(creditor, "UPDATE payment_intent SET prebooked = true", "payment_intent_promised_key")


def test_the_database_takes_no_second_live_attempt_of_an_intent(creditor: Creditor) -> None:
    creditor.account("fail-MD06")
    ident = creditor.intend(creditor.document(**AT_ONCE))["paymentIntentIdent"]
    creditor.submit()
    creditor.act(ident, "retry")
    creditor.submit()
    refused(creditor, "UPDATE payment_attempt SET state = 'SUBMITTED'", "payment_attempt_live_key")


def refused(creditor: Creditor, sql: str, key: str) -> None:
    with pytest.raises(UniqueViolation, match=key), creditor.tenant.runtime.transaction(creditor.tenant.caller()) as uow:
        uow.run(sql)
