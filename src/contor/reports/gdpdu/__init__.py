"""The books handed over to a tax auditor (data access Z3, section 147 (6) AO): tables as CSV, described by the GDPdU standard."""

from contor.reports.gdpdu.kind import GDPDU, GdpduOptions

__all__ = ["GDPDU", "GdpduOptions"]
