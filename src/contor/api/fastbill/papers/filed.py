"""Services that take a file beside their data (multipart: `httpbody` and `document`), and do without."""

from dataclasses import replace

from contor.api.kit import service
from contor.api.route import AnyOperation, Call, Route


def with_file(name: str, operation: AnyOperation) -> Route:
    """The row of an operation whose input has the fields `data` and `file`; the file may be missing."""
    kind = operation.input
    assert isinstance(kind, type), "it is a shape"

    def bind(call: Call) -> object:
        return kind(data=call.body, file=call.file)

    return replace(service(name, operation, body="data"), bind=bind)
