"""The line under simulation: one or two worker processes over one database, and the office's Tagor."""

import json
import logging
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import bridge.app
import bridge.tagor.wire
import voice_flows
from bridge.app import Clocks, create_app
from bridge.carrier.account import Line as Number
from bridge.carrier.wire import Form, NoAnswer, Post, Reply, wsgi
from bridge.conversation.branch import Branch
from bridge.conversation.decider import Decider
from bridge.conversation.even import EvenTime
from bridge.settings import Settings
from bridge.speech import Catalogue
from bridge.standin import CASES, StandIn
from bridge.store.errors import StoreDown
from bridge.store.migrate import migrate
from simulation_stage import Actors, Killed, Process, Stage
from simulation_store import Trouble, TroubledDatabase
from simulation_tagor import Way

ROOT = Path(__file__).parents[2]
PUBLIC = "https://line.example.be"
SWITCHBOARD = "+3220000010"
ENVIRON = {
    "BRIDGE_DEMO": "1",
    "BRIDGE_PUBLIC_URL": PUBLIC,
    "BRIDGE_SECRET": "the secret of a line that is only ever simulated",
    "BRIDGE_ACCOUNT": "AC" + "0a1b2c3d" * 4,
    "BRIDGE_TOKENS": "3f1e5a7b9c2d4068",
    "BRIDGE_LOG_LEVEL": "ERROR",
    "TAGOR_KEY": "stand-in-api-key",
}
NUMBER = Number(
    voice_url=f"{PUBLIC}/voice",
    account_sid=ENVIRON["BRIDGE_ACCOUNT"],
    auth_token=ENVIRON["BRIDGE_TOKENS"],
    number="+3220000001",
    fallback_url=f"{PUBLIC}/voice/fallback",
    status_url=f"{PUBLIC}/voice/status",
    owned=frozenset({SWITCHBOARD}),
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EVERY, AWAKE = 0.5, 15.0
"""Seconds between two rounds of a settler, and how long one looks after a decision was written down."""

OFFICES = {
    "plain": ({}, {}, {}),
    "guarded": (
        {"replace = true": "replace = false", "# pin_scheme = true": "pin_scheme = true"},
        {"generation": "1.08"},
        {358: "true"},
    ),
}
"""Kinds of office: changes to the demo's file, the stand-in's options, parameters of its Tagor."""

CANARIES = {case.file: f"Kanarie {case.file[::-1].translate(str.maketrans('0123456789', 'abcdefghij'))}" for case in CASES}


class Worker:
    """One process of the bridge, with the settler it runs in the background."""

    def __init__(self, line: "Simulated") -> None:
        self.process = Process(line.stage)
        self._line = line
        with line.put_together(self.process) as made:
            clocks = Clocks(line.now, line.stage.ticks, line.stage.sleep, line.boundary(self.process))
            app = create_app(line.settings, clocks)
        self._made = made
        self.settler = app.extensions["settler"]
        self.post: Post = wsgi(app)
        line.stage.spawn(self.process, self._settle)

    def close(self) -> None:
        """Let go of what a dead process leaves to the system."""
        for one in self._made:
            one.close()

    def reset(self) -> None:
        """Forget what time has been told so far."""
        self.settler._swept = 0.0
        for one in self._made:
            if isinstance(one, EvenTime):
                one._took.clear()
                one._random.seed(0)

    def _settle(self) -> None:
        while True:
            pause = self._line.until_next_look()
            if pause is None:
                self._line.sleepers.append(self._line.stage.here())
            self._line.stage.wait(pause)
            try:
                self.settler.round()
                self.settler.sweep()
            except StoreDown:
                pass


class Simulated:
    """One office's line; `office` is one of `OFFICES`."""
