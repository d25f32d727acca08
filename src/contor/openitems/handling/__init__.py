"""How a person handles an open item: whether it is dunned and collected; whether it stands as it should."""

from contor.openitems.handling.block import (
    ChangeBlock,
    DunningBlockBody,
    block_dunning,
    change_dunning_block,
    enable_collection,
)
from contor.openitems.handling.evaluate import recalculate, reevaluate

__all__ = [
    "ChangeBlock",
    "DunningBlockBody",
    "block_dunning",
    "change_dunning_block",
    "enable_collection",
    "recalculate",
    "reevaluate",
]
