"""The answer of an operation as plain values in a dialect's names; made inside the transaction."""

from collections.abc import Callable
from functools import cache
from typing import get_type_hints

from contor.api.answers.amounts import amounts_of, in_decimals
from contor.api.dialect import Dialect
from contor.api.resolve import InTransaction, shown
from contor.api.route import Route
from contor.kernel.files import FileContent
from contor.kernel.shapes import Sent
from contor.runtime.execute import adapter
from contor.runtime.query import Page


def rendered_answer(dialect: Dialect, row: Route, result: object) -> object:
    """One thing, or a page of them as the dialect frames it; files stay what they are."""
    found = result.result if isinstance(result, InTransaction) else result
    if isinstance(found, Page):
        rows = _translated(
            row, result, [rendered(row.output, item, camel=dialect.camel, answer=row.answer) for item in found.items]
        )
        return rows if row.array else dialect.page(row, found, rows)
    if (found is None and row.answer is None) or isinstance(found, FileContent):
        return found
    return _translated(row, result, [rendered(row.output, found, camel=dialect.camel, answer=row.answer)])[0]


def rendered(kind: object, result: object, *, camel: bool, answer: Callable[[object], object] | None = None) -> object:
    """One thing as plain values; what is not set is left out."""
    if isinstance(result, Sent) and result.as_it_is:
        return result
    if answer is not None:
        made = answer(result)
        if (tree := amounts_of(_answered(answer), False)) is not None:
            in_decimals(made, tree)
        return made
    wanted: object = kind if kind is not None else type(result)
    shape = adapter(wanted)
    # a `Resource` answers rows; the shape turns what they hold into what it names
    if isinstance(result, dict) or (isinstance(result, tuple) and result and isinstance(result[0], dict)):
        result = shape.validate_python(result, by_alias=False, by_name=True)
    plain: object = shape.dump_python(result, by_alias=camel, exclude_none=True)
    if (tree := amounts_of(wanted, camel)) is not None:
        in_decimals(plain, tree)
    return plain


@cache
def _answered(answer: Callable[[object], object]) -> object:
    return get_type_hints(answer).get("return")


def _translated(row: Route, result: object, answers: list[object]) -> list[object]:
    """With the dialect's ids, then with its names."""
    if isinstance(result, InTransaction) and row.ids is not None:
        answers = shown(result.uow, row.ids, answers)
    return [row.wire.write(answer) for answer in answers] if row.wire is not None else answers
