"""What lists of the platform dialect are published to answer."""

from typing import Any

from tests.checkers.published import published

from contor.api.route import Route


def form_of(form: Any) -> Any:
    while "$ref" in form:
        form = published()["/v2"].document["components"]["schemas"][form["$ref"].rpartition("/")[2]]
    return form


def plain_values(form: Any, name: str = "") -> list[str]:
    """The names of what is a plain value in an answer."""
    form = form_of(form)
    if form.get("type") == "object":
        return [
            leaf for n, inner in form.get("properties", {}).items() for leaf in plain_values(inner, f"{name}.{n}" if name else n)
        ]
    several = any(form_of(inner).get("type") in ("object", "array") for inner in (*form.get("anyOf", ()), *form.get("oneOf", ())))
    return [] if several or form.get("type") == "array" else [name]


def items_of(row: Route) -> Any:
    page = published()["/v2"].document["paths"][row.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return form_of(page)["items"] if row.array else form_of(page)["properties"]["_embedded"]["items"]
