"""What templates are written in: the part of Jinja in which a template takes as long to run as it is long.

It names what it is given, chooses, and goes once through a list. It calls nothing, computes nothing and defines nothing, and a loop
contains no other one: so no template reads what it is not given, and none runs or writes for ever. What a name means is known when the
template is stored; a name that means nothing is refused there, with its line.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

Values = Mapping[str, object]
LONGEST_WRITTEN = 1_000_000
"""Characters that a template may make."""
DEEPEST = 30
FILTERS: Final = ("default", "first", "join", "last", "length", "lower", "trim", "upper")
TESTS: Final = ("defined", "none")
OF_LOOP: Final = ("first", "index", "last", "length")
_WRITTEN: Final = (
    "Template",
    "Output",
    "TemplateData",
    "Const",
    "CondExpr",
    "And",
    "Or",
    "Not",
    "Compare",
    "Operand",
    "Concat",
    "If",
)
_CALLED: Final = {
    "Call": "a call",
    "Assign": "an assignment",
    "AssignBlock": "an assignment",
    "Macro": "a macro",
    "CallBlock": "a macro",
    "Include": "an include",
    "Import": "an import",
    "FromImport": "an import",
    "Extends": "an extension",
    "Block": "a block",
}


class Fault(NamedTuple):
    """What is wrong with a template."""

    line: int
    message: str


class TemplateFailed(Exception):
    """A template cannot be written out."""


_UNKNOWN: Final = object()
"""What is said of it is not known before it is written."""
Known = Mapping[str, object]


def faults_of(source: str, sample: Values) -> list[Fault]:
    """Everything that is wrong with a template which is given such values; in the order of its lines."""
    from jinja2 import TemplateSyntaxError

    try:
        tree = _environment(is_html=False).parse(source)
    except TemplateSyntaxError as error:
        return [Fault(error.lineno, (error.message or "is no template").rstrip("."))]
    except (RecursionError, ValueError, OverflowError):  # thousands of brackets, or of digits
        return [Fault(1, "is nested too deeply, or has a number that is too long")]
    found = _Reading()
    try:
        found.read(tree, {**sample}, 0, in_loop=False)
    except RecursionError:
        return [Fault(1, "is nested too deeply")]
    return sorted(set(found.faults))


def written(source: str, values: Values, *, is_html: bool = False) -> str:
    """The template with the values in it; in HTML they are escaped. Raises TemplateFailed."""
    from jinja2 import TemplateError

    parts, length = [], 0
    try:
        if faults := faults_of(source, values):
            raise TemplateFailed(f"line {faults[0].line} {faults[0].message}")
        for part in _environment(is_html=is_html).from_string(source).generate(values):
            length += len(part)
            if length > LONGEST_WRITTEN:
                raise TemplateFailed(f"makes more than {LONGEST_WRITTEN} characters")
            parts.append(part)
    except (TemplateError, TypeError, ValueError) as error:
        raise TemplateFailed(str(error) or type(error).__name__) from None
    return "".join(parts)


class _Reading:
    """Goes through a template once: what is allowed, and what its names mean."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def _fault(self, node: "nodes.Node", message: str) -> object:
        self.faults.append(Fault(node.lineno or 1, message))
        return _UNKNOWN

    def read(self, node: "nodes.Node", known: Known, depth: int, *, in_loop: bool) -> object:
        """What the expression means in such values, as far as it is known."""
        kind, further = type(node).__name__, depth + 1
        if depth > DEEPEST:
            return self._fault(node, "is nested too deeply")
        reader = getattr(self, f"_{kind.lower()}", None)
        if reader is not None:
            return reader(node, known, further, in_loop)
        if kind not in _WRITTEN:
            return self._fault(node, f"has {_CALLED.get(kind, 'something')} that is no part of templates")
        for child in node.iter_child_nodes():
            self.read(child, known, further, in_loop=in_loop)
        return _UNKNOWN

    def _name(self, node: "nodes.Name", known: Known, depth: int, in_loop: bool) -> object:
        if node.name in known:
            return known[node.name]
        return self._fault(node, f"names {node.name}, which is not given: known are {', '.join(sorted(known))}")

    def _const(self, node: "nodes.Const", known: Known, depth: int, in_loop: bool) -> object:
        return node.value

    def _getattr(self, node: "nodes.Getattr", known: Known, depth: int, in_loop: bool) -> object:
        if type(node.node).__name__ not in ("Name", "Getattr", "Getitem", "Filter"):
            return self._fault(node, f"names {node.attr} of something that has no parts")
        return self._within(node, node.attr, self.read(node.node, known, depth, in_loop=in_loop))

    def _getitem(self, node: "nodes.Getitem", known: Known, depth: int, in_loop: bool) -> object:
        whole = self.read(node.node, known, depth, in_loop=in_loop)
        part = getattr(node.arg, "value", None) if type(node.arg).__name__ == "Const" else None
        if not isinstance(part, (str, int)):
            return self._fault(node, "takes a part that is not named outright")
        if isinstance(part, int):
            return whole[0] if isinstance(whole, Sequence) and not isinstance(whole, str) and whole else _UNKNOWN
        return self._within(node, part, whole)

    def _within(self, node: "nodes.Node", name: str, whole: object) -> object:
        if whole is _UNKNOWN or whole is None:
            return _UNKNOWN
        if isinstance(whole, Mapping) and name in whole:
            return whole[name]
        parts = f": known are {', '.join(sorted(whole))}" if isinstance(whole, Mapping) else ""
        return self._fault(node, f"names {name}, which is no part of that{parts}")

    def _filter(self, node: "nodes.Filter", known: Known, depth: int, in_loop: bool) -> object:
        if node.name not in FILTERS:
            return self._fault(node, f"uses the filter {node.name}: known are {', '.join(FILTERS)}")
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self._fault(node, "uses a filter otherwise than behind a value")
        for argument in node.args:
            if type(argument).__name__ != "Const":
                return self._fault(argument, "gives a filter something that is not written outright")
        whole = self.read(node.node, known, depth, in_loop=in_loop)
        if node.name in ("first", "last") and isinstance(whole, Sequence) and not isinstance(whole, str) and whole:
            return whole[0]
        return _UNKNOWN

    def _test(self, node: "nodes.Test", known: Known, depth: int, in_loop: bool) -> object:
        if node.name not in TESTS or node.args or node.kwargs:
            return self._fault(node, f"uses the test {node.name}: known are {', '.join(TESTS)}")
        return self.read(node.node, known, depth, in_loop=in_loop)

    def _for(self, node: "nodes.For", known: Known, depth: int, in_loop: bool) -> object:
        if in_loop:
            return self._fault(node, "has a loop in a loop")
        if node.recursive or node.test is not None or type(node.target).__name__ != "Name":
            return self._fault(node, "has a loop that is not of the form {% for one in list %}")
        if type(node.iter).__name__ not in ("Name", "Getattr"):
            return self._fault(node, "goes through something that is no list it is given")
        whole = self.read(node.iter, known, depth, in_loop=False)
        if whole is not _UNKNOWN and (isinstance(whole, (str, Mapping)) or not isinstance(whole, Sequence)):
            return self._fault(node, "goes through something that is no list")
        one = whole[0] if isinstance(whole, Sequence) and whole else _UNKNOWN
        inner = {**known, str(getattr(node.target, "name", "")): one, "loop": dict.fromkeys(OF_LOOP, _UNKNOWN)}
        for child in node.body:
            self.read(child, inner, depth, in_loop=True)
        for child in node.else_:
            self.read(child, known, depth, in_loop=in_loop)
        return _UNKNOWN


@cache
def _environment(*, is_html: bool) -> "Environment":
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.runtime import LoopContext
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Plain(ImmutableSandboxedEnvironment):
        """Parts of values are what they hold, never what Python adds to them."""

        def getattr(self, obj: object, attribute: str) -> object:
            if isinstance(obj, LoopContext) and attribute in OF_LOOP:
                return getattr(obj, attribute)
            return self.getitem(obj, attribute)

        def getitem(self, obj: object, argument: object) -> object:
            if isinstance(obj, Mapping) and argument in obj:
                return obj[argument]
            if isinstance(obj, (list, tuple)) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
                return obj[argument]
            return self.undefined(obj=obj, name=str(argument))

        def call(self, *_: object, **__: object) -> object:
            raise SecurityError("a template calls nothing")

    made = Plain(
        autoescape=is_html,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: "" if value is None else value,
    )
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in (*FILTERS, "escape")}
    made.tests = {name: made.tests[name] for name in TESTS}
    return made
