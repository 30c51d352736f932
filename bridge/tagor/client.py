"""The bridge's Tagor: typed questions in, facts in the bridge's own words out."""

import copy
import time
from decimal import Decimal
from typing import Self, TypeVar

from bridge.tagor import callers, files, office
from bridge.tagor.credentials import ClientLogin, Credential
from bridge.tagor.deadline import Clock, Deadline
from bridge.tagor.errors import TagorBroken
from bridge.tagor.login import Badge, FixedBadge, Grant, TokenBadge
from bridge.tagor.models import (
    CallerHint,
    FileFacts,
    Generation,
    Miss,
    OfficeFacts,
    Ping,
    ProvenFile,
    Reference,
    RunningPlan,
)
from bridge.tagor.operation import Effect, Operation
from bridge.tagor.reply import Reply
from bridge.tagor.syntax import checked
from bridge.tagor.wire import Wire

R = TypeVar("R")

MOST_DEFENDANTS = 99
"""Defendants of one file that a reference can tell apart."""

_EXPIRED = 401


class Tagor:
    """One office's Tagor; make one per worker process, any thread may use it.

    Every question takes a `deadline` that holds for all that is sent for it, and raises one of

        TagorUnreachable: no usable answer by then;
        TagorRefused: Tagor said no, or did not accept the credential;
        TagorBroken: the answer is not what the contract says;
        ValueError: what is asked cannot be sent; the text names the argument, never its value.

    Args:
        base_url: the office's own, as in `https://tagor.example.be/v1/web`.
        credential: who asks.
        ca_file: a PEM file with the only authority to trust, or None for the public ones.
        pool: connections kept open; as many as there are threads.
        allow_http: whether `http:` is allowed to this machine itself (demo, tests).
        clock: seconds that only go up; a token's life is counted on it.
        max_bytes: the longest answer that is read.
    """

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        *,
        ca_file: str | None = None,
        pool: int = 64,
        allow_http: bool = False,
        clock: Clock = time.monotonic,
        max_bytes: int = 1 << 20,
    ) -> None:
        self._wire = Wire(base_url, ca_file=ca_file, pool=pool, allow_http=allow_http, max_bytes=max_bytes)
        self._clock = clock
        self._badge = self._badge_for(credential)

    def acting_as(self, credential: Credential) -> Self:
        """Return a Tagor over the same connections that asks as someone else, say a defendant."""
        other = copy.copy(self)
        other._badge = other._badge_for(credential)  # noqa: SLF001 - a copy of ourselves
        return other

    def close(self) -> None:
        """Close the kept connections, also those of every `acting_as`."""
        self._wire.close()

    # The office and its Tagor

    def ping(self, *, deadline: Deadline) -> Ping:
        """Ask what is up; leaves nothing behind and shows no credential."""
        return self._ask(office.CONFIG_PING, deadline)

    def generation(self, *, deadline: Deadline) -> Generation:
        """Ask which generation of the interface the office runs."""
        try:
            told = self._ask(office.CONFIG_VERSION, deadline)
        except TagorBroken:
            told = None  # an office may answer to `Config/Info` only, the one way its vendor describes
        told = told or self._ask(office.CONFIG_INFO_VERSION, deadline)
        if told is None:
            raise TagorBroken(
                office.CONFIG_INFO.path, "Tagor does not tell its version: check the credential."
            )
        return told

    def office(self, *, deadline: Deadline) -> OfficeFacts:
        """Ask for the office's name, address and account."""
        return self._ask(office.CONFIG_INFO, deadline)

    def office_open(self, file: str | None = None, *, deadline: Deadline) -> bool:
        """Ask whether an employee is there now, for this kind of file (id) or for the office as such."""
        value = None if file is None else checked("the file id", file)
        return self._ask(office.KANTOOR_OPEN, deadline, value)

    # Who is calling

    def caller(self, number: str, *, deadline: Deadline) -> CallerHint | None:
        """Ask which defendant an E.164 number may belong to; None for a client, anybody else or nobody."""
        return self._ask(callers.CLIP_TO_FILE, deadline, checked("the phone number", number))

    def file_by_pin(self, name: str, pin: str, *, deadline: Deadline) -> ProvenFile | None:
        """Ask which file a name and a PIN open together; None says no more than that they do not."""
        values = checked("the file name", name), checked("the PIN", pin)
        return self._ask(callers.PIN_TO_FILE, deadline, *values)

    def file_by_reference(
        self, reference: str, index: int | None = None, *, deadline: Deadline
    ) -> Reference | Miss:
        """Ask which file a letter's reference means; `index` (1 is the first) names one of its defendants."""
        if index is not None and not 1 <= index <= MOST_DEFENDANTS:
            raise ValueError("The index cannot be sent to Tagor: it counts defendants from 1.")
        meant = checked("the reference", reference) + ("" if index is None else f"|{index}")
        return self._ask(callers.GET_VOXTRON_REFERENTIE, deadline, meant)

    def defendant_by_house_number(self, file: str, house_number: str, *, deadline: Deadline) -> int | None:
        """Ask which defendant of a file (id) lives at a house number; 1 is the first."""
        values = checked("the file id", file), checked("the house number", house_number)
        return self._ask(callers.GET_VOXTRON_VERW_BY_HUIS_NR, deadline, *values)

    def pin_opens(self, file: str, pin: str, *, deadline: Deadline) -> bool:
        """Ask whether a PIN belongs to a file (id)."""
        values = checked("the file id", file), checked("the PIN", pin)
        return self._ask(callers.GET_VOXTRON_VERW_BY_PIN, deadline, *values)

    # What the caller may hear about a file

    def file_facts(self, file: str, party: str, *, deadline: Deadline) -> FileFacts:
        """Ask what is known about a file (id), as seen by one of its defendants (id)."""
        values = checked("the file id", file), checked("the party id", party)
        return self._ask(files.GET_DOS_INFO, deadline, *values)

    def balance(self, file: str, *, deadline: Deadline) -> Decimal:
        """Ask what is owed on a file (id), in euro; below zero is credit. Leaves a note on the file."""
        return self._ask(files.GET_SALDO, deadline, checked("the file id", file))

    def running_plan(self, file: str, *, deadline: Deadline) -> RunningPlan | None:
        """Ask for the payment plan that runs on a file (id), None if there is none."""
        return self._ask(files.PAYMENT_INFO, deadline, checked("the file id", file))

    # How it is asked

    def _ask(self, operation: Operation[R], deadline: Deadline, *values: str | None) -> R:
        body = operation.body(*values)
        shown = self._badge.show(deadline) if operation.signed else None
        reply = self._send(operation, body, shown, deadline)
        if (
            reply.status == _EXPIRED
            and shown
            and self._badge.drop(shown)
            and operation.effect is Effect.NOTHING
        ):
            reply = self._send(operation, body, self._badge.show(deadline), deadline)
        return operation.answer(reply)

    def _send(self, operation: Operation[R], body: bytes, shown: str | None, deadline: Deadline) -> Reply:
        return self._wire.post(
            operation.path,
            body,
            deadline=deadline,
            content_type=operation.content_type,
            authorization=shown,
            again=operation.effect is not Effect.CHANGE,
        )

    def _badge_for(self, credential: Credential) -> Badge:
        if not isinstance(credential, ClientLogin):
            return FixedBadge(credential.authorization)

        def log_in(deadline: Deadline) -> Grant:
            secrets = credential.client_id, credential.client_secret
            return self._ask(office.LOGIN_TOKEN, deadline, "client_credentials", *secrets)

        return TokenBadge(log_in, self._clock)
