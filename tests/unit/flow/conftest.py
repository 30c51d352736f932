"""Flows as an author would write them: a module on disk, imported, and the sentences that refuse it."""

import importlib.util
import linecache
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from textwrap import dedent, indent
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours

from flow_caller import BALANCE, HOUSE, IDENTIFY, KEYS, NOW, SUB, Caller

from bridge.flow import FlowError, IdentifiedFile
from bridge.flow.engine import Engine
from bridge.flow.graph import FlowGraph
from bridge.problem import Problem

Load = Callable[[str], ModuleType]
Mistakes = Callable[..., list[str]]

FILE = IdentifiedFile("9000000000000001706", "2026-17", "41", "pin")

PRELUDE = """\
from typing import Literal
from bridge.flow import *
from bridge.flow.graph import FlowGraph

def ask_office(context) -> Literal["open", "closed"]:
    ...

@proves("right")
def try_pin(context, pin: str) -> Literal["right", "wrong"]:
    ...

@tells("owed", owed="money")
def ask_balance(context, file: IdentifiedFile) -> Literal["owed", "settled"]:
    ...

def agree(context, file: IdentifiedFile) -> Literal["done", "refused", "unclear"]:
    ...

@tells(terms="money")
def propose(context) -> Literal["terms"]:
    ...

@tells("done", "as_confirmed", made="money")
@echoes(made="terms")
def request(context, file: IdentifiedFile, terms: str) -> Literal[
    "done", "as_confirmed", "refused", "unclear"
]:
    ...

"""
TAIL = """
desk = transfer(to="switchboard", answered="bye", unanswered="bye")
bye  = hangup()
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Import a module of flows from a file of its own; a few actions are there already."""

    def load(text: str) -> ModuleType:
        path = tmp_path / "flows.py"
        path.write_text(PRELUDE + dedent(text))
        linecache.checkcache(str(path))
        spec = importlib.util.spec_from_file_location("flows", path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def joined(load: Load) -> Callable[..., FlowGraph]:
    """Join the flow `Call`, made of these steps, a switchboard (`desk`) and a goodbye (`bye`)."""

    def join(steps: str, *, before: str = "", anytime: str = '{"0": "desk"}', given: str = "{}") -> FlowGraph:
        head = f"class Call(Flow, anytime={anytime}, given={given}):\n"
        return FlowGraph(load(dedent(before) + head + indent(dedent(steps) + TAIL, "    ")).Call)

    return join


@pytest.fixture
def mistakes(joined: Callable[..., FlowGraph]) -> Mistakes:
    """Give the sentences that refuse `Call`; each must name the line its step or table is written on."""

    def mistakes(steps: str, **options: str) -> list[str]:
        with pytest.raises(FlowError) as refused:
            joined(steps, **options)
        for problem in refused.value.problems:
            assert_named_on_its_line(problem)
        return [problem.sentence for problem in refused.value.problems]

    return mistakes


def assert_named_on_its_line(problem: Problem) -> None:
    named, _, _ = problem.sentence.partition(": ")
    flow, _, step = named.partition(".")
    wanted = rf"    {step} *= " if step else rf"class {flow}\("
    assert re.match(wanted, linecache.getline(problem.file, problem.line)), str(problem)


@pytest.fixture
def caller(joined: Callable[..., FlowGraph]) -> Callable[..., Caller]:
    """Give a caller of the flow `Call` with these steps."""

    def ring(steps: str, **options: str) -> Caller:
        return Caller(Engine(joined(steps, **options)))

    return ring


@pytest.fixture
def house(caller: Callable[..., Caller]) -> Caller:
    """Give a caller who has just heard the menu of a small house."""
    return caller(HOUSE, before=SUB, anytime=KEYS).rings()


@pytest.fixture
def debtor(caller: Callable[..., Caller]) -> Caller:
    """Give a caller who is asked for the PIN."""
    return caller(BALANCE, before=IDENTIFY).rings()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def file() -> IdentifiedFile:
    return FILE
