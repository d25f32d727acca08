"""Ways in which files of banks come by themselves: a watched directory, and servers of banks."""

from contor.payments.statements.ways.directory import SIFT, sift
from contor.payments.statements.ways.sources import SOURCES, fetch_all

__all__ = ["SIFT", "SOURCES", "fetch_all", "sift"]
