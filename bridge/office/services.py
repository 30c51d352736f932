"""Holds an office's rules for transfers, voicemail, call-backs, messages and notes."""

from datetime import date, time
from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from bridge.office.fields import (
    Code,
    Configuration,
    Login,
    Name,
    OfficePart,
    SipAddress,
    Template,
    Text,
)
from bridge.office.hours import DayPeriod, Period

CallerWish = Literal["balance", "link", "faq", "copy", "statement"]


class TransferRules(OfficePart):
    """How a caller is connected to a person."""

    manager: bool = True
    """Whether the file's own manager is rung first, if the office's numbers hold theirs."""
    whisper: bool = True
    """Whether whoever picks up first hears what it is about and presses 1 to take the call."""
    timeout: int = Field(25, ge=5, le=60)
    """How many seconds it rings."""
    sip: SipAddress = ""
    """The address to ring in place of the switchboard's number, with the file's id in a header."""
    screen_user: Login = ""
    """The Tagor login whose screen shows the file when the switchboard is rung."""


class VoicemailRules(OfficePart):
    """How a recorded message is taken and where it goes."""

    longest: int = Field(120, ge=10, le=120)
    """How many seconds a caller may speak."""
    days: int = Field(30, ge=1, le=365)
    """How many days the message is kept, as callers are told."""
    keep: Literal["message", "attachment"] = "message"
    """Whether it is kept on the file as a message with the sound, or as an attachment."""
    box: Name = ""
    """The receiver in Tagor of messages that belong to no file; "" if there is none."""
    format: Literal["wav"] = "wav"
    """The sound's format, as the provider hands it out."""


class CallbackRules(OfficePart):
    """When callers are promised a call-back, and in whose agenda the promise stands."""

    user: Login = ""
    """The Tagor login in whose agenda the promise stands."""
    morning: Period = DayPeriod(time(9), time(12))
    """The first part of a day for which a call-back is promised; the office's hours still count."""
    afternoon: Period = DayPeriod(time(13, 30), time(17))
    """The second part of a day for which a call-back is promised; the office's hours still count."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.morning.minutes[1] > self.afternoon.minutes[0]:
            raise ValueError("needs a morning that ends before its afternoon starts")
        return self


class SendCodes(OfficePart):
    """The codes of Tagor's templates for one thing that can be sent; "" where it does not go that way."""

    sms: Template = ""
    """The code of the template that goes as a text message."""
    mail: Template = ""
    """The code of the template that goes by mail."""

    def __bool__(self) -> bool:
        return bool(self.sms or self.mail)

    @model_validator(mode="before")
    @classmethod
    def _check_some(cls, entries: object) -> object:
        if not isinstance(entries, dict) or not entries:
            raise ValueError('must be written like { sms = "CODE", mail = "CODE" }, or with one of the two')
        return entries


# Past the validation, which takes no part of a file without any code.
_NOT_SENT = SendCodes.model_construct()


class MessageRules(OfficePart):
    """What callers may have sent to them."""

    balance: SendCodes = _NOT_SENT
    """What is owed, and the account to pay it to."""
    link: SendCodes = _NOT_SENT
    """A link to pay online."""
    faq: SendCodes = _NOT_SENT
    """Answers to questions that are often asked."""
    statement: SendCodes = _NOT_SENT
    """How the amount is made up: the template holds Tagor's mergefield `M_1000`."""
    copy_config: Configuration | None = None
    """The configuration that Tagor must allow on a file before a copy of it is sent."""
    file_copy: SendCodes = Field(_NOT_SENT, alias="copy")
    """A copy of the file."""
    through: Literal["actions", "service"] | None = None
    """Which of Tagor's two families of endpoints sends; without it Tagor's generation decides."""

    def codes(self, wish: CallerWish) -> SendCodes:
        """Return the codes under which `wish` is sent; they are false when the office does not send it."""
        sent = {"balance": self.balance, "link": self.link, "faq": self.faq}
        return (sent | {"copy": self.file_copy, "statement": self.statement})[wish]

    @field_validator("file_copy")
    @classmethod
    def _check_configuration(cls, codes: SendCodes, info: ValidationInfo) -> SendCodes:
        if info.data.get("copy_config", "slipped") is None:
            raise ValueError("needs copy_config besides it: a copy is sent only where Tagor allows that")
        return codes


class PlannedRules(OfficePart):
    """What callers hear of what is planned on their file; nothing until the office names what is public."""

    public: tuple[Text, ...] = ()
    """Tagor's codes (`TJOBM`) of what callers are told by its name, day and time; nothing else ever is."""
    over: tuple[Text, ...] = ()
    """Tagor's codes (`TQSTATUS`) of entries that were done or called off: those are not told."""


class PaymentRules(OfficePart):
    """What callers hear of payments that Tagor tells only line by line; nothing without `natures`."""

    natures: tuple[Text, ...] = ()
    """Tagor's codes (`TQAARD`) of lines that are a defendant's payments, which no line says by itself."""
    note_kind: Code = ""
    """Tagor's own code of a note at such a line."""


class Questions(OfficePart):
    """Which questionnaire of Tagor's is asked in each language; "" where the office has none in it."""

    nl: Code = ""
    """Tagor's id of the questionnaire in Dutch."""
    fr: Code = ""
    """Tagor's id of the questionnaire in French."""
    de: Code = ""
    """Tagor's id of the questionnaire in German."""
    en: Code = ""
    """Tagor's id of the questionnaire in English."""

    def in_language(self, language: str) -> str:
        """Return the questionnaire in a language, "" if there is none."""
        return {"nl": self.nl, "fr": self.fr, "de": self.de, "en": self.en}.get(language, "")

    def __bool__(self) -> bool:
        return any((self.nl, self.fr, self.de, self.en))


class SituationRules(OfficePart):
    """What callers who proved their party hear of themselves, and may have noted."""

    address: bool = False
    """Whether they hear which address is on file, by its street and a figure, and may say that it changed."""
    mobile: bool = False
    """Whether they may register a Belgian mobile as a contact."""
    mobile_kind: Code = ""
    """Tagor's own code of a contact that is a mobile."""
    questions: Questions = Questions()
    """The office's questions about their means, asked one by one and saved in Tagor."""


class OtherFileRules(OfficePart):
    """What a caller whose PIN proved a party learns of that party's other files."""

    told: bool = False
    """Whether they hear how many there are, and their numbers."""
    open: bool = False
    """Whether the PIN of one file opens the others; it stands only with who accepts that, and since when."""
    accepted_by: Text | None = None
    """Who accepts the risk of files that open without their own PIN."""
    accepted_on: date | None = None
    """When that was accepted."""

    @model_validator(mode="after")
    def _check_acceptance(self) -> Self:
        if self.open and not (self.told and self.accepted_by and self.accepted_on):
            raise ValueError(
                'opens files without their PIN: write told = true, accepted_by = "who accepts the risk" '
                "and accepted_on = the date"
            )
        return self


class LetterRules(OfficePart):
    """What the office lets callers hear and order of its letters; nothing until it is switched on."""

    messages: bool = False
    """Whether a defendant hears the office's messages that they have not read; then these are marked read."""
    orders: bool = False
    """Whether a defendant may order documents that Tagor lets the line have made, to the address on file."""
    statement: Text = ""
    """Tagor's code (`TDOCM`) of the document that states how the amount is made up; "" if there is none."""
    sent: bool = False
    """Whether a defendant hears which letters (PDF documents) lie on the file, by name and day."""
    correspondence: bool = False
    """Whether what Tagor lists as correspondence is told among them, by its first words and day."""
    slips: bool = False
    """Whether a defendant who keys in the number under a barcode hears what the payment slip asks for; it
    needs `tagor.pin_scheme`."""

    @field_validator("correspondence")
    @classmethod
    def _check_sent(cls, told: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - a field's value
        if told and not info.data.get("sent"):
            raise ValueError("needs sent = true besides it: correspondence is told among the letters")
        return told

    @field_validator("statement")
    @classmethod
    def _check_orders(cls, code: str, info: ValidationInfo) -> str:
        if code and not info.data.get("orders"):
            raise ValueError(
                "needs orders = true besides it: the statement is ordered as other documents are"
            )
        return code


class NoteRules(OfficePart):
    """Whether every identified call leaves a line on its file."""

    on: bool = True
    """Whether a line is written."""
    info_kind: Code = ""
    """Tagor's own code of such a line."""
    info_definition: Code = ""
    """Tagor's own code of the definition of such a line."""
