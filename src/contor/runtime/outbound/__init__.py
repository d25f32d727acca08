"""What goes out of an installation by HTTP, and the one guard of where to: nothing else speaks to an address that somebody named."""

from contor.runtime.outbound.addresses import Allowed, addresses_of, may_be, why_not_called
from contor.runtime.outbound.client import Answer, Call, NotReached, Outbound, outbound
from contor.runtime.outbound.urls import Target, target_of, url_problem

__all__ = [
    "Allowed",
    "Answer",
    "Call",
    "NotReached",
    "Outbound",
    "Target",
    "addresses_of",
    "may_be",
    "outbound",
    "target_of",
    "url_problem",
    "why_not_called",
]
