"""An archive that is written as it grows: Zip64, the same bytes for the same files, with an index as its last member."""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import IO, Final, cast

from contor.kernel.files import one_line
from contor.reports.exports import FileWriter

_DAY_ZERO: Final = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE: Final = 0o100644 << 16
_UNIX: Final = 3
_UNSAFE: Final = re.compile(r"[^\w.\- ]")
_LONGEST: Final = 120
_HELD: Final = 1 << 20
INDEX: Final = "index.csv"


class Archive:
    """An open archive. Members have no time of their own, so that nothing but their content decides the bytes."""

    def __init__(self, target: FileWriter, columns: tuple[str, ...]) -> None:
        self._target = target
        self._zip = zipfile.ZipFile(cast("IO[bytes]", target), "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._index = tempfile.SpooledTemporaryFile(max_size=_HELD)  # noqa: SIM115 -- it ends with the archive
        self._names: set[str] = set()
        self.list(columns)

    def add(self, folder: str, name: str, content: bytes, *, packed: bool) -> str:
        """A member, and by which path it is found. `packed`: its content is compressed already."""
        path = self._free(folder, name)
        member = zipfile.ZipInfo(path, _DAY_ZERO)
        member.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        member.create_system, member.external_attr = _UNIX, _PLAIN_FILE
        self._zip.writestr(member, content)
        self._target.rows += 1
        return path

    def list(self, row: tuple[object, ...]) -> None:
        """A line of the index."""
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="\r\n").writerow([_harmless(value) for value in row])
        self._index.write(line.getvalue().encode("utf-8"))

    def close(self) -> None:
        self._index.seek(0)
        member = zipfile.ZipInfo(INDEX, _DAY_ZERO)
        member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _PLAIN_FILE
        with self._zip.open(member, "w", force_zip64=True) as index:
            while piece := self._index.read(_HELD):
                index.write(piece)
        self._zip.close()

    def _free(self, folder: str, name: str) -> str:
        """A path without folders or signs of its own, that nothing else in its folder has: numbers of documents may hold any sign."""
        plain = _UNSAFE.sub("_", one_line(name, _LONGEST)).strip(". ") or "_"
        path, count = f"{folder}/{plain}", 1
        while path in self._names:
            count += 1
            path = f"{folder}/{count}-{plain}"
        # names of another folder cannot meet this one's
        self._names = {known for known in self._names if known.startswith(f"{folder}/")} | {path}
        return path


@contextmanager
def archive(target: FileWriter, columns: tuple[str, ...]) -> Iterator[Archive]:
    """An archive with an index of these columns."""
    made = Archive(target, columns)
    yield made
    made.close()


def _harmless(value: object) -> str:
    """A number as it is; a text on one line, as no spreadsheet takes it for a formula."""
    if isinstance(value, Decimal | int):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = one_line("" if value is None else str(value), 1_000)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
