"""Facts about drafts. Pure."""

from contor.kernel.events import event


@event("drafts.completed")
class DraftsCompleted:
    """Drafts became documents, in this transaction: the draft at each place became the document at the same place. The numbers are
    there when the transaction ends."""

    draft_ids: tuple[int, ...]
    document_ids: tuple[int, ...]


@event("drafts.deleted")
class DraftsDeleted:
    """Drafts are gone without having become documents: what was to be billed by them is free again."""

    draft_ids: tuple[int, ...]


@event("drafts.rows_removed")
class DraftRowsRemoved:
    """Rows were taken out of drafts that stay: what was to be billed by them is free again. The draft at each place lost the row at the
    same place."""

    draft_ids: tuple[int, ...]
    row_idents: tuple[str, ...]
