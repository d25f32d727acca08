"""Exports as objects: who asked, for which days, how far it is, what it brought and what it left out. Pure."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from contor.kernel.shapes import Fields, Text32, called, shape, written

ExportStatus = Literal["QUEUED", "RUNNING", "DONE", "FAILED"]
Period = Annotated[str, written(r"^[0-9]{4}-(0[1-9]|1[0-2])$", "a month, e.g. 2026-10")]
LEFT_OUT_FILE: Final = "left-out.csv"
"""Names everything that an export left out, where there is something; the object names the first of each reason."""
EXAMPLES: Final = 20


class ExportFileType(enum.StrEnum):
    """Media types of what exports write."""

    CSV = "text/csv"
    XML = "application/xml"
    ZIP = "application/zip"
    JSON = "application/json"
    DTD = "application/xml-dtd"
    TEXT = "text/plain"


@shape
class ExportBody:
    kind: Text32
    period: Period | None = None
    """A month; else the first and the last day are said."""
    first_day: Annotated[dt.date | None, called("from")] = None
    last_day: Annotated[dt.date | None, called("to")] = None
    options: Fields | None = None
    """What the kind can be told beside; see its documentation."""


@shape
class ExportFile:
    name: str
    media_type: str
    size: int
    sha256: str
    rows: int


@shape
class NotExported:
    """What is not in the files for one reason."""

    reason: str
    """A word that stays the same, for programs."""
    message: str
    count: int
    examples: tuple[str, ...]


@shape
class ExportReason:
    code: str
    message: str


@shape
class ExportView:
    export_ident: str
    kind: str
    first_day: Annotated[dt.date, called("from")]
    last_day: Annotated[dt.date, called("to")]
    options: Fields
    status: ExportStatus
    reasons: tuple[ExportReason, ...]
    """Why it failed, or what a repetition found."""
    done: int
    total: int | None
    rows: int | None
    sha256: str | None
    left_out: tuple[NotExported, ...]
    files: tuple[ExportFile, ...]
    requested_by: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    completed_at: dt.datetime | None
    repeated_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ExportTask:
    """What a writer is told. It holds all that decides the bytes beside rows that never change."""

    ident: str
    kind: str
    first_day: dt.date
    last_day: dt.date
    options: object
    """An instance of the kind's `options`."""
    journal: Mapping[int, int]
    """By fiscal year the last journal number that belongs to the export: what was posted later does not."""
    frozen: Fields
    """What the kind's `prepare` answered when the export was asked for."""
    requested_at: dt.datetime
    """The instant that stands in the files as that of their making."""
    requested_by: str
