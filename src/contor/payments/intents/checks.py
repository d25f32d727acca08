"""What must hold of intents and their attempts."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.integrity import said_last
from contor.runtime.uow import Uow


class _Intent(NamedTuple):
    ident: str
    status: str
    prebooked: bool
    live: int
    succeeded: int
    booked: int
    attempts: int
    held: int
    is_expected: bool


class _Twice(NamedTuple):
    document_ident: str
    many: int


class _Unlike(NamedTuple):
    key: str
    ident: str


class _Status(NamedTuple):
    ident: str
    status: str


_INTENTS = """
SELECT i.ident, i.status, i.prebooked, count(a.key) FILTER (WHERE a.state IN ('PROCESSING', 'SUBMITTED')) AS live,
       count(a.key) FILTER (WHERE a.state = 'SUCCESSFUL') AS succeeded,
       count(a.key) FILTER (WHERE a.state = 'SUCCESSFUL' AND a.payment_ident IS NOT NULL) AS booked, count(a.key) AS attempts,
       count(a.key) FILTER (WHERE a.held) AS held, i.expected_by IS NOT NULL AS is_expected
  FROM payment_intent i LEFT JOIN payment_attempt a ON a.tenant_id = i.tenant_id AND a.intent_ident = i.ident
 GROUP BY i.tenant_id, i.ident, i.status, i.prebooked, i.expected_by ORDER BY i.ident
"""


@check("payments.an_intent_stands_as_its_attempts")
def intents(uow: Uow) -> Iterable[str]:
    """One live attempt of what is being processed, none of anything else; one that succeeded of what succeeded; money is promised as long
    as it may still be booked."""
    for row in uow.all(_Intent, _INTENTS):
        expected = {
            "CREATED": (0, 0, True),
            "PROCESSING": (1, 0, True),
            "HELD": (1, 0, True),
            "SUCCESSFUL": (0, 1, not row.booked),
            "FAILED": (0, 0, False),
            "CANCELLED": (0, 0, False),
        }[row.status]
        if (row.live, row.succeeded, row.prebooked) != expected:
            yield (
                f"intent {row.ident}: {row.status}, prebooked {row.prebooked}, but {row.live} attempts are live and"
                f" {row.succeeded} succeeded"
            )
        if row.is_expected and row.status not in ("PROCESSING", "HELD"):
            yield f"intent {row.ident}: {row.status}, and its bank is still waited for"
        if row.held != (row.status == "HELD"):
            yield f"intent {row.ident}: {row.status}, but {row.held} attempts are held because of their payees"


@check("payments.nothing_is_collected_twice")
def once(uow: Uow) -> Iterable[str]:
    """Two charges of a document never stand beside each other before one of them was booked; a booked one may have been in part."""
    for row in uow.all(
        _Twice,
        "SELECT document_ident, count(*) AS many FROM payment_intent WHERE prebooked GROUP BY document_id, document_ident"
        " HAVING count(*) > 1",
    ):
        yield f"document {row.document_ident}: {row.many} intents move money for it at the same time"
    for same in uow.all(
        _Twice,
        # a batch that a person has named is the money of several
        "SELECT a.payment_ident AS document_ident, count(*) AS many FROM payment_attempt a LEFT JOIN payment p ON p.tenant_id = a.tenant_id"
        " AND p.ident = a.payment_ident WHERE a.payment_ident IS NOT NULL GROUP BY a.payment_ident HAVING count(*) > 1"
        " AND sum(a.amount) > coalesce(max(p.original_amount), 0)",
    ):
        yield f"payment {same.document_ident}: {same.many} attempts say it is theirs"


@check("payments.an_attempt_moves_what_its_intent_says")
def amounts(uow: Uow) -> Iterable[str]:
    """Amount, currency and document of an attempt are those of its intent."""
    for row in uow.all(
        _Unlike,
        "SELECT a.key, i.ident FROM payment_attempt a JOIN payment_intent i ON i.tenant_id = a.tenant_id AND i.ident = a.intent_ident"
        " WHERE (a.amount, a.currency, a.document_ident) <> (i.amount, i.currency, i.document_ident) ORDER BY a.key",
    ):
        yield f"attempt {row.key}: it is not of what its intent {row.ident} says"


@check("payments.intents_are_those_of_the_trail")
def told(uow: Uow) -> Iterable[str]:
    """How an intent stands was written into the trail when it came to stand so."""
    said = said_last(uow, "payment_intent", "status")
    for row in uow.all(_Status, "SELECT ident, status FROM payment_intent ORDER BY ident"):
        if said.get(row.ident) != row.status:
            yield f"intent {row.ident}: {row.status} is stored, the trail says {said.get(row.ident) or 'nothing'}"
