"""Features, what products and price plans give of them, and what customers and subscriptions may use."""

from contor.api.fynn.features.routes import ROUTES

__all__ = ["ROUTES"]
