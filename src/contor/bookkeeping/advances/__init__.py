"""Money that comes before the supply which it pays: its tax is declared in the month in which it comes (section 13 (1) no. 1 lit. a
sentence 4 UStG)."""

from contor.bookkeeping.advances.shares import Amounts, Group, Matter, Money, Moved, Of, Owed, moves

__all__ = ["Amounts", "Group", "Matter", "Money", "Moved", "Of", "Owed", "moves"]
