"""Laws of taking a document back by amounts: the parts are what was asked for, and together they are the document, per tax group."""

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.requests import TODAY, a_request, facts, issued, related
from tests.factories.strategies import frozen, rows

from contor.documents.amounts import after, amount_errors, left_in_gross, what_is_left
from contor.documents.cancelling.in_part import Asked, part_credit, part_findings
from contor.documents.judge import examine
from contor.documents.types import DocumentRequest, DocumentType, RequestedAllowanceCharge, with_number
from contor.kernel.money import CENT, ZERO
from contor.kernel.shapes import replace

LATER = TODAY + dt.timedelta(days=3)


@st.composite
def reduced(draw: st.DrawFn) -> DocumentRequest:
    """Rows of both bases and signs, and perhaps allowances on all of them."""
    found = [
        RequestedAllowanceCharge(
            ident=f"d-{n}", type="ALLOWANCE", name="Rabatt", percentage=Decimal(draw(st.integers(1, 3000))) * CENT
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    return a_request(*draw(rows()), allowances_charges=tuple(found))


@settings(max_examples=300)
@given(reduced(), st.lists(st.one_of(st.integers(1, 60), st.integers(1, 400_000)), min_size=1, max_size=8))
def test_parts_are_what_was_asked_and_together_the_document(wanted_first: DocumentRequest, cents: list[int]) -> None:
    made = frozen(wanted_first)
    if made is None or not made.totals.gross:
        return
    old, credits = with_number(made, "RE-1"), []
    for number, wanted in enumerate([*cents, None]):
        left = what_is_left(old, credits)
        rest = left_in_gross(left)
        if not rest:
            break
        amount = None if wanted is None else min(wanted * CENT, rest)
        asked = Asked(f"c-{number}", LATER, amount, "Nachlass", None)
        assert part_findings(left, asked) == []
        request, part = part_credit(left, asked)
        known = replace(facts(related(old, *credits), today=LATER), taken=part.groups)
        assert examine(request, DocumentType.CREDIT_MEMO, known)[0] == []
        memo = issued(request, DocumentType.CREDIT_MEMO, known, f"GS-{number}")
        assert memo.totals.gross == (rest if amount is None else amount)
        assert amount_errors(memo) == []
        credits.append(memo)
    last = what_is_left(old, credits)
    assert {group.left for group in last.groups.values()} == {(ZERO, ZERO, ZERO)}
    assert sum((memo.totals.tax for memo in credits), Decimal(0)) == old.totals.tax
    assert after(last, replace(credits[0], items=(), taxes=())).is_used_up


@given(rows(), st.integers(1, 400_000))
def test_more_than_is_left_is_a_finding(items: tuple, more: int) -> None:  # type: ignore[type-arg]
    made = frozen(a_request(*items))
    if made is None or not made.totals.gross:
        return
    left = what_is_left(with_number(made, "RE-1"))
    asked = Asked("c-1", LATER, left_in_gross(left) + more * CENT, "Nachlass", None)
    assert [problem.code for problem in part_findings(left, asked)] == ["credit_exceeds_rest"]
