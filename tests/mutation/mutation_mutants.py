"""Mutants: copies of a module with one mistake each, as a tired programmer would make them."""

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
UNTOLD = {"slots", "frozen"}
"""Arguments of a dataclass that no caller can hear; mypy holds what they promise."""

_QUANTITY = re.compile(r"(?<!\\)\{[0-9]+(?:,[0-9]*)?\}|(?<![\\(|])[?+*](?![?+*])")


@dataclass(frozen=True)
class Mutant:
    """One mistake: where it is (`scope` as a qualified name, `line` of the module), and the whole text.

    `name` is its name in the list of mutants that nobody can tell apart.
    """

    name: str
    scope: str
    line: int
    written_line: int
    before: str
    after: str
    text: str


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many letters, or lines, two texts begin with alike."""
    most = min(len(one), len(other))
    return next((at for at in range(most) if one[at] != other[at]), most)


@dataclass(frozen=True)
class _Place:
    """A node that can be exchanged: in `owner`'s field, at `index` where that holds a list.

    `statement` is the one of the module's own that it belongs to.
    """

    owner: ast.AST
    field: str
    index: int | None
    node: ast.AST
    scope: str
    statement: int

    def exchange(self, tree: ast.Module, new: ast.AST) -> str:
        """Give the text of the module's statement with `new` here."""
        held = getattr(self.owner, self.field)
        mistaken = new if self.index is None else [*held[: self.index], new, *held[self.index + 1 :]]
        setattr(self.owner, self.field, mistaken)
        text = ast.unparse(tree.body[self.statement])
        setattr(self.owner, self.field, held)
        return text


def plain(source: str) -> str:
    """A module as mutants of it are written: without comments, a statement a line."""
    return _joined(_statements_of(ast.parse(source)))


def _statements_of(tree: ast.Module) -> list[str]:
    return [ast.unparse(statement) for statement in tree.body]


def _joined(statements: Sequence[str]) -> str:
    return "\n".join(statements) + "\n"


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines; each text is made once."""
    written = plain(source)
    tree, seen = ast.parse(written), {written}
    statements = _statements_of(tree)  # a mistake writes only one of them anew: a module takes long
    lines = {id(new): old for old, new in zip(ast.walk(ast.parse(source)), ast.walk(tree), strict=True)}
    names = Counter[str]()
    for place in _places(tree, "module"):
        for new in _changes(place):
            changed = {place.statement: place.exchange(tree, new)}
            text = _joined([changed.get(at, one) for at, one in enumerate(statements)])
            if text not in seen:
                seen.add(text)
                here, real = place.node, lines[id(place.node)]
                before, after = _difference(written, text)
                name = f"{place.scope.rpartition('.')[2]}: {mistake(place, new)}"
                names[name] += 1
                name += f" ({names[name]})" if names[name] > 1 else ""
                yield Mutant(name, place.scope, real.lineno, here.lineno, before, after, text)  # type: ignore[attr-defined]


def mistake(place: _Place, new: ast.AST) -> str:
    """Show a mistake without the code around it and without what it leaves as it was, which is `_`.

    So the name of a mutant outlives every change but that of its own expression.
    """
    old = place.node
    if isinstance(old, ast.Constant | ast.Name) and isinstance(place.owner, ast.expr | ast.keyword):
        held = getattr(place.owner, place.field)
        changed = new if place.index is None else [*held[: place.index], new, *held[place.index + 1 :]]
        old, new = place.owner, copy.copy(place.owner)
        setattr(new, place.field, changed)
    before, after = _without_what_is_alike(old, new)
    return f"{ast.unparse(before)} => {ast.unparse(after)}".replace("\n", " ")


def _without_what_is_alike(one: ast.AST, other: ast.AST) -> tuple[ast.AST, ast.AST]:
    """Copies of two nodes; where a part is the same in both, an expression becomes `_`."""
    if type(one) is not type(other):
        return one, other
    one, other = copy.copy(one), copy.copy(other)
    for field, mine in ast.iter_fields(one):
        theirs = getattr(other, field)
        if isinstance(mine, ast.expr) and isinstance(theirs, ast.expr):
            parts = _parts(mine, theirs)
            setattr(one, field, parts[0])
            setattr(other, field, parts[1])
        elif isinstance(mine, list) and isinstance(theirs, list):
            setattr(one, field, [_blank(part, theirs) for part in mine])
            setattr(other, field, [_blank(part, mine) for part in theirs])
    return one, other


def _parts(mine: ast.expr, theirs: ast.expr) -> tuple[ast.AST, ast.AST]:
    if ast.dump(mine) != ast.dump(theirs):
        return mine, theirs
    if isinstance(mine, ast.Attribute):  # what is called stays readable
        named = ast.Attribute(ast.Name("_"), mine.attr)
        return named, named
    return (mine, mine) if isinstance(mine, ast.Name) else (ast.Name("_"), ast.Name("_"))


def _blank(part: Any, others: list[Any]) -> Any:  # noqa: ANN401 - nodes, or names of global variables
    """`_` in place of a part that the other node has too."""
    alike = [ast.dump(other) for other in others if isinstance(other, ast.AST)]
    if not isinstance(part, ast.AST) or ast.dump(part) not in alike:
        return part
    match part:
        case ast.keyword(arg=arg):
            return ast.keyword(arg, ast.Name("_"))
        case ast.expr():
            return ast.Name("_")
        case ast.stmt():
            return ast.Expr(ast.Name("_"))
    return part


def _difference(old: str, new: str) -> tuple[str, str]:
    """The lines that are not the same, those before and after them left out."""
    olds, news = old.splitlines(), new.splitlines()
    start = _alike(olds, news)
    end = _alike(olds[start:][::-1], news[start:][::-1])
    kept = (lines[start : len(lines) - end] for lines in (olds, news))
    before, after = (" ".join(line.strip() for line in lines) for lines in kept)
    return before, after


def _places(owner: ast.AST, scope: str, statement: int = -1) -> Iterator[_Place]:
    if isinstance(owner, ast.FunctionDef | ast.ClassDef):
        scope = owner.name if scope == "module" else f"{scope}.{owner.name}"
    for field, held in ast.iter_fields(owner):
        for index, node in enumerate(held) if isinstance(held, list) else [(None, held)]:
            if isinstance(node, ast.AST) and not _passed_over(owner, field, node):
                within = index if isinstance(owner, ast.Module) and index is not None else statement
                if hasattr(node, "lineno"):
                    yield _Place(owner, field, index, node, scope, within)
                yield from _places(node, scope, within)


def _passed_over(owner: ast.AST, field: str, node: ast.AST) -> bool:
    """Types, docstrings, errors' words and flow tables: mypy, readers and `make check` judge those."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return True
        case ast.keyword(arg=arg) if arg in UNTOLD:
            return True
        case ast.Call(func=ast.Name(id="TypeVar")):
            return True
        case ast.ClassDef(bases=bases):
            return any(isinstance(base, ast.Name) and base.id in ("Flow", "Protocol") for base in bases)
        case ast.Constant() | ast.JoinedStr() if isinstance(owner, ast.Call) and field == "args":
            return _is_error(owner.func)
    return field in ("annotation", "returns") or (field == "slice" and _is_type(owner))


def _is_type(owner: ast.AST) -> bool:
    """Whether `owner[...]` is a type; what `Annotated` adds to one is no type but a rule."""
    name = owner.value.id if isinstance(owner, ast.Subscript) and isinstance(owner.value, ast.Name) else ""
    return name != "Annotated" and (name[:1].isupper() or name in ("dict", "list", "set", "tuple", "type"))


def _is_error(function: ast.expr) -> bool:
    words = ("Error", "Refused", "Problem")
    return isinstance(function, ast.Name) and function.id.endswith(words)


def _changes(place: _Place) -> Iterator[ast.AST]:
    for change in CHANGES:
        yield from change(place)


def _operators(place: _Place) -> Iterator[ast.AST]:
    match place.node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for at, operator in enumerate(ops):
                swapped = [*ops[:at], SWAPPED[type(operator)](), *ops[at + 1 :]]
                yield ast.Compare(left, swapped, others)
        case ast.BoolOp(op=operator, values=values):
            yield ast.BoolOp(SWAPPED[type(operator)](), values)
            for at in range(len(values)):
                rest = [*values[:at], *values[at + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in SWAPPED:
            yield ast.BinOp(left, SWAPPED[type(operator)](), right)
        case ast.AugAssign(target=target, op=operator, value=value) if type(operator) in SWAPPED:
            yield ast.AugAssign(target, SWAPPED[type(operator)](), value)
        case ast.UnaryOp(operand=operand):
            yield operand


def _constants(place: _Place) -> Iterator[ast.AST]:
    in_text = isinstance(place.owner, ast.JoinedStr | ast.FormattedValue)
    match place.node.value if isinstance(place.node, ast.Constant) and not in_text else None:
        case bool(value):
            yield ast.Constant(not value)
        case int(value) | float(value):
            yield ast.Constant(value + 1)
            if value:
                yield ast.Constant(value - 1)
        case str(value) if _is_pattern(place):
            yield from (ast.Constant(pattern) for pattern in _patterns(value))
        case str(value):
            yield ast.Constant(f"XX{value}")
        case bytes(value):
            yield ast.Constant(b"XX" + value)


def _is_pattern(place: _Place) -> bool:
    names = ast.unparse(place.owner.func) if isinstance(place.owner, ast.Call) else ""
    return names.startswith("re.")


def _patterns(pattern: str) -> Iterator[str]:
    """A pattern with one bound moved, or one `?`, `+` or `*` gone; not within its own comments."""
    for found in _QUANTITY.finditer(pattern):
        start, end = found.span()
        comment = "#" in pattern[pattern.rfind("\n", 0, start) + 1 : start].replace("[", " ", 1)
        if found[0][0] == "{":
            for number in re.finditer("[0-9]+", found[0]):
                moved = f"{found[0][: number.start()]}{int(number[0]) + 1}{found[0][number.end() :]}"
                yield pattern[:start] + moved + pattern[end:]
        elif not comment and not _in_class(pattern, start):
            yield pattern[:start] + pattern[end:]


def _in_class(pattern: str, at: int) -> bool:
    opened = re.search(r"(?<!\\)\[[^\]]*$", pattern[:at])
    return opened is not None


def _branches(place: _Place) -> Iterator[ast.AST]:
    """A condition that always or never holds."""
    asked = isinstance(place.owner, ast.If | ast.IfExp | ast.While) and place.field == "test"
    if asked or place.field == "ifs":
        yield ast.Constant(value=True)
        if not isinstance(place.owner, ast.While):
            yield ast.Constant(value=False)


def _statements(place: _Place) -> Iterator[ast.AST]:
    match place.node:
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.ExceptHandler(type=kind, name=name) if kind is not None:
            yield ast.ExceptHandler(kind, name, [ast.Raise()])
        case ast.Lambda(args=args, body=body) if not _is_none(body):
            yield ast.Lambda(args, ast.Constant(None))


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _dropped(place: _Place) -> Iterator[ast.AST]:
    """An argument, a part of a collection or a link of a chain that is forgotten."""
    match place.node:
        case ast.Call(func=function, args=args, keywords=keywords):
            for at in range(len(args)) if len(args) + len(keywords) > 1 and _is_lenient(function) else ():
                yield ast.Call(function, [*args[:at], *args[at + 1 :]], keywords)
            for at in range(len(keywords)):
                if keywords[at].arg not in UNTOLD:
                    yield ast.Call(function, args, [*keywords[:at], *keywords[at + 1 :]])
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call):
                yield function.value
        case ast.Tuple(elts=parts, ctx=ast.Load()) | ast.List(elts=parts, ctx=ast.Load()):
            kind = type(place.node)
            for at in range(len(parts)) if len(parts) > 1 else ():
                yield kind([*parts[:at], *parts[at + 1 :]], ast.Load())
        case ast.Dict(keys=keys, values=values):
            for at in range(len(keys)):
                yield ast.Dict([*keys[:at], *keys[at + 1 :]], [*values[:at], *values[at + 1 :]])


def _is_lenient(function: ast.expr) -> bool:
    """Whether an argument can be forgotten without Python itself refusing: in methods and constructors."""
    return isinstance(function, ast.Attribute) or (
        isinstance(function, ast.Name) and function.id[0].isupper()
    )


CHANGES = (_operators, _constants, _branches, _statements, _dropped)
