"""Money that is or was moved for documents, by whichever way: what is handed to banks and providers, and what people say."""

from contor.payments.moved.listing import BY_HAND, MoneyFound, MoneyMoved, MoneyOrder, MoneySought, money_moved

__all__ = ["BY_HAND", "MoneyFound", "MoneyMoved", "MoneyOrder", "MoneySought", "money_moved"]
