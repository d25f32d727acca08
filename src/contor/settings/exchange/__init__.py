"""Exchange rates: imported, and the one of a supply chosen by section 16 (6) UStG."""

from contor.settings.exchange.choose import Missing, Rate
from contor.settings.exchange.files import read_rates
from contor.settings.exchange.rates import (
    RATES,
    ImportedRates,
    ImportRates,
    QuotedRate,
    RateView,
    daily_rates,
    import_rates,
    list_rates,
    newest_rates,
    rates_of,
    source_findings,
)

__all__ = [
    "RATES",
    "ImportRates",
    "ImportedRates",
    "Missing",
    "QuotedRate",
    "Rate",
    "RateView",
    "daily_rates",
    "import_rates",
    "list_rates",
    "newest_rates",
    "rates_of",
    "read_rates",
    "source_findings",
]
