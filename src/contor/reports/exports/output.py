"""Where a writer puts its files: straight onto the disk, in constant memory, with what was left out and how far it is."""

import csv
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from contor.reports.exports.types import EXAMPLES, LEFT_OUT_FILE, NotExported
from contor.runtime.blobs import BlobStore, BlobWriter

STEP = 50_000
"""Rows after which it is said how far an export is."""


class Written(NamedTuple):
    """A file that is kept."""

    name: str
    media_type: str
    size: int
    sha256: str
    rows: int


class FileWriter:
    """An open file of an export. `write` takes bytes; it is as much of a file object as `zipfile` and `lxml.etree.xmlfile` need. Its writer
    counts `rows`: what is a row is for the kind to say."""

    def __init__(self, target: BlobWriter) -> None:
        self._target = target
        self.rows = 0

    def write(self, piece: bytes) -> int:
        return self._target.write(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    @property
    def size(self) -> int:
        return self._target.size


class Output:
    """The files of one export."""

    def __init__(
        self,
        blobs: BlobStore,
        tenant_id: int,
        told: Callable[[int, int | None], None] = lambda done, total: None,
        go_on: Callable[[], None] = lambda: None,
    ) -> None:
        """`told`: how many of how many rows are done; `go_on` raises where the process is to end."""
        self._blobs, self._tenant_id, self._told, self._go_on = blobs, tenant_id, told, go_on
        self.files: list[Written] = []
        self._left_out: dict[str, tuple[str, int, list[str]]] = {}
        self._all_left_out = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 -- it ends with the export
        self.done, self.total = 0, None

    done: int
    total: int | None

    @contextmanager
    def file(self, name: str, media_type: str) -> Iterator[FileWriter]:
        """A file of the export; names are unique. Several may be open at a time. It is kept when the context ends well."""
        if any(known.name == name for known in self.files):
            raise ValueError(f"the export has a file {name} already")
        with self._blobs.writing(self._tenant_id) as target:
            writer = FileWriter(target)
            yield writer
            sha256 = target.keep()
        self.files.append(Written(name, media_type, writer.size, sha256, writer.rows))

    def expect(self, total: int) -> None:
        """How many rows there will be, as far as it is known."""
        self.total = total
        self._told(self.done, total)

    def advance(self, rows: int = 1) -> None:
        """So many more rows are done."""
        before, self.done = self.done, self.done + rows
        if before // STEP != self.done // STEP:
            self._go_on()
            self._told(self.done, self.total)

    def leave_out(self, reason: str, message: str, subject: str) -> None:
        """Say that `subject` is not in the files, or not as it is, and why. `message` is one sentence for all of a reason."""
        said, count, examples = self._left_out.get(reason, (message, 0, []))
        if len(examples) < EXAMPLES:
            examples.append(subject)
        self._left_out[reason] = (said, count + 1, examples)
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="\r\n").writerow((reason, _harmless(subject), message))
        self._all_left_out.write(line.getvalue().encode())

    def left_out(self) -> list[NotExported]:
        return [
            NotExported(reason=reason, message=message, count=count, examples=tuple(examples))
            for reason, (message, count, examples) in sorted(self._left_out.items())
        ]

    def finish(self) -> None:
        """Name what was left out in a file of its own, where there is something."""
        if self._left_out:
            with self.file(LEFT_OUT_FILE, "text/csv") as target:
                target.write(b"reason;subject;message\r\n")
                self._all_left_out.seek(0)
                while piece := self._all_left_out.read(1 << 18):
                    target.write(piece)
                target.rows = sum(count for _, count, _ in self._left_out.values())

    def rows(self) -> int:
        """Of all files but that of what was left out."""
        return sum(file.rows for file in self.files if file.name != LEFT_OUT_FILE)

    def sha256(self) -> str:
        """Of the list of files, as `sha256sum` writes it."""
        return hashlib.sha256("".join(f"{file.sha256}  {file.name}\n" for file in self.files).encode()).hexdigest()


def _harmless(subject: str) -> str:
    """A text as no spreadsheet takes it for a formula."""
    return f"'{subject}" if subject[:1] in "=+-@\t\r" and subject else subject
