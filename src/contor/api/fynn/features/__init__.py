"""Features, what products and price plans give of them, and what customers and subscriptions may use."""

from contor.api.fynn.features.routes import ROUTES
from contor.api.fynn.features.told import entitlements_told, features_told

__all__ = ["ROUTES", "entitlements_told", "features_told"]
