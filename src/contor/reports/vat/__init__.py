"""What is reported of VAT: the advance return line by line, the recapitulative statement, the one-stop shop."""

from contor.reports.vat.ec_sales import EcSale, ec_sales_of
from contor.reports.vat.lines import LINES, Line, declared, line_of, payable
from contor.reports.vat.oss import OssSale, oss_sales
from contor.reports.vat.returned import Returned, returned_in, vat_accounts

__all__ = [
    "LINES",
    "EcSale",
    "Line",
    "OssSale",
    "Returned",
    "declared",
    "ec_sales_of",
    "line_of",
    "oss_sales",
    "payable",
    "returned_in",
    "vat_accounts",
]
