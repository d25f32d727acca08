"""Which fields of which classes the code reads: found in the sources, by the types that they say.

A small reader of annotated Python. It follows parameters, assignments, loops, calls and attributes by the annotations of the running
program; what it cannot type, it leaves out. A value that is only handed on under a keyword (`Row(name=body.name)`) is no read by
itself: it counts if the field that it becomes is read.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tests.checkers.reading.inference import Inference
from tests.checkers.reading.kinds import Thing, fields_of

Field = tuple[type, str]
"""A class and the name of one of its fields."""


class Reads:
    """The reads of a set of modules."""

    def __init__(self, names: Iterable[str]) -> None:
        self.read: set[Field] = set()
        """Fields whose value something is made of, or decided by."""
        self.handed: dict[Field, set[Field]] = defaultdict(set)
        """Field -> fields of other classes that its value becomes."""
        self.keys: dict[str, set[str]] = defaultdict(set)
        """Package -> names by which mappings are asked there."""
        self.texts: list[str] = []
        """Texts that stand in the code; SQL is among them."""
        self.rows: dict[str, set[type]] = defaultdict(set)
        """Table -> what its rows are read as."""
        for name in names:
            _Module(self, name).go()

    def counts(self, field: Field) -> bool:
        """Whether the field is read, perhaps as another one that it becomes."""
        return not self.read.isdisjoint(self.becomes(field))

    def becomes(self, field: Field) -> set[Field]:
        """The field, and those that its value becomes, one after the other."""
        known: set[Field] = set()
        left = [field]
        while left:
            here = left.pop()
            if here not in known:
                known.add(here)
                left += self.handed.get(here, ())
        return known


class _Module(Inference, ast.NodeVisitor):
    def __init__(self, reads: Reads, name: str) -> None:
        super().__init__(name)
        self.reads = reads

    def go(self) -> None:
        for node in self.tree.body:
            self.visit(node)

    # --- statements

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        before, self.owner = self.owner, getattr(self.module, node.name, None)
        for inner in node.body:
            self.visit(inner)
        self.owner = before

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        scope: dict[str, list[Thing]] = {}
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        for position, argument in enumerate(given):
            if argument.annotation is not None:
                scope[argument.arg] = [Thing(self.hint(argument.annotation))]
            elif position == 0 and self.owner is not None:
                scope[argument.arg] = [Thing(self.owner)]
        if node.args.vararg and node.args.vararg.annotation is not None:
            scope[node.args.vararg.arg] = [Thing(tuple[self.hint(node.args.vararg.annotation), ...])]  # type: ignore[misc]
        self.scopes.append(scope)
        for inner in node.body:
            self.visit(inner)
        self.scopes.pop()

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.scopes.append({})
        self.visit(node.body)
        self.scopes.pop()

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        found = self.infer(node.value)
        for target in node.targets:
            self.bind(target, found)
            self.visit(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
        self.bind(node.target, [Thing(self.hint(node.annotation))])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.bind(node.target, self.infer(node.value))

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self.bind(node.target, self.items(self.infer(node.iter)))
        for inner in [*node.body, *node.orelse]:
            self.visit(inner)

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            self.visit(item.context_expr)
        for inner in node.body:
            self.visit(inner)

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        subjects = node.subject.elts if isinstance(node.subject, ast.Tuple) else [node.subject]
        for case in node.cases:
            for inner in ast.walk(case.pattern):
                if isinstance(inner, ast.MatchClass):
                    for kind in self.infer(inner.cls):
                        self.reads.read |= {(kind.of, name) for name in inner.kwd_attrs if isinstance(kind.of, type)}
                if isinstance(inner, ast.MatchAs) and inner.name and len(subjects) == 1:
                    self.bind(ast.Name(id=inner.name), self.infer(subjects[0]))
            if case.guard is not None:
                self.visit(case.guard)
            for statement in case.body:
                self.visit(statement)

    def comprehension(self, node: Any) -> None:
        self.scopes.append({})
        for generator in node.generators:
            self.visit(generator.iter)
            self.bind(generator.target, self.items(self.infer(generator.iter)))
            for condition in generator.ifs:
                self.visit(condition)
        for part in (getattr(node, "elt", None), getattr(node, "key", None), getattr(node, "value", None)):
            if part is not None:
                self.visit(part)
        self.scopes.pop()

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            return self.comprehension(node)
        return super().visit(node)

    # --- expressions

    def visit_Call(self, node: ast.Call) -> None:
        made = {it.of for it in self.infer(node.func) if it.itself and isinstance(it.of, type)}
        # a replaced value is of the class that it was
        replaced = isinstance(node.func, ast.Name) and node.func.id == "replace" and node.args
        made |= self.classes(self.infer(node.args[0])) if replaced else set()
        self.visit(node.func)
        asks = isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args
        if asks and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            self.asked(node.func.value, node.args[0].value)
        for argument in node.args:
            if isinstance(argument, ast.Lambda):
                first = self.items(self.infer(node.args[0])) or self.infer(node.args[0])
                self.scopes.append({it.arg: first for it in argument.args.args})
                self.visit(argument.body)
                self.scopes.pop()
            else:
                self.visit(argument)
        for keyword in node.keywords:
            value = keyword.value
            if isinstance(value, ast.Lambda) and node.args:
                elements = self.items(self.infer(node.args[0]))
                self.scopes.append({it.arg: elements for it in value.args.args})
                self.visit(value.body)
                self.scopes.pop()
            elif keyword.arg is None:
                self.visit(value)
                for source in self.classes(self.infer(value)):
                    for name in fields_of(source):
                        self.reads.handed[source, name] |= {(kind, name) for kind in made}
            else:
                becomes = {(kind, keyword.arg) for kind in made if keyword.arg in fields_of(kind)}
                self.hand(value, becomes)

    def hand(self, value: ast.expr, becomes: set[Field]) -> None:
        """Visit a value that is stored under other names."""
        if isinstance(value, ast.Attribute) and becomes:
            for field in self.fields(value):
                self.reads.handed[field] |= becomes
            self.visit(value.value)
        elif isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
            for part in value.values:
                self.hand(part, becomes)
        elif isinstance(value, ast.IfExp):
            self.visit(value.test)
            self.hand(value.body, becomes)
            self.hand(value.orelse, becomes)
        else:
            self.visit(value)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Load):
            self.reads.read |= self.fields(node)
        self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) and isinstance(node.ctx, ast.Load):
            self.asked(node.value, node.slice.value)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.reads.texts.append(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        self.reads.texts.append(text)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "columns":
                kinds = {it.of for it in self.infer(inner.args[0]) if it.itself}
                for table in re.findall(r"(?:FROM|JOIN) (\w+)", text):
                    self.reads.rows[table] |= kinds
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring says nothing that is done
            self.visit(node.value)

    def asked(self, value: ast.expr, key: str) -> None:
        """A mapping is asked for a name: of a typed one the field is read."""
        kinds = [kind for kind in self.classes(self.infer(value)) if key in fields_of(kind)]
        self.reads.read |= {(kind, key) for kind in kinds}
        self.reads.keys[self.package].add(key)

    def fields(self, node: ast.Attribute) -> set[Field]:
        return {(kind, node.attr) for kind in self.classes(self.infer(node.value)) if node.attr in fields_of(kind)}
