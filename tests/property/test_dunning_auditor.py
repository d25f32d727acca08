"""The auditor of dunning: random days of a company beside a second book; and each bug that is planted here is found."""

import dataclasses
import datetime as dt
import importlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.reminders import Reminder, working
from tests.factories.reminding import Reminding
from tests.factories.tenants import Tenant

from contor.assignment.demanded import demanded
from contor.assignment.finding import named
from contor.dunning.claims import ClaimRow, claims
from contor.dunning.letters import letters
from contor.dunning.rules import Begun
from contor.dunning.runs import make, world
from contor.kernel.shapes import replace

STEPS = 100
rules: Any = importlib.import_module("contor.dunning.rules.propose")


@pytest.fixture
def reminder(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Callable[[int], Reminder]:
    def made(seed: int) -> Reminder:
        company = Reminding(furnished, client, bearer(furnished))
        company.turn("2026-01-05")
        return Reminder(company, seed)

    return made


# the last withdraws a letter whose fee was paid, and reminds again
@pytest.mark.parametrize("seed", [1, 2, 3, 35])
def test_random_days_agree_with_the_second_book(reminder: Callable[[int], Reminder], seed: int) -> None:
    one = reminder(seed)
    for _ in range(STEPS):
        one.step()
        assert one.differences() == []
    assert len(one.company.letters("")) > 2
    one.company.sound()


def test_the_second_book_knows_holidays() -> None:
    """Whit Monday is one of Germany, the 26th of December after Christmas one of both, Good Friday one of TARGET, too."""
    assert [working(dt.date(2026, *day)) for day in ((5, 23), (12, 24), (12, 25), (4, 3))] == [
        dt.date(2026, 5, 26),
        dt.date(2026, 12, 24),
        dt.date(2026, 12, 28),
        dt.date(2026, 4, 7),
    ]


def _fees_are_claimed_twice(plant: pytest.MonkeyPatch) -> None:
    honest = make._claims
    plant.setattr(make, "_claims", lambda item, run: [*honest(item, run), *honest(item, run)])


def _the_first_letter_costs(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(rules, "_since", lambda debtor, item, configuration, today: Begun(today, "LETTER"))


def _levels_are_not_raised(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(make, "set_levels", lambda uow, levels: None)


def _who_paid_meanwhile_is_dunned(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(make, "still_standing", lambda uow, wanted: {one.document_id for one in wanted})


def _terms_are_forgotten(plant: pytest.MonkeyPatch) -> None:
    honest = rules._next_step
    plant.setattr(
        rules, "_next_step", lambda item, *given: honest(dataclasses.replace(item, pay_until=None, letter_date=None), *given)
    )


def _holidays_are_working_days(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(rules, "term_ends", lambda day, country, state: day)


def _waived_claims_come_again(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(rules, "_costs", lambda item, fee, has_flat: (Decimal(0), fee + item.costs))


def _payments_are_not_used_up(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(claims, "set_assigned", lambda *given: None)


def _withdrawals_leave_the_level(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(letters, "set_levels", lambda uow, levels: None)


def _a_cent_is_lost(plant: pytest.MonkeyPatch) -> None:
    honest = claims.put

    def put(uow: Any, payment: Any, assigned: Any, parts: Any) -> None:
        honest(uow, payment, assigned + Decimal("0.01"), parts)

    plant.setattr(claims, "put", put)


def _interest_of_nobody(plant: pytest.MonkeyPatch) -> None:
    """A level that claims nothing of the kind claims interest."""
    honest = world.debtors

    def debtors(uow: Any, run_ident: str, customers: Any, day: Any, configuration: Any) -> Any:
        levels = tuple(replace(level, interest=True) for level in configuration.levels)
        return honest(uow, run_ident, customers, day, replace(configuration, levels=levels))

    plant.setattr(world, "debtors", debtors)
    plant.setattr(make, "_claims", lambda item, run: [])


def _no_letter_is_known(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(named, "letters_named", lambda uow, keys: {})


def _letters_ask_for_what_was_claimed_later(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(ClaimRow, "is_asked_for_by", lambda claim, letter_id: True)
    honest = demanded._ways
    plant.setattr(demanded, "_ways", lambda *given: [*honest(*given)][:1])


PLANTED = (
    _fees_are_claimed_twice,
    _the_first_letter_costs,
    _levels_are_not_raised,
    _who_paid_meanwhile_is_dunned,
    _terms_are_forgotten,
    _holidays_are_working_days,
    _waived_claims_come_again,
    _payments_are_not_used_up,
    _withdrawals_leave_the_level,
    _a_cent_is_lost,
    _interest_of_nobody,
    _no_letter_is_known,
    _letters_ask_for_what_was_claimed_later,
)


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_found(reminder: Callable[[int], Reminder], monkeypatch: pytest.MonkeyPatch, bug: Any) -> None:
    bug(monkeypatch)
    one = reminder(1)
    found: list[Any] = []
    for _ in range(STEPS):
        try:
            one.step()
        except AssertionError as refused:  # an answer that nobody expects
            found.append(refused)
        found += one.differences()
        if found:
            break
    assert found or one.company.tenant.broken() != []
