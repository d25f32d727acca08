"""What the core refuses of a customer, in the words of fynn, and all of it at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace as replaced
from typing import Final, TypeVar, cast

from contor.api.exchange import shaped
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields, replace
from contor.organizations.access import OneUser, get_user
from contor.runtime.execute import Runtime

T = TypeVar("T")
NAMES: Final[Mapping[str, str]] = {
    "company": "companyName",
    "customerIdent": "customerNumber",
    "customer_ident": "customerNumber",
    "groupIdent": "customerGroup",
    "currency": "currencyCode",
    "debtorAccount": "datevId",
    "street_no": "houseNumber",
    "streetNo": "houseNumber",
    "addressAddition": "addition",
    "address_addition": "addition",
    "country": "countryCode",
    "department": "costCentre",
    "forInvoices": "isInvoiceEmail",
    "forDunning": "isDunningEmail",
    "parentCustomerIdent": "parentCustomerId",
    "intoCustomerIdent": "targetCustomerId",
    "kind": "entity",
}
"""Field of the core -> fynn's name of it."""


def sent(kind: type[T], fields: Fields) -> T:
    """`fields` (snake_case) as a shape of the core, judged as what somebody sent."""
    return cast("T", shaped(kind, fields, camel=False))


def contact_finding(runtime: Runtime, user: str | None, caller: Caller) -> Problem | None:
    """What is wrong with who is to be in charge of a customer; users are kept in the directory, which no tenant's transaction reads."""
    if user is None:
        return None
    asking = replaced(caller, permissions=frozenset({get_user.permission}))
    try:
        runtime.execute(get_user, OneUser(str(caller.organization_id), user), asking)
    except Refused:
        return Problem("contact_person_unknown", "is no user of the tenant", "contactPerson", user)
    return None


class Findings:
    """Of one request: each part is judged, whatever the others are."""

    def __init__(self, known: object = None) -> None:
        """`known`: what was found before the transaction began."""
        self.problems: list[Problem] = [known] if isinstance(known, Problem) else []

    def add(self, *problems: Problem) -> None:
        self.problems += problems

    @contextmanager
    def kept(self) -> Iterator[None]:
        """What is wrong with what is written is kept for `refuse`; what forbids it as a whole is raised at once."""
        try:
            yield
        except Refused as refused:
            if refused.kind is not Kind.INVALID:
                raise in_own_words(refused) from None
            self.add(*in_own_words(refused).problems)

    def refuse(self) -> None:
        """Raises what was found."""
        if self.problems:
            raise Refused(Kind.INVALID, *self.problems)


@contextmanager
def said() -> Iterator[None]:
    """What is refused within is refused with fynn's names."""
    try:
        yield
    except Refused as refused:
        raise in_own_words(refused) from None


def in_own_words(refused: Refused) -> Refused:
    return Refused(refused.kind, *(replace(one, field=_named(one.field)) for one in refused.problems))


def _named(field: str | None) -> str | None:
    if field is None:
        return None
    last = field.removeprefix("addresses[0].")  # a customer is made with one address, whose fields are his own
    return NAMES.get(last, last)
