"""Every case that is written of the fynn API, and the row that answers a request."""

import re

from tests.factories.fynn import CASES, read_cases

from contor.api.fynn.routes import ROUTES
from contor.api.route import Route

FILES = sorted(CASES.glob("*.json"))
ALL = [(path.stem, case) for path in FILES for case in read_cases(path)]


def route_of(method: str, path: str) -> Route:
    """The row that answers; words go before placeholders."""
    bare = path.partition("?")[0]
    known = sorted(ROUTES, key=lambda row: [part.startswith("{") for part in row.path.split("/")])
    return next(row for row in known if row.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", row.path), bare))
