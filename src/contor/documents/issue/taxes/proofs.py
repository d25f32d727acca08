"""Proofs of VAT ids, as files beside the documents that bear no tax because of them: what the register answered, byte for byte.

They are no part of the e-invoice: the proof is kept for our own tax office (sections 6a, 18e UStG; section 14b UStG for its retention).
"""

from collections.abc import Mapping, Sequence
from typing import Final

from contor.customers.vat_ids import Held
from contor.documents import tables
from contor.documents.events import DocumentAttachmentsArchived, DocumentsIssued
from contor.documents.issue.taxes.by_vat_id import is_taxed_by_vat_id
from contor.documents.judge import CREDITING, SELF_BILLING, IssuedDocument
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.tax.vat_numbers import InGroup, Proof, proofs_for

VAT_PROOF: Final = "VAT_PROOF"
"""The type of such a file."""


@on(DocumentsIssued)
def attach_proofs(uow: Uow, fact: DocumentsIssued) -> None:
    """The newest proof that is young enough; documents without one have none."""
    depending = {draft.id: number for draft in fact.documents if (number := _number_of(draft)) is not None}
    if not depending:
        return
    proofs = proofs_for(uow, set(depending.values()))
    found = [(draft, proofs[depending[draft.id]]) for draft in fact.documents if depending.get(draft.id) in proofs]
    if found:
        uow.finish(lambda: _keep(uow, found))  # a file belongs to a header, which is written when numbers are drawn


def _number_of(draft: IssuedDocument) -> InGroup | None:
    document = draft.document
    if document.document_type in CREDITING or document.document_type in SELF_BILLING or draft.facts.imported:
        return None
    vat_id = document.customer.vat_id
    if vat_id is None or not is_taxed_by_vat_id(document):
        return None
    return InGroup(Held(document.customer_ident, vat_id), document.billing_group_ident)


def _keep(uow: Uow, found: Sequence[tuple[IssuedDocument, Proof]]) -> None:
    rows = [_file(uow, draft, proof) for draft, proof in found]
    uow.insert(tables.document_file, rows)
    for draft, proof in found:
        uow.audit("document", draft.ident, {"attached": VAT_PROOF, "vat_number_check": proof.ident})
    uow.emit(
        DocumentAttachmentsArchived(
            document_ids=tuple(draft.id for draft, _ in found), file_idents=tuple(str(row["ident"]) for row in rows)
        )
    )


def _file(uow: Uow, draft: IssuedDocument, proof: Proof) -> Mapping[str, object]:
    return {
        "ident": str(uow.new_uuid()),
        "document_id": draft.id,
        "type": VAT_PROOF,
        "name": f"vat-check-{proof.vat_id}-{proof.checked_at:%Y%m%dT%H%M%SZ}.json",
        "media_type": "application/json",
        "size": proof.size,
        "sha256": proof.sha256,
        "sendable": True,
        "findings": None,
        "archived_at": uow.ctx.now(),
    }
