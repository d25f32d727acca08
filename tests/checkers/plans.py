"""What the server does for a statement: which indexes it walks, how many pages it touches, how many rows it compares for nothing."""

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import psycopg

Planned = Literal["force_custom_plan", "force_generic_plan"]
"""For these values, as the first executions of a statement are; or for any, as those of a prepared one may be later."""


class Work(NamedTuple):
    indexes: set[str]
    whole: set[str]
    """Tables that were read from end to end."""
    sorts: int
    pages: int
    rows: int
    """What is answered."""
    removed: int
    """Rows, and pairs of them, that were compared and are not meant."""
    plan: Any


def work_of(connection: psycopg.Connection[Any], sql: str, params: Any = (), planned: Planned = "force_custom_plan") -> Work:
    """Runs it. Values are parameters, as where the statement is executed: none of them is a constant to the planner."""
    connection.execute(f"SET LOCAL plan_cache_mode = {planned}")
    numbers = iter(range(1, 100))
    connection.execute(f"PREPARE explained AS {re.sub('%s', lambda _: f'${next(numbers)}', sql)}")
    with psycopg.ClientCursor(connection) as cursor:
        values = ", ".join("%s" for _ in params)
        given = f"({values})" if values else ""
        row = cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained{given}", params).fetchone()
    connection.execute("DEALLOCATE explained")
    assert row is not None
    plan = row[0][0]["Plan"]
    nodes = list(nodes_of(plan))
    return Work(
        indexes={node["Index Name"] for node in nodes if "Index Name" in node},
        whole={node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"},
        sorts=sum("Sort" in node["Node Type"] for node in nodes),
        pages=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        rows=round(plan["Actual Rows"]),
        removed=sum(
            round(node.get(name, 0) * node["Actual Loops"])
            for node in nodes
            for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")
        ),
        plan=plan,
    )


def nodes_of(node: Any) -> Iterator[Any]:
    """A node of a plan and all below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from nodes_of(below)
