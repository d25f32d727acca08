"""The routes of the platform API, by what they are about."""

from contor.api.platform.routes.table import ROUTES

__all__ = ["ROUTES"]
