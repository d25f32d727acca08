"""`contor organization` and `contor user`: found an organization for production, see what there is, invite people."""

from typing import Annotated

import typer
from rich.markup import escape

from contor.commands.terminal import argued, cli_caller, err, opened, out, printed_table, server_address

app = typer.Typer(no_args_is_help=True, help="Found organizations and see what there is.")

_ARGUMENTS = {
    "name": "NAME",
    "address_line1": "--address",
    "zip": "--zip",
    "town": "--town",
    "country_code": "--country",
    "realm": "--realm",
    "live_realm": "--realm",
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
