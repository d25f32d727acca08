"""Ways in which files of banks and payment providers come by themselves: a watched directory, and settlement sources."""

from contor.payments.ways.directory import SIFT, sift
from contor.payments.ways.fetching import fetch_due

__all__ = ["SIFT", "fetch_due", "sift"]
