"""What payments name is found by indexes of the keys, whatever else the open items have: explained by the server."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.companies import Company

from contor.openitems import stored
from contor.payments.changing import locked
from contor.payments.queries import payments_returned, returns_waiting
from contor.runtime.uow import Uow

NAMES = [f"RE2026{number:06d}" for number in range(500)]
AMOUNTS = [("EUR", Decimal(number) / 100) for number in range(1, 500)]
LOOKUPS: dict[str, tuple[Callable[[Uow], Sequence[object]], str]] = {
    "number": (lambda uow: stored.open_cases_by_number(uow, NAMES), "opos_case_number_key_ix"),
    "reference": (lambda uow: stored.open_cases_by_reference(uow, NAMES), "opos_case_reference_key_ix"),
    "ident": (lambda uow: stored.cases_by_number(uow, NAMES), "opos_case_by_ident_ix"),
    "amount": (lambda uow: stored.open_cases_of_amounts(uow, AMOUNTS, 20), "opos_case_amount_ix"),
    "customer": (lambda uow: stored.open_cases_of_customers(uow, NAMES, 20), "opos_case_open_ix"),
}


class Explained(Exception):
    """The plan of the statement that was to be run."""


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_each_is_found_by_its_own_index(company: Company, lookup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        company.document()
    run, index = LOOKUPS[lookup]

    def explain(self: Uow, kind: Any, sql: str, params: Any = ()) -> Any:
        # three rows may be read and sorted in any way: what is asked is whether the index gives them in their order
        self.connection.execute("SET LOCAL enable_sort = off")
        self.connection.execute("SET LOCAL enable_bitmapscan = off")
        raise Explained("\n".join(row[0] for row in self.connection.execute(f"EXPLAIN {sql}", params)))

    monkeypatch.setattr(Uow, "all", explain)
    with company.tenant.runtime.transaction(company.tenant.caller(), reads=True) as uow, pytest.raises(Explained) as explained:
        run(uow)
    assert f"using {index}" in str(explained.value) or f"on {index}" in str(explained.value), explained.value
    assert "Seq Scan on opos_case" not in str(explained.value)


RETURNED = {"creditDebitIndicator": "DEBIT", "returnInformation": {"reasonCode": "AM04"}, "mandateReference": "M-1"}


@pytest.mark.parametrize("waiting", [True, False])
def test_returns_are_found_by_indexes_of_what_they_name(company: Company, waiting: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    company.pay("1.00", "?", endToEndIdent="E-1", providerReference="P-1", mandateReference="M-1")
    back = company.pay("2.00", "", endToEndIdent="E-2", providerReference="P-2", **RETURNED)
    plans = []
    honest = Uow.all

    def explain(self: Uow, kind: Any, sql: str, params: Any = ()) -> Any:
        plans.append("\n".join(row[0] for row in self.connection.execute(f"EXPLAIN {sql}", params)))
        return honest(self, kind, sql, params)

    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        payment = locked(uow, back["paymentIdent"]).payment
        monkeypatch.setattr(Uow, "all", explain)
        if waiting:
            assert [it.ident for it in returns_waiting(uow, [payment])] == [payment.ident]
        else:
            assert payments_returned(uow, [payment]) == {payment.ident: []}
    wanted = ["payment_end_to_end_ix", "payment_provider_reference_ix", "payment_mandate_ix"]
    for index, plan in zip(["payment_waiting_return_ix"] if waiting else wanted, plans, strict=True):
        assert index in plan, plan


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
