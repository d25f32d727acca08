"""Facts about drafts. Pure."""

from typing import NamedTuple

from contor.kernel.events import event, transient


class DraftFacts(NamedTuple):
    """A draft, as far as others hear of it, also when it is gone."""

    ident: str
    id: int
    type: str
    customer_ident: str | None
    currency: str | None


@event("drafts.created")
class DraftsCreated:
    """Somebody begins to write documents."""

    draft_ids: tuple[int, ...]


@event("drafts.changed")
class DraftsChanged:
    """Drafts say something else."""

    draft_ids: tuple[int, ...]


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
    drafts: tuple[DraftFacts, ...] = transient()


@event("drafts.rows_removed")
class DraftRowsRemoved:
    """Rows were taken out of drafts that stay: what was to be billed by them is free again. The draft at each place lost the row at the
    same place."""

    draft_ids: tuple[int, ...]
    row_idents: tuple[str, ...]
