"""Files of banks, read: camt.052, camt.053, camt.054, MT940, MT942 and tables, also zipped."""

from contor.payments.statements.read.reading import Named, formats_in, read_file, reports_in
from contor.payments.statements.read.table import DateForm, TableColumns, TableForm, header_at, names_of, read_table
from contor.payments.statements.read.unpack import LARGEST
from contor.payments.statements.read.values import FILLERS, compact, unreadable

__all__ = [
    "FILLERS",
    "LARGEST",
    "DateForm",
    "Named",
    "TableColumns",
    "TableForm",
    "compact",
    "formats_in",
    "header_at",
    "names_of",
    "read_file",
    "read_table",
    "reports_in",
    "unreadable",
]
