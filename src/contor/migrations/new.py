"""Write the next revision: what lies between the revisions so far and the declared tables, as SQL to be read before use.

    make migration MESSAGE="add price lists"

Both are made in a server of its own, so that no database of the developer's is asked or changed. What was written is run there;
it stays only if it makes the declared tables.
"""

import importlib
import pkgutil
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import MetaData

import contor
from contor.kernel.errors import Kind, Problem, Refused
from contor.migrations.difference import LOST, REWRITES, TO_FILL, difference
from contor.migrations.shape import Shape, shape_of
from contor.migrations.statements import Part, text_of
from contor.runtime.config import Config
from contor.runtime.db import owner_connection
from contor.runtime.migrate import VERSIONS, migrate
from contor.runtime.postgres import ensure_database, start
from contor.runtime.schema import METADATA, declared_statements

TEMPLATE = '''"""{message}."""

from contor.migrations.statements import run_sql

revision = "{revision}"
down_revision = "{down}"


def upgrade() -> None:
    run_sql(__file__)
'''
LOOK_TWICE = (
    (LOST, "drops what rows hold (to rename, write RENAME by hand)"),
    (REWRITES, "writes a table anew"),
    (TO_FILL.partition("\n")[0].partition("{")[0], "wants values for rows that exist"),
)
_NUMBER = re.compile(r"^revision = \"(\d{4})\"$", re.MULTILINE)
_DOWN = re.compile(r"^down_revision = (?:None|\"(\d{4})\")$", re.MULTILINE)


def chain(versions: Path = VERSIONS) -> list[str]:
    """The revisions' numbers, first to last. Raises `Refused` unless each but the first follows the one before it."""
    paths = sorted(versions.glob("[0-9]*.py"))
    numbers: list[str] = []
    for path in paths:
        number, last = path.name.partition("_")[0], numbers[-1] if numbers else None
        if number == last:
            both = " and ".join(one.name for one in paths if one.name.startswith(f"{number}_"))
            again = "delete yours (.py and .sql) and make it again with `make migration`"
            raise _refused("revision_not_unique", f"Two revisions are called {number} ({both}): {again}.")
        text = path.read_text(encoding="utf-8")
        if (_NUMBER.findall(text), _DOWN.findall(text), int(number)) != ([number], [last or ""], len(numbers) + 1):
            raise _refused("revision_out_of_line", f"{path.name} does not follow {last or 'nothing'}: delete it and make it again.")
        numbers.append(number)
    return numbers


def write(message: str, metadata: MetaData = METADATA, versions: Path = VERSIONS) -> Path | None:
    """Write the revision that leads to `metadata` into `versions`; its `.py` file, or None when nothing lies between.

    Raises `Refused` when the revisions so far are not one line, or when what was written does not lead to `metadata`.
    """
    numbers = chain(versions)
    with _databases() as (migrated, declared):
        migrate(migrated, versions=versions)
        wanted = declared_shape(declared, metadata)
        parts = difference(look(migrated), wanted)
        if not parts:
            return None
        path = _write(message, f"{len(numbers) + 1:04d}", numbers[-1], parts, versions)
        try:
            migrate(migrated, versions=versions)
            rest = difference(look(migrated), wanted)
        except Exception:  # what cannot be run must not lie there as the next revision
            _remove(path)
            raise
        if rest:
            _remove(path)
            raise _refused("difference_remains", f"No revision is written: it would leave\n{text_of(rest)}")
    return path


def declared_shape(dsn: str, metadata: MetaData) -> Shape:
    """The shape of an empty database after `metadata` was made in it."""
    with owner_connection(dsn) as connection:
        for statement in declared_statements(metadata):
            connection.execute(statement.encode())
        return shape_of(connection)


def look(dsn: str) -> Shape:
    """The shape of a database."""
    with owner_connection(dsn) as connection:
        return shape_of(connection)


@contextmanager
def _databases() -> Iterator[tuple[str, str]]:
    """Two empty databases of a server that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="contor-migration-") as home:
        server = start(Config(home=Path(home), pg_bin=Config.from_environment().pg_bin))
        try:
            yield ensure_database(server.dsn, "migrated"), ensure_database(server.dsn, "declared")
        finally:
            server.stop()


def _write(message: str, revision: str, down: str, parts: list[Part], versions: Path) -> Path:
    stem = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    path = versions / f"{revision}_{stem}.py"
    said = message[:1].upper() + message[1:]
    path.write_text(TEMPLATE.format(message=said, revision=revision, down=down), encoding="utf-8")
    path.with_suffix(".sql").write_text(text_of(parts), encoding="utf-8")
    return path


def _remove(path: Path) -> None:
    path.unlink()
    path.with_suffix(".sql").unlink()


def _refused(code: str, message: str) -> Refused:
    return Refused(Kind.ILLEGAL_STATE, Problem(code, message))


def load_tables() -> None:
    """Import every module named `tables`, so that the metadata knows them all."""
    for found in pkgutil.walk_packages(contor.__path__, "contor."):
        if found.name.endswith(".tables"):
            importlib.import_module(found.name)


def main(arguments: list[str]) -> None:
    """Write a revision called by `arguments`, and name what has to be looked at."""
    message = " ".join(arguments).strip().rstrip(".")
    if not re.search(r"[a-z0-9]", message.lower()):
        sys.exit('A revision says what it is for: make migration MESSAGE="add price lists"')
    load_tables()
    try:
        path = write(message)
    except Refused as refused:
        sys.exit("\n".join(problem.message for problem in refused.problems))
    if path is None:
        sys.exit("The declared tables are those of the revisions: there is nothing to write.")
    sql = path.with_suffix(".sql")
    print(f"{path}\n{sql}: read it before you use it.")  # noqa: T201  # a command of developers, it answers them
    for sign, meaning in LOOK_TWICE:
        if sign in sql.read_text(encoding="utf-8"):
            print(f"Look twice: it {meaning}.")  # noqa: T201  # a command of developers, it answers them


if __name__ == "__main__":
    main(sys.argv[1:])
