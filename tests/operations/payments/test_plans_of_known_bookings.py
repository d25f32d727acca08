"""What is known of a statement's days is found by indexes of the days, whatever else the account has: measured by the server, among many,
whether it has counted them or not."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests.checkers.plans import Planned, Work, work_of
from tests.factories.databases import TEMPLATE, a_database
from tests.factories.filled import fill
from tests.factories.statements import BankLine, BankPaper
from tests.factories.tenants import Tenant, a_tenant

from contor.app import make_runtime
from contor.payments.statements import bookings
from contor.payments.statements.judged import Booking
from contor.payments.statements.kept.standing import standing
from contor.payments.statements.read import read_file
from contor.payments.statements.tables import bank_entry
from contor.payments.tables import merchant_payment_account, payment
from contor.payments.types import MonetaryValue, PaymentBody
from contor.runtime.config import Config
from contor.runtime.db import application_dsn
from contor.runtime.uow import Uow

MANY = 30_000
DAYS = 300
GIVEN_OF = 10
"""One payment in so many was given, the others are those of statements."""
DAY = dt.date(2026, 3, 2)
A_KEY, A_ROW = 5, 2
"""Pages for a key that is looked up, and for a row that is found by it."""
PLANNED: tuple[Planned, ...] = ("force_custom_plan", "force_generic_plan")
NAMES = [f"N{number:06d}" for number in range(1, 201)]


@pytest.fixture(scope="module", params=["not counted", "counted"])
def filled(request: pytest.FixtureRequest, server_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    with a_database(server_dsn, TEMPLATE) as dsn, psycopg.connect(dsn, autocommit=True) as owner:
        for name in ("payment", "bank_entry"):  # nobody else counts them meanwhile
            owner.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = off)".encode())
        runtime = make_runtime(Config(home=tmp_path_factory.mktemp("home")), application_dsn(dsn))
        runtime.database.open()
        tenant = a_tenant(runtime)
        name, day = "'N' || lpad(g::text, 6, '0')", f"'2026-01-01'::date + g / {GIVEN_OF} % {DAYS}"
        fill(tenant, merchant_payment_account, 1, ident="'bank'")
        fill(
            tenant,
            payment,
            MANY,
            id="g",
            ident=name,
            account_ident="'bank'",
            external_ident="'X-' || g",
            base_amount="g % 7 + 1",
            credit_debit_indicator="'CREDIT'",
            booking_date=day,
            bank_entry_ident=f"CASE WHEN g % {GIVEN_OF} > 0 THEN {name} END",
        )
        fill(tenant, bank_entry, MANY, ident=name, account_ident="'bank'", booked_on=day, valued_on=day, amount="g % 7 + 1")
        if request.param == "counted":
            owner.execute("ANALYZE")
        yield tenant
        runtime.database.close()


def statements() -> Any:
    return read_file(BankPaper(Decimal(0), DAY, [BankLine(Decimal(9), DAY)]).camt(), [])


def asked_again(uow: Uow) -> None:
    """A payment that is not refused: nothing is found."""
    value = MonetaryValue(amount=Decimal(9))
    body = PaymentBody(external_ident="own", base_amount=value, booking_date=DAY, credit_debit_indicator="CREDIT")
    bookings.require_untold(uow, "bank", [body])


def stood(uow: Uow) -> None:
    of = [Booking(DAY, DAY, Decimal(1), "CAMT", ident=name, payment=name) for name in NAMES]
    assert standing(uow, of)


LOOKUPS: dict[str, tuple[Callable[[Uow], object], tuple[str, ...], int]] = {
    "bookings of the days": (lambda uow: bookings.known_bookings(uow, "bank", statements()), ("bank_entry_day_ix",), 1),
    "payments given": (lambda uow: bookings.given_bookings(uow, "bank", statements(), []), ("payment_given_ix",), 1),
    "bookings of a day and amount": (asked_again, ("bank_entry_day_ix",), 1),
    "payments of bookings": (stood, ("payment_bank_entry_ix", "payment_pkey"), len(NAMES)),
}


@pytest.mark.parametrize("planned", PLANNED)
@pytest.mark.parametrize("lookup", LOOKUPS)
def test_each_is_found_by_its_index(filled: Tenant, lookup: str, planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    run, indexes, keys = LOOKUPS[lookup]
    done = list[Work]()
    honest = Uow.all

    def measure(self: Uow, kind: Any, sql: str, params: Any = ()) -> Any:
        done.append(work_of(self.connection, sql, params, planned))
        return honest(self, kind, sql, params)

    with filled.runtime.transaction(filled.caller()) as uow, monkeypatch.context() as patched:
        patched.setattr(Uow, "all", measure)
        run(uow)
    assert [it.indexes for it in done[: len(indexes)]] == [{index} for index in indexes], [it.plan for it in done]
    for it in done:
        assert not it.whole, it.plan
        # amounts are compared, and looked up by no index: numbers could tell of the rows of others
        assert it.removed <= (MANY // DAYS if run is asked_again else 0), it.plan
        assert it.pages <= A_KEY * keys + A_ROW * (it.rows + it.removed), it.plan


def test_only_payments_that_no_statement_brought_are_given(filled: Tenant) -> None:
    with filled.runtime.transaction(filled.caller(), reads=True) as uow:
        found = bookings.given_bookings(uow, "bank", statements(), [])
        told = bookings.given_bookings(uow, "bank", statements(), [Booking(DAY, DAY, Decimal(1), "CAMT", payment=found[0].payment)])
    assert len(found) == MANY // DAYS // GIVEN_OF
    assert [one.payment for one in told] == [one.payment for one in found[1:]]
