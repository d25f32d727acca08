"""Rules of the tests themselves: what several of them need has one place."""

import ast
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from tests.checkers.longest import LONGEST

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("*.py"))
SHARED = ("tests.factories", "tests.checkers")


def name_of(path: Path) -> str:
    return str(path.relative_to(TESTS))


def imported(tree: ast.Module) -> list[str]:
    """Modules of the tests that a file imports, wherever in it."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found.append("." * node.level + (node.module or ""))
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return [name for name in found if name.startswith(("tests", "conftest", "."))]


def test_no_test_module_imports_another() -> None:
    """Things made are in tests/factories, whole effects compared in tests/checkers, and both import nothing of the tests but these."""
    foreign = [
        f"{name_of(path)} imports {name}"
        for path in FILES
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if not name.startswith(SHARED)
    ]
    assert not foreign


def test_each_test_module_has_a_name_of_its_own() -> None:
    """Folders of tests are no packages: of two modules of one name a process can import one."""
    names = Counter(path.name for path in FILES if path.name.startswith("test_"))
    assert {name for name, count in names.items() if count > 1} == set()


def test_one_class_for_one_noun() -> None:
    places = defaultdict(list)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name_of(path))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "conftest.py"], ids=name_of)
def test_conftest_holds_fixtures_only(path: Path) -> None:
    def is_fixture(node: ast.FunctionDef) -> bool:
        return any("pytest.fixture" in ast.unparse(one) for one in node.decorator_list)

    body = ast.parse(path.read_text(encoding="utf-8")).body
    classes = [node.name for node in body if isinstance(node, ast.ClassDef)]
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    assert classes + [f.name for f in functions if not is_fixture(f) and not f.name.startswith("pytest_")] == []


@pytest.mark.parametrize("path", [p for p in FILES if p.parts[len(TESTS.parts)] in ("factories", "checkers")], ids=name_of)
def test_factories_and_checkers_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_what_takes_long_is_there() -> None:
    assert [name for name in LONGEST if not (TESTS / name).is_file()] == []


CLOCKS = {"datetime.now", "date.today", "time.time"}
IN_ORDER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def reads_the_clock(node: ast.AST, readers: set[str]) -> bool:
    """Whether the clock is read here, directly or by one of `readers` that is given no `day`; of functions what is written beside them."""
    if isinstance(node, IN_ORDER):
        beside = [*node.args.defaults, *filter(None, node.args.kw_defaults), *getattr(node, "decorator_list", ())]
        return any(reads_the_clock(one, readers) for one in beside)
    if isinstance(node, ast.Call) and not any(word.arg == "day" for word in node.keywords):
        name = ast.unparse(node.func)
        if name in readers or ".".join(name.split(".")[-2:]) in CLOCKS:
            return True
    return any(reads_the_clock(child, readers) for child in ast.iter_child_nodes(node))


def test_no_day_is_kept_from_the_import() -> None:
    """A run that passes midnight was told that today is tomorrow: whoever needs the day asks for it when he needs it."""
    trees = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    shared: set[str] = set()
    wrong = []
    for name, tree in sorted(trees.items(), key=lambda one: not one[0].startswith(("factories", "checkers"))):
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        known = shared & {
            alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
        }
        for _ in functions:  # what calls a reader is one
            known |= {named for named, node in functions.items() if any(reads_the_clock(one, known) for one in node.body)}
        if name.startswith(("factories", "checkers")):
            shared |= known & functions.keys()
        wrong += [f"{name}:{node.lineno}" for node in tree.body if reads_the_clock(node, known)]
    assert wrong == []


def dropped(tree: ast.Module, checks: set[tuple[str, str]]) -> list[str]:
    """Calls of checks whose answer nobody takes; `checks`: module and name of those that answer findings."""
    known = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (node.module, alias.name) in checks
    }
    calls = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    said = [(call, call.func.attr in ("broken", "unsound")) for call in calls if isinstance(call.func, ast.Attribute)]
    said += [(call, call.func.id in known) for call in calls if isinstance(call.func, ast.Name)]
    return [f"{call.lineno}: {ast.unparse(call)}" for call, is_check in said if is_check]


def test_what_is_found_is_looked_at() -> None:
    """What a check answers, and does not assert itself, is compared with something: called alone, it finds what nobody hears of."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    checks = {
        (f"tests.checkers.{path.stem}", node.name)
        for path, tree in trees.items()
        for node in tree.body
        if path.parent.name == "checkers" and isinstance(node, ast.FunctionDef)
        if node.returns is not None and ast.unparse(node.returns) != "None"
        if not any(isinstance(one, ast.Assert) for one in ast.walk(node))
    }
    found = [f"{name_of(path)}:{said}" for path, tree in trees.items() for said in dropped(tree, checks)]
    assert not found, "\n".join(found)
