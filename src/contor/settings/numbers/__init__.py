"""How the number of a document is written and which series it comes from."""

from contor.settings.numbers.foreign import drawn_later, value_of
from contor.settings.numbers.legal_entities import legal_entity_of
from contor.settings.numbers.masks import (
    Counter,
    Series,
    Strategy,
    StrategyKind,
    can_collide,
    counter_problems,
    number,
    number_rule,
    resolve,
    with_affixes,
)
from contor.settings.numbers.patterns import affixed, can_meet, keep_pattern, left_patterns, met, written_now
from contor.settings.numbers.series import EVERY_SERIES, counters, draw_numbers, numbering, numbers_left

__all__ = [
    "EVERY_SERIES",
    "Counter",
    "Series",
    "Strategy",
    "StrategyKind",
    "affixed",
    "can_collide",
    "can_meet",
    "counter_problems",
    "counters",
    "draw_numbers",
    "drawn_later",
    "keep_pattern",
    "left_patterns",
    "legal_entity_of",
    "met",
    "number",
    "number_rule",
    "numbering",
    "numbers_left",
    "resolve",
    "value_of",
    "with_affixes",
    "written_now",
]
