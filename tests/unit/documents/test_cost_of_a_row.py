"""What a row of a document costs, in calls of Python functions: what is the same for each row is asked once (docs/decisions/0027)."""

import datetime as dt
import gc
import sys
from types import FrameType

from tests.factories.requests import a_request, a_row, facts, with_property

from contor.documents.issue import freeze
from contor.documents.judge import Facts, examine
from contor.documents.request.printable import unprintable_texts
from contor.documents.types import DocumentRequest, DocumentType

INVOICE = DocumentType.INVOICE
NOW = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
MOST = 14
"""Calls for one row more: judged, computed and frozen."""


def calls(rows: int) -> int:
    """Of a document of so many rows, each with a cost centre of its own, whose rows were judged at the 202."""
    items = [a_row(f"i-{n}", properties=with_property("costCentre", f"{4700 + n}")) for n in range(rows)]
    request, known = a_request(*items), facts(judges_rates=True)
    issue(request, known)  # what is looked up once in a process
    counted = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal counted
        counted += event == "call"

    before = sys.getprofile()
    gc.disable()  # what it collects of earlier tests calls functions of its own
    sys.setprofile(count)
    try:
        issue(request, known)
    finally:
        sys.setprofile(before)
        gc.enable()
    return counted


def issue(request: DocumentRequest, known: Facts) -> None:
    assert not unprintable_texts(request, {"customer": known.customer}, None)
    findings, amounts = examine(request, INVOICE, known, rows_judged=True)
    assert amounts is not None and not findings
    assert len(freeze(request, INVOICE, known, amounts, NOW).items) == len(request.items)


def test_a_row_more_costs_a_few_calls() -> None:
    assert calls(60) - calls(10) <= 50 * MOST
