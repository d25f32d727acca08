"""The voice of a dialect: names, numbers, errors, authentication. What all dialects share is not here."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from contor.api.codec import Codec
from contor.api.limits import Allowed
from contor.api.route import Plain, Route
from contor.kernel.context import Caller
from contor.kernel.errors import Refused
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page


class Dialect(Protocol):
    """The voice of a dialect: names, numbers, errors, authentication."""

    name: str
    prefix: str
    title: str
    version: str
    description: str
    """What is said of it as a whole, in Markdown."""
    camel: bool
    """Names are camelCase; else snake_case."""
    nulls: bool
    """What has no value is null in an answer; else it is left out."""
    root: str
    """Where the paths of its table begin on this host."""
    challenge: str
    """`WWW-Authenticate` of a 401 (RFC 9110, 11.6.1)."""

    def authenticate(self, runtime: Runtime, headers: Mapping[str, str], request_id: str, *, at_once: bool) -> Caller:
        """Who asks. `at_once`: what may have been taken away from him is looked up, however lately it was."""
        ...

    def list_query(self, route: Route, query: Sequence[tuple[str, str]]) -> ListQuery: ...
    def refuse(self, refused: Refused, path: str, request_id: str) -> tuple[int, Plain]: ...
    def with_status(self, body: Plain, status: int) -> Plain: ...
    def crash(self, path: str, request_id: str) -> tuple[int, Plain]: ...
    def page(self, route: Route, page: Page, rows: list[object]) -> Plain: ...
    def headers(self, request_id: str, seconds: float) -> dict[str, str]: ...
    def error_schema(self) -> Plain: ...
    def page_schema(self, route: Route, item: Plain) -> Plain:
        """The form of what `page` makes, where `item` is the form of a row."""
        ...

    def security_schemes(self) -> Plain:
        """How a caller is known (OpenAPI 3.1, 4.8.27)."""
        ...

    def security(self, permission: str) -> list[Plain]:
        """What each operation with this permission asks for; empty: of all operations together."""
        ...

    def list_parameters(self, route: Route) -> list[Plain]: ...


class NamedDialect(Dialect, Protocol):
    """The voice of a dialect with one address, whose requests name their operation in the body."""

    codecs: Sequence[Codec]
    """The formats it speaks; an answer has the format of its request."""
    envelope_part: str
    """The part of a multipart body that holds the request."""
    file_part: str
    """The part that holds its file."""

    def service(self, content: object) -> str:
        """The name of the operation, as the table writes it; empty where the request has none."""
        ...

    def content(self, route: Route, content: object) -> object:
        """What the route's shape is made of, with the names of fields; for lists what `named_query` reads."""
        ...

    def named_query(self, route: Route, content: object) -> ListQuery: ...
    def allowed(self, caller: Caller) -> Allowed | None:
        """How much the caller's tenant may ask in a while; None: as much as this server lets anybody."""
        ...

    def enveloped(self, content: object, answer: object) -> Plain:
        """The whole answer, refusals included; `content` is what was sent, None where it could not be read."""
        ...
