"""Files that say "Pure." in their docstring, and what they import that is not."""

import ast
import re
import sys
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

MARK = re.compile(r"(?:^|\s)Pure\.(?:\s|$)")
CLOCKS = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(|\btime\.time\(|uuid4\(|\brandom\.")
WORLD = {
    "asyncio",
    "ftplib",
    "http",
    "imaplib",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "poplib",
    "queue",
    "random",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "xmlrpc",
}
"""Of the standard library: what reaches the clock, the files, the network, other processes and threads, or chance."""
VALUES = {
    "babel",
    "email_validator",
    "lxml",
    "pypdf",
    "msgspec",
    "mt940",
    "holidays",
    "pycountry",
    "pydantic",
    "pydantic_core",
    "rapidfuzz",
    "re2",
    "schwifty",
    "segno",
    "sepaxml",
    "stdnum",
}
"""Further packages that pure files may use: they compute values of values."""


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the sources."""

    name: str
    """Dotted, e.g. `contor.tax.rates`."""
    imports: frozenset[str]
    """Dotted, wherever in the file they stand; of `contor` the modules that are meant."""
    says_pure: bool
    text: str


def modules(src: Path) -> dict[str, Module]:
    """Every file below `src` (the folder of the package), by its dotted name."""
    paths = {_dotted(src, path): path for path in sorted(src.rglob("*.py"))}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    read = {name: _read(text) for name, text in texts.items()}
    faces = {name: dict(read[name].named) for name, path in paths.items() if path.name == "__init__.py"}
    found = {}
    for name, (says_pure, plain, things) in read.items():
        meant = {_meant(module, thing, paths, faces) for thing, module in things}
        found[name] = Module(name, plain | meant, says_pure, texts[name])
    return found


class _Read(NamedTuple):
    """What the text of a file says by itself."""

    says_pure: bool
    plain: frozenset[str]
    """Modules that are imported as such."""
    named: tuple[tuple[str, str], ...]
    """(name, module) of everything that is imported by name."""


@cache
def _read(text: str) -> _Read:
    """Kept, because the guards look at many copies of the same sources."""
    tree = ast.parse(text)
    plain = frozenset(alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names)
    return _Read(bool(MARK.search(ast.get_docstring(tree) or "")), plain, tuple(_named(tree)))


def _dotted(src: Path, path: Path) -> str:
    parts = (src.name, *path.relative_to(src).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _named(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(name, module) of everything that is imported by name; the sources have no relative imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "relative import"
            yield from ((alias.name, node.module) for alias in node.names)


def _meant(module: str, thing: str, known: Container[str], faces: Mapping[str, Mapping[str, str]]) -> str:
    """The file in which a name is made that is imported of a module: that of a room's face stands behind the face."""
    if f"{module}.{thing}" in known:
        return f"{module}.{thing}"
    behind = faces.get(module, {}).get(thing)
    return module if behind is None else _meant(behind, thing, known, faces)


def impure(files: Mapping[str, Module]) -> list[str]:
    """What files that say to be pure do that is not: they may import values, the kernel and other files that say so, and look at no
    clock. So nothing that is not pure stands behind any of them, however many files lie between."""
    found = []
    for module in files.values():
        if not module.says_pure:
            continue
        found += [f"{module.name} imports {name}" for name in sorted(module.imports) if not _allowed(name, files)]
        if CLOCKS.search(module.text):
            found.append(f"{module.name} looks at a clock or at chance")
    return found


def _allowed(name: str, files: Mapping[str, Module]) -> bool:
    top = name.partition(".")[0]
    if top == "contor":
        return name.startswith("contor.kernel") or (name in files and files[name].says_pure)
    return top in VALUES or (top in sys.stdlib_module_names and top not in WORLD)
