"""Mutation testing itself: every mistake is a small one, is one Python can run, and is made once."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from mutation_areas import AREAS
from mutation_mutants import mutants, plain
from mutation_run import ALIKE

ROOT = Path(__file__).parents[2]
MODULES = [targets[0].module for targets in AREAS.values()]


def made(source: str) -> set[str]:
    """The lines that mistakes put in the place of those of a module."""
    return {mutant.after for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("source", "mistakes"),
    [
        ("x = a < b", {"x = a <= b"}),
        ("x = a == b", {"x = a != b"}),
        ("x = a in b", {"x = a not in b"}),
        ("x = a + b", {"x = a - b"}),
        ("x = not a", {"x = a"}),
        ("x = a and b", {"x = a or b", "x = a", "x = b"}),
        ("x = 5", {"x = 6", "x = 4"}),
        ("x = 0", {"x = 1"}),
        ("x = True", {"x = False"}),
        ("x = 'a'", {"x = 'XXa'"}),
        ("x = b'a'", {"x = b'XXa'"}),
        ("x = (a, b)", {"x = (b,)", "x = (a,)"}),
        ("x = lambda: a", {"x = lambda: None"}),
        ("x = a(b=c)", {"x = a()"}),
        ("x = a.b(c, d)", {"x = a.b(d)", "x = a.b(c)"}),
        ("x = a.b().c(d)", {"x = a.b()"}),
        ("x = [a for a in b if a]", {"x = [a for a in b if True]", "x = [a for a in b if False]"}),
        ("x = a if b else c", {"x = a if True else c", "x = a if False else c"}),
        ("a.b = c", {"pass"}),
        ("raise a", {"pass"}),
        ("a += b", {"pass", "a -= b"}),
        ("def f():\n    return a", {"return None"}),
        (
            "x = re.compile('a{2,3}b?')",
            {f"x = re.compile('{p}')" for p in ("a{3,3}b?", "a{2,4}b?", "a{2,3}b")},
        ),
    ],
)
def test_a_mistake_of_each_kind_is_made(source: str, mistakes: set[str]):
    """What a line can be got wrong in is got wrong, and in no other way."""
    assert made(source) == mistakes


@pytest.mark.parametrize(
    "source",
    [
        '"""What it is for."""',
        "x: dict[str, int]",
        "def f(x: int | None) -> str | None: ...",
        "import a",
        "from a import b, c",
        "raise ValueError('words')",
        "@dataclass(frozen=True, slots=True)\nclass A:\n    a: int",
        "class A(Flow):\n    a = end()",
    ],
)
def test_what_others_judge_is_left_alone(source: str):
    """Types are mypy's, words a reader's, and flow tables are walked from end to end."""
    assert made(source) <= {"pass"}


@pytest.mark.parametrize("module", MODULES)
def test_every_mutant_is_one_mistake_that_python_can_read(module: str):
    """A mutant differs from its module and from all others, compiles, and is shown where its mistake stands.

    Nothing in the list depends on chance, so that a survivor can be looked for again.
    """
    source = (ROOT / module).read_text()
    every, lines, seen = list(mutants(source)), source.splitlines(), {plain(source)}
    for mutant in every:
        assert mutant.text not in seen
        seen.add(mutant.text)
        compile(mutant.text, module, "exec")
        assert mutant.before != mutant.after
        assert lines[mutant.line - 1].strip()  # a line of the module as its authors know it
    assert len(seen) > 5
    assert [mutant.name for mutant in mutants(source)] == [mutant.name for mutant in every]


def test_what_nobody_can_tell_apart_is_still_there():
    """A line in the list of those mutants names one of today; each has a reason above it."""
    lines = ALIKE.read_text().splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]
    modules = {line.partition(" ")[0] for line in listed}
    names = {
        f"{module} {mutant.name}" for module in modules for mutant in mutants((ROOT / module).read_text())
    }
    assert set(listed) <= names
    assert modules <= {target.module for targets in AREAS.values() for target in targets}
    assert all(before.strip() for before, line in pairwise(lines) if line in listed)


def test_what_judges_a_module_is_there():
    """A test file that was renamed or split would judge nothing any more, without a word."""
    named = {ROOT / "tests" / name for targets in AREAS.values() for one in targets for name in one.tests}
    assert [path for path in named if not path.exists()] == []


def test_a_plain_module_means_the_same():
    """Comments go, and nothing else."""
    source = (ROOT / MODULES[0]).read_text()
    assert ast.dump(ast.parse(plain(source))) == ast.dump(ast.parse(source))
