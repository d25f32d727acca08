"""Who pays what a letter asks for pays its documents and what is claimed on them."""

from contor.assignment.demanded.demanded import Demand, Demanded, asks_for, pay_demanded

__all__ = ["Demand", "Demanded", "asks_for", "pay_demanded"]
