"""Follows calls as a reader with go-to-definition does: by names and annotations alone, nothing is run."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path

Types = frozenset[str]
NOTHING: Types = frozenset()
PACKAGES = ("bridge", "voice_flows")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Target = tuple[str, str]
"""A class and its method, or a module and its function."""


@dataclass
class Class:
    """A class of the bridge: its bases, its methods, and what its attributes are annotated with."""

    name: str
    module: str
    bases: list[str]
    methods: dict[str, FunctionNode] = field(default_factory=dict)
    attributes: dict[str, ast.expr] = field(default_factory=dict)


@dataclass
class Scope:
    """What the names in a function mean: its module's, and the classes of its parameters and variables."""

    module: str
    types: dict[str, Types]


class Source:
    """The classes and functions of some packages; `walk` gives all that can be reached from one method."""

    def __init__(self, root: Path, files: Iterator[Path]) -> None:
        self.classes: dict[str, list[Class]] = {}
        self.functions: dict[str, dict[str, FunctionNode]] = {}
        self.imports: dict[str, dict[str, Target]] = {}
        for file in files:
            module = ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            tree = ast.parse(file.read_text(encoding="utf-8"))
            self.functions[module] = {node.name: node for node in tree.body if isinstance(node, FunctionNode)}
            self.imports[module] = dict(_imported(tree))
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    self.classes.setdefault(node.name, []).append(_class(node, module))

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

    def walk(self, start: Target) -> dict[Target, Target | None]:
        """Everything that `start` refers to, directly or not, with who referred to it."""
        reached: dict[Target, Target | None] = {start: None}
        todo = [start]
        while todo:
            here = todo.pop(0)
            for target in self._referred(here):
                if target not in reached:
                    reached[target] = here
                    todo.append(target)
        return reached

    def unknown(self, here: Target) -> set[str]:
        """Names of these packages that `here` calls and no definition is found for."""
        found = self._definition(here)
        if found is None:
            return set()
        function, scope = found
        calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
        names = {func.id for func in calls if isinstance(func, ast.Name)} & self.imports[scope.module].keys()
        return {name for name in names if not self._function(scope.module, name) and name not in self.classes}

    def _definition(self, here: Target) -> tuple[FunctionNode, Scope] | None:
        """The one function that a target names, with what the names in it mean."""
        owner, name = here
        if (function := self.functions.get(owner, {}).get(name)) is not None:
            return function, self._scope(function, owner)
        for one in self.classes.get(owner, []):
            if (found := self._inherited(one, name)) is not None:
                module, function = found
                return function, self._scope(function, module, owner)
        return None

    def _function(self, module: str, name: str) -> Target | None:
        """Where the function is defined that a module calls so: there, or where it imports it from."""
        if name in self.functions.get(module, {}):
            return module, name
        imported = self.imports.get(module, {}).get(name)
        return self._function(*imported) if imported else None

    def _referred(self, here: Target) -> Iterator[Target]:
        found = self._definition(here)
        if found is None:
            return
        function, scope = found
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute):
                for kind in self._concrete(self._type(node.value, scope)):
                    if self._method(kind, node.attr):
                        yield kind, node.attr
                # A function of a module that is imported as a whole.
                if isinstance(node.value, ast.Name):
                    module = ".".join(self.imports[scope.module].get(node.value.id, ("", "")))
                    if node.attr in self.functions.get(module, {}):
                        yield module, node.attr
            elif isinstance(node, ast.Name) and node.id not in scope.types:
                target = self._function(scope.module, node.id)
                yield from [target] if target else []

    def _concrete(self, kinds: Types) -> Iterator[str]:
        for kind in kinds:
            yield from self.implementations.get(kind, [kind])

    def _method(self, kind: str, name: str) -> FunctionNode | None:
        found = (self._inherited(one, name) for one in self.classes.get(kind, []))
        return next((method for each in found if each for _, method in [each]), None)

    def _inherited(self, one: Class, name: str) -> tuple[str, FunctionNode] | None:
        """The method of a class or of its bases, with the module in which it stands."""
        if name in one.methods:
            return one.module, one.methods[name]
        bases = (base for each in one.bases for base in self.classes.get(each, []))
        return next(filter(None, (self._inherited(base, name) for base in bases)), None)

    def _scope(self, function: FunctionNode, module: str, owner: str = "") -> Scope:
        scope = Scope(module, self._annotated(function))
        scope.types["self"] = frozenset({owner}) if owner else NOTHING
        for node in ast.walk(function):
            for name, value in _assigned(node):
                scope.types[name] = self._type(value, scope) or scope.types.get(name, NOTHING)
        return scope

    def _type(self, node: ast.expr, scope: Scope) -> Types:
        match node:
            case ast.Name(id=name):
                return scope.types.get(name, NOTHING)
            case ast.Attribute(value=value, attr=attr):
                owners = self._type(value, scope)
                return frozenset(chain(*(self._attribute(owner, attr) for owner in self._concrete(owners))))
            case ast.Call(func=ast.Name(id=name)) if name in self.classes:
                return frozenset({name})
            case ast.Call(func=ast.Name(id=name)):
                made = self._function(scope.module, name)
                return self._named(self.functions[made[0]][made[1]].returns) if made else NOTHING
            case ast.Call(func=ast.Attribute() as method):
                return self._type(method, scope)
            case _:
                return NOTHING

    def _attribute(self, owner: str, attr: str) -> Types:
        """The classes that an attribute, or what a method gives, is annotated with."""
        if (method := self._method(owner, attr)) is not None:
            return self._named(method.returns)
        for one in self.classes.get(owner, []):
            if attr in one.attributes:
                annotation = one.attributes[attr]
                return self._named(annotation) or self._type(
                    annotation, Scope(one.module, self._parameters(one))
                )
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


def _imported(tree: ast.Module) -> Iterator[tuple[str, Target]]:
    """The names that a module imports of these packages, each with where it comes from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES:
            for alias in node.names:
                yield alias.asname or alias.name, (node.module or "", alias.name)


def _class(node: ast.ClassDef, module: str) -> Class:
    made = Class(node.name, module, [base.id for base in node.bases if isinstance(base, ast.Name)])
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
