"""A reissued document's items stand on the new document: what is credited later refers to that one."""

from contor.documents.events import DocumentReissued
from contor.kernel.events import on
from contor.runtime.uow import Uow


@on(DocumentReissued)
def move_items(uow: Uow, fact: DocumentReissued) -> None:
    """The new document has the same rows under the same idents. The reissue holds the lock of the customer's billing."""
    moved = uow.column(
        int, "UPDATE billable_item SET document_id = %s WHERE document_id = %s RETURNING item_id", (fact.new_id, fact.old_id)
    )
    for number in sorted(moved):
        uow.audit("billable_item", str(number), {"document": {"before": fact.old_id, "after": fact.new_id}})
