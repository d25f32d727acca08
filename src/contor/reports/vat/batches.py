"""Rows in batches, for what is asked of many at once. Pure."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")
AT_ONCE: Final = 2_000


def batches(rows: Iterable[T], most: int = AT_ONCE) -> Iterator[list[T]]:
    """The rows, so many at a time."""
    left = iter(rows)
    while batch := list(itertools.islice(left, most)):
        yield batch
