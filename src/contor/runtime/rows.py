"""Typed rows: a NamedTuple says which columns a statement answers, in their order and with their types.

    class PaymentRow(NamedTuple):
        ident: str
        amount: Decimal

    uow.all(PaymentRow, f"SELECT {columns(PaymentRow)} FROM payment WHERE ident = ANY (%s)", (idents,))

A statement that answers other columns than its kind has is a bug and raises TypeError at its first run.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple, Protocol, TypeVar, cast

Row = TypeVar("Row", bound=NamedTuple)
First = TypeVar("First", bound=NamedTuple)
Second = TypeVar("Second", bound=NamedTuple)
Third = TypeVar("Third", bound=NamedTuple)
Read = TypeVar("Read")
MOST_QUIET = 10_000


class Answer(Protocol):
    """What the server answered, as far as it names its columns."""

    @property
    def nfields(self) -> int: ...
    def fname(self, column_number: int, /) -> bytes | None: ...


class Described(Protocol):
    """The part of a cursor that knows which columns its statement answers."""

    @property
    def pgresult(self) -> Answer | None: ...


class Columns(Protocol):
    """What a NamedTuple class tells of itself."""

    _fields: tuple[str, ...]


@cache
def columns(kind: type[Columns], prefix: str = "") -> str:
    """The columns of `kind` for a SELECT list; `prefix` is the alias of their table, e.g. `p` for `p."ident", p."amount"`."""
    dotted = f"{prefix}." if prefix else ""
    return ", ".join(f'{dotted}"{name}"' for name in kind._fields)


class Readings:
    """What a transaction need not ask for again."""

    def __init__(self) -> None:
        self._kept: dict[object, object] | None = None
        self._held: dict[object, object] = {}

    def keep(self) -> None:
        """From now on: the transaction only reads, and all of it at one moment, as a check or a report does."""
        self._kept = {}

    def once(self, key: object, read: Callable[[], Read]) -> Read:
        """What `read` answers, of what `key` names; asked again wherever it may have changed meanwhile."""
        if self._kept is None:
            return read()
        if key not in self._kept:
            self._kept[key] = read()
        return cast(Read, self._kept[key])

    def hold(self, key: object, value: Read) -> Read:
        """Keep what is locked until the transaction ends: nobody else changes it."""
        self._held[key] = value
        return value

    def held(self, key: object) -> object | None:
        """What was kept so; None: nothing."""
        return self._held.get(key)

    def let_go(self, key: object) -> None:
        """The transaction itself changes it: it is read anew."""
        self._held.pop(key, None)


class Quiet:
    """What a process need not say again."""

    def __init__(self) -> None:
        self._quiet: dict[object, float] = {}

    def is_quiet(self, key: object) -> bool:
        """Whether what `key` stands for was said a moment ago and need not be said again."""
        return self._quiet.get(key, 0.0) > time.monotonic()

    def keep_quiet(self, keys: Mapping[object, float]) -> None:
        """The transaction that said it is committed: for so many seconds it need not be said again."""
        now = time.monotonic()
        self._quiet |= {key: now + seconds for key, seconds in keys.items()}
        if len(self._quiet) > MOST_QUIET:  # each login has its own: what is over is forgotten before it is too much
            self._quiet = {key: until for key, until in self._quiet.items() if until > now}

    def speak_again(self, about: str) -> None:
        """What was said of `about`, the first part of its keys, is to be said anew."""
        self._quiet = {key: until for key, until in self._quiet.items() if not (isinstance(key, tuple) and key[0] == about)}


@cache
def row_factory(kind: type[Row]) -> Callable[[Described], Callable[[Sequence[object]], Row]]:
    """What makes rows of `kind` of a cursor's values."""
    wanted = tuple([name.encode() for name in kind._fields])

    def factory(cursor: Described) -> Callable[[Sequence[object]], Row]:
        _require(cursor, wanted, kind.__name__)
        return kind._make

    return factory


@cache
def joined_factory(
    first: type[First], second: type[Second], third: type[Third]
) -> Callable[[Described], Callable[[Sequence[object]], tuple[First, Second | None, Third | None]]]:
    """What makes three rows of a cursor's values, whose columns stand one after the other. The second and third may be missing, as a left
    join leaves them: then their first column, which is their key, is NULL."""
    wanted = tuple([name.encode() for kind in (first, second, third) for name in kind._fields])
    one = len(first._fields)
    two = one + len(second._fields)

    def made(values: Sequence[object]) -> tuple[First, Second | None, Third | None]:
        return (
            first._make(values[:one]),
            None if values[one] is None else second._make(values[one:two]),
            None if values[two] is None else third._make(values[two:]),
        )

    def factory(cursor: Described) -> Callable[[Sequence[object]], tuple[First, Second | None, Third | None]]:
        _require(cursor, wanted, f"{first.__name__}, {second.__name__} and {third.__name__}")
        return made

    return factory


def _require(cursor: Described, wanted: tuple[bytes, ...], kind: str) -> None:
    """Raises TypeError where the statement answers other columns."""
    # the names alone: a cursor's `description` makes an object of each column, at each statement
    result = cursor.pgresult
    if result is None:
        return
    answered = tuple([result.fname(number) for number in range(result.nfields)])
    if answered and answered != wanted:
        said, has = ([str(name, "utf-8") for name in names if name is not None] for names in (answered, wanted))
        raise TypeError(f"{kind} has the columns {tuple(has)}, the statement answers {tuple(said)}")
