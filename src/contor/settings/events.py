"""Facts about a tenant's settings."""

from contor.kernel.events import event


@event("chart.chosen")
class ChartChosen:
    """The tenant keeps its books in this chart of accounts and currency: when it is founded, and when it decides otherwise."""

    chart: str
    """SKR03 or SKR04."""
    ledger_currency: str
