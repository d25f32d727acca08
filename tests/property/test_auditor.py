"""The auditor: random bookkeepers in two tenants, whose world is compared after every step with what is stored, and checked when their
days are over.

And the proof that it would notice: each bug that is planted here is found, by the comparison or by the checks of `contor check`.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from tests.checkers.datev_books import as_datev_reads
from tests.factories.bookkeeper import Bookkeeper
from tests.factories.receivables_book import Receivables
from tests.factories.second_book import CENT
from tests.factories.tenants import Tenant

from contor.bookkeeping import tables
from contor.bookkeeping.entries import journal
from contor.bookkeeping.posting import post_documents
from contor.documents.issue import issuing as issue
from contor.kernel.context import Ctx
from contor.kernel.shapes import replace
from contor.openitems import open as opening
from contor.runtime.uow import Uow
from contor.settings.numbers import series

RATES = st.sampled_from([Decimal(19), Decimal(7)])
AMOUNTS = st.one_of(
    st.integers(1, 200).map(lambda cents: CENT * cents),
    st.integers(1, 10**7).map(lambda cents: CENT * cents),
    st.sampled_from([Decimal("0.01"), Decimal("0.03"), Decimal("9.99"), Decimal("99999999.99")]),
)
ROWS = st.lists(st.tuples(RATES, AMOUNTS), min_size=1, max_size=4)
WHO = st.integers(0, 1)
DECISIONS = ["CASH_DISCOUNT", "DISCOUNT", "BANK_FEE", "UNCOLLECTABLE_RECEIVABLE", "DOUBTFUL_RECEIVABLE"]


class Auditor(RuleBasedStateMachine):
    """Two tenants on one database, each with its bookkeeper; the same request ids and numbers occur in both."""

    new_tenant: Callable[[], Tenant]

    @initialize()
    def open_the_books(self) -> None:
        self.keepers = [Bookkeeper.of(type(self).new_tenant()) for _ in range(2)]
        self.receivables = [Receivables(keeper) for keeper in self.keepers]

    @rule(who=WHO, basis=st.sampled_from(["NET", "GROSS"]), rows=ROWS)
    def request_an_invoice(self, who: int, basis: str, rows: list[tuple[Decimal, Decimal]]) -> None:
        self.keepers[who].bill("INVOICE", basis, rows)

    @rule(who=WHO, basis=st.sampled_from(["NET", "GROSS"]), rows=ROWS)
    def request_a_deposit_invoice(self, who: int, basis: str, rows: list[tuple[Decimal, Decimal]]) -> None:
        self.keepers[who].bill("DEPOSIT_INVOICE", basis, rows)

    @rule(who=WHO, rows=ROWS)
    def request_for_nobody(self, who: int, rows: list[tuple[Decimal, Decimal]]) -> None:
        self.keepers[who].bill("INVOICE", "NET", rows, customer="nobody")

    @precondition(lambda self: any(keeper.statuses for keeper in self.keepers))
    @rule(data=st.data())
    def repeat_a_request_id(self, data: st.DataObject) -> None:
        keeper = data.draw(st.sampled_from([keeper for keeper in self.keepers if keeper.statuses]))
        keeper.ask_again(data.draw(st.sampled_from(sorted(keeper.statuses))))

    @precondition(lambda self: any(_creditable(keeper) for keeper in self.keepers))
    @rule(data=st.data())
    def credit_rows(self, data: st.DataObject) -> None:
        """All, a part, or more than is left; a deposit invoice is corrected as a whole."""
        keeper = data.draw(st.sampled_from([keeper for keeper in self.keepers if _creditable(keeper)]))
        paper = keeper.papers[data.draw(st.sampled_from(_creditable(keeper)))]
        if paper.kind == "DEPOSIT_INVOICE":
            keeper.credit(paper.ident, [(row.ident, row.agreed) for row in paper.rows.values()])
            return
        chosen = data.draw(st.lists(st.sampled_from(sorted(paper.rows)), min_size=1, unique=True))
        parts = []
        for ident in chosen:
            left = paper.left[ident]
            shares = [left, cents_of(left / 2), cents_of(left / 3), left - CENT, CENT, left + CENT]
            parts.append((ident, data.draw(st.sampled_from([share for share in shares if share > 0]))))
        keeper.credit(paper.ident, parts)

    @rule(who=WHO, limit=st.sampled_from([1, 2, 100]))
    def issue_a_batch(self, who: int, limit: int) -> None:
        self.keepers[who].issue(limit)

    @precondition(lambda self: any(one.decidable() for one in self.receivables))
    @rule(data=st.data(), kind=st.sampled_from(DECISIONS), share=st.sampled_from([1, 2, 3]))
    def decide(self, data: st.DataObject, kind: str, share: int) -> None:
        one = data.draw(st.sampled_from([one for one in self.receivables if one.decidable()]))
        paper = data.draw(st.sampled_from(one.decidable()))
        one.decide(paper, kind, max(cents_of(paper.balance / share), CENT))

    @precondition(lambda self: any(one.verdicts for one in self.receivables))
    @rule(data=st.data())
    def revert_a_decision(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from([one for one in self.receivables if one.verdicts]))
        one.revert(data.draw(st.sampled_from(one.verdicts)))

    @rule(who=WHO)
    def clear(self, who: int) -> None:
        self.receivables[who].clear()

    @precondition(lambda self: any(one.runs for one in self.receivables))
    @rule(data=st.data())
    def reverse_a_clearing_run(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from([one for one in self.receivables if one.runs]))
        one.reverse(data.draw(st.sampled_from(one.runs)))

    @invariant()
    def the_books_are_as_expected(self) -> None:
        for keeper in self.keepers:
            assert keeper.differences() == []

    def teardown(self) -> None:
        """The checks of `contor check` read all there is: once is enough, for what is broken heals by nothing that a bookkeeper does."""
        for keeper in getattr(self, "keepers", []):
            assert keeper.tenant.broken() == []
            assert as_datev_reads(keeper.tenant) == []


def _creditable(keeper: Bookkeeper) -> list[str]:
    """What credits take back of what was decided off is told elsewhere."""
    reduced = {name for one in keeper.reduced for name in one.papers if not one.is_back}
    return sorted(
        ident for ident, paper in keeper.papers.items() if paper.kind in ("INVOICE", "DEPOSIT_INVOICE") and ident not in reduced
    )


def cents_of(amount: Decimal) -> Decimal:
    return amount.quantize(CENT)


def test_random_bookkeepers_agree_with_the_books(new_tenant: Callable[[], Tenant]) -> None:
    machine: Any = type("Machine", (Auditor,), {"new_tenant": staticmethod(new_tenant)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


# --- planted bugs --------------------------------------------------------------------------------------------------------------


def a_day(one: Bookkeeper, two: Bookkeeper) -> None:
    """Something of everything."""
    nineteen, seven = Decimal(19), Decimal(7)
    one.bill("INVOICE", "NET", [(nineteen, Decimal("30.00")), (seven, Decimal("0.99"))])
    one.bill("INVOICE", "GROSS", [(nineteen, Decimal("9.99")), (nineteen, Decimal("0.03"))])
    one.bill("DEPOSIT_INVOICE", "NET", [(nineteen, Decimal("100.00"))])
    two.bill("INVOICE", "NET", [(seven, Decimal("500.00"))])
    one.issue()
    one.credit("RE-2027-000001", [("i-1", Decimal("10.00"))])
    one.credit("RE-2027-000002", [("i-1", Decimal("9.99"))])
    one.credit("AR-2027-000001", [("i-1", Decimal("100.00"))])
    one.credit("RE-2027-000002", [("i-1", Decimal("9.99"))])  # accepted, but there is nothing left when its turn comes
    one.issue()
    two.issue()


@pytest.fixture
def keepers(new_tenant: Callable[[], Tenant]) -> tuple[Bookkeeper, Bookkeeper]:
    return Bookkeeper.of(new_tenant()), Bookkeeper.of(new_tenant())


def found_by(keepers: tuple[Bookkeeper, Bookkeeper]) -> set[str]:
    """The names of the checks that find something, and `world` if the comparison does."""
    checks = {name for keeper in keepers for _, name, _ in keeper.tenant.broken()}
    return checks | ({"world"} if any(keeper.differences() for keeper in keepers) else set())


def test_an_honest_day_has_no_findings(keepers: tuple[Bookkeeper, Bookkeeper]) -> None:
    a_day(*keepers)
    assert found_by(keepers) == set()
    assert sorted(keepers[0].papers) == [
        "AK-2027-000001",
        "AR-2027-000001",
        "RE-2027-000001",
        "RE-2027-000002",
        "RK-2027-000001",
        "RK-2027-000002",
    ]
    assert keepers[0].statuses["r-7"] == "FAILED"


def _tax_off_by_a_cent(plant: pytest.MonkeyPatch) -> None:
    """Consistently: in the group, the totals, the open item and the entries."""
    honest = issue.freeze

    def freeze(*arguments: Any) -> Any:
        document = honest(*arguments)
        first, *rest = document.taxes
        group = replace(first, amount=first.amount + CENT, gross=first.gross + CENT)
        t = document.totals
        totals = replace(t, tax=t.tax + CENT, gross=t.gross + CENT, payable=t.payable + CENT)
        return replace(document, taxes=(group, *rest), totals=totals)

    plant.setattr(issue, "freeze", freeze)


def _header_differs(plant: pytest.MonkeyPatch) -> None:
    honest, gross = issue._header, issue._HEADER_COLUMNS.index("gross")
    plant.setattr(
        issue, "_header", lambda draft: (*honest(draft)[:gross], honest(draft)[gross] + CENT, *honest(draft)[gross + 1 :])
    )


def _line_dropped(plant: pytest.MonkeyPatch) -> None:
    honest = post_documents.post_document

    def post_document(*arguments: Any, **options: Any) -> Any:
        return [entry._replace(lines=entry.lines[:-1]) for entry in honest(*arguments, **options)]

    plant.setattr(post_documents, "post_document", post_document)
    plant.setattr(journal, "why_not_balanced", lambda entries: [])


def _entry_dropped(plant: pytest.MonkeyPatch) -> None:
    honest = post_documents.post_document
    plant.setattr(post_documents, "post_document", lambda *a, **o: [] if a[0].totals.net == Decimal("500.00") else honest(*a, **o))


def _entry_posted_twice(plant: pytest.MonkeyPatch) -> None:
    honest = post_documents.post_document
    plant.setattr(post_documents, "post_document", lambda *a, **o: [*honest(*a, **o), *honest(*a, **o)])


def _wrong_account(plant: pytest.MonkeyPatch) -> None:
    """Revenue at 7 % on the account for 19 %: it balances, and agrees with the open items."""
    honest = post_documents.post_document

    def post_document(*arguments: Any, **options: Any) -> Any:
        moved = {8300: 8400}
        return [
            e._replace(lines=tuple(line._replace(account=moved.get(line.account, line.account)) for line in e.lines))
            for e in honest(*arguments, **options)
        ]

    plant.setattr(post_documents, "post_document", post_document)


def _number_skipped(plant: pytest.MonkeyPatch) -> None:
    honest = series._take
    plant.setattr(series, "_take", lambda uow, wanted, year, count: honest(uow, wanted, year, count + 1))


def _journal_number_skipped(plant: pytest.MonkeyPatch) -> None:
    honest = Uow.draw

    def draw(uow: Uow, counter: Any, key: Any, *, low: int, count: int) -> int:
        return honest(uow, counter, key, low=low, count=count + (counter is tables.journal_counter))

    plant.setattr(Uow, "draw", draw)


def _balance_not_moved(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(opening, "move", lambda uow, moves: None)


def _case_forgotten(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(opening, "_write", lambda uow, opened: None)


def _request_forgotten(plant: pytest.MonkeyPatch) -> None:
    """The document does not say which request it answers."""
    honest = issue._header
    column = issue._HEADER_COLUMNS.index("request_id")
    plant.setattr(issue, "_header", lambda draft: (*honest(draft)[:column], None, *honest(draft)[column + 1 :]))


def _failure_forgotten(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(issue, "fail", lambda uow, request_id, errors: None)


def _nothing_is_ever_used_up(plant: pytest.MonkeyPatch) -> None:
    """A second credit of the same rows is issued as well."""
    plant.setattr(issue.FactsSource, "note", lambda self, document, facts: None)


LAW, NUMBERS = "documents.amounts_are_those_of_the_law", "documents.numbers_have_no_gap_and_no_duplicate"
ENDS, CREDITS = "documents.every_request_has_one_end", "documents.credits_do_not_exceed_what_they_credit"
CASES = "openitems.every_document_has_its_case"
BALANCE, JOURNAL = "bookkeeping.entries_balance", "bookkeeping.journal_numbers_have_no_gap"
PERSONAL = "bookkeeping.personal_accounts_agree_with_open_items"


@pytest.mark.parametrize(
    ("bug", "expected"),
    [
        (_tax_off_by_a_cent, {LAW, "world"}),
        (_header_differs, {LAW, "world"}),
        (_line_dropped, {BALANCE, "world"}),
        (_entry_dropped, {PERSONAL, "world"}),
        (_entry_posted_twice, {PERSONAL, "world"}),
        (_wrong_account, {"world"}),
        (_number_skipped, {NUMBERS}),
        (_journal_number_skipped, {JOURNAL}),
        (_balance_not_moved, {PERSONAL, "world"}),
        (_case_forgotten, {CASES, PERSONAL, "world"}),
        (_request_forgotten, {ENDS, "world"}),
        (_failure_forgotten, {ENDS}),
        (_nothing_is_ever_used_up, {CREDITS, "world"}),
    ],
)
def test_a_planted_bug_is_found(
    keepers: tuple[Bookkeeper, Bookkeeper],
    monkeypatch: pytest.MonkeyPatch,
    bug: Callable[[pytest.MonkeyPatch], None],
    expected: set[str],
) -> None:
    bug(monkeypatch)
    try:
        a_day(*keepers)
        noticed = set()
    except AssertionError:  # what Contor answered was not what the bookkeeper expected
        noticed = {"world"}
    assert found_by(keepers) | noticed >= expected


def test_rows_for_another_tenant_are_refused_by_the_database(
    keepers: tuple[Bookkeeper, Bookkeeper], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = keepers
    one.bill("INVOICE", "NET", [(Decimal(19), Decimal(1))])
    with monkeypatch.context() as plant:
        plant.setattr(Ctx, "tenant_id", property(lambda self: two.tenant.id))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            one.issue()
    assert one.tenant.rows("SELECT 1 FROM document") == two.tenant.rows("SELECT 1 FROM document") == []
    assert two.differences() == []


def test_work_done_for_another_tenant_is_found(keepers: tuple[Bookkeeper, Bookkeeper]) -> None:
    """Two tenants have the same request ids: whoever issues the wrong one's is noticed in both."""
    one, two = keepers
    for keeper, amount in ((one, 10), (two, 20)):
        keeper.bill("INVOICE", "NET", [(Decimal(19), Decimal(amount))])
    one.tenant, two.tenant = two.tenant, one.tenant
    one.issue()
    one.tenant, two.tenant = two.tenant, one.tenant
    assert one.differences()
    assert two.differences()
