"""`contor organization` and `contor key`: found an organization for production, see what there is, make keys, say how much may be asked."""

from typing import Annotated, Literal

import typer
from rich.markup import escape

from contor.commands.terminal import argued, cli_caller, err, opened, out, printed_table, server_address

app = typer.Typer(no_args_is_help=True, help="Found organizations and see what there is.")
keys = typer.Typer(no_args_is_help=True, help="API keys of an organization.")

_ARGUMENTS = {
    "name": "NAME",
    "address_line1": "--address",
    "zip": "--zip",
    "town": "--town",
    "country_code": "--country",
    "realm": "--realm",
    "live_realm": "--realm",
    "email": "--email",
    "env": "--environment",
    "scopes": "--scopes",
}


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Name of the company.")],
    address: Annotated[str, typer.Option(help="Street and number.")],
    postcode: Annotated[str, typer.Option("--zip", help="Postcode.")],
    town: Annotated[str, typer.Option()],
    country: Annotated[str, typer.Option(help="ISO 3166-1, e.g. DEU or DE.")] = "DEU",
    live: Annotated[bool, typer.Option("--live", help="Enable LIVE, for production, beside TEST.")] = False,
    realm: Annotated[
        str | None,
        typer.Option(help="Name at the token endpoint; default: a random one. With --live it is LIVE's, TEST's ends in -test."),
    ] = None,
) -> None:
    """Found an organization, with a first API key for each environment. The secrets are shown here and never again."""
    from contor.organizations.found import FoundOrganization, found_organization
    from contor.runtime.execute import validated

    given = {
        "name": name,
        "address_line1": address,
        "zip": postcode,
        "town": town,
        "country_code": country,
        "realm": f"{realm}-test" if live and realm else realm,
        "live_realm": realm if live else None,
        "live": live,
    }
    with opened() as runtime, argued(_ARGUMENTS):
        made = runtime.execute(found_organization, validated(FoundOrganization, given), cli_caller())
        base = server_address(runtime.config)
    out.print(f"Organization {made.organization_id}", soft_wrap=True)
    for one in (made.live, made.test) if made.live is not None else (made.test,):
        lines = (
            f"{one.environment}",
            f"  realm       {one.realm}",
            f"  API key     {one.api_key}",
            f"  API secret  {one.api_secret}",
        )
        for line in (*lines, f"  tokens      POST {base}/{one.realm}/oauth2/token"):
            out.print(line, soft_wrap=True, markup=False)
    err.print("The secrets are kept as hashes only: store them now.", style="dim")


@app.command("list")
def list_all() -> None:
    """Show every organization with its environments and their realms."""
    from contor.organizations.found import ListRealms, list_realms

    with opened() as runtime:
        found = runtime.execute(list_realms, ListRealms(), cli_caller())
    table = printed_table("organization", "id", "environment", "realm", "tenant")
    table.columns[1].no_wrap = table.columns[3].no_wrap = True  # they are copied
    for row in found:
        table.add_row(escape(row.name), row.organization_id, row.environment, row.realm, str(row.tenant_id))
    out.print(table if found else "There is no organization yet: contor organization create")


@app.command("plan")
def plan(
    realm: Annotated[str, typer.Argument(help="Of the environment.")],
    name: Annotated[
        Literal["SOLO", "SOLO_PLUS", "PRO", "PREMIUM", "AUTOMATIC", "UNLIMITED"],
        typer.Argument(
            help="SOLO 50, SOLO_PLUS 100, PRO 500, PREMIUM 1000 requests an hour; AUTOMATIC 500 a minute; UNLIMITED as many as this server"
            " lets anybody ask."
        ),
    ],
) -> None:
    """Choose how much an environment may ask of the FastBill API. It counts at once."""
    from contor.organizations.environments import ChoosePlan, choose_plan

    with opened() as runtime:
        before = runtime.execute(choose_plan, ChoosePlan(realm, name), cli_caller())
    out.print(f"{realm}: {name} (was {before})", markup=False)


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="3 to 30 small letters, digits and hyphens.")] = "api",
    organization: Annotated[str | None, typer.Option(help="Its id; default: the demo organization.")] = None,
    environment: Annotated[Literal["TEST", "LIVE"], typer.Option()] = "TEST",
    scopes: Annotated[str | None, typer.Option(help="What it may do, with commas between; default: everything.")] = None,
    email: Annotated[str | None, typer.Option(help="The organization's e-mail from now on.")] = None,
) -> None:
    """Make an API key. Its secret is shown here and never again, with what clients of FastBill and fynn send."""
    from contor.commands.inviting import organization_named
    from contor.kernel.context import EVERYTHING, Caller
    from contor.organizations.access import CreateApiKey, bearer_secret, create_api_key, pair_secret
    from contor.organizations.organizations import OneOrganization, UpdateOrganization, get_organization, update_organization
    from contor.organizations.types import ApiKeyBody, OrganizationPatch
    from contor.runtime.execute import validated

    given = {"name": name, "env": environment, **({"scopes": [one.strip() for one in scopes.split(",")]} if scopes else {})}
    with opened() as runtime, argued(_ARGUMENTS):
        number = organization_named(runtime, organization)
        caller = Caller("cli", "key", None, number, None, frozenset({EVERYTHING}))
        if email is not None:
            runtime.execute(
                update_organization, UpdateOrganization(str(number), validated(OrganizationPatch, {"email": email})), caller
            )
        made = runtime.execute(create_api_key, CreateApiKey(str(number), validated(ApiKeyBody, given)), caller)
        known = runtime.execute(get_organization, OneOrganization(str(number)), caller).row.email
        base = server_address(runtime.config)
    lines = (
        environment,
        f"  realm             {made.realm}",
        f"  API key           {made.row.key}",
        f"  API secret        {made.secret}",
        f"  tokens            POST {base}/{made.realm}/oauth2/token",
        f"  FastBill          POST {base}/api/1.0/api.php",
        f"  FastBill e-mail   {known or '(that of a member; the organization has none: --email gives it one)'}",
        f"  FastBill API key  {pair_secret(made.row.key, made.secret or '')}",
        f"  fynn              {base}/fynn",
        f"  fynn token        {bearer_secret(made.row.key, made.secret or '')}",
    )
    for line in lines:
        out.print(line, soft_wrap=True, markup=False)
    err.print("The secret is kept as hash only: store it now.", style="dim")
