"""Contor: the open, self-hosted order-to-cash platform for Europe."""
