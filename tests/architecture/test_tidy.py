"""Rules of the repository that a reader would otherwise have to repeat in every review."""

import ast
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "contor"
SOURCES = sorted(SOURCE.rglob("*.py"))
VERSIONS = SOURCE / "migrations" / "versions"
STARS: dict[str, int] = {
    "runtime/copying.py": 1,
}
"""Statements that read whatever a table holds. Of `copying.py`: it makes a table of the same columns."""
BANNED_NAMES = {"manager", "helper", "helpers", "util", "utils", "data", "info", "process"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many values a caller may give."""
    given = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return len([one for one in given if one.arg not in ("self", "cls")])


def of_every_source(rule: Callable[[Path], None]) -> Callable[[], None]:
    """One test that says of each file why it breaks the rule: a test for each would cost more than what it looks at."""

    def test() -> None:
        broken = {}
        for path in SOURCES:
            try:
                rule(path)
            except AssertionError as error:
                broken[name_of(path)] = str(error)
        assert broken == {}

    test.__name__, test.__doc__ = rule.__name__, rule.__doc__
    return test


@of_every_source
def test_files_and_functions_can_be_overseen(path: Path) -> None:
    """A file over 300 lines or a function over 70 is a missing verb; more than 7 parameters are a missing value."""
    tree = tree_of(path)
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 300, "over 300 lines"
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions(tree)}
    assert not {one: length for one, length in lengths.items() if length > 70}, "over 70 lines"
    wide = {f.name: parameters(f) for f in functions(tree) if parameters(f) > 7}
    assert not wide, "more than 7 parameters: group them in a value"


SILENCED = re.compile(r"#\s*(?:type: ignore\[[^\]]+\]|noqa: [A-Z]+[0-9]+)(?P<why>.*)$")
PLAIN = re.compile(r"#\s*(?:type: ignore|noqa)(?![\[:])")


def unexplained(lines: Sequence[str]) -> list[int]:
    """Lines that silence a checker and do not say why, behind it."""
    found = []
    for number, line in enumerate(lines, 1):
        said = SILENCED.search(line)
        if PLAIN.search(line) or (said is not None and len(re.findall(r"\w+", said["why"])) < 2):
            found.append(number)
    return found


@of_every_source
def test_what_silences_a_checker_says_why(path: Path) -> None:
    """mypy and ruff find those that are not needed."""
    assert unexplained(path.read_text(encoding="utf-8").splitlines()) == []


def test_what_says_no_reason_is_found() -> None:
    lines = [
        "x = 1  # type: ignore",
        "x = 1  # noqa",
        "x = 1  # type: ignore[misc]",
        "x = 1  # noqa: F401",
        "x = 1  # noqa: F401  loaded before",
        "x = 1  # type: ignore[misc]  # made here",
    ]
    assert unexplained(lines) == [1, 2, 3, 4]


def test_no_folder_is_a_corridor() -> None:
    """More than 14 files are rooms that nobody built. Revisions only ever become more."""
    counts = {
        name_of(f).removeprefix("src/contor/"): len(list(f.glob("*.py"))) for f in SOURCE.rglob("*") if f.is_dir() and f != VERSIONS
    }
    assert not {name: count for name, count in counts.items() if count > 14}


def test_the_formatter_decides() -> None:
    """Tables that read better as they are written are few, and become fewer."""
    marked = re.compile(r"# fmt: ?(?:skip|off)")
    counts = [
        len(marked.findall(path.read_text(encoding="utf-8")))
        for folder in ("src", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    ]
    assert sum(counts) <= 20


def test_types_are_said() -> None:
    """`Any` is what comes from outside or goes to a library; it becomes less."""
    names = [node for path in SOURCES for node in ast.walk(tree_of(path)) if isinstance(node, ast.Name) and node.id == "Any"]
    assert len(names) <= 200


def test_a_query_names_its_columns() -> None:
    """What a statement reads is seen where it stands, and a new column changes no answer."""
    star = re.compile(r"\bselect\s+(?:distinct\s+)?(?:\w+\.)?\*(?!\s*from\s+unnest)", re.IGNORECASE)
    found = {name_of(path).removeprefix("src/contor/"): len(star.findall(path.read_text(encoding="utf-8"))) for path in SOURCES}
    assert {name: count for name, count in found.items() if count} == STARS, "these only become fewer"


@of_every_source
def test_no_float(path: Path) -> None:
    """No float stands on the way of a number: none is written, none is made. Lengths of a layout and seconds say so."""
    tree = tree_of(path)
    calls = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert not calls, f"float() in lines {calls}"
    business = "/runtime/" not in str(path) and "/api/" not in str(path) and "/commands/" not in str(path)
    constants = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    if business and "/render/" not in str(path) and path.name != "worker.py":
        assert not constants, f"float literals in lines {constants}"


@of_every_source
def test_json_is_read_exactly(path: Path) -> None:
    """The standard library's and Pydantic's JSON parsers read numbers as floats."""
    if path.name == "launcher.py":
        return  # a script that imports nothing; it reads the order that this program wrote, whole numbers only
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bjson\.loads?\(|validate_json\(|\.json\(\)", text.replace("msgspec.json", "")), (
        "reads JSON through floats"
    )
    for decoder in re.findall(r"msgspec\.json\.(?:Decoder|decode)\((.*)", text):
        typed = "type=" in decoder or decoder[:1].isupper()
        assert re.search(r"float_hook=(Decimal|number_of)\b", decoder) or typed, decoder


@of_every_source
def test_clock_and_randomness_come_from_the_context(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "/runtime/" in str(path):
        return
    assert not re.search(r"datetime\.now\(|utcnow\(|date\.today\(|\btime\.time\(|uuid4\(|\brandom\.", text), (
        "a global clock or chance"
    )


@of_every_source
def test_only_the_runtime_commits_and_connects(path: Path) -> None:
    if "/runtime/" in str(path):
        return
    found = re.findall(r"\.commit\(|\.rollback\(|psycopg\.connect\(|\.connection\.transaction\(", path.read_text(encoding="utf-8"))
    assert not found, f"{found} outside the runtime"


@of_every_source
def test_names_and_docstrings(path: Path) -> None:
    tree = tree_of(path)
    assert path.stem not in BANNED_NAMES, "a name that says nothing"
    assert ast.get_docstring(tree) or not path.read_text(encoding="utf-8").strip(), "a module says what it means"
    assert not [f.name for f in functions(tree) if f.name in BANNED_NAMES]


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_unfinished_work() -> None:
    """No marker of a named part that is missing."""
    marks = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
    found = [
        name
        for name in tracked()
        if name.endswith((".py", ".typ", ".sql")) and marks.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert not found


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of a machine and no registry's host is committed."""
    hosts = re.compile(
        "py" + r"pi\.org|python" + r"hosted|registry\." + r"npm|deb\." + r"debian|(?<!\w)/wo" + r"rk/|/ho" + r"me/[a-z]+/"
    )
    texts = (".py", ".md", ".toml", ".lock", ".sh", ".in", ".typ", ".yml", ".cfg", ".http", ".sql")
    found = [
        name
        for name in tracked()
        if (name.endswith(texts) or name in ("Makefile", ".ci/run")) and hosts.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert not found


def test_no_large_files() -> None:
    # what is generated grows with the operations
    sizes = {name: 4_000_000 if name.endswith(".openapi.json") else 1_500_000 for name in tracked()}
    large = [name for name, most in sizes.items() if (ROOT / name).stat().st_size > most]
    assert not large
