"""The run reads from top to bottom: a name says one thing, a stage is not changed once it is made."""

import ast
import inspect

import pytest

from contor.billing.runs import bill

STAGES = (bill.Batch, bill.Proposed, bill.Priced, bill.Taxed, bill.Papers, bill.Gated, bill.Issued)


def bound(function: ast.FunctionDef) -> list[str]:
    """Names that the statements of a function bind, as often as they do; not those of comprehensions."""
    comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    inner = {name for node in ast.walk(function) if isinstance(node, comprehensions) for name in ast.walk(node)}
    names = [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in inner
    ]
    return names + [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]


FUNCTIONS = [node for node in ast.parse(inspect.getsource(bill)).body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("function", FUNCTIONS, ids=[function.name for function in FUNCTIONS])
def test_no_name_is_bound_twice(function: ast.FunctionDef) -> None:
    names = bound(function)
    assert sorted(names) == sorted(set(names))


def test_a_name_that_is_bound_twice_is_found() -> None:
    made = ast.parse("def f(a):\n    b = [c for c in a]\n    c = 1\n    for a in b:\n        pass").body[0]
    assert isinstance(made, ast.FunctionDef)
    assert sorted(bound(made)) == ["a", "a", "b", "c"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_cannot_be_changed(stage: type) -> None:
    made = stage(*range(len(stage._fields)))  # type: ignore[attr-defined]
    for name in stage._fields:  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            setattr(made, name, None)


def test_the_run_goes_through_the_stages_in_order_and_writes_behind_them() -> None:
    run = next(function for function in FUNCTIONS if function.name == "bill_customers")
    calls = [node.func.id for node in ast.walk(run) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    order = ["propose_due", "price", "tax", "lay_out", "gate", "park", "issue", "write", "report"]
    lines = {node.func.id: node.lineno for node in ast.walk(run) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert [name for name in sorted(calls, key=lines.__getitem__) if name in order] == order
