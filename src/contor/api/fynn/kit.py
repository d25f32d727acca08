"""A row of the dialect's table: what every route of it has alike is said here once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import NoneType
from typing import Final, Unpack

from contor.api import kit
from contor.api.codec import JSON
from contor.api.fynn.manners import without_empty, without_nulls
from contor.api.kit import Options
from contor.api.route import AnyOperation, Route, Sought, Wire
from contor.kernel.files import FileContent
from contor.organizations.rights import FYNN_SCOPES
from contor.runtime.execute import adapter

_STATUS: Final = {"POST": 201, "DELETE": 204}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken(Wire):
    """How every body is read: an empty text is null, at whatever depth, as forms and the n8n node send it, and null says nothing of a
    field that may be left out and has no null. `customFields` are read as the text that a form sends: null in it clears a field, whatever
    null says of other things in the body."""

    body: object = None
    """The shape of the body, where there is one."""

    def read(self, content: object) -> object:
        read = without_nulls(without_empty(content), self.body)
        if isinstance(read, dict) and isinstance(fields := read.get("customFields"), dict) and None in fields.values():
            return {**read, "customFields": JSON.write(fields).decode()}
        return read

    def write(self, answer: object) -> object:
        return answer


SPOKEN: Final = Spoken()


class Row(Options, total=False):
    """What a row may say beside what it must; all that the kit knows, and:"""

    status: int
    """Where it is not 201 of POST, 204 of DELETE, 200 of others."""
    sought: Sought
    """The filters and orders of a list."""


def route(  # type: ignore[misc]  # two that elsewhere may be left out are said by every row
    method: str, path: str, operation: AnyOperation, *, permission: str, id: str, about: str, **options: Unpack[Row]
) -> Route:
    """The row of `path`, which has no prefix: `/customers/{id}`.

    `permission`: fynn's (`customer:read`), empty where anybody may. `id`: the name in the published description (`getCustomer`). `about`:
    the thing that it is grouped with (`customer`). What is answered is a shape (`output`, else the operation's own; of a list that of a
    row), with null for what has no value.
    """
    if permission and permission not in FYNN_SCOPES:
        raise LookupError(f"{method} {path}: {permission} is no permission of fynn")
    status, sought = options.pop("status", _STATUS.get(method, 200)), options.pop("sought", None)
    output = options.get("output", operation.output)
    kit_options: Options = {"wire": SPOKEN, "id": id, "about": about, **options}  # type: ignore[typeddict-item]  # what is left is the kit's
    if "answer" not in options and output not in (None, NoneType, FileContent):
        kit_options["answer"] = _whole(output)
    made = kit.route(method, path, operation, status, **kit_options)
    spoken = replace(made.wire, body=made.body) if isinstance(made.wire, Spoken) else made.wire
    return replace(made, wire=spoken, permission=permission, sought=sought)


def _whole(kind: object) -> Callable[[object], object]:
    """What makes plain values of a shape, null where there is nothing: clients ask for the names without looking whether they are there."""

    def dumped(result: object) -> object:
        return adapter(kind).dump_python(result, by_alias=True)

    dumped.__annotations__["return"] = kind
    return dumped
