"""Facts about reports. Pure."""

from contor.kernel.events import event


@event("report.created")
class ReportsCreated:
    """The files of reports are there."""

    report_idents: tuple[str, ...]
