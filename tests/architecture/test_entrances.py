"""What is written enters through `execute`: a transaction beside it leaves no trail, no event and no mark of work."""

import ast
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "src" / "contor"


def written_beside(source: str) -> list[int]:
    """Lines of transactions that neither only read nor are of the directory."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    opened = [it for it in calls if it.func.attr == "transaction" and "runtime" in ast.unparse(it.func)]  # type: ignore[attr-defined]
    return [it.lineno for it in opened if not {"reads", "directory"} & {given.arg for given in it.keywords}]


def test_nothing_is_written_beside_execute() -> None:
    paths = [path for path in SOURCES.rglob("*.py") if "runtime" not in path.relative_to(SOURCES).parts]
    assert [(str(path), lines) for path in paths if (lines := written_beside(path.read_text(encoding="utf-8")))] == []


def test_such_a_transaction_is_found() -> None:
    assert written_beside("with self.runtime.transaction(who) as uow:\n    uow.mark('x')") == [1]
    assert written_beside("with runtime.transaction(who, reads=True) as uow:\n    pass") == []
