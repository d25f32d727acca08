"""What is wrong with an input, in words of the domain: one finding for each fault. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core import core_schema

from contor.kernel.errors import Problem
from contor.kernel.shapes import EXPECTED
from contor.runtime.refusals.masking import masked_numbers, masked_values

_NUMBER = "must be a number"
_WHOLE = "must be a whole number"
_OBJECT = "must be an object"
_LIST = "must be a list"
_DATE = "must be a date such as 2026-03-31"
_INSTANT = "must be an instant such as 2026-03-31T12:00:00Z"
_ONE_OF = "must be one of {choices}"
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("missing", "is required"),
    "missing_argument": ("missing", "is required"),
    "missing_keyword_only_argument": ("missing", "is required"),
    "union_tag_not_found": ("missing", "is required"),
    "extra_forbidden": ("field_unknown", "is not a field that this request has"),
    "unexpected_keyword_argument": ("field_unknown", "is not a field that this request has"),
    "string_type": ("text_expected", "must be a text"),
    "string_unicode": ("text_expected", "must be a text"),
    "bool_type": ("truth_expected", "must be true or false"),
    "bool_parsing": ("truth_expected", "must be true or false"),
    "int_type": ("whole_number_expected", _WHOLE),
    "int_parsing": ("whole_number_expected", _WHOLE),
    "int_parsing_size": ("whole_number_expected", _WHOLE),
    "int_from_float": ("whole_number_expected", _WHOLE),
    "decimal_type": ("number_expected", _NUMBER),
    "decimal_parsing": ("number_expected", _NUMBER),
    "finite_number": ("number_expected", _NUMBER),
    "float_type": ("number_expected", _NUMBER),
    "float_parsing": ("number_expected", _NUMBER),
    "decimal_max_digits": ("number_too_long", "must have at most {max_digits} digits"),
    "decimal_max_places": ("number_too_long", "must have at most {decimal_places} decimals"),
    "decimal_whole_digits": ("number_too_long", "must have at most {whole_digits} digits before the decimal point"),
    "greater_than": ("number_too_small", "must be more than {gt}"),
    "greater_than_equal": ("number_too_small", "must be at least {ge}"),
    "less_than": ("number_too_large", "must be less than {lt}"),
    "less_than_equal": ("number_too_large", "must be at most {le}"),
    "multiple_of": ("number_invalid", "must be a multiple of {multiple_of}"),
    "string_too_long": ("text_too_long", "must have at most {max_length} characters"),
    "too_long": ("list_too_long", "must have at most {max_length} entries"),
    "tuple_type": ("list_expected", _LIST),
    "list_type": ("list_expected", _LIST),
    "set_type": ("list_expected", _LIST),
    "frozen_set_type": ("list_expected", _LIST),
    "dict_type": ("object_expected", _OBJECT),
    "mapping_type": ("object_expected", _OBJECT),
    "model_type": ("object_expected", _OBJECT),
    "model_attributes_type": ("object_expected", _OBJECT),
    "dataclass_type": ("object_expected", _OBJECT),
    "dataclass_exact_type": ("object_expected", _OBJECT),
    "date_type": ("date_malformed", _DATE),
    "date_parsing": ("date_malformed", _DATE),
    "date_from_datetime_parsing": ("date_malformed", _DATE),
    "date_from_datetime_inexact": ("date_malformed", _DATE),
    "datetime_type": ("instant_malformed", _INSTANT),
    "datetime_parsing": ("instant_malformed", _INSTANT),
    "datetime_from_date_parsing": ("instant_malformed", _INSTANT),
    "datetime_object_invalid": ("instant_malformed", _INSTANT),
    "uuid_type": ("uuid_malformed", "must be a UUID"),
    "uuid_parsing": ("uuid_malformed", "must be a UUID"),
    "uuid_version": ("uuid_malformed", "must be a UUID"),
    "literal_error": ("word_unknown", _ONE_OF),
    "enum": ("word_unknown", _ONE_OF),
    "union_tag_invalid": ("word_unknown", _ONE_OF),
    "none_required": ("value_unexpected", "must be left out"),
    "recursion_loop": ("value_malformed", "holds itself"),
}
"""Kind of error of the validation -> (code, words)."""
_TRUTHS: Final = {"True": "true", "False": "false"}
"""What only one of the two is taken for, as the validation tells it -> as a caller writes it."""
_CHOICES: Final = re.compile(r"'([^']*)'|(-?\d+)")
"""What the validation tells of a choice: words within quotes, and numbers."""
_PYDANTIC: Final = frozenset(get_args(core_schema.ErrorType))
_UNKNOWN = ("value_malformed", "is not what is expected here")
_STRANGE = ("_type", "_parsing", "_expected", "int_from_float")
"""How kinds of errors end that say of a value that it is something else."""
_EXTRA = ("extra_forbidden", "unexpected_keyword_argument")
_BRANCH = re.compile(r"[A-Z]\w*|bool|str|int|float|decimal|none|.*[\[\]-].*")
"""What the validation calls the alternatives of a union on the way to a field; fields are written with a small letter."""
MOST_FINDINGS = 200
"""Of one body: more of them nobody reads."""
_MOST_ENTRIES = 5 * MOST_FINDINGS
"""Of the validation, which tells the faults of every alternative."""
Entry = Mapping[str, Any]
"""An error as the validation tells it."""
Loc = tuple[int | str, ...]


def problems_of(error: ValidationError) -> list[Problem]:
    """The findings of a validation, with its path (`items[0].prices`) and the rejected value."""
    entries: list[Entry] = list(error.errors(include_url=False)[:_MOST_ENTRIES])
    return [_problem(entry) for entry in _once(_of_one_branch(entries))[:MOST_FINDINGS]]


def printable(value: object) -> object:
    """A rejected value, short enough to be shown."""
    if value is None or isinstance(value, (bool, int)):
        # msgspec writes no whole number beyond 64 bits
        return value if not isinstance(value, int) or abs(value) < 2**63 else str(value)[:100]
    if isinstance(value, (dict, list, tuple)):
        return None
    return masked_numbers(str(value))[:100]


def _of_one_branch(entries: Sequence[Entry]) -> list[Entry]:
    """Where a value may be one of several things, what is wrong with the one that it resembles most."""
    unions: dict[Loc, dict[str, list[Entry]]] = {}
    for entry in entries:
        where = _branch(entry["loc"])
        if where is not None:
            unions.setdefault(entry["loc"][:where], {}).setdefault(str(entry["loc"][where]), []).append(entry)
    left_out: set[int] = set()
    for branches in unions.values():
        meant = min(branches.values(), key=_unlikeness)  # of equals the first
        left_out.update(id(entry) for found in branches.values() if found is not meant for entry in found)
    return [entry for entry in entries if id(entry) not in left_out]


def _unlikeness(entries: Iterable[Entry]) -> tuple[int, int, int]:
    """Fields that the alternative does not have count most, then how early it ends, then values that are no such thing at all: a text
    that is too long is a text, and no truth."""
    known = list(entries)
    strange = sum(entry["type"].endswith(_STRANGE) for entry in known)
    return sum(entry["type"] in _EXTRA for entry in known), -max(len(entry["loc"]) for entry in known), strange


def _branch(loc: Loc) -> int | None:
    """Where the name of an alternative stands in the path."""
    for number, part in enumerate(loc):
        # keys of a map are the caller's own
        if isinstance(part, str) and _BRANCH.fullmatch(part) and (number == 0 or loc[number - 1] != "metadata") and part != "[key]":
            return number
    return None


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Without what only follows from another finding: a list whose rows are faulty is not short."""
    return [entry for entry in entries if not (entry["type"] == "too_short" and _follows(entry))]


def _follows(entry: Entry) -> bool:
    given = entry["input"]
    return isinstance(given, (list, tuple)) and len(given) >= entry["ctx"]["min_length"]


def _problem(entry: Entry) -> Problem:
    kind, context = entry["type"], entry.get("ctx", {})
    loc = [part for number, part in enumerate(entry["loc"]) if number != _branch(entry["loc"]) and part != "[key]"]
    if kind.startswith("union_tag"):
        loc.append(str(context.get("discriminator", "")).strip("'"))
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    given = entry["input"]
    if isinstance(given, str) and kind in ("too_short", "too_long"):  # an alternative counts the characters of a text as entries
        kind = f"string_{kind}"
    code, message = _words(kind, context, entry["msg"])
    shown = masked_values(str(loc[-1]) if loc else "", given) if isinstance(given, str) else given
    return Problem(code, message, path or None, printable(shown))


def _words(kind: str, context: Entry, said: str) -> tuple[str, str]:
    match kind:
        case "value_error" | "assertion_error":
            return "value_invalid", str(context.get("error") or said)
        case "string_pattern_mismatch":
            return "text_malformed", f"must be {EXPECTED.get(context['pattern'], 'of the form that is published')}"
        case "string_too_short":
            least = context["min_length"]
            return "text_too_short", "must not be empty" if least == 1 else f"must have at least {least} characters"
        case "too_short":
            least = context["min_length"]
            return "list_too_short", "must have at least one entry" if least == 1 else f"must have at least {least} entries"
    if kind == "literal_error" and (truth := _TRUTHS.get(context["expected"])):
        return "word_unknown", f"must be {truth}"
    if kind in _SAID:
        code, template = _SAID[kind]
        told = str(context.get("expected") or context.get("expected_tags") or "")
        words = [word or number for word, number in _CHOICES.findall(told)]
        return code, template.format(choices=", ".join(words), **context)
    # a kind of our own (`PydanticCustomError`) says its sentence itself
    return (kind, said) if kind not in _PYDANTIC else _UNKNOWN
