"""What credits are to the customers: kept beside them, so that lists find them by it."""

from collections.abc import Collection
from typing import Final, NamedTuple

from contor.documents.cancelling import tables
from contor.documents.cancelling.in_part import CreditKind
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

OF_KIND: Final = "c.id IN (SELECT k.document_id FROM credit_kind k WHERE k.kind = '{}')"
"""SQL: whether a document `c` is a credit of a kind."""
OF_NO_OTHER_KIND: Final = "c.id NOT IN (SELECT k.document_id FROM credit_kind k WHERE k.kind <> '{}')"
"""SQL: whether a document `c` says no other kind than this one."""
TAKEN_BACK_AS: Final = "c.id IN (SELECT k.credited_document_id FROM credit_kind k WHERE k.kind = '{}')"
"""SQL: whether there is such a credit over it."""

OF_REFUND: Final = (
    "EXISTS (SELECT 1 FROM credit_kind k WHERE k.tenant_id = c.tenant_id AND k.document_id = c.document_id AND k.kind = 'REFUND')"
)
"""SQL: whether an open item `c` is that of a credit that gives money back."""


class CreditedAs(NamedTuple):
    """A credit, and what it takes back."""

    document_id: int
    credited_document_id: int
    kind: CreditKind


def keep_kind(uow: Uow, credit: CreditedAs) -> None:
    """In the transaction that issues it."""
    uow.insert(tables.credit_kind, [credit._asdict()])


def credit_kinds(uow: Uow, document_ids: Collection[int]) -> list[CreditedAs]:
    """Those that are, or take back, one of these documents, in the order in which they were issued."""
    if not document_ids:
        return []
    sql = (
        f"SELECT {columns(CreditedAs)} FROM credit_kind WHERE document_id = ANY (%(ids)s) OR credited_document_id = ANY (%(ids)s)"
        " ORDER BY document_id"
    )
    return uow.all(CreditedAs, sql, {"ids": sorted(document_ids)})
