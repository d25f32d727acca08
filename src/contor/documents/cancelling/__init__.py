"""Cancelling: what was issued is taken back by a further document, as a whole, by an amount, or to be issued with the right tax."""

from contor.documents.cancelling.cancel import Cancel, CancelBody, Cancelled, cancel

__all__ = ["Cancel", "CancelBody", "Cancelled", "cancel"]
