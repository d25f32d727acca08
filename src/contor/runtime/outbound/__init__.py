"""What goes out by HTTP and SMTP, and the one guard of where to: nothing else speaks to an address that somebody named."""

from contor.runtime.outbound.addresses import Allowed, addresses_of, may_be, why_not_called
from contor.runtime.outbound.client import AGENT, Answer, Call, NotReached, Outbound, outbound
from contor.runtime.outbound.smtp import (
    MailConnection,
    MailServer,
    NotPosted,
    OwnServer,
    Parcel,
    Security,
    own_server,
    server_problem,
)
from contor.runtime.outbound.urls import Target, target_of, url_problem

__all__ = [
    "AGENT",
    "Allowed",
    "Answer",
    "Call",
    "MailConnection",
    "MailServer",
    "NotPosted",
    "NotReached",
    "Outbound",
    "OwnServer",
    "Parcel",
    "Security",
    "Target",
    "addresses_of",
    "may_be",
    "outbound",
    "own_server",
    "server_problem",
    "target_of",
    "url_problem",
    "why_not_called",
]
