"""The stylesheets of the official rules, as they are run: the same rules, without the work that no finding comes from.

As they are published every pattern walks the whole file, of which CII has 66, twice; every rule that looks at an element is written into
the report; and every code is looked for in a list from the top, of CII in a file that is parsed again at each run. Here a pattern is
applied to the elements that its rules can match, the report says what was found only, and a list is a map that is made when the rules are
compiled. No test of a rule is touched but the look into its list. What is not of the form that is known stays as it is.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from lxml import etree

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_MAP = "http://www.w3.org/2005/xpath-functions/map"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"

_PATTERN = re.compile(r"M\d+")
_NAME = re.compile(r"\*|\w+:\w+")
_PREDICATE = re.compile(r"""\[(?:[^\[\]'"]|'[^']*'|"[^"]*")*\]""")
_IN_FILE = re.compile(r"document\('([^']+)'\)/codedb/cl\[@id=(\d+)\]/enumeration\[@value=(\$\w+)\]")
_IN_TEXT = re.compile(r"not\(contains\((normalize-space\([^()]+\)), ' '\)\) and contains\('([^']+)', concat\(' ', \1, ' '\)\)")


def as_run(path: Path) -> str:
    """The stylesheet of that file in the form in which it is run."""
    sheet = etree.parse(path).getroot()
    sheet.set(_BASE, path.as_uri())
    for said in list(sheet.iter(f"{_SVRL}fired-rule", f"{_SVRL}active-pattern", f"{_SVRL}ns-prefix-in-attribute-values")):
        above = said.getparent()
        assert above is not None
        above.remove(said)  # an active pattern has a walk inside that has no rule at all
    _without_walks(sheet)
    return _with_maps(sheet, path.parent)


def _without_walks(sheet: etree._Element) -> None:
    """A pattern is a mode: it is entered at the root, and each of its templates goes on to what is below. It is entered at the elements
    that its rules are about instead, which come in the same order; which rule takes them is said by its template as before."""
    about: dict[str, set[str]] = {}
    templates = [(mode, it) for it in sheet.iterchildren(f"{_XSL}template") if _PATTERN.fullmatch(mode := it.get("mode") or "")]
    for mode, template in templates:
        if not (template.get("priority") or "").startswith("-"):  # those are the two that go on, and find nothing
            about.setdefault(mode, set()).update(_last_steps(template.get("match") or ""))
    known = {mode: names for mode, names in about.items() if all(_NAME.fullmatch(name) for name in names)}
    for entry in sheet.iter(f"{_XSL}apply-templates"):
        if entry.get("select") == "/" and (names := known.get(entry.get("mode") or "")):
            entry.set("select", "//*" if "*" in names else f"//({'|'.join(sorted(names))})")
    for mode, template in templates:
        for going_on in template.findall(f"{_XSL}apply-templates") if mode in known else ():
            if going_on.get("mode") == mode:
                template.remove(going_on)


def _last_steps(match: str) -> Iterable[str]:
    """The names of the elements that a pattern of XSLT can match."""
    while (bare := _PREDICATE.sub("", match)) != match:  # from the innermost outwards
        match = bare
    return (path.rpartition("/")[2].strip() for path in match.split("|"))


def _with_maps(sheet: etree._Element, folder: Path) -> str:
    """The codes of each list as the keys of a map, in place of a search in a file and of one in a text."""
    lists: dict[tuple[str, ...], str] = {}
    read = cache(etree.parse)

    def looked_up(codes: Iterable[object], value: str) -> str:
        name = lists.setdefault(tuple(dict.fromkeys(str(code) for code in codes)), f"codes{len(lists)}")
        return f"map:contains(${name}, {value})"

    def in_file(found: re.Match[str]) -> str:
        listed = read(folder / found[1]).iterfind(f"cl[@id='{found[2]}']/enumeration")
        return looked_up((code.get("value") for code in listed), f"string({found[3]})")

    def in_text(found: re.Match[str]) -> str:
        return looked_up(found[2].split(" ")[1:-1], found[1])  # each with a space on both sides

    for condition in sheet.iter(f"{_XSL}when", f"{_XSL}if"):
        condition.set("test", _IN_TEXT.sub(in_text, _IN_FILE.sub(in_file, condition.get("test") or "")))
    for codes, name in lists.items():
        keys = ", ".join("'{}': true()".format(code.replace("'", "''")) for code in codes)
        sheet.insert(0, etree.Element(f"{_XSL}variable", {"name": name, "static": "yes", "select": f"map {{{keys}}}"}))
    text = etree.tostring(sheet, encoding="unicode")
    return text.replace("<xsl:stylesheet ", f'<xsl:stylesheet xmlns:map="{_MAP}" exclude-result-prefixes="map" ', 1)
