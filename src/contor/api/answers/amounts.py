"""Amounts are answered with the decimals of their currency (95.00, neither 95.0000 nor 95); quantities and prices as they are. Pure."""

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from contor.kernel.money import CURRENCIES, shown
from contor.kernel.shapes import IN_CURRENCY

Tree = Mapping[str, Any]
"""The names of an answer under which amounts are found; a name leads to None: the amount itself, or to a further tree."""


@cache
def amounts_of(kind: Any, camel: bool) -> Tree | None:
    """Where an answer of this type holds amounts; None: nowhere."""
    return _tree(kind, camel, ())


def in_decimals(answer: object, tree: Tree, currency: str | None = None) -> None:
    """Give each amount the decimals of the currency that is said beside it, or around it."""
    if isinstance(answer, (list, tuple)):
        for item in answer:
            in_decimals(item, tree, currency)
    elif isinstance(answer, dict):
        said = answer.get("currency", currency)
        currency = said if isinstance(said, str) and said in CURRENCIES else currency
        for name, inner in tree.items():
            value = answer.get(name)
            if inner is not None:
                in_decimals(value, inner, currency)
            elif isinstance(value, Decimal) and currency is not None:
                answer[name] = shown(value, currency)


def _tree(kind: Any, camel: bool, within: tuple[Any, ...]) -> Tree | None:
    made = {
        to_camel(name) if camel else name: inner
        for name, hint in _hints(kind).items()
        for inner in _inner(hint, camel, (*within, kind))
    }
    return made or None


def _inner(hint: Any, camel: bool, within: tuple[Any, ...]) -> Iterator[Tree | None]:
    """None: the field is an amount; a tree: it holds some; nothing: neither."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        if IN_CURRENCY in parts[1:]:
            yield None
            return
        yield from _inner(parts[0], camel, within)
    elif origin in (typing.Union, types.UnionType, tuple, list, typing.NotRequired):
        yield from (found for part in parts for found in _inner(part, camel, within))
    elif isinstance(hint, type) and hint not in within and (tree := _tree(hint, camel, within)) is not None:
        yield tree


def _hints(kind: Any) -> Mapping[str, Any]:
    structured = isinstance(kind, type) and issubclass(kind, (msgspec.Struct, BaseModel))
    if structured or dataclasses.is_dataclass(kind) or hasattr(kind, "__required_keys__"):
        return typing.get_type_hints(kind, include_extras=True)
    return {}
