"""Follows calls as a reader with go-to-definition does: by names and annotations alone, nothing is run."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path

Types = frozenset[str]
NOTHING: Types = frozenset()
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Class:
    """A class of the bridge: its bases, its methods, and what its attributes are annotated with."""

    name: str
    bases: list[str]
    methods: dict[str, FunctionNode] = field(default_factory=dict)
    attributes: dict[str, ast.expr] = field(default_factory=dict)


class Source:
    """The classes and functions of some packages; `walk` gives all that can be reached from one method."""

    def __init__(self, files: Iterator[Path]) -> None:
        self.classes: dict[str, list[Class]] = {}
        self.functions: dict[str, list[FunctionNode]] = {}
        for file in files:
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    self.classes.setdefault(node.name, []).append(_class(node))
                elif isinstance(node, FunctionNode):
                    self.functions.setdefault(node.name, []).append(node)

        for alike in self.classes.values():
            alike.sort(key=lambda one: "Protocol" in one.bases)  # what a protocol promises, another does

    @cached_property
    def implementations(self) -> dict[str, list[str]]:
        """Who is behind a protocol: the classes that name it as a base, else those with all its methods."""
        found = {}
        for name, alike in self.classes.items():
            behind = [self._behind(one) if "Protocol" in one.bases else [name] for one in alike]
            found[name] = sorted(set(chain(*behind)))
        return found

    def _behind(self, protocol: Class) -> list[str]:
        real = [one for each in self.classes.values() for one in each if "Protocol" not in one.bases]
        by_name = [one.name for one in real if protocol.name in one.bases]
        wanted = protocol.methods.keys()
        return by_name or [one.name for one in real if wanted and wanted <= one.methods.keys()]

    def walk(self, start: tuple[str, str]) -> dict[tuple[str, str], tuple[str, str] | None]:
        """Everything that `start` (class, method) refers to, directly or not, with who referred to it."""
        reached: dict[tuple[str, str], tuple[str, str] | None] = {start: None}
        todo = [start]
        while todo:
            here = todo.pop(0)
            for target in self._referred(here):
                if target not in reached:
                    reached[target] = here
                    todo.append(target)
        return reached

    def _referred(self, here: tuple[str, str]) -> Iterator[tuple[str, str]]:
        owner, name = here
        found = self._method(owner, name)
        for function in [found] if found else self.functions.get(name, []) if not owner else []:
            env = self._locals(function, owner)
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute):
                    for kind in self._concrete(self._type(node.value, env)):
                        if self._method(kind, node.attr):
                            yield kind, node.attr
                elif isinstance(node, ast.Name) and node.id in self.functions and node.id not in env:
                    yield "", node.id

    def _concrete(self, kinds: Types) -> Iterator[str]:
        for kind in kinds:
            yield from self.implementations.get(kind, [kind])

    def _method(self, kind: str, name: str) -> FunctionNode | None:
        for one in self.classes.get(kind, []):
            if name in one.methods:
                return one.methods[name]
            for base in one.bases:
                if (inherited := self._method(base, name)) is not None:
                    return inherited
        return None

    def _locals(self, function: FunctionNode, owner: str) -> dict[str, Types]:
        env = self._annotated(function)
        env["self"] = frozenset({owner}) if owner else NOTHING
        for node in ast.walk(function):
            for name, value in _assigned(node):
                env[name] = self._type(value, env) or env.get(name, NOTHING)
        return env

    def _type(self, node: ast.expr, env: dict[str, Types]) -> Types:
        match node:
            case ast.Name(id=name):
                return env.get(name, NOTHING)
            case ast.Attribute(value=value, attr=attr):
                owners = self._type(value, env)
                return frozenset(chain(*(self._attribute(owner, attr) for owner in self._concrete(owners))))
            case ast.Call(func=ast.Name(id=name)) if name in self.classes:
                return frozenset({name})
            case ast.Call(func=ast.Name(id=name)):
                made = self.functions.get(name, [])
                return frozenset(chain(*(self._named(each.returns) for each in made)))
            case ast.Call(func=ast.Attribute() as method):
                return self._type(method, env)
            case _:
                return NOTHING

    def _attribute(self, owner: str, attr: str) -> Types:
        """The classes that an attribute, or what a method gives, is annotated with."""
        if (method := self._method(owner, attr)) is not None:
            return self._named(method.returns)
        for one in self.classes.get(owner, []):
            if attr in one.attributes:
                annotation = one.attributes[attr]
                return self._named(annotation) or self._type(annotation, self._parameters(one))
            for base in one.bases:
                if inherited := self._attribute(base, attr):
                    return inherited
        return NOTHING

    def _parameters(self, owner: Class) -> dict[str, Types]:
        """What the parameters of a class's `__init__` are annotated with."""
        init = owner.methods.get("__init__")
        return {} if init is None else self._annotated(init)

    def _annotated(self, function: FunctionNode) -> dict[str, Types]:
        given = function.args
        each = chain(given.posonlyargs, given.args, given.kwonlyargs)
        return {one.arg: self._named(one.annotation) for one in each}

    def _named(self, annotation: ast.expr | None) -> Types:
        if annotation is None:
            return NOTHING
        if not isinstance(annotation, ast.Name | ast.Attribute | ast.Subscript | ast.BinOp | ast.Constant):
            return NOTHING
        names = set[str]()
        for node in ast.walk(annotation):
            if isinstance(node, ast.Name):
                names.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
        return frozenset(names & self.classes.keys())


def _class(node: ast.ClassDef) -> Class:
    made = Class(node.name, [base.id for base in node.bases if isinstance(base, ast.Name)])
    for part in node.body:
        if isinstance(part, FunctionNode):
            made.methods[part.name] = part
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            made.attributes[part.target.id] = part.annotation
    for method in made.methods.values():
        given = {each.arg: each.annotation for each in chain(method.args.args, method.args.kwonlyargs)}
        for name, value in chain(*(_assigned(inner) for inner in ast.walk(method))):
            if name.startswith("self."):
                known = given.get(value.id) if isinstance(value, ast.Name) else None
                made.attributes.setdefault(name.removeprefix("self."), known or value)
    return made


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names (`x`, `self.x`) that a statement assigns, each with its value."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs += zip(target.elts, node.value.elts, strict=False)
            else:
                pairs.append((target, node.value))
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        pairs.append((node.target, node.value))
    for target, value in pairs:
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            yield f"{target.value.id}.{target.attr}", value
