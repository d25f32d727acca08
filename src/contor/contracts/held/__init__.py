"""What customers hold of contracts."""

from contor.contracts.held.archived import bill_on, keep_running
from contor.contracts.held.counted import running_contracts
from contor.contracts.held.trees import Branch, Child, Children, Tree, get_tree, list_children

__all__ = ["Branch", "Child", "Children", "Tree", "bill_on", "get_tree", "keep_running", "list_children", "running_contracts"]
