"""Which entries a document, a payment or a decision makes."""

__all__ = []
