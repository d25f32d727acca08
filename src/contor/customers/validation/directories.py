"""Lists of a country's places, brought as files: which postal code is whose. Addresses of the country may be checked by them."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from contor.customers.validation import tables
from contor.customers.validation.rules import folded
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.places import alpha2
from contor.kernel.shapes import shape
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow, not_found

MOST_PLACES: Final = 500_000
MOST_PROBLEMS: Final = 20
_LONGEST: Final = 200
_CODES: Final = frozenset({"zip", "plz", "postalcode", "postcode", "codepostal"})
_CITIES: Final = frozenset({"city", "ort", "place", "placename", "town", "stadt", "localité", "localite"})


@shape
class PostalDirectory:
    country: str
    file_name: str
    places: int
    """Pairs of a postal code and a name."""
    imported_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ListDirectories:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ReplaceDirectory:
    country: str
    file: FileContent


@dataclass(frozen=True, slots=True)
class OneDirectory:
    country: str


class _Row(NamedTuple):
    country: str
    file_name: str
    places: int
    imported_at: dt.datetime


DIRECTORIES = searchable(
    tables.postal_directory, PostalDirectory, ("country", "file_name", "places", "imported_at"), default_sort="country,asc"
)


@operation("postal_directory.list", permission="customers.read", reads=True)
def list_directories(uow: Uow, command: ListDirectories) -> Page:
    """The lists of places that were brought."""
    return listed(
        uow,
        tables.postal_directory,
        command.query,
        DIRECTORIES,
        _Row,
        lambda rows: [PostalDirectory(**row._asdict()) for row in rows],
    )


@operation("postal_directory.replace", permission="customers.write")
def replace_directory(uow: Uow, command: ReplaceDirectory) -> PostalDirectory:
    """Bring the list of a country's places, instead of the one before: a CSV file in UTF-8 with a column of postal codes (zip, plz) and
    one of names (city, ort), separated by commas, semicolons or tabulators."""
    country = _country(command.country)
    places = _places(command.file)
    uow.lock("postal_directory", [country])
    now = uow.ctx.now()
    said = {"file_name": command.file.name[:255], "places": len(places), "imported_at": now}
    changed = uow.run(
        "UPDATE postal_directory SET file_name = %s, places = %s, imported_at = %s WHERE country = %s", (*said.values(), country)
    )
    if changed:
        uow.run("DELETE FROM postal_place WHERE country = %s", (country,))
    else:
        uow.insert(tables.postal_directory, [{"country": country, **said}])
    uow.copy(tables.postal_place, ("country", "zip", "city"), [(country, code, city) for code, city in places])
    uow.audit("postal_directory", country, {"after": {"file_name": command.file.name, "places": len(places)}})
    return PostalDirectory(country=country, file_name=command.file.name[:255], places=len(places), imported_at=now)


@operation("postal_directory.delete", permission="customers.write")
def delete_directory(uow: Uow, command: OneDirectory) -> None:
    """Remove a list of places. Refused while addresses are checked by it."""
    country = _country(command.country)
    uow.lock("address_validation", ["configurations"])
    sql = "SELECT config_ident FROM address_validation_configuration WHERE country = %s AND provider = 'DIRECTORY' LIMIT 1"
    if (used := uow.scalar(str, sql, (country,))) is not None:
        raise Refused(
            Kind.CONFLICT, Problem("postal_directory_in_use", f"The configuration {used} checks addresses by it.", "country")
        )
    if not uow.run("DELETE FROM postal_directory WHERE country = %s", (country,)):
        raise not_found("postal_directory", country)
    uow.audit("postal_directory", country, {"deleted": {"country": country}})


def _country(text: str) -> str:
    found = alpha2(text.upper())
    if found is None:
        raise not_found("country", text)
    return found


def _places(file: FileContent) -> list[tuple[str, str]]:
    """Pairs of folded postal codes and names, each once. Raises `Refused` with what is wrong with the file."""
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("The file is not in UTF-8.") from None
    first = text.partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    try:
        names, *rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    except ValueError:
        raise _unreadable("The file is empty.") from None
    except csv.Error as error:
        raise _unreadable(f"The file is no CSV: {error}.") from None
    at = [_column(names, known) for known in (_CODES, _CITIES)]
    if len(rows) > MOST_PLACES:
        raise _unreadable(f"The file has {len(rows)} rows; {MOST_PLACES} are the most.")
    problems: list[Problem] = []
    found = dict.fromkeys(_pairs(rows, at, problems))
    if problems:
        raise Refused(Kind.INVALID, *problems[:MOST_PROBLEMS])
    if not found:
        raise _unreadable("The file names no place.")
    return list(found)


def _column(names: Sequence[str], known: frozenset[str]) -> int:
    for n, name in enumerate(names):
        if folded(name) in {folded(one) for one in known}:
            return n
    raise _unreadable(f"The first line names the columns; none is called one of {', '.join(sorted(known))}.")


def _pairs(rows: Sequence[Sequence[str]], at: Sequence[int], problems: list[Problem]) -> Iterator[tuple[str, str]]:
    for n, row in enumerate(rows, 2):
        if not any(row):
            continue
        cells = [folded(row[index]) if index < len(row) else "" for index in at]
        if not all(cells) or max(map(len, cells)) > _LONGEST:
            problems.append(Problem("postal_place_incomplete", "has no postal code or no name", f"line {n}"))
        else:
            yield cells[0], cells[1]


def _unreadable(message: str) -> Refused:
    return Refused(Kind.INVALID, Problem("postal_directory_unreadable", message, "file"))
