"""Collect from the command line: for real, or to see what would happen."""

from contor.commands.billing import caller_of
from contor.openitems.collection import CollectionReport, PreviewCollection, collect, preview_collection
from contor.payments.files import write_files
from contor.runtime.execute import Runtime


def collect_now(runtime: Runtime, realm: str | None, *, dry_run: bool) -> CollectionReport:
    """Run the tenant of `realm` (default: the demo's): tasks, intents, and the files for banks."""
    caller = caller_of(runtime, realm)
    if dry_run:
        return runtime.execute(preview_collection, PreviewCollection(), caller)
    done = collect(runtime, caller)
    wrote = write_files(runtime, caller)
    return CollectionReport(**done._asdict(), **wrote._asdict())
