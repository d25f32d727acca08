"""The published description of a dialect, from its table of routes (OpenAPI 3.1)."""

from contor.api.openapi.document import openapi

__all__ = ["openapi"]
