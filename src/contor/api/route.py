"""A row of a dialect's table: which request runs which operation, and how its names and ids are translated."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Never, get_type_hints

from contor.api.ids import DialectIds
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import Operation
from contor.runtime.query import Filterable
from contor.runtime.query.rsql import Node

Plain = dict[str, object]
"""A JSON object: answers, envelopes, schemas."""
AnyOperation = Operation[Never, object]
"""An operation of whatever input and result: what a table of routes holds."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as far as an operation's input is made of it."""

    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    body: Any
    """The validated shape, a `ListQuery` or the file; None where the route has no body."""
    file: FileContent | None = None
    """What came beside the envelope of a multipart body."""
    if_match: str | None = None
    """The version that the caller names in the header `If-Match` (RFC 9110, 13.1.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A thing whose names on the wire are not those of its shape (level L1). Only the object itself is looked at, not what it holds."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Name on the wire -> name of the field (snake_case), both ways."""
    constants: Mapping[str, object] = field(default_factory=dict)
    """Fields that the dialect never says, e.g. the kind of customer."""
    hidden: frozenset[str] = frozenset()
    """Fields that the dialect does not answer."""

    def read(self, content: object) -> object:
        """What a caller sent, with the names of the shape; anything but an object is left for the shape to refuse."""
        if not isinstance(content, Mapping):
            return content
        return {**self.constants, **{self.names.get(name, name): value for name, value in content.items()}}

    def write(self, answer: object) -> object:
        """What is answered, with the dialect's names."""
        if not isinstance(answer, Mapping):
            return answer
        said = {name: given for given, name in self.names.items()}
        return {said.get(name, name): value for name, value in answer.items() if name not in self.hidden}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdsOf:
    """Where a route carries ids of the dialect instead of idents: they are resolved, and shown, inside the transaction."""

    path: Mapping[str, DialectIds] = field(default_factory=dict)
    """By placeholder."""
    body: Mapping[str, DialectIds] = field(default_factory=dict)
    """By the name of the shape's field."""
    query: Mapping[str, DialectIds] = field(default_factory=dict)
    """By the name of a list's field."""
    answer: Mapping[str, DialectIds] = field(default_factory=dict)
    """By the name in the answer, before `Wire` renames it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """A field by which a list is searched."""

    field: str
    """The list's own name of it."""
    form: Literal["EXACT", "PART", "DAY", "INSTANT", "TRUTH"] = "EXACT"
    """`PART`: the text may stand anywhere in it. Days and instants are asked for as being before or after one."""
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Word on the wire -> the list's; where there are some, no others are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """How a list is searched and ordered, where a dialect has names of its own for that (level L1)."""

    by: Mapping[str, By] = field(default_factory=dict)
    """Name on the wire, in it dots: `customerGroup.name`."""
    order: Mapping[str, str] = field(default_factory=dict)
    """Name on the wire -> field by which it is ordered."""
    text: Callable[[str], Node] | None = None
    """What the parameter `search` looks for."""
    ignored: frozenset[str] = frozenset()
    """Parameters which clients are known to send, and that say nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A row of a dialect's table."""

    method: str
    path: str
    """Or, in a dialect that matches by name, empty."""
    operation: AnyOperation
    status: int
    bind: Callable[[Call], Any]
    service: str = ""
    """The name by which a dialect with one address tells its operations apart, e.g. `customer.get`."""
    body: Any = None
    """The shape of the body; None: there is none."""
    output: Any = None
    filterable: Filterable | None = None
    """Set for list queries."""
    answer: Callable[[Any], Any] | None = None
    """A pure function from the operation's result to the answer (level L2)."""
    array: bool = False
    """A deprecated list: the bare array of a page."""
    deprecated: bool = False
    parameters: Mapping[str, bool | str] = field(default_factory=dict)
    """Truth values and texts of the query string, with what holds where they are not said."""
    upload: bool = False
    """The body is a file: multipart with a part `file`, or the bytes themselves."""
    wire: Wire | None = None
    ids: IdsOf | None = None
    may_be_empty: bool = False
    """A request without a body, or with null, is one, too: as with `{}`, nothing is said."""
    in_part: bool = False
    """The body says what changes: null unsets. Elsewhere null is as if the field were left out."""
    shown: "Route | None" = None
    """Where what this row writes is read: what that answers beside the body's fields may be sent back as it is."""
    id: str = ""
    """What clients made of the published description call it; empty: by the operation's name, see `operation_id`."""
    about: str = ""
    """The thing that the published description groups it with; empty: what the operation is named after."""
    pending: Callable[[object], bool] | None = None
    """Whether what is answered is still being made: `Retry-After` says so, as where it is refused for that (`NOT_READY`), and a caller may
    prefer to wait for it (RFC 7240)."""
    numbers: frozenset[str] = frozenset()
    """Placeholders that are whole numbers."""
    entity: "Route | None" = None
    """The route that reads the stored thing which this one reads or changes: `ETag` and `If-Match` tell its versions apart."""
    permission: str = ""
    """What the dialect asks for beside the operation's permission, by a name of its own."""
    sought: Sought | None = None
    holder: "Callable[..., Caller] | None" = None
    """Who calls, where the path itself is the key: `(runtime, placeholders, request_id)` makes him of the link that it holds, or refuses it
    (UNAUTHENTICATED, NOT_FOUND). No other credential is asked for."""
    versioned: bool = False
    """What it is about has a version: `ETag` says it, `If-Match` names the one that is meant (RFC 9110, 8.8.3 and 13.1.1)."""


def permitted(row: Route, caller: Caller) -> Caller:
    """Who calls, as far as this route goes. Raises FORBIDDEN where the caller lacks the permission of the dialect; who has nothing but such
    permissions may do what the route does, which is what they say."""
    if not row.permission:
        return caller
    if not caller.may(row.permission):
        raise Refused(Kind.FORBIDDEN, Problem("permission_missing", f"This needs the permission {row.permission}."))
    confined = EVERYTHING not in caller.permissions and all(":" in permission for permission in caller.permissions)
    return replace(caller, permissions=caller.permissions | {row.operation.permission}) if confined else caller


def answered_kind(row: Route) -> Any:
    """The type of what the route answers of one thing: what its pure function says, else the operation's result."""
    if row.answer is not None:
        said = get_type_hints(row.answer).get("return")
        if said is not None and said != Plain:
            return said
    return row.output


def operation_id(row: Route) -> str:
    """`agreed_deposit.list_of_line_item` as `listAgreedDepositsOfLineItem`, `contract.cancel_batch` as `cancelContracts`."""
    if row.id:
        return row.id
    noun, _, verb = row.operation.name.partition(".")
    first, *rest = verb.partition("_with_")[0].split("_")
    many = first == "list" or "batch" in rest
    return first + _capital(_plural(noun) if many else noun) + _capital("_".join(part for part in rest if part != "batch"))


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def _capital(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
