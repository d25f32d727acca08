"""What changes a running contract: options, reductions, related contracts, its end."""

from contor.contracts.change.add_options import AddedOptions, AddOptions, charges_later
from contor.contracts.change.add_options import add_options as add_options_to
from contor.contracts.change.allowances import ALLOWANCES
from contor.contracts.change.change import (
    ActivateContract,
    ActivationBody,
    CancelContracts,
    IdentList,
    PatchBody,
    TerminateContract,
    UpdateContract,
    activate,
    adapt_termination,
    cancel_batch,
    locked_contracts,
    terminate,
    terminate_batch,
    terminate_batch_extraordinarily,
    terminate_extraordinarily,
    update_contract,
)
from contor.contracts.change.names import NameOptions, NamesBody, name_options
from contor.contracts.change.related import RELATED, add_related, list_related, remove_related

__all__ = [
    "ALLOWANCES",
    "RELATED",
    "ActivateContract",
    "ActivationBody",
    "AddOptions",
    "AddedOptions",
    "CancelContracts",
    "IdentList",
    "NameOptions",
    "NamesBody",
    "PatchBody",
    "TerminateContract",
    "UpdateContract",
    "activate",
    "adapt_termination",
    "add_options_to",
    "add_related",
    "cancel_batch",
    "charges_later",
    "list_related",
    "locked_contracts",
    "name_options",
    "remove_related",
    "terminate",
    "terminate_batch",
    "terminate_batch_extraordinarily",
    "terminate_extraordinarily",
    "update_contract",
]
