"""Exchange rates: imported, and the one of a supply chosen by section 16 (6) UStG."""

from contor.settings.exchange.choose import Missing, Rate
from contor.settings.exchange.files import read_rates
from contor.settings.exchange.rates import (
    RATES,
    ImportedRates,
    ImportRates,
    NewestRates,
    OwnRates,
    QuotedRate,
    RateView,
    daily_rates,
    import_rates,
    list_rates,
    newest_rates,
    rates_of,
    show_newest,
    source_findings,
)
from contor.settings.exchange.upload import UploadRates, earliest, upload_rates

__all__ = [
    "RATES",
    "ImportRates",
    "ImportedRates",
    "Missing",
    "NewestRates",
    "OwnRates",
    "QuotedRate",
    "Rate",
    "RateView",
    "UploadRates",
    "daily_rates",
    "earliest",
    "import_rates",
    "list_rates",
    "newest_rates",
    "rates_of",
    "read_rates",
    "show_newest",
    "source_findings",
    "upload_rates",
]
