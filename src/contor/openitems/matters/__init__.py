"""An invoice and its credit memos as one, where tax arises on receipt."""

from contor.openitems.matters.levels import follow_money

__all__ = ["follow_money"]
