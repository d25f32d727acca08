"""Which invoices and credit memos are one matter: those that rows of credits join, and what was issued anew."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.uow import Uow


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
