"""Which invoices and credit memos are one matter: those that rows of credits join, and what was issued anew."""

from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.uow import Uow


class _Joined(NamedTuple):
    root: int
    id: int


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
