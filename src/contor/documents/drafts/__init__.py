"""Drafts: documents that are being written. They are kept, changed, previewed, and completed by the one way of issuing, or deleted."""
