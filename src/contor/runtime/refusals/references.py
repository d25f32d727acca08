"""What a body refers to that does not exist, told with what is wrong with its shape: whoever mends the one mends the other, too.

Only fields whose own shape is right are looked up, all of one kind by one query.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Never

from contor.kernel.context import Caller
from contor.kernel.errors import Problem
from contor.kernel.operations import Operation
from contor.runtime.execute import Runtime
from contor.runtime.refusals.findings import MOST_FINDINGS

LONGEST = 255
"""No ident is longer."""


def unknown_references(
    runtime: Runtime, caller: Caller, operation: Operation[Never, object], content: object, found: Sequence[Problem]
) -> list[Problem]:
    """The findings on what the operation `refers` to. `content`: the body as plain values; `found`: what is wrong with its shape."""
    if not operation.refers:
        return []
    faulty = {problem.field for problem in found}
    named = [
        (reference, {path: ident for path, ident in _named(content, reference.field.split(".")) if path not in faulty})
        for reference in operation.refers
    ]
    if not any(idents for _, idents in named):
        return []
    problems = []
    with runtime.transaction(caller, reads=True) as uow:
        for reference, idents in named:
            known = reference.known(uow, set(idents.values())) if idents else ()
            problems += [
                Problem(reference.code, "does not exist", path, ident) for path, ident in idents.items() if ident not in known
            ]
    return problems[: max(0, MOST_FINDINGS - len(found))]


def _named(content: object, names: Sequence[str], path: str = "") -> Iterator[tuple[str, str]]:
    """Each place in the content to which the names lead, and the ident there."""
    if isinstance(content, list):
        for index, entry in enumerate(content[:MOST_FINDINGS]):
            yield from _named(entry, names, f"{path}[{index}]")
    elif not names:
        if isinstance(content, str) and 0 < len(content) <= LONGEST and content.isprintable():
            yield path, content
    elif isinstance(content, Mapping):
        name, *rest = names
        yield from _named(content.get(name), rest, f"{path}.{name}" if path else name)
