"""Contracts in the hands of their customers: links, and what whoever has one sees and does."""

from contor.contracts.linked.agreement import (
    Agreement,
    AgreementOf,
    Choice,
    ChooseOptions,
    TakeUp,
    changed_choices,
    choose_options,
    get_agreement,
    give_notice,
    take_up,
)
from contor.contracts.linked.links import PATH, LinkedAction, holder, link_to, opened

__all__ = [
    "PATH",
    "Agreement",
    "AgreementOf",
    "Choice",
    "ChooseOptions",
    "LinkedAction",
    "TakeUp",
    "changed_choices",
    "choose_options",
    "get_agreement",
    "give_notice",
    "holder",
    "link_to",
    "opened",
    "take_up",
]
