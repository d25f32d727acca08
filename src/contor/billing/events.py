"""Facts about billing. Pure."""

from contor.billing.items import Item
from contor.kernel.events import event, transient


@event("billing.billed")
class ItemsBilled:
    """Items stand on documents, issued in this transaction."""

    document_ids: tuple[int, ...]
    papers: tuple[tuple[int, tuple[Item, ...]], ...] = transient()
    """Each document with its items, for handlers of the same transaction."""
