"""What payments name is found by indexes of the keys, whatever else the open items have: measured by the server, among many, whether it
has counted them or not."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from tests.checkers.plans import Planned, Work, work_of
from tests.factories.companies import Company
from tests.factories.databases import TEMPLATE, a_database
from tests.factories.filled import fill
from tests.factories.tenants import Tenant, a_tenant

from contor.app import make_runtime
from contor.dunning.claims import owed_on
from contor.dunning.runs import letters_named
from contor.dunning.tables import dunning_claim, dunning_item, dunning_run
from contor.openitems import stored
from contor.openitems.tables import opos_case
from contor.payments.changing import locked
from contor.payments.queries import payments_returned, returns_waiting
from contor.payments.tables import merchant_payment_account, payment, payment_name
from contor.payments.types import StoredPayment
from contor.runtime.config import Config
from contor.runtime.db import application_dsn
from contor.runtime.uow import Uow

MANY = 30_000
SOME = 500
"""What is asked for."""
NAMES = [f"RE2026{number:06d}" for number in range(1, SOME + 1)]
LETTERS = [f"ML{number}" for number in range(1, SOME + 1)]
AMOUNTS = [("EUR", Decimal(number) / 100) for number in range(1, SOME + 1)]
A_KEY = 4
"""Pages for a key that is looked up: its index, to its depth."""
A_ROW = 2
"""... for a row that is found by it: its own, and that of the index."""
LOOKUPS: dict[str, tuple[Callable[[Uow], Sequence[object]], str]] = {
    "number": (lambda uow: stored.open_cases_by_number(uow, NAMES), "opos_case_number_key_ix"),
    "reference": (lambda uow: stored.open_cases_by_reference(uow, NAMES), "opos_case_reference_key_ix"),
    "ident": (lambda uow: stored.cases_by_number(uow, NAMES), "opos_case_by_ident_ix"),
    "amount": (lambda uow: stored.open_cases_of_amounts(uow, AMOUNTS, 20), "opos_case_amount_key_ix"),
    "customer": (lambda uow: stored.open_cases_of_customers(uow, NAMES, 20), "opos_case_open_ix"),
    "claims": (lambda uow: list(owed_on(uow, range(1, SOME + 1))), "dunning_claim_document_ix"),
    "letter": (lambda uow: list(letters_named(uow, LETTERS)), "dunning_item_letter_ix"),
}
OF_A_MANDATE = 10
"""Payments; and cases of a customer."""
A_NAME = "'RE2026' || lpad(({})::text, 6, '0')"
PLANNED: tuple[Planned, ...] = ("force_custom_plan", "force_generic_plan")


@pytest.fixture(scope="module", params=["not counted", "counted"])
def filled(request: pytest.FixtureRequest, server_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """Two thirds of the cases are open, of each amount some dozens, of each customer ten; a tenth of the payments went back."""
    with a_database(server_dsn, TEMPLATE) as dsn, psycopg.connect(dsn, autocommit=True) as owner:
        for name in ("opos_case", "payment", "payment_name", "dunning_item", "dunning_claim"):  # nobody else counts them meanwhile
            owner.execute(f"ALTER TABLE {name} SET (autovacuum_enabled = off)".encode())
        runtime = make_runtime(Config(home=tmp_path_factory.mktemp("home")), application_dsn(dsn))
        runtime.database.open()
        tenant = a_tenant(runtime)
        number = A_NAME.format("g")
        fill(
            tenant,
            opos_case,
            MANY,
            document_id="g",
            ident=number,
            number_key=number,
            reference_key=number,
            customer_ident=A_NAME.format(f"g % {MANY // OF_A_MANDATE}"),
            currency="'EUR'",
            balance=f"CASE WHEN g % 3 = 0 THEN 0 WHEN g % 100 = 1 THEN -1 ELSE (g * 7 % {SOME} + 1) / 100.0 END",
            due_date="'2026-01-01'::date + g * 7919 % 60",
            status="CASE WHEN g % 3 = 0 THEN 'CLOSED' ELSE 'OPEN' END",
        )
        fill(tenant, dunning_run, 1, run_ident="'run'")
        fill(
            tenant,
            dunning_item,
            MANY,
            run_ident="'run'",
            document_id="g",
            letter_id=f"CASE WHEN g % 3 > 0 THEN g * 7919 % {MANY // 3} END",
        )
        fill(
            tenant,
            dunning_claim,
            MANY,
            claim_ident="'mc-' || g",
            claim_id="g",
            document_id=f"g * 7919 % {MANY // 3}",
            status="CASE WHEN g % 3 = 0 THEN 'PAID' ELSE 'OPEN' END",
        )
        fill(tenant, merchant_payment_account, 1, ident="'bank'")
        fill(
            tenant,
            payment,
            MANY,
            id="g",
            ident=A_NAME.format("g"),
            account_ident="'bank'",
            external_ident="'X-' || g",
            original_amount="g % 100 + 1",
            original_currency="'EUR'",
            base_currency="'EUR'",
            credit_debit_indicator="CASE WHEN g % 10 = 0 THEN 'DEBIT' ELSE 'CREDIT' END",
            # a return is called as the payment before it, or has its mandate alone
            end_to_end_ident="CASE WHEN g % 20 = 10 THEN 'E-' || g - 1 WHEN g % 20 > 0 THEN 'E-' || g END",
            provider_reference="CASE WHEN g % 20 = 10 THEN 'P-' || g - 1 WHEN g % 20 > 0 THEN 'P-' || g END",
            mandate_reference=f"'M-' || g % {MANY // OF_A_MANDATE}",
            return_reason="CASE WHEN g % 10 = 0 THEN 'AM04' END",
            content="""json_build_object('returned', CASE WHEN g % 10 = 0 THEN '{"reason_code": "AM04"}'::json END)""",
            status="CASE WHEN g % 10 = 0 AND g % 3000 > 0 THEN 'IGNORED' WHEN g % 5 = 0 THEN 'OPEN' ELSE 'ASSIGNED' END",
        )
        fill(tenant, payment_name, MANY, payment_ident=A_NAME.format("g"), kind="'end_to_end_ident'", name="'N-' || g")
        if request.param == "counted":
            owner.execute("ANALYZE")
        yield tenant
        runtime.database.close()


def work(uow: Uow, run: Callable[[Uow], object], planned: Planned, monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    """... of each statement."""
    done = []
    honest = Uow.all

    def measure(self: Uow, kind: Any, sql: str, params: Any = ()) -> Any:
        done.append(work_of(self.connection, sql, params, planned))
        return honest(self, kind, sql, params)

    with monkeypatch.context() as patched:
        patched.setattr(Uow, "all", measure)
        run(uow)
    return done


@pytest.mark.parametrize("planned", PLANNED)
@pytest.mark.parametrize("lookup", LOOKUPS)
def test_each_is_found_by_its_own_index(filled: Tenant, lookup: str, planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    run, index = LOOKUPS[lookup]
    with filled.runtime.transaction(filled.caller(), reads=True) as uow:
        (done,) = work(uow, run, planned, monkeypatch)
    assert done.indexes == {index}, done.plan
    assert not done.whole, done.plan
    assert done.rows >= SOME
    assert done.pages <= A_KEY * SOME + A_ROW * done.rows, done.plan
    assert done.removed <= done.rows, done.plan


def test_of_an_amount_those_come_that_are_due_first(filled: Tenant) -> None:
    amounts = [(currency, Decimal("0.15")) for currency in ("EUR", "EUR", "USD")]
    with filled.runtime.transaction(filled.caller(), reads=True) as uow:
        found = stored.open_cases_of_amounts(uow, amounts, 20)
    sql = "SELECT document_id FROM opos_case WHERE status = 'OPEN' AND balance = 0.15 ORDER BY due_date, document_id"
    all_of_it = [row.document_id for row in filled.rows(sql)]
    assert [case.document_id for case in found] == all_of_it[:20]
    assert len(all_of_it) > 20


def returns(uow: Uow, last: int) -> list[StoredPayment]:
    return [locked(uow, f"RE2026{number:06d}").payment for number in range(10, last + 1, 10)]


@pytest.mark.parametrize("planned", PLANNED)
def test_returns_are_found_by_indexes_of_what_they_name(filled: Tenant, planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled.runtime.transaction(filled.caller()) as uow:
        asked = returns(uow, 200)
        done = work(uow, lambda uow: payments_returned(uow, asked), planned, monkeypatch)
    found = {index for it in done for index in it.indexes}
    own = {"payment_end_to_end_ix", "payment_provider_reference_ix", "payment_mandate_ix"}
    assert found == own | {"payment_name_name_ix"}, [it.plan for it in done]
    for it in done:
        assert len(it.indexes) == 1 and not it.whole, it.plan
        # the return itself is called the same; of a mandate there are ten
        assert it.removed <= OF_A_MANDATE, it.plan
        # what was told later is asked for of all at once
        keys = 3 * len(asked) if it.indexes == {"payment_name_name_ix"} else 1
        assert it.pages <= A_KEY * keys + A_ROW * (it.rows + it.removed), it.plan


@pytest.mark.parametrize("planned", PLANNED)
def test_returns_that_wait_are_found_by_their_index(filled: Tenant, planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled.runtime.transaction(filled.caller()) as uow:
        (asked,) = returns(uow, 10)
        done, later = work(uow, lambda uow: returns_waiting(uow, [asked]), planned, monkeypatch)
    assert later.indexes == {"payment_name_pkey"}, later.plan
    assert done.indexes == {"payment_waiting_return_ix"}, done.plan
    assert done.rows == 10
    assert done.pages <= A_KEY + A_ROW * done.rows, done.plan


def test_a_key_that_stands_on_many_is_looked_up_by_itself(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    idents = [company.document() for _ in range(3)]
    with company.tenant.runtime.transaction(company.tenant.caller(), reads=True) as uow:
        together = stored.cases_by_number(uow, [*idents, "none"])
        assert [it.ident for it in together] == idents
        asked = []
        honest = stored._by_each
        monkeypatch.setattr(stored, "_by_each", lambda *args, **rules: asked.append(args) or honest(*args, **rules))
        monkeypatch.setattr(stored, "MORE_THAN_KEYS", -2)
        assert stored.cases_by_number(uow, [*idents, "none"]) == together
        assert asked
