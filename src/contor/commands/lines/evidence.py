"""`contor chain` and `contor files`: what `commands.evidence` does."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from contor.commands.terminal import opened, out

chain = typer.Typer(no_args_is_help=True, help="The chain of what was issued and booked.")
files = typer.Typer(no_args_is_help=True, help="The files of the documents.")


@chain.command()
def export(path: Annotated[Path | None, typer.Argument(help="Where to write; omitted: shown.")] = None) -> None:
    """Write head and number of links of every chain, to be kept outside: they show later that nothing before them was changed."""
    from contor.commands.evidence import exported

    with opened() as runtime:
        text = exported(runtime)
    if path is None:
        out.print(text, soft_wrap=True, markup=False, end="")
    else:
        path.write_text(text, encoding="utf-8")


@chain.command()
def compare(path: Annotated[Path, typer.Argument(help="What `contor chain export` wrote.")]) -> None:
    """Compare the chains with heads that were kept outside, and check them; exit 1 if one differs."""
    from contor.commands.evidence import differing

    with opened() as runtime:
        found = differing(runtime, path.read_text(encoding="utf-8"))
    for sentence in found:
        out.print(escape(sentence))
    if not found:
        out.print("The chains hold and go on from what was kept.")
    raise typer.Exit(1 if found else 0)


@files.command()
def mend(tenant: Annotated[int | None, typer.Option(help="Only this tenant.")] = None) -> None:
    """Make files that are damaged or gone again from their documents; exit 1 if one has to come from a backup."""
    from contor.commands.evidence import mended
    from contor.kernel.money import counted

    with opened() as runtime:
        count, lost = mended(runtime, tenant)
    out.print(counted(count, "file was made again.", "files were made again."))
    for sentence in lost:
        out.print(f"Has to come from a backup: {escape(sentence)}")
    raise typer.Exit(1 if lost else 0)
