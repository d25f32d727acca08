"""Which dunning letters a text names, beside the documents that there are: whole numbers, and none that is a document's."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest

from contor.assignment.finding.named import _Found, _in_text, _letter_keys, _read
from contor.dunning.runs import LetterNamed
from contor.openitems.keys import compact
from contor.openitems.stored import CaseNamed
from contor.payments.types import StoredPayment

DAY = dt.date(2026, 3, 2)
LETTERS = ("ml-2097", "ml-20971", "ml-31")


def found(numbers: Sequence[str]) -> _Found:
    letters = {compact(ident): LetterNamed(int(ident[3:]), ident, "c-1", (1,)) for ident in LETTERS}
    cases = {compact(number): [CaseNamed(compact(number), at, number, DAY)] for at, number in enumerate(numbers, 10)}
    return _Found({}, {}, cases, {number: [at] for at, number in enumerate(numbers, 10)}, {}, letters)


@pytest.mark.parametrize(
    ("text", "documents", "wanted", "named"),
    [
        ("Mahnung ml-2097", [], ["ML2097"], []),
        ("ML 20 97", [], ["ML2097"], []),
        ("ml-2097 1 Rechnung", [], ["ML2097"], []),  # not ml-20971
        ("ml-20971", [], ["ML20971"], []),
        ("ml-2097, ml-31", [], ["ML2097", "ML31"], []),
        ("ml-20972", [], [], []),
        ("html-2097", [], [], []),
        ("ml-2097", ["ML-2097"], [], ["ML-2097"]),  # a document of that number
        ("A-ml-2097", ["A-ML-2097"], [], ["A-ML-2097"]),  # or of a longer one
        ("ml-2097-B1", ["ML-2097-B1"], [], ["ML-2097-B1"]),
        ("ml-2097", ["2097"], ["ML2097"], []),  # a document of a part of it is not meant
        ("ml-2097 2098", ["2097", "2098"], ["ML2097"], ["2098"]),
        ("ml-2096 2098", ["2096", "2098"], [], ["2096", "2098"]),  # where there is no such letter, it is
    ],
)
def test_letters_and_documents_in_one_text(text: str, documents: list[str], wanted: list[str], named: list[str]) -> None:
    payment = StoredPayment("p-1", "bank", None, Decimal(1), "EUR", Decimal(1), DAY, DAY, text)
    one, there = _read(payment, ()), found(documents)
    assert _letter_keys(one, there) == wanted
    assert sorted(_in_text(one, there).numbers) == named
