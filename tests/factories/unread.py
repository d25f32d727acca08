"""A body of which not everything is read, for the test of what finds that."""

from contor.kernel.shapes import Frozen, shape


@shape
class Inner:
    amount: int


@shape
class Body:
    priced: int
    told: str
    kept: str
    forgotten: str
    nested: tuple[Inner, ...] = ()


class Stored(Frozen, frozen=True):
    told: str
    kept: str


@shape
class View:
    told: str


def stored(body: Body) -> Stored:
    return Stored(told=body.told, kept=body.kept)


def view(row: Stored) -> View:
    return View(told=row.told)


def price(body: Body) -> int:
    return body.priced + sum(inner.amount for inner in body.nested)


def kept(row: Stored) -> bool:
    return row.kept == "yes"
