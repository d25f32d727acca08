"""One-time passwords by which a customer shows that an e-mail address is his: good once, for a few minutes, and for one purpose."""

from contor.customers.one_time.passwords import OneTime, customer_reached, issue, redeem

__all__ = ["OneTime", "customer_reached", "issue", "redeem"]
