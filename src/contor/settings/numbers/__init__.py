"""How the number of a document is written and which series it comes from."""

from contor.settings.numbers.masks import (
    Counter,
    Series,
    Strategy,
    StrategyKind,
    can_collide,
    counter_problems,
    number_rule,
    resolve,
)
from contor.settings.numbers.series import counters, draw_numbers, numbering, numbers_left

__all__ = [
    "Counter",
    "Series",
    "Strategy",
    "StrategyKind",
    "can_collide",
    "counter_problems",
    "counters",
    "draw_numbers",
    "number_rule",
    "numbering",
    "numbers_left",
    "resolve",
]
