"""The pages on which somebody orders: a cart, and an offer that is to be signed."""

from contor.ui.ordering.checkout import checkout_routes
from contor.ui.ordering.offers import offer_routes

__all__ = ["checkout_routes", "offer_routes"]
