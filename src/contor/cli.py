"""The command line: run, serve, work, migrate, demo, check, jobs, clock, explain, user, import-einvoices. It only calls `execute`."""

import asyncio
import atexit
import enum
import gc
import signal
import sys
import textwrap
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from contor.commands.lines import (
    billing,
    checks,
    closing,
    collecting,
    dunning,
    evidence,
    exporting,
    importing,
    notifying,
    organizations,
    statements,
    taxes,
)
from contor.commands.terminal import argued, cli_caller, err, opened, out, sentence
from contor.kernel.errors import Refused
from contor.runtime.config import Config
from contor.runtime.db import DatabaseAway, reason_of
from contor.runtime.postgres import PostgresFailed
from contor.runtime.work.forking import Forked
from contor.runtime.work.processes import AWAY

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="Contor: order to cash, self-hosted."
)


class Place(enum.StrEnum):
    """What a worker process does."""

    documents = "documents"
    files = "files"


def main() -> None:
    # looking for cycles through all that is imported, again and again while it grows, finds nothing: `load_packages` lets it begin
    gc.disable()
    # an ending interpreter does the same: most of a second, for nothing
    atexit.register(gc.freeze)
    try:
        while True:
            try:
                app()
            except Forked as forked:  # a new process, which goes on as what it is called with
                sys.argv[1:] = forked.arguments
    except Refused as refused:
        for problem in refused.problems:
            err.print(f"[red]{problem.code}[/red] {escape(sentence(problem))}", soft_wrap=True)
        sys.exit(1)
    except (DatabaseAway, PostgresFailed) as error:
        err.print(f"[red]database_unavailable[/red] {escape(reason_of(error))}", soft_wrap=True)
        sys.exit(AWAY if sys.argv[1:2] in (["work"], ["serve"]) else 1)


@app.command()
def run() -> None:
    """Set up what is missing, start PostgreSQL, migrate, create the demo organization, and serve."""
    from contor.commands.serving.processes import run_everything

    raise typer.Exit(run_everything(Config.from_environment(), out))


@app.command(hidden=True)
def prepare(demo: Annotated[bool, typer.Option("--demo", help="With the demo organization.")] = False) -> None:
    """What `contor run` does before it serves: the schema, the login of its processes, the demo organization. Needs DATABASE_URL."""
    from contor.commands.serving.processes import prepare as make_ready

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ended amid a statement, it would tell of that statement; the server undoes it
    make_ready(Config.from_environment(), demo=demo)


@app.command()
def serve(fd: Annotated[int | None, typer.Option(help="An inherited listening socket.")] = None) -> None:
    """Serve the APIs (needs DATABASE_URL)."""
    from contor.commands.serving.door import serve as serve_api

    serve_api(Config.from_environment(), fd)


@app.command()
def work(kind: Annotated[Place, typer.Argument(help="What it does.")] = Place.documents) -> None:
    """Issue waiting documents and run jobs (`documents`), or render files (`files`). Needs DATABASE_URL."""
    from contor.commands.serving.processes import work_on

    stop = asyncio.Event()

    async def until_stopped() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        with opened() as runtime:
            await work_on(runtime, kind.value, stop)

    asyncio.run(until_stopped())


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from contor.commands.serving.processes import bring_up
    from contor.runtime.postgres import embedded
    from contor.runtime.secrets import Secrets

    config = Config.from_environment()
    with embedded(config, progress=out.print) as dsn:
        bring_up(dsn, Secrets.load(config))
    out.print("The schema is current.")


@app.command()
def demo() -> None:
    """Create the demo organization (or show where its key is)."""
    from contor.commands.demo import furnish

    with opened() as runtime:
        path = furnish(runtime)
    out.print(f"Demo organization: {path}")


@app.command("config")
def show_config() -> None:
    """Show every setting as it is read, and whether the database will do."""
    from contor.commands.configuring import examined, remarks, settings

    config = Config.from_environment()
    out.print(settings(config))
    for remark in remarks():
        err.print(remark, style="yellow", markup=False)
    out.print(examined(config), markup=False)


@app.command()
def backup(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Write database, files and key into a folder; everything goes on meanwhile. DATABASE_URL names who may read all, if it is set."""
    from contor.commands.backups import back_up
    from contor.kernel.money import counted

    made = back_up(Config.from_environment(), folder, out.print)
    files = counted(made.files, "file")
    out.print(f"{folder}: the database and {files} of {made.made_at:%Y-%m-%d %H:%M} UTC", soft_wrap=True, markup=False)
    if not made.has_key:
        out.print("The key is yours to keep: CONTOR_SECRET.", style="yellow")


@app.command()
def restore(folder: Annotated[Path, typer.Argument(help="What `contor backup` wrote.")]) -> None:
    """Bring a backup into an empty CONTOR_HOME (and an empty DATABASE_URL), and check it; exit 1 if a check is broken."""
    from contor.commands.backups import restore as bring_back

    config = Config.from_environment()
    made = bring_back(config, folder, out.print)
    out.print(f"Restored as of {made.made_at:%Y-%m-%d %H:%M} UTC; checking")
    checks.check(None, last=False)


@app.command()
def jobs() -> None:
    """Show what runs every so often, which tenants have work, and the queues of jobs."""
    from contor.commands.working import tables_of

    with opened() as runtime:
        for table in tables_of(runtime):
            out.print(table)


@app.command()
def clock(
    instant: Annotated[
        str | None, typer.Argument(help="e.g. 2027-01-31 or 2027-01-31T09:30:00+01:00; omitted: only shown.")
    ] = None,
    realm: Annotated[str, typer.Option(help="Realm of the tenant.")] = "demo",
    off: Annotated[bool, typer.Option("--off", help="Back to the real time.")] = False,
) -> None:
    """Show or turn the test clock of a TEST tenant."""
    from contor.organizations.clock import FindEnvironment, ReadClock, find_environment, read_clock, turn_clock

    if off and instant is not None:
        raise typer.BadParameter("an instant and --off exclude each other")
    with opened() as runtime:
        tenant = runtime.execute(find_environment, FindEnvironment(realm=realm), cli_caller()).tenant_id
        if off or instant is not None:
            runtime.execute(turn_clock, {"instant": instant}, cli_caller(tenant))
        now = runtime.execute(read_clock, ReadClock(), cli_caller(tenant))
    out.print(f"{realm}: {now.instant.isoformat()} ({'test clock' if now.is_test_clock else 'real time'})")


@app.command()
def explain(name: Annotated[str, typer.Argument(help="An operation, e.g. document.request, or part of its name.")]) -> None:
    """Say what an operation means: input, output, permission, routes, and what follows from it."""
    from contor.commands.checking import explanation

    for text in explanation(name):
        out.print(text, markup=False)


@app.command()
def user(
    email: Annotated[str, typer.Argument(help="E-mail of the user.")],
    organization: Annotated[str | None, typer.Option(help="Id of the organization; default: the demo's.")] = None,
    first_name: Annotated[str | None, typer.Option()] = None,
    last_name: Annotated[str | None, typer.Option()] = None,
    role: Annotated[
        str | None, typer.Option(help="ADMINISTRATOR (the default), ACCOUNTING, BILLING, SUPPORT, READ_ONLY or CUSTOM.")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What somebody of the role CUSTOM may do, e.g. nbx-document-management-read; once for each."),
    ] = None,
) -> None:
    """Invite a user and print the one-time link that accepts it; for a member, the one that sets the password anew."""
    from contor.commands.inviting import invitation

    person = {"email": email, "first_name": first_name, "last_name": last_name, "role": role, "scopes": scope or None}
    options = {"email": "EMAIL", "first_name": "--first-name", "last_name": "--last-name", "role": "--role", "scopes": "--scope"}
    with opened() as runtime, argued(options):
        link, expires = invitation(runtime, person, organization)
    out.print(link, soft_wrap=True, markup=False)
    out.print(f"It works once, until {expires:%Y-%m-%d %H:%M} UTC.", style="dim")


app.add_typer(organizations.app, name="organization")
app.add_typer(organizations.keys, name="key")
app.command("check")(checks.check)
app.add_typer(closing.period, name="period")
app.add_typer(evidence.chain, name="chain")
app.add_typer(evidence.files, name="files")
app.add_typer(billing.app, name="billing")
app.add_typer(billing.rates, name="exchange-rates")
app.add_typer(taxes.app, name="tax-rates")
app.command("collect")(collecting.collect)
app.command("dun")(dunning.dun)
app.add_typer(statements.app, name="statements")
app.command("export")(exporting.export)
app.add_typer(importing.app, name="import")
app.add_typer(notifying.app, name="notifications")


@app.command("import-einvoices")
def import_einvoices(
    files: Annotated[list[Path], typer.Argument(help="UBL, CII or hybrid PDF; one that cannot be read is refused by name.")],
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(help="DKK=7.46: 1 EUR is 7.46 DKK, for invoices that say no rate; may be given for several currencies."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before invoices are issued in production.")] = False,
) -> None:
    """Read UBL and CII e-invoices, also those in hybrid PDFs, and issue each again as a document of Contor's own."""
    from contor.commands.importing import STAGES, import_files, is_live, rates_of, told
    from contor.kernel.money import counted

    try:
        rates = rates_of(rate or [])
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--rate") from error

    with opened() as runtime:
        if not yes and is_live(runtime, organization):
            which = counted(len(files), "file is", "files are")
            asked = f"{which} issued in production, under the next numbers of their sellers, and booked. Go on?"
            typer.confirm(asked, abort=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with opened() as runtime, Progress(*columns, console=err) as progress:
        task = progress.add_task(STAGES[0], total=len(STAGES) * len(files))
        outcome = import_files(
            runtime, files, organization, lambda stage, count: progress.update(task, description=stage, advance=count), rates
        )
    for path, number in outcome.accepted:
        out.print(f"{path} -> {outcome.named(path, number)}", markup=False, soft_wrap=True)
    for path, number in outcome.known:
        how = "is a file of" if path in outcome.own else "was imported before, as"
        out.print(f"{path} {how} {outcome.named(path, number)}", markup=False, soft_wrap=True)
    for path, parts in outcome.left_out:
        out.print(f"{path} says what its document does not: {'; '.join(parts)}", style="dim", markup=False, soft_wrap=True)
    out.print(f"{len(outcome.accepted)} issued again, {len(outcome.known)} known, {len(outcome.refused)} refused")
    for path, reasons in outcome.refused:
        out.print(f"refused {path}", style="red", markup=False, soft_wrap=True)
        for reason in reasons:
            out.print(textwrap.indent(f"{reason.code}: {told(reason)}", "  "), markup=False, soft_wrap=True)
    raise typer.Exit(1 if outcome.refused and not (outcome.accepted or outcome.known) else 0)


if __name__ == "__main__":
    main()
