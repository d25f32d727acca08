"""Broken files: whatever is cut, doubled, put elsewhere or written into them, they are issued again or refused in words."""

import copy
import random
from collections.abc import Callable

import pytest
from lxml import etree
from tests.checkers.wording import unfit
from tests.factories.einvoices.issued_again import issue_again
from tests.factories.einvoices.papers import PAPERS

from contor.documents.einvoice import EInvoice, einvoice_of, left_out, read_file
from contor.documents.einvoice.write.cii import cii
from contor.documents.einvoice.write.ubl import ubl
from contor.kernel.errors import Refused

EACH = 250
"""Mutants of each syntax."""
VALUES = (
    *("", "x", "-1", "1e9", "NaN", "9" * 20, "0.000000001", "2026-02-31", "20261332", "  ", "Ä\u202e", "a" * 3000, "0", "-0.01"),
    *("\u0665", "1,5", "EURO", "true", "1", "##", "%s{}", "{0}", "DE", "S", "B", "{[(?:"),
)


def broken(data: bytes, chance: random.Random) -> bytes:
    if (how := chance.randrange(7)) == 0:
        return data[: chance.randrange(len(data))]
    if how == 1:
        at = chance.randrange(len(data))
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    root = etree.fromstring(data)
    for _ in range(chance.choice((1, 1, 2, 3))):
        element = chance.choice([found for found in root.iter(etree.Element) if found is not root])
        above = element.getparent()
        assert above is not None
        if how == 2:
            above.remove(element)
        elif how == 3:
            above.insert(above.index(element), copy.deepcopy(element))
        elif how == 4 and element.attrib:
            element.set(chance.choice(list(element.attrib)), chance.choice(VALUES))
        else:
            chance.choice([found for found in root.iter(etree.Element) if len(found) == 0]).text = chance.choice(VALUES)
    return etree.tostring(root)


@pytest.mark.parametrize("written", [ubl, cii])
def test_broken_files_are_issued_with_their_sums_or_refused_in_words(written: Callable[[EInvoice], bytes]) -> None:
    chance = random.Random(31)
    files = [etree.tostring(etree.fromstring(written(einvoice_of(paper)))) for paper in PAPERS.values()]
    issued = 0
    for _ in range(EACH):
        data = broken(chance.choice(files), chance)
        try:
            original = read_file(data)
            document = issue_again(original)
        except Refused as refused:
            assert [problem for problem in refused.problems if unfit(problem.message, names=False)] == []
            assert all(problem.code and problem.message for problem in refused.problems)
            continue
        issued += 1
        left_out(original, einvoice_of(document))
        ours, theirs = document.totals, original.totals
        assert [abs(value) for value in (ours.net, ours.tax, ours.gross, ours.payable)] == [
            abs(value) for value in (theirs.net, theirs.tax, theirs.gross, theirs.payable)
        ]
    assert 0 < issued < EACH
