"""What another account of FastBill answers, taken over here: what it names is what that became here."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar, cast

from contor.api.fastbill.names import names_of, read
from contor.api.fastbill.sent import sent
from contor.api.fastbill.taking.foreign import word
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.runtime.uow import Uow
from contor.takeovers.queries import targets
from contor.takeovers.taking import Taken
from contor.takeovers.taking import once as taken_once

T = TypeVar("T")
CUSTOMER: Final = "customer"
CONTACT: Final = "contact"
ARTICLE: Final = "article"
COUPON: Final = "coupon"
SUBSCRIPTION: Final = "subscription"
PROJECT: Final = "project"
TASK: Final = "task"
TIME: Final = "time"
ESTIMATE: Final = "estimate"
DRAFT: Final = "draft"
INVOICE: Final = "invoice"
CLAIM: Final = "claim"
"""An invoice of which something is open: it is an open item here."""
REVENUE: Final = "revenue"
EXPENSE: Final = "expense"


@dataclass(frozen=True, slots=True)
class Take:
    """A thing of another account."""

    source: str
    """The account."""
    number: str
    """Of the thing there."""
    content: dict[str, object]
    """The thing as a list answers it."""
    file: FileContent | None = None
    """Its file."""


def once(uow: Uow, take: Take, kind: str, make: Callable[[], object]) -> Taken:
    """The thing, made by `make` (-> its number here) unless it was taken before."""
    return taken_once(uow, take.source, kind, take.number, make)


def given(kind: type[T], content: Mapping[str, object], **own: object) -> T:
    """What a service of ours takes, of what theirs answers; `own`: what is meant here instead of what is said (None: nothing)."""
    others = {name: value for name, value in content.items() if name.lower() not in own}
    fields = read({**others, **{name: value for name, value in own.items() if value is not None}}, names_of(cast(Hashable, kind)))
    assert isinstance(fields, dict)
    return sent(kind, fields)


def meant(uow: Uow, take: Take, kind: str, tag: str) -> int | None:
    """The number here of the thing that a tag names; None where it names none. Raises INVALID where that was not taken over."""
    number = word(take.content, tag)
    if number in ("", "0"):
        return None
    found = targets(uow, take.source, kind, [number]).get(number)
    if found is None:
        raise Refused(Kind.INVALID, Problem("reference_not_taken", f"names a {kind} that was not taken over", tag, number))
    return int(found)
