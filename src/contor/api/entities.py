"""The version of whatever is stored: what GET answers has a tag, and who changes it may say which one he saw (RFC 9110, 8.8.3 and 13.1.1).

The tag is a digest of the answer, so that nothing needs a column for it, and whatever is shown counts. Things that number their versions
(drafts) have their own way.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from contor.api.answers import rendered_answer
from contor.api.dialect import Dialect
from contor.api.resolve import resolving
from contor.api.route import AnyOperation, Call, Route
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import Operation
from contor.runtime.uow import Uow

TAG = r"[0-9a-f]{32}"
_CHANGES = ("PUT", "PATCH", "DELETE")
_ENCODER = msgspec.json.Encoder(decimal_format="number", order="deterministic")
_LISTED = re.compile(r'\s*(?:W/)?(?:"([^"]{0,100})"|([^",\s]{1,100}))\s*')


def with_entities(routes: Iterable[Route]) -> list[Route]:
    """The routes; those that read or change one stored thing know the route that reads it."""
    table = list(routes)
    reads = {row.path: row for row in table if _reads_one(row)}
    changed = {row.path for row in table if row.method in _CHANGES}
    return [
        replace(row, entity=reads[row.path])
        if row.path in reads and not row.versioned and (row.method in _CHANGES or (row.method == "GET" and row.path in changed))
        else row
        for row in table
    ]


def _reads_one(row: Route) -> bool:
    return row.method == "GET" and row.filterable is None and row.output is not FileContent and not row.versioned


def entity_tag(answer: object) -> str:
    """The tag of what is answered, in its quotes."""
    return f'"{hashlib.sha256(_ENCODER.encode(answer)).hexdigest()[:32]}"'


def tag_of_answer(row: Route, answer: object) -> str | None:
    """The tag that the answer carries, where it shows the thing as GET would."""
    return entity_tag(answer) if shows_entity(row) and answer is not None else None


def shows_entity(row: Route) -> bool:
    """Whether the route answers the thing as GET would."""
    read = row.entity
    return read is not None and (row.output, row.answer, row.wire) == (read.output, read.answer, read.wire)


def named_tags(if_match: str | None) -> frozenset[str] | None:
    """The tags that the header names, in their quotes; None: it is not there, or takes any (`*`). Raises INVALID."""
    given = (if_match or "*").strip()
    if given == "*":
        return None
    found = [_LISTED.fullmatch(part) for part in given.split(",")[:50]]
    if not all(found):
        raise Refused(
            Kind.INVALID, Problem("if_match_malformed", "names tags as ETag says them, or any by *", "If-Match", given[:100])
        )
    return frozenset(f'"{one[2] if one[1] is None else one[1]}"' for one in found if one is not None)


def guarded(
    dialect: Dialect, row: Route, call: Call, made: tuple[AnyOperation, object], names: Sequence[str]
) -> tuple[AnyOperation, object]:
    """The operation behind the look at what it would change: refused (OUTDATED) where that is no longer what the caller saw. All who change
    the thing by this path wait for each other from the look on. `names` are the path's, with their values."""
    operation, command = made
    read = row.entity
    if read is None or row.method not in _CHANGES:
        return made
    wanted = named_tags(call.if_match)

    def run(uow: Uow, given: object) -> object:
        uow.lock("entity", ["/".join((read.path, *names))])
        if wanted is not None:
            look, what = resolving(read, Call(call.path, (), None))
            if entity_tag(rendered_answer(dialect, read, look.function(uow, what))) not in wanted:  # type: ignore[arg-type]  # made for it by its route
                message = "It was changed since: read it again, and decide anew."
                raise Refused(Kind.OUTDATED, Problem("entity_outdated", message, "If-Match", call.if_match))
        return operation.function(uow, given)  # type: ignore[arg-type]  # made for it by its route

    return Operation(
        operation.name,
        operation.permission,
        operation.input,
        operation.output,
        run,
        False,
        operation.directory,
        operation.undone,
        operation.few,
        operation.asks,
        operation.then,
    ), command
