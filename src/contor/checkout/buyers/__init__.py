"""Who orders: whether he is who he says, and whether his VAT id holds."""

from contor.checkout.buyers.customers import address_findings, at_address, buyer_of, new_customer
from contor.checkout.buyers.one_time import (
    AskForPassword,
    ShowPassword,
    ask_for_password,
    purpose_of,
    show_password,
)
from contor.checkout.buyers.vat import CartVat, CheckCartVat, Heard, ask, ask_who_orders, check_vat_id

__all__ = [
    "AskForPassword",
    "CartVat",
    "CheckCartVat",
    "Heard",
    "ShowPassword",
    "address_findings",
    "ask",
    "ask_for_password",
    "ask_who_orders",
    "at_address",
    "buyer_of",
    "check_vat_id",
    "new_customer",
    "purpose_of",
    "show_password",
]
