"""What must hold of open items."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import in_place_of, unlike_discounts, unlike_receipts, with_places
from contor.documents.types import DocumentType
from contor.kernel.checks import check
from contor.openitems.cases import cases_again, decided_off, is_receipt, is_reduction, movements_again, received
from contor.openitems.types import REDUCING
from contor.runtime.integrity import in_pages
from contor.runtime.uow import Uow


class _Balance(NamedTuple):
    """A case and what its movements come to."""

    ident: str
    opening: Decimal
    balance: Decimal
    status: str
    moved: Decimal


class _Opened(NamedTuple):
    """A document and the opening of its case; None: it has none."""

    ident: str
    payable: Decimal
    opening: Decimal | None


class _Settled(NamedTuple):
    """What a document says is settled, and what moved its case."""

    ident: str
    settled: Decimal
    moved: Decimal


class _Owed(NamedTuple):
    """An open case."""

    document_id: int
    ident: str
    balance: Decimal
    doubtful: bool


class _Reduced(NamedTuple):
    """A part of a decision that is no reduction."""

    ident: str
    decision: str
    rate: str
    gross: Decimal


class _Stored(NamedTuple):
    """A case as it is stored; `moved_at`: when it was opened, or moved last."""

    document_id: int
    ident: str
    balance: Decimal
    ledger_balance: Decimal
    doubtful: bool
    closed_at: dt.datetime | None
    moved_at: dt.datetime


class _Typed(NamedTuple):
    document_id: int
    document_type: str


@check("openitems.balance_is_opening_plus_movements")
def balances(uow: Uow) -> Iterable[str]:
    """Nothing but opening and movements decides a balance; a case without balance is closed, any other open."""
    for row in uow.all(
        _Balance,
        "SELECT c.ident, c.opening, c.balance, c.status, coalesce(sum(m.amount), 0) AS moved FROM opos_case c LEFT JOIN opos_movement m"
        " ON m.tenant_id = c.tenant_id AND m.document_id = c.document_id GROUP BY c.tenant_id, c.document_id"
        " HAVING c.balance <> c.opening + coalesce(sum(m.amount), 0) OR c.status <> CASE WHEN c.balance = 0"
        " THEN 'CLOSED' ELSE 'OPEN' END",
    ):
        yield f"case {row.ident}: {row.opening} + {row.moved} is not {row.balance} ({row.status})"


@check("openitems.every_document_has_its_case")
def cases(uow: Uow) -> Iterable[str]:
    """One case per document but the correction of a deposit invoice; opened with the payable amount."""
    for row in uow.all(
        _Opened,
        "SELECT d.ident, d.payable, c.opening FROM document d LEFT JOIN opos_case c ON c.tenant_id = d.tenant_id AND c.document_id = d.id"
        # a correction moves the case of its deposit and has none of its own; self-billing is owed by us, so opened negative
        " WHERE (c.document_id IS NULL) <> (d.document_type = 'DEPOSIT_INVOICE_CORRECTION') OR abs(c.opening) <> abs(d.payable)"
        " OR c.ident <> d.ident",
    ):
        yield f"document {row.ident}: payable {row.payable}, open item {row.opening}"


@check("openitems.nothing_is_owed_on_a_replaced_document")
def replaced(uow: Uow) -> Iterable[str]:
    """What was reissued was taken back as a whole: a debt stands on the document in its place. But not beside a doubtful receivable, which
    stands on another account."""
    owed = uow.all(
        _Owed, "SELECT document_id, ident, balance, doubtful FROM opos_case WHERE balance * opening > 0 ORDER BY document_id"
    )
    place, doubtful = in_place_of(uow, [row.document_id for row in owed]), {row.document_id for row in owed if row.doubtful}
    for row in owed:
        if row.document_id in place and place[row.document_id] not in doubtful:
            yield f"case {row.ident}: {row.balance} are open, though the document was replaced"


@check("openitems.a_reduction_raises_no_tax")
def reductions(uow: Uow) -> Iterable[str]:
    """What is decided off a document is off each of its groups: no rate is raised by it (section 17 (1) UStG)."""
    for row in uow.all(
        _Reduced,
        "SELECT c.ident, m.decision, part ->> 'rate' AS rate, (part ->> 'gross')::numeric AS gross FROM opos_movement m"
        " JOIN opos_case c ON c.tenant_id = m.tenant_id AND c.document_id = m.document_id"
        " CROSS JOIN LATERAL jsonb_array_elements(m.movement::jsonb -> 'parts') AS part"
        " WHERE m.decision = ANY (%s) AND (part ->> 'gross')::numeric * m.amount > 0 ORDER BY m.id",
        (sorted(REDUCING),),
    ):
        yield f"case {row.ident}: {row.decision} has a part of {row.gross} at {row.rate} % with the other sign"


@check("openitems.settled_amounts_agree")
def settled(uow: Uow) -> Iterable[str]:
    """The document's settled amount is what moved its case."""
    for row in uow.all(
        _Settled,
        "SELECT d.ident, d.settled, c.opening - c.balance AS moved FROM document d JOIN opos_case c"
        " ON c.tenant_id = d.tenant_id AND c.document_id = d.id WHERE d.settled <> (c.opening - c.balance) * CASE WHEN c.opening < 0"
        " THEN -1 ELSE 1 END",
    ):
        yield f"document {row.ident}: settled {row.settled}, but {row.moved} moved"


@check("openitems.cases_stand_as_they_were_moved")
def cases_moved(uow: Uow) -> Iterable[str]:
    """A case, made again from its document and moved by its movements, is as it is stored; what nothing moves is as it began."""
    sql = (
        "SELECT c.document_id, c.ident, c.balance, c.ledger_balance, c.doubtful, c.closed_at,"
        " coalesce((SELECT m.created_at FROM opos_movement m"
        # the last in order: who waited for another one began before it
        " WHERE m.tenant_id = c.tenant_id AND m.document_id = c.document_id ORDER BY m.id DESC LIMIT 1), c.created_at) AS moved_at"
        " FROM opos_case c WHERE c.document_id > %s"
    )
    for rows in in_pages(uow, _Stored, sql, "document_id"):
        cases = cases_again(uow, [row.document_id for row in rows])
        for row in rows:
            stored = cases[row.document_id]
            case = stored.case
            if (row.balance, row.ledger_balance, row.doubtful) != (case.balance, case.ledger_balance, case.doubtful):
                yield (
                    f"case {row.ident}: {row.balance} ({row.ledger_balance} in the books, doubtful {row.doubtful}) is stored, its"
                    f" movements come to {case.balance} ({case.ledger_balance}, {case.doubtful})"
                )
            if row.closed_at != (row.moved_at if case.is_closed else None):
                yield f"case {row.ident}: closed at {row.closed_at}, last moved at {row.moved_at}"


@check("openitems.documents_keep_what_was_received_and_granted")
def kept(uow: Uow) -> Iterable[str]:
    """What a final invoice may deduct and a credit takes back is kept of each document: what its movements say, nothing else."""
    sql = "SELECT document_id, document_type FROM opos_case WHERE document_id > %s"
    for rows in in_pages(uow, _Typed, sql, "document_id"):
        deposits = {row.document_id for row in rows if row.document_type == DocumentType.DEPOSIT_INVOICE}
        places = with_places(uow, [row.document_id for row in rows])
        moved = movements_again(uow, places)
        yield from unlike_receipts(
            uow, deposits, [received(it) for it in moved if it.document_id in deposits and is_receipt(it.movement)]
        )
        yield from unlike_discounts(uow, places, [decided_off(it) for it in moved if is_reduction(it.movement)])
