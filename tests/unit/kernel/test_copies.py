"""A copy of a shape with other values is the shape that would be made of them."""

import dataclasses

import pytest

from contor.kernel.shapes import Frozen, replace, shape


@shape
class Point:
    x: int
    y: int = 0


class Kept(Frozen):
    x: int
    y: int = 0


@dataclasses.dataclass(frozen=True)
class Judged:
    x: int

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError(self.x)


def test_a_copy_has_the_other_values_and_leaves_the_first_alone() -> None:
    for first in (Point(x=1, y=2), Kept(x=1, y=2)):
        other = replace(first, y=3)
        assert (other, other.x, other.y, first.y) == (type(first)(x=1, y=3), 1, 3, 2)
        assert hash(other) == hash(type(first)(x=1, y=3))


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError):
        replace(Point(x=1), z=3)


def test_what_judges_itself_judges_a_copy() -> None:
    with pytest.raises(ValueError, match="-1"):
        replace(Judged(1), x=-1)
