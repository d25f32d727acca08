"""Collect from the command line: for real, or to see what would happen."""

from typing import NamedTuple

from contor.commands.billing import caller_of
from contor.openitems.collection import CollectionReport, collect_tenant, preview_tenant
from contor.payments.intents import ProcessingStatus, processing_enabled
from contor.runtime.execute import Runtime


class Told(NamedTuple):
    """What is told of a run."""

    report: CollectionReport
    processing: bool
    """Whether the tenant's processing of payments is switched on."""
    files: tuple[str, ...] = ()


def collect_now(runtime: Runtime, realm: str | None, *, dry_run: bool) -> Told:
    """Run the tenant of `realm` (default: the demo's): tasks, intents, and the files for banks."""
    caller = caller_of(runtime, realm)
    processing = runtime.execute(processing_enabled, ProcessingStatus(), caller).processing_enabled
    if dry_run:
        return Told(preview_tenant(runtime, caller).report, processing)
    run = collect_tenant(runtime, caller)
    if run.done is None:
        raise AssertionError("a run that was approved is carried out")
    return Told(run.done, processing, run.payment_file_idents)
