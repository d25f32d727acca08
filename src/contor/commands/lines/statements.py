"""`contor statements`: read banks' files from the command line, and get one back as it came."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from contor.commands.terminal import err, opened, out

app = typer.Typer(no_args_is_help=True, help="Statements of banks.")


@app.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(help="camt.052, camt.053, camt.054, MT940, MT942, CSV; also zipped.")],
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
) -> None:
    """Read files of banks: accounts are found by their IBAN or other idents; exit 1 if one was not read."""
    from contor.commands.statements import import_files, told
    from contor.kernel.money import counted

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with opened() as runtime, Progress(*columns, console=err) as progress:
        task = progress.add_task("Reading", total=len(files))
        outcomes = import_files(runtime, files, organization, lambda: progress.update(task, advance=1))
    for one in outcomes:
        out.print(told(one), markup=False, soft_wrap=True, style=None if one.is_read else "red")
        for reason in one.reasons:
            out.print(f"  {reason.code}: {reason.message}", markup=False, soft_wrap=True)
    read = sum(one.is_read for one in outcomes)
    payments = counted(sum(one.payments for one in outcomes), "payment")
    out.print(f"{read} read, {len(outcomes) - read} not read, {payments}")
    raise typer.Exit(0 if read == len(outcomes) else 1)


@app.command("original")
def original_command(
    ident: Annotated[str, typer.Argument(help="Ident of the statement.")],
    file: Annotated[Path, typer.Argument(help="Where it is written; it must not exist.")],
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
) -> None:
    """Write a bank's file as it came."""
    from contor.commands.statements import original_of
    from contor.kernel.money import counted

    if file.exists():
        raise typer.BadParameter(f"{file} exists")
    with opened() as runtime:
        content = original_of(runtime, ident, organization)
    file.write_bytes(content)
    out.print(f"{file}: {counted(len(content), 'byte')}", markup=False, soft_wrap=True)
