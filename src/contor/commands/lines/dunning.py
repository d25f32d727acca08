"""`contor dun`: remind of what is overdue."""

import datetime as dt
from typing import Annotated

import typer

from contor.commands.terminal import opened, out, say_whose


def dun(
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
    as_of: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The date of the letters; default: today.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show who would be dunned; nothing stays.")] = False,
) -> None:
    """Make a dunning run, approve it and carry it out; the letters' files are made by the workers."""
    from contor.commands.billing import caller_of
    from contor.dunning.runs import PreviewDunning, dun_tenant, preview_all
    from contor.kernel.money import counted, worded

    day = as_of.date() if as_of else None
    with opened() as runtime:
        say_whose(runtime, organization)
        caller = caller_of(runtime, organization)
        if dry_run:
            run = runtime.execute(preview_all, PreviewDunning(as_of=day), caller, dry_run=True)
        else:
            run = dun_tenant(runtime, caller, day)
    out.print(f"{'Would be dunned' if dry_run else 'Dunned'} as of {run.as_of}")
    for one in run.outcomes:
        out.print(f"{counted(one.documents, 'document')} {one.outcome.value}", markup=False)
    for letter in run.letters:
        out.print(
            f"{counted(letter.letters, 'letter')} in {letter.currency}: outstanding {worded(letter.outstanding, letter.currency)},"
            f" costs {worded(letter.costs, letter.currency)}, interest {worded(letter.interest, letter.currency)},"
            f" demand {worded(letter.demand, letter.currency)}",
            markup=False,
        )
    if run.base_rate_missing is not None:
        out.print(f"BASE_RATE_MISSING {run.base_rate_missing}: no interest is claimed where it is needed", markup=False)
