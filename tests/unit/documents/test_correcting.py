"""A credit says what it corrects: each begins where the one before it ended, and before less after is the credit."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.requests import a_gross_row, a_request, a_row, facts, issued, related, with_property

from contor.documents.amounts import amount_errors
from contor.documents.types import Correction, Document, DocumentType
from contor.kernel.shapes import replace

D = Decimal


def pieces(count: int) -> Any:
    return a_row("i-1", "10.00", quantity=str(count), original=f"{count * 10}.00")


def credit(original: Document, *before: Document, rows: Any, reason: str | None = None) -> Document:
    kind = DocumentType.DEPOSIT_INVOICE_CORRECTION if original.is_deposit else DocumentType.CREDIT_MEMO
    known = facts(related(original, *before), shows_corrections=True)
    said = with_property("reason", reason) if reason else ()
    request = a_request(*rows, related_document_ident=original.ident, properties=said)
    return issued(request, kind, known, f"GS-{len(before) + 1}")


def correction(document: Document) -> Correction:
    assert document.correction is not None
    return document.correction


def states(document: Document) -> list[tuple[str, ...]]:
    """Quantity, unit price and net of each row before and after."""
    return [
        (str(one.quantity), str(one.unit.net), str(one.total.net))
        for row in correction(document).rows
        for one in (row.before, row.after)
    ]


def test_goods_that_come_back_are_a_correction_of_the_quantity() -> None:
    original = issued(a_request(pieces(4)))
    first = credit(original, rows=[pieces(1)], reason="Zwrot towaru")
    assert states(first) == [("4", "10.00", "40.00"), ("3", "10.00", "30.00")]
    assert (correction(first).kind, correction(first).reason) == ("KOR", "Zwrot towaru")
    second = credit(original, first, rows=[pieces(3)])
    assert states(second) == [("3", "10.00", "30.00"), ("0", "10.00", "0.00")]
    assert correction(second).before == correction(first).after
    assert correction(second).after.gross == 0
    assert correction(second).reason == "Berichtigung der Rechnung"


def test_two_rows_that_take_back_one_go_on_from_each_other() -> None:
    original = issued(a_request(pieces(4)))
    back = [replace(pieces(1), ident=f"k-{number}", reference_ident="i-1") for number in (1, 2)]
    assert states(credit(original, rows=back)) == [
        ("4", "10.00", "40.00"),
        ("3", "10.00", "30.00"),
        ("3", "10.00", "30.00"),
        ("2", "10.00", "20.00"),
    ]


def test_a_price_reduction_leaves_the_quantity() -> None:
    original = issued(a_request(pieces(4)))
    reduced = credit(original, rows=[pieces(1)], reason="GOODWILL")
    assert states(reduced) == [("4", "10.00", "40.00"), ("4", "7.50", "30.00")]


def test_what_is_no_plain_part_of_the_quantity_is_one_of_the_price() -> None:
    original = issued(a_request(pieces(3)))
    part = credit(original, rows=[a_row("i-1", "7.77")])
    before, after = states(part)
    assert before == ("3", "10.00", "30.00")
    assert after == ("3", "7.41", "22.23")


@pytest.mark.parametrize("row", [pieces(4), a_gross_row("i-1", "9.99"), a_row("i-1", "0.05", rate="7")])
def test_before_less_after_is_the_credit(row: Any) -> None:
    memo = credit(issued(a_request(row)), rows=[row])
    it, totals = correction(memo), memo.totals
    taken = (it.before.net - it.after.net, it.before.tax - it.after.tax, it.before.gross - it.after.gross)
    assert taken == (totals.net, totals.tax, totals.gross)
    assert it.before.net + it.before.tax == it.before.gross


def test_a_correction_that_is_not_its_document_is_found() -> None:
    memo = credit(issued(a_request(pieces(4))), rows=[pieces(1)])
    assert amount_errors(memo) == []
    it = correction(memo)
    (row,) = it.rows
    wrong = replace(it, after=it.before, rows=(replace(row, after=row.before), replace(row, position=9)))
    assert amount_errors(replace(memo, correction=wrong)) == [
        "corrected net is 0.00, expected 10.00",
        "row i-1: corrected net is 0.00, expected 10.00",
        "there is no row 9, of which it says what was before",
        "corrected tax is 0.00, expected 1.90",
        "row i-1: corrected tax is 0.00, expected 1.90",
        "there is no row 9, of which it says what was before",
        "corrected gross is 0.00, expected 11.90",
        "row i-1: corrected gross is 0.00, expected 11.90",
        "there is no row 9, of which it says what was before",
    ]


def test_a_deposit_is_corrected_as_such() -> None:
    deposit = issued(a_request(), DocumentType.DEPOSIT_INVOICE, ident="AR-1")
    assert correction(credit(deposit, rows=a_request().items)).kind == "KOR_ZAL"


def test_nothing_is_said_without_the_flag_nor_of_what_credits_nothing() -> None:
    original = issued(a_request(), known=facts(shows_corrections=True))
    assert original.correction is None
    known = facts(related(original))
    assert issued(a_request(related_document_ident="RE-1"), DocumentType.CREDIT_MEMO, known, "GS-1").correction is None
