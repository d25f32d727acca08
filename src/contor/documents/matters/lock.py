"""The one lock of issuing, money and correction.

What a document says of another one, and what money does to it, rest on the same facts: what is left of rows, what was received and
deducted, which reductions stand. These facts lie on several documents: on the invoice, its credit memos, the deposits that it deducts, the
one in its place. Together they are a matter. Who decides anything about one of them locks all of them here, and reads after that.

The order of locks, for all who take several: the customer's billing, the payment, the documents of a matter by their ids, and at the end
of the transaction what is hot: the counters of numbers, the journal, the chain. Who comes by another order is ended by the database and
begins again (`Runtime.execute`).
"""

from collections.abc import Collection
from typing import Final

from contor.runtime.uow import Uow

_BESIDE: Final = """
SELECT related_id AS id FROM document_relation WHERE document_id = ANY (%(ids)s)
UNION ALL SELECT document_id FROM document_relation WHERE related_id = ANY (%(ids)s)
UNION ALL SELECT new_document_id FROM document_reissue WHERE document_id = ANY (%(ids)s)
UNION ALL SELECT document_id FROM document_reissue WHERE new_document_id = ANY (%(ids)s)
"""
_MATTERS: Final = """
WITH RECURSIVE matter AS (
  SELECT tenant_id, id FROM document WHERE id = ANY (%s)
  UNION
  SELECT m.tenant_id, near.id FROM matter m CROSS JOIN LATERAL (
    SELECT related_id AS id FROM document_relation r WHERE r.tenant_id = m.tenant_id AND r.document_id = m.id
    UNION ALL SELECT document_id FROM document_relation r WHERE r.tenant_id = m.tenant_id AND r.related_id = m.id
    UNION ALL SELECT new_document_id FROM document_reissue r WHERE r.tenant_id = m.tenant_id AND r.document_id = m.id
    UNION ALL SELECT document_id FROM document_reissue r WHERE r.tenant_id = m.tenant_id AND r.new_document_id = m.id
  ) near
)
SELECT id FROM matter
"""


def lock_matters(uow: Uow, ids: Collection[int]) -> None:
    """Let nobody else decide on these documents, and those of their matters, until the end of the transaction; what is read from now on
    stays as it is. Without documents nothing is locked."""
    locked: set[int] = set()
    wanted = {*ids}
    # again, until nothing is new: who was waited for may have joined a matter with another one
    while joined := (wanted | _joined(uow, wanted)) - locked:
        # not FOR UPDATE: rows that only refer to a document may be written meanwhile
        uow.run("SELECT 1 FROM document WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE", (sorted(joined),))
        locked |= joined


def _joined(uow: Uow, ids: Collection[int]) -> set[int]:
    """What is of one matter with them. Most documents have nothing beside them: that is asked for all together."""
    beside = set(uow.column(int, _BESIDE, {"ids": sorted(ids)})) if ids else set()
    return set(uow.column(int, _MATTERS, (sorted(beside),))) if beside else beside
