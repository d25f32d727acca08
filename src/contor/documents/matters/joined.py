"""Which invoices and credit memos are one matter: those that rows of credits join, and what was issued anew."""

from collections.abc import Collection
from decimal import Decimal
from typing import Final, NamedTuple

from contor.kernel.money import CENT, CURRENCIES, quantum
from contor.runtime.uow import Uow

_OTHER_UNITS: Final = sorted({quantum(code) for code in CURRENCIES} - {CENT})
_UNIT: Final = (
    "CASE"
    + "".join(
        f" WHEN m.currency IN ({', '.join(repr(code) for code in sorted(CURRENCIES) if quantum(code) == unit)}) THEN {unit}"
        for unit in _OTHER_UNITS
    )
    + f" ELSE {CENT} END"
)
"""SQL: the smallest amount of the currency of a credit `m`, which is that of what it takes back."""
TAKEN_BACK: Final = (
    "(SELECT abs(sum(t.net) - {0}.net) <= sum(t.slack) AND abs(sum(t.gross) - {0}.gross) <= sum(t.slack)"
    " FROM (SELECT CASE WHEN n.alone THEN m.net ELSE n.net END AS net, CASE WHEN n.alone THEN m.gross ELSE n.gross END AS gross,"
    f" CASE WHEN n.alone THEN 0 ELSE n.rows * {_UNIT} END AS slack"
    " FROM (SELECT k.document_id, sum(k.net) AS net, sum(k.gross) AS gross, count(*) AS rows, NOT EXISTS (SELECT 1"
    " FROM document_credit o WHERE o.tenant_id = k.tenant_id AND o.document_id = k.document_id"
    " AND o.credited_document_id <> k.credited_document_id) AS alone FROM document_credit k"
    " WHERE k.tenant_id = {0}.tenant_id AND k.credited_document_id = {0}.id"
    " GROUP BY k.tenant_id, k.document_id, k.credited_document_id) n"
    " JOIN document m ON m.tenant_id = {0}.tenant_id AND m.id = n.document_id) t)"
)
"""SQL: whether credits took back all of a document `{0}`, NULL where there are none: together they come to its net and its gross (and so
to its tax), no less and no more. More, as of a row beside which another one reduces, is a part of its rows. A credit's own sums say it,
with what is reduced for the whole document; of one that is over several documents its rows do, each with what rounding moved of it: one
smallest unit of the currency."""


class _Joined(NamedTuple):
    root: int
    id: int


class CreditOver(NamedTuple):
    """What a credit takes back of one document."""

    credit_id: int
    credited_id: int
    gross: Decimal
    """Of its rows."""
    alone: bool
    """It takes back nothing of any other document."""


def joined_by_credits(uow: Uow, ids: Collection[int]) -> dict[int, set[int]]:
    """Of each of these that is an invoice, or a credit memo over one: all documents of its matter, itself too."""
    if not ids:
        return {}
    rows = uow.all(
        _Joined,
        "WITH RECURSIVE joined (tenant_id, root, id) AS (SELECT tenant_id, id, id FROM document d WHERE id = ANY (%s)"
        " AND (document_type = 'INVOICE' OR document_type = 'CREDIT_MEMO' AND EXISTS (SELECT 1 FROM document_credit c"
        " WHERE c.tenant_id = d.tenant_id AND c.document_id = d.id))"
        " UNION SELECT j.tenant_id, j.root, near.id FROM joined j CROSS JOIN LATERAL"
        " (SELECT credited_document_id AS id FROM document_credit c WHERE c.tenant_id = j.tenant_id AND c.document_id = j.id"
        " UNION ALL SELECT document_id FROM document_credit c WHERE c.tenant_id = j.tenant_id AND c.credited_document_id = j.id"
        # what was paid for one that was issued anew pays the new one
        " UNION ALL SELECT new_document_id FROM document_reissue r WHERE r.tenant_id = j.tenant_id AND r.document_id = j.id"
        " UNION ALL SELECT document_id FROM document_reissue r WHERE r.tenant_id = j.tenant_id AND r.new_document_id = j.id) near)"
        " SELECT j.root, j.id FROM joined j JOIN document d ON d.tenant_id = j.tenant_id AND d.id = j.id"
        " WHERE d.document_type IN ('INVOICE', 'CREDIT_MEMO')",
        (sorted(ids),),
    )
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row.root, set()).add(row.id)
    return found


def credits_over(uow: Uow, ids: Collection[int]) -> list[CreditOver]:
    """What credits take back of these documents."""
    sql = (
        "SELECT c.document_id AS credit_id, c.credited_document_id AS credited_id, sum(c.gross) AS gross, NOT EXISTS (SELECT 1"
        " FROM document_credit o WHERE o.tenant_id = c.tenant_id AND o.document_id = c.document_id"
        " AND o.credited_document_id <> c.credited_document_id) AS alone FROM document_credit c"
        " WHERE c.credited_document_id = ANY (%s) GROUP BY c.tenant_id, c.document_id, c.credited_document_id"
        " ORDER BY c.document_id, c.credited_document_id"
    )
    return uow.all(CreditOver, sql, (sorted(ids),)) if ids else []


def credited_by(uow: Uow, ids: Collection[int]) -> list[int]:
    """The documents of which these credits take something back."""
    sql = "SELECT DISTINCT credited_document_id FROM document_credit WHERE document_id = ANY (%s) ORDER BY 1"
    return uow.column(int, sql, (sorted(ids),)) if ids else []


class FinalOf(NamedTuple):
    """A deposit invoice and an invoice that names it, or its correction: the final invoice."""

    deposit_id: int
    final_id: int


def finals_of(uow: Uow, ids: Collection[int]) -> dict[int, int]:
    """By deposit invoice the latest final invoice, which demands what was not received by the deposit."""
    sql = (
        "SELECT x.deposit_id, max(f.id) AS final_id FROM (SELECT tenant_id, id AS deposit_id, id FROM document WHERE id = ANY (%(ids)s)"
        " AND document_type = 'DEPOSIT_INVOICE' UNION ALL SELECT r.tenant_id, r.related_id, r.document_id FROM document_relation r"
        " JOIN document c ON c.tenant_id = r.tenant_id AND c.id = r.document_id WHERE r.related_id = ANY (%(ids)s)"
        " AND c.document_type = 'DEPOSIT_INVOICE_CORRECTION') x"
        " JOIN document_relation n ON n.tenant_id = x.tenant_id AND n.related_id = x.id"
        " JOIN document f ON f.tenant_id = n.tenant_id AND f.id = n.document_id AND f.document_type = 'INVOICE' GROUP BY x.deposit_id"
    )
    return dict(uow.all(FinalOf, sql, {"ids": sorted(ids)})) if ids else {}


def deposits_of(uow: Uow, ids: Collection[int]) -> list[FinalOf]:
    """The deposit invoices that these final invoices name, themselves or by their corrections."""
    sql = (
        "SELECT DISTINCT coalesce(b.related_id, d.id) AS deposit_id, f.id AS final_id FROM document f"
        " JOIN document_relation n ON n.tenant_id = f.tenant_id AND n.document_id = f.id"
        " JOIN document d ON d.tenant_id = n.tenant_id AND d.id = n.related_id LEFT JOIN document_relation b"
        " ON b.tenant_id = d.tenant_id AND b.document_id = d.id AND d.document_type = 'DEPOSIT_INVOICE_CORRECTION'"
        " WHERE f.id = ANY (%s) AND f.document_type = 'INVOICE'"
        " AND d.document_type IN ('DEPOSIT_INVOICE', 'DEPOSIT_INVOICE_CORRECTION') ORDER BY 1, 2"
    )
    return uow.all(FinalOf, sql, (sorted(ids),)) if ids else []
