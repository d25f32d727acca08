"""The kinds of audit files."""

from contor.reports.exports import ExportKind, export_kind
from contor.reports.saf_t import writing_no, writing_pt
from contor.reports.saf_t.configured import SafTOptions

SAFT_PT = export_kind(ExportKind(name="SAFT_PT", options=SafTOptions, prepare=writing_pt.prepare, write=writing_pt.write))
SAFT_NO = export_kind(ExportKind(name="SAFT_NO", options=SafTOptions, prepare=writing_no.prepare, write=writing_no.write))
