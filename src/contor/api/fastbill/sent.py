"""What is made of a request for the core is judged as what somebody sent: by every rule, with every finding."""

from collections.abc import Mapping
from typing import TypeVar, cast

from contor.api.exchange import shaped

T = TypeVar("T")


def sent(kind: type[T], fields: Mapping[str, object]) -> T:
    """`fields` (snake_case) as the shape that an operation of the core takes. Raises INVALID. For compositions, in place of `validated`,
    which is for what the program itself says."""
    return cast(T, shaped(kind, dict(fields), camel=False))
