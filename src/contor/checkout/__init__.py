"""Checkout: links that sell, carts whose prices stand still for a day, and an order that becomes customer, contract, document and payment
in one step."""
