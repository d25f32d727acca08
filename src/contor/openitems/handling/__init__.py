"""How a person handles an open item: whether it is dunned and collected; whether it stands as it should."""

from contor.openitems.handling.block import change_dunning_block, enable_collection
from contor.openitems.handling.evaluate import recalculate, reevaluate

__all__ = ["change_dunning_block", "enable_collection", "recalculate", "reevaluate"]
