"""From one shape to another: the statements, in the order and the manner that a database in use can bear. It asks no database.

1. In one transaction, all of it quick: what goes, new tables, new columns, privileges, checks that are not asked of old rows yet.
2. Outside of a transaction, slow but in nobody's way: indexes are built, the rows that exist are asked.
3. In one transaction, quick again: what stands on those: keys, NOT NULL, foreign keys that are not asked of old rows yet.
4. Outside of a transaction: foreign keys are asked of the rows that exist.
"""

import re
from dataclasses import dataclass, field, replace

from contor.migrations.grants import grants, policies
from contor.migrations.shape import Column, Constraint, Index, Shape, Table
from contor.migrations.statements import AUTOCOMMIT, TRANSACTION, Part

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '3s'"
"""A transaction that waits for a lock on a table makes everyone behind it wait: it gives up soon and is run again."""
LATE_BODIES = "SET LOCAL check_function_bodies = off"
"""A function may name a table that comes after it."""
LOST = "-- What stands in it is lost."
REWRITES = "-- Writes the whole table anew, and nobody reads it meanwhile: not for a large table."
TO_FILL = (
    "-- Rows that exist have no value in {column} yet, and the check below refuses them. Give them one before it, for instance\n"
    "-- DO $$ DECLARE tenant bigint; BEGIN FOR tenant IN SELECT id FROM directory.environment LOOP\n"
    "--   PERFORM set_config('contor.tenant_id', tenant::text, true); UPDATE {table} SET {column} = ...;\n"
    "-- END LOOP; END $$"
)
BY_TENANT = """DO $$ DECLARE tenant bigint; BEGIN
  -- The owner too sees one tenant's rows at a time. Each try is undone, so that the constraint is valid when all were asked.
  FOR tenant IN SELECT id FROM directory.environment WHERE row_security_active('{table}') LOOP
    BEGIN
      PERFORM set_config('contor.tenant_id', tenant::text, true);
      ALTER TABLE {table} VALIDATE CONSTRAINT {key};
      RAISE SQLSTATE 'CT001';
    EXCEPTION WHEN SQLSTATE 'CT001' THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('contor.tenant_id', '0', true);
  ALTER TABLE {table} VALIDATE CONSTRAINT {key};
END $$"""
"""How a foreign key is asked of the rows of a table with row-level security: PostgreSQL asks by a query, which policies bind."""
_REFERS = re.compile(r"REFERENCES (\S+?)\(")
_KEY = re.compile(r"(PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?) (\([^()]*\))(.*)", re.DOTALL)


@dataclass(slots=True)
class Steps:
    """Statements by the four steps."""

    quick: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    then: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def parts(self) -> list[Part]:
        """Steps of one mode that follow each other are one part; a transaction begins with its lock timeout."""
        parts: list[Part] = []
        for mode, found in ((TRANSACTION, self.quick), (AUTOCOMMIT, self.slow), (TRANSACTION, self.then), (AUTOCOMMIT, self.last)):
            if not found:
                continue
            if parts and parts[-1].mode == mode:
                parts[-1] = Part(mode, (*parts[-1].statements, *found))
            else:
                parts.append(Part(mode, (LOCK_TIMEOUT, *found) if mode == TRANSACTION else tuple(found)))
        return parts


def difference(now: Shape, wanted: Shape) -> list[Part]:
    """The parts of a revision that makes `wanted` of `now`; none when they are alike."""
    steps = Steps()
    common = [name for name in wanted.tables if name in now.tables]
    _dropped(steps, now, wanted, common)
    if any("public." in wanted.functions[name].partition("AS $")[2] for name in wanted.functions.keys() - now.functions.keys()):
        steps.quick.append(LATE_BODIES)
    steps.quick += [definition for name, definition in wanted.functions.items() if now.functions.get(name) != definition]
    for name, privileges in wanted.sequences.items():
        if name not in now.sequences:
            steps.quick.append(f"CREATE SEQUENCE {name}")
        steps.quick += grants(f"SEQUENCE {name}", now.sequences.get(name, frozenset()), privileges)
    settled = {name for name in common if _keys(now.tables[name]) == _keys(wanted.tables[name])}
    for name in _by_reference(wanted, [name for name in wanted.tables if name not in now.tables]):
        _created(steps, name, wanted.tables[name], settled | {name})
        settled.add(name)
    for name in common:
        _changed(steps, name, now.tables[name], wanted.tables[name])
    for name in sorted(now.functions.keys() - wanted.functions.keys()):
        steps.then.append(f"DROP FUNCTION {name}")
    return steps.parts()


def _dropped(steps: Steps, now: Shape, wanted: Shape, common: list[str]) -> None:
    """Foreign keys first: nothing may refer to what goes. A constraint that is changed goes here and comes back later."""
    for name in common:
        before, after = now.tables[name], wanted.tables[name]
        gone = [key for key, one in before.constraints.items() if after.constraints.get(key) != one]
        for key in sorted(gone, key=lambda key: before.constraints[key].kind != "f"):
            if _is_key(before.constraints[key]) and key in after.constraints:
                continue  # exchanged when its successor's index is built
            steps.quick.append(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
        for key in sorted(before.indexes.keys() - after.indexes.keys()):
            steps.slow.append(f"DROP INDEX CONCURRENTLY IF EXISTS {_beside(name, key)}")
    gone_tables = [name for name in now.tables if name not in wanted.tables]
    for name in gone_tables:
        for key, one in now.tables[name].constraints.items():
            if one.kind == "f":
                steps.quick.append(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
    steps.quick += [f"{LOST}\nDROP TABLE {name}" for name in gone_tables]
    steps.quick += [f"DROP SEQUENCE {name}" for name in now.sequences if name not in wanted.sequences]


def _created(steps: Steps, name: str, table: Table, settled: set[str]) -> None:
    """A new table is empty: what is declared with it is asked of no row. A foreign key waits if what it refers to is not there yet."""
    waiting = {key: one for key, one in table.constraints.items() if one.kind == "f" and _referred(one) not in settled}
    lines = [f"{column} {_definition(one)}" for column, one in table.columns.items()]
    lines += [f"CONSTRAINT {key} {one.text}" for key, one in table.constraints.items() if key not in waiting]
    steps.quick.append(f"CREATE TABLE {name} (\n\t" + ",\n\t".join(lines) + "\n)")
    steps.quick += [index.text for index in table.indexes.values()]
    _planned(steps, name, Table(), table)
    _secured(steps, name, Table(), table)
    for key, constraint in waiting.items():
        _constrained(steps, name, key, constraint, secured=table.secured[0])


def _by_reference(wanted: Shape, names: list[str]) -> list[str]:
    """What is referred to comes before what refers to it; in a circle, by name."""
    ordered: list[str] = []
    left = list(names)
    while left:
        free = [n for n in left if not {_referred(one) for one in wanted.tables[n].constraints.values()} & set(left) - {n}]
        ordered += free or left
        left = [name for name in left if name not in ordered]
    return ordered


def _referred(one: Constraint) -> str | None:
    found = _REFERS.search(one.text) if one.kind == "f" else None
    return found[1] if found else None


def _keys(table: Table) -> dict[str, str]:
    """What a foreign key may refer to."""
    keys = {key: one.text for key, one in table.constraints.items() if _is_key(one)}
    return keys | {key: one.text for key, one in table.indexes.items() if one.text.startswith("CREATE UNIQUE")}


def _changed(steps: Steps, name: str, before: Table, after: Table) -> None:
    for column in sorted(before.columns.keys() - after.columns.keys()):
        steps.quick.append(f"{LOST}\nALTER TABLE {name} DROP COLUMN {column}")
    for column, one in after.columns.items():
        known = before.columns.get(column)
        if known is not None and known.generated != one.generated and not _is_identity(known, one):
            steps.quick.append(f"ALTER TABLE {name} DROP COLUMN {column}")
            known = None
        if known is None:
            _new_column(steps, name, column, one)
        elif replace(known, statistics=one.statistics) != one:
            _changed_column(steps, name, column, known, one)
    for key, constraint in after.constraints.items():
        if before.constraints.get(key) != constraint:
            _constrained(steps, name, key, constraint, secured=after.secured[0], exchanged=_is_key(before.constraints.get(key)))
    for key, index in after.indexes.items():
        _indexed(steps, name, key, before.indexes.get(key), index)
    _planned(steps, name, before, after)
    _secured(steps, name, before, after)


def _planned(steps: Steps, name: str, before: Table, after: Table) -> None:
    """What the planner and autovacuum are told. Statistics of a column that keeps none from now on stay until the revision drops them."""
    for column, one in after.columns.items():
        known = before.columns.get(column)
        if one.statistics != (known.statistics if known is not None else -1):
            steps.quick.append(f"ALTER TABLE {name} ALTER COLUMN {column} SET STATISTICS {one.statistics}")
    gone = sorted({one.partition("=")[0] for one in before.parameters} - {one.partition("=")[0] for one in after.parameters})
    if gone:
        steps.quick.append(f"ALTER TABLE {name} RESET ({', '.join(gone)})")
    if set_now := sorted(after.parameters - before.parameters):
        steps.quick.append(f"ALTER TABLE {name} SET ({', '.join(set_now)})")


def _new_column(steps: Steps, name: str, column: str, one: Column) -> None:
    empty = one.required and one.default is None and not one.generated
    written = replace(one, required=False) if empty else one
    # a constant default is only noted (PostgreSQL 11), one that differs by row is written into each
    rewrites = bool(one.generated) or "nextval(" in (one.default or "")
    steps.quick.append(f"{_said(rewrites)}ALTER TABLE {name} ADD COLUMN {column} {_definition(written)}")
    if empty:
        _required(steps, name, column, fill=True)


def _changed_column(steps: Steps, name: str, column: str, known: Column, one: Column) -> None:
    alter = f"ALTER TABLE {name} ALTER COLUMN {column}"
    if known.generated != one.generated:
        if known.generated:
            steps.quick.append(f"{alter} DROP IDENTITY")
        if one.generated:
            steps.quick.append(f"{alter} ADD {one.generated}")
    if known.kind != one.kind:
        # the old default may not fit the new type, and PostgreSQL would refuse
        if known.default is not None:
            steps.quick.append(f"{alter} DROP DEFAULT")
        steps.quick.append(f"{REWRITES}\n{alter} TYPE {one.kind} USING {column}::{one.kind}")
    if one.default is not None and (known.default != one.default or known.kind != one.kind):
        steps.quick.append(f"{alter} SET DEFAULT {one.default}")
    elif one.default is None and known.default is not None and known.kind == one.kind:
        steps.quick.append(f"{alter} DROP DEFAULT")
    if known.required and not one.required:
        steps.quick.append(f"{alter} DROP NOT NULL")
    elif one.required and not known.required:
        _required(steps, name, column, fill=False)


def _required(steps: Steps, name: str, column: str, *, fill: bool) -> None:
    """NOT NULL without reading the table under a lock: PostgreSQL takes a check's word for it."""
    check = f"{_bare(name)}_{_bare(column)}_filled"
    steps.quick.append(f"ALTER TABLE {name} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID")
    said = TO_FILL.format(table=name, column=column) + "\n" if fill else ""
    steps.slow.append(f"{said}ALTER TABLE {name} VALIDATE CONSTRAINT {check}")
    steps.then.append(f"ALTER TABLE {name} ALTER COLUMN {column} SET NOT NULL")
    steps.then.append(f"ALTER TABLE {name} DROP CONSTRAINT {check}")


def _constrained(steps: Steps, name: str, key: str, one: Constraint, *, secured: bool, exchanged: bool = False) -> None:
    """A constraint on a table that has rows."""
    add = f"ALTER TABLE {name} ADD CONSTRAINT {key}"
    if one.kind == "c":
        steps.quick.append(f"{add} {one.text} NOT VALID")
        steps.slow.append(f"ALTER TABLE {name} VALIDATE CONSTRAINT {key}")
    elif one.kind == "f":
        steps.then.append(f"{add} {one.text} NOT VALID")
        by_tenant = BY_TENANT.format(table=name, key=key)
        steps.last.append(by_tenant if secured else f"ALTER TABLE {name} VALIDATE CONSTRAINT {key}")
    elif found := _KEY.fullmatch(one.text):
        kind, columns, rest = found.groups()
        unique = kind.removeprefix("UNIQUE").removeprefix("PRIMARY KEY")
        built = f"{_bare(key)}_new"
        steps.slow.append(f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {built} ON {name} {columns}{unique}")
        if exchanged:
            steps.then.append(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
        steps.then.append(f"{add} {kind.split(' NULLS')[0]} USING INDEX {built}{rest}")  # NULLS is the index's to say
    else:
        steps.then.append(f"{add} {one.text}")


def _indexed(steps: Steps, name: str, key: str, known: Index | None, one: Index) -> None:
    if known == one:
        return
    if known is None or known.text == one.text:  # absent, or left invalid: dropped when this part is run
        steps.slow.append(one.text.replace(" INDEX ", " INDEX CONCURRENTLY IF NOT EXISTS ", 1))
        return
    built = f"{_bare(key)}_new"
    steps.slow.append(one.text.replace(f" INDEX {key} ", f" INDEX CONCURRENTLY IF NOT EXISTS {built} ", 1))
    steps.then.append(f"DROP INDEX IF EXISTS {_beside(name, key)}")
    steps.then.append(f"ALTER INDEX {_beside(name, built)} RENAME TO {key}")


def _secured(steps: Steps, name: str, before: Table, after: Table) -> None:
    enabled, forced = after.secured
    if before.secured[0] != enabled:
        steps.quick.append(f"ALTER TABLE {name} {'ENABLE' if enabled else 'DISABLE'} ROW LEVEL SECURITY")
    if before.secured[1] != forced:
        steps.quick.append(f"ALTER TABLE {name} {'FORCE' if forced else 'NO FORCE'} ROW LEVEL SECURITY")
    steps.quick += policies(name, before.policies, after.policies)
    # a column that goes takes its privileges with it
    left = {one for one in before.privileges if not one[2] or one[2] in after.columns}
    steps.quick += grants(name, left, after.privileges)


def _definition(one: Column) -> str:
    default = f" DEFAULT {one.default}" if one.default is not None else ""
    return f"{one.kind}{default}{' ' * bool(one.generated)}{one.generated}{' NOT NULL' if one.required else ''}"


def _said(rewrites: bool) -> str:
    return f"{REWRITES}\n" if rewrites else ""


def _is_key(one: Constraint | None) -> bool:
    return one is not None and one.kind in ("p", "u")


def _is_identity(known: Column, one: Column) -> bool:
    """Whether what differs is only an identity, which comes and goes without a new column."""
    return all(generated == "" or generated.endswith("IDENTITY") for generated in (known.generated, one.generated))


def _bare(name: str) -> str:
    """Without schema and quotes."""
    return name.rpartition(".")[2].strip('"')


def _beside(table: str, index: str) -> str:
    """An index's name with the schema of its table."""
    schema = table.rpartition(".")[0]
    return f"{schema}.{index}" if schema else index
