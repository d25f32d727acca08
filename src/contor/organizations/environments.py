"""Environments are tenants: TEST comes first, LIVE is a step that is never taken back, and nothing is copied between them."""

import uuid
from dataclasses import dataclass

from contor.kernel.context import Environment
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.organizations.events import EnvironmentEnabled
from contor.organizations.rights import DEFAULT, Plan
from contor.organizations.stored import OrganizationRow
from contor.organizations.tree import environments, forget_standing, organization_in_tree
from contor.organizations.types import EnvironmentBody
from contor.runtime.uow import Uow, not_found


@dataclass(frozen=True, slots=True)
class EnableEnvironment:
    organization_id: str
    body: EnvironmentBody


@operation("environment.enable", permission="organizations.write", directory=True)
def enable_environment(uow: Uow, command: EnableEnvironment) -> None:
    """Give an organization its TEST or LIVE environment; LIVE needs TEST, and LIVE of the main organization above it."""
    # two calls at once: the second finds the environment of the first
    organization = organization_in_tree(uow, command.organization_id, lock=True)
    wanted = command.body.env
    present = environments(uow, organization.id)
    if wanted in present:
        return
    if wanted == "LIVE":
        if "TEST" not in present:
            raise _refused("environment_test_missing", "LIVE needs the TEST environment first.")
        above = organization.managed_by_organization_id
        if above is not None and "LIVE" not in environments(uow, above):
            raise _refused("environment_of_main_missing", "LIVE must be enabled on the main organization first.")
    create_environment(uow, organization, wanted)


@dataclass(frozen=True, slots=True)
class ChoosePlan:
    realm: str
    plan: Plan


@operation("environment.choose_plan", permission="organizations.write", directory=True)
def choose_plan(uow: Uow, command: ChoosePlan) -> str:
    """How much the tenant behind a realm may ask from now on; the plan that it had before is answered. By the command line only: who is
    limited does not raise the limit."""
    sql = "SELECT request_plan FROM directory.environment WHERE realm = %s FOR UPDATE"
    before = uow.scalar(str, sql, (command.realm,))
    if before is None:
        raise not_found("realm", command.realm)
    uow.run("UPDATE directory.environment SET request_plan = %s WHERE realm = %s", (command.plan, command.realm))
    uow.audit("environment", command.realm, {"before": {"request_plan": before}, "after": {"request_plan": command.plan}})
    forget_standing(uow)
    return before


def create_environment(
    uow: Uow,
    organization: OrganizationRow,
    environment: Environment,
    realm: str | None = None,
    time_zone: str = "Europe/Berlin",
    plan: Plan = DEFAULT,
) -> int:
    """The new tenant's id. Its realm is the name in the path of the token endpoint."""
    realm = realm or f"{environment.lower()}-{organization.id.hex[:12]}"
    (tenant,) = uow.column(
        int,
        "INSERT INTO directory.environment (organization_id, environment, realm, time_zone, request_plan, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
        (organization.id, environment, realm, time_zone, plan, uow.ctx.now()),
    )
    uow.audit("environment", str(tenant), {"organization": organization.id, "environment": environment, "realm": realm})
    uow.emit(EnvironmentEnabled(tenant_id=tenant, organization_id=organization.id, environment=environment))
    return tenant


def tenant_of(uow: Uow, organization_id: uuid.UUID, environment: str) -> int | None:
    """The tenant behind an organization's environment."""
    sql = "SELECT id FROM directory.environment WHERE organization_id = %s AND environment = %s"
    return uow.scalar(int, sql, (organization_id, environment))


def _refused(code: str, message: str) -> Refused:
    return Refused(Kind.ILLEGAL_STATE, Problem(code, message, "env"))
