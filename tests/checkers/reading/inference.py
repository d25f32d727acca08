"""What the expressions of a module are: inferred from the annotations of the running program. What cannot be typed is nothing."""

import ast
import builtins
import collections.abc
import functools
import importlib
import inspect
import itertools
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.checkers.reading.kinds import Thing, element, hints_of, members, of_mapping, value_type

_SAME = {"tuple", "list", "sorted", "set", "frozenset", "reversed", "iter", "deque"}


class Inference(ast.NodeVisitor):
    """The names of a module as far as it was read, and what they stand for."""

    def __init__(self, name: str) -> None:
        self.name, self.package = name, name.split(".")[1]
        self.module = importlib.import_module(name)
        self.tree = ast.parse(Path(str(self.module.__file__)).read_text())
        self.scopes: list[dict[str, list[Thing]]] = []
        self.owner: Any = None
        self.own: dict[tuple[Any, str], list[Thing]] = {}
        """What the attributes of instances are, by class and name."""

    def hint(self, node: ast.expr) -> Any:
        try:
            return eval(compile(ast.Expression(node), self.name, "eval"), vars(self.module))
        except Exception:
            return None

    def classes(self, things: Iterable[Thing]) -> set[type]:
        return {kind for it in things if not it.itself for kind in members(it.of) if isinstance(kind, type)}

    def items(self, things: Iterable[Thing]) -> list[Thing]:
        return [Thing(item) for it in things if not it.itself for kind in members(it.of) for item in element(kind)]

    def bind(self, target: ast.expr, things: list[Thing]) -> None:
        if isinstance(target, ast.Name) and self.scopes:
            self.scopes[-1].setdefault(target.id, [])
            self.scopes[-1][target.id] += [it for it in things if it not in self.scopes[-1][target.id]]
        elif isinstance(target, ast.Attribute) and self.owner is not None and getattr(target.value, "id", "") == "self":
            self.own.setdefault((self.owner, target.attr), []).extend(things)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for position, part in enumerate(target.elts):
                found = []
                for it in things:
                    for kind in members(it.of):
                        parts = typing.get_args(kind)
                        if typing.get_origin(kind) is tuple and not (len(parts) == 2 and parts[1] is ...):
                            found += [Thing(parts[position])] if position < len(parts) else []
                        elif isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
                            hints = hints_of(kind)
                            found += [Thing(hints[kind._fields[position]])] if position < len(kind._fields) else []
                        else:
                            found += [Thing(item) for item in element(kind)]
                self.bind(part.value if isinstance(part, ast.Starred) else part, found)

    @functools.singledispatchmethod
    def infer(self, node: Any) -> list[Thing]:
        return []

    @infer.register
    def _(self, node: ast.Name) -> list[Thing]:
        for scope in reversed(self.scopes):
            if node.id in scope:
                return scope[node.id]
        found = getattr(self.module, node.id, getattr(builtins, node.id, None))
        if found is None:
            return []
        plain = isinstance(found, (type, types.FunctionType, types.ModuleType)) or callable(found)
        return [Thing(found, itself=True)] if plain else [Thing(value_type(found))]

    @infer.register
    def _(self, node: ast.Attribute) -> list[Thing]:
        found: list[Thing] = []
        for it in self.infer(node.value):
            if it.itself:
                inner = getattr(it.of, node.attr, None)
                found += [Thing(inner, itself=True)] if inner is not None else []
                continue
            for kind in members(it.of):
                hints = hints_of(kind)
                if node.attr in hints:
                    found.append(Thing(hints[node.attr]))
                    continue
                if (kind, node.attr) in self.own:
                    found += self.own[kind, node.attr]
                    continue
                inner = inspect.getattr_static(kind, node.attr, None) if isinstance(kind, type) else None
                if isinstance(inner, (property, functools.cached_property)):
                    function = inner.fget if isinstance(inner, property) else inner.func
                    found.append(Thing(hints_of(function).get("return")))
                elif inner is not None:
                    found.append(Thing(inner, itself=True))
        return found

    @infer.register
    def _(self, node: ast.Call) -> list[Thing]:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = self.infer(node.args[0]) if node.args else []
        if name in _SAME and isinstance(node.func, ast.Name):
            return [Thing(tuple[it.of, ...]) for it in self.items(first)]  # type: ignore[name-defined]
        if name == "enumerate":
            return [Thing(list[tuple[int, it.of]]) for it in self.items(first)]  # type: ignore[name-defined]
        if name == "zip":
            columns = [self.items(self.infer(argument)) for argument in node.args]
            return [Thing(list[tuple[tuple(column[0].of if column else Any for column in columns)]])]  # type: ignore[misc]
        if name in ("next", "min", "max"):
            return self.items(first)
        if name == "chain":
            return [it for argument in node.args for it in self.infer(argument)]
        if isinstance(node.func, ast.Attribute) and name in ("values", "items", "get", "pop", "setdefault"):
            return [made for it in self.infer(node.func.value) for kind in members(it.of) for made in of_mapping(kind, name)]
        found: list[Thing] = []
        for it in self.infer(node.func):
            if it.itself and (isinstance(it.of, type) or typing.get_origin(it.of) is not None):
                found.append(Thing(it.of))  # also of a class with its items: `list[Row]()`
            elif it.itself:
                function = inspect.unwrap(getattr(it.of, "func", it.of)) if callable(it.of) else it.of
                said = hints_of(function).get("return", getattr(it.of, "output", None))
                found += [Thing(kind) for kind in self.solved(said, function, node)]
        return found

    def solved(self, said: Any, function: Any, node: ast.Call) -> Iterator[Any]:
        """The type that a call returns; type variables are what the arguments make them."""
        is_variable = isinstance(said, typing.TypeVar)
        variables = [said] if is_variable else [it for it in getattr(said, "__parameters__", ()) if isinstance(it, typing.TypeVar)]
        if variables:
            values = [list(self.values_of(variable, function, node)) for variable in variables]
            for made in itertools.product(*values):
                yield made[0] if is_variable else said[made]
        elif said is not None:
            yield said

    def values_of(self, variable: Any, function: Any, node: ast.Call) -> Iterator[Any]:
        hints = hints_of(function)
        names = [name for name in hints if name != "return"]
        for name, argument in zip(names, node.args, strict=False):
            kind, given = hints[name], self.infer(argument)
            if kind is variable:
                yield from [it.of for it in given]
            elif variable not in getattr(kind, "__parameters__", ()):
                continue
            elif typing.get_origin(kind) is type:
                yield from [it.of for it in given if it.itself]
            else:
                yield from [it.of for it in self.items(given)]

    @infer.register
    def _(self, node: ast.Subscript) -> list[Thing]:
        things = self.infer(node.value)
        if any(it.itself and isinstance(it.of, type) for it in things):
            return [Thing(kind, itself=True) for kind in [self.hint(node)] if kind is not None]
        found: list[Thing] = []
        for it in things:
            for kind in members(it.of):
                hints, parts = hints_of(kind), typing.get_args(kind)
                constant = node.slice.value if isinstance(node.slice, ast.Constant) else None
                if isinstance(constant, str) and constant in hints:
                    found.append(Thing(hints[constant]))
                elif isinstance(node.slice, ast.Slice):
                    found.append(Thing(kind))
                elif typing.get_origin(kind) is tuple and isinstance(constant, int) and ... not in parts:
                    found += [Thing(parts[constant])] if constant < len(parts) else []
                elif len(parts) == 2 and issubclass(typing.get_origin(kind) or int, collections.abc.Mapping):
                    found.append(Thing(parts[1]))
                else:
                    found += [Thing(item) for item in element(kind)]
        return found

    @infer.register
    def _(self, node: ast.BoolOp) -> list[Thing]:
        return [it for value in node.values for it in self.infer(value)]

    @infer.register
    def _(self, node: ast.BinOp) -> list[Thing]:
        return [*self.infer(node.left), *self.infer(node.right)]

    @infer.register
    def _(self, node: ast.IfExp) -> list[Thing]:
        return [*self.infer(node.body), *self.infer(node.orelse)]

    @infer.register
    def _(self, node: ast.NamedExpr) -> list[Thing]:
        return self.infer(node.value)

    @infer.register
    def _(self, node: ast.Tuple) -> list[Thing]:
        if any(isinstance(part, ast.Starred) for part in node.elts):
            return self.infer_many(node)
        kinds = [(self.infer(part) or [Thing(Any)])[0].of for part in node.elts]
        return [Thing(tuple[tuple(kinds)])] if kinds else []  # type: ignore[misc]

    @infer.register(ast.List)
    @infer.register(ast.Set)
    def infer_many(self, node: Any) -> list[Thing]:
        found: list[Thing] = []
        for part in node.elts:
            inner = self.items(self.infer(part.value)) if isinstance(part, ast.Starred) else self.infer(part)
            found += [Thing(list[it.of]) for it in inner if not it.itself]  # type: ignore[name-defined]
        return found

    @infer.register(ast.ListComp)
    @infer.register(ast.SetComp)
    @infer.register(ast.GeneratorExp)
    @infer.register(ast.DictComp)
    def _(self, node: Any) -> list[Thing]:
        self.scopes.append({})
        for generator in node.generators:
            self.bind(generator.target, self.items(self.infer(generator.iter)))
        if isinstance(node, ast.DictComp):
            key, value = self.infer(node.key) or [Thing(Any)], self.infer(node.value) or [Thing(Any)]
            made = [Thing(dict[key[0].of, it.of]) for it in value]  # type: ignore[name-defined]
        else:
            made = [Thing(list[it.of]) for it in self.infer(node.elt) if not it.itself]  # type: ignore[name-defined]
        self.scopes.pop()
        return made
