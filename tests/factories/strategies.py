"""Random rows and documents for the laws of amounts."""

from decimal import Decimal

from hypothesis import strategies as st
from tests.factories.requests import NOW, a_row, facts

from contor.documents.issue import freeze
from contor.documents.judge import examine
from contor.documents.types import Document, DocumentRequest, DocumentType, RequestedItem
from contor.kernel.money import CENT

RATES = ("19", "7", "16", "5.5", "25.5", "0")
cents = st.integers(1, 500_000).map(lambda value: Decimal(value) * CENT)


@st.composite
def rows(draw: st.DrawFn, credits_too: bool = True, largest: int = 8) -> tuple[RequestedItem, ...]:
    """Rows of one basis per rate; some reduce the document, some have an extra."""
    basis = {rate: draw(st.sampled_from(("NET", "GROSS"))) for rate in RATES}
    found = []
    for position in range(draw(st.integers(1, largest))):
        rate = draw(st.sampled_from(RATES))
        amount = draw(cents)
        extras: tuple[tuple[str, str], ...] = ()
        total = amount
        if draw(st.booleans()):
            reduction = draw(st.integers(0, int(amount / CENT))) * CENT
            extras, total = (("Rabatt", str(-reduction)),), amount - reduction
        credit = credits_too and draw(st.integers(0, 4)) == 0
        found.append(
            a_row(
                f"i-{position}",
                str(amount),
                rate=rate,
                category=None,
                basis=basis[rate],
                total=str(total),
                extras=extras,
                debit_credit_indicator="CREDIT" if credit else "DEBIT",
            )
        )
    return tuple(found)


def frozen(request: DocumentRequest) -> Document | None:
    """The document, or None where the request must be a credit, or is rounded below nothing."""
    problems, amounts = examine(request, DocumentType.INVOICE, facts())
    assert {problem.code for problem in problems} <= {"document_total_negative", "payable_negative"}
    assert amounts is not None
    return None if problems else freeze(request, DocumentType.INVOICE, facts(), amounts, NOW)
