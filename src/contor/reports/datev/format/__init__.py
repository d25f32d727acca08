"""The fields of DATEV's formats, their header, and how values are written in them. Pure."""

from contor.reports.datev.format.fields import BATCH, MASTER_DATA, Fields, Format, Header, amount, day, header, short_day

__all__ = ["BATCH", "MASTER_DATA", "Fields", "Format", "Header", "amount", "day", "header", "short_day"]
