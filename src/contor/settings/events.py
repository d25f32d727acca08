"""Facts about a tenant's settings. Pure."""

from contor.kernel.events import event


@event("chart.chosen")
class ChartChosen:
    """The tenant keeps its books in this chart of accounts and currency: when it is founded, and when it decides otherwise."""

    chart: str
    """SKR03 or SKR04."""
    ledger_currency: str


@event("exchange_rate.imported")
class RatesImported:
    """There are new exchange rates, or another rule chooses among them: what waited for one is tried again."""

    count: int


@event("billing_group.rounding_changed")
class RoundingChanged:
    """A billing group rounds amounts of some currencies otherwise from now on. Who has computed with the former rounding may refuse."""

    billing_group_ident: str
    currencies: tuple[str, ...]


@event("billing_group.zone_changed")
class ZoneChanged:
    """The days of a billing group begin at another time from now on. Who has dated by the former zone may refuse."""

    billing_group_ident: str


@event("numbers.configured")
class NumbersConfigured:
    """A counter, or a strategy of it, writes numbers otherwise from now on. Who keeps numbers that others have given may refuse."""

    counter_ident: str


@event("operating_site.leaves")
class SiteLeaves:
    """An operating site is to be deleted. Who still issues documents by it refuses, and says what names it."""

    ident: str
