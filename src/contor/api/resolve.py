"""Ids of a dialect on their way in and out: they become idents, and idents become them, inside the operation's transaction.

Where a field lies is said as a path of names, e.g. `customer_detail.customer_ident`; lists on the way are followed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from contor.api.ids import DialectIds
from contor.api.route import AnyOperation, Call, IdsOf, Route
from contor.kernel.context import Caller
from contor.kernel.operations import Operation
from contor.kernel.shapes import replace as with_fields
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery
from contor.runtime.query.rsql import Comparison, Node, Value
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class InTransaction:
    """What an operation answered, with the transaction in which its ids can be shown."""

    uow: Uow
    result: object


def resolving(row: Route, call: Call) -> tuple[AnyOperation, object]:
    """The operation and its input; where the row has ids of the dialect, an operation that resolves them first."""
    if row.ids is None:
        return row.operation, row.bind(call)
    ids, inner = row.ids, row.operation

    def run(uow: Uow, command: Call) -> InTransaction:
        return InTransaction(uow, inner(uow, row.bind(_resolved(uow, ids, command))))

    def asks(runtime: Runtime, command: Call, caller: Caller) -> object:
        assert inner.asks is not None
        with runtime.transaction(caller, reads=True) as uow:
            found = row.bind(_resolved(uow, ids, command))
        return inner.asks(runtime, found, caller)

    made = Operation(
        inner.name,
        inner.permission,
        Call,
        InTransaction,
        run,
        inner.reads,
        inner.directory,
        inner.undone,
        inner.few,
        asks if inner.asks is not None else None,
        inner.then,
    )
    return made, call


def readable(row: Route, content: object) -> object:
    """Plain values with the names of fields; ids that a client sent as numbers are texts, as idents are."""
    if row.wire is not None:
        content = row.wire.read(content)
    for path in row.ids.body if row.ids is not None else ():
        # not isinstance: true and false are ints, and no ids
        content = _at(content, path.split("."), lambda value: str(value) if type(value) is int else value)
    return content


def shown(uow: Uow, ids: IdsOf, answers: list[object]) -> list[object]:
    """Answers with ids in place of idents: one look-up for each field, however many answers there are."""
    for path, of in ids.answer.items():
        names = path.split(".")
        known = of.shown(uow, _texts(answers, names))
        answers = [_at(answer, names, _other(known)) for answer in answers]
    return answers


def _resolved(uow: Uow, ids: IdsOf, call: Call) -> Call:
    path = {name: ids.path[name].require(uow, [text])[text] if name in ids.path else text for name, text in call.path.items()}
    body = call.body
    if isinstance(body, ListQuery):
        body = replace(body, where=_with_idents(uow, ids.query, body.where)) if body.where is not None else body
    else:
        for field, of in ids.body.items():
            names, texts = field.split("."), list[str]()
            _field(body, names, _collecting(texts))
            body = _field(body, names, _other(of.require(uow, texts)))
    return replace(call, path=path, body=body)


def _with_idents(uow: Uow, ids: Mapping[str, DialectIds], node: Node) -> Node:
    """A search with idents where it names ids. What names nothing becomes the empty text, which is nobody's ident: an id that happens to
    be the ident of another thing must not find that."""
    if not isinstance(node, Comparison):
        return replace(node, terms=tuple(_with_idents(uow, ids, term) for term in node.terms))
    of = ids.get(node.field)
    if of is None or any(len(value.parts) > 1 for value in node.values):  # a text that stands anywhere is no id
        return node
    found = of.find(uow, [value.text for value in node.values])
    return replace(node, values=tuple(Value((found.get(value.text, ""),)) for value in node.values))


def _collecting(texts: list[str]) -> Callable[[object], object]:
    def collect(value: object) -> object:
        if isinstance(value, str):
            texts.append(value)
        return value

    return collect


def _other(known: Mapping[str, object]) -> Callable[[object], object]:
    return lambda value: known.get(value, value) if isinstance(value, str) else value


def _texts(answers: list[object], names: list[str]) -> list[str]:
    texts: list[str] = []
    _at(answers, names, _collecting(texts))
    return texts


def _at(value: object, names: list[str], change: Callable[[object], object]) -> object:
    """Plain values with what lies at the path changed."""
    if isinstance(value, (list, tuple)):
        return [_at(inner, names, change) for inner in value]
    if not names:
        return change(value)
    if not isinstance(value, Mapping) or names[0] not in value:
        return value
    return {**value, names[0]: _at(value[names[0]], names[1:], change)}


def _field(value: object, names: list[str], change: Callable[[object], object]) -> object:
    """A shape with what lies at the path changed."""
    if isinstance(value, tuple):
        return tuple([_field(inner, names, change) for inner in value])
    if value is None or not names:
        return change(value)
    return with_fields(value, **{names[0]: _field(getattr(value, names[0]), names[1:], change)})
