"""By whom a tenant's letters are posted, and how many it has paid for."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, shape
from contor.notifications.post import tables
from contor.notifications.post.providers import IN_TEST
from contor.notifications.post.queue import count_credits, lock_credits, pay_letters, remaining
from contor.runtime.uow import Uow, not_found

ProviderName = Literal["SIMULATED"]


@shape
class PostConfigurationBody:
    provider: ProviderName
    """SIMULATED posts nothing, and is for TEST environments."""


@shape
class PostConfigurationView:
    provider: ProviderName
    remaining_credits: int
    """Letters that are paid for and not used."""
    last_modified_at: dt.datetime


@shape
class CreditsBody:
    credits: Annotated[int, Field(ge=1, le=1_000_000)]
    """Letters that were bought from the provider."""
    note: Text255 = ""


@dataclass(frozen=True, slots=True)
class PutPostConfiguration:
    body: PostConfigurationBody


@dataclass(frozen=True, slots=True)
class AddCredits:
    body: CreditsBody


@dataclass(frozen=True, slots=True)
class OwnPost:
    """No input: the caller's tenant."""


class _Row(NamedTuple):
    content: dict[str, ProviderName]
    last_modified_at: dt.datetime


@operation("post_configuration.update", permission="notifications.write")
def put_post_configuration(uow: Uow, command: PutPostConfiguration) -> PostConfigurationView:
    """Say who prints and posts letters."""
    provider = command.body.provider
    if provider in IN_TEST and uow.ctx.environment != "TEST":
        message = "posts nothing: it is for TEST environments"
        raise Refused(Kind.INVALID, Problem("post_provider_simulated", message, "provider", provider))
    row = {"content": {"provider": provider}, "last_modified_at": uow.ctx.now()}
    uow.lock("post", ["configuration"])
    uow.run("DELETE FROM post_configuration")
    uow.insert(tables.post_configuration, [row])
    uow.audit("post_configuration", "post", {"provider": provider})
    return get_post_configuration(uow, OwnPost())


@operation("post_configuration.get", permission="notifications.read", reads=True)
def get_post_configuration(uow: Uow, command: OwnPost) -> PostConfigurationView:
    """Who posts letters, and how many are paid for."""
    row = uow.first(_Row, "SELECT content, last_modified_at FROM post_configuration")
    if row is None:
        raise not_found("post_configuration", "post")
    return PostConfigurationView(
        provider=row.content["provider"], remaining_credits=remaining(uow), last_modified_at=row.last_modified_at
    )


@operation("post_configuration.add_credits", permission="notifications.write")
def add_credits(uow: Uow, command: AddCredits) -> PostConfigurationView:
    """Count letters that were bought from the provider."""
    provider_named(uow)
    lock_credits(uow)
    count_credits(uow, [(command.body.credits, None, command.body.note)])
    pay_letters(uow)
    uow.audit("post_configuration", "post", {"credits": command.body.credits, "note": command.body.note})
    return get_post_configuration(uow, OwnPost())


def configured_provider(uow: Uow) -> str | None:
    """None: nothing is posted."""
    row = uow.first(_Row, "SELECT content, last_modified_at FROM post_configuration")
    return None if row is None else row.content["provider"]


def provider_named(uow: Uow) -> str:
    """Raises ILLEGAL_STATE where none is."""
    if (provider := configured_provider(uow)) is None:
        message = "No post configuration exists: PUT /v2/post/configuration says who prints and posts letters."
        raise Refused(Kind.ILLEGAL_STATE, Problem("post_not_configured", message))
    return provider
