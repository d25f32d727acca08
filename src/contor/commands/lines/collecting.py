"""`contor collect`: what is due becomes intents, and files for banks."""

from typing import Annotated

import typer

from contor.commands.terminal import opened, out, say_whose


def collect(
    organization: Annotated[str | None, typer.Option(help="Realm of the tenant; default: the demo's.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be collected; nothing stays.")] = False,
) -> None:
    """Collect and pay what is due now: by intents at payment providers, by files for banks."""
    from contor.commands.collecting import collect_now
    from contor.kernel.money import counted

    with opened() as runtime:
        say_whose(runtime, organization)
        report, processing, files = collect_now(runtime, organization, dry_run=dry_run)
    would = "would be " if dry_run else ""
    out.print(
        f"{counted(report.planned, 'document')} {would}planned, {report.intents} {would}carried out,"
        f" {report.retried} {would}tried again"
    )
    waiting = counted(report.waiting, "waits for its day", "wait for their day")
    out.print(f"{counted(report.transactions, 'transaction')} {would}written, {waiting}, {report.left_out} left out")
    if not processing:
        out.print(
            "Processing of payments is switched off, nothing is handed on: POST /v2/payment-intents/actions/enable", markup=False
        )
    if report.held:
        out.print(
            f"{counted(report.held, 'task was', 'tasks were')} made while it was: POST /v2/payment-intent-tasks/actions/enable",
            markup=False,
        )
    for file in files:
        out.print(f"file {file}: GET /v2/payment-files/{file}/content", markup=False)
    raise typer.Exit(1 if report.left_out else 0)
