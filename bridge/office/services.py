"""What the line does besides reading out facts: it connects people, takes messages, sends and notes."""

from datetime import time
from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bridge.office.fields import (
    Code,
    Configuration,
    Login,
    Name,
    Part,
    SipAddress,
    Template,
)
from bridge.office.hours import Opening, Stretch

CallerWish = Literal["balance", "link", "faq", "copy"]


class Transfer(Part):
    """How a caller is connected to a person.

    `manager`: the file's own manager is rung first, if the office's numbers hold theirs. `whisper`: whoever
    picks up hears what it is about and presses 1. `timeout` is how long it rings, in seconds. `sip` is rung
    in place of the switchboard's number, with the file's id in a header. `screen_user` is the Tagor login
    whose screen shows the file when the switchboard is rung.
    """

    manager: bool = True
    whisper: bool = True
    timeout: int = Field(25, ge=5, le=60)
    sip: SipAddress = ""
    screen_user: Login = ""


class Voicemail(Part):
    """How a recorded message is taken and where it goes.

    `longest` is in seconds. Callers are told that it is kept `days` days. On a file it is kept as a message
    with the sound, or as an attachment. What belongs to no file goes to the Tagor receiver `box`, if there
    is one. `format` is the sound's, as the provider hands it out.
    """

    longest: int = Field(120, ge=10, le=120)
    days: int = Field(30, ge=1, le=365)
    keep: Literal["message", "attachment"] = "message"
    box: Name = ""
    format: Literal["wav"] = "wav"


class Callbacks(Part):
    """When callers are promised a call, and the Tagor login `user` in whose agenda the promise stands."""

    user: Login = ""
    morning: Stretch = Opening(time(9), time(12))
    afternoon: Stretch = Opening(time(13, 30), time(17))

    @model_validator(mode="after")
    def _one_after_the_other(self) -> Self:
        if self.morning.end > self.afternoon.start:
            raise ValueError("needs a morning that ends before its afternoon starts")
        return self


class SendCodes(Part):
    """Tagor's template codes for one thing that is sent; "" where it does not go by text, or not by mail."""

    sms: Template = ""
    mail: Template = ""

    def __bool__(self) -> bool:
        return bool(self.sms or self.mail)

    @model_validator(mode="before")
    @classmethod
    def _some(cls, entries: object) -> object:
        if not isinstance(entries, dict) or not entries:
            raise ValueError('must be written like { sms = "CODE", mail = "CODE" }, or with one of the two')
        return entries


_NOT_SENT = SendCodes.model_construct()


class Messages(Part):
    """What may be sent to a caller; a copy of the file only where Tagor allows `copy_config` on that file.

    `through` says which of Tagor's two families of endpoints sends; None leaves it to Tagor's generation.
    """

    balance: SendCodes = _NOT_SENT
    link: SendCodes = _NOT_SENT
    faq: SendCodes = _NOT_SENT
    copy_config: Configuration | None = None
    file_copy: SendCodes = Field(_NOT_SENT, alias="copy")
    through: Literal["actions", "service"] | None = None

    def codes(self, wish: CallerWish) -> SendCodes:
        """The codes under which `wish` is sent; False when the office does not send it."""
        return {"balance": self.balance, "link": self.link, "faq": self.faq, "copy": self.file_copy}[wish]

    @field_validator("file_copy")
    @classmethod
    def _where_allowed(cls, codes: SendCodes, info: ValidationInfo) -> SendCodes:
        if info.data.get("copy_config", "slipped") is None:
            raise ValueError("needs copy_config besides it: a copy is sent only where Tagor allows that")
        return codes


class Notes(Part):
    """Whether every identified call leaves a line on its file, and Tagor's own codes for that line."""

    on: bool = True
    info_kind: Code = ""
    info_definition: Code = ""
