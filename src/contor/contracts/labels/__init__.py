"""What other systems know of contracts: their own names and facts for them, and how contracts are found by these."""

from contor.contracts.labels.found import FindContracts, find_contracts
from contor.contracts.labels.kept import (
    NOTHING,
    ContractLabels,
    Label,
    LabelContract,
    LabelFeature,
    LabelsOf,
    contracts_called,
    document_titles,
    get_labels,
    label_contract,
    labels_of,
)
from contor.contracts.labels.listed import LABELLED, ListLabelled, list_labelled
from contor.contracts.labels.places import CANCELLED, DRAFT, ENDING, PAUSING, RUNNING, misplaced

__all__ = [
    "CANCELLED",
    "DRAFT",
    "ENDING",
    "LABELLED",
    "NOTHING",
    "PAUSING",
    "RUNNING",
    "ContractLabels",
    "FindContracts",
    "Label",
    "LabelContract",
    "LabelFeature",
    "LabelsOf",
    "ListLabelled",
    "contracts_called",
    "document_titles",
    "find_contracts",
    "get_labels",
    "label_contract",
    "labels_of",
    "list_labelled",
    "misplaced",
]
