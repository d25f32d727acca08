"""Customers who sign in."""

from contor.customers.logins.passwords import (
    MOST_ASKED,
    MOST_TRIES,
    VALID,
    Issued,
    customer_token,
    issue_password,
    password_holds,
    read_customer_token,
)

__all__ = [
    "MOST_ASKED",
    "MOST_TRIES",
    "VALID",
    "Issued",
    "customer_token",
    "issue_password",
    "password_holds",
    "read_customer_token",
]
