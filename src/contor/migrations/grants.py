"""From one table's privileges and policies to another's. They ask no database."""

from collections.abc import Iterable, Mapping

from contor.migrations.shape import Policy, Privilege

ORDER = ("SELECT", "INSERT", "UPDATE", "DELETE")


def grants(on: str, before: Iterable[Privilege], after: Iterable[Privilege]) -> list[str]:
    """What is taken first, then what is given. `on` names the table, or `SEQUENCE` and its name.

    To take a privilege from a table takes it from every column too (PostgreSQL, REVOKE).
    """
    held, wanted = set(before), set(after)
    statements = []
    taken = {one for one in held - wanted if not one[2]}
    for role, privileges in _by_role(taken):
        statements.append(f"REVOKE {', '.join(privileges)} ON {on} FROM {role}")
    held = {one for one in held if (one[0], one[1], "") not in taken}
    for role, privileges in _by_role(one for one in wanted - held if not one[2]):
        statements.append(f"GRANT {', '.join(privileges)} ON {on} TO {role}")
    for role, privilege, columns in _by_column(held - wanted):
        statements.append(f"REVOKE {privilege} ({', '.join(columns)}) ON {on} FROM {role}")
    for role, privilege, columns in _by_column(wanted - held):
        statements.append(f"GRANT {privilege} ({', '.join(columns)}) ON {on} TO {role}")
    return statements


def _by_role(found: Iterable[Privilege]) -> list[tuple[str, list[str]]]:
    roles: dict[str, list[str]] = {}
    for role, privilege, _ in sorted(found):
        roles.setdefault(role, []).append(privilege)
    return [(role, sorted(privileges, key=_rank)) for role, privileges in roles.items()]


def _by_column(found: Iterable[Privilege]) -> list[tuple[str, str, list[str]]]:
    columns: dict[tuple[str, str], list[str]] = {}
    for role, privilege, column in sorted(found):
        if column:
            columns.setdefault((role, privilege), []).append(column)
    return [(role, privilege, names) for (role, privilege), names in columns.items()]


def _rank(privilege: str) -> tuple[int, str]:
    return (ORDER.index(privilege) if privilege in ORDER else len(ORDER), privilege)


def policies(table: str, before: Mapping[str, Policy], after: Mapping[str, Policy]) -> list[str]:
    """Policies that go, are altered in place, or are new."""
    statements = [f"DROP POLICY {name} ON {table}" for name in before if name not in after]
    for name, policy in after.items():
        known = before.get(name)
        if known == policy:
            continue
        if known is not None and known.kind == policy.kind:
            statements.append(f"ALTER POLICY {name} ON {table} {policy.clauses}")
            continue
        if known is not None:
            statements.append(f"DROP POLICY {name} ON {table}")
        statements.append(" ".join(filter(None, (f"CREATE POLICY {name} ON {table}", policy.kind, policy.clauses))))
    return statements
