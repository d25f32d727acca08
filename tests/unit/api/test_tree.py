"""The tree finds the route that a look at one after the other would find, and asks few of them."""

import re

from starlette.routing import Match, Route

from contor.api.entities import with_entities
from contor.api.fynn.routes import ROUTES as FYNN
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.api.serve import Tree

MOST = 8
TABLE = sorted(with_entities((*PLATFORM, *MANAGEMENT, *FYNN)), key=lambda r: [part.startswith("{") for part in r.path.split("/")])
ROUTES = [Route(row.path, lambda request: None, methods=[row.method]) for row in TABLE]
PATHS = sorted({re.sub(r"\{\w+\}", word, row.path) for row in TABLE for word in ("c-1", "pageable", "batch")})
STRANGE = ["", "/", "/v2", "/v2/", "/v2/customers/", "/v2//", "/v2/customers//addresses", "/v2/nothing", "/v2/customers/a/b/c/d"]


def one_by_one(path: str, method: str) -> tuple[Match, Route | None]:
    found: tuple[Match, Route | None] = (Match.NONE, None)
    for route in ROUTES:
        match, _ = route.matches({"type": "http", "path": path, "method": method})
        if match is Match.FULL:
            return match, route
        if match is Match.PARTIAL and found[1] is None:
            found = match, route
    return found


def test_the_tree_finds_what_one_after_the_other_would_find() -> None:
    tree = Tree(ROUTES)
    for path in (*PATHS, *STRANGE):
        few = tree._meant(path)
        assert len(few) <= MOST, path
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            wanted = one_by_one(path, method)
            matches = [(route.matches({"type": "http", "path": path, "method": method})[0], route) for route in few]
            for kind in (Match.FULL, Match.PARTIAL):
                if wanted[0] is kind:
                    assert next(it for it in matches if it[0] is kind) == wanted, (method, path)
            if wanted[1] is None:
                assert all(match is Match.NONE for match, _ in matches), (method, path)
