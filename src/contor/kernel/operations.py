"""The catalogue: everything the system can do is an `Operation`; `runtime.execute` is the only way to run one."""

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Never, TypeVar, get_type_hints

Input = TypeVar("Input", contravariant=True)  # noqa: PLC0105  # named for what they are in every signature
Declared = TypeVar("Declared", bound=Callable[..., object])
Output = TypeVar("Output", covariant=True)  # noqa: PLC0105  # named for what they are in every signature


class Reference(NamedTuple):
    """A field of a body that names something which must exist, whatever else the body says."""

    field: str
    """From the body on, without places in lists: `usages.contractIdent`."""
    code: str
    """Of the finding where it names nothing; the operation says the same."""
    known: Callable[..., Collection[str]]
    """`(uow, idents)` -> those that exist."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation(Generic[Input, Output]):
    """One thing the system can do: name, input, output, permission, function."""

    name: str
    """`noun.verb`"""
    permission: str
    """What the caller must hold, e.g. `documents.write`; empty: anyone (authentication itself)."""
    input: object
    """The type of the command, as `typing` writes it."""
    output: object
    function: Callable[[Any, Input], Output]
    reads: bool = False
    """Changes nothing: runs in a read-only transaction, leaves no audit row."""
    directory: bool = False
    """Works before or across tenants, in the schema `directory`."""
    undone: bool = False
    """Shows what would happen: it does all of it, and nothing stays."""
    few: bool = False
    """Is about a few things at a time: the database keeps how it runs each statement, whatever the values. Else it may look for the best
    way anew for each run, which pays where there are many, and costs more than the run itself where there is one."""
    asks: Callable[..., object] | None = None
    """`(runtime, command, caller)` -> what somebody outside answers, who is asked before the transaction begins: `uow.brought`."""
    then: Callable[..., object] | None = None
    """`(runtime, caller, answer)`: who asks somebody outside once it is committed, also when it is repeated with its key. What this
    answers, where it is not None, takes the place of the answer, and is kept nowhere. The answer is the rendered one where there is
    one."""
    refers: tuple[Reference, ...] = ()
    """Judged with the findings of a body's shape, where that is not right; else by the operation itself."""

    def __call__(self, uow: object, command: Input) -> Output:
        """Run inside a transaction that is already open: for operations that are composed of others."""
        return self.function(uow, command)

    @property
    def noun(self) -> str:
        return self.name.split(".", 1)[0]

    @property
    def thing(self) -> str:
        """What it writes: of a dialect's operation, such as `fynn.tax_group_delete`, the thing and not the dialect."""
        told, _, verb = self.name.rpartition(".")[2].rpartition("_")
        return told if told and verb in ("create", "update", "delete", "remove") else self.noun

    @property
    def deletes(self) -> bool:
        """Whether what it writes is gone afterwards."""
        return self.name.replace(".", "_").endswith(("_delete", "_remove"))

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.function) or ""


CATALOGUE: dict[str, Operation[Never, object]] = {}
"""Every operation by name. Filled while packages are imported, constant afterwards."""


def register(made: Operation[Never, object]) -> None:
    if made.name in CATALOGUE:
        raise ValueError(f"operation {made.name} is declared twice")
    CATALOGUE[made.name] = made


_FEW: set[object] = set()
"""Functions of operations about a few things."""


def few(function: Callable[[Any, Input], Output]) -> Callable[[Any, Input], Output]:
    """Below `operation`: it is about a few things at a time (`Operation.few`)."""
    _FEW.add(function)
    return function


_THEN: dict[object, Callable[..., object]] = {}
"""What follows functions of operations."""


def followed_by(then: Callable[..., object]) -> Callable[[Declared], Declared]:
    """Below `operation`: somebody outside is asked once it is committed (`Operation.then`)."""

    def declare(function: Declared) -> Declared:
        _THEN[function] = then
        return function

    return declare


def operation(
    name: str,
    *,
    permission: str,
    reads: bool = False,
    directory: bool = False,
    undone: bool = False,
    asks: Callable[..., object] | None = None,
    refers: tuple[Reference, ...] = (),
) -> Callable[[Callable[[Any, Input], Output]], Operation[Input, Output]]:
    """Declare the decorated function `(uow, command) -> result` as the operation `name`."""

    def declare(function: Callable[[object, Input], Output]) -> Operation[Input, Output]:
        hints = get_type_hints(function, include_extras=True)
        names = list(inspect.signature(function).parameters)
        made: Operation[Input, Output] = Operation(
            name,
            permission,
            hints[names[1]],
            hints.get("return"),
            function,
            reads,
            directory,
            undone,
            function in _FEW,
            asks,
            _THEN.get(function),
            refers,
        )
        register(made)
        return made

    return declare
