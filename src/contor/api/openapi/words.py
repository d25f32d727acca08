"""What each field and parameter is, in words: the lists of `fields` beside this, put into a published description.

An entry has the name of a field, or `Thing.field` where the name means something else there. A thing is a published form, by its whole
name or without what says how it is used (`Partial`, `Creation`, `View`, ...). `path/{name}` and `?name` are parameters. What a shape says
of a field itself is kept. What the keys of properties do is said by entries `properties[key]`, beside the words of the field.

What holds for a field of a body that is not sent is said in words, too: generators of clients take a field with a `default` for one that
is always there, and want it sent.
"""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from contor.api.openapi.forms import Kind
from contor.api.route import Plain
from contor.documents.judge import KEYS_OF_DOCUMENT, KEYS_OF_OWNER, KEYS_OF_ROW

USES: Final = ("Answer", "View", "Body", "Creation", "Update", "Change", "Patch", "Page")
KEYS: Final = {
    **dict.fromkeys(("DocumentBody", "DraftCreation", "DraftUpdate", "ReissueBody"), KEYS_OF_DOCUMENT),
    **dict.fromkeys(("RequestedItem", "PartialRequestedItem", "LineItemBody", "AgreedDepositBody", "OptionBody"), KEYS_OF_ROW),
    **dict.fromkeys(("OrderBody", "OrderPatch", "ContractWithLines", "ContractPatch"), KEYS_OF_OWNER),
}
"""The forms that are sent with properties that have an effect, and the keys of these."""
_INNER: Final = ("items", "anyOf", "oneOf", "additionalProperties")


@cache
def words(dialect: str) -> Mapping[str, str]:
    """The entries of a dialect, those of all parts together."""
    return {name: text for part in parts(dialect) for name, text in part.items()}


def parts(dialect: str) -> list[Mapping[str, str]]:
    """The entries as they are written down, part by part."""
    folder = files(__package__) / "fields" / dialect
    return [tomllib.loads(part.read_text(encoding="utf-8")) for part in sorted(folder.iterdir(), key=lambda part: part.name)]


def family(form: str) -> str:
    """The thing that a form is about: `PartialPrice` and `PriceAnswer` are both `Price`."""
    name = form.removeprefix("Partial")
    while ending := next((use for use in USES if name.endswith(use) and name != use), ""):
        name = name.removesuffix(ending)
    return name


class Wording:
    """Puts the words into the description of one dialect, and knows which of them it used."""

    def __init__(self, dialect: str) -> None:
        self._words = words(dialect)
        self.used: set[str] = set()

    def into(self, document: Kind) -> Plain:
        """The document with a description of each field and parameter that has none, where the lists have words for it."""
        forms = {name: self._form(name, form) for name, form in document["components"]["schemas"].items()}
        return {
            **document,
            "paths": {
                path: {method: self._operation(path, operation) for method, operation in operations.items()}
                for path, operations in document["paths"].items()
            },
            "components": {**document["components"], "schemas": forms},
        }

    def _operation(self, path: str, operation: Kind) -> Plain:
        parameters = [self._described(said, _of_parameter(path, said)) for said in operation["parameters"]]
        made = {**operation, "parameters": parameters}
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]
            sent = {kind: {**media, "schema": self._form("Upload", media["schema"])} for kind, media in content.items()}
            made["requestBody"] = {**operation["requestBody"], "content": sent}
        return made

    def _form(self, name: str, form: Kind) -> Kind:
        if isinstance(form, list):
            return [self._form(name, part) for part in form]
        if not isinstance(form, Mapping):
            return form
        made = {key: self._form(name, value) if key in _INNER else value for key, value in form.items()}
        if "properties" in form:
            fields = {
                field: _without_default(
                    self._described(self._form(field, said), (f"{name}.{field}", f"{family(name)}.{field}", field))
                )
                for field, said in form["properties"].items()
            }
            if name in KEYS and "properties" in fields:
                fields["properties"] = self._with_keys(fields["properties"], KEYS[name])
            made["properties"] = fields
        return made

    def _with_keys(self, said: Plain, keys: tuple[str, ...]) -> Plain:
        entries = [_key(name) for name in keys]
        self.used.update(entries)
        listed = [f"- `{name}`: {self._words[entry]}" for name, entry in zip(keys, entries, strict=True)]
        return {**said, "description": "\n".join([f"{said['description']} These keys have an effect:", "", *listed])}

    def _described(self, said: Plain, names: tuple[str, ...]) -> Plain:
        found = next((name for name in names if name in self._words), None)
        if found is None or "description" in said:
            return said
        self.used.add(found)
        return {**said, "description": self._words[found]}


def _key(name: str) -> str:
    return f"properties[{name}]"


def _without_default(said: Plain) -> Plain:
    """The field with its default as a part of its description."""
    if "default" not in said:
        return said
    value = said["default"]
    default = f"Default: {value if isinstance(value, str) else json.dumps(value)}."
    rest = {key: value for key, value in said.items() if key != "default"}
    return {**rest, "description": f"{said['description']} {default}" if "description" in said else default}


def _of_parameter(path: str, parameter: Kind) -> tuple[str, ...]:
    name = parameter["name"]
    if parameter["in"] != "path":
        return (f"?{name}",)
    collection = path.split(f"/{{{name}}}", maxsplit=1)[0].rpartition("/")[2]
    return (f"{collection}/{{{name}}}", f"{{{name}}}", name)
