"""What a route says that depends on the form of what is sent there: its types, how often it is tried again, and its own credentials."""

from collections.abc import Iterator
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.notifications.formats import FORMATS
from contor.notifications.kinds import TYPES
from contor.notifications.routes.secrets import sealed_password
from contor.notifications.tables import FIRST_PAUSE, RESENDS, WITHIN_HOURS
from contor.notifications.types import PATTERN, chosen
from contor.runtime.outbound import target_of
from contor.runtime.uow import Uow

_USUAL = {"resends": RESENDS, "first_pause_seconds": FIRST_PAUSE, "within_hours": WITHIN_HOURS}


class Known(NamedTuple):
    """The credentials of a route before it is changed."""

    url: str
    user_name: str | None
    password: str | None


def pattern_problems(row: Fields) -> Iterator[Problem]:
    """Every part of the pattern means something in the words of the form."""
    types = sorted(FORMATS[row["format"]].names) or list(TYPES)
    if not PATTERN.fullmatch(row["type"]) or not all(chosen(part, types) for part in row["type"].split(",")):
        area = types[0].partition(".")[0]
        message = f"means no type of notification: expected is one, such as {types[0]}, those of an area, such as {area}.*, or *"
        yield Problem("notification_type_unknown", f"{message}; several are parted by commas", "type", row["type"])


def tries_problems(row: Fields) -> Iterator[Problem]:
    """Where the form says how often it is tried again, the route says the same or nothing."""
    policy = FORMATS[row["format"]].policy
    if policy is None:
        return
    for name, usual in _USUAL.items():
        fixed = getattr(policy, name)
        if row[name] not in (fixed, usual):
            yield Problem("field_not_expected", f"is always {fixed} where format is {row['format']}: leave it out", name, row[name])


def settle_tries(row: Fields) -> None:
    """The route shows what holds for it."""
    if (policy := FORMATS[row["format"]].policy) is not None:
        row.update({name: getattr(policy, name) for name in _USUAL})


def settle_credentials(uow: Uow, row: Fields, before: Known | None = None) -> None:
    """Seal the password. One that is left out stays, as long as the same server is told it under the same name. Raises Refused."""
    given, kept = row.get("password"), before.password if before is not None else None
    if row["user_name"] is None:
        if given is not None:
            raise Refused(Kind.INVALID, Problem("field_not_expected", "has no effect without userName", "password"))
        if kept is not None:  # what was never shown is no change that the resource sees
            uow.run("UPDATE notification_route SET password = NULL WHERE ident = %s", (row["ident"],))
        return
    if given is not None:
        row["password"] = sealed_password(uow, row["ident"], given)
        return
    if before is None or kept is None:
        raise Refused(Kind.INVALID, Problem("field_required", "is needed where userName is given", "password"))
    if row["user_name"] != before.user_name or target_of(row["url"]).authority != target_of(before.url).authority:
        message = "is to be said again where another server or name is given than before"
        raise Refused(Kind.INVALID, Problem("secret_of_another_server", message, "password"))
