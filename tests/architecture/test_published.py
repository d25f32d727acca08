"""The published descriptions: valid, of stable names, one name for one form, and in the words of the glossary."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.checkers.published import published

from contor.api.fynn.routes import ROUTES as FYNN
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.openapi.examples import EXAMPLES
from contor.api.openapi.forms import ANSWERED, READ, REF, Forms
from contor.api.openapi.tags import TAGS
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.api.route import Route, answered_kind, operation_id
from contor.kernel.files import FileContent

GLOSSARY = Path(__file__).parents[2] / "docs" / "business" / "glossary.md"
DIALECTS = {"/v2": PLATFORM, "/api/v0": MANAGEMENT, "/fynn": FYNN}


@pytest.mark.parametrize("prefix", DIALECTS)
def test_the_document_is_valid(prefix: str) -> None:
    OpenAPIV31SpecValidator(published()[prefix].document).validate()


@pytest.mark.parametrize("prefix", DIALECTS)
def test_ids_are_short_and_names_of_one_operation(prefix: str) -> None:
    ids = [operation_id(row) for row in DIALECTS[prefix]]
    assert sorted(set(ids)) == sorted(ids)
    # those that the vendor of fynn prints are his
    form = r"[a-z][A-Za-z_-]{2,60}" if prefix == "/fynn" else r"[a-z][A-Za-z]{2,44}"
    assert [name for name in ids if not re.fullmatch(form, name)] == []


@pytest.mark.parametrize("prefix", DIALECTS)
def test_summaries_are_words(prefix: str) -> None:
    """`Get SAF-T configuration`, not `Get saf tConfiguration`."""
    operations = [operation for methods in published()[prefix].document["paths"].values() for operation in methods.values()]
    summaries = [operation["summary"] for operation in operations]
    assert [said for said in summaries if re.search(r"[a-z][A-Z]|\b[a-z]\b", said.replace(" a ", " "))] == []


def whole(components: Mapping[str, Any], form: Any, within: tuple[str, ...] = ()) -> Any:
    """The form with every reference followed, and without the words that describe it or its default."""
    if isinstance(form, list):
        return [whole(components, inner, within) for inner in form]
    if not isinstance(form, Mapping):
        return form
    name = str(form.get("$ref", "")).removeprefix(REF)
    if name:
        return name if name in within else whole(components, components[name], (*within, name))
    # a field may be called so, too: then its form stands there
    left_out = ("discriminator", *(key for key in ("description", "default") if not isinstance(form.get(key), Mapping)))
    return {key: whole(components, inner, within) for key, inner in form.items() if key not in left_out}


@pytest.mark.parametrize(
    ("prefix", "row"),
    [(prefix, row) for prefix, rows in DIALECTS.items() for row in rows],
    ids=lambda value: operation_id(value) if isinstance(value, Route) else "",
)
def test_a_name_stands_for_one_form(prefix: str, row: Route) -> None:
    """What the whole document says of a body or an answer is what the shape says alone."""
    document = published()[prefix].document
    operation = document["paths"][row.path][row.method.lower()]
    (status,) = [code for code in operation["responses"] if code[0] == "2"]
    answer = operation["responses"][status].get("content", {}).get("application/json", {}).get("schema")
    if answer is not None and row.output is not FileContent:
        if row.filterable is not None:
            answer = whole(document["components"]["schemas"], answer)
            answer = (
                answer["items"] if row.array else next(p for p in answer["properties"].values() if p["type"] == "array")["items"]
            )
        alone = Forms([(answered_kind(row), ANSWERED)], camel=prefix != "/api/v0", nulls=prefix == "/fynn")
        said = whole(alone.components, alone.of(answered_kind(row), ANSWERED))
        assert whole(document["components"]["schemas"], answer) == said
        assert said not in ({}, {"type": "object", "additionalProperties": True}), "an answer has a form"
    if "requestBody" in operation and not row.upload:
        alone = Forms([(row.body, READ)], camel=prefix != "/api/v0", nulls=prefix == "/fynn")
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        assert whole(document["components"]["schemas"], body) == whole(alone.components, alone.of(row.body, READ))


def test_groups_are_described_by_the_glossary() -> None:
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in GLOSSARY.read_text().splitlines() if line.startswith("|")]
    known = {row[0]: row[2] for row in cells if len(row) == 4}
    assert {tag.title: known.get(tag.noun) for tag in TAGS} == {tag.title: tag.meaning for tag in TAGS}
    # those of fynn are grouped as its vendor groups them
    nouns = {row.operation.noun for rows in (PLATFORM, MANAGEMENT) for row in rows}
    assert nouns == {noun for tag in TAGS for noun in tag.nouns}


def test_files_are_grouped_with_what_holds_them() -> None:
    paths = published()["/v2"].document["paths"]
    for holder in ("contracts", "orders"):
        for path in (f"/v2/{holder}/{{ident}}/attachments", f"/v2/{holder}/{{ident}}/attachments/{{fileName}}"):
            assert {title for operation in paths[path].values() for title in operation["tags"]} == {holder.capitalize()}


def test_examples_are_of_their_form() -> None:
    """Those of the platform are sent by a generated client, too."""
    shown = {}
    for said in published().values():
        for methods in said.document["paths"].values():
            for operation in methods.values():
                content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                if "example" in content:
                    shown[operation["operationId"]] = content["example"]
                    form = {**content["schema"], "components": said.document["components"]}
                    jsonschema_rs.Draft202012Validator(form).validate(content["example"])
    assert shown == EXAMPLES
