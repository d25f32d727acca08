"""What other systems know of contracts: their own names and facts for them, and how contracts are found by these."""

from contor.contracts.labels.found import FindContracts, find_contracts
from contor.contracts.labels.kept import (
    NOTHING,
    ContractLabels,
    Feature,
    Label,
    LabelContract,
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
    "Feature",
    "FindContracts",
    "Label",
    "LabelContract",
    "LabelsOf",
    "contract_called",
    "document_titles",
    "find_contracts",
    "get_labels",
    "label_contract",
    "labels_of",
]
