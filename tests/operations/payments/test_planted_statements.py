"""Faults planted one at a time into what is stored of statements: a check finds each."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests.checkers.tampering import OURS, superuser, tampered
from tests.factories.companies import Company
from tests.factories.statements import BankLine, BankPaper, Reader

from contor.kernel.checks import CHECKS
from contor.payments.statements.kept import writing

D = Decimal
DAYS = [dt.date(2026, 10, 29), dt.date(2026, 10, 30)]
PARTS = tuple(BankLine(D(10), DAYS[1], f"part {n}", end_to_end=f"E{n}") for n in range(2))


@pytest.fixture
def owner(database_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with superuser(database_dsn) as connection:
        yield connection


@pytest.fixture
def told(company: Company, reader: Reader) -> Company:
    reader.take(BankPaper(D(0), DAYS[0], [BankLine(D(5), DAYS[0], reference="R1")]).camt())
    reader.take(BankPaper(D(5), DAYS[1], [BankLine(D(20), DAYS[1], parts=PARTS, reference="R2")]).camt())
    company.sound()
    return company


PLANTED = {
    "a balance": (f"UPDATE bank_statement SET to_amount = 26 WHERE {OURS} AND position = 1", "statements.chain_is_unbroken"),
    "a beginning": (f"UPDATE bank_statement SET from_amount = 4 WHERE {OURS} AND position = 1", "statements.chain_is_unbroken"),
    "a statement that is gone": (
        f"DELETE FROM bank_statement WHERE {OURS} AND position = 1",
        "statements.bookings_are_proved_by_what_is_there",
    ),
    "an amount": (f"UPDATE bank_entry SET amount = 21 WHERE {OURS} AND amount = 20", "statements.payments_of_each_booking_add_up"),
    "a payment that is gone": (
        f"DELETE FROM payment WHERE {OURS} AND end_to_end_ident = 'E1'",
        "statements.payments_of_each_booking_add_up",
    ),
    "a booking that is gone": (
        f"DELETE FROM bank_entry WHERE {OURS} AND amount = 5",
        "statements.payments_of_each_booking_add_up",
    ),
    "a line of the journal": (
        f"UPDATE journal_line SET amount = 6 WHERE {OURS} AND account = 1200 AND amount = 5",
        "bookkeeping.money_at_the_bank_is_that_of_its_statements",
    ),
    "another file": (
        "UPDATE statement_file SET sha256 = repeat('0', 64)"
        f" WHERE {OURS} AND ident = (SELECT min(ident) FROM statement_file WHERE {OURS})",
        "statements.originals_are_as_they_came",
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_check_finds_what_was_tampered_with(told: Company, owner: psycopg.Connection[Any], fault: str) -> None:
    statement, name = PLANTED[fault]
    with tampered(owner, told.tenant, statement) as uow:
        assert list(CHECKS[name](uow))


BUGS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "the second part is forgotten": lambda plant: plant.setattr(
        writing, "payments_of", lambda *args, of=writing.payments_of: _less(of(*args))
    ),
    "the parts are known and not proved": lambda plant: plant.setattr(
        writing, "_entry", lambda *args, of=writing._entry: {**of(*args), "statement_position": None}
    ),
}


def _less(made: Any) -> Any:
    return made._replace(incoming=made.incoming[:1])


@pytest.mark.parametrize("bug", BUGS)
def test_a_check_finds_a_bug(company: Company, reader: Reader, bug: str) -> None:
    with pytest.MonkeyPatch.context() as plant:
        BUGS[bug](plant)
        reader.take(BankPaper(D(5), DAYS[1], [BankLine(D(20), DAYS[1], parts=PARTS, reference="R2")]).camt())
    assert company.tenant.broken() != []
