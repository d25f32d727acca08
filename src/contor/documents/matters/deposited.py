"""Deposit invoices with what was received for them, and what became of them."""

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from contor.documents.matters.joined import TAKEN_BACK
from contor.runtime.uow import Uow


class DepositInvoice(NamedTuple):
    """Where a deposit invoice stands."""

    document_id: int
    ident: str
    settled: bool
    received: Decimal
    final_document_id: int | None  # of the final invoice that deducted it
    corrected: bool  # as a whole
    operating_site_ident: str


def deposit_invoices(uow: Uow, ids: Collection[int]) -> dict[int, DepositInvoice]:
    """By their ids."""
    rows = uow.all(
        DepositInvoice,
        "SELECT d.id AS document_id, d.ident, d.settled >= d.payable AS settled, coalesce(r.received, 0) AS received, r.final_document_id,"
        f" {TAKEN_BACK.format('d')} IS TRUE AS corrected, d.operating_site_ident"
        " FROM document d LEFT JOIN LATERAL (SELECT sum(gross) AS received, max(final_document_id) AS final_document_id"
        " FROM deposit_receipt r WHERE r.tenant_id = d.tenant_id AND r.document_id = d.id) r ON true WHERE d.id = ANY (%s)",
        (sorted(ids),),
    )
    return {row.document_id: row for row in rows}
