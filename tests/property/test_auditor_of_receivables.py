"""The proof that the auditor would notice: each bug that is planted into decisions and clearing is found, by the comparison with a second
set of books or by the checks of `contor check`."""

import importlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.bookkeeper import Bookkeeper
from tests.factories.receivables_book import Receivables
from tests.factories.second_book import CENT
from tests.factories.tenants import Tenant

from contor.bookkeeping.receivables import decided
from contor.kernel.shapes import replace
from contor.openitems.clearing import steps
from contor.openitems.decisions import decide as deciding
from contor.openitems.types import DecisionType

clear = importlib.import_module("contor.openitems.clearing.offset")
PERSONAL = "bookkeeping.personal_accounts_agree_with_open_items"


def a_day_of_receivables(one: Bookkeeper, two: Bookkeeper) -> None:
    """Something of everything that is decided and cleared."""
    nineteen, seven = Decimal(19), Decimal(7)
    book = Receivables(one)
    for net in ("30.00", "20.00", "10.00"):
        one.bill("INVOICE", "NET", [(nineteen, Decimal(net)), (seven, Decimal("0.99"))])
    one.issue()
    one.credit("RE-2027-000003", [("i-1", Decimal("10.00"))])
    one.issue()
    first, second = one.papers["RE-2027-000001"], one.papers["RE-2027-000002"]
    book.decide(first, "DISCOUNT", Decimal("5.00"))
    book.decide(first, "BANK_FEE", Decimal("1.00"))
    book.revert(book.verdicts[0])
    book.decide(second, "DISCOUNT", Decimal("3.00"))
    book.decide(first, "DOUBTFUL_RECEIVABLE", first.balance)
    book.decide(first, "UNCOLLECTABLE_RECEIVABLE", Decimal("2.00"))
    book.clear()
    book.reverse(book.runs[0])
    book.clear()


@pytest.fixture
def keepers(new_tenant: Callable[[], Tenant]) -> tuple[Bookkeeper, Bookkeeper]:
    return Bookkeeper.of(new_tenant()), Bookkeeper.of(new_tenant())


def found_by(keepers: tuple[Bookkeeper, Bookkeeper]) -> set[str]:
    """The names of the checks that find something, and `world` if the comparison does."""
    checks = {name for keeper in keepers for _, name, _ in keeper.tenant.broken()}
    return checks | ({"world"} if any(keeper.differences() for keeper in keepers) else set())


def test_an_honest_day_of_receivables_has_no_findings(keepers: tuple[Bookkeeper, Bookkeeper]) -> None:
    a_day_of_receivables(*keepers)
    assert [it for keeper in keepers for it in keeper.differences()] == []
    assert found_by(keepers) == set()
    assert keepers[0].papers["RK-2027-000001"].balance == 0


def _decision_not_booked(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(decided, "post_decision", lambda *arguments: [])


def _decision_on_another_account(plant: pytest.MonkeyPatch) -> None:
    honest, moved = decided.post_decision, {8720: 8736}

    def post_decision(*arguments: Any) -> Any:
        return [
            entry._replace(lines=tuple(line._replace(account=moved.get(line.account, line.account)) for line in entry.lines))
            for entry in honest(*arguments)
        ]

    plant.setattr(decided, "post_decision", post_decision)


def _loss_without_its_tax(plant: pytest.MonkeyPatch) -> None:
    """A loss takes the tax back on another account than it stands on: it balances."""
    honest = decided.post_decision

    def post_decision(*arguments: Any) -> Any:
        moved = {1771: 1776}
        return [
            entry._replace(lines=tuple(line._replace(account=moved.get(line.account, line.account)) for line in entry.lines))
            for entry in honest(*arguments)
        ]

    plant.setattr(decided, "post_decision", post_decision)


def _decision_of_more(plant: pytest.MonkeyPatch) -> None:
    """A decision moves a cent more than it says."""
    honest = deciding.decide
    plant.setattr(deciding, "decide", lambda case, kind, amount, allowance: honest(case, kind, amount and amount + CENT, allowance))


def _counter_decision_forgets(plant: pytest.MonkeyPatch) -> None:
    """It says that it reverted, and moves nothing."""
    honest = deciding.bounced
    plant.setattr(
        deciding,
        "bounced",
        lambda case, movement, standing: replace(
            honest(case, movement, standing), amount=Decimal(0), ledger_amount=Decimal(0), parts=(), ledger_parts=()
        ),
    )


def _cleared_on_one_side(plant: pytest.MonkeyPatch) -> None:
    """The credit stays: what is owed to us is paid by nothing."""
    honest = clear.cleared_with

    def cleared_with(case: Any, amount: Decimal) -> Any:
        movement = honest(case, amount)
        return movement if case.balance > 0 else replace(movement, amount=Decimal(0), ledger_amount=Decimal(0))

    plant.setattr(clear, "cleared_with", cleared_with)


def _doubtful_is_cleared(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(steps, "_FREE", "")


def _run_forgets_an_item(plant: pytest.MonkeyPatch) -> None:
    honest = steps._write
    plant.setattr(steps, "_write", lambda uow, rows: honest(uow, rows[:-1]))


def _clearing_not_taken_back(plant: pytest.MonkeyPatch) -> None:
    """The run says that it is reversed, and nothing is."""
    plant.setattr(steps, "unclear", lambda uow, sources: [])


def _doubt_keeps_the_claim(plant: pytest.MonkeyPatch) -> None:
    """The entry is made, and the case is not marked."""
    honest = deciding.decide

    def decide(case: Any, kind: Any, amount: Any, allowance: Any) -> Any:
        movement = honest(case, kind, amount, allowance)
        return replace(movement, decision=DecisionType.BANK_FEE) if kind is DecisionType.DOUBTFUL_RECEIVABLE else movement

    plant.setattr(deciding, "decide", decide)


DECIDED, CONSERVED = "openitems.decisions_move_what_they_say", "openitems.what_is_cleared_is_conserved"
RUNS = "openitems.clearing_runs_say_what_they_did"


@pytest.mark.parametrize(
    ("bug", "expected"),
    [
        (_decision_not_booked, {PERSONAL, "world"}),
        (_decision_on_another_account, {"world"}),
        (_loss_without_its_tax, {"world"}),
        (_decision_of_more, {DECIDED, "world"}),
        (_counter_decision_forgets, {"world"}),
        (_cleared_on_one_side, {CONSERVED, "world"}),
        (_doubtful_is_cleared, {"world"}),
        (_run_forgets_an_item, {RUNS}),
        (_clearing_not_taken_back, {RUNS, "world"}),
        (_doubt_keeps_the_claim, {"world"}),
    ],
)
def test_a_bug_planted_into_receivables_is_found(
    keepers: tuple[Bookkeeper, Bookkeeper],
    monkeypatch: pytest.MonkeyPatch,
    bug: Callable[[pytest.MonkeyPatch], None],
    expected: set[str],
) -> None:
    bug(monkeypatch)
    try:
        a_day_of_receivables(*keepers)
        noticed = set()
    except Exception:  # what Contor answered was not what the bookkeeper expected, or it stopped by itself
        noticed = {"world"}
    assert found_by(keepers) | noticed >= expected
