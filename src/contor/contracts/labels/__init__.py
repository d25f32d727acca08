"""What other systems know of contracts: their own names and facts for them, and how contracts are found by these."""

from contor.contracts.labels.found import FindContracts, find_contracts
from contor.contracts.labels.kept import (
    NOTHING,
    ContractLabels,
    Label,
    LabelContract,
    LabelFeature,
    LabelsOf,
    contract_called,
    document_titles,
    get_labels,
    label_contract,
    labels_of,
)

__all__ = [
    "NOTHING",
    "ContractLabels",
    "FindContracts",
    "Label",
    "LabelContract",
    "LabelFeature",
    "LabelsOf",
    "contract_called",
    "document_titles",
    "find_contracts",
    "get_labels",
    "label_contract",
    "labels_of",
]
