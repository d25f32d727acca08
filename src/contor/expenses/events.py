"""Facts about papers received. Pure."""

from contor.kernel.events import event


@event("inbox.received")
class InboxReceived:
    """Files came in, and are to be read."""

    inbox_item_ids: tuple[int, ...]
