"""Files of a period's documents, handed over in one archive with an index: all that were made, or the structured invoices for KSeF."""

from contor.reports.archives.bulk import BULK, BulkOptions
from contor.reports.archives.ksef import KSEF

__all__ = ["BULK", "KSEF", "BulkOptions"]
