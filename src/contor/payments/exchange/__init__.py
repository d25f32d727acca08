"""What money in other currencies is worth in the ledger."""

from contor.payments.exchange.rates import Rates, ledger_rates, missing_rates

__all__ = ["Rates", "ledger_rates", "missing_rates"]
