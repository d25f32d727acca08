"""Facts about billing. Pure."""

from typing import Any

from contor.kernel.events import event, transient


@event("billing.billed")
class ItemsBilled:
    """Items stand on documents, issued in this transaction."""

    document_ids: tuple[int, ...]
    papers: tuple[tuple[int, tuple[Any, ...]], ...] = transient()
    """Each document with its items, for handlers of the same transaction."""
