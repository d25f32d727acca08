"""What must hold of files for banks."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.integrity import said_last
from contor.runtime.uow import Uow


class _File(NamedTuple):
    ident: str
    status: str
    is_sent: bool
    is_expected: bool
    transactions: int
    given_up: int
    attempts: int
    failed: int


_FILES = """
SELECT f.ident, f.status, f.sent_at IS NOT NULL AS is_sent, f.expected_by IS NOT NULL AS is_expected, f.transactions,
       f.given_up, count(a.key) AS attempts, (count(a.key) FILTER (WHERE a.state = 'FAILED')) AS failed
  FROM payment_file f LEFT JOIN payment_attempt a ON a.tenant_id = f.tenant_id AND a.message_ident = f.ident
 GROUP BY f.tenant_id, f.ident, f.status, f.sent_at, f.expected_by, f.transactions, f.given_up ORDER BY f.ident
"""
_UNSENT = ("CREATED", "SUBMITTING", "UPLOADED", "GIVEN_UP")


@check("payments.a_file_holds_its_attempts")
def files(uow: Uow) -> Iterable[str]:
    """As many attempts went out in a file as it says; how it stands is what the trail said of it last, and a bank has it by a day."""
    said = said_last(uow, "payment_file", "status")
    for row in uow.all(_File, _FILES):
        if row.transactions != row.attempts:
            yield f"file {row.ident}: it says {row.transactions} transactions, {row.attempts} attempts went out in it"
        if row.is_sent == (row.status in _UNSENT):
            yield f"file {row.ident}: {row.status}, but it was {'' if row.is_sent else 'not '}given to the bank"
        if row.status in _UNSENT and row.given_up < row.failed:  # of one that was ended money may have come after all
            yield f"file {row.ident}: {row.given_up} of its transactions are given up, of {row.failed} attempts nothing comes"
        if row.status in _UNSENT and (row.status == "GIVEN_UP") != (row.given_up == row.transactions):
            yield f"file {row.ident}: {row.status}, and {row.given_up} of its {row.transactions} transactions are given up"
        if (row.is_sent or row.status == "GIVEN_UP") and row.is_expected:
            yield f"file {row.ident}: the bank has it, and it is still waited for"
        if said.get(row.ident) != row.status:
            yield f"file {row.ident}: {row.status} is stored, the trail says {said.get(row.ident) or 'nothing'}"
