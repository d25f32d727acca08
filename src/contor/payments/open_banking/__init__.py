"""Banks that are asked, twice a day, for what was booked on accounts of ours: what they say goes the way of every statement."""

from contor.payments.open_banking import checks
from contor.payments.open_banking.banks import make_booking
from contor.payments.open_banking.connect import (
    ConfirmLink,
    ConnectLink,
    ask_to_confirm,
    ask_to_link,
    confirm_link,
    connect_link,
    disable_link,
    sync_link,
)
from contor.payments.open_banking.events import ConsentEnds
from contor.payments.open_banking.stored import LINKS, ListLinks, OneLink, get_link, list_links, providers_of, starred
from contor.payments.open_banking.sync import SYNC, sync_due
from contor.payments.open_banking.types import BankUrl, Challenge, ConfirmBody, ConnectBody, LinkView, Method, Pin, Tan

__all__ = [
    "LINKS",
    "SYNC",
    "BankUrl",
    "Challenge",
    "ConfirmBody",
    "ConfirmLink",
    "ConnectBody",
    "ConnectLink",
    "ConsentEnds",
    "LinkView",
    "ListLinks",
    "Method",
    "OneLink",
    "Pin",
    "Tan",
    "ask_to_confirm",
    "ask_to_link",
    "checks",
    "confirm_link",
    "connect_link",
    "disable_link",
    "get_link",
    "list_links",
    "make_booking",
    "providers_of",
    "starred",
    "sync_due",
    "sync_link",
]
