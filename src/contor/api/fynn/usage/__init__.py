"""What is used: events that are told, one by one and in files."""

from contor.api.fynn.usage.table import ROUTES

__all__ = ["ROUTES"]
