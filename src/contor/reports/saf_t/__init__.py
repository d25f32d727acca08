"""Standard audit files (SAF-T) for the tax authorities of Norway and Portugal."""

from contor.reports.saf_t.configured import SafTOptions
from contor.reports.saf_t.kinds import SAFT_NO, SAFT_PT

__all__ = ["SAFT_NO", "SAFT_PT", "SafTOptions"]
